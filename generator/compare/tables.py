"""Two versions of a table: which column and row is which, by their keys and never by position.

A two-sided table (收入 | 支出) is two grids: its sides have nothing in common but the paper. Lists side
by side in the rows of one item (产出指标 | 效益指标 of a project) are rows of their own, an entry each.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from generator.compare.align import ALIKE, best_pairs, likeness, moved
from generator.compare.normal import Naming, is_bare_amount, number_in
from generator.document import HEADER, Cell, Table
from generator.figures.measures import distinct

# Column names this much alike are one column renamed, if nothing else stands in their place.
_SAME_COLUMN = 0.4


class GridRow(NamedTuple):
    """A row of one grid: cells by the key of their first column."""

    key: str
    role: str
    cells: Mapping[str, Cell]

    @property
    def label(self) -> str:
        """What the row is called in its table: its texts that are no amounts."""
        texts = (cell.text for cell in self.cells.values() if not cell.figure and cell.text)
        named = list(dict.fromkeys(text for text in texts if number_in(text) is None))
        return " ".join(named[:2]).replace("\n", "") or self.key

    @property
    def item(self) -> str:
        """The key of what the row belongs to: 41040023000000008044 of 41040023000000008044#2."""
        return self.key.partition("#")[0]

    @property
    def is_entry(self) -> bool:
        """Whether it is one of several rows of an item: an entry of a list in it."""
        return "#" in self.key

    @property
    def has_figures(self) -> bool:
        return any(cell.figure or is_bare_amount(cell.text) for cell in self.cells.values())

    @property
    def text(self) -> str:
        return "\t".join(cell.text for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and body rows of one side of a table, in order; keys are unique in it."""

    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it prints no amount."""
        return not any(row.has_figures for row in self.rows)


@dataclass(frozen=True, slots=True)
class Paired:
    """What became of the elements of a sequence; `same` are pairs of keys."""

    same: tuple[tuple[str, str], ...]
    deleted: tuple[str, ...]
    inserted: tuple[str, ...]
    moved: frozenset[str]  # old keys
    renamed: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class GridDifference:
    """Two versions of one grid and how their columns and rows correspond."""

    old: Grid
    new: Grid
    columns: Paired
    rows: Paired

    def row_pairs(self) -> list[tuple[GridRow, GridRow]]:
        olds = {row.key: row for row in self.old.rows}
        news = {row.key: row for row in self.new.rows}
        return [(olds[one], news[other]) for one, other in self.rows.same]


def compare_tables(
    old: Table, new: Table, names: tuple[Naming, Naming]
) -> tuple[GridDifference, ...]:
    """The differences grid by grid."""
    olds, news = grids_of(old, names[0]), grids_of(new, names[1])
    if len(olds) != len(news):
        olds, news = (_whole(old, names[0]),), (_whole(new, names[1]),)
    if listed := _listed_columns(old, names[0]) | _listed_columns(new, names[1]):
        olds, news = (tuple(_taken_apart(g, listed) for g in grids) for grids in (olds, news))
    pairs = ((_followed(one, other), other) for one, other in zip(olds, news, strict=True))
    return tuple(
        GridDifference(one, other, _columns(one, other), _rows(one, other, names))
        for one, other in pairs
    )


def grids_of(table: Table, naming: Naming) -> tuple[Grid, ...]:
    """One grid, or two where every row key is left|right."""
    body = [row for row in table.rows if row.role != HEADER]
    top = [cell for row in table.rows[:1] if row.role == HEADER for cell in row.cells]
    if len(top) != 2 or not body or not all("|" in row.key for row in body):
        return (_whole(table, naming),)
    middle = top[1].column
    return (
        _grid(table, naming, 0, middle, 0),
        _grid(table, naming, middle, len(table.columns), 1),
    )


def column_keys(table: Table, naming: Naming) -> list[str]:
    """The columns' keys without years, each once."""
    return list(distinct(naming.normal(column.key) for column in table.columns))


def _listed_columns(table: Table, naming: Naming) -> frozenset[str]:
    """The columns in which an item goes on below its first row, whose other cells are merged."""
    keys = column_keys(table, naming)
    going_on = (row for row in table.rows if "#" in row.key and row.cells and row.cells[0].column)
    return frozenset(keys[cell.column] for row in going_on for cell in row.cells)


def _taken_apart(grid: Grid, listed: frozenset[str]) -> Grid:
    """The grid with each entry of a list below its item: item#list#first text of the entry."""
    rows: list[GridRow] = []
    for item, some in groupby(grid.rows, lambda row: row.item):
        lists: dict[str, list[GridRow]] = {}
        for row in some:
            kept = {column: cell for column, cell in row.cells.items() if column not in listed}
            rows += [row._replace(cells=kept)] if kept else []
            for name, cells in _entries(row, listed):
                key = f"{item}#{name}#{next(iter(cells.values())).text}"
                lists.setdefault(name, []).append(GridRow(key, row.role, cells))
        rows += (entry for entries in lists.values() for entry in entries)
    keys = distinct(row.key for row in rows)
    own = (row._replace(key=key) for row, key in zip(rows, keys, strict=True))
    return replace(grid, rows=tuple(own))


def _entries(row: GridRow, listed: frozenset[str]) -> Iterator[tuple[str, Mapping[str, Cell]]]:
    """What a row prints in each list, by the name above the list's columns; nothing where it is empty."""
    columns = (column for column in row.cells if column in listed)
    for name, some in groupby(columns, lambda column: column.rpartition("/")[0]):
        cells = {column: row.cells[column] for column in some}
        if any(cell.text for cell in cells.values()):
            yield name, cells


def _whole(table: Table, naming: Naming) -> Grid:
    return _grid(table, naming, 0, len(table.columns), None)


def _grid(table: Table, naming: Naming, start: int, end: int, half: int | None) -> Grid:
    columns = column_keys(table, naming)
    body = [(naming.normal(row.key), row) for row in table.rows if row.role != HEADER]
    if half is not None:
        halves = ((key.partition("#")[0].split("|", 1)[half], row) for key, row in body)
        body = [(key, row) for key, row in halves if key]
    rows = (
        GridRow(
            key,
            row.role,
            {columns[cell.column]: cell for cell in row.cells if start <= cell.column < end},
        )
        for key, (_, row) in zip(distinct(key for key, _ in body), body, strict=True)
    )
    return Grid(tuple(columns[start:end]), tuple(rows))


def _columns(old: Grid, new: Grid) -> Paired:
    common = set(old.columns) & set(new.columns)
    renamed = _renamed_columns(old, new, common)
    same = {key: key for key in common} | dict(renamed)
    return _paired(old.columns, new.columns, same, renamed)


def _renamed_columns(old: Grid, new: Grid, common: set[str]) -> tuple[tuple[str, str], ...]:
    """Columns of other names in the same place with the same figures, or names much alike."""
    pairs = []
    for gone, come in zip(_gaps(old.columns, common), _gaps(new.columns, common), strict=False):
        if len(gone) != len(come):
            continue
        for one, other in zip(gone, come, strict=True):
            figures = _figures(old, one), _figures(new, other)
            alike = bool(figures[0] & figures[1]) or (
                not (figures[0] and figures[1])
                and likeness(one.rpartition("/")[2], other.rpartition("/")[2], _SAME_COLUMN)
                >= _SAME_COLUMN
            )
            if alike:
                pairs.append((one, other))
    return tuple(pairs)


def _gaps(columns: Sequence[str], common: set[str]) -> list[list[str]]:
    """The columns between each two common ones."""
    gaps: list[list[str]] = [[]]
    for key in columns:
        if key in common:
            gaps.append([])
        else:
            gaps[-1].append(key)
    return gaps


def _figures(grid: Grid, column: str) -> set[tuple[str, str]]:
    return {
        (row.key, cell.figure)
        for row in grid.rows
        if (cell := row.cells.get(column)) is not None and cell.figure
    }


def _rows(old: Grid, new: Grid, names: tuple[Naming, Naming]) -> Paired:
    """By key; rows of text alone (tasks, indicators) also by their text, which is their key."""
    olds, news = [row.key for row in old.rows], [row.key for row in new.rows]
    common = set(news)
    same = {key: key for key in olds if key in common}
    left = _texts(old, frozenset(same), names[0])
    right = _texts(new, frozenset(same.values()), names[1])
    same |= {olds[one]: news[other] for one, other in best_pairs(left, right, ALIKE)}
    return _paired(olds, news, same)


def _followed(old: Grid, new: Grid) -> Grid:
    """The old grid under the new keys of rows that print the same figure: a project goes on under
    another code.
    """
    sides = _row_by_figure(old, new), _row_by_figure(new, old)
    key_by_item: dict[str, str] = {}
    for figure in sorted(sides[0].keys() & sides[1].keys()):
        one, other = sides[0][figure], sides[1][figure]
        if one and other and one not in key_by_item and other not in key_by_item.values():
            key_by_item[one] = other
    rows = (
        row._replace(key=key_by_item.get(row.item, row.item) + row.key[len(row.item) :])
        for row in old.rows
    )
    return replace(old, rows=tuple(rows)) if key_by_item else old


def _row_by_figure(grid: Grid, other: Grid) -> dict[str, str]:
    """The row that prints a figure, of those the other grid has not; empty where several do."""
    keys = {row.key for row in other.rows}
    found: dict[str, str] = {}
    for row in (row for row in grid.rows if row.key not in keys and not row.is_entry):
        for figure in {cell.figure for cell in row.cells.values() if cell.figure}:
            found[figure] = "" if figure in found else row.key
    return found


def _texts(grid: Grid, paired: frozenset[str], naming: Naming) -> dict[int, tuple[Hashable, str]]:
    """Rows of text that are not paired, by the list they stand in: no code is like another."""
    return {
        index: ((row.role, *row.key.split("#")[:-1]), naming.normal(row.text))
        for index, row in enumerate(grid.rows)
        if row.key not in paired and not row.has_figures
        if row.is_entry or not row.key[:1].isdigit()
    }


def _paired(
    olds: Sequence[str],
    news: Sequence[str],
    same: Mapping[str, str],
    renamed: tuple[tuple[str, str], ...] = (),
) -> Paired:
    kept = set(same.values())
    backwards = {other: one for one, other in same.items()}
    order = [backwards[key] for key in news if key in kept]
    return Paired(
        same=tuple((one, same[one]) for one in order),
        deleted=tuple(key for key in olds if key not in same),
        inserted=tuple(key for key in news if key not in kept),
        moved=frozenset(moved([key for key in olds if key in same], order)),  # type: ignore[arg-type]  # keys are texts
        renamed=renamed,
    )
