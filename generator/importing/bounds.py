"""Spreadsheet files that would take more memory than any budget needs are refused before reading.

The reader of cells lays out every cell up to the last one: a single stray one in the last row makes
gigabytes of a few kilobytes. A zip may unpack to a thousand times its size.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
# Blank cells that a file may have beyond those that are written in it, on all sheets together.
MOST_BLANK = 2_000_000
_CHUNK = 1 << 18
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,7})([0-9]{1,9})[\"']")
_ODS_TAG = re.compile(rb"<table:(table|table-row|(?:covered-)?table-cell)((?:\s[^<>]*)?)>")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"']([0-9]{1,9})")


class Oversized(Exception):
    """A file that is not read; the message is one Chinese line."""


class Extent(NamedTuple):
    """The last row and column of a sheet with anything in it, from one, and how many cells it has."""

    rows: int
    columns: int
    cells: int

    @property
    def blank(self) -> int:
        return self.rows * self.columns - self.cells


def refuse_oversized(content: bytes) -> None:
    """Oversized if the file is, unpacks to, or would be laid out as more than the bounds."""
    if len(content) > MOST_BYTES:
        raise Oversized(f"文件有 {len(content) // 2**20} MB，大得不像预算表")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_bomb(package)
            _refuse_far_cells(package)
    except zipfile.BadZipFile:
        return  # an .xls, or damaged: the reader says so


def _refuse_bomb(package: zipfile.ZipFile) -> None:
    """Counted while reading; a directory that says less than there is fails the checksum."""
    unpacked = 0
    for name in package.namelist():
        try:
            with package.open(name) as part:
                while piece := part.read(_CHUNK):
                    unpacked += len(piece)
                    if unpacked > MOST_UNPACKED:
                        raise Oversized("文件解压后太大，不像预算表")
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
            raise Oversized(f"文件已损坏或有密码，读不出里面的“{name}”") from None


def _refuse_far_cells(package: zipfile.ZipFile) -> None:
    blank = 0
    for name in package.namelist():
        if _SHEET.fullmatch(name):
            extents = iter([_xlsx_extent(package.read(name))])
        elif name == "content.xml":
            extents = _ods_extents(package.read(name))
        else:
            continue
        for extent in extents:
            blank += extent.blank
            if blank > MOST_BLANK:
                cell = f"{_letters(extent.columns)}{extent.rows}"
                raise Oversized(
                    f"表格一直到 {cell}（{extent.rows} 行、{extent.columns} 列），几乎全是空的"
                )


def _xlsx_extent(content: bytes) -> Extent:
    rows = columns = cells = 0
    widest = b""
    for match in _CELL.finditer(content):
        cells += 1
        rows = max(rows, int(match[2]))
        if (len(match[1]), match[1].upper()) > (len(widest), widest):
            widest = match[1].upper()
    for letter in widest:
        columns = columns * 26 + letter - 64
    return Extent(rows, columns, cells)


def _ods_extents(content: bytes) -> Iterator[Extent]:
    """Of each sheet; empty rows and columns repeated to the end of a sheet do not count."""
    rows = columns = cells = row = column = 0
    for tag, attributes in _ODS_TAG.findall(content):
        found = _REPEATED.search(attributes)
        times = int(found[1]) if found else 1
        if tag == b"table":
            yield Extent(rows, columns, cells)
            rows = columns = cells = row = 0
        elif tag == b"table-row":
            row, column = row + times, 0
        else:
            column += times
            if b"value-type" in attributes:
                rows, columns = max(rows, row), max(columns, column)
                cells += 1
    yield Extent(rows, columns, cells)


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
