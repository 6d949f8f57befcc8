"""Sums of the raw lines by any combination of dimensions, exact, in one pass per combination.

A dimension has a Chinese name; a coded value picks its level by its length (201, 20103, 2010301).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from generator.fields import Amount, OwedAmount
from generator.model import Budget, CarriedOut, ExpenditureLine, ProcurementItem, RevenueLine
from generator.problems import Place
from generator.terms import (
    BASIC_KINDS,
    CARRIED,
    CARRIED_ORIGINS,
    CARRIED_OVER,
    FISCAL_FUNDS,
    FUND_GROUPS,
    GENERAL_PUBLIC_BUDGET,
    OWN_FUND_KINDS,
    PROJECT_KINDS,
    fund_group,
    origin_group,
)

BASIC, PROJECT_EXPENDITURE = "基本支出", "项目支出"
NATURES = (BASIC, PROJECT_EXPENDITURE, *OWN_FUND_KINDS)
_NATURE_BY_KIND = {
    **dict.fromkeys(BASIC_KINDS, BASIC),
    **dict.fromkeys(PROJECT_KINDS, PROJECT_EXPENDITURE),
    **{kind: kind for kind in OWN_FUND_KINDS},
}
EXPENDITURE, CARRIED_OUT, PROCUREMENT = "支出", "年终结转", "采购"
SPENT_OR_CARRIED_OUT = "支出和年终结转"  # both parts of 支出总计
PROCUREMENT_ITEMS = "采购明细"  # by item; names that occur twice in a unit are told apart


class Entry(NamedTuple):
    """A raw line reduced to its dimensions and its amount in fen; `owed` when the amount is 待填."""

    fen: int
    owed: bool
    place: Place
    unit: str
    fund: str = ""
    fund_group: str = ""
    origin: str = ""  # 本年 or one of CARRIED_ORIGINS
    origin_group: str = ""
    fiscal: str = ""
    function: str = ""
    function_section: str = ""
    function_category: str = ""
    economic: str = ""
    economic_category: str = ""
    government_economic: str = ""
    kind: str = ""
    nature: str = ""
    project: str = ""
    procurement_category: str = ""

    @property
    def unit_and_project(self) -> str:
        """Projects of different units may have one name."""
        return f"{self.unit}/{self.project}"

    @property
    def written_origin(self) -> str:
        """来源年度 as the data line says it."""
        return CARRIED if self.origin == CARRIED_OVER else self.origin


class Selection(NamedTuple):
    """What a set of filters selects: the exact sum in fen (None if no line), and the entries."""

    fen: int | None
    owed: bool
    entries: tuple[Entry, ...]


EMPTY = Selection(None, False, ())

# Dimension -> attribute of Entry by the length of the value (0: any length).
DIMENSIONS: Mapping[str, Mapping[int, str]] = {
    "单位": {0: "unit"},
    "资金来源": {0: "fund"},
    "来源年度": {0: "origin"},
    "财政拨款": {0: "fiscal"},
    "功能科目": {7: "function", 5: "function_section", 3: "function_category"},
    "经济科目": {5: "economic", 3: "economic_category"},
    "政府经济科目": {0: "government_economic"},
    "类别": {0: "kind"},
    "支出性质": {0: "nature"},
    "项目": {0: "project"},
    "单位和项目": {0: "unit_and_project"},
    "采购目录": {0: "procurement_category"},
}

_CODED = ("功能科目", "经济科目")
_GROUP_OF: Mapping[str, Callable[[str], str]] = {"资金来源": fund_group, "来源年度": origin_group}

Filters = tuple[tuple[str, tuple[str, ...]], ...]
# Entries by the value of an attribute, or by the tuple of several ones.
Groups = Mapping[object, Sequence[Entry]]


@lru_cache(maxsize=65536)
def attribute_of(dimension: str, value: str) -> str:
    """The Entry attribute that holds `value`; KeyError for an unknown dimension or level."""
    if dimension == "资金来源" and value in FUND_GROUPS:
        return "fund_group"
    if dimension == "来源年度" and value not in CARRIED_ORIGINS:
        return "origin_group"
    levels = DIMENSIONS[dimension]
    return levels[0] if 0 in levels else levels[len(value)]


def contains(dimension: str, wide: str, narrow: str) -> bool:
    """301 contains 30101; 单位资金 contains 事业收入; everything contains itself."""
    if dimension in _CODED:
        return narrow.startswith(wide)
    return wide == narrow or (dimension in _GROUP_OF and _GROUP_OF[dimension](narrow) == wide)


def within(narrow: Filters, wide: Filters) -> bool:
    """Whether what the narrow filters select, the wide ones select too, whatever the lines are."""
    values_by_dimension = dict(narrow)
    return all(
        dimension in values_by_dimension
        and all(
            any(contains(dimension, value, own) for value in values)
            for own in values_by_dimension[dimension]
        )
        for dimension, values in wide
    )


def _widest(dimension: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """The values that no other one contains, each once: of 302 and 30201 only 302."""
    return tuple(
        value
        for value in dict.fromkeys(values)
        if not any(other != value and contains(dimension, other, value) for other in values)
    )


class Measure:
    """Entries of one kind (支出, 收入 …), summed by filters; indexes are made when first needed."""

    def __init__(self, name: str, entries: Iterable[Entry]) -> None:
        self.name = name
        self.entries = tuple(entries)
        self._groups: dict[tuple[Filters, tuple[str, ...]], Groups] = {}
        self._selections: dict[Filters, Selection] = {}

    def select(self, filters: Filters) -> Selection:
        """The entries that match every filter (any of its values), with their exact sum."""
        selection = self._selections.get(filters)
        if selection is None:
            selection = self._selections[filters] = selection_of(self._matching(filters))
        return selection

    def values(self, attribute: str, filters: Filters = ()) -> tuple[str, ...]:
        """The distinct values of an Entry attribute among the selected entries, sorted."""
        return tuple(sorted(set(map(_getter(attribute), self.select(filters).entries))))

    def _matching(self, filters: Filters) -> Sequence[Entry]:
        attributes, values = [], []
        for dimension, chosen in filters:
            if len(chosen) != 1:
                return self._matching_any(filters)
            attributes.append(attribute_of(dimension, chosen[0]))
            values.append(chosen[0])
        return self._group(tuple(attributes), tuple(values))

    def _matching_any(self, filters: Filters) -> list[Entry]:
        choices = [
            [(attribute_of(dimension, value), value) for value in _widest(dimension, values)]
            for dimension, values in filters
        ]
        found: list[Entry] = []
        for combination in product(*choices):
            attributes, values = zip(*combination, strict=True)
            found += self._group(attributes, values)
        return found

    def _group(self, attributes: tuple[str, ...], values: tuple[str, ...]) -> Sequence[Entry]:
        groups = self.groups((), attributes)
        return groups.get(values[0] if len(values) == 1 else values, ())

    def groups(self, filters: Filters, attributes: tuple[str, ...]) -> Groups:
        """The selected entries by the value of an attribute, or by the tuple of several ones."""
        groups = self._groups.get((filters, attributes))
        if groups is None:
            entries = self.select(filters).entries if filters else self.entries
            groups = self._groups[filters, attributes] = _grouped(entries, attributes)
        return groups


@lru_cache(maxsize=256)
def _getter(*attributes: str) -> Callable[[Entry], Any]:
    """By position, which takes half the time, where all of them are fields."""
    fields = Entry._fields
    if all(name in fields for name in attributes):
        return itemgetter(*map(fields.index, attributes))
    return attrgetter(*attributes)


_fen_of, _owed_of = _getter("fen"), _getter("owed")


def selection_of(entries: Sequence[Entry]) -> Selection:
    """Their exact sum; None if there are none."""
    if not entries:
        return EMPTY
    return Selection(sum(map(_fen_of, entries)), any(map(_owed_of, entries)), tuple(entries))


def _grouped(entries: Sequence[Entry], attributes: tuple[str, ...]) -> Groups:
    if not attributes:
        return {(): entries}
    groups: dict[object, list[Entry]] = defaultdict(list)
    if entries:
        for value, entry in zip(map(_getter(*attributes), entries), entries, strict=True):
            groups[value].append(entry)
    return groups


def measures_of(budget: Budget) -> dict[str, Measure]:
    """The measures of a budget by name."""
    revenue = budget.revenue
    spent = tuple(map(_expenditure_entry, budget.expenditure))
    fiscal = tuple(filter(None, map(_fiscal_entry, revenue)))
    carried_out = tuple(_carried_out_entries(budget.department.carried_out, fiscal, spent))
    bought = tuple(map(_procurement_entry, budget.procurement))
    return {
        measure.name: measure
        for measure in (
            Measure(EXPENDITURE, spent),
            Measure("收入", (_revenue_entry(line, line.amount) for line in revenue)),
            Measure("财政拨款收入", fiscal),
            Measure(CARRIED_OUT, carried_out),
            Measure(SPENT_OR_CARRIED_OUT, spent + carried_out),
            Measure(PROCUREMENT, bought),
            Measure(PROCUREMENT_ITEMS, _by_item(bought, budget.procurement)),
        )
    }


def _by_item(entries: Sequence[Entry], items: Sequence[ProcurementItem]) -> Iterator[Entry]:
    names = distinct(f"{item.unit}/{item.name}" for item in items)
    for entry, name in zip(entries, names, strict=True):
        yield entry._replace(project=name.partition("/")[2])


def distinct(keys: Iterable[str]) -> Iterator[str]:
    """The same keys in order; the second of a kind becomes key#2, the third key#3."""
    count_by_key: dict[str, int] = {}
    used: set[str] = set()
    for key in keys:
        candidate = key
        while candidate in used:
            count_by_key[key] = count_by_key.get(key, 1) + 1
            candidate = f"{key}#{count_by_key[key]}"
        used.add(candidate)
        yield candidate


