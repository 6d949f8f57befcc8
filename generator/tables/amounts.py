"""Amount cells: which figure a column and a row select together, and how it prints.

Worked column by column: most cells of most tables are blank, and one set per column tells which.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from generator.document import FIGURE, LITERAL, OWED, Cell
from generator.figures.book import FigureBook
from generator.figures.expressions import Select
from generator.figures.figure import Figure
from generator.figures.measures import Filters, Groups, attribute_of
from generator.numerals import table_text
from generator.problems import Place
from generator.tables.filters import intersection
from generator.tables.plan import Amount
from generator.tables.rows import RowItem
from generator.tables.spec import AS_BLANK, AS_DASH, AS_ZERO


class RowKind(NamedTuple):
    """What the rows of one kind have in common: what they filter by, and in which measure.

    `names` are the attributes of an entry that hold the filters' values; empty if a filter has
    several values, for then no single value tells an entry's row.
    """

    dimensions: tuple[str, ...]
    measure: str
    names: tuple[str, ...]


class RowKey(NamedTuple):
    """What a row selects: its filters, and the values of its kind's attributes."""

    filters: Filters
    kind: RowKind
    values: object


class Spot(NamedTuple):
    """Where the cells of a column stand."""

    column: int
    span: int
    align: str
    place: Place


class _Column(NamedTuple):
    """A column's selection for one kind of rows; `entries_by_values` are its lines by the rows'
    values, None if every row has to be asked.
    """

    measure: str
    filters: Filters
    disjoint: bool
    entries_by_values: Groups | None


NO_FILTER = RowKey((), RowKind((), "", ()), ())


def row_keys(items: Sequence[RowItem]) -> list[RowKey]:
    """What each row selects, worked out once for all columns; equal kinds are one object."""
    kinds: dict[RowKind, RowKind] = {}
    keys = []
    for item in items:
        filters = item.filters
        if not filters:
            keys.append(NO_FILTER)
            continue
        names: tuple[str, ...] = tuple([attribute_of(name, texts[0]) for name, texts in filters])
        values: object = tuple([texts[0] for _, texts in filters])
        if any(len(texts) > 1 for _, texts in filters):
            names = ()
        elif len(names) == 1:
            values = filters[0][1][0]
        kind = RowKind(tuple([name for name, _ in filters]), item.measure, names)
        keys.append(RowKey(filters, kinds.setdefault(kind, kind), values))
    return keys


class PrintStyle(NamedTuple):
    """What a place decides of the cells: thousands separators, and how 待填 is printed."""

    grouped: bool = False
    owed: str = "【待填：{内容}】"

    def owed_words(self, content: str) -> str:
        return self.owed.replace("{内容}", content)


PLAIN = PrintStyle()


@lru_cache(maxsize=65536)  # the same columns and rows meet in every document
def _both(measure: str, column: Filters, row: Filters) -> Select:
    return Select(measure, tuple(sorted(column + row)))


class AmountPrinter:
    """Prints amounts of one book."""

    def __init__(self, book: FigureBook, style: PrintStyle) -> None:
        self.book = book
        self.style = style
        self.text_of_blank = {
            AS_BLANK: "",
            AS_ZERO: table_text(book.published_measure.round(0)),
            AS_DASH: "—",
        }

    def cells(
        self, amount: Amount, keys: Sequence[RowKey], spot: Spot, heights: Sequence[int]
    ) -> list[Cell]:
        """The cells of a column, one per row; `heights` are their row spans."""
        blank = Cell("", spot.column, spot.span, 1, spot.align)
        figures = self._figures(amount, keys)
        if not figures:
            return [blank if height == 1 else blank._replace(row_span=height) for height in heights]
        return [
            self._cell(figure, amount, spot, height)
            if figure is not None
            else (blank if height == 1 else blank._replace(row_span=height))
            for figure, height in zip(figures, heights, strict=True)
        ]

    def _figures(self, amount: Amount, keys: Sequence[RowKey]) -> list[Figure | None] | None:
        """The one figure that the column and each row select: None where nothing is to be printed,
        and None for all of them if that is so in every row.
        """
        book = self.book
        if amount.named:
            return [book.named(amount.named)] * len(keys)
        if amount.select is None:
            return None
        select = amount.select
        only_present = amount.blank == AS_BLANK
        total: Figure | None = None
        kind: RowKind | None = None
        column: _Column | None = None
        figures: list[Figure | None] = []
        for filters, own_kind, values in keys:
            if not filters:
                total = total or book.select(select)
                figures.append(total)
                continue
            if own_kind is not kind:
                kind = own_kind
                column = self._column(select, kind, only_present)
            assert column is not None
            entries = None
            if column.entries_by_values is not None:
                entries = column.entries_by_values.get(values)
                if entries is None:
                    figures.append(None)
                    continue
            if column.disjoint:
                both = _both(column.measure, column.filters, filters)
                figures.append(book.select(both, entries))
            else:
                common = intersection(column.filters, filters)
                chosen = None if common is None else Select(column.measure, common)
                figures.append(book.select(chosen, entries) if chosen else None)
        return figures

    def _column(self, select: Select, kind: RowKind, only_present: bool) -> _Column:
        """A column as rows of one kind meet it."""
        own, filters = kind.measure or select.measure, select.filters
        disjoint = not any(dimension in kind.dimensions for dimension, _ in filters)
        by_values = None
        if kind.names and only_present:
            by_values = self.book.measures[own].groups(filters, kind.names)
        return _Column(own, filters, disjoint, by_values)

    def _cell(self, figure: Figure, amount: Amount, spot: Spot, height: int) -> Cell:
        text, kind, name = self._content(figure, amount)
        # A third of the time of Cell(…), for the line that runs for every amount of the tables.
        values = text, spot.column, spot.span, height, spot.align, kind, name, spot.place, False
        return tuple.__new__(Cell, values)

    def _content(self, figure: Figure, amount: Amount) -> tuple[str, str, str | None]:
        """Text, kind and figure of a cell."""
        if figure.owed:
            return self.style.owed_words(self.book.label(figure)), OWED, figure.name
        shown = amount.blank if figure.exact is None else amount.zero
        if figure.exact:
            assert figure.printed is not None
            return table_text(figure.printed, self.style.grouped), FIGURE, figure.name
        if shown != AS_ZERO:
            return self.text_of_blank[shown], LITERAL, None
        if figure.printed is not None:
            return table_text(figure.printed, self.style.grouped), FIGURE, figure.name
        return self.text_of_blank[shown], FIGURE, figure.name
