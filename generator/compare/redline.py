"""The redline: a Word file whose tracked changes turn one disclosure into the other.

Accepting all of them gives the new document, rejecting all the old one (text, tables, merged
cells, styles). Rows come and go as rows; a table whose columns changed is replaced; what moved is
deleted here and inserted there. The contents are plain lines: a field would hide the changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, dropwhile
from typing import NamedTuple

from generator.compare.align import spans
from generator.compare.changes import Comparison, count_line
from generator.compare.pairing import Item, Pairing, pair_documents
from generator.compare.revisions import Reviser, shape_of, tokens_of
from generator.compare.sides import Side
from generator.compare.tables import column_keys, compare_tables
from generator.document import (
    Contents,
    Document,
    Heading,
    Paragraph,
    Section,
    Segment,
    Table,
    contents_entries,
)
from generator.writers import docx_roles as roles
from generator.writers.docx import section_properties
from generator.writers.docx_package import Shell, open_shell, write_package
from generator.writers.docx_tables import table_texts
from generator.writers.docx_text import new_pen, paragraph
from generator.writers.docx_xml import DECLARATION, R, W

INSERTED, DELETED = "ins", "del"

Styled = tuple[str, tuple[Segment, ...]]  # style id and text


def write_redline(
    old: Side, new: Side, comparison: Comparison, style: bytes, *, author: str, date: str
) -> bytes:
    """The .docx; `author` and `date` (ISO) sign every revision. Its subject tells the counts."""
    assert old.document is not None
    assert new.document is not None
    shell = open_shell(style, new.document.draft)
    pairing = pair_documents(old.document, new.document, (old.naming, new.naming))
    writer = _Redline(shell, (old, new), pairing, Reviser(author, f"{date}T00:00:00Z"))
    properties = replace(
        new.document,
        title=f"{new.document.title}（与{comparison.old.name}比较）",
        author=author,
        subject=count_line(comparison),
        date=date,
    )
    return write_package(shell, properties, writer.texts(), None)


@dataclass(frozen=True, slots=True)
class _Break:
    """The end of a section that is not the last."""

    section: Section
    starts: bool

    @property
    def key(self) -> Hashable:
        return self.section.orientation, self.section.numbered, self.starts


@dataclass(frozen=True, slots=True)
class _Written:
    """A block as paragraphs (style id and text) around at most one grid, in the writer's XML."""

    before: tuple[Styled, ...]
    opening: str = ""
    rows: tuple[str, ...] = ()
    after: tuple[Styled, ...] = ()


Element = Item | _Break


class _Xml(NamedTuple):
    """Finished XML; `whole` if it is a paragraph that comes or goes."""

    xml: str
    whole: bool = False


class _Edited(NamedTuple):
    """A paragraph of both documents, as style id and text."""

    old: Styled
    new: Styled


_Piece = _Xml | _Edited