def _fen(amount: Amount) -> tuple[int, bool]:
    return (0, True) if isinstance(amount, OwedAmount) else (int(amount), False)


def _origins(written: str) -> tuple[str, str]:
    """The origin of a line and its group; `written` is 来源年度 as the line says it."""
    return CARRIED_OVER if written == CARRIED else written, origin_group(written)


def _expenditure_entry(line: ExpenditureLine) -> Entry:
    fen, owed = _fen(line.amount)
    function = line.function
    return Entry(
        fen,
        owed,
        line.place,
        line.unit,
        line.fund,
        fund_group(line.fund),
        *_origins(line.origin),
        "是" if line.fiscal else "否",
        function,
        function[:5],
        function[:3],
        line.economic,
        line.economic[:3],
        line.government_economic,
        line.kind,
        _NATURE_BY_KIND[line.kind],
        line.project,
    )


def _revenue_entry(line: RevenueLine, amount: Amount) -> Entry:
    fen, owed = _fen(amount)
    funds = line.fund, fund_group(line.fund)
    return Entry(fen, owed, line.place, line.unit, *funds, *_origins(line.origin))


def _fiscal_entry(line: RevenueLine) -> Entry | None:
    """财政拨款: of a general public budget line what it says, else the whole; of the other fiscal
    funds the whole line.
    """
    if fund_group(line.fund) not in FISCAL_FUNDS:
        return None
    return _revenue_entry(line, line.amount if line.fiscal is None else line.fiscal)


