"""What tables and blocks gained, lost and moved; and which facts stand in what stayed.

A row that carries figures and comes or goes is a matter of the figures (a new item); one of text
alone is layout. A row that moved in several tables moved once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from generator.compare.branches import Branches
from generator.compare.changes import (
    DELETED,
    EDITED,
    INSERTED,
    LAYOUT,
    MOVED,
    SPANS,
    Change,
)
from generator.compare.normal import Naming, number_in
from generator.compare.pairing import Item, Pairing
from generator.compare.recoding import Recoding
from generator.compare.tables import Grid, GridDifference, GridRow, compare_tables
from generator.document import (
    FIGURE,
    HEADER,
    TOTAL,
    Cell,
    Contents,
    Heading,
    Paragraph,
    Table,
    text_of,
)
from generator.verify.visible import shortened

_ORIENTATIONS = {"portrait": "纵向", "landscape": "横向"}
_MOST_SHOWN = 31


@dataclass(slots=True)
class RowItem:
    """A row with figures that is in one document only; `facts` by what their columns are called."""

    label: str
    tables: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)  # fact or cell -> printed text

    @property
    def first(self) -> str:
        """Its first amount."""
        return next(filter(None, self.facts.values()), "")


class ChangedCell(NamedTuple):
    """A cell that reads otherwise, by its new row and its old column."""

    row: GridRow
    column: str
    old: Cell
    new: Cell

    @property
    def is_text(self) -> bool:
        """Whether it prints no fact, and no number in one measure: a code that is its row's is text."""
        if self.old.figure or self.new.figure:
            return False
        numbers = [number_in(cell.text) for cell in (self.old, self.new) if cell.text]
        measures = {number and number[1] for number in numbers}
        return None in measures or len(measures) != 1 or self.new.text in self.row.item


@dataclass(frozen=True, slots=True)
class TablePair:
    """A grid of a table that both documents have, and which cells of it read otherwise."""

    old: Item
    new: Item
    grid: GridDifference
    changed: list[ChangedCell] = field(default_factory=list)

    def alone(self, side: int) -> tuple[Item, Grid, list[GridRow]]:
        """The table of one side, its grid, and the rows of that which the other side has not."""
        item = (self.old, self.new)[side]
        grid = (self.grid.old, self.grid.new)[side]
        keys = frozenset((self.grid.rows.deleted, self.grid.rows.inserted)[side])
        return item, grid, [row for row in grid.rows if row.key in keys]


@dataclass(slots=True)
class Structure:
    """Pairs of tables taken apart.

    `keys` are the rows of each side, `kept` its facts that are printed in what both documents have;
    `items` the rows with figures of one side, by side (0 is the old one) and row key.
    """

    tables: list[TablePair] = field(default_factory=list)
    keys: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    kept: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    items: dict[tuple[int, str], RowItem] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def item_labels(self) -> frozenset[str]:
        """The names of items that came, went or changed: a list of names changes with them."""
        labels = [item.label for item in self.items.values()]
        for table in self.tables:
            for one, other in table.grid.row_pairs():
                if one.has_figures and one.text != other.text:
                    labels += [one.label, other.label]
        return frozenset(word for label in labels for word in label.split(" "))


def compare_structure(
    branches: Branches, names: tuple[Naming, Naming], recoding: Recoding
) -> Structure:
    """Everything about blocks, tables, columns, rows, order and merged cells."""
    structure = Structure()
    pairing = branches.pairing
    for old, new in pairing.both():
        if isinstance(old.block, Table) and isinstance(new.block, Table):
            for grid in compare_tables(old.block, new.block, names):
                structure.tables.append(TablePair(old, new, grid))
                for keys, one in zip(structure.keys, (grid.old, grid.new), strict=True):
                    keys.update(row.key for row in one.rows)
            if _spans_differ(old.block, new.block):
                structure.changes.append(_layout(SPANS, f"{new.block.id}/表头", new.where))
    for table in structure.tables:
        _compare_cells(table, structure, recoding)
        structure.changes += _column_changes(table.new, table.grid)
        _collect_items(table, structure)
    _leave_out_recoded(structure, recoding)
    structure.changes += _row_changes(structure)
    structure.changes += _block_changes(branches, structure)
    _keep_paragraphs(pairing, structure)
    return structure


