"""How a table is fitted to its page: letter size, row height and the widths of its columns.

Estimated from the text, as no font is at hand.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from typing import NamedTuple

from generator.document import HEADER, Cell, Row, Table, text_of
from generator.writers.docx import roles
from generator.writers.docx.widths import SIDES, Wants, edges_of, length_of, wants_of, width_of

# Points per column from which 五号 and 小五 are readable in headers of a few characters.
_ROOMY, _TIGHT = 52, 30
# Of a cell: its margins above and below and the line.
_ENDS = 40
# The first so many sizes are readable at ease.
_READABLE = 3
# Lines that a name may take, the first that the page has room for; at last as many as there are.
_FEW_LINES, _MANY_LINES = (4, 7), (12, 10_000)
# More rows than this never fit a page.
_ROWS_OF_A_PAGE = 60
# 六号 is hard on the eyes: only where one page of it stands for more pages than this.
_WORTH_SMALL_LETTERS = 2
# Twips around a table: of its border, and of the paragraph that ends a section or begins a page.
_FRAME = 40
# Twips of the lines around a table: title, subtitle, corner, a line of notes, a page title above.
_TITLE, _SUBTITLE, _CORNER, _NOTE, _PAGE_TITLE = 700, 460, 360, 320, 1737


class Page(NamedTuple):
    """The room for text, in twips."""

    width: int
    height: int


class Fit(NamedTuple):
    """`row_height` is a minimum; `edges` are the left edges of the columns and the right edge."""

    size: roles.CellSize
    row_height: int
    edges: tuple[int, ...]


def fit_table(table: Table, page: Page, *, same_page: bool) -> Fit:
    """The largest letters in which no number is broken and no name takes many lines; smaller or
    closer if that saves a page.
    """
    wants = wants_of(table)
    weights = tuple(column.width for column in table.columns)
    first, least = _first_size(wants, page.width)
    room = page.height - _height_around(table, page.width, same_page=same_page)
    largest: Fit | None = None
    pages = 0.0
    for number, size in enumerate(roles.CELL_SIZES[first : max(_READABLE, first + 1)], first):
        if largest and number > 1 and pages <= _WORTH_SMALL_LETTERS:
            break
        edges = edges_of(weights, wants, least, size.points, page.width)
        largest = largest or Fit(size, size.row_height, edges)
        if len(table.rows) > _ROWS_OF_A_PAGE:
            break
        lines_by_row = tuple(_lines(table.rows, edges, wants, size.points * 10))
        lines = Counter(lines_by_row)
        pages = pages or _height(lines, size, size.row_height) / room
        heights = (size.row_height, size.least_row_height)
        for height in heights:
            if _height(lines, size, height) <= room:
                return Fit(size, height, edges)
        if number == first:
            rooms = (room, page.height - _FRAME)
            taken = [_pages(lines_by_row, table.header_rows, size, h, rooms) for h in heights]
            if taken[1] < taken[0]:
                largest = Fit(size, size.least_row_height, edges)
    assert largest is not None
    return largest


def header_heights(rows: Sequence[Row], fit: Fit) -> tuple[int, ...]:
    """The least height of each header row: cells over several rows have room in them.

    LibreOffice makes that room itself, but not where it repeats the header on a further page.
    """
    least = [fit.row_height] * len(rows)
    if all(height <= span * fit.row_height for span, _, height in _needs(rows, fit, 2)):
        return tuple(least)  # most headers
    grown = list(least)  # of cells that are in one row, too
    for span, number, height in sorted(_needs(rows, fit, 1)):
        last = number + span - 1
        lack = height - sum(grown[number : last + 1])
        if lack > 0 and last < len(rows):
            grown[last] += lack
            if span > 1:
                least[last] = grown[last]
    return tuple(least)


def _needs(rows: Sequence[Row], fit: Fit, least_span: int) -> Iterator[tuple[int, int, int]]:
    """Rows, first row and height of every cell; lines are wrapped after whole characters."""
    edges, character, line_height = fit.edges, fit.size.points * 20, fit.size.line_height
    for number, row in enumerate(rows):
        for text, column, columns, span, _, _, _, _, _ in row.cells:
            if span >= least_span and column + columns < len(edges):
                width = edges[column + columns] - edges[column] - SIDES
                room = max(int(width / character), 1) * 2
                lines = sum([math.ceil(length_of(line) / room) for line in text.split("\n")])
                yield span, number, lines * line_height + _ENDS


def _first_size(wants: Wants, width: int) -> tuple[int, tuple[int, ...]]:
    """Index of the largest size in which the columns are wide enough, and what they need at least.

    Rather high rows than letters smaller than readable ones, unless a number would be broken.
    """
    points = width / 20 / max(len(wants.words), 1)
    readable = [number for number, wanted in enumerate((_ROOMY, _TIGHT, 0)) if points >= wanted]
    small = range(_READABLE, len(roles.CELL_SIZES))
    trials = chain(
        product(_FEW_LINES, readable),
        product(_FEW_LINES, small),
        product(_MANY_LINES, (*readable, *small)),
    )
    for lines, number in trials:
        least = wants.least(lines)
        size = roles.CELL_SIZES[number]
        if sum([width_of(halves, size.points) for halves in least]) <= width:
            return number, least
    return small[-1], wants.least(_FEW_LINES[-1])


def _height_around(table: Table, width: int, *, same_page: bool) -> int:
    """Of the title and what else stands on the page of the table, in twips."""
    titles = math.ceil(length_of(text_of(table.title)) * 18 * 10 / width)
    height = _FRAME + _TITLE * titles + (_PAGE_TITLE if same_page else 0)
    if table.subtitle:
        height += _SUBTITLE
    if table.corner_left or table.corner_right:
        height += _CORNER
    for note in table.notes:
        height += _NOTE * math.ceil(length_of(text_of(note)) * 10.5 * 10 / width) + 100
    return height


def _lines(rows: Sequence[Row], edges: Sequence[int], wants: Wants, half: float) -> Iterator[int]:
    """How many each row takes; cells over several rows are taken to have room."""
    in_body, in_header = wants.wrapping(edges, half)
    for row in rows:
        wrapping = in_header if row.role == HEADER else in_body
        cells: Iterable[Cell] = row.cells if wrapping else ()
        if len(row.cells) == len(edges) - 1:  # one over each column: most rows
            cells = [row.cells[column] for column in wrapping]
        lines = 1
        for text, column, columns, span, _, _, _, _, _ in cells:
            end = column + columns
            if not text or column not in wrapping or span > 1 or end >= len(edges):
                continue
            width = max(edges[end] - edges[column] - SIDES, 1)
            if "\n" in text:
                needed = sum(
                    [math.ceil(length_of(line) * half / width) for line in text.split("\n")]
                )
            else:
                needed = math.ceil(length_of(text) * half / width)
            lines = max(lines, needed)
        yield lines


def _height(rows_by_lines: Mapping[int, int], size: roles.CellSize, row_height: int) -> int:
    """Of all rows, in twips."""
    line_height = size.line_height
    return sum(
        rows * max(row_height, lines * line_height + _ENDS) for lines, rows in rows_by_lines.items()
    )


def _pages(
    lines_by_row: Sequence[int],
    header_rows: int,
    size: roles.CellSize,
    row_height: int,
    rooms: tuple[int, int],
) -> int:
    """On how many pages the rows stand, the header on each; `rooms` on the first and the others."""
    heights = [max(row_height, lines * size.line_height + _ENDS) for lines in lines_by_row]
    header = sum(heights[:header_rows])
    pages, left = 1, rooms[0] - header
    for height in heights[header_rows:]:
        if height > left:
            pages, left = pages + 1, rooms[1] - header
        left -= height
    return pages
