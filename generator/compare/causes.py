"""Which items a changed figure is the sum of: found by what the facts' names select.

支出[功能科目=2010301,单位=159001] is a part of 支出[功能科目=2010301], whatever the amounts are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from generator.compare.changes import CHANGED, Change
from generator.compare.normal import Naming, is_derived
from generator.compare.pairing import Item
from generator.compare.tables import grids_of
from generator.document import Table
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.expressions import Add, Select

_BRACKETED = re.compile(r"([^\[\].]+)\[([^\[\]]*)\]")
# Dimensions a reader asks for first.
_PREFERRED = ("功能科目", "单位", "项目", "经济科目", "支出性质", "资金来源")
_MOST_SHOWN = 5

Filters = Mapping[str, tuple[str, ...]]
Values = Mapping[str, Decimal]


class Family(NamedTuple):
    """The items of a figure by one way of dividing it."""

    names: tuple[str, ...]
    by: str


def selection_of(name: str) -> tuple[str, Filters] | None:
    """The measure and filters a fact's name stands for; None for sums, counts and shares."""
    definition = DEFINITION_BY_NAME.get(name)
    if definition is not None:
        expression = definition.expression
        return (
            (expression.measure, dict(expression.filters))
            if isinstance(expression, Select)
            else None
        )
    match = _BRACKETED.fullmatch(name)
    if match is None or is_derived(name):
        return None
    pairs = (part.partition("=") for part in match[2].split(","))
    return match[1], {dimension: tuple(values.split("|")) for dimension, _, values in pairs}


class Families:
    """The items of figures among the facts of both sides."""

    def __init__(self, old: Values, new: Values) -> None:
        self.old, self.new = old, new
        self._by_measure: dict[str, list[tuple[str, Filters]]] = defaultdict(list)
        for name in dict.fromkeys((*new, *old)):
            selection = selection_of(name)
            if selection is not None:
                self._by_measure[selection[0]].append((name, selection[1]))

    def of(self, name: str) -> Family | None:
        """The division of a figure that adds up to it (rounding apart) on either side."""
        for family in self._divisions(name):
            known = [any(part in side for part in family.names) for side in (self.old, self.new)]
            if len(family.names) < 2 or not all(known):
                continue
            if self._adds_up(name, family, self.old) or self._adds_up(name, family, self.new):
                return family
        return None

    def _divisions(self, name: str) -> list[Family]:
        definition = DEFINITION_BY_NAME.get(name)
        if definition is not None and isinstance(definition.expression, Add):
            names = tuple(n for n in definition.expression.names if n in self.old or n in self.new)
            return [Family(names, "组成")] if len(names) > 1 else []
        selection = selection_of(name)
        if selection is None:
            return []
        groups: dict[tuple[int, str, int], list[str]] = defaultdict(list)
        for other, filters in self._by_measure[selection[0]]:
            added = _added(selection[1], filters)
            if added is not None and other != name:
                rank = _PREFERRED.index(added[0]) if added[0] in _PREFERRED else len(_PREFERRED)
                groups[rank, added[0], -added[1]].append(other)
        return [
            Family(tuple(_disjoint(names, by)), by) for (_, by, _), names in sorted(groups.items())
        ]

    def _adds_up(self, name: str, family: Family, values: Values) -> bool:
        if name not in values:
            return False
        parts = [values[part] for part in family.names if part in values]
        return bool(parts) and abs(sum(parts) - values[name]) <= tolerance(len(parts), values[name])

    def difference(self, name: str) -> Decimal:
        return self.new.get(name, Decimal(0)) - self.old.get(name, Decimal(0))


def tolerance(parts: int, value: Decimal) -> Decimal:
    """How far a sum of rounded parts may lie from the rounded total: half a last digit each."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent) * (parts + 1) / 2


def _disjoint(names: Iterable[str], by: str) -> Iterator[str]:
    """Parts without those that sum up others: 一般公共预算, and not the three 财政拨款 together."""
    taken: set[str] = set()
    values = {name: (selection_of(name) or ("", {}))[1].get(by, ()) for name in names}
    for name in sorted(values, key=lambda name: len(values[name])):
        if taken.isdisjoint(values[name]):
            taken.update(values[name])
            yield name


def _added(whole: Filters, part: Filters) -> tuple[str, int] | None:
    """The one dimension a part narrows the whole by, and the length of its code."""
    narrower = [d for d, values in part.items() if whole.get(d) != values]
    if len(narrower) != 1 or set(whole) - set(part):
        return None
    values = part[narrower[0]]
    wider = whole.get(narrower[0], ())
    if wider and not all(any(v.startswith(w) for w in wider) for v in values):
        return None
    return narrower[0], len(values[0]) if values[0].isdigit() else 0


def causes(name: str, families: Families, titles: Mapping[str, str]) -> tuple[str, ...]:
    """The items of a changed figure that changed, the largest first: 行政运行 +128.8."""
    family = families.of(name)
    if family is None:
        return ()
    changed = [(families.difference(part), part) for part in family.names]
    changed = sorted((c for c in changed if c[0]), key=lambda c: (-abs(c[0]), c[1]))
    shown = [f"{_item(part, family.by, titles)} {change:+}" for change, part in changed]
    if len(shown) > _MOST_SHOWN:
        shown = [*shown[:_MOST_SHOWN], f"另有 {len(shown) - _MOST_SHOWN} 项"]
    return tuple(shown)


def _item(name: str, by: str, titles: Mapping[str, str]) -> str:
    """The item alone, without what it shares with its total: 2010301行政运行."""
    selection = selection_of(name)
    value = "、".join(selection[1].get(by, ())) if selection else ""
    pieces = titles.get(name, name).split("·")
    return next((piece for piece in pieces if value and piece.startswith(value)), pieces[0])


def readable_titles(names: Iterable[str], labels: Mapping[str, str]) -> dict[str, str]:
    """支出[功能科目=2010301,资金来源=一般公共预算] -> 支出·2010301行政运行·一般公共预算."""
    titles = {}
    for name in names:
        base, dot, rest = name.partition("].")
        base = base + "]" if dot else base
        title = _readable(base, labels)
        if dot:
            inner = re.fullmatch(r"占比\((.*)\)", rest)
            title += f" 占 {_readable(inner[1], labels)}" if inner else f" {rest}"
        titles[name] = title
    return titles


def _readable(name: str, labels: Mapping[str, str]) -> str:
    match = _BRACKETED.fullmatch(name)
    if match is None:
        return re.sub(r"\.占比\((.*)\)$", r" 占 \1", name).replace(".增", " 增")
    values = [part.partition("=")[2] for part in match[2].split(",")]
    named = [
        "、".join(f"{v}{labels.get(v, '')}" if v.isdigit() else v for v in value.split("|"))
        for value in values
    ]
    return "·".join([match[1], *named])


def with_causes(change: Change, families: Families, titles: Mapping[str, str]) -> Change:
    """A changed figure with the items that caused it."""
    if change.kind != CHANGED:
        return change
    return replace(change, details=(*change.details, *causes(change.subject, families, titles)))


def code_labels(items: Iterable[Item], naming: Naming) -> dict[str, str]:
    """The names of codes, as a document's tables print them beside the codes."""
    labels: dict[str, str] = {}
    for item in items:
        if not isinstance(item.block, Table):
            continue
        for row in (row for grid in grids_of(item.block, naming) for row in grid.rows):
            code, _, rest = row.key.partition("#")[0].partition("/")
            if code.isdigit() and (not rest or rest.isdigit()) and row.label != row.key:
                labels[code] = row.label.partition(" ")[0]
    return labels
