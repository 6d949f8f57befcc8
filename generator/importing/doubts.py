"""What is doubtful about a sheet that was read, as warnings: nothing of it is left out for that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generator.importing.amounts import number_in
from generator.importing.cell_names import column_name, row_names
from generator.importing.rows import SheetRows
from generator.importing.sheets import Sheet
from generator.problems import WARNING, Problem
from generator.spans import span_names

# Numbers below such headers are no money.
_COUNTED = re.compile(r"号|码|年度|年份|日期|时间|电话|人数|数量|面积|比例|行次|[%％]")


def doubts_of(rows: SheetRows, year: int) -> Iterator[Problem]:
    """Everything that is doubtful about a sheet of line items."""
    yield from wrong_year(rows.layout.sheet, year)
    yield from _without_total(rows)
    yield from hidden_parts(rows.layout.sheet)
    yield from _unused_amounts(rows)


def wrong_year(sheet: Sheet, year: int) -> Iterator[Problem]:
    """A title that names other years only: perhaps the wrong file, or the wrong --year."""
    for row, cells in enumerate(sheet.rows[:3]):
        for column, text in enumerate(cells):
            years = re.findall(r"(20[0-9]{2})\s*年", text)
            if years and str(year) not in years:
                message = f"标题写的是 {years[0]} 年，导入的是 {year} 年"
                hint = "核对文件和 --year"
                yield sheet.problem("wrong-year", message, (row, column), hint, WARNING)
                return


def hidden_parts(sheet: Sheet) -> Iterator[Problem]:
    """Hidden rows and columns that hold something: imported, as the totals sum them up too."""
    filled = [
        row for row in sheet.unread.hidden_rows if row < len(sheet.rows) and any(sheet.rows[row])
    ]
    if filled:
        cell = filled[0], sheet.first(filled[0])
        yield _hidden(sheet, "hidden-rows", f"第 {row_names(filled)} 行", cell)
    first_row: dict[int, int] = {}
    for column in sheet.unread.hidden_columns:
        rows = (n for n, cells in enumerate(sheet.rows) if column < len(cells) and cells[column])
        if (row := next(rows, None)) is not None:
            first_row[column] = row
    if first_row:
        column, row = next(iter(first_row.items()))
        names = span_names(first_row, column_name)
        yield _hidden(sheet, "hidden-columns", f"{names} 列", (row, column))


def _hidden(sheet: Sheet, rule: str, what: str, cell: tuple[int, int]) -> Problem:
    hint = "不该要的，在表里删掉再导入；该要的不用管"
    return sheet.problem(rule, f"{what}在表里隐藏着，照样导入", cell, hint, WARNING)


def _without_total(rows: SheetRows) -> Iterator[Problem]:
    """A table without any total: nothing proves that it is complete."""
    if rows.details and not rows.totals:
        cell = rows.layout.bottom, rows.layout.amounts[0].position
        message, hint = "这张表没有合计行，无法核对是不是导全了", "对照系统里的合计数核对"
        yield rows.layout.sheet.problem("no-total", message, cell, hint, WARNING)


def _unused_amounts(rows: SheetRows) -> Iterator[Problem]:
    """Columns left out although the details have numbers there: money that goes nowhere."""
    sheet = rows.layout.sheet
    for column in rows.layout.unused:
        if _COUNTED.search(column.header):
            continue
        texts = [text for d in rows.details if (text := sheet.text(d.row, column.position))]
        numbers = [number for number in map(number_in, texts) if number]
        if len(numbers) * 2 > len(texts):
            total = sum(numbers, Decimal(0))
            message = (
                f"“{column.header}”这一列没有导入，明细行里有 {len(numbers)} 个数，"
                f"合计 {total.normalize():,f}"
            )
            hint = "是要导入的金额，就在列名对照文件里加上这一列；不用导入的，写进 不导入 的列名"
            cell = rows.layout.bottom, column.position
            yield sheet.problem("unused-amounts", message, cell, hint, WARNING)
