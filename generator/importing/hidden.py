"""Rows and columns that a spreadsheet hides: they are imported like the others, and told.

A filter left on, or a group folded in, hides rows that the sheet's totals still sum up. The reader
of cells does not say which they are; .xlsx and .ods do, in XML that is only looked through for
tags here. Other formats do not tell.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from generator.spans import span_names

_TAG = re.compile(rb"<(?:\w+:)?(\w+)([^>]*)>")
_HIDDEN = re.compile(rb"hidden=[\"'](?:1|true)")
_ODS_TAG = re.compile(rb"<table:(table|table-row|table-column)((?:\s[^>]*)?)/?>")
_ATTRIBUTE = re.compile(rb"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# Beyond these a file repeats an empty row or column to the end of the sheet.
_MOST, _MOST_COLUMNS = 1_048_576, 16_384

Attributes = Mapping[str, str]


class Hidden(NamedTuple):
    """Hidden rows and columns of a sheet, from zero, in order."""

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


NOTHING_HIDDEN = Hidden()


def hidden_in(content: bytes) -> Mapping[str, Hidden]:
    """What each sheet of an .xlsx or .ods hides, by its name; nothing for any other file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if "xl/workbook.xml" in package.namelist():
                return dict(_xlsx(package))
            return dict(_ods(package.read("content.xml")))
    except (zipfile.BadZipFile, KeyError, ValueError):  # ValueError: a number that is none
        return {}


def row_names(rows: Iterable[int]) -> str:
    """Rows that count from zero as a spreadsheet numbers them: 6—8、10."""
    return span_names(rows, lambda row: str(row + 1))


def xlsx_sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Name and XML of each sheet; KeyError if the package is no .xlsx."""
    links = package.read("xl/_rels/workbook.xml.rels")
    target_by_link = {a["Id"]: a["Target"] for a in _tags(links, "Relationship")}
    for sheet in _tags(package.read("xl/workbook.xml"), "sheet"):
        link = next((v for k, v in sheet.items() if k.rpartition(":")[2] == "id"), "")
        part = posixpath.normpath(posixpath.join("/xl", target_by_link.get(link, ""))).lstrip("/")
        if part in package.namelist():
            yield sheet["name"], package.read(part)


def _xlsx(package: zipfile.ZipFile) -> Iterator[tuple[str, Hidden]]:
    for name, part in xlsx_sheets(package):
        rows, columns = list[int](), set[int]()
        for tag, attributes in _hidden_tags(part):
            if tag == "row" and "r" in attributes:
                rows.append(int(attributes["r"]) - 1)
            elif tag == "col":
                first, last = int(attributes["min"]), int(attributes["max"])
                columns.update(range(first - 1, min(last, _MOST_COLUMNS)))
        yield name, Hidden(tuple(rows), tuple(sorted(columns)))


def _ods(content: bytes) -> Iterator[tuple[str, Hidden]]:
    name, rows, columns = "", list[int](), list[int]()
    row = column = 0
    for match in _ODS_TAG.finditer(content):
        attributes = _attributes(match[2])
        hidden = attributes.get("table:visibility", "visible") != "visible"
        if match[1] == b"table":
            if name:
                yield name, Hidden(tuple(rows), tuple(columns))
            name, rows, columns = attributes.get("table:name", ""), [], []
            row = column = 0
        elif match[1] == b"table-row":
            repeated = int(attributes.get("table:number-rows-repeated", "1"))
            rows += range(row, min(row + repeated, _MOST)) if hidden and repeated < _MOST else ()
            row += repeated
        else:
            repeated = int(attributes.get("table:number-columns-repeated", "1"))
            last = min(column + repeated, _MOST_COLUMNS)
            columns += range(column, last) if hidden and repeated < _MOST else ()
            column += repeated
    if name:
        yield name, Hidden(tuple(rows), tuple(columns))


def _tags(content: bytes, name: str) -> Iterator[Attributes]:
    for match in _TAG.finditer(content):
        if match[1].decode() == name:
            yield _attributes(match[2])


def _hidden_tags(content: bytes) -> Iterator[tuple[str, Attributes]]:
    """Found from the one word, as a million other tags stand between: 0.05 s instead of 2."""
    for match in _HIDDEN.finditer(content):
        tag = _TAG.match(content, content.rfind(b"<", 0, match.start()))
        if tag is not None:
            yield tag[1].decode(), _attributes(tag[2])


def _attributes(text: bytes) -> Attributes:
    return {
        name.decode(): html.unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(text)
    }
