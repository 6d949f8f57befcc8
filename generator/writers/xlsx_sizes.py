"""Column widths and row heights of a table on its page, in Excel's characters and points.

Excel fits no row that holds a merged cell, and shows #### for a number wider than its column: both
are worked out here.
"""

from __future__ import annotations

import math
import unicodedata
from typing import NamedTuple

from generator.document import FIGURE, Table

# What an A4 page holds between its margins, in digits of the default font.
_PAGE_WIDTH = {False: 88.0, True: 132.0}
_NARROWEST = 4.0
_PADDING = 1.5
_LINE_POINTS = 14.5
_ROW_PADDING = 5.0
_HIGHEST = 409.0  # points, Excel's limit


class Sizes(NamedTuple):
    """A width per column and a height per row of the grid; `total` is the sum of the widths."""

    widths: tuple[float, ...]
    heights: tuple[float, ...]

    @property
    def total(self) -> float:
        return sum(self.widths)


def sizes_of(table: Table, *, landscape: bool) -> Sizes:
    """The weights of the columns scaled to the page; wider where a number needs it."""
    weights = [column.width for column in table.columns]
    scale = _PAGE_WIDTH[landscape] / (sum(weights) or 1)
    widths = [max(weight * scale, _NARROWEST) for weight in weights]
    for row in table.rows:
        for cell in row.cells:
            if cell.kind == FIGURE and cell.column_span == 1:
                needed = text_width(cell.text) + _PADDING
                widths[cell.column] = max(widths[cell.column], needed)
    rounded = tuple(round(width, 2) for width in widths)
    return Sizes(rounded, _heights(table, rounded))


def _heights(table: Table, widths: tuple[float, ...]) -> tuple[float, ...]:
    """Each row as high as its cells; a cell over several rows gives its last what is still wanting."""
    heights = [_LINE_POINTS + _ROW_PADDING] * len(table.rows)
    deferred: list[tuple[int, int, float]] = []
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            width = sum(widths[cell.column : cell.column + cell.column_span])
            needed = row_height(cell.text, width)
            if cell.row_span == 1:
                heights[number] = max(heights[number], needed)
            else:
                deferred.append((number, cell.row_span, needed))
    for first, rows, needed in deferred:
        missing = needed - sum(heights[first : first + rows])
        if missing > 0:
            heights[first + rows - 1] += missing
    return tuple(min(round(height, 1), _HIGHEST) for height in heights)


def row_height(text: str, width: float) -> float:
    """The points that `text` takes in a column of `width` digits."""
    room = max(width - _PADDING, 1.0)
    lines = sum(max(1, math.ceil(text_width(line) / room)) for line in text.split("\n"))
    return min(lines * _LINE_POINTS + _ROW_PADDING, _HIGHEST)


def text_width(text: str) -> float:
    """In digits: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