class _Redline:
    """Writes the body: both documents' blocks merged into one order."""

    def __init__(
        self, shell: Shell, sides: tuple[Side, Side], pairing: Pairing, reviser: Reviser
    ) -> None:
        self.shell = shell
        self.sides = sides
        self.pairing = pairing
        self.reviser = reviser
        documents = [_document(side) for side in sides]
        self.documents = documents
        self.pens = tuple(new_pen(document, shell.style_ids, False) for document in documents)
        self.first_of_sections = tuple(_first_of_sections(document) for document in documents)
        moved = pairing.moved()
        self.partner = {one: other for one, other in pairing.pairs if one not in moved}

    def texts(self) -> Iterator[str]:
        yield f'{DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
        flat = [
            _flat(document, items)
            for document, items in zip(
                self.documents, (self.pairing.old, self.pairing.new), strict=True
            )
        ]
        merged = _merged(flat[0], flat[1], self.partner)
        yield from self._joined([piece for pair in merged for piece in self._element(*pair)])
        yield paragraph(self.shell.style_ids[roles.SECTION_END], "")
        yield f"{self._last_section()}</w:body></w:document>"

    def _joined(self, pieces: Sequence[_Piece]) -> Iterator[str]:
        """The XML of the pieces; a paragraph edited to its very end is replaced whole before one
        that comes or goes: LibreOffice would take both changes for one, with the mark between.
        """
        apart = False
        flags: list[bool] = []
        for piece in reversed(pieces):
            if isinstance(piece, _Edited):
                apart = piece.old[0] != piece.new[0] or (apart and self._ends_in_change(piece))
                flags.append(apart)
            else:
                apart = piece.whole
                flags.append(False)
        for piece, whole in zip(pieces, reversed(flags), strict=True):
            if not isinstance(piece, _Edited):
                yield piece.xml
            elif whole:
                yield from (p.xml for p in self._whole_paragraphs([piece.old], DELETED))
                yield from (p.xml for p in self._whole_paragraphs([piece.new], INSERTED))
            else:
                yield self.reviser.edited(piece.old, piece.new, self.pens[1])

    def _ends_in_change(self, piece: _Edited) -> bool:
        tails = [tokens_of(side[1], self.pens[1])[-1:] for side in (piece.old, piece.new)]
        return tails[0] != tails[1]

    def _last_section(self) -> str:
        sections = [s for s in self.documents[1].sections if s.blocks]
        if not sections:
            return section_properties(self.shell.portrait, starts=True)
        first = next((s for s in sections if s.numbered), None)
        return self._properties(_Break(sections[-1], sections[-1] is first))

    def _properties(self, end: _Break) -> str:
        setup = self.shell.page_setup(end.section.orientation, end.section.numbered)
        return section_properties(setup, starts=end.starts)

    def _element(self, old: Element | None, new: Element | None) -> Iterator[_Piece]:
        end = new if isinstance(new, _Break) else old
        if isinstance(end, _Break):
            xml = paragraph(self.shell.style_ids[roles.SECTION_END], "", self._properties(end))
            kind = DELETED if new is None else INSERTED
            both = old is not None and new is not None
            yield _Xml(xml) if both else _Xml(self.reviser.whole_paragraph(xml, kind), whole=True)
        elif isinstance(old, Item) and isinstance(new, Item):
            yield from self._both(old, new)
        elif isinstance(old, Item):
            yield from self._whole(self._written(old, 0), DELETED)
        elif isinstance(new, Item):
            yield from self._whole(self._written(new, 1), INSERTED)

    # A block of one document

    def _whole(self, written: _Written, kind: str) -> Iterator[_Piece]:
        yield from self._whole_paragraphs(written.before, kind)
        if written.opening:
            yield _Xml(written.opening)
            yield from (_Xml(self.reviser.whole_row(row, kind)) for row in written.rows)
            yield _Xml("</w:tbl>")
        yield from self._whole_paragraphs(written.after, kind)

    def _whole_paragraphs(self, paragraphs: Sequence[Styled], kind: str) -> Iterator[_Xml]:
        for style, segments in paragraphs:
            xml = self.reviser.edited((style, segments), (style, segments), self.pens[1])
            yield _Xml(self.reviser.whole_paragraph(xml, kind), whole=True)

    # A block of both

    def _both(self, old: Item, new: Item) -> Iterator[_Piece]:
        one, other = self._written(old, 0), self._written(new, 1)
        yield from self._paragraphs(one.before, other.before)
        if isinstance(old.block, Table) and isinstance(new.block, Table):
            if self._same_columns(old.block, new.block, one, other):
                yield _Xml(other.opening)
                yield from map(_Xml, self._rows(old.block, new.block, one, other))
                yield _Xml("</w:tbl>")
            else:
                yield from self._whole(replace(one, before=(), after=()), DELETED)
                # Neighbouring tables would become one.
                empty = paragraph(self.shell.style_ids[roles.SECTION_END], "")
                yield _Xml(self.reviser.whole_paragraph(empty, INSERTED), whole=True)
                yield from self._whole(replace(other, before=(), after=()), INSERTED)
        yield from self._paragraphs(one.after, other.after)

    def _paragraphs(self, old: Sequence[Styled], new: Sequence[Styled]) -> Iterator[_Piece]:
        """Paragraphs by their style; where their number differs, the odd ones come and go."""
        marks = [[(style, _plain(s)) for style, s in side] for side in (old, new)]
        for span in spans(marks[0], marks[1]):
            gone, come = old[span.old_start : span.old_end], new[span.new_start : span.new_end]
            if len(gone) == len(come):
                yield from map(_Edited, gone, come)
            else:
                yield from self._whole_paragraphs(gone, DELETED)
                yield from self._whole_paragraphs(come, INSERTED)

    def _same_columns(self, old: Table, new: Table, one: _Written, other: _Written) -> bool:
        """Whether the grid stayed: no column came, went or moved, and the header kept its shape."""
        names = self.sides[0].naming, self.sides[1].naming
        if len(old.columns) != len(new.columns) or old.header_rows != new.header_rows:
            return False
        if column_keys(old, names[0]) != column_keys(new, names[1]):
            for grid in compare_tables(old, new, names):
                columns = grid.columns
                if columns.deleted or columns.inserted or columns.moved:
                    return False
        shapes = ([shape_of(row) for row in w.rows[: old.header_rows]] for w in (one, other))
        return next(shapes) == next(shapes)

    def _rows(self, old: Table, new: Table, one: _Written, other: _Written) -> Iterator[str]:
        units = [
            _units(table, written.rows, side)
            for table, written, side in zip((old, new), (one, other), self.sides, strict=True)
        ]
        for span in spans([key for key, _ in units[0]], [key for key, _ in units[1]]):
            gone = [row for _, rows in units[0][span.old_start : span.old_end] for row in rows]
            come = [row for _, rows in units[1][span.new_start : span.new_end] for row in rows]
            if span.equal:
                yield from map(self.reviser.row, gone, come)
            else:
                yield from (self.reviser.whole_row(row, DELETED) for row in gone)
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
        title = roles.TABLE_TITLE_SAME_PAGE if isinstance(above, Heading) else roles.TABLE_TITLE
        before = [(ids[title], table.title)]
        if table.subtitle:
            before.append((ids[roles.TABLE_SUBTITLE], (Segment(table.subtitle),)))
        if table.corner_left or table.corner_right:
            corner = f"{table.corner_left}\t{table.corner_right}"
            before.append((ids[roles.TABLE_CORNER[item.orientation]], (Segment(corner),)))
        page = self.shell.page_setup(item.orientation, True).page
        same_page = isinstance(above, Heading)
        texts = table_texts(table, pen, item.orientation, page, same_page=same_page)
        opening, rows = _grid(texts)
        notes = tuple((ids[roles.TABLE_NOTE], note) for note in table.notes)
        return _Written(tuple(before), opening, rows, notes)


