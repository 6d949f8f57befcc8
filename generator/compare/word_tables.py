"""A Word table as a table: cells in their grid, columns by header, rows by anchor."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from lxml import etree

from generator.document import BODY, HEADER, Cell, Column, Row, Table
from generator.verify.package import UnusableFile
from generator.writers.docx_xml import W

_W = f"{{{W}}}"
_THINNEST = 60  # twips: a millimetre
_MOST_COLUMNS = 252  # four times what Word can show: LibreOffice leaves hair-thin ones
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
_AMOUNT = re.compile(r"-?[0-9][0-9,]*\.[0-9]+")


@dataclass(slots=True)
class _Place:
    """A cell while its table is read; `rows` grows as the cells below continue it."""

    text: str
    column: int
    columns: int
    rows: int = 1


def read_table(element: etree._Element, anchors: Mapping[str, tuple[str, str]]) -> Table:
    """The table of a w:tbl; its id is the anchored one, or empty. UnusableFile: too many columns."""
    placed: list[list[_Place]] = []
    above: dict[int, _Place] = {}
    roles: list[str] = []
    keys: list[str] = []
    identity = ""
    for row in element.iter(f"{_W}tr"):
        cells, above = _cells(row, above)
        placed.append(cells)
        is_header = row.find(f"{_W}trPr/{_W}tblHeader") is not None
        roles.append(HEADER if is_header else BODY)
        names = (mark.get(f"{_W}name", "") for mark in row.iter(f"{_W}bookmarkStart"))
        found = next((anchors[name] for name in names if name in anchors), ("", ""))
        identity = identity or found[0]
        keys.append(found[1])
    widths = [_whole(c, "w", 0) for c in element.iterfind(f"{_W}tblGrid/{_W}gridCol")]
    _collapse(placed, widths)
    width = max((cell.column + cell.columns for cells in placed for cell in cells), default=0)
    header = [cells for cells, role in zip(placed, roles, strict=True) if role == HEADER]
    kept = [w for w in widths if w >= _THINNEST] or widths
    kept += [1] * (width - len(kept))
    columns = tuple(map(Column, _column_keys(header, width), kept))
    rows = _rows(placed, roles, keys, _halves(header, width))
    return Table(identity, (), columns, rows)


def are_parts(upper: Table, lower: Table) -> bool:
    """Whether two neighbouring tables are one cut above a header (Table.parts)."""
    headed = bool(lower.rows) and lower.rows[0].role == HEADER
    return headed and upper.id == lower.id and len(upper.columns) <= len(lower.columns)


def joined(upper: Table, lower: Table) -> Table:
    """Both parts on the lower one's grid: LibreOffice leaves each only the columns it uses."""
    edges, grid = (
        [0, *accumulate(column.width for column in table.columns)] for table in (upper, lower)
    )

    def nearest(column: int) -> int:
        return min(range(len(grid)), key=lambda number: abs(grid[number] - edges[column]))

    def on_grid(cell: Cell) -> Cell:
        start, end = nearest(cell.column), nearest(cell.column + cell.column_span)
        return cell._replace(column=start, column_span=end - start)

    rows = (row._replace(cells=tuple(map(on_grid, row.cells))) for row in upper.rows)
    return replace(lower, rows=(*rows, *lower.rows))


def _cells(
    row: etree._Element, above: Mapping[int, _Place]
) -> tuple[list[_Place], dict[int, _Place]]:
    """The cells that begin in a row, and those that may go on into the next."""
    column = 0
    begun, going = [], {}
    for element in row.iterchildren(f"{_W}tc"):
        span = element.find(f"{_W}tcPr/{_W}gridSpan")
        merge = element.find(f"{_W}tcPr/{_W}vMerge")
        columns = 1 if span is None else max(_whole(span, "val", 1), 1)
        continues = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
        if continues and column in above:
            above[column].rows += 1
            going[column] = above[column]
        else:
            cell = _Place(_text(element), column, columns)
            begun.append(cell)
            if merge is not None:
                going[column] = cell
        column += columns
        if column > _MOST_COLUMNS:
            raise UnusableFile(f"有一个表格超过 {_MOST_COLUMNS} 列，不予读取")
    return begun, going


def _whole(element: etree._Element, attribute: str, otherwise: int) -> int:
    """The whole part of a measure or count; other programs write 3317.5, and anything."""
    found = _WHOLE.match(element.get(f"{_W}{attribute}", ""))
    return int(found[0]) if found else otherwise


def _collapse(placed: Sequence[Sequence[_Place]], widths: Sequence[int]) -> None:
    """Take away hair-thin grid columns: LibreOffice leaves some where rounded edges differ."""
    thin = [column for column, width in enumerate(widths) if 0 < width < _THINNEST]
    for cells in placed:
        for cell in cells:
            start, end = cell.column, cell.column + cell.columns
            cell.column = start - bisect_left(thin, start)
            cell.columns = end - bisect_left(thin, end) - cell.column


def _text(cell: etree._Element) -> str:
    paragraphs = []
    for paragraph in cell.iter(f"{_W}p"):
        pieces = []
        for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
            if node.tag == f"{_W}t":
                pieces.append(node.text or "")
            elif is_in_run(node):
                pieces.append("\t" if node.tag == f"{_W}tab" else "\n")
        paragraphs.append("".join(pieces))
    return "\n".join(paragraphs)


def is_in_run(node: etree._Element) -> bool:
    """Whether a w:tab is a character; in paragraph properties it is a tab stop."""
    parent = node.getparent()
    return parent is not None and parent.tag == f"{_W}r"


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
    rows: list[Row] = []
    used: dict[str, int] = {}
    headers = 0
    for cells, role, anchored in zip(placed, roles, keys, strict=True):
        headers += role == HEADER
        key = f"表头{headers}" if role == HEADER else anchored or _label(cells, halves)
        count = used[key] = used.get(key, 0) + 1
        unique = key if count == 1 else f"{key}#{count}"
        shown = tuple(Cell(c.text, c.column, c.columns, c.rows) for c in cells)
        rows.append(Row(unique, role, shown))
    return tuple(rows)


def _label(cells: Sequence[_Place], halves: Sequence[int]) -> str:
    """What a row is called: the texts before its first amount, on each side of the table."""
    labels = []
    for number, start in enumerate(halves):
        end = halves[number + 1] if number + 1 < len(halves) else None
        texts: list[str] = []
        for cell in cells:
            if cell.column < start or (end is not None and cell.column >= end):
                continue
            if _AMOUNT.fullmatch(cell.text):
                break
            texts.append(cell.text)
        labels.append("/".join(filter(None, texts)))
    return "|".join(labels)
