"""Which items a changed figure is the sum of: found by what the facts' names select.

支出[功能科目=2010301,单位=159001] is a part of 支出[功能科目=2010301], whatever the amounts are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from generator.compare.facts import Facts
from generator.figures.definitions import DEFINITION_BY_NAME, selection_named
from generator.figures.expressions import Add, Select, widened
from generator.money import rounding_slack

# Dimensions a reader asks for first.
_PREFERRED = ("功能科目", "单位", "项目", "经济科目", "支出性质", "资金来源")

_Codes = tuple[str, ...]
_Part = tuple[_Codes, str]


class Family(NamedTuple):
    """The items of a figure by one way of dividing it."""

    names: tuple[str, ...]
    by: str


class Families:
    """The items of figures among the facts of both sides."""

    def __init__(self, old: Facts, new: Facts) -> None:
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

    def _adds_up(self, name: str, family: Family, facts: Facts) -> bool:
        parts = [facts[part].value for part in family.names if part in facts]
        total = facts[name]
        slack = rounding_slack(len(parts), total.last_digit)
        return bool(parts) and abs(sum(parts) - total.value) < slack

    def difference(self, name: str) -> Decimal:
        new, old = (facts[name].value if name in facts else 0 for facts in (self.new, self.old))
        return Decimal(new - old)


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
