"""Spreadsheet files to plain grids of text; the only module that knows calamine and encodings.

Numbers become text at once, with the 15 digits spreadsheets keep: 0.1+0.2 is "0.3", never a float.
Nothing here knows what a column means.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from generator.importing.cell_names import column_name
from generator.importing.package import Errors, Oversized, Unread, look_through
from generator.problems import ERROR, Place, Problem

WORKBOOK_SUFFIXES = (".xlsx", ".xls", ".ods", ".xlsb", ".xlsm", ".et")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
EXACT_DIGITS = 15

# What exporting systems leave in cells: no-break and ideographic spaces, zero-width marks, BOM.
_BLANKS = {0xA0: " ", 0x3000: " ", **dict.fromkeys((0x200B, 0x200C, 0x200D, 0xFEFF, 0x2060, 0xAD))}

Grid = list[list[str]]


class Merged(NamedTuple):
    """A merged range, zero-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(NamedTuple):
    """One worksheet: rows of text from A1 on, ragged at the right.

    `merged` is None where the format does not tell (ods, csv): merged cells look blank there.
    `unread` are the rows and columns hidden in it and the error values of formulas among its texts,
    as far as the format tells.
    """

    file: str
    name: str
    rows: Grid
    merged: tuple[Merged, ...] | None = None
    hidden: bool = False
    unread: Unread = Unread()

    def place(self, row: int, column: int) -> Place:
        """导出.xlsx!支出明细!G17; rows and columns count from zero here."""
        return Place(f"{self.title}!{column_name(column)}{row + 1}")

    def problem(
        self, rule: str, message: str, cell: tuple[int, int], hint: str, severity: str = ERROR
    ) -> Problem:
        """What is wrong with the cell of that row and column."""
        return Problem(rule, message, self.place(*cell), hint, severity)

    @property
    def title(self) -> str:
        return f"{self.file}!{self.name}" if self.name else self.file

    def text(self, row: int, column: int) -> str:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def first(self, row: int) -> int:
        """The first column with a text in a row that is not empty."""
        return next(column for column, text in enumerate(self.rows[row]) if text)


def read_sheets(path: Path) -> tuple[list[Sheet], list[Problem]]:
    """All sheets of a file, hidden ones marked; or why it cannot be read."""
    suffix = path.suffix.lower()
    message, hint = f"不认识的文件类型“{suffix}”", "可导入：.xlsx、.xls、.ods、.csv"
    try:
        if path.is_dir():
            message, hint = "这是文件夹，不是文件", "写里面的文件，可以一次写几个"
        elif not path.is_file():
            message, hint = "没有这个文件", "核对文件名和路径"
        elif suffix in TEXT_SUFFIXES:
            content = path.read_bytes()
            look_through(content)
            return [_csv_sheet(path.name, content)], []
        elif suffix in WORKBOOK_SUFFIXES:
            return list(_workbook_sheets(path)), []
    except PermissionError:
        message, hint = "文件打不开，可能正被别的程序占用", "关掉 Excel 或 WPS 里打开的这个文件"
    except Oversized as error:
        message = str(error)
        hint = "在表里选中用到的区域，复制到新的工作簿，另存为 .xlsx 再导入"
    except PasswordError:
        message, hint = "文件有密码", "去掉密码另存一份再导入"
    except UnicodeDecodeError:
        message, hint = "文字编码既不是 UTF-8 也不是 GB18030", "用 WPS 打开后另存为 .xlsx"
    except (CalamineError, OSError, csv.Error):
        message = "打不开，不是完好的电子表格"
        hint = "有些系统导出的 .xls 其实是网页；用 WPS 或 Excel 打开后另存为 .xlsx 再导入"
    return [], [Problem("unreadable-file", message, Place(path.name), hint)]


def _workbook_sheets(path: Path) -> Iterator[Sheet]:
    # By content, not by suffix: systems export .xlsx files named .xls.
    content = path.read_bytes()
    unread_by_name = look_through(content)
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for index, about in enumerate(workbook.sheets_metadata):
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_index(index)
            hidden = about.visible is not SheetVisibleEnum.Visible
            unread = unread_by_name.get(about.name, Unread())
            rows, merged = _grid(sheet, unread.errors), _merged(sheet)
            yield Sheet(path.name, about.name, rows, merged, hidden, unread)


def _grid(sheet: CalamineSheet, errors: Errors) -> Grid:
    if sheet.start is None:
        return []
    grid = [
        [cell_text(value) if value.__class__ is not str else _clean(value) for value in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    for (row, column), text in errors.items():
        if row < len(grid) and column < len(grid[row]):
            grid[row][column] = text
    return grid


def _merged(sheet: CalamineSheet) -> tuple[Merged, ...] | None:
    ranges = sheet.merged_cell_ranges
    if ranges is None:
        return None
    return tuple(Merged(*start, *end) for start, end in sorted(ranges))


# CJK ideographs and full-width forms are in NFC as they are; most cells are made of them.
_plain_chinese = re.compile("[!-~\u4e00-\u9fff\uff01-\uffee\u2014-\u201d]*").fullmatch


def _clean(text: object) -> str:
    assert isinstance(text, str)
    if text.isascii() or _plain_chinese(text):
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_BLANKS)).strip()


def cell_text(value: object) -> str:
    """A cell's value as the text a person would type for it.

    A whole number beyond 15 digits keeps its exponent: its last digits are lost, and codes
    written so must be refused rather than padded with zeros.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 10**EXACT_DIGITS:
            return str(int(value))
        text = format(value, f".{EXACT_DIGITS}g")
        return text if abs(value) >= 10**EXACT_DIGITS else format(Decimal(text), "f")
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return _clean(str(value))


def _csv_sheet(name: str, content: bytes) -> Sheet:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
    first = text[:4096]
    delimiter = max(",\t;", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return Sheet(name, "", [[_clean(cell) for cell in line] for line in lines])
