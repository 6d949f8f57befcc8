"""What a reader is told first, and what stands under what: one order and one folding for all reports.

It only arranges: every change stays, in one entry of its layer. JSON keeps the plain list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from generator.compare.changes import CHANGED, FIGURES, Amounts, Change, Comparison
from generator.compare.normal import base_of, is_derived
from generator.figures.definitions import DEFINITION_BY_NAME, DEFINITIONS, selection_named
from generator.figures.expressions import Add, Select, SelectOfKinds
from generator.figures.measures import contains
from generator.money import FEN_PER_MEASURE

SUMMARY, SUMMARY_NAME = "summary", "要点"
MAIN_FIGURES = frozenset(
    {
        "收入总计",
        "支出总计",
        "基本支出",
        "项目支出",
        "一般公共预算支出",
        "政府性基金支出",
        "国有资本经营预算支出",
        "三公经费",
        "机关运行经费",
        "政府采购",
    }
)
_MOST_LINES = 10
_MOST_NAMED = 3


class Entry(NamedTuple):
    """A change with what is read under it: `derived` are changes, rates and shares; `alike` are
    figures of its family with the same two amounts.
    """

    change: Change
    derived: tuple[Change, ...] = ()
    alike: tuple[Change, ...] = ()

    @property
    def details(self) -> tuple[str, ...]:
        """What belongs to the change; the items that caused it may stand with another of its family.

        A single item of another may be nothing but the same amount, selected once more.
        """
        others = (change.details for change in self.alike if len(change.details) > 1)
        return self.change.details or next(others, ())

    def label(self, derived: Change) -> tuple[str, str]:
        """The title of a derived change, what the entry says already apart: (收入总计, 增幅)."""
        title = self.change.title
        own = base_of(derived.subject) == self.change.subject and derived.title.startswith(title)
        return (title, derived.title[len(title) :].strip()) if own else ("", derived.title)


def alike_line(entry: Entry) -> str:
    """数额相同的还有 4 处：支出·本年；支出·基本支出；支出·2010301行政运行 等."""
    titles = [change.title for change in entry.alike]
    more = " 等" if len(titles) > _MOST_NAMED else ""
    return f"{alike_count(entry)}：{'；'.join(titles[:_MOST_NAMED])}{more}"


def alike_count(entry: Entry) -> str:
    return f"数额相同的还有 {len(entry.alike)} 处"


def listed_count(changes: Sequence[Change], entries: Sequence[Entry]) -> str:
    """286 处，列成 98 条."""
    folded = f"，列成 {len(entries)} 条" if len(entries) < len(changes) else ""
    return f"{len(changes)} 处{folded}"


def summary_of(comparison: Comparison) -> tuple[Change, ...]:
    """The main figures that changed, in the order they are defined, then the largest other items.

    What is told already, as a cause or as the whole of another amount, is not told again.
    """
    entries = entries_of(comparison.layer(FIGURES))
    entry_by_name = {entry.change.subject: entry for entry in entries}
    names = [d.name for d in DEFINITIONS if d.name in MAIN_FIGURES and d.name in entry_by_name]
    told = [
        replace(entry_by_name[name].change, details=_causes(entry_by_name[name], entries))
        for name in names
    ]
    for entry in sorted(filter(_is_item, entries), key=_size, reverse=True):
        if len(told) < _MOST_LINES and not any(_tells(change, entry.change) for change in told):
            told.append(entry.change)
    return tuple(told)


def _tells(told: Change, change: Change) -> bool:
    """Whether `told` has the same two amounts (nothing is zero), or names the item as its cause."""
    old, new = _old_and_new(change)
    items = change.title.replace(" ", "").split("·")
    causes = (detail.rpartition(" ") for detail in told.details)
    named = any(item in items and Decimal(number) == new - old for item, _, number in causes)
    return named or _old_and_new(told) == (old, new)


def _causes(entry: Entry, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The items that caused a change; 支出总计 has those of 支出合计, where that is all of it."""
    same = (e for e in entries if e.details and _is_alike(entry.change, e.change))
    return entry.details or next((e.details for e in same), ())


