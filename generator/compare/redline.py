"""The redline: a Word file whose tracked changes turn one disclosure into the other.

Accepting all of them gives the new document, rejecting all the old one (text, tables, merged
cells, styles). Rows come and go as rows; a table whose columns changed is replaced; what moved is
deleted here and inserted there. The contents are plain lines: a field would hide the changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.compare.align import spans
from generator.compare.changes import Comparison, count_line
from generator.compare.pairing import Item, Pairing, pair_documents
from generator.compare.revisions import Reviser, shape_of
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
from generator.writers.docx_fit import Page
from generator.writers.docx_package import Shell, open_shell, write_package
from generator.writers.docx_tables import table_texts
from generator.writers.docx_text import Pen, new_pen, paragraph
from generator.writers.docx_xml import DECLARATION, R, W

INSERTED, DELETED = "ins", "del"


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

    before: tuple[tuple[str, tuple[Segment, ...]], ...]
    opening: str = ""
    rows: tuple[str, ...] = ()
    after: tuple[tuple[str, tuple[Segment, ...]], ...] = ()


Element = Item | _Break


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
        for old, new in _merged(flat[0], flat[1], self.partner):
            yield from self._element(old, new)
        yield paragraph(self.shell.style_ids[roles.SECTION_END], "")
        yield f"{self._last_section()}</w:body></w:document>"

    def _last_section(self) -> str:
        sections = [s for s in self.documents[1].sections if s.blocks]
        if not sections:
            return section_properties(self.shell.portrait, starts=True)
        first = next((s for s in sections if s.numbered), None)
        return self._properties(_Break(sections[-1], sections[-1] is first))

    def _properties(self, end: _Break) -> str:
        setup = self.shell.page_setup(end.section.orientation, end.section.numbered)
        return section_properties(setup, starts=end.starts)

    def _element(self, old: Element | None, new: Element | None) -> Iterator[str]:
        end = new if isinstance(new, _Break) else old
        if isinstance(end, _Break):
            xml = paragraph(self.shell.style_ids[roles.SECTION_END], "", self._properties(end))
            kind = DELETED if new is None else INSERTED
            yield xml if old and new else self.reviser.whole_paragraph(xml, kind)
            return
        one = self._written(old, 0) if isinstance(old, Item) else None
        other = self._written(new, 1) if isinstance(new, Item) else None
        if one is not None and other is not None:
            assert isinstance(old, Item)
            assert isinstance(new, Item)
            yield from self._both(old, new, one, other)
        elif one is not None or other is not None:
            written, kind = (one, DELETED) if one is not None else (other, INSERTED)
            assert written is not None
            yield from self._whole(written, kind)

    # A block of one document

    def _whole(self, written: _Written, kind: str) -> Iterator[str]:
        yield from self._whole_paragraphs(written.before, kind)
        if written.opening:
            yield written.opening
            yield from (self.reviser.whole_row(row, kind) for row in written.rows)
            yield "</w:tbl>"
        yield from self._whole_paragraphs(written.after, kind)

    def _whole_paragraphs(
        self, paragraphs: Sequence[tuple[str, tuple[Segment, ...]]], kind: str
    ) -> Iterator[str]:
        for style, segments in paragraphs:
            pen = self.pens[1]
            xml = self.reviser.paragraphs((style, segments), (style, segments), pen)
            yield self.reviser.whole_paragraph(xml, kind)

    # A block of both

    def _both(self, old: Item, new: Item, one: _Written, other: _Written) -> Iterator[str]:
        yield from self._paragraphs(one.before, other.before)
        if isinstance(old.block, Table) and isinstance(new.block, Table):
            if self._same_columns(old.block, new.block, one, other):
                yield other.opening
                yield from self._rows(old.block, new.block, one, other)
                yield "</w:tbl>"
            else:
                yield from self._whole(replace(one, before=(), after=()), DELETED)
                # Neighbouring tables would become one.
                empty = paragraph(self.shell.style_ids[roles.SECTION_END], "")
                yield self.reviser.whole_paragraph(empty, INSERTED)
                yield from self._whole(replace(other, before=(), after=()), INSERTED)
        yield from self._paragraphs(one.after, other.after)

    def _paragraphs(
        self,
        old: Sequence[tuple[str, tuple[Segment, ...]]],
        new: Sequence[tuple[str, tuple[Segment, ...]]],
    ) -> Iterator[str]:
        """Paragraphs by their style; where their number differs, the odd ones come and go."""
        marks = [[(style, _plain(s)) for style, s in side] for side in (old, new)]
        for span in spans(marks[0], marks[1]):
            gone, come = old[span.old_start : span.old_end], new[span.new_start : span.new_end]
            if len(gone) == len(come):
                for one, other in zip(gone, come, strict=True):
                    yield self.reviser.paragraphs(one, other, self.pens[1])
            else:
                yield from self._whole_paragraphs(gone, DELETED)
                yield from self._whole_paragraphs(come, INSERTED)

    def _same_columns(self, old: Table, new: Table, one: _Written, other: _Written) -> bool:
        """Whether the grid stayed: no column came, went or moved, and the header kept its shape."""
        names = self.sides[0].naming, self.sides[1].naming
        if len(old.columns) != len(new.columns) or old.header_rows != new.header_rows:
            return False
        if column_keys(old, names[0]) != column_keys(new, names[1]):
            for grid in compare_tables(old, new, names, {}):
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
        above = items[item.index - 1].block if item.index else None
        ids, pen = self.shell.style_ids, self.pens[side]
        title = roles.TABLE_TITLE_SAME_PAGE if isinstance(above, Heading) else roles.TABLE_TITLE
        before = [(ids[title], table.title)]
        if table.subtitle:
            before.append((ids[roles.TABLE_SUBTITLE], (Segment(table.subtitle),)))
        if table.corner_left or table.corner_right:
            corner = f"{table.corner_left}\t{table.corner_right}"
            before.append((ids[roles.TABLE_CORNER[item.orientation]], (Segment(corner),)))
        opening, rows = _grid(table, pen, item.orientation, self._page(item))
        notes = tuple((ids[roles.TABLE_NOTE], note) for note in table.notes)
        return _Written(tuple(before), opening, rows, notes)

    def _page(self, item: Item) -> Page:
        return self.shell.page_setup(item.orientation, True).page


def _document(side: Side) -> Document:
    assert side.document is not None
    return side.document


def _plain(segments: Sequence[Segment]) -> str:
    return "".join(segment.text for segment in segments)


def _grid(table: Table, pen: Pen, orientation: str, page: Page) -> tuple[str, tuple[str, ...]]:
    """The opening of the w:tbl and its rows, without title, corners and notes."""
    bare = replace(
        table, title=(), subtitle="", corner_left="", corner_right="", notes=(), contents_name=""
    )
    texts = list(table_texts(bare, pen, orientation, page, same_page=False))
    start = next(i for i, text in enumerate(texts) if text.startswith("<w:tbl>"))
    return texts[start], tuple(text for text in texts[start + 1 :] if text.startswith("<w:tr>"))


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
