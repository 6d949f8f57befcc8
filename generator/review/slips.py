"""Slips of templates that show in what was printed: 没有项目支出 beside its amount, a header in 元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.document import HEADER, Cell, Table, text_of
from generator.figures.definitions import DEFINITIONS
from generator.numerals import prose_text
from generator.problems import WARNING, Place, Problem
from generator.review.numbering import numbers_follow
from generator.review.wording import Reviewed

_AMOUNTS = sorted((d.name for d in DEFINITIONS if not d.measure), key=len, reverse=True)
_DENIED = re.compile(rf"没有(?:安排|编列)?({'|'.join(_AMOUNTS)})(?:预算|支出)?(?=[，。；、（\n]|$)")
_FUND_SPENT = {
    "一般公共预算": "一般公共预算支出",
    "政府性基金预算": "政府性基金支出",
    "国有资本经营预算": "国有资本经营预算支出",
}
_NOT_USED = re.compile(rf"[没无]有?使用({'|'.join(_FUND_SPENT)})拨款安排的支出")
_NOT_THIS = "没有安排此项支出"
# （元）, 单位：元, but 单位：元氏县教育局. The rare word comes first, as it is searched for fastest.
_WRITTEN = r"{0}(?:(?<=[（(]{0})[)）]|(?:(?<=单位[：:]{0})|(?<=单位[：:]\s{0}))(?![\u4e00-\u9fff]))"
_OTHER_MEASURE = {
    measure: re.compile(_WRITTEN.format(other))
    for measure, other in (("万元", "元"), ("元", "万元"))
}


def template_slips(reviewed: Reviewed) -> Iterator[Problem]:
    """What is printed, but cannot be meant; at the line of the template that prints it."""
    yield from _denied(reviewed)
    yield from _in_another_measure(reviewed)
    yield from numbers_follow(reviewed.document)


def _denied(reviewed: Reviewed) -> Iterator[Problem]:
    """没有项目支出 of a department that has: whichever of them a section is about."""
    passages = reviewed.passages
    for match in _NOT_USED.finditer(passages.text):
        yield from _denial(reviewed, match, (_FUND_SPENT[match[1]],))
    for match in re.finditer(_NOT_THIS, passages.text):
        if (name := passages.figure_before(match.start())) in _AMOUNTS:
            yield from _denial(reviewed, match, (name,))
    for match in _DENIED.finditer(passages.text):
        others = (name for name in _AMOUNTS if name.endswith(match[1]) and name != match[1])
        yield from _denial(reviewed, match, (match[1], *others))


def _denial(reviewed: Reviewed, match: re.Match[str], names: tuple[str, ...]) -> Iterator[Problem]:
    """If a template says so, and there is money of each of the names: the first is told of."""
    figures = [reviewed.book.named(name) for name in names]
    passages = reviewed.passages
    if passages.is_template(*match.span()) and all(f.exact and not f.owed for f in figures):
        printed = prose_text(figures[0].printed)
        message = f"写着“{match[0]}”，{names[0]}却有 {printed}{figures[0].measure}"
        hint = "两种说法之间要有 {% else %}；核对 {% if %} 的条件"
        place = passages.place_at(match.start())
        yield Problem("denied-amount", message, place, hint, WARNING)


def typed_department(sources: Mapping[str, str], name: str) -> Iterator[Problem]:
    """The department's own name in a template: it stays when the name changes."""
    for path, text in sources.items():
        lines = text.split("\n") if name in text else ()
        for number, line in enumerate(lines, 1):
            column = line.find(name) + 1
            if column and not line.lstrip().startswith("{#"):
                message = f"模板里手写着部门名称“{name}”，改名以后不会跟着变"
                place = Place(path, number, column)
                hint = "改用 {{ 部门名称 }}"
                yield Problem("typed-department", message, place, hint, WARNING, line)


def _in_another_measure(reviewed: Reviewed) -> Iterator[Problem]:
    """Titles and headers of a table say the measure of its amounts."""
    measure = reviewed.book.published_measure.name
    other = _OTHER_MEASURE[measure]
    tables = [block for block in reviewed.document.blocks() if isinstance(block, Table)]
    in_cells = other.search(reviewed.passages.text) is not None
    if not in_cells and not other.search("\n".join(t for table in tables for t in _above(table))):
        return
    for table in tables:
        own = table.place or Place(table.id)
        words = [(text, own) for text in _above(table)]
        words += [(c.text, c.place or own) for c in _header_cells(table)] if in_cells else []
        for text, place in words:
            if other.search(text):
                message = f"“{text}”里写的单位不对，数是按{measure}印的"
                yield Problem("table-measure", message, place, "写成 {公布单位}", WARNING)


def _above(table: Table) -> tuple[str, ...]:
    return text_of(table.title), table.subtitle, table.corner_left, table.corner_right


def _header_cells(table: Table) -> Iterator[Cell]:
    for row in table.rows:
        for cell in row.cells:
            if row.role == HEADER or cell.header:
                yield cell
