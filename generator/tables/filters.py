"""Conditions on raw lines: whether one contains another, and what two of them have in common."""

from __future__ import annotations

from generator.figures.measures import Filters, contains


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
