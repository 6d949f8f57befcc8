"""The text of a returned Word file: lines and tables in order, where its anchors stand.

Tracked insertions count as text, tracked deletions and hidden text do not. Formatting is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from generator.verify.marks import Comment, Revision, Spot, hiding_in, read_comments, settle
from generator.verify.package import (
    Package,
    UnusableFile,
    W,
    document_part,
    open_package,
    parse_xml,
)

_ANCHORS = "{urn:budget-disclosure:anchors}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"


class Mark(NamedTuple):
    """A bookmark over `start:end` of a text."""

    name: str
    start: int
    end: int


class FoundLine(NamedTuple):
    """A paragraph outside tables, or the text of a cell."""

    text: str
    marks: tuple[Mark, ...] = ()


class FoundRow(NamedTuple):
    """A table row: its cells from left to right, and the bookmarks in them.

    Cells that only continue the one above are left out.
    """

    texts: tuple[str, ...]
    marks: tuple[str, ...]


class FoundGrid(NamedTuple):
    rows: tuple[FoundRow, ...]


class RowAnchor(NamedTuple):
    table: str
    key: str


class FigureAnchor(NamedTuple):
    """What a figure's bookmark stood for when the file was built."""

    figure: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A returned file. `figure_anchors` is None where the custom part is lost.

    `furniture` are the texts of headers and footers, `floating` those of text boxes and notes.
    `struck` has a line through it, `numbered` a number of Word's own; `embedded` are other files.
    """

    title: str
    author: str
    blocks: tuple[FoundLine | FoundGrid, ...]
    text_by_mark: Mapping[str, str]
    figure_anchors: Mapping[str, FigureAnchor] | None
    row_anchors: Mapping[str, RowAnchor]
    revisions: tuple[Revision, ...]
    comments: tuple[Comment, ...]
    hidden: tuple[str, ...]
    floating: tuple[str, ...]
    furniture: tuple[str, ...]
    pictures: int
    struck: tuple[Spot, ...]
    numbered: tuple[Spot, ...]
    embedded: int


def read_returned(content: bytes) -> Found:
    """Everything `Found` holds; UnusableFile."""
    package = open_package(content)
    main = document_part(package)
    root = package.parse(main)
    body = root.find(f"{W}body")
    if body is None:
        raise UnusableFile("Word 正文是空的")
    settled = settle(body, hiding_in(package, main))
    walker = _Walker()
    blocks = tuple(walker.blocks(body))
    _check_lengths(walker.lengths)
    number_by_block = {block: number for number, block in enumerate(walker.elements)}
    anchors = _anchors(package, main)
    title, author = _properties(package)
    return Found(
        title=title,
        author=author,
        blocks=blocks,
        text_by_mark=walker.text_by_mark,
        figure_anchors=None if anchors is None else anchors[0],
        row_anchors={} if anchors is None else anchors[1],
        revisions=settled.revisions(number_by_block),
        comments=read_comments(package, main, settled.commented(number_by_block)),
        hidden=settled.hidden,
        floating=(*settled.floating, *_notes(package, main)),
        furniture=furniture_of(package, main),
        pictures=settled.pictures,
        struck=settled.spots(settled.struck, number_by_block),
        numbered=settled.spots(settled.numbered, number_by_block),
        embedded=settled.embedded,
    )


def furniture_of(package: Package, main: str) -> tuple[str, ...]:
    """The texts of all headers and footers, each once, in the order of parts.

    Text boxes come last, then a word for every picture.
    """
    found: dict[str, None] = {}
    hiding = hiding_in(package, main)
    for kind in ("header", "footer"):
        for name in sorted(package.linked(main, kind)):
            root = package.parse(name)
            settled = settle(root, hiding)
            texts = [line.text for line in _lines(_Walker().blocks(root))]
            texts += [*settled.floating, *["〔图片〕"] * settled.pictures]
            found["\n".join(filter(None, texts)).strip()] = None
    return tuple(text for text in found if text)


def _lines(blocks: Iterator[FoundLine | FoundGrid]) -> Iterator[FoundLine]:
    for block in blocks:
        if isinstance(block, FoundGrid):
            yield from (FoundLine(text) for row in block.rows for text in row.texts)
        else:
            yield block


def _notes(package: Package, main: str) -> Iterator[str]:
    """The texts of footnotes and endnotes; separators have none."""
    hiding = hiding_in(package, main)
    for kind in ("footnotes", "endnotes"):
        for name in package.linked(main, kind):
            root = package.parse(name)
            settle(root, hiding)
            for note in root:
                text = "\n".join(line.text for line in _lines(_Walker().blocks(note))).strip()
                if text:
                    yield text


def _properties(package: Package) -> tuple[str, str]:
    for name in package.linked("", "core-properties"):
        root = package.parse(name)
        terms = "{http://purl.org/dc/elements/1.1/}"
        return root.findtext(f"{terms}title") or "", root.findtext(f"{terms}creator") or ""
    return "", ""


def _anchors(
    package: Package, main: str
) -> tuple[dict[str, FigureAnchor], dict[str, RowAnchor]] | None:
    """The custom part that says what the bookmarks stand for; None if it is lost."""
    for name in package.linked(main, "customXml"):
        content = package.read(name)
        if b"urn:budget-disclosure:anchors" not in content:
            continue
        root = parse_xml(content, name)
        figures = {
            anchor.get("bookmark", ""): FigureAnchor(anchor.get("fact", ""), anchor.get("text", ""))
            for anchor in root.iter(f"{_ANCHORS}figure")
        }
        rows = {
            anchor.get("bookmark", ""): RowAnchor(anchor.get("table", ""), anchor.get("key", ""))
            for anchor in root.iter(f"{_ANCHORS}row")
        }
        return figures, rows
    return None


_TEXT, _CELL, _PARAGRAPH, _ROW, _MERGE, _START, _END, _OTHER = range(8)
_CODE = {
    f"{W}t": _TEXT,
    _MATH_TEXT: _TEXT,
    f"{W}tc": _CELL,
    f"{W}p": _PARAGRAPH,
    f"{W}tr": _ROW,
    f"{W}vMerge": _MERGE,
    f"{W}bookmarkStart": _START,
    f"{W}bookmarkEnd": _END,
    **{f"{W}{name}": _OTHER for name in ("tab", "br", "cr", "noBreakHyphen", "sym", "ptab")},
}
_TAGS = tuple(_CODE)
_ID, _NAME, _VALUE, _CHAR = f"{W}id", f"{W}name", f"{W}val", f"{W}char"
_P, _TBL, _R, _SECTION = f"{W}p", f"{W}tbl", f"{W}r", f"{W}sectPr"
# What is compared word by word is bounded; 20,000 rows of 12 columns are 1.5 million characters.
_LONGEST_TEXT = 50_000
_MOST_TEXT = 3_000_000
_OUR_MARKS = ("_F", "_R", "_T")


class _Text:
    """A line or cell while it is read."""

    __slots__ = ("continued", "marks", "paragraphs", "text")

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[Mark] = []
        self.paragraphs = 0
        self.continued = False


class _Walker:
    """Walks settled XML once. `elements` are the blocks' elements, in the order of blocks."""

    def __init__(self) -> None:
        self.elements: list[etree._Element] = []
        self.open_marks: dict[str, tuple[str, _Text, int]] = {}
        self.text_by_mark: dict[str, str] = {}
        self.lengths: list[int] = []

    def blocks(self, parent: etree._Element) -> Iterator[FoundLine | FoundGrid]:
        """Blocks of the body, also those inside content controls and tracked insertions."""
        for child in parent:
            if child.tag == _P:
                self.elements.append(child)
                line = _Text()
                self._walk(child, line)
                self.lengths.append(len(line.text))
                yield FoundLine(line.text, tuple(line.marks))
            elif child.tag == _TBL:
                self.elements.append(child)
                rows = self._walk(child, _Text())
                self.lengths += [len(cell.text) for cells in rows for cell in cells]
                yield FoundGrid(tuple(_row(cells) for cells in rows))
            elif child.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
                self._mark(child, _Text())
            elif child.tag != _SECTION and len(child):
                yield from self.blocks(child)

    def _walk(self, root: etree._Element, holder: _Text) -> list[list[_Text]]:
        """Read everything below `root` into the cells of its rows, or into `holder`."""
        code_of = _CODE
        rows: list[list[_Text]] = []
        for element in root.iter(*_TAGS):
            code = code_of[element.tag]
            if code == _TEXT:
                holder.text += element.text or ""
            elif code == _PARAGRAPH:
                holder.paragraphs += 1
                if holder.paragraphs > 1:
                    holder.text += "\n"
            elif code == _CELL:
                holder = _Text()
                if not rows:
                    rows.append([])
                rows[-1].append(holder)
            elif code == _ROW:
                rows.append([])
            elif code == _MERGE:
                holder.continued = element.get(_VALUE, "continue") == "continue"
            elif code == _OTHER:
                holder.text += _character(element)
            else:
                self._mark(element, holder)
        return rows

    def _mark(self, element: etree._Element, holder: _Text) -> None:
        number = element.get(_ID, "")
        if element.tag.endswith("bookmarkStart"):
            name = element.get(_NAME, "")
            if name.startswith(_OUR_MARKS):
                self.open_marks[number] = (name, holder, len(holder.text))
            return
        name, begun, start = self.open_marks.pop(number, ("", holder, 0))
        if name:
            end = len(holder.text) if begun is holder else len(begun.text)
            begun.marks.append(Mark(name, start, end))
            self.text_by_mark[name] = begun.text[start:end]


def _check_lengths(lengths: Sequence[int]) -> None:
    if max(lengths, default=0) > _LONGEST_TEXT:
        raise UnusableFile(f"有一段文字超过 {_LONGEST_TEXT} 个字，不是部门预算公开文件")
    if sum(lengths) > _MOST_TEXT:
        raise UnusableFile(f"正文超过 {_MOST_TEXT} 个字，不予核对")


def _row(cells: Sequence[_Text]) -> FoundRow:
    kept = [cell for cell in cells if cell.text or not cell.continued]
    return FoundRow(
        tuple([cell.text for cell in kept]),
        tuple([mark.name for cell in kept if cell.marks for mark in cell.marks]),
    )


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
