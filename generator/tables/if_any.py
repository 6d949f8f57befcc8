"""Columns that are printed only where there is money: 有数才印."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import count

from generator.figures.book import FigureBook
from generator.tables.plan import Amount, Layout, plan_layout
from generator.tables.spec import ColumnSpec


def has_amount(book: FigureBook, amount: Amount) -> bool:
    """Whether the whole department has any money there; none where the cell prints no amount."""
    if amount.select is not None:
        return bool(book.select(amount.select))
    return bool(amount.named and book.named(amount.named))


def with_amounts(layout: Layout, book: FigureBook) -> Layout:
    """The layout without the columns 有数才印 that have no money in this budget."""
    empty = (c.column for c in layout.columns if c.if_any and not has_amount(book, c.amount))
    dropped = frozenset(empty)
    return _without(layout, dropped) if dropped else layout


@lru_cache(maxsize=256)
def _without(layout: Layout, dropped: frozenset[int]) -> Layout:
    """The valid layout planned anew; columns are counted as the plan counts them."""
    numbers = count()

    def kept(columns: Iterable[ColumnSpec]) -> Iterator[ColumnSpec]:
        for column in columns:
            if column.columns:
                below = tuple(kept(column.columns))
                if below:
                    yield replace(column, columns=below)
            elif next(numbers) not in dropped:
                yield column

    spec = replace(layout.spec, columns=tuple(kept(layout.spec.columns)))
    planned, problems = plan_layout(layout.id, spec, lambda place, _: place)
    assert planned is not None, problems
    return planned
