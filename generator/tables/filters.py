"""Conditions on raw lines: whether one contains another, and what two of them have in common."""

from __future__ import annotations

from dataclasses import fields

from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.expressions import Select
from generator.figures.measures import Filters, contains
from generator.tables.spec import Conditions


def intersection(some: Filters, others: Filters) -> Filters | None:
    """The filters of the lines that match both, in canonical order; None if no line can."""
    by_dimension = dict(some)
    if by_dimension.keys().isdisjoint([dimension for dimension, _ in others]):
        return tuple(sorted(some + others))
    for dimension, values in others:
        if dimension not in by_dimension:
            by_dimension[dimension] = values
        elif common := _common(dimension, by_dimension[dimension], values):
            by_dimension[dimension] = common
        else:
            return None
    return tuple(sorted(by_dimension.items()))


def _common(dimension: str, some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    found = {value for value in some if any(contains(dimension, o, value) for o in others)}
    found |= {value for value in others if any(contains(dimension, s, value) for s in some)}
    return tuple(sorted(found))


_DIMENSIONS = tuple((f.metadata["key"], f.name) for f in fields(Conditions) if "key" in f.metadata)


def filters_of(conditions: Conditions) -> Filters:
    """The conditions that are given, in canonical order."""
    given = ((name, getattr(conditions, attribute)) for name, attribute in _DIMENSIONS)
    return tuple(sorted((name, values) for name, values in given if values))


def selection_of(figure: str) -> Select | None:
    """The selection a registered figure is, or None if it is computed otherwise."""
    expression = DEFINITION_BY_NAME[figure].expression
    return expression if isinstance(expression, Select) else None