def _carried_out_entries(
    items: Sequence[CarriedOut], fiscal: Sequence[Entry], spent: Sequence[Entry]
) -> Iterator[Entry]:
    """Of the general public budget, 财政拨款 is what its revenue leaves unspent in that unit; all of
    it as long as that revenue is 待填.
    """
    unspent: dict[str, int] = defaultdict(int)
    unknown = {entry.unit for entry in fiscal if entry.owed and entry.fund == GENERAL_PUBLIC_BUDGET}
    if any(item.fund == GENERAL_PUBLIC_BUDGET for item in items):
        for entry in fiscal:
            if entry.fund == GENERAL_PUBLIC_BUDGET:
                unspent[entry.unit] += entry.fen
        for entry in spent:
            if entry.fund == GENERAL_PUBLIC_BUDGET and entry.fiscal == "是":
                unspent[entry.unit] -= entry.fen
    for item in items:
        fen, owed = _fen(item.amount)
        whole = Entry(
            fen, owed, item.place, item.unit, item.fund, fund_group(item.fund), fiscal="是"
        )
        rest = 0
        if item.fund == GENERAL_PUBLIC_BUDGET and item.unit not in unknown:
            rest = fen - min(fen, unspent[item.unit])
            unspent[item.unit] -= fen - rest
        if rest < fen or not rest:
            yield whole._replace(fen=fen - rest)
        if rest:
            yield whole._replace(fen=rest, fiscal="否")


def _procurement_entry(item: ProcurementItem) -> Entry:
    fen, owed = _fen(item.amount)
    function = item.function
    return Entry(
        fen,
        owed,
        item.place,
        item.unit,
        function=function,
        function_section=function[:5],
        function_category=function[:3],
        procurement_category=item.category,
    )
