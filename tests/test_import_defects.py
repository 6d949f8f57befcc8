"""Every planted defect is reported at its cell, and then nothing is written."""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from departments import random_department
from departments_random import Department, fen, yuan
from messy_workbooks import Page, exportable, merged, titled, write_book
from test_import import MAPPING, fresh_year

from generator.__main__ import main
from generator.importing import package as opened
from generator.importing.plan import plan_import
from generator.importing.sheets import read_sheets
from generator.money import Money
from generator.problems import ERROR

FIRST = 3  # of the titled page: title, corner, header, then the rows
AMOUNT, UNIT, CODE, FUNCTION, ECONOMIC, FUND = 11, 1, 3, 5, 6, 7


def department() -> Department:
    """Two units with several lines each, all amounts distinct and of a usual size."""
    drawn = exportable(random_department(11, units=2, lines=16))
    lines = copy.deepcopy(drawn.expenditure)
    for number, line in enumerate(lines):
        line["金额"] = yuan(1_234_567 + number * 100_003)
    drawn.expenditure[:] = lines
    return drawn


Planted = Callable[[Page, Department], set[tuple[str, str]]]


def wrong_total(page: Page, _: Department) -> set[tuple[str, str]]:
    row = next(r for r, cells in enumerate(page.rows) if cells and cells[0] == "合  计")
    page.rows[row][AMOUNT] = "1,000.00"
    return {("wrong-total", f"L{row + 1}")}


def wrong_subtotal(page: Page, _: Department) -> set[tuple[str, str]]:
    row = next(
        r for r, cells in enumerate(page.rows) if len(cells) > 1 and str(cells[1]).endswith("小计")
    )
    page.rows[row][AMOUNT] = "1,000.00"
    return {("wrong-total", f"L{row + 1}")}


def unknown_code(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST][FUNCTION] = "2999999-没有的科目"
    return {("unknown-code", f"F{FIRST + 1}")}


def unknown_unit(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST][UNIT] = "999999-别的单位"
    return {("unknown-unit", f"B{FIRST + 1}"), ("wrong-total", "")}


def name_of_another_code(page: Page, _: Department) -> set[tuple[str, str]]:
    code = str(page.rows[FIRST][ECONOMIC])[1:6]
    other = "办公费" if code != "30201" else "印刷费"
    page.rows[FIRST][ECONOMIC] = f"[{code}]{other}"
    return {("code-name-mismatch", f"G{FIRST + 1}")}


