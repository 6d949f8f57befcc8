"""Rows and columns, which count from zero, as a spreadsheet names them."""

from __future__ import annotations

from collections.abc import Iterable

from generator.spans import span_names


def column_name(column: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(name: bytes) -> int:
    """A -> 0, Z -> 25, AA -> 26; in capitals."""
    column = 0
    for letter in name:
        column = column * 26 + letter - 64
    return column - 1


def row_names(rows: Iterable[int]) -> str:
    """Rows as a spreadsheet numbers them: 6—8、10."""
    return span_names(rows, lambda row: str(row + 1))
