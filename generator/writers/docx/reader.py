"""Reads back the text of a .docx that the writer wrote: the second opinion on a build.

It shares nothing with the writer. `verify` reads the files of other people.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from generator.writers.docx.zip import NOT_A_PACKAGE

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _TR, _TC, _R, _T = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "r", "t"))
_SECTION = f"{_W}sectPr"
_BREAK_BY_TAG = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}
_VALUE, _ID = f"{_W}val", f"{_W}id"


class UnreadableDocxError(ValueError):
    """Not a Word file; the message says why, in Chinese."""


class ReadParagraph(NamedTuple):
    """A paragraph outside tables."""

    text: str
    style: str


class ReadCell(NamedTuple):
    """A cell where it stands in the grid; a merged cell appears once, with its spans."""

    text: str
    column: int
    column_span: int
    row_span: int


class ReadTable(NamedTuple):
    """`columns` is the size of its grid; `faults` are merged cells that continue nothing."""

    rows: tuple[tuple[ReadCell, ...], ...]
    columns: int
    faults: int


@dataclass(frozen=True, slots=True)
class DocxText:
    """The text of a document in order, and what its parts refer to."""

    blocks: tuple[ReadParagraph | ReadTable, ...]
    bookmark_names: Mapping[str, int]  # how often each occurs
    bookmark_ids: Mapping[str, int]
    ended_bookmarks: frozenset[str]  # their ids
    used_styles: frozenset[str]
    defined_styles: frozenset[str]
    targets: frozenset[str]  # of links and page references
    open_fields: int  # begun minus ended
    part_names: tuple[str, ...]


def read_docx(data: bytes) -> DocxText:
    """Everything `DocxText` holds; UnreadableDocxError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            root = etree.fromstring(package.read("word/document.xml"))
            styles = etree.fromstring(package.read("word/styles.xml"))
            part_names = tuple(package.namelist())
        bookmarks = list(root.iter(f"{_W}bookmarkStart"))
        used = root.iter(f"{_W}pStyle", f"{_W}rStyle", f"{_W}tblStyle")
        fields = Counter(mark.get(f"{_W}fldCharType") for mark in root.iter(f"{_W}fldChar"))
        return DocxText(
            blocks=tuple(_blocks(root[0])),
            bookmark_names=Counter(str(mark.get(f"{_W}name")) for mark in bookmarks),
            bookmark_ids=Counter(str(mark.get(_ID)) for mark in bookmarks),
            ended_bookmarks=frozenset(str(mark.get(_ID)) for mark in root.iter(f"{_W}bookmarkEnd")),
            used_styles=frozenset(str(style.get(_VALUE)) for style in used),
            defined_styles=frozenset(
                str(style.get(f"{_W}styleId")) for style in styles.iterchildren(f"{_W}style")
            ),
            targets=frozenset(_targets(root)),
            open_fields=fields["begin"] - fields["end"],
            part_names=part_names,
        )
    except NOT_A_PACKAGE as error:
        raise UnreadableDocxError(f"不是完整的 .docx 文件：{error}") from error
    except (etree.XMLSyntaxError, ValueError, IndexError) as error:
        raise UnreadableDocxError(f"文件内容有误：{error}") from error


def _targets(root: etree._Element) -> Iterator[str]:
    for link in root.iter(f"{_W}hyperlink"):
        if target := link.get(f"{_W}anchor"):
            yield target
    for instruction in root.iter(f"{_W}instrText"):
        words = (instruction.text or "").split()
        if words[:1] == ["PAGEREF"]:
            yield "".join(words[1:2])


def _blocks(parent: etree._Element) -> Iterator[ReadParagraph | ReadTable]:
    for child in parent:
        if child.tag == _P:
            style = child.find(f"{_W}pPr/{_W}pStyle")
            yield ReadParagraph(_text(child), "" if style is None else style.get(_VALUE, ""))
        elif child.tag == _TBL:
            rows = [list(map(_Cell, row.iter(_TC))) for row in child.iter(_TR)]
            yield _table(rows, len(child.findall(f"{_W}tblGrid/{_W}gridCol")))
        elif child.tag != _SECTION:
            yield from _blocks(child)


def _text(element: etree._Element) -> str:
    """The text of a paragraph, or of the paragraphs of a cell on a line each."""
    paragraphs: list[str] = []
    for piece in element.iter(_P, _T, *_BREAK_BY_TAG):
        if piece.tag == _P:
            paragraphs.append("")
        elif piece.tag == _T:
            paragraphs[-1] += piece.text or ""
        elif (parent := piece.getparent()) is not None and parent.tag == _R:
            paragraphs[-1] += _BREAK_BY_TAG[piece.tag]  # w:tab is also a tab stop of a paragraph
    return "\n".join(paragraphs)


class _Cell:
    """A cell as it stands in its row. `merge` is None, restart or continue."""

    def __init__(self, element: etree._Element) -> None:
        span = element.find(f"{_W}tcPr/{_W}gridSpan")
        merge = element.find(f"{_W}tcPr/{_W}vMerge")
        self.text = _text(element)
        self.columns = 1 if span is None else int(span.get(_VALUE, "1"))
        self.rows = 1
        self.merge = None if merge is None else merge.get(_VALUE, "continue")


def _table(rows: list[list[_Cell]], columns: int) -> ReadTable:
    """Rows of cells where they stand, with cells merged downwards counted once."""
    placed: list[list[tuple[int, _Cell]]] = []
    above: dict[int, _Cell] = {}
    faults = 0
    for row in rows:
        column, kept, here = 0, [], {}
        for cell in row:
            origin = above.get(column) if cell.merge == "continue" else None
            if cell.merge == "continue" and (origin is None or origin.columns != cell.columns):
                faults += 1
            if origin is not None:
                origin.rows += 1
                here[column] = origin
            else:
                kept.append((column, cell))
                if cell.merge is not None:
                    here[column] = cell
            column += cell.columns
        faults += column != columns
        placed.append(kept)
        above = here
    return ReadTable(
        tuple(
            tuple(ReadCell(c.text, column, c.columns, c.rows) for column, c in row)
            for row in placed
        ),
        columns,
        faults,
    )
