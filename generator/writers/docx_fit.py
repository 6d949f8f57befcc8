"""How a table is fitted to its page: letter size, row height and the widths of its columns.

Estimated from the text, as no font is at hand: Chinese characters are one em wide, others half.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.document import Row, Table, text_of
from generator.writers import docx_roles as roles

# Points per column from which 五号 and 小五 are readable in headers of a few characters.
_ROOMY, _TIGHT = 52, 30
# Of a cell: its left and right margins and the line; its margins above and below and the line.
_SIDES, _ENDS = 130, 40
# Longer stretches without a break (addresses of web pages) may be broken all the same.
_MOST_EM = 12.0
# More rows than this never fit a page.
_ROWS_OF_A_PAGE = 60
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
    """The largest letters in which no number is broken; smaller or closer if that saves a page."""
    least = _least_ems(table)
    weights = [column.width for column in table.columns]
    first = _first_size(least, page.width)
    sizes = roles.CELL_SIZES[first:]
    fits = [
        Fit(size, height, _edges(weights, [_least(em, size) for em in least], page.width))
        for size in sizes[: 2 if first == 0 else 1]
        for height in (size.row_height, size.least_row_height)
    ]
    if len(table.rows) > _ROWS_OF_A_PAGE:
        return fits[0]
    room = page.height - _height_around(table, page.width, same_page=same_page)
    return next((fit for fit in fits if _fits(table.rows, fit, room)), fits[0])


def _first_size(least: Sequence[float], width: int) -> int:
    """Index of the largest size in which the columns are wide enough, the last if in none."""
    points = width / 20 / max(len(least), 1)
    for number, (size, wanted) in enumerate(
        zip(roles.CELL_SIZES, (_ROOMY, _TIGHT, 0), strict=True)
    ):
        if points >= wanted and sum(_least(em, size) for em in least) <= width:
            return number
    return len(roles.CELL_SIZES) - 1


def _least(em: float, size: roles.CellSize) -> int:
    return math.ceil(em * size.points * 20) + _SIDES


def _least_ems(table: Table) -> list[float]:
    """What each column needs so that no number or code is broken, in em.

    Cells outside the grid are not looked at, here and below: writing them is what complains.
    """
    letters = [2] * len(table.columns)
    for row in table.rows:
        for text, column, columns, *_ in row.cells:
            if columns != 1 or column >= len(letters):
                continue
            if len(text) > letters[column] and text.isascii():
                longest = max(map(len, text.split()), default=0)
                letters[column] = max(letters[column], longest)
    return [min(count / 2, _MOST_EM) for count in letters]


def _edges(weights: Sequence[float], least: Sequence[int], width: int) -> tuple[int, ...]:
    """Shares of `width` by weight; columns that need more get it, at the cost of the others."""
    shares = list(_shares(weights, least, width))
    edges, sum_so_far = [0], 0.0
    for share in shares:
        sum_so_far += share
        edges.append(round(sum_so_far))
    return tuple(edges)


def _shares(weights: Sequence[float], least: Sequence[int], width: int) -> Iterator[float]:
    given: dict[int, int] = {}
    if sum(least) > width:
        least = [0] * len(weights)
    while True:
        rest = width - sum(given.values())
        total = sum(weight for n, weight in enumerate(weights) if n not in given)
        short = {
            n: least[n]
            for n, weight in enumerate(weights)
            if n not in given and rest * weight < least[n] * total
        }
        if not short:
            break
        given |= short
    for n, weight in enumerate(weights):
        yield given[n] if n in given else rest * weight / total


def _height_around(table: Table, width: int, *, same_page: bool) -> int:
    """Of the title and what else stands on the page of the table, in twips."""
    titles = math.ceil(_em(text_of(table.title)) * 18 * 20 / width)
    height = _TITLE * titles + (_PAGE_TITLE if same_page else 0)
    if table.subtitle:
        height += _SUBTITLE
    if table.corner_left or table.corner_right:
        height += _CORNER
    for note in table.notes:
        height += _NOTE * math.ceil(_em(text_of(note)) * 10.5 * 20 / width) + 100
    return height


def _fits(rows: Sequence[Row], fit: Fit, room: int) -> bool:
    """Whether all rows stand within `room` twips; cells over several rows are taken to have room."""
    size, row_height, edges = fit
    em, line = size.points * 20, size.line_height
    least = max(row_height, line + _ENDS)
    room -= least * len(rows)
    for row in rows:
        if room < 0:
            return False
        lines = 1
        for text, column, columns, span, *_ in row.cells:
            if text and span == 1 and column + columns < len(edges):
                width = max(edges[column + columns] - edges[column] - _SIDES, 1)
                if len(text) * em <= width and "\n" not in text:
                    continue  # one line, whatever its characters: so are most
                needed = sum(math.ceil(_em(part) * em / width) for part in text.split("\n"))
                lines = max(lines, needed)
        room -= max(least, lines * line + _ENDS) - least
    return room >= 0


def _em(text: str) -> float:
    """Characters of three bytes are one em wide, ASCII half an em."""
    return (len(text) + len(text.encode())) / 4
