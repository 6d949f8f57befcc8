"""Error values of formulas (#REF!, #DIV/0!): the reader of cells takes them for blanks.

An .xlsx says which cells they are, in XML that is only looked through for their mark here. Other
formats do not tell, or have the error as text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from generator.importing.hidden import xlsx_sheets

_MARK = re.compile(rb"\st=[\"']e[\"']")
_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>(#[A-Z0-9/!?_]{1,20})</",
    re.DOTALL,
)

# Row and column, from zero -> the error value.
Errors = Mapping[tuple[int, int], str]


def errors_in(content: bytes) -> Mapping[str, Errors]:
    """The error values on each sheet of an .xlsx, by its name; nothing for any other file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {name: dict(_errors(part)) for name, part in xlsx_sheets(package)}
    except (zipfile.BadZipFile, KeyError):
        return {}


def _errors(part: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for mark in _MARK.finditer(part):
        cell = _CELL.match(part, part.rfind(b"<", 0, mark.start()))
        if cell is not None:
            column = 0
            for letter in cell[1]:
                column = column * 26 + letter - 64
            yield (int(cell[2]) - 1, column - 1), cell[3].decode()
