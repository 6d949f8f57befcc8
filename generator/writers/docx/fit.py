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
# The first so many sizes are readable.
_READABLE = 3
# Lines that a name may take, or characters that are enough for a line of it: the first that the
# page has room for; at last one.
_EASY_NAMES, _NARROW_NAMES, _ANY_NAMES = ((4, 99), (7, 99)), (7, 6), (7, 1)
# Where not even the numbers have room.
_CUT_NAMES = (9, 4)
# More rows than this never fit a page.
_ROWS_OF_A_PAGE = 60
# 六号 is hard on the eyes: only where names that wrap take the second page, and this much of it,
# or where a page would be begun for a few rows.
_WORTH_SMALL_LETTERS = 1.5
# No page is begun for so few rows; rows move closer by so many twips until there is none.
_FEW_ROWS, _STEP = 3, 12
# Twips around a table: of its border, and of the paragraph that ends a section or begins a page.
_FRAME = 40
# Twips of the lines around a table: title, subtitle, corner, a line of notes, a page title above.
_TITLE, _SUBTITLE, _CORNER, _NOTE, _PAGE_TITLE = 700, 460, 360, 320, 1737


class Page(NamedTuple):
    """The room for text, in twips."""

    width: int
    height: int


class _Trial(NamedTuple):
    """A table in letters of one size."""

    size: roles.CellSize
    edges: tuple[int, ...]
    lines_by_row: tuple[int, ...]


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
    first, least = _first_size(wants, page.width)
    room = page.height - _height_around(table, page.width, same_page=same_page)
    sizes = roles.CELL_SIZES[first : max(_READABLE, first + 1)]
    more = _trials(table, wants, least, sizes, page.width)
    trials: list[_Trial] = []
    for trial in more:
        trials.append(trial)
        size, edges, lines_by_row = trial
        if len(lines_by_row) > _ROWS_OF_A_PAGE:
            break
        lines = Counter(lines_by_row)
        for height in (size.row_height, size.least_row_height):
            if _height(lines, size, height) <= room:
                return Fit(size, height, edges)
        if size is not roles.CELL_SIZES[0] and not _squeezed(trials[0], room):
            break
    rooms = room, page.height - _FRAME
    return _over_pages(trials[0], chain(trials, more), table.header_rows, rooms)


def _trials(
    table: Table,
    wants: Wants,
    least: tuple[int, ...],
    sizes: Sequence[roles.CellSize],
    width: int,
) -> Iterator[_Trial]:
    weights = tuple([column.width for column in table.columns])
    for size in sizes:
        edges = edges_of(weights, wants, least, size.points, width)
        yield _Trial(size, edges, tuple(_lines(table.rows, edges, wants, size.points * 10)))


def _squeezed(trial: _Trial, room: int) -> bool:
    """Whether names that wrap are all that takes a second page, and much of it."""
    size, _, lines = trial
    if len(lines) * size.least_row_height > room:
        return False
    return _height(Counter(lines), size, size.row_height) > _WORTH_SMALL_LETTERS * room


def _over_pages(
    first: _Trial, trials: Iterable[_Trial], header_rows: int, rooms: tuple[int, int]
) -> Fit:
    """At ease; closer if that saves a page of a short table, as little as may be or in smaller
    letters if the last page would be nearly empty.
    """
    ease, least = first.size.row_height, first.size.least_row_height
    pages, rows_left = _pages(first, header_rows, ease, rooms)
    closer: Iterable[tuple[_Trial, int]] = ()
    if rows_left <= _FEW_ROWS:
        rooms = rooms[0] - ease, rooms[1] - ease  # a row to spare for errors of the estimate
        closer = ((trial, height) for trial in trials for height in _heights(trial.size))
    elif len(first.lines_by_row) <= _ROWS_OF_A_PAGE:
        closer = [(first, least)]
    for trial, height in closer:
        if _pages(trial, header_rows, height, rooms)[0] < pages:
            return Fit(trial.size, height, trial.edges)
    return Fit(first.size, ease, first.edges)


def is_too_wide(table: Table, width: int) -> bool:
    """Whether some number is broken, as not even the smallest letters leave room for all."""
    points = roles.CELL_SIZES[-1].points
    return sum(width_of(halves, points) for halves in wants_of(table).words) > width


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
        product(_EASY_NAMES, readable),
        ((_NARROW_NAMES, readable[-1]),),
        ((names, number) for number in small for names in (*_EASY_NAMES, _NARROW_NAMES)),
        ((_ANY_NAMES, number) for number in (*readable, *small)),
    )
    for names, number in trials:
        least = wants.least(*names)
        size = roles.CELL_SIZES[number]
        if sum([width_of(halves, size.points) for halves in least]) <= width:
            return number, least
    return small[-1], wants.least(*_CUT_NAMES)


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
        [
            rows * max(row_height, lines * line_height + _ENDS)
            for lines, rows in rows_by_lines.items()
        ]
    )


def _heights(size: roles.CellSize) -> Iterable[int]:
    return range(size.row_height, size.least_row_height - 1, -_STEP)


def _pages(
    trial: _Trial, header_rows: int, row_height: int, rooms: tuple[int, int]
) -> tuple[int, int]:
    """On how many pages the rows stand, the header on each, and how many on the last of them.

    `rooms` on the first page and on the others.
    """
    line_height = trial.size.line_height
    heights = [max(row_height, lines * line_height + _ENDS) for lines in trial.lines_by_row]
    header = sum(heights[:header_rows])
    pages, begun, left = 1, 0, rooms[0] - header
    for number, height in enumerate(heights[header_rows:]):
        if height > left:
            pages, begun, left = pages + 1, number, rooms[1] - header
        left -= height
    return pages, len(heights) - header_rows - begun
