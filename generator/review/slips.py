"""Slips of templates that show in what was printed: 没有项目支出 beside its amount, a header in 元."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.document import HEADER, Cell, Table, text_of
from generator.figures.definitions import DEFINITIONS
from generator.numerals import prose_text
from generator.problems import WARNING, Place, Problem
from generator.review.numbering import numbers_follow
from generator.review.wording import Reviewed

_AMOUNTS = sorted((d.name for d in DEFINITIONS if not d.measure), key=len, reverse=True)
_DENIED = re.compile(rf"没有(?:安排|编列)?({'|'.join(_AMOUNTS)})(?:预算|支出)?(?=[，。；、（\n]|$)")
_WRITTEN = r"[（(](?:单位[：:])?{0}[)）]|单位[：:]\s*{0}"
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
    for match in _DENIED.finditer(passages.text):
        names = [name for name in _AMOUNTS if name.endswith(match[1])]
        figures = [reviewed.book.named(name) for name in names]
        if passages.is_template(*match.span()) and all(f.exact and not f.owed for f in figures):
            amount = reviewed.book.named(match[1])
            printed = prose_text(amount.printed)
            message = f"写着“{match[0]}”，{match[1]}却有 {printed}{amount.measure}"
            hint = "两种说法之间要有 {% else %}；核对 {% if %} 的条件"
            place = passages.place_at(match.start())
            yield Problem("denied-amount", message, place, hint, WARNING)


def _in_another_measure(reviewed: Reviewed) -> Iterator[Problem]:
    """Titles and headers of a table say the measure of its amounts."""
    measure = reviewed.book.published_measure.name
    other = _OTHER_MEASURE[measure]
    found = other.search(reviewed.passages.text) is not None
    for table in reviewed.document.blocks():
        if not isinstance(table, Table):
            continue
        own = table.place or Place(table.id)
        above = (text_of(table.title), table.subtitle, table.corner_left, table.corner_right)
        words = [(text, own) for text in above]
        words += [(c.text, c.place or own) for c in _header_cells(table)] if found else []
        for text, place in words:
            if other.search(text):
                message = f"“{text}”里写的单位不对，数是按{measure}印的"
                yield Problem("table-measure", message, place, "写成 {公布单位}", WARNING)


def _header_cells(table: Table) -> Iterator[Cell]:
    for row in table.rows:
        for cell in row.cells:
            if row.role == HEADER or cell.header:
                yield cell
