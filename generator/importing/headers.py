"""Header cells to column paths, and column paths to the columns a mapping names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from generator.importing.mapping import ColumnRule, SheetRule
from generator.importing.sheets import Grid, Merged, Sheet
from generator.importing.targets import AMOUNT, IGNORED, ROW_TOTAL

HEADER_WITHIN = 40
HEADER_ROWS = 4

Path = tuple[str, ...]


@cache
def header_index(rule: SheetRule) -> Mapping[Path, list[tuple[int, int]]]:
    """Header path -> (which column of the rule, how preferred the path is there)."""
    index: dict[Path, list[tuple[int, int]]] = {}
    for position, column in enumerate(rule.columns):
        for preference, path in enumerate(column.header_keys):
            index.setdefault(path, []).append((position, preference))
    return index


def header_paths(sheet: Sheet, top: int, bottom: int) -> list[Path]:
    """Each column's header from the outside in; merged and blank cells to the right repeat."""
    width = max(len(row) for row in sheet.rows[top : bottom + 1])
    grid = [[sheet.text(row, column) for column in range(width)] for row in range(top, bottom + 1)]
    for merged in _merged_from(sheet, top, bottom):
        if merged.left < width:
            text = sheet.text(merged.top, merged.left)
            for row in range(merged.top, min(merged.bottom, bottom) + 1):
                for column in range(merged.left, min(merged.right + 1, width)):
                    grid[row - top][column] = text
    _fill_to_the_right(grid)
    return [_path([cells[column] for cells in grid]) for column in range(width)]


def _fill_to_the_right(grid: Grid) -> None:
    """A blank with a header below it and none above belongs to the header at its left."""
    for upper, cells in enumerate(grid[:-1]):
        for column in range(1, len(cells)):
            below = any(lower[column] for lower in grid[upper + 1 :])
            above = any(higher[column] for higher in grid[:upper])
            if not cells[column] and below and not above:
                cells[column] = cells[column - 1]


def _path(texts: Sequence[str]) -> Path:
    parts: list[str] = []
    for cell in texts:
        text = re.sub(r"\s+", "", cell)
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    return tuple(parts)


def merged_bottom(sheet: Sheet, top: int, bottom: int) -> int:
    """A header ends where the merged cells that begin in its rows end."""
    ends = [merged.bottom for merged in _merged_from(sheet, top, bottom)]
    return min(max(ends, default=bottom), top + HEADER_ROWS - 1)


def _merged_from(sheet: Sheet, top: int, bottom: int) -> Sequence[Merged]:
    """The merged ranges that begin in these rows; a sheet may have thousands of others."""
    merged = sheet.merged or ()
    return merged[bisect_left(merged, (top,)) : bisect_left(merged, (bottom + 1,))]


def match_headers(
    rule: SheetRule, keys: Sequence[Path]
) -> tuple[dict[int, ColumnRule], tuple[tuple[int, int], ...]]:
    """Column -> its rule, and pairs of columns that go by the same name.

    The longest path decides what a column is, then the order in which the rule names headers.
    """
    offers = _offers(rule, keys)
    matched: dict[int, ColumnRule] = {}
    ambiguous = []
    for position, column_rule in enumerate(rule.columns):
        free = sorted(offer for offer in offers.get(position, ()) if offer[1] not in matched)
        if column_rule.field_name == ROW_TOTAL:
            free = _outermost(free, keys)
        if not free:
            continue
        preference, column = free[0]
        if len(free) > 1 and free[1][0] == preference and column_rule.field_name != IGNORED:
            ambiguous.append((column, free[1][1]))
        matched[column] = column_rule
    if any(own.fund for own in matched.values() if own.field_name == AMOUNT):
        # Beside one column a fund, an amount without a fund is the sum of the row.
        for column, own in matched.items():
            if own.field_name == AMOUNT and not own.fund:
                matched[column] = replace(own, field_name=ROW_TOTAL)
    return matched, tuple(ambiguous)


def _offers(rule: SheetRule, keys: Sequence[Path]) -> dict[int, list[tuple[int, int]]]:
    """Column rule -> (preference, column) of the columns that may be it."""
    index = header_index(rule)
    offers: dict[int, list[tuple[int, int]]] = {}
    for column, path in enumerate(keys):
        ends = (index.get(path[start:]) for start in range(len(path)))
        for position, preference in next(filter(None, ends), ()):
            offers.setdefault(position, []).append((preference, column))
    return offers


def _outermost(offers: list[tuple[int, int]], keys: Sequence[Path]) -> list[tuple[int, int]]:
    """Of several 合计 columns the one that is inside no other; none if that is not one column."""
    ranked = sorted(offers, key=lambda offer: (len(keys[offer[1]]), offer))
    equal = [o for o in ranked[1:2] if len(keys[o[1]]) == len(keys[ranked[0][1]])]
    return [] if equal and equal[0][0] == ranked[0][0] else ranked[:1]
