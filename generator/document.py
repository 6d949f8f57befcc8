"""The format-neutral document: what every writer prints, what `verify` and the year diff compare.

Pages are the sections: each section starts on a new page and has one orientation.
Nothing here knows how a figure is computed or how Word is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import ClassVar, NamedTuple

from generator.problems import Place

# Kinds of a segment.
LITERAL = "literal"  # words of a template, or text from the data
FIGURE = "figure"  # a printed number with its measure; `figure` names the fact
WORD = "word"  # a word the program chose: 增加, 持平, 上年无此项预算 …
YEAR = "year"  # a year number
OWED = "owed"  # 【待填：…】: a person must still write this


class Segment(NamedTuple):
    """A stretch of text of one kind. `figure` is the name of a fact in facts.json."""

    text: str
    kind: str = LITERAL
    figure: str | None = None
    place: Place | None = None  # the template line (or data line, for texts from the data)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is a page title (第一部分 …), 1 is 一、, 2 is （一）, 3 is 1."""

    id: str
    level: int
    segments: tuple[Segment, ...]
    place: Place | None = None
    listed: bool = True  # appears in the contents


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `role` picks the Word style: 正文, 封面标题, 封面单位, 封面日期, 目录标题, 居中, 注."""

    id: str
    role: str
    segments: tuple[Segment, ...]
    place: Place | None = None


# Roles of a table row.
HEADER = "header"
TOTAL = "total"
BODY = "body"


class Cell(NamedTuple):
    """A cell with explicit spans; positions covered by a span have no cell of their own.

    `align` is left, center or right. `column` is the index of the leftmost grid column.
    """

    text: str
    column: int
    column_span: int = 1
    row_span: int = 1
    align: str = "left"
    kind: str = LITERAL
    figure: str | None = None
    place: Place | None = None
    header: bool = False  # a label cell inside the body (form tables)


class Row(NamedTuple):
    """A table row: `key` is stable between years (合计, 159001, 2010301, 30101/50101 …)."""

    key: str
    role: str
    cells: tuple[Cell, ...]


class Column(NamedTuple):
    """A grid column: `key` is the path of header names, `width` a relative weight."""

    key: str
    width: float


@dataclass(frozen=True, slots=True)
class Table:
    """An annexed table. Header rows have the role HEADER: first in `rows`, or below a form.

    `notes` are the lines under the table; `corner_left`/`corner_right` stand above it.
    """

    id: str
    title: tuple[Segment, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    corner_left: str = ""
    corner_right: str = ""
    subtitle: str = ""
    notes: tuple[tuple[Segment, ...], ...] = ()
    contents_name: str = ""  # its entry in the contents: 一、部门收支预算表
    place: Place | None = None
    segments: ClassVar[tuple[Segment, ...]] = ()

    @property
    def header_rows(self) -> int:
        """The header rows at the top; 0 where a form stands above the header."""
        return sum(1 for _ in takewhile(lambda row: row.role == HEADER, self.rows))

    @property
    def corner(self) -> str:
        """Both corners as the one line they are in Word: left, tab, right."""
        return f"{self.corner_left}\t{self.corner_right}".rstrip("\t")

    def parts(self) -> tuple[Table, ...]:
        """The table cut above each header inside it: Word repeats only rows that begin a table."""
        starts = [
            number
            for number, (above, row) in enumerate(pairwise(self.rows), 1)
            if row.role == HEADER != above.role
        ]
        if not starts:
            return (self,)
        edges = pairwise((0, *starts, len(self.rows)))
        return tuple(replace(self, rows=self.rows[start:end]) for start, end in edges)


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the table of contents stands; its entries are computed from the whole document."""

    id: str = "目录"
    segments: ClassVar[tuple[Segment, ...]] = ()
    place: ClassVar[Place | None] = None


# Each has `segments`, its text in words: none of a table or the contents.
Block = Heading | Paragraph | Table | Contents


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one orientation (`portrait`/`landscape`); starts on a new page.

    `numbered` pages carry a page number; the cover does not.
    """

    orientation: str
    blocks: tuple[Block, ...]
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """The whole disclosure. `draft` is true as long as something is owed.

    `title`, `author`, `subject` and `date` (ISO) are the file's properties: from data, never from the clock.
    """

    title: str
    author: str
    subject: str
    date: str
    sections: tuple[Section, ...]
    draft: bool = False

    def blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks


class ContentsEntry(NamedTuple):
    """One line of the contents: `target` is the id of a heading or a table."""

    level: int
    text: str
    target: str


def contents_entries(document: Document) -> tuple[ContentsEntry, ...]:
    """The lines of the contents, in document order: listed headings (levels 0 and 1) and named tables."""
    entries = []
    for block in document.blocks():
        if isinstance(block, Heading) and block.listed and block.level <= 1:
            entries.append(ContentsEntry(block.level, text_of(block.segments), block.id))
        elif isinstance(block, Table) and block.contents_name:
            entries.append(ContentsEntry(1, block.contents_name, block.id))
    return tuple(entries)


def text_of(segments: tuple[Segment, ...]) -> str:
    return "".join([segment.text for segment in segments])
