"""What tests of tables share: shipped layouts, the sample's figures, a table as a grid."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from generator.document import Table
from generator.figures.book import FigureBook
from generator.load.budget import load_budget
from generator.tables.build import build_table
from generator.tables.layout import parse_layouts
from generator.tables.plan import Layouts

ROOT = Path(__file__).resolve().parents[1]


def load_layouts(folder: Path, root: Path) -> Layouts:
    """The layouts in `folder`, in the order of file names; places are relative to `root`."""
    files = sorted(folder.glob("*.yaml"))
    contents = tuple((f.relative_to(root).as_posix(), f.read_bytes()) for f in files)
    return parse_layouts(contents)[0]


LAYOUTS = load_layouts(ROOT / "templates/henan/tables", ROOT / "templates")


@cache
def sample_book() -> FigureBook:
    loaded = load_budget(ROOT / "data", 2023)
    return FigureBook(loaded.budget, loaded.catalogue)


def tables_of(book: FigureBook) -> dict[str, Table]:
    """All tables by their two digits."""
    return {name[:2]: build_table(layout, book) for name, layout in LAYOUTS.items()}


def grid_of(table: Table, *, with_header: bool = False) -> list[list[str]]:
    """Texts at the top left of each cell, "" under a span; every position is covered once."""
    width = len(table.columns)
    taken: set[tuple[int, int]] = set()
    grid = [[""] * width for _ in table.rows]
    for y, row in enumerate(table.rows):
        for cell in row.cells:
            rows, columns = range(cell.row_span), range(cell.column_span)
            area = {(y + i, cell.column + j) for i in rows for j in columns}
            assert not area & taken, (table.id, row.key, cell)
            taken |= area
            grid[y][cell.column] = cell.text
    assert taken == {(y, x) for y in range(len(grid)) for x in range(width)}, table.id
    return grid if with_header else grid[table.header_rows :]
