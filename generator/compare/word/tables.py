"""A Word table as a table: cells in their grid, columns by header, rows by anchor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count

from lxml import etree

from generator.compare.normal import is_bare_amount
from generator.document import BODY, HEADER, Cell, Column, Row, Table
from generator.figures.measures import distinct
from generator.verify.package import UnusableFile, W
from generator.verify.reading import RowAnchor
from generator.verify.walking import WalkedRow, whole

_THINNEST = 60  # twips: a millimetre
_MOST_COLUMNS = 252  # four times what Word can show: LibreOffice leaves hair-thin ones


@dataclass(slots=True)
class _Place:
    """A cell while its table is read; `rows` grows as the cells below continue it."""

    text: str
    column: int
    columns: int
    rows: int = 1


def read_table(
    element: etree._Element, read: Sequence[WalkedRow], anchors: Mapping[str, RowAnchor]
) -> Table:
    """The table of a w:tbl; its id is the anchored one, or empty. UnusableFile: too many columns."""
    placed = _placed(read)
    roles = [HEADER if row.is_header else BODY for row in read]
    found = [_anchor(row, anchors) for row in read]
    identity = next((anchor.table for anchor in found if anchor.table), "")
    widths = [whole(c, "w", 0) for c in element.iterfind(f"{W}tblGrid/{W}gridCol")]
    _collapse(placed, widths)
    width = max((cell.column + cell.columns for cells in placed for cell in cells), default=0)
    header = [cells for cells, role in zip(placed, roles, strict=True) if role == HEADER]
    kept = [w for w in widths if w >= _THINNEST] or widths
    kept += [1] * (width - len(kept))
    columns = tuple(map(Column, _column_keys(header, width), kept))
    rows = _rows(placed, roles, [anchor.key for anchor in found], _halves(header, width))
    return Table(identity, (), columns, rows)


def _anchor(row: WalkedRow, anchors: Mapping[str, RowAnchor]) -> RowAnchor:
    names = (mark.name for cell in row.cells for mark in cell.marks)
    return next((anchors[name] for name in names if name in anchors), RowAnchor("", ""))


def are_parts(upper: Table, lower: Table) -> bool:
    """Whether two neighbouring tables are one cut above a header inside it (Table.parts)."""
    headed = bool(lower.rows) and lower.rows[0].role == HEADER
    return headed and upper.id == lower.id and len(upper.columns) <= len(lower.columns)


def are_divided(upper: Table, lower: Table) -> bool:
    """Whether two neighbouring tables are one that a person divided, perhaps under its header again."""
    return (
        upper.id == lower.id
        and len(upper.columns) == len(lower.columns)
        and _header(lower) in ([], _header(upper))
    )


def joined(upper: Table, lower: Table) -> Table:
    """Both parts on the lower one's grid: LibreOffice leaves each only the columns it uses."""
    return replace(lower, rows=(*_on_grid_of(lower, upper), *lower.rows))


def united(upper: Table, lower: Table) -> Table:
    """Both pieces on the upper one's grid, under its header; rows of one name are counted on."""
    known = {row.key for row in upper.rows}
    rows = [row for row in _on_grid_of(upper, lower) if row.role != HEADER]
    names = (row.key.partition("#")[0] if row.key in known else row.key for row in rows)
    keys = distinct([*(row.key for row in upper.rows), *names])
    named = zip((*upper.rows, *rows), keys, strict=True)
    return replace(upper, rows=tuple(row._replace(key=key) for row, key in named))


def _header(table: Table) -> list[list[str]]:
    """The texts of the header rows at the top."""
    return [[cell.text for cell in row.cells] for row in table.rows[: table.header_rows]]


def _on_grid_of(table: Table, other: Table) -> Iterator[Row]:
    """The rows of the other table, with each cell at the nearest edges of this one."""
    edges, grid = (
        [0, *accumulate(column.width for column in one.columns)] for one in (other, table)
    )

    def nearest(column: int) -> int:
        return min(range(len(grid)), key=lambda number: abs(grid[number] - edges[column]))

    def on_grid(cell: Cell) -> Cell:
        start, end = nearest(cell.column), nearest(cell.column + cell.column_span)
        return cell._replace(column=start, column_span=end - start)

    return (row._replace(cells=tuple(map(on_grid, row.cells))) for row in other.rows)


def _placed(read: Sequence[WalkedRow]) -> list[list[_Place]]:
    """The cells that begin in each row, where they stand in the grid."""
    placed: list[list[_Place]] = []
    above: dict[int, _Place] = {}
    for row in read:
        column = 0
        begun: list[_Place] = []
        going: dict[int, _Place] = {}
        for cell in row.cells:
            if cell.continues and column in above:
                above[column].rows += 1
                going[column] = above[column]
            else:
                begun.append(_Place(cell.text, column, cell.columns))
                if cell.is_merged:
                    going[column] = begun[-1]
            column += cell.columns
            if column > _MOST_COLUMNS:
                raise UnusableFile(f"有一个表格超过 {_MOST_COLUMNS} 列，不予读取")
        placed.append(begun)
        above = going
    return placed


def _collapse(placed: Sequence[Sequence[_Place]], widths: Sequence[int]) -> None:
    """Take away hair-thin grid columns: LibreOffice leaves some where rounded edges differ."""
    thin = [column for column, width in enumerate(widths) if 0 < width < _THINNEST]
    for cells in placed:
        for cell in cells:
            start, end = cell.column, cell.column + cell.columns
            cell.column = start - bisect_left(thin, start)
            cell.columns = end - bisect_left(thin, end) - cell.column


def _column_keys(header: Sequence[Sequence[_Place]], width: int) -> list[str]:
    """The path of header names above each column."""
    paths: list[list[str]] = [[] for _ in range(width)]
    for row in header:
        for cell in row:
            for column in range(cell.column, min(cell.column + cell.columns, width)):
                paths[column].append(cell.text)
    return ["/".join(path) or f"第{number}列" for number, path in enumerate(paths, 1)]


def _halves(header: Sequence[Sequence[_Place]], width: int) -> tuple[int, ...]:
    """Where the sides of a two-sided table begin: two merged headings over the whole width."""
    if header and len(header[0]) == 2 and all(cell.columns > 1 for cell in header[0]):
        return tuple(cell.column for cell in header[0])
    return (0,) if width else ()


def _rows(
    placed: Sequence[Sequence[_Place]],
    roles: Sequence[str],
    keys: Sequence[str],
    halves: Sequence[int],
) -> tuple[Row, ...]:
    header_keys = (f"表头{number}" for number in count(1))
    names = [
        next(header_keys) if role == HEADER else anchored or _label(cells, halves)
        for cells, role, anchored in zip(placed, roles, keys, strict=True)
    ]
    return tuple(
        Row(key, role, tuple(Cell(c.text, c.column, c.columns, c.rows) for c in cells))
        for key, role, cells in zip(distinct(names), roles, placed, strict=True)
    )


def _label(cells: Sequence[_Place], halves: Sequence[int]) -> str:
    """What a row is called: the texts before its first amount, on each side of the table."""
    labels = []
    for number, start in enumerate(halves):
        end = halves[number + 1] if number + 1 < len(halves) else None
        texts: list[str] = []
        for cell in cells:
            if cell.column < start or (end is not None and cell.column >= end):
                continue
            if is_bare_amount(cell.text):
                break
            texts.append(cell.text)
        labels.append("/".join(filter(None, texts)))
    return "|".join(labels)
