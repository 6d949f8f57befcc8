"""What was entered twice: lines that say the same, and items of a list."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Protocol, TypeVar

from generator.fields import place_of
from generator.figures.book import FigureBook
from generator.model import ExpenditureLine
from generator.money import Money
from generator.problems import Finding, Place

_WORDS = 20  # of a text that is quoted


def lines_differ(book: FigureBook) -> Iterator[Finding]:
    """No two lines are the same in everything that is disclosed, nor two items of a list."""
    yield from _lines(book)
    yield from _items(book)
    yield from _texts(book)


def _lines(book: FigureBook) -> Iterator[Finding]:
    for line, others in _repeated(book.budget.expenditure, _disclosed):
        if isinstance(line.amount, Money):
            words = (
                f"单位 {line.unit} 有 {1 + len(others)} 行完全相同："
                f"{line.kind}，功能科目 {line.function}，经济科目 {line.economic}，"
                f"{line.fund} {line.amount.yuan} 元"
            )
            yield _twice(words, line.place, others)
    for item, others in _repeated(book.budget.procurement, _itself):
        if isinstance(item.amount, Money):
            words = f"单位 {item.unit} 的采购“{item.name}”{item.amount.yuan} 元"
            yield _twice(f"{words}有 {1 + len(others)} 行完全相同", item.place, others)


def _items(book: FigureBook) -> Iterator[Finding]:
    for project in book.budget.projects:
        for indicator, others in _repeated(project.indicators, _itself):
            words = f"项目“{project.name}”的绩效指标“{indicator.name}”"
            yield _twice(f"{words}写了 {1 + len(others)} 遍", indicator.place, others)
    performance = book.budget.performance
    for target, others in _repeated(performance.indicators, _itself):
        words = f"整体绩效指标“{target.name}”写了 {1 + len(others)} 遍"
        yield _twice(words, target.place, others)
    for task, others in _repeated(performance.tasks, _itself):
        yield _twice(f"年度主要任务“{task.name}”写了 {1 + len(others)} 遍", task.place, others)


def _texts(book: FigureBook) -> Iterator[Finding]:
    department = book.department
    for title, texts in (("主要职责", department.duties), ("内设机构", department.offices)):
        places: dict[str, list[Place]] = {}
        for text in texts:
            places.setdefault(text, []).append(place_of(text) or department.place)
        for text, (first, *others) in places.items():
            if others:
                words = f"{text[:_WORDS]}…" if len(text) > _WORDS else text
                yield _twice(f"{title}“{words}”写了 {1 + len(others)} 遍", first, others)


class _Placed(Protocol):
    @property
    def place(self) -> Place: ...


_Line = TypeVar("_Line", bound=_Placed)


def _repeated(
    lines: Iterable[_Line], says: Callable[[_Line], Hashable]
) -> Iterator[tuple[_Line, list[Place]]]:
    """The first of each set of lines that say the same, and where the others stand."""
    alike: dict[Hashable, list[_Line]] = {}
    for line in lines:
        alike.setdefault(says(line), []).append(line)
    for first, *others in alike.values():
        if others:
            yield first, [other.place for other in others]


def _itself(record: Hashable) -> Hashable:
    """Records are equal wherever they stand."""
    return record


def _twice(words: str, first: Place, others: list[Place]) -> Finding:
    second, *rest = others
    hint = "录重了就删掉多的；确实不是重复，写进 acknowledged.yaml"
    message = f"可能重复录入：{words}"
    return Finding(message, second, hint, related=(first, *rest))


def _disclosed(line: ExpenditureLine) -> tuple[object, ...]:
    return (
        line.unit,
        line.kind,
        line.project,
        line.function,
        line.economic,
        line.government_economic,
        line.fund,
        line.origin,
        line.fiscal,
        line.amount,
    )
