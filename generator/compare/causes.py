"""Which items a changed figure is the sum of: found by what the facts' names select.

支出[功能科目=2010301,单位=159001] is a part of 支出[功能科目=2010301], whatever the amounts are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from generator.compare.changes import CHANGED, Change
from generator.compare.normal import Naming, without_ordinal
from generator.compare.pairing import Item
from generator.compare.tables import grids_of
from generator.document import Table
from generator.figures.definitions import DEFINITION_BY_NAME, selection_named
from generator.figures.expressions import Add, Select, widened
from generator.money import printed_step, rounding_slack

# Dimensions a reader asks for first.
_PREFERRED = ("功能科目", "单位", "项目", "经济科目", "支出性质", "资金来源")
_MOST_SHOWN = 5

Values = Mapping[str, Decimal]
_Codes = tuple[str, ...]
_Part = tuple[_Codes, str]


class Family(NamedTuple):
    """The items of a figure by one way of dividing it."""

    names: tuple[str, ...]
    by: str


class Families:
    """The items of figures among the facts of both sides."""

    def __init__(self, old: Values, new: Values) -> None:
        self.old, self.new = old, new
        self._found: dict[str, Family | None] = {}
        # A selection but for one filter -> the dimension of that one -> its values, the name.
        self._parts: dict[Select, dict[str, list[_Part]]] = {}
        for name in dict.fromkeys((*new, *old)):
            selection = selection_named(name)
            if selection is None:
                continue
            for by, values in selection.filters:
                parts = self._parts.setdefault(widened(selection, by), {})
                parts.setdefault(by, []).append((values, name))
        for parts in self._parts.values():
            for listed in parts.values():
                listed.sort()

    def of(self, name: str) -> Family | None:
        """The division of a figure that adds up to it (rounding apart) on either side."""
        if name not in self._found:
            self._found[name] = self._of(name)
        return self._found[name]

    def _of(self, name: str) -> Family | None:
        for family in self._divisions(name):
            known = [any(part in side for part in family.names) for side in (self.old, self.new)]
            if len(family.names) < 2 or not all(known):
                continue
            if self._adds_up(name, family, self.old) or self._adds_up(name, family, self.new):
                return family
        return None

    def _divisions(self, name: str) -> Iterator[Family]:
        """The ways of dividing a figure, what a reader asks for first."""
        definition = DEFINITION_BY_NAME.get(name)
        if definition is not None and isinstance(definition.expression, Add):
            names = tuple(n for n in definition.expression.names if n in self.old or n in self.new)
            yield Family(names, "组成")
            return
        selection = selection_named(name)
        if selection is None:
            return
        groups: dict[tuple[int, str, int], list[_Part]] = defaultdict(list)
        for by, part in self._narrower(selection):
            code = part[0][0]
            rank = _PREFERRED.index(by) if by in _PREFERRED else len(_PREFERRED)
            length = len(code) if code.isdigit() else 0
            groups[rank, by, -length].append(part)
        for (_, by, _), parts in sorted(groups.items()):
            yield Family(tuple(_disjoint(parts)), by)

    def _narrower(self, selection: Select) -> Iterator[tuple[str, _Part]]:
        """What selects alike but for one dimension: one more, or one with longer codes."""
        for by, parts in self._parts.get(selection, {}).items():
            yield from ((by, part) for part in parts)
        for by, wider in selection.filters:
            parts = self._parts.get(widened(selection, by), {}).get(by, [])
            yield from ((by, part) for part in _beginning_with(wider, parts) if part[0] != wider)

    def _adds_up(self, name: str, family: Family, values: Values) -> bool:
        parts = [values[part] for part in family.names if part in values]
        slack = rounding_slack(len(parts), printed_step(values[name]))
        return bool(parts) and abs(sum(parts) - values[name]) < slack

    def difference(self, name: str) -> Decimal:
        return self.new.get(name, Decimal(0)) - self.old.get(name, Decimal(0))


def _disjoint(parts: Iterable[_Part]) -> Iterator[str]:
    """Parts without those that sum up others: 一般公共预算, and not the three 财政拨款 together."""
    taken: set[str] = set()
    for values, name in sorted(parts, key=lambda part: len(part[0])):
        if taken.isdisjoint(values):
            taken.update(values)
            yield name


def _beginning_with(wider: _Codes, parts: list[_Part]) -> Iterator[_Part]:
    """Of the sorted `parts`, those all of whose codes begin with one of the wider ones."""
    for code in wider:
        for values, name in parts[bisect_left(parts, ((code,), "")) :]:
            if not values[0].startswith(code):
                break
            if all(value.startswith(wider) for value in values):
                yield values, name


def causes(name: str, families: Families, titles: Mapping[str, str]) -> tuple[str, ...]:
    """The items of a changed figure that changed, the largest first: 行政运行 +128.8."""
    family = families.of(name)
    if family is None:
        return ()
    changed = [(families.difference(part), part) for part in family.names]
    changed = sorted((c for c in changed if c[0]), key=lambda c: (-abs(c[0]), c[1]))
    largest = changed[:_MOST_SHOWN]
    shown = [f"{_item(part, family.by, titles)} {change:+}" for change, part in largest]
    if len(changed) > _MOST_SHOWN:
        shown.append(f"另有 {len(changed) - _MOST_SHOWN} 项")
    return tuple(shown)


def _item(name: str, by: str, titles: Mapping[str, str]) -> str:
    """The item alone, without what it shares with its total: 2010301行政运行."""
    selection = selection_named(name)
    value = _said(by, dict(selection.filters).get(by, ())) if selection else ""
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
    selection = selection_named(name)
    if name in DEFINITION_BY_NAME or selection is None:
        return re.sub(r"\.占比\((.*)\)$", r" 占 \1", name).replace(".增", " 增")
    named = [
        _said(by, [f"{v}{labels.get(v, '')}" if v.isdigit() else v for v in values])
        for by, values in selection.filters
    ]
    return "·".join([selection.measure, *named])


def _said(by: str, values: Iterable[str]) -> str:
    """The values of a filter; of one that is answered 是, what it asks: 财政拨款."""
    value = "、".join(values)
    return {"是": by, "否": f"非{by}"}.get(value, value)


def with_causes(
    changes: Iterable[Change], families: Families, titles: Mapping[str, str]
) -> Iterator[Change]:
    """The changes, those of a figure with the items that caused them."""
    for change in changes:
        told = causes(change.subject, families, titles) if change.kind == CHANGED else ()
        yield replace(change, details=(*change.details, *told))


def code_labels(items: Iterable[Item], naming: Naming) -> dict[str, str]:
    """The names of codes, as a document's tables print them beside the codes, without numbers."""
    labels: dict[str, str] = {}
    for item in items:
        if not isinstance(item.block, Table):
            continue
        for row in (row for grid in grids_of(item.block, naming) for row in grid.rows):
            code, _, rest = row.key.partition("#")[0].partition("/")
            if code.isdigit() and (not rest or rest.isdigit()) and row.label != row.key:
                labels[code] = without_ordinal(row.label.partition(" ")[0])
    return labels
