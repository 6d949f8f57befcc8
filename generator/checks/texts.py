"""Slips in the texts of the data: joined although meant to stand apart, one name spelt in two ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from generator.fields import place_of
from generator.figures.book import FigureBook
from generator.problems import Finding, Place, is_slip, is_swap
from generator.residue import DOUBLED_WORDS

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


def words_stand_once(book: FigureBook) -> Iterator[Finding]:
    """No word is typed twice: 预算预算. Those of reasons are residue."""
    budget = book.budget
    texts = [*_written(book), *(project.name for project in budget.projects)]
    texts += [text for i in budget.performance.indicators for text in (i.name, i.target)]
    texts += [text for p in budget.projects for i in p.indicators for text in (i.name, i.target)]
    for text in texts if DOUBLED_WORDS.search("\n".join(texts)) else ():
        if found := DOUBLED_WORDS.search(text):
            place = place_of(text) or book.department.place
            yield Finding(
                f"“{found[0]}”像是打重了", place, "只留一个；确实这样写，写进 acknowledged.yaml"
            )


def names_are_spelt_alike(book: FigureBook) -> Iterator[Finding]:
    """No name is a slip away from another of the same: 效绩管理 among rows of 绩效管理.

    Cells of one name are merged in the table of targets. 数量指标 and 质量指标 are no slip.
    """
    department, prior = book.department, book.budget.prior
    names = [] if prior is None else [(prior.department, prior.place)]
    names += [(unit.name, unit.place) for unit in department.units if unit.own_level]
    names.append((department.name, department.place))
    yield from _misspelt(names, lambda a, b: is_slip(a, b) or _lacks_one(a, b))
    indicators = book.budget.performance.indicators
    for column in ([i.group for i in indicators], [i.subgroup for i in indicators]):
        placed = [(name, i.place) for name, i in zip(column, indicators, strict=True)]
        yield from _misspelt(placed, lambda a, b: is_swap(a, b) or _lacks_one(a, b))


def _misspelt(
    names: Sequence[tuple[str, Place]], alike: Callable[[str, str], bool]
) -> Iterator[Finding]:
    """Of two names that are nearly one the rarer, or the later."""
    times = Counter(name for name, _ in names)
    order = sorted(times, key=lambda name: -times[name])
    meant = {
        name: other
        for number, name in enumerate(order)
        for other in order[:number]
        if abs(len(name) - len(other)) <= 1 and alike(other, name)
    }
    for name, place in names:
        if name in meant:
            message = f"“{name}”和“{meant[name]}”几乎一样"
            hint = "打错了就改正；名称确实不同，写进 acknowledged.yaml"
            yield Finding(message, place_of(name) or place, hint)


def _lacks_one(some: str, other: str) -> bool:
    """Whether one of two words is the other without one character that is not its last."""
    shorter, longer = sorted((some, other), key=len)
    return len(shorter) + 1 == len(longer) and any(
        longer[:n] + longer[n + 1 :] == shorter for n in range(len(shorter))
    )


def _texts(book: FigureBook) -> Iterator[str]:
    """Texts of sentences, and the names of who publishes; those of projects may have blanks."""
    yield from _written(book)
    for reason in book.budget.reasons:
        yield from (reason.reason, reason.remark)


def _written(book: FigureBook) -> Iterator[str]:
    """The texts without the reasons."""
    budget = book.budget
    yield budget.department.name
    for unit in budget.department.units:
        yield from (unit.name, unit.composition_name)
    yield from budget.department.duties
    yield budget.performance.annual_goal
    yield from (task.content for task in budget.performance.tasks)
