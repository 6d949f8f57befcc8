"""The workbook of the annexed tables, read back by a library that is not the one that wrote it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from departments import random_department, write_department
from docx_sample import LIST_TABLE, segments
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator

from generator.build import Built, build_disclosure
from generator.document import (
    BODY,
    FIGURE,
    HEADER,
    OWED,
    Cell,
    Column,
    Document,
    Row,
    Section,
    Table,
    text_of,
)
from generator.writers.docx.document import write_docx
from generator.writers.docx.reader import ReadTable, read_docx
from generator.writers.evidence import write_facts
from generator.writers.xlsx import write_xlsx
from generator.writers.xlsx_text import sheet_names

DATA = Path(__file__).resolve().parents[1] / "data"
BLANK_TABLE = Table("t", segments("表"), (Column("名称", 1),), (), contents_name="一、表")


def workbook_of(*tables: Table, orientation: str = "portrait", draft: bool = False) -> bytes:
    sections = (Section(orientation, tables),)
    return write_xlsx(
        Document("某局2023年部门预算公开", "某局", "部门预算公开", "2023-02-24", sections, draft)
    )


def sheets_of(content: bytes) -> list[Worksheet]:
    """The sheets behind the index."""
    return load_workbook(io.BytesIO(content)).worksheets[1:]


def grid_of(sheet: Worksheet, table: Table) -> tuple[int, list[list[object]]]:
    """The row (from 1) the grid begins at, and its cells' values."""
    top = 2 + bool(table.subtitle) + bool(table.corner_left or table.corner_right)
    area = sheet.iter_rows(top, top + len(table.rows) - 1, 1, len(table.columns), values_only=True)
    return top, [list(row) for row in area]


def expected_values(table: Table) -> list[list[object]]:
    """Figures as numbers of exactly the printed digits, blanks and covered cells as None."""
    grid: list[list[object]] = [[None] * len(table.columns) for _ in table.rows]
    for row, values in zip(table.rows, grid, strict=True):
        for cell in row.cells:
            value: object = cell.text or None
            if cell.kind == FIGURE and cell.figure:
                value = float(cell.text)
            values[cell.column] = value
    return grid


def spans_of(table: Table, top: int) -> set[tuple[int, int, int, int]]:
    """(first column, first row, last column, last row), from 1, of the cells over several."""
    return {
        (c.column + 1, top + n, c.column + c.column_span, top + n + c.row_span - 1)
        for n, row in enumerate(table.rows)
        for c in row.cells
        if c.column_span * c.row_span > 1
    }


def published() -> Built:
    return build_disclosure(DATA, 2023)


def drawn(tmp_path: Path, seed: int) -> Built:
    department = random_department(seed, units=3, lines=25)
    write_department(department, tmp_path)
    return build_disclosure(tmp_path, department.year)


