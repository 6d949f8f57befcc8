"""What the reader of cells does not tell of .xlsx and .ods, found by looking through their XML once.

A file that would take more memory than any budget needs is refused before anything is laid out: the
reader lays out every cell up to the last one, and a single stray one in the last row makes
gigabytes of a few kilobytes; a zip may unpack to a thousand times its size.

A filter left on, or a group folded in, hides rows that the sheet's totals still sum up: they are
imported like the others, and told. Error values of formulas (#REF!, #DIV/0!) are blanks to the
reader of .xlsx. Other formats do not tell, or have the error as text.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from generator.importing.cell_names import column_name, column_number
from generator.writers.docx.zip import NOT_A_PACKAGE

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
# Blank cells that a file may have beyond those that are written in it, on all sheets together.
MOST_BLANK = 2_000_000
_CHUNK = 1 << 18
# Beyond these a file repeats an empty row or column to the end of the sheet.
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_TAG = re.compile(rb"<(?:\w+:)?(\w+)([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,7})([0-9]{1,9})[\"']")
_HIDDEN = re.compile(rb"hidden=[\"'](?:1|true)")
_NUMBER = re.compile(rb"\s(r|min|max)\s*=\s*[\"']([0-9]{1,9})[\"']")
_ERROR = re.compile(rb"\st=[\"']e[\"']")
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>(#[A-Z0-9/!?_]{1,20})</",
    re.DOTALL,
)
_ODS_TABLE = re.compile(rb"<table:table((?:\s[^<>]*)?)>")
_ODS_TAG = re.compile(rb"<table:(table-row|table-column|(?:covered-)?table-cell)((?:\s[^<>]*)?)/?>")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"']([0-9]{1,9})")
_COLLAPSED = re.compile(rb"table:visibility\s*=\s*[\"'](?!visible[\"'])")

Attributes = Mapping[str, str]
# Row and column, from zero -> the error value.
Errors = Mapping[tuple[int, int], str]


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


class Unread(NamedTuple):
    """What a sheet hides, from zero and in order, and the error values among its cells."""

    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    errors: Errors = MappingProxyType({})


def look_through(content: bytes) -> Mapping[str, Unread]:
    """What the reader of cells does not tell of each sheet, by its name; nothing for other files.

    Oversized if the file is, unpacks to, or would be laid out as more than the bounds.
    """
    if len(content) > MOST_BYTES:
        raise Oversized(f"文件有 {len(content) // 2**20} MB，大得不像预算表")
    unread: dict[str, Unread] = {}
    blank = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_bomb(package)
            for name, extent, told in _sheets(package):
                unread[name] = told
                blank += extent.blank
                if blank > MOST_BLANK:
                    cell = f"{column_name(extent.columns - 1)}{extent.rows}"
                    raise Oversized(
                        f"表格一直到 {cell}（{extent.rows} 行、{extent.columns} 列），几乎全是空的"
                    )
    except zipfile.BadZipFile:
        return {}  # an .xls, or damaged: the reader says so
    return unread


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
        except NOT_A_PACKAGE:
            raise Oversized(f"文件已损坏或有密码，读不出里面的“{name}”") from None


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, Extent, Unread]]:
    """The sheets of an .xlsx or .ods; one that the workbook does not name is nameless."""
    name_by_part = _sheet_names(package)
    for part in package.namelist():
        if part in name_by_part or _SHEET.fullmatch(part):
            content = package.read(part)
            yield name_by_part.get(part, ""), _extent(content), _unread(content)
        elif part == "content.xml":
            yield from _ods_sheets(package.read(part))


def _sheet_names(package: zipfile.ZipFile) -> Mapping[str, str]:
    """The names of the sheets of an .xlsx by the parts that hold them."""
    try:
        book = package.read("xl/workbook.xml")
        links = package.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    target_by_link = {a.get("Id"): a.get("Target", "") for a in _tags(links, "Relationship")}
    names = {}
    for sheet in _tags(book, "sheet"):
        link = next((v for k, v in sheet.items() if k.rpartition(":")[2] == "id"), "")
        part = posixpath.normpath(posixpath.join("/xl", target_by_link.get(link, "")))
        names[part.lstrip("/")] = sheet.get("name", "")
    return names


def _extent(content: bytes) -> Extent:
    rows = cells = 0
    widest = b""
    for match in _CELL.finditer(content):
        cells += 1
        rows = max(rows, int(match[2]))
        if (len(match[1]), match[1].upper()) > (len(widest), widest):
            widest = match[1].upper()
    return Extent(rows, column_number(widest) + 1, cells)


def _unread(content: bytes) -> Unread:
    """Found from the one word, as a million other tags stand between: 0.05 s instead of 2."""
    rows, columns = list[int](), set[int]()
    for tag in _marked(content, _HIDDEN, _TAG):
        numbers = {name: int(value) for name, value in _NUMBER.findall(tag[2])}
        if tag[1] == b"row" and b"r" in numbers:
            rows.append(numbers[b"r"] - 1)
        elif tag[1] == b"col" and numbers.keys() >= {b"min", b"max"}:
            columns.update(range(numbers[b"min"] - 1, min(numbers[b"max"], _MOST_COLUMNS)))
    errors = {
        (int(cell[2]) - 1, column_number(cell[1])): cell[3].decode()
        for cell in _marked(content, _ERROR, _ERROR_CELL)
    }
    return Unread(tuple(rows), tuple(sorted(columns)), errors)


def _marked(
    content: bytes, mark: re.Pattern[bytes], tag: re.Pattern[bytes]
) -> Iterator[re.Match[bytes]]:
    """The tags that have a mark among their attributes."""
    for found in mark.finditer(content):
        if match := tag.match(content, content.rfind(b"<", 0, found.start())):
            yield match


def _ods_sheets(content: bytes) -> Iterator[tuple[str, Extent, Unread]]:
    tables = list(_ODS_TABLE.finditer(content))
    ends = (*(table.start() for table in tables[1:]), len(content))
    for table, end in zip(tables, ends, strict=False):
        name = _attributes(table[1]).get("table:name", "")
        yield name, *_ods_sheet(content, table.end(), end)


def _ods_sheet(content: bytes, start: int, end: int) -> tuple[Extent, Unread]:
    """Empty rows and columns repeated to the end of a sheet do not count."""
    rows = columns = cells = 0  # with anything in them
    row = column = across = 0
    hidden_rows, hidden_columns = list[int](), list[int]()
    for tag in _ODS_TAG.finditer(content, start, end):
        found = _REPEATED.search(tag[2])
        times = int(found[1]) if found else 1
        hidden = times < _MOST_ROWS and _COLLAPSED.search(tag[2]) is not None
        if tag[1] == b"table-column":
            hidden_columns += range(across, min(across + times, _MOST_COLUMNS)) if hidden else ()
            across += times
        elif tag[1] == b"table-row":
            hidden_rows += range(row, min(row + times, _MOST_ROWS)) if hidden else ()
            row, column = row + times, 0
        else:
            column += times
            if b"value-type" in tag[2]:
                rows, columns, cells = max(rows, row), max(columns, column), cells + 1
    return Extent(rows, columns, cells), Unread(tuple(hidden_rows), tuple(hidden_columns))


def _tags(content: bytes, name: str) -> Iterator[Attributes]:
    for match in _TAG.finditer(content):
        if match[1].decode() == name:
            yield _attributes(match[2])


def _attributes(text: bytes) -> Attributes:
    return {
        name.decode(): html.unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(text)
    }
