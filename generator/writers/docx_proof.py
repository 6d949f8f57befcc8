"""The quick proof that a .docx of ours says what its document says.

All bytes are read again: the checksums of the zip, the well-formedness of the XML, and its text,
marked with cells, spans and paragraphs, against the document's, marked alike. This takes a fifth of
the time of the general reader, which reads files from anywhere; both are tested to agree.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from xml.parsers import expat

from generator.document import Document, Table
from generator.problems import Problem
from generator.writers.docx_expected import expected_blocks
from generator.writers.docx_zip import NOT_A_PACKAGE

_DOCUMENT_PART = "word/document.xml"
_STYLES_PART = "word/styles.xml"
_NAMESPACE = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CHUNK = 1 << 20

# What stands for the structure in a marked text; none of these characters can occur in XML.
_CELL, _ROW, _PARAGRAPH, _TABLE, _TABLE_END, _SPAN, _SPAN_END, _MERGED, _CONTINUED, _COLUMN = (
    "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0e"
)
# Most of the file are cells like this: columns, merge, style, bookmark and its name, style of the
# text, text. What matches is well-formed: the XML parser is given only the rest.
_PLAIN_CELL = re.compile(
    rb'<w:tc><w:tcPr><w:tcW w:w="\d+" w:type="dxa"/>(?:<w:gridSpan w:val="(\d+)"/>)?'
    rb'(<w:vMerge(?: w:val="restart")?/>)?</w:tcPr><w:p><w:pPr><w:pStyle w:val="(\w+)"/></w:pPr>'
    rb'(?:<w:bookmarkStart w:id="(\d+)" w:name="(\w+)"/>)?'
    rb'(?:<w:r>(?:<w:rPr><w:rStyle w:val="(\w+)"/></w:rPr>)?<w:t>([^<>&\x00-\x1f]*)</w:t></w:r>)?'
    rb'(?(4)<w:bookmarkEnd w:id="\4"/>)</w:p></w:tc>'
)
_CELL_BEGIN = b"<w:tc>"
_ROW_OPENING = re.compile(
    rb'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="\d+" w:hRule="atLeast"/>(?:<w:tblHeader/>)?</w:trPr>'
)
# Stands for such a cell, until its marks are put there; begins like all tokens: searched faster.
_PLAIN = b"<\x0f"
_MARK_BY_MERGE = {
    None: b"",
    b'<w:vMerge w:val="restart"/>': b"\x08",
    b"<w:vMerge/>": b"\x0b",
}
_SPAN_MARK = b"\x06%s\x07"
# The ends of most cells belong to a longer token: half as many tokens.
_TOKEN = re.compile(
    rb"<(?:\x0f(?:<\x0f)*(?:</w:tr>)?|/w:(?:p></w:tc>|p>|t[cr]>|tbl>)"
    rb"|w:(?:t(?: [^>]*)?>[^<]*(?:</w:t></w:r></w:p></w:tc>)?|tbl>|gridCol|tab/>|br/>|gridSpan[^>]*|vMerge[^>]*))"
)
_REFERENCE = re.compile(rb"<w:(?:[prt]\w*Style|bookmark|hyperlink|fldChar|instrText)[^<]*")
_MARK_BY_TOKENS = (
    (b"<w:t>", ""),
    (b'<w:t xml:space="preserve">', ""),
    (b"<w:tab/>", "\t"),
    (b"<w:br/>", "\n"),
    (b"</w:t></w:r>", ""),
    (b"</w:p></w:tc>", _CELL),
    (b"</w:p>", _PARAGRAPH),
    (b"</w:tr>", _ROW),
    (b"<w:tbl>", _TABLE),
    (b"</w:tbl>", _TABLE_END),
    (b"<w:gridCol", _COLUMN),
    (b'<w:vMerge w:val="restart"/', _MERGED),
    (b"<w:vMerge/", _CONTINUED),
    (b'<w:gridSpan w:val="', _SPAN),
    (b'"/', _SPAN_END),
)
_ENTITIES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&amp;", b"&"))
# The page number of an entry of the contents, or the tab of an empty corner; then empty paragraphs.
_PAGE_NUMBER = re.compile(rb"\t[0-9]*\x03")
_EMPTY = re.compile(rb"([\x03\x05])\x03+")


@dataclass(slots=True)
class _Seen:
    """What was found in the file: its tokens, the marks of its plain cells, what it refers to.

    Bookmarks of plain cells end where they begin; None is none.
    """

    tokens: list[bytes] = field(default_factory=list)
    cells: list[bytes] = field(default_factory=list)
    references: Counter[bytes] = field(default_factory=Counter)
    styles: set[bytes | None] = field(default_factory=set)
    bookmarks: list[bytes | None] = field(default_factory=list)
    names: list[bytes | None] = field(default_factory=list)


def problems_of_written(document: Document, data: bytes) -> tuple[Problem, ...]:
    """The last step of every build: what the file does not say as the document does, or ()."""
    if says(data, document):
        return ()
    # Brings lxml with it, for a file that should not exist.
    from generator.writers.docx_check import problems_by_reader  # noqa: PLC0415

    return problems_by_reader(document, data)


def says(data: bytes, document: Document) -> bool:
    """Whether the file plainly says what the document says and refers to nothing that is missing.

    True is proof; False means that the general reader has to look closer.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            seen = _scanned(package)
            names = [name.lower() for name in package.namelist()]
            styles = _defined_styles(package.read(_STYLES_PART))
    except (*NOT_A_PACKAGE, expat.ExpatError):
        return False
    return (
        len(set(names)) == len(names)
        and _refers_soundly(seen, styles)
        and _marked(seen) == _marked_document(document).encode()
    )


