"""What a document prints, text by text in its order, each with the sources it can come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.build import Built
from generator.document import (
    FIGURE,
    HEADER,
    LITERAL,
    OWED,
    WORD,
    Cell,
    Contents,
    Heading,
    Paragraph,
    Segment,
    Table,
    contents_entries,
    text_of,
)
from generator.problems import Place
from generator.reconcile.files import SourceFiles
from generator.reconcile.pieces import (
    PRINTED,
    TEXT,
    Piece,
    Pieces,
    data_piece,
    layout_pieces,
)
from generator.reconcile.tracing import traced
from generator.verify.baseline import GridCell, Item, Line

_CORNERS = (("左上角",), ("右上角",))


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A paragraph, a line of the contents, or a cell (then `row` and `cell` number it in `item`).

    `ways` are the pieces it can be made of, the likeliest first; empty if it is computed.
    `places` are the lines that print it. `block` is the heading or paragraph it is.
    """

    text: str
    ways: tuple[Pieces, ...] = ()
    places: frozenset[tuple[str, int]] = frozenset()
    block: Heading | Paragraph | None = None
    contents: bool = False
    in_table: bool = False
    where: str = ""
    item: int = 0
    row: int = -1
    cell: int = -1


def printed_texts(built: Built, items: tuple[Item, ...], files: SourceFiles) -> list[PrintedText]:
    """Every text of the document; `items` are those of its baseline."""
    found = [text for text in _Printer(built, files).texts() if text.in_table or text.text]
    numbered: list[PrintedText] = []
    texts = iter(found)
    for number, item in enumerate(items):
        for row, position, cell in cells_of(item):
            text = next(texts)
            assert text.text == cell.text, (text, cell)
            numbered.append(replace(text, item=number, row=row, cell=position, where=cell.where))
    return numbered


def cells_of(item: Item) -> Iterator[tuple[int, int, Line | GridCell]]:
    """What a Baseline's item prints, with its row and cell."""
    if isinstance(item, Line):
        yield -1, -1, item
        return
    for number, row in enumerate(item.rows):
        yield from ((number, position, cell) for position, cell in enumerate(row.cells))


class _Printer:
    def __init__(self, built: Built, files: SourceFiles) -> None:
        self.document = built.document
        self.files = files
        self.traced = iter(traced(built, files))

    def texts(self) -> Iterator[PrintedText]:
        for block in self.document.blocks():
            match block:
                case Heading() | Paragraph():
                    pieces = next(self.traced)
                    places = _places(block.segments, block.place)
                    text = text_of(block.segments)
                    yield PrintedText(text, (pieces,), places, block)
                case Contents():
                    yield from self._contents()
                case Table():
                    yield from self._table(block)

    def _contents(self) -> Iterator[PrintedText]:
        tables = {block.id: block for block in self.document.blocks() if isinstance(block, Table)}
        for entry in contents_entries(self.document):
            table = tables.get(entry.target)
            text = (
                self._of_layout(table, entry.text, "目录名")
                if table is not None
                else PrintedText(entry.text)
            )
            yield replace(text, contents=True)

    def _table(self, table: Table) -> Iterator[PrintedText]:
        yield self._of_layout(table, text_of(table.title), "标题")
        yield self._of_layout(table, table.subtitle, "副题")
        yield self._corners(table)
        for row in table.rows:
            for cell in row.cells:
                places = _places((), cell.place)
                ways = self._cell(cell, header=row.role == HEADER)
                yield PrintedText(cell.text, ways, places, in_table=True)
        for note in table.notes:
            yield self._of_layout(table, text_of(note), "注", "空表说明")

    def _of_layout(self, table: Table, text: str, *keys: str) -> PrintedText:
        place = table.place
        ways = tuple(layout_pieces(self.files, place, text, keys)) if place else ()
        return PrintedText(text, ways, _places((), place))

    def _corners(self, table: Table) -> PrintedText:
        """Both corners are one line: left, tab, right."""
        left, right, place = table.corner_left, table.corner_right, table.place
        if not place:
            return PrintedText(table.corner)
        parts = [
            next(layout_pieces(self.files, place, corner, keys), (Piece(corner, PRINTED),))
            for corner, keys in zip((left, right), _CORNERS, strict=True)
            if corner
        ]
        tab = (Piece("\t", PRINTED),) if right else ()
        pieces = (*parts[0], *tab, *parts[1]) if len(parts) == 2 else (*tab, *sum(parts, ()))
        return PrintedText(table.corner, (pieces,), _places((), place))

    def _cell(self, cell: Cell, *, header: bool) -> tuple[Pieces, ...]:
        if cell.kind not in (LITERAL, OWED) or cell.figure or cell.place is None:
            kind = FIGURE if cell.figure and cell.kind != WORD else cell.kind
            return ((Piece(cell.text, kind, None, cell.figure),),)
        if self.files.is_template(cell.place.path):
            found = tuple(layout_pieces(self.files, cell.place, cell.text))
            return found if cell.text or header else ()
        piece = data_piece(self.files, cell.place, cell.text)
        return ((piece,),) if piece.kind == TEXT else ()


def _places(segments: tuple[Segment, ...], place: Place | None) -> frozenset[tuple[str, int]]:
    found = {segment.place for segment in segments} | {place}
    return frozenset((one.path, one.line) for one in found if one is not None)
