"""The annexed tables as one workbook, one sheet a table; the only module that knows XlsxWriter.

It prints what the Word tables print: the same cells and spans, and numbers as the printed decimal
(never the exact yuan). Text is always text, whatever it begins with. Bytes depend on the document only.
"""

from __future__ import annotations

import datetime
import io
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from generator.document import (
    FIGURE,
    HEADER,
    OWED,
    TOTAL,
    Cell,
    Document,
    Row,
    Table,
    text_of,
)
from generator.narrative.assemble import LANDSCAPE
from generator.writers.xlsx_sizes import Sizes, row_height, sizes_of
from generator.writers.xlsx_text import begins_a_formula, number_of, sheet_names

FONT = "宋体"
_INDEX = "目录"
_A4 = 9
_TITLE_POINTS, _BODY_POINTS = 16, 10.5
_DRAFT_HEADER = '&C&"宋体"&12草稿'
_PAGE_FOOTER = '&C&"宋体"&9— &P —'
_OWED_FILL = "#FFFF00"


def write_xlsx(document: Document) -> bytes:
    """The workbook of a document's tables: an index sheet with links, then a sheet per table."""
    buffer = io.BytesIO()
    font = {"font_name": FONT, "font_size": _BODY_POINTS}
    options = {"in_memory": True, "default_format_properties": font}
    with Workbook(buffer, options) as workbook:
        workbook.set_properties(
            {
                "title": document.title,
                "subject": document.subject,
                "author": document.author,
                "created": datetime.datetime.fromisoformat(document.date),
            }
        )
        _Book(workbook, document).write()
    return buffer.getvalue()


class _Placed(NamedTuple):
    """A table, the orientation of its pages, and the name of its sheet."""

    table: Table
    landscape: bool
    sheet: str


class _Book:
    """Writes one document into an open workbook."""

    def __init__(self, workbook: Workbook, document: Document) -> None:
        self.workbook = workbook
        self.document = document
        self.styles = _Styles(workbook)
        tables = [
            (block, section.orientation == LANDSCAPE)
            for section in document.sections
            for block in section.blocks
            if isinstance(block, Table)
        ]
        titles = [table.contents_name or text_of(table.title) for table, _ in tables]
        names = sheet_names(titles, taken=(_INDEX,))
        self.placed = [_Placed(*pair, name) for pair, name in zip(tables, names, strict=True)]

    def write(self) -> None:
        self._index(self._sheet(_INDEX, landscape=False))
        for table, landscape, name in self.placed:
            sheet = self._sheet(name, landscape=landscape)
            _TableSheet(sheet, table, self.styles, sizes_of(table, landscape=landscape)).write()

    def _sheet(self, name: str, *, landscape: bool) -> Worksheet:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.7, right=0.7, top=0.9, bottom=0.8)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(_PAGE_FOOTER)
        if landscape:
            sheet.set_landscape()
        if self.document.draft:
            sheet.set_header(_DRAFT_HEADER)
        return sheet

    def _index(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, 70)
        sheet.set_row(0, 36)
        sheet.write_string(0, 0, self.document.title, self.styles.of("title"))
        link = self.styles.of("link")
        for number, (table, _, name) in enumerate(self.placed, 2):
            target = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1"
            text = table.contents_name or text_of(table.title)
            sheet.write_url(number, 0, target, link, text)


