"""No row and no amount of a sheet goes without a word: other tables, notes, dashes, columns, errors."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from messy_workbooks import Cell, Page, write_book
from test_import import MAPPING
from test_import_merge import DEPARTMENT, FUND, HEADER, ROWS

from generator.__main__ import main
from generator.importing.plan import Plan, plan_import
from generator.problems import ERROR, WARNING, Problem

SHEET = "导出.xlsx!支出"
LAST = len(ROWS) + 1  # the row of the total, as a spreadsheet numbers it
REVENUE: list[list[Cell]] = [
    ["预算单位", "资金性质", "收入金额"],
    ["159001", FUND, "120000.50"],
    ["159002", FUND, "350000"],
]


def planned(root: Path, rows: list[list[Cell]], header: list[str] = HEADER) -> Plan:
    """The plan of importing one sheet into a year that has nothing but its department."""
    folder = root / "2023"
    folder.mkdir(parents=True)
    (folder / "department.yaml").write_text(DEPARTMENT, encoding="utf-8")
    book = write_book(root / "导出.xlsx", [Page("支出", [list(header), *rows])])
    return plan_import([book], root, 2023, MAPPING)


def found(plan: Plan, severity: str = ERROR) -> list[tuple[str, str]]:
    """Rule and cell of the problems."""
    return [(p.rule, place(p)) for p in plan.problems if p.severity == severity]


def place(problem: Problem) -> str:
    return problem.place.path.rpartition("!")[2]


def rows(*below: list[Cell]) -> list[list[Cell]]:
    return [*map(list, ROWS), *below]


@pytest.mark.parametrize(
    "gap", [[], [[]], [["二、收入预算表"]], [["制表人：张三", "审核人：李四"], []]]
)
def test_a_second_table_below_is_reported_with_its_sum(
    gap: list[list[Cell]], tmp_path: Path
) -> None:
    below = [*REVENUE, ["合计", "", "470000.50"]]
    plan = planned(tmp_path, rows(*gap, *below))
    assert found(plan) == [("another-table", f"A{LAST + len(gap) + 1}")]
    first = LAST + len(gap) + 2
    message = next(p.message for p in plan.problems if p.rule == "another-table")
    assert f"第 {first}—{first + 2} 行，“收入金额”合计 470,000.50" in message
    assert len(plan.records["expenditure.yaml"]) == len(ROWS) - 1


@pytest.mark.parametrize("written", ["{}", "({})", "（{}）"])
def test_columns_that_are_counted_below_the_header_are_no_row(written: str, tmp_path: Path) -> None:
    counted: list[Cell] = [written.format(n + 1) for n in range(len(HEADER))]
    plan = planned(tmp_path, [counted, *ROWS])
    assert (found(plan), len(plan.records["expenditure.yaml"])) == ([], len(ROWS) - 1)


def test_a_second_table_of_the_same_kind_is_not_taken_for_more_rows(tmp_path: Path) -> None:
    header: list[Cell] = [
        "单位",
        "类别",
        "项目",
        "功能科目",
        "经济科目",
        "资金来源",
        "金额（万元）",
    ]
    more: list[Cell] = ["159001", "人员类", "", "2010301", "30102", FUND, "3"]
    plan = planned(tmp_path, rows(header, more))
    assert found(plan) == [("another-table", f"A{LAST + 1}")]
    assert len(plan.records["expenditure.yaml"]) == len(ROWS) - 1


@pytest.mark.parametrize(
    "row",
    [
        ["局机关追加", "", "", "", "8888"],
        ["159001 另列", "人员经费 5000 元"],
        ["另列人员经费 1.5万元"],
        ["另列人员经费 5万"],
        ["另列人员经费 5 万，未列入"],
        ["另列人员经费30余万元"],
        ["另列人员经费三万元"],
        ["另列人员经费……5000元"],
        ["另有：", "5万"],
        ["159001", "人员类", "追加"],
        ["局机关", "追加"],
    ],
)
def test_a_row_below_that_is_no_note_is_an_error(row: list[Cell], tmp_path: Path) -> None:
    plan = planned(tmp_path, rows(row))
    assert found(plan) == [("unclear-row", f"A{LAST + 1}")]
    assert str(row[0]) in next(p.message for p in plan.problems if p.rule == "unclear-row")


@pytest.mark.parametrize(
    "row",
    [
        ["注：另有人员经费 5 万元没有列入"],
        ["说明：", "另列 5000 元"],
        ["本表由系统导出"],
        ["第1页，共2页"],
        ["制表人：张三", "", "审核人：李四", "2023-02-24"],
        ["联系电话：0375-2665888"],
    ],
)
def test_notes_below_are_told_by_their_number(
    row: list[Cell], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = planned(tmp_path, rows(row))
    assert found(plan) == []
    assert plan.accounts[0].notes == (LAST,)
    book = str(tmp_path / "导出.xlsx")
    assert main(["import", book, "--year", "2023", "--data", str(tmp_path)]) == 0
    assert f"1 行附注（第 {LAST + 1} 行）" in capsys.readouterr().out


def test_a_dash_is_no_line_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = rows()
    lines.insert(1, ["159001", "公用经费", "", "2010301", "30202", FUND, "-"])
    plan = planned(tmp_path, lines)
    assert found(plan) == []
    assert plan.accounts[0].empty_rows == (2,)
    assert (len(plan.records["expenditure.yaml"]), plan.left_out) == (len(ROWS) - 1, 0)
    book = str(tmp_path / "导出.xlsx")
    assert main(["import", book, "--year", "2023", "--data", str(tmp_path)]) == 0
    assert "1 行没有金额，没有导入（第 3 行）" in capsys.readouterr().out


def test_a_row_without_an_amount_still_says_what_those_below_repeat(tmp_path: Path) -> None:
    """A column a fund, the unit printed once a group, the first row of a group empty."""
    header = [*HEADER[:5], "一般公共预算", "政府性基金"]
    lines: list[list[Cell]] = [
        ["159001", "人员类", "", "2010301", "30101", "200", "-"],
        ["", "公用经费", "", "2010301", "30201", "350.5", "-"],
        ["159002", "人员类", "", "2010350", "30102", "-", "－"],
        ["", "公用经费", "", "2010350", "30201", "101", ""],
    ]
    plan = planned(tmp_path, lines, header)
    assert found(plan) == []
    assert plan.accounts[0].empty_rows == (3,)
    units = [record.values["单位"] for record in plan.records["expenditure.yaml"]]
    assert units == ["159001", "159001", "159002"]


def test_numbers_in_a_column_that_is_left_out_are_a_warning(tmp_path: Path) -> None:
    extra: list[list[Cell]] = [
        ["1,000", "", "说明", "13800000000"],
        ["2000.5", "", "5 月", "1"],
        ["-", "", "", ""],
        ["", "", "", ""],
        ["3000.50", "0", "", ""],
    ]
    lines = [[*row, *more] for row, more in zip(rows(), extra, strict=True)]
    header = [*HEADER, "其他资金", "上级转移支付", "附言", "联系电话"]
    plan = planned(tmp_path, lines, header)
    assert found(plan, WARNING) == [("unused-amounts", "H1")]
    problem = next(p for p in plan.problems if p.rule == "unused-amounts")
    assert "“其他资金”这一列没有导入，明细行里有 2 个数，合计 3,000.5" in problem.message
    assert plan.unused == ("其他资金", "上级转移支付", "附言", "联系电话")


def test_the_error_value_of_a_formula_is_named(tmp_path: Path) -> None:
    planned(tmp_path, rows())
    book = tmp_path / "导出.xlsx"
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell, value in (("G3", "#REF!"), ("E2", "#N/A"), ("C4", "#VALUE!")):
        before, _, after = sheet.partition(f'<c r="{cell}"')
        rest = after.partition("</c>")[2] if after else ""
        if after:
            sheet = f'{before}<c r="{cell}" t="e"><f>1/0</f><v>{value}</v></c>{rest}'
        else:  # a blank cell: before the next one of its row
            mark = f'<c r="D{cell[1:]}"'
            sheet = sheet.replace(mark, f'<c r="{cell}" t="e"><v>{value}</v></c>{mark}')
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(book, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    plan = plan_import([book], tmp_path, 2023, MAPPING)
    told = {place(p): p.message for p in plan.problems if p.severity == ERROR}
    assert told.keys() >= {"G3", "E2", "C4"}
    assert told["G3"] == "“#REF!”是公式的错误值"
    assert told["C4"] == "“#VALUE!”是公式的错误值"
    assert "#N/A" in told["E2"]