def _is_item(entry: Entry) -> bool:
    """Whether it is an amount that no items of its own explain."""
    change = entry.change
    if change.amounts is None or change.amounts.measure not in FEN_PER_MEASURE:
        return False
    return not is_derived(change.subject) and (change.kind != CHANGED or not entry.details)


def _size(entry: Entry) -> Decimal:
    old, new = _old_and_new(entry.change)
    return abs(new - old)


def _old_and_new(change: Change) -> tuple[Decimal, Decimal]:
    assert change.amounts is not None
    return change.amounts.old or Decimal(0), change.amounts.new or Decimal(0)


def entries_of(changes: Sequence[Change]) -> tuple[Entry, ...]:
    """The changes in their order, derived ones and those of one family under the first."""
    under: dict[int, list[Change]] = defaultdict(list)
    heads = _heads(changes)
    for index, head in heads.items():
        under[head].append(changes[index])
    return tuple(
        Entry(
            change,
            tuple(one for one in under[index] if is_derived(one.subject)),
            tuple(one for one in under[index] if not is_derived(one.subject)),
        )
        for index, change in enumerate(changes)
        if index not in heads
    )


def _heads(changes: Sequence[Change]) -> dict[int, int]:
    """Which change stands under which, by position; a registered figure stands for itself."""
    positions = [index for index, change in enumerate(changes) if change.amounts is not None]
    figures = [index for index in positions if not is_derived(changes[index].subject)]
    families: dict[tuple[str, Amounts | None], list[list[int]]] = defaultdict(list)
    head_by_name: dict[str, int] = {}
    for index in sorted(figures, key=lambda index: not _is_registered(changes[index])):
        change = changes[index]
        known = families[_amounts(change)]
        fitting = (f for f in known if all(_is_alike(change, changes[member]) for member in f))
        family = None if _is_registered(change) else next(fitting, None)
        if family is None:
            known.append(family := [])
        family.append(index)
        head_by_name[change.subject] = family[0]
    heads = {index: head_by_name.get(base_of(changes[index].subject), index) for index in positions}
    return {index: head for index, head in heads.items() if index != head}


def _is_registered(change: Change) -> bool:
    return change.subject in DEFINITION_BY_NAME


def _amounts(change: Change) -> tuple[str, Amounts | None]:
    return change.kind, change.amounts


def _is_alike(one: Change, other: Change) -> bool:
    """Whether both are the same amounts of one measure, of lines that both may select."""
    return _amounts(one) == _amounts(other) and any(
        _may_meet(mine, theirs)
        for mine in _selections(one.subject)
        for theirs in _selections(other.subject)
    )


def _may_meet(one: Select, other: Select) -> bool:
    """支出 of 2210201 and of 30113 may be the same lines; of 2210201 and 2080501, never."""
    if one.measure != other.measure:
        return False
    others = dict(other.filters)
    return all(
        values == others.get(dimension, values) or _overlap(dimension, values, others[dimension])
        for dimension, values in one.filters
    )


def _overlap(dimension: str, values: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(
        contains(dimension, one, other) or contains(dimension, other, one)
        for one in values
        for other in others
    )


@lru_cache(maxsize=65536)  # asked for every two changes with the same amounts
def _selections(name: str) -> tuple[Select, ...]:
    """The lines that a figure, or each figure that it adds up, selects."""
    definition = DEFINITION_BY_NAME.get(name)
    expression = definition.expression if definition else selection_named(name)
    if isinstance(expression, Add):
        return tuple(one for part in expression.names for one in _selections(part))
    if isinstance(expression, SelectOfKinds):
        return (Select(*expression),)
    return (expression,) if isinstance(expression, Select) else ()
