"""The edited texts of a returned file, each read once: what to patch, to report, to leave alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from generator.build import Built
from generator.document import OWED
from generator.explain import Node, node_of
from generator.reconcile.built_from import Address, Counterpart, as_built, counterparts
from generator.reconcile.files import Changes, SourceFiles
from generator.reconcile.pieces import TEXT, Pieces, changes_of, text_of_pieces
from generator.reconcile.printed import PrintedText, printed_texts
from generator.reconcile.reading import Overtyped, read_edit
from generator.reconcile.structure import Conflict, added, removed
from generator.reconcile.trial import Edit, Proposal
from generator.spans import spans_of
from generator.verify.baseline import Baseline, Line, baseline_of
from generator.verify.comparison import Blocks, Ranges
from generator.verify.grids import GridComparison, cell_pairs
from generator.verify.reading import Found
from generator.verify.walking import FoundLine

_MOST_LINES = 8


class FigureEdit(NamedTuple):
    """Something computed that was overtyped: never written. `lines` are where it comes from."""

    kind: str
    name: str
    where: str
    before: str
    after: str
    lines: tuple[str, ...]


@dataclass
class Reader:
    """Collects what the texts say; `wanted` is what they should read, by their numbers."""

    found: Found
    base: Baseline
    built: Built
    files: SourceFiles
    wanted: dict[int, str] = field(default_factory=dict)
    figures: list[FigureEdit] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    structural: list[Proposal] = field(default_factory=list)
    _edits: dict[tuple[Changes, ...], list[Edit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        current = baseline_of(self.built.document)
        self.printed = printed_texts(self.built, current.items, self.files)
        self.blocks = Blocks(self.base, self.found)
        self.anchors = self.blocks.anchors
        then = self.anchors.text_by_figure
        self.counterparts = counterparts(self.base, current, self.printed, then)
        self.current = {text.text for text in self.printed}
        likeliest = (piece for text in self.printed for way in text.ways[:1] for piece in way)
        origins = Counter(piece.origin for piece in likeliest if piece.kind == TEXT)
        self.shared = {origin for origin, count in origins.items() if count > 1}

    def proposals(self) -> list[Proposal]:
        """One per source place: the same edit of a line printed several times is one."""
        edited = [Proposal(tuple(edits), ways) for ways, edits in self._edits.items()]
        return [*edited, *self.structural]

    def read(self) -> None:
        blocks = self.blocks
        for i, j in blocks.pairs:
            item, block = self.base.items[i], blocks.blocks[j]
            if isinstance(item, Line) and isinstance(block, FoundLine):
                self._edit((i, -1, -1), item, *blocks.read(item, block))
            elif i in blocks.grids:
                self._grid(i, blocks.grids[i])
        for i in sorted(blocks.rejoined[0] & blocks.grids.keys()):
            self._grid(i, blocks.grids[i])
        self._removed()
        self._added()

    def _grid(self, i: int, comparison: GridComparison) -> None:
        grid = comparison.grid
        for r, q in comparison.pairs:
            row = grid.rows[r]
            numbers = {id(cell): n for n, cell in enumerate(row.cells)}
            for cell, text in cell_pairs(row, comparison.found.rows[q].texts):
                if cell is None:
                    where = grid.where(r)
                    self._place(Conflict(where, "", text or "", "多出来的格子，由人来定"))
                elif text is None:
                    self._place(Conflict(cell.where, cell.text, "", "这一格没有了，由人来定"))
                elif text != cell.text:
                    printed = (cell.printed,) if cell.printed else ()
                    line = Line(cell.text, printed, cell.where)
                    self._edit((i, r, numbers[id(cell)]), line, text, {})

    def _edit(self, address: Address, line: Line, text: str, ranges: Ranges) -> None:
        counterpart = self.counterparts.get(address)
        if counterpart is None:
            if text != line.text and text not in self.current:
                reason = "这一段的文字在生成这份文件以后改过，按现在的再改一次"
                self.conflicts.append(Conflict(line.where, line.text, text, reason))
            return
        printed = self.printed[counterpart.number]
        ways = [as_built(way, counterpart.figures) for way in printed.ways]
        before = text_of_pieces(ways[0]) if ways else line.text
        if text == before:
            return
        anchors = {p.start: p.anchor for p in line.printed} if before == line.text else {}
        self._read_ways(counterpart, ways, text, anchors, ranges)

    def _read_ways(
        self,
        counterpart: Counterpart,
        ways: list[Pieces],
        text: str,
        anchors: dict[int, int],
        ranges: Ranges,
    ) -> None:
        printed = self.printed[counterpart.number]
        found: dict[Changes, str] = {}
        conflict = "这些字是程序印的（科目、项目、单位的名称等），不在模板和数据的一行文字里"
        overtyped: tuple[Overtyped, ...] = ()
        for way, current in zip(ways, printed.ways, strict=True):
            shared = frozenset(n for n, piece in enumerate(way) if piece.origin in self.shared)
            reading = read_edit(way, text, anchors, ranges, shared=shared)
            if reading.conflict:
                conflict = reading.conflict
                continue
            overtyped = overtyped or reading.overtyped
            conflict = "" if overtyped else conflict
            for texts in reading.alternatives:
                changes = changes_of(self.files, way, texts)
                if changes is None:
                    conflict = "数据或版式文件里这一段写成了几行，或者新的文字写不进去，由人来改"
                elif changes:
                    found.setdefault(changes, _joined(current, texts))
        self.figures += [self._figure(one, printed) for one in overtyped]
        if found:
            after = next(iter(found.values()))
            self.wanted[counterpart.number] = after
            ways_found = tuple(c for c, made in found.items() if made == after)
            self._edits.setdefault(ways_found, []).append(Edit(counterpart.number, after))
        elif conflict:
            place = _place_of(printed)
            self.conflicts.append(Conflict(printed.where, printed.text, text, conflict, place))

    def _figure(self, one: Overtyped, printed: PrintedText) -> FigureEdit:
        piece = one.piece
        lines: tuple[str, ...] = ()
        if piece.figure:
            lines = data_lines(self.built, piece.figure)
        elif piece.kind == OWED:
            owed = (p for p in self.built.owed if _about(p.message, piece.text))
            lines = tuple(f"{p.place.file_line}（{p.hint}）" for p in owed)
        elif piece.origin is not None:
            source = self.files[piece.origin.path]
            printing = source.text[piece.origin.start : piece.origin.end]
            lines = (f"{source.path}:{source.line_of(piece.origin.start)}  {printing}",)
        name = piece.figure or ""
        return FigureEdit(piece.kind, name, printed.where, piece.text, one.after, lines)

    def _removed(self) -> None:
        paired = {i for i, _ in self.blocks.pairs} | self.blocks.rejoined[0]
        for i, item in enumerate(self.base.items):
            counterpart = self.counterparts.get((i, -1, -1))
            if i in paired or not isinstance(item, Line) or counterpart is None:
                continue
            self._place(removed(self.files, self.printed, counterpart.number))

    def _added(self) -> None:
        blocks = self.blocks
        item_by_block = {j: i for i, j in blocks.pairs}
        paired = item_by_block.keys() | blocks.rejoined[1]
        new = {
            j: block.text.strip()
            for j, block in enumerate(blocks.blocks)
            if j not in paired and isinstance(block, FoundLine)
        }
        for first, last in spans_of(new):
            texts = [new[j] for j in range(first, last + 1)]
            before, after = (self._beside(item_by_block.get(j)) for j in (first - 1, last + 1))
            where = blocks.after(first)
            self._place(added(self.files, self.printed, (before, after), texts, where))

    def _beside(self, item: int | None) -> int | None:
        """The number of the text that an item is; None for tables and beyond the ends."""
        counterpart = self.counterparts.get((item, -1, -1)) if item is not None else None
        return counterpart.number if counterpart is not None else None

    def _place(self, what: Proposal | Conflict | None) -> None:
        if isinstance(what, Proposal):
            self.structural.append(what)
        elif what is not None:
            self.conflicts.append(what)


def _joined(current: Pieces, texts: tuple[str, ...]) -> str:
    """The edited text with the figures and words of the document as it is now."""
    pairs = zip(current, texts, strict=True)
    return "".join(text if piece.editable else piece.text for piece, text in pairs)


def _place_of(printed: PrintedText) -> str:
    lines = sorted(f"{path}:{line}" for path, line in printed.places)
    return "、".join(lines[:2])


def _about(message: str, text: str) -> bool:
    """Whether something owed is what a 【待填：…】 names."""
    asked, _, _by_how_much = message.removeprefix("还没有写").partition("的原因")
    return asked in text


def data_lines(built: Built, figure: str) -> tuple[str, ...]:
    """The data lines a figure comes from, as file:line."""
    lines = dict.fromkeys(_lines_of(node_of(built.book, built.book.resolve(figure))))
    shown = tuple(lines)[:_MOST_LINES]
    return (*shown, f"等 {len(lines)} 行") if len(lines) > _MOST_LINES else shown


def _lines_of(node: Node) -> Iterator[str]:
    if node.place is not None:
        yield node.place.file_line
    for child in node.children:
        yield from _lines_of(child)
    yield from (leaf.place.file_line for leaf in node.leaves)