def _layout(
    kind: str, subject: str, title: str, *places: str, old: str = "", new: str = ""
) -> Change:
    return Change(LAYOUT, kind, subject, title, old, new, places)


def _leave_out_recoded(structure: Structure, recoding: Recoding) -> None:
    """Rows of divided codes are no items that came or went: their numbers are carried over."""
    for side, key in list(structure.items):
        if recoding.explains(key, side):
            del structure.items[side, key]


# Columns and merged cells


def _column_changes(table: Item, grid: GridDifference) -> Iterator[Change]:
    columns = grid.columns
    for kind, keys in (
        (DELETED, columns.deleted),
        (INSERTED, columns.inserted),
        (MOVED, sorted(columns.moved)),
    ):
        for key in keys:
            name = key.replace("〔年〕", "本年").replace("〔上年〕", "上年").replace("\n", "")
            yield _layout(kind, f"{table.block.id}/列/{key}", f"列“{name}”", table.where)


def _spans_differ(old: Table, new: Table) -> bool:
    """Whether headers of the same names are merged otherwise; other columns explain themselves."""
    shapes = [
        [
            [(cell.column, cell.column_span, cell.row_span) for cell in row.cells]
            for row in table.rows
            if row.role == HEADER
        ]
        for table in (old, new)
    ]
    return shapes[0] != shapes[1] and len(old.columns) == len(new.columns)


# Rows


def _collect_items(pair: TablePair, structure: Structure) -> None:
    """Rows with figures of one side. The total of a unit is no item, nor is a project that goes on
    without targets: their figures are told by name.
    """
    for side in (0, 1):
        table, grid, rows = pair.alone(side)
        listed = {row.item for row in grid.rows if row.is_entry}
        for row in (row for row in rows if row.has_figures):
            if row.role == TOTAL or (row.key in listed and row.key in structure.keys[1 - side]):
                facts = (cell.figure for cell in row.cells.values() if cell.figure)
                structure.kept[side].update(facts)
                continue
            item = structure.items.setdefault((side, row.item), RowItem(row.label))
            if table.where not in item.tables:
                item.tables.append(table.where)
            for column, cell in row.cells.items():
                if cell.figure or ("." in cell.text and number_in(cell.text)):
                    name = cell.figure or f"{table.block.id}/{row.key}/{column}"
                    item.facts.setdefault(name, cell.text)


def _row_changes(structure: Structure) -> Iterator[Change]:
    """Rows of text that came or went, and rows that moved: each once, with all its tables."""
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for pair in structure.tables:
        pairs, moved = pair.grid.row_pairs(), pair.grid.rows.moved
        entries = [(MOVED, new, pair.new) for old, new in pairs if old.key in moved]
        entries += [(DELETED, row, pair.old) for row in _text_rows(pair, 0, structure)]
        entries += [(INSERTED, row, pair.new) for row in _text_rows(pair, 1, structure)]
        for kind, row, table in sorted(entries, key=lambda entry: (entry[0], entry[1].key)):
            _, tables = found.setdefault((kind, row.key), (row.label, []))
            if table.where not in tables:
                tables.append(table.where)
    for (kind, key), (label, tables) in found.items():
        code = f"（{key.partition('#')[0]}）" if label != key else ""
        yield _layout(kind, f"行/{key}", f"行“{label}”{code}", *tables)


def _text_rows(pair: TablePair, side: int, structure: Structure) -> Iterator[GridRow]:
    """Rows of text that came or went, but for those of an item that is told. Of lists that came or
    went as a whole, the row they stand in.
    """
    if pair.grid.old.is_empty != pair.grid.new.is_empty:
        return  # because of figures
    _, _, rows = pair.alone(side)
    keys = {row.key for row in rows}
    listed = {row.item for row in rows if row.is_entry}
    for row in rows:
        is_told = (side, row.item) in structure.items
        if not is_told and (
            row.item not in keys if row.is_entry else not row.has_figures or row.key in listed
        ):
            yield row


