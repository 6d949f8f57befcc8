"""The redline: a Word file whose tracked changes turn one disclosure into the other.

Accepting all of them gives the new document, rejecting all the old one (text, tables, merged
cells, styles). Rows come and go as rows; a table whose columns changed is replaced; a paragraph
that moved as it was is marked so, any other is deleted here and inserted there. The contents are
plain lines: a field would hide the changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from generator.collector import collector_paused
from generator.compare.align import spans
from generator.compare.changes import Comparison, count_line
from generator.compare.normal import Naming
from generator.compare.pairing import Item, Pairing, pair_documents
from generator.compare.redline.merging import Break, Element, breaks_of, merged
from generator.compare.redline.pieces import Edited, Piece, Whole, Xml, written_out
from generator.compare.redline.revisions import DELETED, INSERTED, Reviser, Styled, fitted, shape_of
from generator.compare.sides import Side
from generator.compare.tables import column_keys, compare_tables
from generator.document import (
    Contents,
    Document,
    Heading,
    Paragraph,
    Segment,
    Table,
    contents_entries,
    text_of,
)
from generator.writers.docx import roles
from generator.writers.docx.document import section_properties
from generator.writers.docx.opening import open_shell
from generator.writers.docx.package import Shell, write_package
from generator.writers.docx.tables import GRID_END, captions_of, grids_of
from generator.writers.docx.text import new_pen, paragraph
from generator.writers.docx.xml import DECLARATION, R, W


@collector_paused()
def write_redline(
    old: Side, new: Side, comparison: Comparison, style: bytes, *, author: str, date: str
) -> bytes:
    """The .docx; `author` and `date` (ISO) sign every revision. Its subject tells the counts."""
    assert old.document is not None
    assert new.document is not None
    shell = open_shell(style, new.document.draft)
    documents, names = (old.document, new.document), (old.naming, new.naming)
    pairing = pair_documents(*documents, names)
    reviser = Reviser(author, f"{date}T00:00:00Z", shell.style_ids[roles.OWED_TEXT])
    writer = _Redline(shell, documents, names, pairing, reviser)
    properties = replace(
        new.document,
        title=f"{new.document.title}（与{comparison.old.name}比较）",
        author=author,
        subject=count_line(comparison),
        date=date,
    )
    return write_package(shell, properties, writer.texts(), None)


class _Grid(NamedTuple):
    """One part of a table in the writer's XML: up to its rows, and the rows."""

    opening: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """A block as paragraphs (style id and text) around the parts of a table, if it is one."""

    before: tuple[Styled, ...]
    grids: tuple[_Grid, ...] = ()
    after: tuple[Styled, ...] = ()