def _scanned(package: zipfile.ZipFile) -> _Seen:
    """ExpatError for what is no XML, or certainly not ours."""
    parser = expat.ParserCreate()
    seen = _Seen()
    rest = b""
    with package.open(_DOCUMENT_PART) as part:
        block = part.read(_CHUNK)
        if _NAMESPACE not in block[:1024]:
            raise expat.ExpatError("not a document of ours")
        while block:
            text, cell, rest_of_cell = (rest + block).rpartition(_CELL_BEGIN)
            rest = cell + rest_of_cell
            _scan(text, parser, seen)
            block = part.read(_CHUNK)
    _scan(rest, parser, seen)
    parser.Parse(b"", True)
    return seen


def _scan(text: bytes, parser: expat.XMLParserType, seen: _Seen) -> None:
    """Whole cells and what stands around them, which the parser is given."""
    if (b"!" in text and b"<!" in text) or _PLAIN[1:] in text:  # a single byte is found at once
        raise expat.ExpatError("comments, declarations and control characters are not ours")
    around, *cells = _transposed(_PLAIN_CELL.split(text))
    spans, merges, styles, bookmarks, names, text_styles, texts = cells
    rest = _ROW_OPENING.sub(b"<w:tr>", _PLAIN.join(around))
    parser.Parse(rest.replace(_PLAIN, b""))
    seen.references.update(_REFERENCE.findall(rest))
    seen.styles.update(styles, text_styles)
    seen.bookmarks += bookmarks
    seen.names += names
    seen.tokens += _TOKEN.findall(rest)
    seen.cells += [
        (cell or b"") + b"\x01"
        if span is None is merge  # most cells
        else (_SPAN_MARK % span if span else b"") + _MARK_BY_MERGE[merge] + (cell or b"") + b"\x01"
        for span, merge, cell in zip(spans, merges, texts, strict=True)
    ]


def _transposed(parts: list[bytes]) -> Iterator[list[bytes]]:
    """What stands around the plain cells, one more than there are cells; then each of their groups."""
    return (parts[number :: 1 + _PLAIN_CELL.groups] for number in range(1 + _PLAIN_CELL.groups))


