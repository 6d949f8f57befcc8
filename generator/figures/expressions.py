"""How a figure is computed: a selection of lines, a sum, a count, a difference, a ratio."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from generator.figures.measures import Filters


class Select(NamedTuple):
    """The sum of the lines of a measure that match the filters; no line at all: blank."""

    measure: str
    filters: Filters


class Add(NamedTuple):
    """The sum of other figures; blank if all of them are."""

    names: tuple[str, ...]


class SelectOfKinds(NamedTuple):
    """Like Select, for the units whose kind is in the calibre of 机关运行经费."""

    measure: str
    filters: Filters


class Count(NamedTuple):
    """How many there are: `what` names a countable of the budget."""

    what: str


class Given(NamedTuple):
    """A number that stands in the data as it is: `path` is record.attribute of assets.yaml."""

    path: str


class Subtract(NamedTuple):
    """A change: this year's printed figure less the published one of last year."""

    figure: str


class Ratio(NamedTuple):
    """100 × part ÷ whole, in percent, of printed figures (or exact ones: 变动口径)."""

    part: str
    whole: str


Expression = Select | Add | SelectOfKinds | Count | Given | Subtract | Ratio


@lru_cache(maxsize=16384)  # the same selections are made for every document
def select(measure: str, **filters: str | tuple[str, ...]) -> Select:
    """Filters in canonical order, so that one selection has one name."""
    return Select(measure, tuple(sorted(_canonical(filters))))


@lru_cache(maxsize=65536)
def narrowed(expression: Select, **filters: str | tuple[str, ...]) -> Select:
    """The same selection with more filters; a filter given again replaces the former."""
    kept = [one for one in expression.filters if one[0] not in filters]
    return Select(expression.measure, tuple(sorted(kept + _canonical(filters))))


@lru_cache(maxsize=65536)
def widened(expression: Select, dimension: str) -> Select:
    """The same selection without its filter on a dimension."""
    return Select(expression.measure, tuple(f for f in expression.filters if f[0] != dimension))


def _canonical(filters: Mapping[str, str | tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (dimension, (value,) if isinstance(value, str) else tuple(sorted(value)))
        for dimension, value in filters.items()
    ]
