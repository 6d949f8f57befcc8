"""What was read of a Word file put together: tables with their titles, contents, sections.

A title, corner or note that stands by no table is a paragraph like any other: nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from generator.compare.normal import without_ordinal
from generator.compare.word.tables import are_divided, are_parts, joined, united
from generator.document import Block, Contents, Paragraph, Section, Segment, Table, text_of
from generator.writers.docx.roles import (
    TABLE_CORNER,
    TABLE_NOTE,
    TABLE_SUBTITLE,
    TABLE_TITLE,
    TABLE_TITLE_SAME_PAGE,
)

_TITLES = (TABLE_TITLE, TABLE_TITLE_SAME_PAGE)
_CORNERS = tuple(TABLE_CORNER.values())
TABLE_PART_STYLES = frozenset({*_TITLES, TABLE_SUBTITLE, TABLE_NOTE, *_CORNERS})


class TablePart(NamedTuple):
    """A paragraph in a style of a table's title, subtitle, corner or note."""

    style: str
    segments: tuple[Segment, ...]
    contents_name: str = ""

    @property
    def kind(self) -> str:
        if self.style in _TITLES:
            return "title"
        return "corner" if self.style in _CORNERS else self.style


class SectionEnd(NamedTuple):
    """The properties of the section that ends here; `starts` page numbers, or goes on a page."""

    orientation: str
    starts: bool
    goes_on: bool


Read = Block | TablePart | SectionEnd
Unique = Callable[[str], str]


@dataclass(slots=True)
class _Gathering:
    """The table at hand with its parts, and what waits for a table: it keeps its order if none comes."""

    unique: Unique
    divided: list[str]
    table: Table | None = None
    pieces: int = 1
    parts: Mapping[str, TablePart] = field(default_factory=dict)
    notes: list[tuple[Segment, ...]] = field(default_factory=list)
    waiting: list[TablePart | SectionEnd] = field(default_factory=list)

    def take(self, block: Read | None) -> Iterator[Block | SectionEnd]:
        """What is complete when `block` comes; None is the end."""
        if self.table is not None:
            if self._goes_on(self.table, block):
                return
            table = _gathered(self.table, self.parts, self.notes, self.unique)
            if self.pieces > 1:
                self.divided.append(f"“{text_of(table.title) or table.id}”")
            self.table, self.notes, self.pieces = None, [], 1
            yield table
        if isinstance(block, Table):
            # Of each kind the part nearest to the table is the table's.
            self.table, self.parts = block, {part.kind: part for part in self._waiting_parts()}
            yield from self._released(self.parts)
        elif isinstance(block, SectionEnd) and self.waiting:
            self.waiting.append(block)
        elif isinstance(block, TablePart) and block.style != TABLE_NOTE:
            if block.kind == "title" and any(p.kind == "title" for p in self._waiting_parts()):
                yield from self._released()
            self.waiting.append(block)
        else:
            yield from self._released()
            if block is not None:
                yield self._paragraph(block) if isinstance(block, TablePart) else block

    def _goes_on(self, table: Table, block: Read | None) -> bool:
        """Whether `block` is more of the table at hand, which has it then."""
        if isinstance(block, TablePart) and block.style == TABLE_NOTE:
            self.notes.append(block.segments)
        elif isinstance(block, Table) and are_divided(table, block):
            self.table, self.pieces = united(table, block), self.pieces + 1
        elif isinstance(block, Table) and are_parts(table, block):
            self.table = joined(table, block)
        else:
            return False
        return True

    def _waiting_parts(self) -> Iterator[TablePart]:
        return (one for one in self.waiting if isinstance(one, TablePart))

    def _released(
        self, taken: Mapping[str, TablePart] = MappingProxyType({})
    ) -> Iterator[Paragraph | SectionEnd]:
        """What waited, but for the parts `taken` by a table."""
        for one in self.waiting:
            if isinstance(one, SectionEnd):
                yield one
            elif taken.get(one.kind) is not one:
                yield self._paragraph(one)
        self.waiting = []

    def _paragraph(self, part: TablePart) -> Paragraph:
        role = "注" if part.style == TABLE_NOTE else "正文"
        return Paragraph(self.unique(f"文字/{text_of(part.segments)}"), role, part.segments)


def with_tables_gathered(
    read: Iterable[Read], unique: Unique, divided: list[str]
) -> Iterator[Block | SectionEnd]:
    """Titles, corners and notes put into their tables; neighbouring contents lines into one.

    `divided` gets the names of tables that were put together from pieces.
    """
    gathering = _Gathering(unique, divided)
    contents = False
    for block in [*read, None]:
        for complete in gathering.take(block):
            if not (contents and isinstance(complete, Contents)):
                yield complete
            contents = isinstance(complete, Contents)


def _gathered(
    table: Table,
    parts: Mapping[str, TablePart],
    notes: list[tuple[Segment, ...]],
    unique: Unique,
) -> Table:
    title = parts.get("title", TablePart(TABLE_TITLE, ()))
    corner = parts.get("corner", TablePart("", ()))
    left, _, right = text_of(corner.segments).partition("\t")
    words = re.sub(r"[0-9]{4}年?", "", without_ordinal(text_of(title.segments)))
    header = "/".join(column.key for column in table.columns)
    subtitle = parts.get(TABLE_SUBTITLE)
    return replace(
        table,
        id=unique(table.id or words or f"表头 {header}"),
        title=title.segments,
        corner_left=left,
        corner_right=right,
        subtitle=text_of(subtitle.segments) if subtitle else "",
        notes=tuple(notes),
        contents_name=title.contents_name,
    )


def in_sections(blocks: Iterable[Block | SectionEnd]) -> tuple[Section, ...]:
    """The sections that hold something. Pages before the one that starts the count have no number."""
    sections: list[tuple[str, list[Block]]] = []
    first = 0
    held: list[Block] = []
    for block in [*blocks, SectionEnd("portrait", starts=False, goes_on=False)]:
        if not isinstance(block, SectionEnd):
            held.append(block)
        elif held:
            if block.goes_on and sections and sections[-1][0] == block.orientation:
                sections[-1][1].extend(held)
            else:
                first = len(sections) if block.starts else first
                sections.append((block.orientation, held))
            held = []
    return tuple(
        Section(orientation, tuple(held), numbered=number >= first)
        for number, (orientation, held) in enumerate(sections)
    )