class _Redline:
    """Writes the body: both documents' blocks merged into one order."""

    def __init__(
        self,
        shell: Shell,
        documents: tuple[Document, Document],
        names: tuple[Naming, Naming],
        pairing: Pairing,
        reviser: Reviser,
    ) -> None:
        self.shell = shell
        self.documents = documents
        self.names = names
        self.pairing = pairing
        self.reviser = reviser
        self.pens = tuple(new_pen(document, shell.style_ids, False) for document in documents)
        self.first_of_sections = tuple(_first_of_sections(document) for document in documents)
        self.separator: Styled = (shell.style_ids[roles.SECTION_END], ())

    def texts(self) -> Iterator[str]:
        yield f'{DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
        order = merged(self.documents, self.pairing)
        pieces = [piece for pair in order for piece in self._element(*pair)]
        yield from written_out(pieces, self.reviser)
        yield paragraph(self.separator[0], "")
        yield f"{self._last_section()}</w:body></w:document>"

    def _last_section(self) -> str:
        """The new one's properties and, as they have no paragraph to go with, the old one's."""
        old, new = (
            self._properties(next(reversed(breaks_of(document)), None))
            for document in self.documents
        )
        return new if old == new else self.reviser.changed_section(old, new)

    def _properties(self, end: Break | None) -> str:
        if end is None:
            return section_properties(self.shell.portrait, starts=True)
        setup = self.shell.page_setup(end.section.orientation, end.section.numbered)
        return section_properties(setup, starts=end.starts)

    def _element(self, old: Element | None, new: Element | None) -> Iterator[Piece]:
        end = new if isinstance(new, Break) else old
        if isinstance(end, Break):
            style, section = self.shell.style_ids[roles.SECTION_END], self._properties(end)
            if old is not None and new is not None:
                yield Xml(paragraph(style, "", section), hidden=True)
            else:
                yield Whole(DELETED if new is None else INSERTED, (style, ()), section)
        elif isinstance(old, Item) and isinstance(new, Item):
            yield from self._both(old, new)
        elif isinstance(old, Item):
            yield from self._whole(self._written(old, 0), DELETED)
        elif isinstance(new, Item):
            yield from self._whole(self._written(new, 1), INSERTED)

    # A block of one document

    def _whole(self, written: _Written, kind: str) -> Iterator[Piece]:
        yield from (Whole(kind, text) for text in written.before)
        yield from self._whole_grids(written.grids, kind)
        yield from (Whole(kind, text) for text in written.after)

    def _whole_grids(self, grids: Sequence[_Grid], kind: str) -> Iterator[Piece]:
        for number, grid in enumerate(grids):
            if number:  # neighbouring tables would become one
                yield Whole(kind, self.separator)
            yield Xml(grid.opening)
            yield from (Xml(self.reviser.whole_row(row, kind)) for row in grid.rows)
            yield Xml(GRID_END)

    # A block of both

    def _both(self, old: Item, new: Item) -> Iterator[Piece]:
        one, other = self._written(old, 0), self._written(new, 1)
        yield from self._paragraphs(one.before, other.before)
        if isinstance(old.block, Table) and isinstance(new.block, Table):
            if self._same_columns(old.block, new.block, one, other):
                yield from self._parts(old.block, new.block, one, other)
            else:
                yield from self._whole_grids(one.grids, DELETED)
                yield Whole(INSERTED, self.separator)
                yield from self._whole_grids(other.grids, INSERTED)
        yield from self._paragraphs(one.after, other.after)

    def _paragraphs(self, old: Sequence[Styled], new: Sequence[Styled]) -> Iterator[Piece]:
        """Paragraphs by their style; where their number differs, the odd ones come and go."""
        marks = [[(style, text_of(s)) for style, s in side] for side in (old, new)]
        for span in spans(marks[0], marks[1]):
            gone, come = span.cut(old, new)
            if len(gone) == len(come):
                yield from map(Edited, gone, come)
            else:
                yield from (Whole(DELETED, text) for text in gone)
                yield from (Whole(INSERTED, text) for text in come)

    def _same_columns(self, old: Table, new: Table, one: _Written, other: _Written) -> bool:
        """Whether the grid stayed: no column came, went or moved, and the header kept its shape."""
        if len(old.columns) != len(new.columns) or len(one.grids) != len(other.grids):
            return False
        if column_keys(old, self.names[0]) != column_keys(new, self.names[1]):
            for grid in compare_tables(old, new, self.names):
                columns = grid.columns
                if columns.deleted or columns.inserted or columns.moved:
                    return False
        return _heads(old, one) == _heads(new, other)

    def _parts(self, old: Table, new: Table, one: _Written, other: _Written) -> Iterator[Piece]:
        parts = zip(old.parts(), new.parts(), one.grids, other.grids, strict=True)
        for number, (old_part, new_part, gone, come) in enumerate(parts):
            if number:
                yield Xml(paragraph(self.separator[0], ""))
            units = (
                _units(old_part, gone.rows, self.names[0]),
                _units(new_part, come.rows, self.names[1]),
            )
            yield Xml(come.opening)
            yield from map(Xml, self._rows(*units, come.opening))
            yield Xml(GRID_END)

    def _rows(self, old: Sequence[_Unit], new: Sequence[_Unit], opening: str) -> Iterator[str]:
        for span in spans([key for key, _ in old], [key for key, _ in new]):
            gone, come = ([row for _, rows in side for row in rows] for side in span.cut(old, new))
            if span.equal:
                yield from map(self.reviser.row, gone, come)
            else:
                narrow = (fitted(row, opening) for row in gone)
                yield from (self.reviser.whole_row(row, DELETED) for row in narrow)
                yield from (self.reviser.whole_row(row, INSERTED) for row in come)

    # The writer's XML

    def _written(self, item: Item, side: int) -> _Written:
        block, ids = item.block, self.shell.style_ids
        match block:
            case Heading():
                style = ids[roles.STYLE_BY_HEADING_LEVEL[block.level]]
                return _Written(((style, block.segments),))
            case Paragraph():
                style = ids[roles.STYLE_BY_PARAGRAPH_ROLE[block.role]]
                return _Written(((style, block.segments),))
            case Contents():
                styles = [ids[name] for name in roles.STYLE_BY_CONTENTS_LEVEL]
                entries = contents_entries(self.documents[side])
                lines = ((styles[min(e.level, 1)], (Segment(e.text),)) for e in entries)
                return _Written(tuple(lines))
            case Table():
                return self._written_table(item, block, side)

    def _written_table(self, item: Item, table: Table, side: int) -> _Written:
        items = (self.pairing.old, self.pairing.new)[side]
        first = item.index in self.first_of_sections[side]
        above = None if first else items[item.index - 1].block
        ids, pen = self.shell.style_ids, self.pens[side]
        same_page = isinstance(above, Heading)
        captions = captions_of(table, item.orientation, same_page=same_page)
        page = self.shell.page_setup(item.orientation, True).page
        grids = grids_of(table, pen, page, same_page=same_page)
        return _Written(
            tuple((ids[role], segments) for role, segments in captions),
            tuple(_Grid(opening, tuple(rows)) for opening, rows in grids),
            tuple((ids[roles.TABLE_NOTE], note) for note in table.notes),
        )


def _heads(table: Table, written: _Written) -> list[list[str]]:
    """The shapes of the header rows of each part."""
    parts = zip(table.parts(), written.grids, strict=True)
    return [[shape_of(row) for row in grid.rows[: part.header_rows]] for part, grid in parts]


def _first_of_sections(document: Document) -> frozenset[int]:
    """The indexes of the blocks that begin a section."""
    lengths = [len(section.blocks) for section in document.sections if section.blocks]
    return frozenset(accumulate(lengths, initial=0))


_Unit = tuple[Hashable, tuple[str, ...]]


def _units(table: Table, rows: Sequence[str], naming: Naming) -> list[_Unit]:
    """Rows that merged cells hold together, with their keys and shapes: they stay or go as one."""
    units: list[_Unit] = []
    start = end = 0
    for index, row in enumerate(table.rows):
        end = max(end, index + 1, *(index + cell.row_span for cell in row.cells))
        if end == index + 1:
            keys = tuple(naming.normal(r.key) for r in table.rows[start:end])
            xml = tuple(rows[start:end])
            units.append(((keys, tuple(map(shape_of, xml))), xml))
            start = end
    return units