# Blocks


def _block_changes(branches: Branches, structure: Structure) -> Iterator[Change]:
    """Headings and tables that came, went or moved, and orientation; paragraphs are wording."""
    pairing = branches.pairing
    for side, item in pairing.unpaired():
        if isinstance(item.block, Paragraph) or branches.chosen(side, item):
            continue
        is_heading = isinstance(item.block, Heading)
        subject = f"标题/{item.text}" if is_heading else f"{_kind_of(item)}/{item.block.id}"
        places = item.path[:-1] if is_heading else ()
        yield _layout((DELETED, INSERTED)[side], subject, _title_of(item), *places)
    yield from _moved_blocks(pairing, structure)
    for old, new in pairing.both():
        if isinstance(new.block, Table) and old.orientation != new.orientation:
            turned = _ORIENTATIONS[old.orientation], _ORIENTATIONS[new.orientation]
            title = f"表“{new.where}”的纸张方向"
            yield _layout(EDITED, f"方向/{new.block.id}", title, old=turned[0], new=turned[1])


def _moved_blocks(pairing: Pairing, structure: Structure) -> Iterator[Change]:
    """Blocks that stand elsewhere; what moved together is one entry, named by its first block."""
    moved = pairing.moved()
    rows = {key for pair in structure.tables for key in pair.grid.rows.moved}
    last: tuple[int, int] | None = None
    for one, other in sorted(pair for pair in pairing.pairs if pair[0] in moved):
        together = last is not None and (one - 1, other - 1) == last
        last = one, other
        if together:
            continue
        item = pairing.new[other]
        block = item.block
        if isinstance(block, Paragraph) and any(_is_about(block, key) for key in rows):
            continue  # its row moved: said there
        yield _layout(MOVED, f"{_kind_of(item)}/{item.text}", _title_of(item), *item.path[:1])


def _is_about(block: Paragraph, key: str) -> bool:
    """Whether a paragraph of a list is the one of a table's row."""
    figure = next((segment.figure for segment in block.segments if segment.figure), "")
    return key.isdigit() and f"={key}" in (figure or "")


def _kind_of(item: Item) -> str:
    return {Heading: "标题", Table: "表", Paragraph: "段落", Contents: "块"}[type(item.block)]


def _title_of(item: Item) -> str:
    """标题“…”, 表“…”; of a long paragraph as it begins."""
    match item.block:
        case Contents():
            return "目录"
        case Table():
            text = item.where
        case Heading():
            text = text_of(item.block.segments)
        case Paragraph():
            text = shortened(text_of(item.block.segments), _MOST_SHOWN)
    return f"{_kind_of(item)}“{text}”"


# What stayed


def _compare_cells(table: TablePair, structure: Structure, recoding: Recoding) -> None:
    """The facts in cells that both tables have, and which of these cells read otherwise."""
    recoded = recoding.new_codes
    for one, other in table.grid.row_pairs():
        for column, new_column in table.grid.columns.same:
            cells = old, new = one.cells.get(column), other.cells.get(new_column)
            for kept, cell in zip(structure.kept, cells, strict=True):
                if cell is not None and cell.figure:
                    kept.add(cell.figure)
            if old is None or new is None or old.text == new.text:
                continue
            # The other code and name of a recoded item are said once.
            if other.key not in recoded or old.figure or new.figure:
                table.changed.append(ChangedCell(other, column, old, new))


def _keep_paragraphs(pairing: Pairing, structure: Structure) -> None:
    """Facts in paragraphs that both have, or in one that a common line printed for no new row."""
    common = pairing.common_templates()
    in_rows: tuple[set[str], set[str]] = (set(), set())
    for (side, _), row in structure.items.items():
        in_rows[side].update(row.facts)
    for pair in pairing.both():
        for kept, item in zip(structure.kept, pair, strict=True):
            kept.update(_facts_of(item))
    for side, item in pairing.unpaired():
        if item.template in common:
            structure.kept[side].update(_facts_of(item) - in_rows[side])


def _facts_of(item: Item) -> set[str]:
    return {s.figure for s in item.block.segments if s.kind == FIGURE and s.figure}
