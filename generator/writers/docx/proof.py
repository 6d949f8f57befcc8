"""The quick proof that a .docx of ours says what its document says.

Its document is read again, all bytes of it: the checksum of the zip, the nesting of the XML, and
its text, marked with cells, spans and paragraphs, against the document's, marked alike; and that
the styles it names exist. Markup repeats, so a stretch of it between two texts is read once and
remembered. This takes a tenth of the time of the general reader, which reads files from anywhere;
both are tested to agree.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from xml.parsers import expat

from generator.document import Document, Table
from generator.problems import Problem
from generator.writers.docx.elements import ELEMENTS
from generator.writers.docx.expected import expected_blocks
from generator.writers.docx.xml import DECLARATION, R, W
from generator.writers.docx.zip import NOT_A_PACKAGE

_DOCUMENT_PART = "word/document.xml"
_STYLES_PART = "word/styles.xml"
_BEGIN = f'{DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{R}">'.encode()
# Small blocks stay in memory that the process has; large ones are asked for anew each time.
_CHUNK = 1 << 15
_CHUNKS_BEGIN_WITH = b"<w:p>"

# What stands for the structure in a marked text; none of these characters can occur in XML.
_CELL, _ROW, _PARAGRAPH, _TABLE, _TABLE_END, _SPAN, _SPAN_END, _MERGED, _CONTINUED, _COLUMN = (
    "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0e"
)
_FIELD, _RESULT, _FIELD_END, _PAGE_REFERENCE, _CELL_END = "\x10\x11\x12\x13\x14"
_MARK_BY_FIELD = {"begin": _FIELD, "separate": _RESULT, "end": _FIELD_END}
_FIELDS = f"{_FIELD}{_RESULT}{_FIELD_END}".encode()
_NO_FIELDS = bytes(set(range(256)) - set(_FIELDS))

# With the end of the tag before instead of its own: between tags, where a run may stand.
_BOOKMARK = re.compile(
    rb'><w:bookmark(?:Start w:id="([1-9]\d*)" w:name="(\w+)"|End w:id="([1-9]\d*)")/'
    rb"(?=><(?:w:(?:r>|bookmark|hyperlink )|/w:p>))"
)
_TEXT, _TEXT_END = b"<w:t>", b"</w:t>"
_WIDTH, _ANY_WIDTH = re.compile(rb' w:w="[0-9]+"'), b' w:w="1"'
# Text has none of these: some are no XML, the others are written as entities.
_NO_TEXT = bytes(range(0x20)) + b"<>"
_ATTRIBUTE = r' ((?:w|r|xml):[A-Za-z]+)="([^"<>\x00-\x1f\ufffe\uffff]*)"'
_TAG = re.compile(rf"<(/?)(w:[A-Za-z]+)((?:{_ATTRIBUTE})*)(/?)>([^<>\x00-\x1f]*)")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_AMPERSAND = re.compile("&(?!(?:amp|lt|gt|quot);)")
_ENTITIES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&amp;", b"&"))
_NO_MARK = "\x0f"
_SPACES_KEPT = {"xml:space": "preserve"}
_MARK_BY_ELEMENT = {"w:tbl": _TABLE, "w:gridCol": _COLUMN, "w:tab": "\t", "w:br": "\n"}
_MARK_BY_END = {"w:p": _PARAGRAPH, "w:tc": _CELL_END, "w:tr": _ROW, "w:tbl": _TABLE_END}
# The page number of an entry of the contents; the tab of an empty corner; then empty paragraphs.
_PAGE_NUMBER = re.compile(rb"\t\x10\x13\x11[0-9]*\x12")
# Each begins with what has to be there: a search for a repeated or a chosen byte takes ten times.
_TAB_AT_END = re.compile(rb"\t\t*\x03")
_SHOWN_AT_ONCE = re.compile(rb"\x10[\x11\x12]")
_EMPTY, _EMPTY_BEHIND_TABLE = re.compile(rb"\x03\x03+"), re.compile(rb"\x05\x03")


class _NotOurs(ValueError):
    """What we would not have written."""


class _Stretch(NamedTuple):
    """Markup between two texts: the elements open after it, its marks, what it refers to."""

    opened: tuple[str, ...]
    marks: bytes
    styles: frozenset[str]
    targets: frozenset[str]


@dataclass(slots=True)
class _Seen:
    """What was found in the file: marks and texts in turn, the stretches, the bookmarks."""

    pieces: list[bytes] = field(default_factory=list)
    # By the elements open before it, and its bytes.
    stretches: dict[tuple[str, ...], dict[bytes, _Stretch]] = field(default_factory=dict)
    numbers: list[bytes] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    begun: set[bytes] = field(default_factory=set)


def problems_of_written(document: Document, data: bytes) -> tuple[Problem, ...]:
    """The last step of every build: what the file does not say as the document does, or ()."""
    if says(data, document):
        return ()
    # Brings lxml with it, for a file that should not exist.
    from generator.writers.docx.check import problems_by_reader  # noqa: PLC0415

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
            text = b"".join(seen.pieces)
            said = _marked(text)
    except (*NOT_A_PACKAGE, _NotOurs, expat.ExpatError, UnicodeDecodeError):
        return False
    return (
        len(set(names)) == len(names)
        and _refers_soundly(seen, styles)
        and _fields_end(text.translate(None, _NO_FIELDS))
        and said == _marked_document(document).encode()
    )


def _scanned(package: zipfile.ZipFile) -> _Seen:
    """_NotOurs for what is no XML, or certainly not ours; UnicodeDecodeError for no UTF-8."""
    seen = _Seen()
    opened: tuple[str, ...] = ("w:document",)
    with package.open(_DOCUMENT_PART) as part:
        if part.read(len(_BEGIN)) != _BEGIN:
            raise _NotOurs
        rest = b""
        while block := part.read(_CHUNK):
            whole, begin, rest = (rest + block).rpartition(_CHUNKS_BEGIN_WITH)
            opened = _scan(whole, opened, seen)
            rest = begin + rest
        opened = _scan(rest, opened, seen)
    if opened:
        raise _NotOurs
    return seen


def _scan(text: bytes, opened: tuple[str, ...], seen: _Seen) -> tuple[str, ...]:
    """Reads whole elements; what is open after them."""
    first, *rest = _without_bookmarks(text, seen).split(_TEXT)
    opened = _read(first, opened, seen)
    texts = [part.partition(_TEXT_END) for part in rest]
    _expect_plain([text for text, _, _ in texts])
    pieces = seen.pieces
    known, in_run = seen.stretches.setdefault(opened, {}), opened[-1:] == ("w:r",)
    for shown, end, markup in texts:
        if not (in_run and end):
            raise _NotOurs
        stretch = known.get(markup)
        if stretch is None:
            stretch = known[markup] = _stretch(opened, markup)
        if stretch.opened != opened:
            opened = stretch.opened
            known, in_run = seen.stretches.setdefault(opened, {}), opened[-1:] == ("w:r",)
        pieces += (shown, stretch.marks)
    return opened


def _expect_plain(texts: list[bytes]) -> None:
    """Each by itself is UTF-8 with whole entities and no blank at an end, which Word would drop."""
    apart = b"\n".join([b"", *texts, b""])
    apart.decode()
    letters = len(apart) - len(texts) - 1
    if len(apart.translate(None, _NO_TEXT)) != letters or b"\n " in apart or b" \n" in apart:
        raise _NotOurs
    if b"&" in apart and apart.count(b"&") != sum(apart.count(entity) for entity, _ in _ENTITIES):
        raise _NotOurs


def _read(markup: bytes, opened: tuple[str, ...], seen: _Seen) -> tuple[str, ...]:
    stretch = _stretch(opened, markup)
    seen.stretches.setdefault(opened, {})[markup] = stretch
    seen.pieces.append(stretch.marks)
    return stretch.opened


def _without_bookmarks(text: bytes, seen: _Seen) -> bytes:
    """What stands around them; each ends once, after it begins."""
    parts = _BOOKMARK.split(text)
    numbers, names, ended = parts[1::4], parts[2::4], parts[3::4]
    seen.numbers += filter(None, numbers)
    seen.names += filter(None, names)
    for begins, ends in zip(numbers, ended, strict=True):
        if begins:
            seen.begun.add(begins)
        elif ends in seen.begun:
            seen.begun.remove(ends)
        else:
            raise _NotOurs
    return b"".join(parts[::4])


@lru_cache(maxsize=1 << 13)
def _stretch(opened: tuple[str, ...], markup: bytes) -> _Stretch:
    """Other departments have other widths, in the same markup."""
    return _stretch_of_any_width(opened, _WIDTH.sub(_ANY_WIDTH, markup))


@lru_cache(maxsize=1 << 13)
def _stretch_of_any_width(opened: tuple[str, ...], markup: bytes) -> _Stretch:
    """Reads tags, all of them whole; _NotOurs if they do not nest or hold text that is not shown."""
    text = markup.decode()
    reading = _Reading(list(opened))
    end = 0
    for tag in _TAG.finditer(text):
        if tag.start() != end:
            raise _NotOurs
        reading.read(*tag.group(1, 2, 3, 6, 7))
        end = tag.end()
    if end != len(text) or _AMPERSAND.search(text):
        raise _NotOurs
    said = "".join(reading.marks).replace(_PARAGRAPH + _CELL_END, _CELL).encode()
    styles, targets = frozenset(reading.styles), frozenset(reading.targets)
    return _Stretch(tuple(reading.elements), said, styles, targets)


@dataclass(slots=True)
class _Reading:
    """A stretch being read: the elements open now, the marks so far, what was referred to."""

    elements: list[str]
    marks: list[str] = field(default_factory=list)
    styles: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)

    def read(self, closing: str, name: str, attributes: str, empty: str, content: str) -> None:
        """A tag and the characters up to the next one."""
        if not closing:
            self._open(name, _values(attributes))
        elif attributes or empty:
            raise _NotOurs
        if closing or empty:
            if not self.elements or self.elements.pop() != name:
                raise _NotOurs
            self.marks.append(_MARK_BY_END.get(name, ""))
        if content:
            self._read_content(content)

    def _open(self, name: str, values: Mapping[str, str]) -> None:
        element = ELEMENTS.get(name)
        if (
            element is None
            or not self.elements
            or self.elements[-1] not in element.parents
            or not element.attributes.issuperset(values)
        ):
            raise _NotOurs
        self.elements.append(name)
        self.marks.append(_mark(name, values))
        if name.endswith("Style") and "w:val" in values:
            self.styles.add(values["w:val"])
        if "w:anchor" in values:
            self.targets.add(values["w:anchor"])

    def _read_content(self, content: str) -> None:
        """Text, or the instruction of a field, which may name a bookmark."""
        if self.elements[-1:] == ["w:t"]:
            self.marks.append(content)
        elif self.elements[-1:] == ["w:instrText"]:
            words = content.split()
            if words[:1] == ["PAGEREF"]:
                self.targets.update(words[1:2])
                self.marks.append(_PAGE_REFERENCE)
        else:
            raise _NotOurs


def _values(attributes: str) -> dict[str, str]:
    found = _ATTRIBUTES.findall(attributes)
    values = dict(found)
    if len(values) != len(found):
        raise _NotOurs
    return values


def _mark(name: str, values: Mapping[str, str]) -> str:
    """What an element that begins stands for."""
    value = values.get("w:val", "")
    match name:
        case "w:gridSpan":
            return f"{_SPAN}{value}{_SPAN_END}"
        case "w:vMerge":
            return _MERGED if value == "restart" else _CONTINUED
        case "w:fldChar":
            return _MARK_BY_FIELD.get(values.get("w:fldCharType", ""), _NO_MARK)
        case "w:t" if values != _SPACES_KEPT:
            raise _NotOurs
    return _MARK_BY_ELEMENT.get(name, "")


def _marked(text: bytes) -> bytes:
    """The text of the file, with marks for its structure and without empty paragraphs."""
    text = _TAB_AT_END.sub(b"\x03", text)
    text = _PAGE_NUMBER.sub(b"", text)
    if text.count(_FIELD.encode()) != len(_SHOWN_AT_ONCE.findall(text)):
        raise _NotOurs  # what stands before the result of a field is not shown
    text = _EMPTY.sub(b"\x03", text.translate(None, _FIELDS))
    return _unescaped(_EMPTY_BEHIND_TABLE.sub(b"\x05", text).lstrip(b"\x03"))


def _unescaped(text: bytes) -> bytes:
    if b"&" not in text:
        return text
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


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


def _refers_soundly(seen: _Seen, styles: frozenset[str]) -> bool:
    """Styles exist, bookmarks are unique and ended, links have targets."""
    read = [stretch for known in seen.stretches.values() for stretch in known.values()]
    names = set(seen.names)
    targets = frozenset[str]().union(*{stretch.targets for stretch in read})
    return (
        styles.issuperset(chain.from_iterable({stretch.styles for stretch in read}))
        and not seen.begun
        and len(set(seen.numbers)) == len(seen.numbers) == len(names)
        and names.issuperset(map(str.encode, targets))
    )


def _fields_end(marks: bytes) -> bool:
    """Whether each field begins, has a result or none, and ends, those inside it before it."""
    length = -1
    while length != len(marks):
        length = len(marks)
        marks = marks.replace(b"\x10\x11\x12", b"").replace(b"\x10\x12", b"")
    return not marks


@lru_cache(maxsize=8)
def _defined_styles(styles: bytes) -> frozenset[str]:
    """The style ids of styles.xml, which is the same for all documents of a place."""
    expat.ParserCreate().Parse(styles, True)
    return frozenset(re.findall('<w:style [^>]*w:styleId="([^"]*)"', styles.decode()))
