"""The sums that the headers and labels of the annexed tables promise, as a reader would add them up.

Down a column to 合计, across a row to 合计 or 小计, down one side of a two-sided table, left against
right, and a table's total against the figure of its title. A layout decides what each cell selects:
one changed condition, and a table contradicts itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from generator.document import BODY, HEADER, TOTAL, Cell, Column, Row, Table, text_of
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITIONS
from generator.figures.expressions import Select
from generator.figures.figure import Figure
from generator.problems import Place

_TOTAL_NAME = re.compile(r".*(?:合计|小计|总计)[：:]?")
_OF_WHICH = "其中"
# By how its number is written, the level of a line of a two-sided table.
_LEVELS = tuple(
    map(
        re.compile,
        (r"[一二三四五六七八九十]+、", r"[（(][一二三四五六七八九十]+[）)]", r"\d+[.．、]"),
    )
)
# Words of a title that select nothing.
_PLAIN_WORDS = re.compile(r"[0-9]{4}年度?|部门|单位|预算|[“”\"（）()]")
_TITLE_END = "(?:总体|情况|汇总|明细|经济分类|功能分类|总)*表"
_FIGURE_BY_WORD = {
    "收入": "收入总计",
    "支出": "支出合计",
    "三公经费": "三公经费",
    "一般公共三公经费": "三公经费",
    "政府性基金": "政府性基金支出",
    "国有资本经营": "国有资本经营预算支出",
}

# The column of a total, and those of its parts.
ColumnSum = tuple[int, tuple[int, ...]]


class Sum(NamedTuple):
    """A printed total and the printed parts that a reader would add up; `where` says where.

    `place` is the line of the layout that promises it; None for a sum of the program's own.
    """

    where: str
    total: Figure
    parts: tuple[Figure, ...]
    place: Place | None = None


def table_sums(book: FigureBook, tables: Iterable[Table]) -> Iterator[Sum]:
    """The sums of every table; of those across a row and down a side, what does not add up exactly."""
    for table in tables:
        totals = [row for row in table.rows if row.role == TOTAL and row.key == "合计"]
        yield from _column_totals(book, table, totals)
        yield from _sums_across(book, table)
        yield from _side_sums(book, table)
        yield from _titled_total(book, table, totals)


def _column_totals(book: FigureBook, table: Table, totals: list[Row]) -> Iterator[Sum]:
    """Each figure column of a list table: its total row and the rows below it."""
    bodies = [row for row in table.rows if row.role == BODY]
    if len(totals) != 1 or not bodies:
        return
    columns = _figures(book, totals[0].cells)
    parts: dict[int, list[Figure]] = {column: [] for column in columns}
    for row in bodies:
        for cell in row.cells:
            if cell.figure and cell.column in parts:
                parts[cell.column].append(book.resolve(cell.figure))
    for column, total in columns.items():
        where = f"{_name(table)}“{table.columns[column].key}”列"
        yield Sum(where, total, tuple(parts[column]))


def _figures(book: FigureBook, cells: Iterable[Cell]) -> dict[int, Figure]:
    """What the cells print, by column."""
    return {cell.column: book.resolve(cell.figure) for cell in cells if cell.figure}


def _name(table: Table) -> str:
    return table.contents_name or table.id


# Across a row


def _sums_across(book: FigureBook, table: Table) -> Iterator[Sum]:
    """A column called 合计, 小计 or 总计 and the columns beside it, in the total row.

    What a column selects is the same in every row; the rows below are asked where there is no total.
    """
    sums = column_sums(table.columns)
    if not sums:
        return
    rows = [row for row in table.rows if row.role == TOTAL]
    for row in rows or table.parts()[-1].rows:
        figures = _figures(book, row.cells)
        for column, parts in sums:
            printed = [figures[part] for part in parts if part in figures]
            found = _unequal(figures.get(column), printed)
            if found is not None:
                where = f"{_name(table)}“{row.key}”行的“{table.columns[column].key}”"
                yield Sum(where, *found, _column_place(table, column))


@lru_cache(maxsize=256)
def column_sums(columns: tuple[Column, ...]) -> tuple[ColumnSum, ...]:
    """The sums that a header promises: 合计 of its neighbours, a group by its own 小计.

    A header with 其中 among its columns does not tell which of them are parts, so it promises none.
    """
    found: list[ColumnSum] = []
    paths = [(number, tuple(column.key.split("/"))) for number, column in enumerate(columns)]
    _amount_of(paths, 0, found)
    return tuple(found)


def _amount_of(
    columns: Sequence[tuple[int, tuple[str, ...]]], depth: int, found: list[ColumnSum]
) -> tuple[int, ...] | None:
    """The columns that make the amount of a group; None if its header does not tell."""
    totals: list[int] = []
    parts: list[int] = []
    clear = True
    for (name, leaf), group in groupby(
        columns, key=lambda column: (column[1][depth], len(column[1]) == depth + 1)
    ):
        members = list(group)
        own = tuple(n for n, _ in members) if leaf else _amount_of(members, depth + 1, found)
        is_total = _TOTAL_NAME.fullmatch(name) is not None
        if leaf and is_total:
            totals += own or ()
        elif own is None or is_total or name.startswith(_OF_WHICH):
            clear = False
        else:
            parts += own
    if len(totals) == 1:
        if clear and parts:
            found.append((totals[0], tuple(parts)))
        return tuple(totals)
    return tuple(parts) if clear and not totals else None


def _column_place(table: Table, column: int) -> Place | None:
    cells = [c for row in table.rows if row.role == HEADER for c in row.cells if c.column == column]
    return cells[-1].place if cells else table.place


def _unequal(
    total: Figure | None, parts: Sequence[Figure]
) -> tuple[Figure, tuple[Figure, ...]] | None:
    """A total and its parts, unless they add up exactly."""
    if total is None and not parts:
        return None
    whole = _nothing(parts[0]) if total is None else total
    alike = [figure for figure in parts if figure.measure == whole.measure]
    printed = sum([figure.printed for figure in alike if figure.printed], Decimal(0))
    if printed == (whole.printed or 0) or (parts and not alike):
        return None
    blank = whole.printed is None and not whole.owed
    return _nothing(whole) if blank else whole, tuple(alike)


def _nothing(figure: Figure) -> Figure:
    """What a blank cell counts for."""
    return figure._replace(exact=None, printed=Decimal(0), owed=False)


# Two sides


class _Line(NamedTuple):
    """A line of one side: its label, and the figures it prints, by column."""

    label: str
    figures: dict[int, Figure]
    place: Place | None


# A line and those that make it, by their numbers among the lines of a side.
LineSum = tuple[int, tuple[int, ...]]


def _side_sums(book: FigureBook, table: Table) -> Iterator[Sum]:
    """Each side of a two-sided table: numbered lines, the totals under them, and both totals."""
    if table.rows[-1].role != TOTAL or "|" not in table.rows[-1].key:
        return
    sides = [_lines(book, table, side) for side in table.rows[0].cells]
    for lines, bodies in sides:
        columns = sorted({column for line in lines for column in line.figures})
        for number, parts in line_sums(tuple(line.label for line in lines), bodies):
            total = lines[number]
            below = [lines[part].figures for part in parts]
            for column in columns:
                printed = [figures[column] for figures in below if column in figures]
                found = _unequal(total.figures.get(column), printed)
                if found is not None:
                    where = f"{_name(table)}“{total.label}”的“{table.columns[column].key}”"
                    yield Sum(where, *found, total.place)
    ends = [lines[-1] for lines, _ in sides if lines and lines[-1].figures]
    names = [side.text for side in table.rows[0].cells]
    if len(ends) == 2 == len(names) and "收入" in names[0] and "支出" in names[1]:
        received, spent = (end.figures[min(end.figures)] for end in ends)
        found = _unequal(spent, [received])
        if found is not None:
            where = f"{_name(table)}“{ends[0].label}”与“{ends[1].label}”"
            yield Sum(where, *found, ends[1].place)


def _lines(book: FigureBook, table: Table, side: Cell) -> tuple[list[_Line], int]:
    """The lines of a side, its totals last, and how many are none."""
    lines: list[_Line] = []
    bodies = 0
    start, end = side.column, side.column + side.column_span
    rows = table.rows[table.header_rows :]
    first = rows[0].cells[start:end]
    at = next((n for n, cell in enumerate(first, start) if cell.text and not cell.figure), start)
    for row in rows:
        label = row.cells[at]
        if label.text and not label.text.startswith(_OF_WHICH):
            figures = _figures(book, row.cells[start:end])
            lines.append(_Line(label.text, figures, label.place))
            bodies += row.role == BODY
    return lines, bodies


@lru_cache(maxsize=256)
def line_sums(labels: tuple[str, ...], bodies: int) -> tuple[LineSum, ...]:
    """What the numbers and names of lines promise; those from `bodies` on stand at the foot.

    一、 is the sum of the （一） below it; the first total that of the lines above it, the last one that
    of the other totals, as far as they are called 合计, 小计 or 总计.
    """
    levels = [level for label in labels[:bodies] if (level := _level(label)) is not None]
    called = [_TOTAL_NAME.fullmatch(label) is not None for label in labels[bodies:]]
    found = []
    if len(levels) == bodies:
        for number, level in enumerate(levels):
            rest = range(number + 1, bodies)
            end = next((other for other in rest if levels[other] <= level), bodies)
            found.append((number, _highest(range(number + 1, end), levels)))
        if called[:1] == [True]:
            found.append((bodies, _highest(range(bodies), levels)))
    if len(called) > 1 and called[0] and called[-1] and not any(called[1:-1]):
        found.append((len(labels) - 1, tuple(range(bodies, len(labels) - 1))))
    return tuple((number, parts) for number, parts in found if parts)


def _level(label: str) -> int | None:
    return next((n for n, number in enumerate(_LEVELS) if number.match(label)), None)


def _highest(numbers: range, levels: Sequence[int]) -> tuple[int, ...]:
    top = min((levels[n] for n in numbers), default=0)
    return tuple(n for n in numbers if levels[n] == top)


# The figure of the title


def _titled_total(book: FigureBook, table: Table, totals: list[Row]) -> Iterator[Sum]:
    """A table that is called like a figure, or 收入 or 支出 without more, has that for its total."""
    if len(totals) != 1:
        return
    name = figure_of_title(text_of(table.title).replace(book.department.name, ""))
    if not name:
        return
    total = next((cell for cell in totals[0].cells if cell.figure), None)
    figure = book.named(name)
    whole = book.resolve(total.figure) if total and total.figure else _nothing(figure)
    if whole.printed is None and not whole.owed:
        whole = _nothing(whole)
    if whole.printed != (figure.printed or 0):
        place = total.place if total else table.place
        yield Sum(f"{_name(table)}的合计与文字里的{name}", whole, (figure,), place)


@lru_cache(maxsize=256)
def figure_of_title(title: str) -> str:
    """The figure that a title is called by, if nothing else is said in it."""
    words = _PLAIN_WORDS.sub("", title)
    called = re.fullmatch(f"(.+?){_TITLE_END}", words)
    return _figure_by_words().get(called[1], "") if called else ""


@lru_cache(maxsize=1)
def _figure_by_words() -> dict[str, str]:
    names = (d.name for d in DEFINITIONS if not d.measure and isinstance(d.expression, Select))
    return {_PLAIN_WORDS.sub("", name): name for name in names} | _FIGURE_BY_WORD