@pytest.fixture(params=[None, 1, 2, 3], ids=["2023", "1", "2", "3"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Built:
    return published() if request.param is None else drawn(tmp_path, request.param)


def tables_of(document: Document) -> list[tuple[Table, str]]:
    return [(b, s.orientation) for s in document.sections for b in s.blocks if isinstance(b, Table)]


def test_every_cell_span_header_and_page_is_that_of_the_document(built: Built) -> None:
    sheets = sheets_of(write_xlsx(built.document))
    tables = tables_of(built.document)
    assert [sheet.title for sheet in sheets] == [table.contents_name for table, _ in tables]
    for sheet, (table, orientation) in zip(sheets, tables, strict=True):
        top, values = grid_of(sheet, table)
        assert values == expected_values(table)
        spans = {area.bounds for area in sheet.merged_cells.ranges if area.bounds[1] >= top}
        last = top + len(table.rows)
        assert {s for s in spans if s[1] < last} == spans_of(table, top)
        header = [top + n for n, row in enumerate(table.rows) if row.role == HEADER]
        assert sheet.print_title_rows == f"${header[0]}:${header[-1]}"
        assert sheet.freeze_panes == (f"A{header[-1] + 1}" if header[0] == top else None)
        assert sheet.page_setup.orientation in (
            {orientation} if orientation == "landscape" else {None, "portrait"}
        )
        assert sheet["A1"].value == text_of(table.title)


def test_cells_equal_the_word_tables_and_the_facts(built: Built) -> None:
    word = read_docx(write_docx(built.document, built.place.style))
    word_rows = [row for block in word.blocks if isinstance(block, ReadTable) for row in block.rows]
    facts = {f["name"]: f["printed"] for f in json.loads(write_facts(built))["facts"]}
    compared = 0
    for sheet, (table, _) in zip(
        sheets_of(write_xlsx(built.document)), tables_of(built.document), strict=True
    ):
        top, _ = grid_of(sheet, table)
        for number, row in enumerate(table.rows):
            read_cells = word_rows.pop(0)
            assert len(row.cells) == len(read_cells)
            for cell, in_word in zip(row.cells, read_cells, strict=True):
                at = sheet.cell(top + number, cell.column + 1)
                if cell.kind == FIGURE and cell.figure:
                    shown = _shown(at.value, at.number_format)
                    assert shown == in_word.text
                    if facts[cell.figure] is not None:
                        assert Decimal(repr(at.value)) == Decimal(facts[cell.figure])
                    compared += 1
                else:
                    assert (at.value or "") == in_word.text
    assert compared
    assert word_rows == []


def _shown(value: object, number_format: str) -> str:
    """A number as its format (0, 0.0, 0.00) shows it."""
    assert isinstance(value, int | float)
    assert number_format.strip("0.") == ""
    return f"{value:.{len(number_format.partition('.')[2])}f}"


def test_blank_and_zero_are_kept_apart_and_what_is_owed_is_marked() -> None:
    cells = (
        Cell("", 0),
        Cell("0.0", 1, kind=FIGURE, figure="支出"),
        Cell("【待填：支出】", 2, kind=OWED),
    )
    columns = tuple(Column(name, 1) for name in "甲乙丙")
    table = replace(BLANK_TABLE, columns=columns, rows=(Row("行", BODY, cells),))
    (sheet,) = sheets_of(workbook_of(table, draft=True))
    _, values = grid_of(sheet, table)
    assert values == [[None, 0, "【待填：支出】"]]
    assert (sheet["B2"].number_format, sheet["B2"].data_type) == ("0.0", "n")
    assert sheet["C2"].fill.fgColor.rgb == "FFFFFF00"
    assert "草稿" in sheet.oddHeader.center.text


@pytest.mark.parametrize("text", ["=1+1", "+86", "@某", "-合计", "http://a.cn/", "2010301", "0.5"])
def test_text_stays_text(text: str) -> None:
    rows = (Row("头", HEADER, (Cell(text, 0),)), Row("行", BODY, (Cell(text, 0),)))
    table = replace(BLANK_TABLE, rows=rows, title=segments(text), notes=(segments(text),))
    (sheet,) = sheets_of(workbook_of(table))
    found = [sheet.cell(row, 1) for row in range(1, 5)]
    assert [(cell.value, cell.data_type) for cell in found] == [(text, "s")] * 4
    assert {cell.quotePrefix for cell in found} == {text[0] in "=+@-"}
    assert all(cell.hyperlink is None for cell in found)


def test_sheet_names_are_legal_and_unlike() -> None:
    long = "一、部门（单位）一般公共预算财政拨款基本支出及项目支出情况明细表"
    names = sheet_names([long, long, "收/支[合]计", "'表'", "HISTORY", "目录"], taken=("目录",))
    assert names == [
        long[:31],
        f"{long[:28]}（2）",
        "收／支［合］计",
        "表",
        "HISTORY（2）",
        "目录（2）",
    ]


def test_the_index_links_to_every_sheet() -> None:
    tables = (LIST_TABLE, replace(LIST_TABLE, contents_name="二、'甲'表"))
    workbook = load_workbook(io.BytesIO(workbook_of(*tables)))
    index = workbook.worksheets[0]
    links = [(cell.value, cell.hyperlink.location) for (cell,) in index["A3:A4"]]
    assert links == [
        ("一、部门支出“总体”情况表", "'一、部门支出“总体”情况表'!A1"),
        ("二、'甲'表", "'二、''甲''表'!A1"),
    ]
    assert workbook.sheetnames == ["目录", "一、部门支出“总体”情况表", "二、'甲'表"]


def test_no_number_is_wider_than_its_column_and_no_text_higher_than_its_row() -> None:
    amount = Cell("1234567890.12", 1, kind=FIGURE, figure="支出")
    table = replace(
        BLANK_TABLE,
        columns=(Column("名称", 50), Column("金额", 1)),
        rows=(Row("行", BODY, (Cell("很长的名称" * 40, 0), amount)),),
    )
    (sheet,) = sheets_of(workbook_of(table))
    assert sheet.column_dimensions["B"].width > len(amount.text)
    lines = 2 * 200 / sheet.column_dimensions["A"].width
    assert sheet.row_dimensions[2].height >= lines * 10.5


def test_bytes_depend_on_the_document_only(monkeypatch: pytest.MonkeyPatch) -> None:
    document = published().document
    first = write_xlsx(document)
    monkeypatch.setenv("TZ", "America/New_York")
    assert write_xlsx(document) == first


def test_the_file_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(write_xlsx(published().document))
    result = OpenXmlValidator().validate(file)
    assert (result.is_valid, list(result.errors)) == (True, [])
