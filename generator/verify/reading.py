"""The text of a returned Word file: lines and tables in order, where its anchors stand.

Tracked insertions count as text, tracked deletions and hidden text do not. Formatting is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from generator.verify.marks import Comment, Revision, Settled, Spot, comments_in, hiding_in, settle
from generator.verify.package import (
    Package,
    UnusableFile,
    W,
    document_part,
    open_package,
    parse_xml,
)
from generator.verify.unseen import looks_in, unseen_in
from generator.verify.walking import FoundLine, WalkedRow, Walker
from generator.writers.docx.package import ANCHORS_NAMESPACE

_STRICT = "{http://purl.oclc.org/ooxml/"
_ANCHORS = f"{{{ANCHORS_NAMESPACE}}}"


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
    `struck` has a line through it, `numbered` a number of Word's own; `unseen` is in no print;
    `embedded` are other files.
    """

    title: str
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
    unseen: tuple[Spot, ...]
    embedded: int


def read_returned(content: bytes) -> Found:
    """Everything `Found` holds; UnusableFile."""
    package, main, body, settled = open_settled(content)
    walker = Walker()
    walked = [(element, _found(read)) for element, read in walker.blocks(body) if read is not None]
    number_by_block = {element: number for number, (element, _) in enumerate(walked)}
    for paragraph, following in settled.merged.items():
        number_by_block[paragraph] = number_by_block.get(following, -1)
    anchors = anchors_in(package, main)
    title, _, _ = properties_of(package)

    def number_of(block: etree._Element | None) -> int:
        return -1 if block is None else number_by_block.get(block, -1)

    def spots(texts: Iterable[tuple[str, etree._Element | None]]) -> tuple[Spot, ...]:
        return tuple(Spot(text, number_of(block)) for text, block in texts)

    return Found(
        title=title,
        blocks=tuple(block for _, block in walked),
        text_by_mark=walker.text_by_mark,
        figure_anchors=None if anchors is None else anchors[0],
        row_anchors={} if anchors is None else anchors[1],
        revisions=tuple(
            Revision(c.kind, c.author, c.date, text, number_of(c.block))
            for c, text in settled.noted
        ),
        comments=tuple(
            Comment(author, date, text, number_of(settled.comment_marks.get(number)))
            for number, author, date, text in comments_in(package, main)
        ),
        hidden=settled.hidden,
        floating=(*settled.floating, *_notes(package, main)),
        furniture=furniture_of(package, main),
        pictures=settled.pictures,
        struck=spots(settled.struck),
        numbered=spots(settled.numbered),
        unseen=spots(unseen_in(body, looks_in(package, main))),
        embedded=settled.embedded,
    )


def open_settled(content: bytes) -> tuple[Package, str, etree._Element, Settled]:
    """The package, the name of its main part, and its body as accepted; UnusableFile."""
    package = open_package(content)
    main = document_part(package)
    root = package.parse(main)
    body = root.find(f"{W}body")
    if root.tag.startswith(_STRICT):
        raise UnusableFile("这是“严格的 Open XML”格式；请在 Word 里另存为普通的 .docx（Word 文档）")
    if body is None:
        raise UnusableFile("Word 正文是空的")
    return package, main, body, settle(body, hiding_in(package, main))


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
            texts = [*_texts(root), *settled.floating, *["〔图片〕"] * settled.pictures]
            found["\n".join(filter(None, texts)).strip()] = None
    return tuple(text for text in found if text)


def _notes(package: Package, main: str) -> Iterator[str]:
    """The texts of footnotes and endnotes; separators have none."""
    hiding = hiding_in(package, main)
    for kind in ("footnotes", "endnotes"):
        for name in package.linked(main, kind):
            root = package.parse(name)
            settle(root, hiding)
            for note in root:
                text = "\n".join(_texts(note)).strip()
                if text:
                    yield text


def _texts(root: etree._Element) -> Iterator[str]:
    """The texts of paragraphs and cells."""
    for _, read in Walker().blocks(root):
        if isinstance(read, FoundLine):
            yield read.text
        elif read is not None:
            yield from (text for row in read for text in _row(row).texts)


def _found(read: FoundLine | list[WalkedRow]) -> FoundLine | FoundGrid:
    return read if isinstance(read, FoundLine) else FoundGrid(tuple(map(_row, read)))


def _row(row: WalkedRow) -> FoundRow:
    kept = [cell for cell in row.cells if cell.text or not cell.continues]
    return FoundRow(
        tuple([cell.text for cell in kept]),
        tuple([mark.name for cell in kept if cell.marks for mark in cell.marks]),
    )


def properties_of(package: Package) -> tuple[str, str, str]:
    """Title, author and the day of making (ISO)."""
    parts = package.linked("", "core-properties")
    elements = (element for part in parts for element in package.parse(part))
    found = {element.tag.rpartition("}")[2]: element.text or "" for element in elements}
    return found.get("title", ""), found.get("creator", ""), found.get("created", "")[:10]


def anchors_in(
    package: Package, main: str
) -> tuple[dict[str, FigureAnchor], dict[str, RowAnchor]] | None:
    """The custom part that says what the bookmarks stand for; None if it is lost."""
    for name in package.linked(main, "customXml"):
        content = package.read(name)
        if ANCHORS_NAMESPACE.encode() not in content:
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
