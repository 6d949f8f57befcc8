"""Columns that are named after one condition and select by another: their sums may agree all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from generator.catalogue import Catalogue
from generator.figures.measures import NATURES, contains
from generator.problems import WARNING, Problem
from generator.tables.plan import Layout, LeafColumn
from generator.terms import BASIC_KINDS, FUNDS, OWN_FUND_KINDS, PROJECT_KINDS

_FUND = "资金来源"
_ECONOMIC = "经济科目"
_CATEGORY = 3  # the digits of a 类
# What a name says by itself, of each condition.
_MEANT = {
    _FUND: {name: name for name in FUNDS},
    "支出性质": {name: name for name in NATURES},
    "类别": {name: name for name in (*BASIC_KINDS, *PROJECT_KINDS, *OWN_FUND_KINDS)},
}


def name_problems(layouts: Iterable[Layout], catalogue: Catalogue) -> Iterator[Problem]:
    """A warning per column whose name, or that of a header above it, says another condition."""
    subjects = catalogue.economics
    categories = tuple((s.name, code) for code, s in subjects.items() if len(code) == _CATEGORY)
    for layout in layouts:
        yield from _layout_problems(layout, categories)


@lru_cache(maxsize=256)
def _layout_problems(
    layout: Layout, categories: tuple[tuple[str, str], ...]
) -> tuple[Problem, ...]:
    meant = {**_MEANT, _ECONOMIC: dict(categories)}
    return tuple(p for column in layout.columns for p in _column_problems(column, meant))


def _column_problems(
    column: LeafColumn, meant: Mapping[str, Mapping[str, str]]
) -> Iterator[Problem]:
    select = column.amount.select
    conditions = dict(select.filters) if select is not None else {}
    for dimension, value_by_name in meant.items():
        selected = conditions.get(dimension, ())
        for name in column.path:
            value = value_by_name.get(name)
            if value is None or any(contains(dimension, value, one) for one in selected):
                continue
            if selected:
                message = f"名称是“{name}”，{dimension}的条件却是{'、'.join(selected)}"
            elif select is not None and dimension == _FUND:
                message = f"名称是“{name}”，却没有资金来源的条件"
            else:
                continue
            hint = f"写成 条件: {{{dimension}: {_quoted(value)}}}，或改名称"
            yield Problem("name-condition", message, column.place, hint, WARNING)


def _quoted(value: str) -> str:
    return f'"{value}"' if value.isdigit() else value
