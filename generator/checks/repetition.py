"""What was entered twice: lines that say the same, and items of a list."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from generator.fields import Record, place_of
from generator.figures.book import FigureBook
from generator.model import ExpenditureLine
from generator.money import Money
from generator.problems import Finding, Place

Item = TypeVar("Item", bound=Hashable)
_WORDS = 20  # of a text that is quoted


def lines_differ(book: FigureBook) -> Iterator[Finding]:
    """No two lines are the same in everything that is disclosed, nor two items of a list."""
    yield from _lines(book)
    yield from _items(book)
    yield from _texts(book)


def _lines(book: FigureBook) -> Iterator[Finding]:
    for lines in _repeated(book.budget.expenditure, _disclosed):
        line = lines[0]
        if isinstance(line.amount, Money):
            words = (
                f"单位 {line.unit} 有 {len(lines)} 行完全相同："
                f"{line.kind}，功能科目 {line.function}，经济科目 {line.economic}，"
                f"{line.fund} {line.amount.yuan} 元"
            )
            yield _twice(words, lines)
    for items in _repeated(book.budget.procurement):
        amount = items[0].amount
        if isinstance(amount, Money):
            words = f"单位 {items[0].unit} 的采购“{items[0].name}”{amount.yuan} 元"
            yield _twice(f"{words}有 {len(items)} 行完全相同", items)


def _items(book: FigureBook) -> Iterator[Finding]:
    performance = book.budget.performance
    for project in book.budget.projects:
        for alike in _repeated(project.indicators):
            words = f"项目“{project.name}”的绩效指标“{alike[0].name}”"
            yield _twice(f"{words}写了 {len(alike)} 遍", alike)
    for targets in _repeated(performance.indicators):
        yield _twice(f"整体绩效指标“{targets[0].name}”写了 {len(targets)} 遍", targets)
    for tasks in _repeated(performance.tasks):
        yield _twice(f"年度主要任务“{tasks[0].name}”写了 {len(tasks)} 遍", tasks)


def _texts(book: FigureBook) -> Iterator[Finding]:
    department = book.department
    for title, texts in (("主要职责", department.duties), ("内设机构", department.offices)):
        for alike in _repeated(texts):
            text = alike[0]
            words = f"{text[:_WORDS]}…" if len(text) > _WORDS else text
            places = [place_of(text) or department.place for text in alike]
            yield _told(f"{title}“{words}”写了 {len(alike)} 遍", places)


def _itself(item: Item) -> Hashable:
    """Records are equal wherever they stand."""
    return item


def _repeated(
    items: Iterable[Item], says: Callable[[Item], Hashable] = _itself
) -> Iterator[list[Item]]:
    """Each set of items that say the same."""
    alike: dict[Hashable, list[Item]] = {}
    for item in items:
        alike.setdefault(says(item), []).append(item)
    return (found for found in alike.values() if len(found) > 1)


def _twice(words: str, records: Sequence[Record]) -> Finding:
    return _told(words, [record.place for record in records])


def _told(words: str, places: Sequence[Place]) -> Finding:
    first, second, *rest = places
    hint = "录重了就删掉多的；确实不是重复，写进 acknowledged.yaml"
    return Finding(f"可能重复录入：{words}", second, hint, related=(first, *rest))


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
