"""Slips in the texts of the data: what YAML joins although it was meant to stand apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.fields import place_of
from generator.figures.book import FigureBook
from generator.problems import Finding

# Compiled when a text has a blank: most have none.
_JOINED = r"(?s).*?([^。；;！？]{0,10}[。；;！？]) +-(?!-) *(.{0,10})"
_CHINESE = "\u3001-\u301f\u4e00-\u9fff\uff01-\uff60“”"
_INNER_BLANK = f"(?s).*?([{_CHINESE}]{{1,5}})[ \u3000]+([{_CHINESE}]{{1,5}})"


def items_are_apart(book: FigureBook) -> Iterator[Finding]:
    """No item of a list of texts holds the next one: a line indented further goes on with the last."""
    for text in (*book.department.duties, *book.department.offices):
        if " " in text and (found := re.match(_JOINED, text)):
            yield Finding(
                f"两条连成了一条：“{found[1]} - {found[2]}…”",
                place_of(text) or book.department.place,
                "后一条前面的空格要和前一条一样多",
            )


def chinese_has_no_blank(book: FigureBook) -> Iterator[Finding]:
    """No blank within Chinese words: where a line is wrapped, YAML puts one."""
    for text in _texts(book):
        if (" " in text or "\u3000" in text) and (found := re.match(_INNER_BLANK, text)):
            yield Finding(
                f"中文里多了空格：“{found[1]} {found[2]}”",
                place_of(text) or book.department.place,
                "一段写在一行里，不要折行；多打的空格删掉",
            )


def _texts(book: FigureBook) -> Iterator[str]:
    """Texts of sentences, and the names of who publishes; those of projects may have blanks."""
    budget = book.budget
    yield budget.department.name
    for unit in budget.department.units:
        yield from (unit.name, unit.composition_name)
    yield from budget.department.duties
    yield budget.performance.annual_goal
    yield from (task.content for task in budget.performance.tasks)
    for reason in budget.reasons:
        yield reason.reason
        yield reason.remark
