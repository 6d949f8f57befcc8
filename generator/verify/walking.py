"""The text of settled Word XML, paragraph by paragraph and cell by cell, with our bookmarks in it.

Where a character is no w:t, it is still text: a line break, a hyphen that does not break, a symbol.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from generator.verify.package import UnusableFile, W, is_on

_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_ID, _NAME, _VALUE, _CHAR = f"{W}id", f"{W}name", f"{W}val", f"{W}char"
_P, _TBL, _R, _SECTION, _GRID_SPAN = (f"{W}{n}" for n in ("p", "tbl", "r", "sectPr", "gridSpan"))
_MARKS = (f"{W}bookmarkStart", f"{W}bookmarkEnd")
_TEXT, _CELL, _PARAGRAPH, _SHAPE, _ROW, _HEADER, _MARK, _OTHER = range(8)
_CODE = {
    f"{W}t": _TEXT,
    _MATH_TEXT: _TEXT,
    f"{W}tc": _CELL,
    f"{W}p": _PARAGRAPH,
    f"{W}tr": _ROW,
    f"{W}tblHeader": _HEADER,
    _GRID_SPAN: _SHAPE,
    f"{W}vMerge": _SHAPE,
    **dict.fromkeys(_MARKS, _MARK),
    **{f"{W}{name}": _OTHER for name in ("tab", "br", "cr", "noBreakHyphen", "sym", "ptab")},
}
_TAGS = tuple(_CODE)
_TABLE_TAGS = tuple(tag for tag, code in _CODE.items() if code in (_CELL, _ROW, _SHAPE, _HEADER))
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
_OUR_MARKS = ("_F", "_R", "_T")
# What is compared word by word is bounded; 20,000 rows of 12 columns are 1.5 million characters.
_LONGEST_TEXT = 50_000
_MOST_TEXT = 3_000_000


class Mark(NamedTuple):
    """A bookmark over `start:end` of a text."""

    name: str
    start: int
    end: int


class FoundLine(NamedTuple):
    """A paragraph outside tables, or the text of a cell."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True, eq=False)
class WalkedCell:
    """A cell (or a paragraph) as it is read; it `continues` the one above where both are merged."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    paragraphs: int = 0
    columns: int = 1
    is_merged: bool = False
    continues: bool = False

    def take_shape(self, element: etree._Element) -> None:
        """Note a w:gridSpan or w:vMerge."""
        if element.tag == _GRID_SPAN:
            self.columns = max(whole(element, "val", 1), 1)
        else:
            self.is_merged = True
            self.continues = element.get(_VALUE, "continue") == "continue"


@dataclass(slots=True, eq=False)
class WalkedRow:
    cells: list[WalkedCell] = field(default_factory=list)
    is_header: bool = False


class Walker:
    """Walks settled XML once, in its order: a bookmark may end in a later block."""

    def __init__(self) -> None:
        self.text_by_mark: dict[str, str] = {}
        self._open_marks: dict[str, tuple[str, WalkedCell, int]] = {}
        self._length = 0

    def blocks(
        self, parent: etree._Element
    ) -> Iterator[tuple[etree._Element, FoundLine | list[WalkedRow] | None]]:
        """Each paragraph with its line, each table with its rows, each w:sectPr with nothing.

        Also those inside content controls and tracked insertions.
        """
        for child in parent:
            if child.tag == _P:
                line = WalkedCell()
                self._walk(child, line)
                self._check_lengths((line,))
                yield child, FoundLine(line.text, (*line.marks, *self._left_open(line)))
            elif child.tag == _TBL:
                rows = self._walk(child, WalkedCell())
                self._check_lengths(cell for row in rows for cell in row.cells)
                yield child, rows
            elif child.tag == _SECTION:
                yield child, None
            elif child.tag in _MARKS:
                self._mark(child, WalkedCell())
            elif len(child):
                yield from self.blocks(child)

    def _walk(self, root: etree._Element, holder: WalkedCell) -> list[WalkedRow]:
        """Read everything below `root` into the cells of its rows, or into `holder`."""
        code_of = _CODE
        outside = WalkedRow()
        rows = [outside]
        for element in _told(root):
            code = code_of[element.tag]
            if code == _TEXT:
                holder.text += element.text or ""
            elif code == _PARAGRAPH:
                holder.paragraphs += 1
                if holder.paragraphs > 1:
                    holder.text += "\n"
            elif code == _CELL:
                holder = WalkedCell()
                rows[-1].cells.append(holder)
            elif code == _ROW:
                rows.append(WalkedRow())
            elif code == _SHAPE:
                holder.take_shape(element)
            elif code == _HEADER:
                rows[-1].is_header = is_on(element)
            elif code == _MARK:
                self._mark(element, holder)
            else:
                holder.text += _character(element)
        return rows if outside.cells else rows[1:]

    def _mark(self, element: etree._Element, holder: WalkedCell) -> None:
        number = element.get(_ID, "")
        if element.tag.endswith("bookmarkStart"):
            name = element.get(_NAME, "")
            if name.startswith(_OUR_MARKS):
                self._open_marks[number] = (name, holder, len(holder.text))
            return
        name, begun, start = self._open_marks.pop(number, ("", holder, 0))
        if name:
            end = len(holder.text) if begun is holder else len(begun.text)
            begun.marks.append(Mark(name, start, end))
            self.text_by_mark[name] = begun.text[start:end]

    def _left_open(self, line: WalkedCell) -> Iterator[Mark]:
        """Bookmarks that end in a later paragraph: one was divided inside them."""
        for name, holder, start in self._open_marks.values():
            if holder is line:
                yield Mark(name, start, len(line.text))

    def _check_lengths(self, texts: Iterable[WalkedCell]) -> None:
        for one in texts:
            self._length += len(one.text)
            if len(one.text) > _LONGEST_TEXT:
                raise UnusableFile(f"有一段文字超过 {_LONGEST_TEXT} 个字，不是部门预算公开文件")
        if self._length > _MOST_TEXT:
            raise UnusableFile(f"正文超过 {_MOST_TEXT} 个字，不予核对")


def _told(root: etree._Element) -> Iterator[etree._Element]:
    """What is read below a block; a table inside a cell is text of that cell, no rows and cells."""
    within = {e for table in root.iterdescendants(_TBL) for e in table.iter(*_TABLE_TAGS)}
    elements = root.iter(*_TAGS)
    return (e for e in elements if e not in within) if within else elements


def whole(element: etree._Element, attribute: str, otherwise: int) -> int:
    """The whole part of a measure or count; other programs write 3317.5, and anything."""
    found = _WHOLE.match(element.get(f"{W}{attribute}", ""))
    return int(found[0]) if found else otherwise


def _character(element: etree._Element) -> str:
    """The character an element stands for; tab stops of paragraphs and page breaks have none."""
    parent = element.getparent()
    if parent is None or parent.tag != _R:
        return ""
    match element.tag.rpartition("}")[2]:
        case "tab" | "ptab":
            return "\t"
        case "br":
            return "\n" if element.get(f"{W}type", "textWrapping") == "textWrapping" else ""
        case "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case _:
            try:
                return chr(int(element.get(_CHAR, ""), 16))
            except (ValueError, OverflowError):
                return "\ufffd"
