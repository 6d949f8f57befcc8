"""What a file should read: the document as lines and grids, each with its figures and its place.

Prepared once for a document; comparing many files with it costs only the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from generator.document import (
    FIGURE,
    HEADER,
    WORD,
    Cell,
    Contents,
    Document,
    Heading,
    Paragraph,
    Row,
    Segment,
    Table,
    contents_entries,
    text_of,
)
from generator.verify.numerals import measure_of_table, value_of, with_measure
from generator.verify.visible import shortened


class Printed(NamedTuple):
    """A figure printed at `start:end` of a text; `anchor` numbers its bookmark, 0 if none.

    `measure` is that of its table, whose amounts have none of their own.
    """

    figure: str
    text: str
    start: int
    end: int
    where: str = ""
    anchor: int = 0
    measure: str = ""

    @property
    def measured(self) -> str:
        return with_measure(self.text, self.measure)


class Line(NamedTuple):
    """A paragraph outside tables; an `entry` of the contents may change its page number."""

    text: str
    printed: tuple[Printed, ...]
    where: str
    entry: bool = False
    breaks: tuple[int, ...] = ()  # edges of segments: no word of the text crosses one
    computed: tuple[tuple[int, int], ...] = ()  # where the words stand that figures decide
    measure: str = ""  # that of the amounts of the table below, where the line names it


class GridCell(NamedTuple):
    """A table cell; it is `for_amounts` if figures are all that its column holds."""

    text: str
    printed: Printed | None
    where: str
    for_amounts: bool


class GridRow(NamedTuple):
    """A table row; `label` is how people find it, `anchor` numbers its bookmark, 0 if none."""

    texts: tuple[str, ...]
    cells: tuple[GridCell, ...]
    key: str
    label: str
    anchor: int


class Grid(NamedTuple):
    """A table without its title and notes, which are lines."""

    id: str
    title: str
    rows: tuple[GridRow, ...]
    texts: tuple[tuple[str, ...], ...]
    measure: str = ""

    def where(self, row: int) -> str:
        return row_place(self.title, row, self.rows[row].label)


def row_place(title: str, row: int, label: str) -> str:
    """表“…”第5行（201 行政运行）."""
    return f"表“{title}”第{row + 1}行" + (f"（{label}）" if label else "")


Item = Line | Grid
_LABEL = 40


@dataclass(frozen=True)
class Baseline:
    """A document prepared for comparing; `furniture` None: headers and footers are not compared."""

    document: Document
    items: tuple[Item, ...]
    furniture: frozenset[str] | None = None

    @cached_property
    def figure_anchors(self) -> tuple[Printed, ...]:
        """The figures that have bookmarks, in the order of their numbers."""
        lines = (item for item in self.items if isinstance(item, Line))
        return tuple(printed for line in lines for printed in line.printed if printed.anchor)

    @cached_property
    def row_anchors(self) -> Mapping[tuple[str, str], int]:
        """(table id, row key) -> number of the row's bookmark."""
        grids = (item for item in self.items if isinstance(item, Grid))
        return {(grid.id, row.key): row.anchor for grid in grids for row in grid.rows if row.anchor}

    @cached_property
    def printed_by_value(self) -> Mapping[Decimal, tuple[tuple[str, str], ...]]:
        """Value -> (figure, text with its measure) of all printings with that numeral, each once."""
        found: dict[Decimal, dict[tuple[str, str], None]] = {}
        for printed in self.printed():
            value, _ = value_of(printed.text)
            if value is not None:
                found.setdefault(value, {})[printed.figure, printed.measured] = None
        return {value: tuple(names) for value, names in found.items()}

    @cached_property
    def printings_by_figure(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """Figure -> (text, text with its measure) of all its printings."""
        found: dict[str, set[tuple[str, str]]] = {}
        for printed in self.printed():
            found.setdefault(printed.figure, set()).add((printed.text, printed.measured))
        return {figure: frozenset(texts) for figure, texts in found.items()}

    def printed(self) -> Iterator[Printed]:
        """Every printed figure, in the order of the document."""
        for item in self.items:
            if isinstance(item, Line):
                yield from item.printed
            else:
                cells = chain.from_iterable(row.cells for row in item.rows)
                yield from (cell.printed for cell in cells if cell.printed)


def baseline_of(document: Document, furniture: frozenset[str] | None = None) -> Baseline:
    """The lines and grids a file of `document` must hold, in order; empty lines are left out."""
    builder = _Builder()
    items = tuple(
        item for item in builder.items(document) if not isinstance(item, Line) or item.text
    )
    return Baseline(document, items, furniture)


class _Builder:
    """Numbers bookmarks as the Word writer does, and remembers the headings above each line."""

    def __init__(self) -> None:
        self.figures = 0
        self.rows = 0
        self.trail: list[str] = []
        self.paragraphs = 0

    def items(self, document: Document) -> Iterator[Item]:
        for block in document.blocks():
            match block:
                case Heading():
                    self.trail[block.level :] = [_short(text_of(block.segments))]
                    self.paragraphs = 0
                    yield self._line(block.segments, f"标题“{text_of(block.segments)}”")
                case Paragraph():
                    self.paragraphs += 1
                    yield self._line(block.segments, self._place())
                case Contents():
                    for entry in contents_entries(document):
                        yield Line(entry.text, (), f"目录“{entry.text}”", entry=True)
                case Table():
                    yield from self._table(block)

    def _place(self) -> str:
        trail = " → ".join(self.trail[-2:]) or "封面"
        return f"{trail} 第{self.paragraphs}段"

    def _line(self, segments: tuple[Segment, ...], where: str) -> Line:
        printed, breaks, computed, end = [], [], [], 0
        for segment in segments:
            start, end = end, end + len(segment.text)
            breaks.append(end)
            if segment.kind == WORD:
                computed.append((start, end))
            if segment.kind == FIGURE:
                self.figures += 1
                figure = segment.figure or ""
                text = segment.text
                printed.append(Printed(figure, text, start, end, where, self.figures))
        text = text_of(segments)
        return Line(text, tuple(printed), where, breaks=tuple(breaks), computed=tuple(computed))

    def _table(self, table: Table) -> Iterator[Item]:
        title = text_of(table.title)
        yield self._line(table.title, f"表“{title}”的标题")
        yield Line(table.subtitle, (), f"表“{title}”的副标题")
        measure = measure_of_table(table.corner)
        yield Line(table.corner, (), f"表“{title}”的表头上方", measure=measure)
        columns = [column.key for column in table.columns]
        for part in table.parts():
            worded = _worded_columns(part.rows)
            rows = tuple(
                self._row(row, row_place(title, n, _label(row)), columns, worded, measure)
                for n, row in enumerate(part.rows)
            )
            yield Grid(table.id, title, rows, tuple(row.texts for row in rows), measure)
        for number, note in enumerate(table.notes, 1):
            yield self._line(note, f"表“{title}”的第{number}条注")

    def _row(
        self, row: Row, place: str, columns: Sequence[str], worded: Set[int], measure: str
    ) -> GridRow:
        header = row.role == HEADER
        self.rows += not header and bool(row.cells)
        texts = range(len(columns)) if header else worded
        cells = tuple(
            _grid_cell(cell, place, columns, measure, for_amounts=cell.column not in texts)
            for cell in row.cells
        )
        anchor = 0 if header or not row.cells else self.rows
        return GridRow(tuple(cell.text for cell in row.cells), cells, row.key, _label(row), anchor)


def _short(heading: str) -> str:
    """第二部分 某局2023年部门预算情况说明 -> 第二部分: the rest of a page title says no more."""
    if len(heading) <= _LABEL // 2:
        return heading
    return re.split(r"[\s：]", heading, maxsplit=1)[0]


def _label(row: Row) -> str:
    """The words of a row, each once: how people find it."""
    label = " ".join(dict.fromkeys(c.text for c in row.cells if c.text and not c.figure))
    return shortened(label.replace("\n", " "), _LABEL)


def _worded_columns(rows: Sequence[Row]) -> frozenset[int]:
    """The columns that hold names, codes or words below the header."""
    cells = chain.from_iterable(row.cells for row in rows if row.role != HEADER)
    return frozenset(c.column for c in cells if c.text and (not c.figure or c.kind == WORD))


def _grid_cell(
    cell: Cell, place: str, columns: Sequence[str], measure: str, *, for_amounts: bool
) -> GridCell:
    column = columns[cell.column] or f"第{cell.column + 1}列"
    where = f"{place}“{column}”"
    printed = None
    if cell.figure and cell.kind != WORD and cell.text:
        printed = Printed(cell.figure, cell.text, 0, len(cell.text), where, measure=measure)
    return GridCell(cell.text, printed, where, for_amounts)