def _document(side: Side) -> Document:
    assert side.document is not None
    return side.document


def _first_of_sections(document: Document) -> frozenset[int]:
    """The indexes of the blocks that begin a section."""
    lengths = [len(section.blocks) for section in document.sections if section.blocks]
    return frozenset(accumulate(lengths, initial=0))


def _plain(segments: Sequence[Segment]) -> str:
    return "".join(segment.text for segment in segments)


def _grid(texts: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The opening of the w:tbl and its rows, without title, corners and notes."""
    grid = list(dropwhile(lambda text: not text.startswith("<w:tbl>"), texts))
    return grid[0], tuple(text for text in grid if text.startswith("<w:tr>"))


def _units(table: Table, rows: Sequence[str], side: Side) -> list[tuple[Hashable, tuple[str, ...]]]:
    """Rows that merged cells hold together, with their keys and shapes: they stay or go as one."""
    units: list[tuple[Hashable, tuple[str, ...]]] = []
    start = end = 0
    for index, row in enumerate(table.rows):
        end = max(end, index + 1, *(index + cell.row_span for cell in row.cells))
        if end == index + 1:
            keys = tuple(side.naming.normal(r.key) for r in table.rows[start:end])
            xml = tuple(rows[start:end])
            units.append(((keys, tuple(map(shape_of, xml))), xml))
            start = end
    return units


def _flat(document: Document, items: Sequence[Item]) -> list[Element]:
    """The blocks and the ends of the sections between them."""
    sections = [section for section in document.sections if section.blocks]
    first = next((section for section in sections if section.numbered), None)
    flat: list[Element] = []
    index = 0
    for section in sections:
        flat += items[index : index + len(section.blocks)]
        index += len(section.blocks)
        if section is not sections[-1]:
            flat.append(_Break(section, section is first))
    return flat


def _merged(
    old: Sequence[Element], new: Sequence[Element], partner: Mapping[int, int]
) -> Iterator[tuple[Element | None, Element | None]]:
    """Both sequences in one: pairs, and between them what went before what came."""
    backwards = {other: one for one, other in partner.items()}
    place = {element.index: at for at, element in enumerate(old) if isinstance(element, Item)}
    start_old = start_new = 0
    for at, element in enumerate([*new, None]):
        if isinstance(element, Item) and element.index in backwards:
            stop = place[backwards[element.index]]
            yield from _gap(old[start_old:stop], new[start_new:at])
            yield old[stop], element
            start_old, start_new = stop + 1, at + 1
    yield from _gap(old[start_old:], new[start_new:])


def _gap(
    old: Sequence[Element], new: Sequence[Element]
) -> Iterator[tuple[Element | None, Element | None]]:
    """What stands between two pairs: ends of like sections are kept."""
    keys = [
        [("break", e.key) if isinstance(e, _Break) else (side, e.index) for e in elements]
        for side, elements in (("old", old), ("new", new))
    ]
    for span in spans(keys[0], keys[1]):
        gone, come = old[span.old_start : span.old_end], new[span.new_start : span.new_end]
        if span.equal:
            yield from zip(gone, come, strict=True)
        else:
            yield from ((element, None) for element in gone)
            yield from ((None, element) for element in come)