def duplicate_row(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows.insert(FIRST + 1, list(page.rows[FIRST]))
    return {("duplicate-row", f"A{FIRST + 2}"), ("wrong-total", "")}


def not_a_number(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST][AMOUNT] = "12,34O.50"
    return {("bad-amount", f"L{FIRST + 1}"), ("wrong-total", "")}


def no_amount(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST][AMOUNT] = None
    return {("blank-amount", f"L{FIRST + 1}"), ("wrong-total", "")}


def blank_fund(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST][FUND] = None
    return {("blank-value", f"H{FIRST + 1}")}


def vague_kind(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST][2] = "运转类"
    return {("ambiguous-name", f"C{FIRST + 1}")}


def unit_in_a_cell(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST][AMOUNT] = "123.4万元"
    return {("mixed-measures", f"L{FIRST + 1}"), ("wrong-total", "")}


def one_row_in_wan(page: Page, _: Department) -> set[tuple[str, str]]:
    amount = 50_000_000
    old = fen(str(page.rows[FIRST][AMOUNT]).replace(",", ""))
    for row in page.rows[FIRST + 1 :]:
        if len(row) > AMOUNT and (str(row[1]).endswith("小计") or row[0] == "合  计"):
            stated = fen(str(row[AMOUNT]).replace(",", ""))
            unit = str(page.rows[FIRST][UNIT])[:6]
            if row[0] == "合  计" or str(row[1]).startswith(unit):
                row[AMOUNT] = yuan(stated - old + amount)
    page.rows[FIRST][AMOUNT] = yuan(amount // 10_000)
    return {("mixed-measures", f"L{FIRST + 1}"), ("wrong-total", "")}


def two_measures(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST - 1][AMOUNT] = "预算金额（万元）"
    return {("mixed-measures", "L3")}


def stray_cell(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows[FIRST].append("错位")
    return {("outside-table", f"M{FIRST + 1}")}


def row_of_words(page: Page, _: Department) -> set[tuple[str, str]]:
    page.rows.insert(FIRST + 1, [None, "此行作废"])
    return {("unclear-row", f"B{FIRST + 2}")}


def lost_digits(page: Page, _: Department) -> set[tuple[str, str]]:
    row = next(
        r
        for r, cells in enumerate(page.rows[FIRST:], FIRST)
        if len(cells) > 2 and str(cells[2]) in ("22-其他运转类项目", "特定目标类项目")
    )
    page.rows[row][CODE] = 4.1040023000000008044e19
    return {("lost-digits", f"D{row + 1}")}


PLANTED = [
    value for value in list(globals().values()) if getattr(value, "__annotations__", {}).get("page")
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_reported_at_its_cell(plant: Planted, tmp_path: Path) -> None:
    made = department()
    folder = fresh_year(made, tmp_path)
    pages = titled(made)
    expected = plant(pages[1], made)
    path = write_book(tmp_path / "导出.xlsx", pages)
    plan = plan_import([path], tmp_path, made.year, MAPPING)
    found = {(p.rule, p.place.path) for p in plan.problems if p.severity == ERROR}
    # Totals that no longer agree follow from the defect; where they stand is not the point.
    follows = {rule for rule, cell in expected if not cell}
    assert {f for f in found if f[0] not in follows} == {
        (rule, f"导出.xlsx!支出明细!{cell}") for rule, cell in expected if cell
    }
    assert follows <= {rule for rule, _ in found}
    command = ["import", str(path), "--year", str(made.year), "--data", str(tmp_path)]
    assert main(command) == 1
    assert [file.name for file in folder.iterdir()] == ["department.yaml"]
    assert main([*command, "--force"]) == 1
    assert (folder / "expenditure.yaml").is_file()


def test_shifted_merged_cell(tmp_path: Path) -> None:
    """A unit's merged cell begins a row too late: its first row has no unit."""
    made = department()
    fresh_year(made, tmp_path)
    page = merged(made)[0]
    first = next(i for i, m in enumerate(page.merged) if m[1] == 0 and m[0] > 2)
    top, _, bottom, _ = page.merged[first]
    for number in (first, first + 1):
        left = page.merged[number][1]
        page.merged[number] = (top + 1, left, bottom, left)
        page.rows[top + 1][left], page.rows[top][left] = page.rows[top][left], None
    path = write_book(tmp_path / "项目库.xlsx", [page])
    plan = plan_import([path], tmp_path, made.year, MAPPING)
    found = {(p.rule, p.place.path) for p in plan.problems if p.severity == ERROR}
    assert ("blank-value", f"项目库.xlsx!Sheet1!A{top + 1}") in found
    assert ("wrong-total", f"项目库.xlsx!Sheet1!N{top}") in found


def test_merged_cell_over_the_next_unit(tmp_path: Path) -> None:
    """A unit's merged cell reaches into the next unit's rows: both subtotals are wrong."""
    made = department()
    fresh_year(made, tmp_path)
    page = merged(made)[0]
    starts = [m for m in page.merged if m[1] == 0 and m[0] > 2]
    (top, _, bottom, _), (second, *_) = starts
    subtotal = page.rows.pop(bottom + 1)
    page.rows.insert(top - 1, subtotal)
    page.merged = [m for m in page.merged if m[0] <= 2]
    page.rows[second][0] = page.rows[second][1] = None
    names = page.rows[top][:2]
    page.rows[second + 1][0], page.rows[second + 1][1] = subtotal[:2]
    page.merged += [(top + 1, c, second, c) for c in (0, 1)]
    page.merged += [(second + 1, c, len(page.rows) - 1, c) for c in (0, 1)]
    assert names[0] != subtotal[0]
    path = write_book(tmp_path / "项目库.xlsx", [page])
    plan = plan_import([path], tmp_path, made.year, MAPPING)
    wrong = [p.place.path for p in plan.problems if p.rule == "wrong-total"]
    assert wrong == [f"项目库.xlsx!Sheet1!N{top}", f"项目库.xlsx!Sheet1!N{top + 1}"]


@pytest.mark.parametrize(("fen", "said"), [(1, "这里多 0.01 元"), (-100, "这里少 1.00 元")])
def test_a_wrong_total_says_which_way_it_is_off(fen: int, said: str, tmp_path: Path) -> None:
    made = department()
    fresh_year(made, tmp_path)
    pages = titled(made)
    row = next(r for r, cells in enumerate(pages[1].rows) if cells and cells[0] == "合  计")
    total = Money.from_yuan(str(pages[1].rows[row][AMOUNT]).replace(",", ""))
    pages[1].rows[row][AMOUNT] = f"{Money(total + fen).yuan:,.2f}"
    plan = plan_import([write_book(tmp_path / "导出.xlsx", pages)], tmp_path, made.year, MAPPING)
    (message,) = (p.message for p in plan.problems if p.rule == "wrong-total")
    assert message.rpartition("，")[2] == said


def test_missing_column_names_what_is_there(tmp_path: Path) -> None:
    made = department()
    fresh_year(made, tmp_path)
    page = titled(made)[1]
    page.rows[FIRST - 1][ECONOMIC] = "某列"
    path = write_book(tmp_path / "导出.xlsx", [page])
    plan = plan_import([path], tmp_path, made.year, MAPPING)
    problem = next(p for p in plan.problems if p.severity == ERROR)
    assert (problem.rule, problem.place.path) == ("missing-column", "导出.xlsx!支出明细!A3")
    assert "经济科目" in problem.message
    assert "某列" in problem.hint


@pytest.mark.parametrize(
    ("name", "content"),
    [("坏.xlsx", b"<html>"), ("没有.xls", None), ("导出.doc", b""), ("坏.csv", b"\xff\x00\x81")],
)
def test_unreadable_file_is_said_kindly(
    name: str, content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = department()
    fresh_year(made, tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    command = ["import", str(tmp_path / name), "--year", str(made.year), "--data", str(tmp_path)]
    assert main(command) == 1
    assert f"{name}: 错误：" in capsys.readouterr().err


def book(path: Path, *, cell: str = "B2", extra: bytes = b"") -> Path:
    """A workbook of A1 and of one more cell, with `extra` after its sheet."""
    column, row = re.fullmatch("([A-Z]+)([0-9]+)", cell).groups()  # type: ignore[union-attr]
    plain = write_book(path.with_name("plain.xlsx"), titled(department()))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                last = f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", last.encode()) + extra
            new.writestr(name, content)
    return path


def test_a_stray_cell_far_away_is_named(tmp_path: Path) -> None:
    sheets, problems = read_sheets(book(tmp_path / "远.xlsx", cell="GS1048576"))
    assert (sheets, [p.rule for p in problems]) == ([], ["unreadable-file"])
    assert "GS1048576" in problems[0].message


def test_a_cell_some_rows_below_is_read(tmp_path: Path) -> None:
    assert read_sheets(book(tmp_path / "近.xlsx", cell="H3000"))[1] == []


def test_a_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "MOST_UNPACKED", 5_000_000)
    path = book(tmp_path / "大.xlsx", extra=b" " * 5_000_000)
    sheets, problems = read_sheets(path)
    assert (sheets, [p.message for p in problems]) == ([], ["文件解压后太大，不像预算表"])


def test_a_directory_that_says_less_than_there_is_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "假.xlsx", extra=b" " * 1_000_000)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        sizes = [i.file_size for i in package.infolist() if i.file_size > 1_000_000]
    for size in sizes:
        content = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(content)
    assert [p.rule for p in read_sheets(path)[1]] == ["unreadable-file"]


def test_a_cell_far_away_in_ods_is_named(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    away = '<table:table-cell/><table:table-cell table:number-columns-repeated="199"/>'
    empty = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    xml = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="表">{empty}</table:table-row>'
        f"<table:table-row>{away}{cell}</table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "远.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", xml)
    assert "GS1000001" in read_sheets(path)[1][0].message
