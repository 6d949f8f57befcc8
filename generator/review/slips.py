"""Slips of templates that show in what was printed: 没有项目支出 beside its amount, a header in 元."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.document import HEADER, Table, text_of
from generator.figures.definitions import DEFINITIONS
from generator.numerals import prose_text
from generator.problems import WARNING, Place, Problem
from generator.review.numbering import numbers_follow
from generator.review.wording import Reviewed

_AMOUNTS = sorted((d.name for d in DEFINITIONS if not d.measure), key=len, reverse=True)
_DENIED = re.compile(rf"没有(?:安排|编列)?({'|'.join(_AMOUNTS)})(?:预算|支出)?(?=[，。；、（\n]|$)")
_MEASURE = re.compile(r"[（(](?:单位[：:])?(万元|元)[)）]|单位[：:]\s*(万元|元)")


def template_slips(reviewed: Reviewed) -> Iterator[Problem]:
    """What is printed, but cannot be meant; at the line of the template that prints it."""
    yield from _denied(reviewed)
    measure = reviewed.book.published_measure.name
    for block in reviewed.document.blocks():
        if isinstance(block, Table):
            yield from _in_another_measure(block, measure)
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


def _in_another_measure(table: Table, measure: str) -> Iterator[Problem]:
    """Titles and headers of a table say the measure of its amounts."""
    own = table.place or Place(table.id)
    words = [(text_of(table.title), own), (table.subtitle, own)]
    words += [(table.corner_left, own), (table.corner_right, own)]
    words += [
        (cell.text, cell.place or own)
        for row in table.rows
        for cell in row.cells
        if row.role == HEADER or cell.header
    ]
    for text, place in words:
        found = _MEASURE.search(text)
        if found and (found[1] or found[2]) != measure:
            message = f"“{text}”写着{found[1] or found[2]}，数是按{measure}印的"
            yield Problem("table-measure", message, place, "写成 {公布单位}", WARNING)