def _marked(seen: _Seen) -> bytes:
    """The text of the file, with marks for its structure and without empty paragraphs."""
    tokens = b"".join(seen.tokens)
    for token, mark in _MARK_BY_TOKENS:
        tokens = tokens.replace(token, mark.encode())
    for entity, character in _ENTITIES:
        tokens = tokens.replace(entity, character)
    tokens = _PAGE_NUMBER.sub(_PARAGRAPH.encode(), tokens)
    around = _EMPTY.sub(rb"\1", tokens).lstrip(_PARAGRAPH.encode()).split(_PLAIN)
    return b"".join(chain.from_iterable(zip(around, (*seen.cells, b""), strict=True)))


def _marked_document(document: Document) -> str:
    """The text the file must have, with the same marks."""
    pieces: list[str] = []
    for _, item in expected_blocks(document):
        if isinstance(item, Table):
            _mark_table(item, pieces)
        elif item:
            pieces += (item, _PARAGRAPH)
    return "".join(pieces)


def _mark_table(table: Table, pieces: list[str]) -> None:
    pieces += (_TABLE, _COLUMN * len(table.columns))
    # Column of each cell that goes on into the next row -> rows left, its mark, the column after it.
    going_on: dict[int, tuple[int, str, int]] = {}
    for row in table.rows:
        if len(row.cells) == len(table.columns) and not [c for c in row.cells if c[3] > 1]:
            # A cell over each column: most rows.
            pieces += (_CELL.join([cell[0] for cell in row.cells]), _CELL + _ROW)
            continue
        column = 0
        for text, at, columns, rows, *_ in row.cells:
            while column < at and column in going_on:
                column = _continue(going_on, column, pieces)
            column = at + columns
            if columns > 1 or rows > 1:
                span = f"{_SPAN}{columns}{_SPAN_END}" if columns > 1 else ""
                if rows > 1:
                    going_on[at] = (rows - 1, span, column)
                    span += _MERGED
                pieces.append(span)
            pieces.append(text + _CELL)
        while column in going_on:
            column = _continue(going_on, column, pieces)
        pieces.append(_ROW)
    pieces.append(_TABLE_END)


def _continue(going_on: dict[int, tuple[int, str, int]], column: int, pieces: list[str]) -> int:
    """The cell that goes on from the row above; the column after it."""
    rows, span, following = going_on.pop(column)
    if rows > 1:
        going_on[column] = (rows - 1, span, following)
    pieces += (span, _CONTINUED, _CELL)
    return following


def _refers_soundly(seen: _Seen, styles: frozenset[bytes]) -> bool:
    """Styles exist, bookmarks are unique and ended later, links have targets, fields end.

    A counter keeps the order in which its keys were first seen.
    """
    used, targets = seen.styles - {None}, set[bytes]()
    starts, names, ends = list[bytes](), list[bytes](), list[bytes]()
    begun = set[bytes]()
    fields = Counter[bytes]()
    for reference, count in seen.references.items():
        element, *values = reference.split(b'"')
        if element.endswith(b"Style w:val="):
            used.add(values[0])
        elif element == b"<w:bookmarkStart w:id=":
            starts += values[:1] * count
            begun.add(values[0])
            names += values[2:3] * count
        elif element == b"<w:bookmarkEnd w:id=":
            if values[0] not in begun:
                return False
            ends += values[:1] * count
        elif element == b"<w:hyperlink w:anchor=":
            targets.add(values[0])
        elif element == b"<w:fldChar w:fldCharType=":
            fields[values[0]] += count
        elif b" PAGEREF " in reference:
            targets.add(reference.partition(b" PAGEREF ")[2].split()[0])
    ended = len(starts) == len(ends) and begun == set(ends)
    starts += filter(None, seen.bookmarks)
    names += filter(None, seen.names)
    return (
        used <= styles
        and ended
        and len(set(starts)) == len(starts) == len(set(names))
        and targets <= set(names)
        and fields[b"begin"] == fields[b"end"]
    )


@lru_cache(maxsize=8)
def _defined_styles(styles: bytes) -> frozenset[bytes]:
    """The style ids of styles.xml, which is the same for all documents of a place."""
    expat.ParserCreate().Parse(styles, True)
    return frozenset(re.findall(rb'<w:style [^>]*w:styleId="([^"]*)"', styles))
