"""Blank cells that repeat the cell above: merged cells, and group columns printed once a group.

A blank is filled only where the sheet shows that blanks mean "as above": in a merged range, or in
a column (declared so in the mapping) that never repeats a value on consecutive rows.
"""

from __future__ import annotations

from collections.abc import Callable

from generator.importing.cell_names import column_name
from generator.importing.recognise import Column, Layout


class Filler:
    """The texts of a sheet's rows with the blanks filled; rows are asked for in order."""

    def __init__(self, layout: Layout) -> None:
        self.sheet = layout.sheet
        self.filled: list[str] = []
        first = layout.bottom + 1
        self._merged: dict[tuple[int, int], str] = {}
        merged_columns = set()
        amounts = {column.position for column in layout.amounts}
        for merged in layout.sheet.merged or ():
            if merged.top >= first and merged.bottom > merged.top and merged.left not in amounts:
                merged_columns.add(merged.left)
                text = self.sheet.text(merged.top, merged.left)
                for row in range(merged.top + 1, min(merged.bottom + 1, len(self.sheet.rows))):
                    self._merged[row, merged.left] = text
        self._columns = [
            column
            for column in layout.columns
            if column.rule.fill and column.position not in amounts
        ]
        self._filling = {
            column.position
            for position, column in enumerate(self._columns)
            if column.position not in merged_columns
            and _is_grouped(layout, self._columns[:position], column, first)
        }
        self._current: dict[int, str] = {}

    def merged_text(self, row: int, column: int) -> str:
        """The cell's own text, or that of the merged range it lies in."""
        return self.sheet.text(row, column) or self._merged.get((row, column), "")

    def row(self, row: int) -> Callable[[int], str]:
        """Column -> text of a detail row, which becomes the row above for the next one."""
        texts: dict[int, str] = {}
        for position, column in enumerate(self._columns):
            index = column.position
            text = self.merged_text(row, index)
            if not text and index in self._filling:
                text = self._current.get(index, "")
                if text:
                    self.filled.append(f"{column_name(index)}{row + 1}")
            if text != self._current.get(index, ""):
                self._begin(position, text)
            texts[index] = text
        return lambda index: texts[index] if index in texts else self.merged_text(row, index)

    def _begin(self, position: int, text: str) -> None:
        """A new group in a column: the columns inside it begin anew."""
        for inner in self._columns[position + 1 :]:
            self._current.pop(inner.position, None)
        self._current[self._columns[position].position] = text

    def context(self, row: int) -> dict[str, str]:
        """Field -> text in force where a total row stands."""
        found = {}
        for column in self._columns:
            text = self.merged_text(row, column.position) or self._current.get(column.position, "")
            if text:
                found[column.field] = text
        return found

    def follow(self, row: int) -> None:
        """A group's own row, above its details: what it prints holds for them."""
        for position, column in enumerate(self._columns):
            if text := self.sheet.text(row, column.position):
                self._begin(position, text)

    def set(self, field: str, text: str) -> None:
        """A caption line between the rows: `text` holds for the rows that follow."""
        for column in self._columns:
            if column.field == field:
                self._current[column.position] = text
                self._filling.add(column.position)


def _is_grouped(layout: Layout, outer: list[Column], column: Column, first: int) -> bool:
    """Whether the column prints a value once a group: it has blanks and never repeats itself."""
    rows = layout.sheet.rows
    blanks = False
    above: list[str] = []
    for row in range(first, len(rows)):
        if not any(rows[row]):
            continue
        here = [layout.sheet.text(row, o.position) for o in (*outer, column)]
        if not here[-1]:
            blanks = True
        elif above and here[-1] == above[-1]:
            changed = zip(here[:-1], above[:-1], strict=True)
            if not any(text and text != before for text, before in changed):
                return False
        above = here
    return blanks