class _TableSheet:
    """One table: title, corner line, grid, notes, from the top down."""

    def __init__(self, sheet: Worksheet, table: Table, styles: _Styles, sizes: Sizes) -> None:
        self.sheet = sheet
        self.table = table
        self.styles = styles
        self.sizes = sizes
        self.last_column = len(table.columns) - 1

    def write(self) -> None:
        sheet, table = self.sheet, self.table
        for column, width in enumerate(self.sizes.widths):
            sheet.set_column(column, column, width)
        top = self._heading()
        rows = len(table.rows)
        for number, row in enumerate(table.rows):
            sheet.set_row(top + number, self.sizes.heights[number])
            for cell in row.cells:
                self._cell(top + number, cell, row)
        last = table.parts()[-1]
        if last.header_rows:
            first = top + rows - len(last.rows)
            sheet.repeat_rows(first, first + last.header_rows - 1)
        if table.header_rows:
            sheet.freeze_panes(top + table.header_rows, 0)
        if rows:
            area = xl_range(top, 0, top + rows - 1, self.last_column)
            sheet.ignore_errors({"number_stored_as_text": area})
        for number, note in enumerate(table.notes, top + rows):
            text = text_of(note)
            sheet.set_row(number, row_height(text, self.sizes.total))
            self._across(number, text, self.styles.of("note"))

    def _heading(self) -> int:
        """Title, subtitle and corner line; the row the grid begins at."""
        table, row = self.table, 1
        self.sheet.set_row(0, 30)
        self._across(0, text_of(table.title), self.styles.of("title"))
        if table.subtitle:
            self._across(row, table.subtitle, self.styles.of("subtitle"))
            row += 1
        if table.corner_left or table.corner_right:
            half = self.last_column // 2
            left, right = self.styles.of("corner_left"), self.styles.of("corner_right")
            self._merged((row, 0, row, half), table.corner_left, left)
            if half < self.last_column:
                self._merged((row, half + 1, row, self.last_column), table.corner_right, right)
            elif table.corner_right:
                both = f"{table.corner_left}　{table.corner_right}"
                self._text(row, 0, both, left)
            row += 1
        return row

    def _across(self, row: int, text: str, style: Format) -> None:
        self._merged((row, 0, row, self.last_column), text, style)

    def _cell(self, row: int, cell: Cell, of: Row) -> None:
        area = (row, cell.column, row + cell.row_span - 1, cell.column + cell.column_span - 1)
        number = number_of(cell.text) if cell.kind == FIGURE and cell.figure else None
        if number is not None:
            style = self.styles.cell(cell, of.role, number.format)
            self._span(area, style)
            self.sheet.write_number(row, cell.column, float(number.value), style)
        else:
            self._merged(area, cell.text, self.styles.cell(cell, of.role))

    def _merged(self, area: tuple[int, int, int, int], text: str, style: Format) -> None:
        self._span(area, style)
        self._text(*area[:2], text, style)

    def _span(self, area: tuple[int, int, int, int], style: Format) -> None:
        if area[:2] != area[2:]:
            self.sheet.merge_range(*area, "", style)

    def _text(self, row: int, column: int, text: str, style: Format) -> None:
        if text:
            style = self.styles.quoted(style) if begins_a_formula(text) else style
            self.sheet.write_string(row, column, text, style)
        else:
            self.sheet.write_blank(row, column, None, style)


_ALIGN = {"left": "left", "center": "center", "right": "right"}
_PROPERTIES: dict[str, dict[str, object]] = {
    "title": {"font_size": _TITLE_POINTS, "bold": True, "align": "center", "valign": "vcenter"},
    "subtitle": {"align": "center", "valign": "vcenter"},
    "corner_left": {"align": "left", "valign": "vcenter"},
    "corner_right": {"align": "right", "valign": "vcenter"},
    "note": {"align": "left", "valign": "top", "text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "cell": {"border": 1, "valign": "vcenter", "text_wrap": True},
}


class _Styles:
    """The formats of a workbook, each added once: a format is a part of the file."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._quoted: dict[int, Format] = {}
        self._properties: dict[int, dict[str, object]] = {}

    def of(self, name: str, **more: object) -> Format:
        properties = {**_PROPERTIES[name], **more}
        key = tuple(sorted(properties.items()))
        found = self._formats.get(key)
        if found is None:
            found = self._formats[key] = self.workbook.add_format(properties)
            self._properties[id(found)] = properties
        return found

    def cell(self, cell: Cell, role: str, number_format: str = "") -> Format:
        """Header and label cells are centred and bold, totals bold, owed ones marked."""
        is_header = role == HEADER or cell.header
        more: dict[str, object] = {"align": "center" if is_header else _ALIGN[cell.align]}
        if is_header or role == TOTAL:
            more["bold"] = True
        if cell.kind == OWED:
            more["bg_color"] = _OWED_FILL
        if number_format:
            more["num_format"] = number_format
        return self.of("cell", **more)

    def quoted(self, style: Format) -> Format:
        """The same, marked as text: else editing the cell would make =… a formula."""
        found = self._quoted.get(id(style))
        if found is None:
            properties = {**self._properties[id(style)], "quote_prefix": True}
            found = self._quoted[id(style)] = self.workbook.add_format(properties)
        return found
