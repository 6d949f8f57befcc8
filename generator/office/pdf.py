"""What a PDF made by LibreOffice says of itself, and how its bytes come to be the same each time."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pypdf import PdfReader


class OutlineEntry(NamedTuple):
    """A line of the outline; `page` counts from 0."""

    title: str
    page: int


def outline_of(pdf: bytes) -> tuple[OutlineEntry, ...]:
    """The outline of a PDF, flat, in the order of the document."""
    reader = _reader(pdf)
    return tuple(_entries(reader, reader.outline))


def _entries(reader: PdfReader, outline: list[Any]) -> Iterator[OutlineEntry]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(reader, entry)
        else:
            page = reader.get_destination_page_number(entry)
            yield OutlineEntry(str(entry.title), -1 if page is None else page)


def fonts_of(pdf: bytes) -> tuple[str, ...]:
    """The PostScript names of the fonts of a PDF, sorted, without the mark of a subset."""
    names = set()
    for page in _reader(pdf).pages:
        fonts = page.get("/Resources", {}).get("/Font", {})
        names |= {str(font.get_object()["/BaseFont"]).lstrip("/") for font in fonts.values()}
    return tuple(sorted({re.sub(r"\A[A-Z]{6}\+", "", name) for name in names}))


def _reader(pdf: bytes) -> PdfReader:
    # Imported late: it takes 0.13 s, and most builds need no PDF.
    from pypdf import PdfReader  # noqa: PLC0415

    return PdfReader(io.BytesIO(pdf))


_CREATED = re.compile(rb"(?<=/CreationDate\(D:)[0-9]{14}(?:Z|[+-][0-9]{2})?")
_MARKS = re.compile(rb"(?<=/ID \[ <)[0-9A-F]{32}|(?<=^<)[0-9A-F]{32}(?=> \])", re.MULTILINE)
_CHECKSUM = re.compile(rb"(?<=/DocChecksum /)[0-9A-F]{32}")
_NO_MARK = b"0" * 32


def with_fixed_bytes(pdf: bytes, date: str) -> bytes:
    """The same PDF with `date` (ISO) for the clock's and marks from its content, not from chance.

    All replacements are as long as what they replace, so that nothing in the file moves. Digits,
    which Word's styles call English (or LibreOffice would break numbers at the end of a line), are
    read aloud in Chinese, like the text they stand in.
    """
    moment = date.replace("-", "").encode() + b"000000"
    pdf = pdf.replace(b"/Lang(en-US)", b"/Lang(zh-CN)")
    pdf = _CREATED.sub(lambda found: moment + found[0][14:], pdf)
    head, trailer, tail = pdf.rpartition(b"\ntrailer")
    tail = _CHECKSUM.sub(_NO_MARK, _MARKS.sub(_NO_MARK, tail))
    pdf = head + trailer + tail
    mark = hashlib.sha256(pdf).hexdigest()[:32].upper().encode()
    return head + trailer + tail.replace(_NO_MARK, mark)
