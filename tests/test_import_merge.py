"""Importing into a year that already has data: comments and order stay, differences are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from departments import random_department
from departments_random import fen
from messy_workbooks import Page, exportable, titled, write_book
from test_import import fresh_year

from generator.__main__ import main

DEPARTMENT = """\
年度: 2023
部门名称: 某市某局
部门代码: "159"
公布日期: "2023-02-24"
单位:
  - {代码: "159001", 名称: 某市某局, 本级: 是, 性质: 行政, 构成名称: 某市某局机关}
  - {代码: "159002", 名称: 某市服务中心, 性质: 事业}
"""
EXPENDITURE = """\
# 头上的说明
- {单位: "159002", 类别: 人员类, 功能科目: "2010350", 经济科目: "30101", 资金来源: 一般公共预算, 金额: 100.00} # 行尾
# 中间的说明

- {单位: "159001", 类别: 人员类, 功能科目: "2010301", 经济科目: "30101", 资金来源: 一般公共预算, 金额: 200, 备注: 旧}
- 单位: "159001"
  类别: 公用经费
  功能科目: "2010301"
  经济科目: "30201"
  资金来源: 一般公共预算
  金额: 300.00  # 三百
- {单位: "159001", 类别: 公用经费, 功能科目: "2010301", 经济科目: "30202", 资金来源: 一般公共预算, 金额: 400.00}
# 末尾的说明
"""
HEADER = [
    "预算单位",
    "项目类别",
    "项目名称",
    "支出功能分类",
    "部门预算支出经济分类",
    "资金性质",
    "金额（元）",
]
FUND = "一般公共预算资金"
ROWS = [
    ["159001", "人员类", "", "2010301", "30101", FUND, "200"],
    ["159001", "公用经费", "", "2010301", "30201", FUND, "350.5"],
    ["159002", "人员类", "", "2010350", "30101", FUND, "101"],
    ["159002", "其他运转类", "厅，运行", "2010350", "30226", FUND, "50"],
    ["合计", "", "", "", "", "", "701.5"],
]
MERGED = """\
# 头上的说明
- {单位: "159002", 类别: 人员类, 功能科目: "2010350", 经济科目: "30101", 资金来源: 一般公共预算, 金额: 101.00} # 行尾
# 中间的说明

- {单位: "159001", 类别: 人员类, 功能科目: "2010301", 经济科目: "30101", 资金来源: 一般公共预算, 金额: 200, 备注: 旧}
- 单位: "159001"
  类别: 公用经费
  功能科目: "2010301"
  经济科目: "30201"
  资金来源: 一般公共预算
  金额: 350.50  # 三百
- {单位: "159002", 类别: 其他运转类, 项目: "厅，运行", 功能科目: "2010350", 经济科目: "30226",\
 资金来源: 一般公共预算, 金额: 50.00}
# 末尾的说明
"""
GONE = EXPENDITURE.splitlines()[11]


@pytest.fixture
def year(tmp_path: Path) -> Path:
    folder = tmp_path / "2023"
    folder.mkdir()
    (folder / "department.yaml").write_text(DEPARTMENT, encoding="utf-8")
    (folder / "expenditure.yaml").write_text(EXPENDITURE, encoding="utf-8")
    write_book(tmp_path / "导出.xlsx", [Page("支出", [HEADER, *ROWS])])
    return folder


def run(year: Path, *options: str) -> int:
    root = str(year.parent)
    return main(["import", f"{root}/导出.xlsx", "--year", "2023", "--data", root, *options])


def test_differences_are_shown_and_nothing_is_overwritten(
    year: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(year) == 1
    assert (year / "expenditure.yaml").read_text(encoding="utf-8") == EXPENDITURE
    assert not (year / "projects.yaml").exists()
    shown = capsys.readouterr().out
    assert "增加 1 行，删除 1 行，修改 2 行，不变 1 行" in shown
    assert f"\n  删除  {GONE}\n" in shown
    altered = EXPENDITURE.splitlines()[5:11]
    assert altered[0] == '- 单位: "159001"'
    for mark, amount in (("改前", "300.00"), ("改后", "350.50")):
        record = [*altered[:5], f"  金额: {amount}  # 三百"]
        assert "".join(f"  {mark}  {line}\n" for line in record) in shown
    assert "--replace" in shown


def test_what_was_owed_is_filled_and_told_after_what_is_lost(
    year: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in a year that was made from the last one: no pair of lines for each amount."""
    file = year / "expenditure.yaml"
    owed = file.read_text(encoding="utf-8").replace("金额: 300.00", "金额: 待填")
    file.write_text(owed, encoding="utf-8")
    run(year)
    shown = capsys.readouterr().out
    assert "增加 1 行，删除 1 行，填上 1 行，修改 1 行，不变 1 行" in shown
    assert "待填" not in shown
    assert shown.index("  增加  ") < shown.index("  填上  ")
    assert file.read_text(encoding="utf-8") == owed


def test_replace_keeps_comments_order_and_untouched_lines(year: Path) -> None:
    assert run(year, "--replace") == 0
    assert (year / "expenditure.yaml").read_text(encoding="utf-8") == MERGED
    assert (year / "projects.yaml").read_text(encoding="utf-8") == (
        "# 项目。金额来自 expenditure.yaml 里写明该项目的行。\n"
        '- {名称: "厅，运行", 单位: "159002", 类别: 其他运转类}\n'
    )
    assert run(year) == 0
    assert (year / "expenditure.yaml").read_text(encoding="utf-8") == MERGED


def test_keep_leaves_lines_that_the_import_does_not_have(year: Path) -> None:
    assert run(year, "--replace", "--keep") == 0
    lines = (year / "expenditure.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[11] == GONE
    assert [*lines[:11], *lines[12:]] == MERGED.splitlines()


def test_keep_needs_replace(year: Path) -> None:
    assert run(year, "--keep") == 2


def test_dry_run_writes_nothing(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(year, "--dry-run", "--replace") == 0
    assert (year / "expenditure.yaml").read_text(encoding="utf-8") == EXPENDITURE
    assert "试运行" in capsys.readouterr().out


def test_department_file_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = exportable(random_department(2, units=1, lines=3))
    path = write_book(tmp_path / "导出.xlsx", titled(made))
    command = ["import", str(path), "--year", str(made.year), "--data", str(tmp_path)]
    assert main(command) == 1
    assert f"{made.year}/department.yaml: 错误：" in capsys.readouterr().err


def test_revenue_with_a_column_a_source(tmp_path: Path) -> None:
    """The published form of table 2: 总计, 本年收入, 上年结转结余, with row totals to meet."""
    made = exportable(random_department(4, units=2, lines=3))
    folder = fresh_year(made, tmp_path)
    first, second = (str(unit["代码"]) for unit in made.units)
    rows = [
        ["部门收入预算表"],
        [
            "部门（单位）代码",
            "部门（单位）名称",
            "总计",
            "本年收入",
            "",
            "",
            "",
            "上年结转结余",
            "",
        ],
        ["", "", "", "合计", "一般公共预算", "", "事业收入", "合计", "单位资金"],
        ["", "", "", "", "小计", "其中：财政拨款", "", "", ""],
        ["合计", "", 12.5, 10.5, 8, 7.5, 2.5, 2, 2],
        [str(made.head["部门代码"]), "某局", 12.5, 10.5, 8, 7.5, 2.5, 2, 2],
        [first, str(made.units[0]["名称"]), 4, 3, 3, 2.5, "", 1, 1],
        [second, str(made.units[1]["名称"]), 8.5, 7.5, 5, 5, 2.5, 1, 1],
    ]
    rows.insert(1, ["", "", "", "", "", "", "", "", "单位：万元"])
    ranges = [(2, 3, 2, 6), (2, 7, 2, 8), (3, 4, 3, 5)]
    path = write_book(tmp_path / "收入.xlsx", [Page("二、收入", rows, ranges)])
    command = ["import", str(path), "--year", str(made.year), "--data", str(tmp_path)]
    assert main(command) == 0
    assert (folder / "revenue.yaml").read_text(encoding="utf-8").splitlines()[1:] == [
        f'- {{单位: "{first}", 资金来源: 一般公共预算, 金额: 30000.00, 其中财政拨款: 25000.00}}',
        f'- {{单位: "{first}", 资金来源: 单位资金, 来源年度: 结转, 金额: 10000.00}}',
        f'- {{单位: "{second}", 资金来源: 一般公共预算, 金额: 50000.00}}',
        f'- {{单位: "{second}", 资金来源: 事业收入, 金额: 25000.00}}',
        f'- {{单位: "{second}", 资金来源: 单位资金, 来源年度: 结转, 金额: 10000.00}}',
    ]
    assert fen("30000.00") == 3_000_000


def test_other_headers_by_a_mapping_of_ones_own(year: Path) -> None:
    """A province with other names: a copy of the mapping with its headers and values."""
    root = year.parent
    (root / "别省.yaml").write_text(
        "名称: 别省\n"
        "表:\n"
        "  - 名称: 支出\n"
        "    写入: expenditure.yaml\n"
        "    默认: [{字段: 资金来源, 值: 一般公共预算}]\n"
        "    列:\n"
        "      - {字段: 单位, 列名: [甲]}\n"
        "      - {字段: 类别, 列名: [乙]}\n"
        "      - {字段: 功能科目, 列名: [丙]}\n"
        "      - {字段: 经济科目, 列名: [丁]}\n"
        "      - {字段: 金额, 列名: [戊]}\n"
        "取值:\n"
        '  - {字段: 单位, 记作: "159001", 写法: [局机关]}\n'
        "  - {字段: 类别, 记作: 人员类, 写法: [人头费]}\n",
        encoding="utf-8",
    )
    rows = [["甲", "乙", "丙", "丁", "戊（元）"], ["局机关", "人头费", "2010301", "30101", "7"]]
    write_book(root / "导出.xlsx", [Page("支出", rows)])
    (year / "expenditure.yaml").unlink()
    assert run(year, "--mapping", str(root / "别省.yaml")) == 0
    assert (year / "expenditure.yaml").read_text(encoding="utf-8").splitlines()[1:] == [
        '- {单位: "159001", 类别: 人员类, 功能科目: "2010301", 经济科目: "30101",'
        " 资金来源: 一般公共预算, 金额: 7.00}"
    ]


def test_mistakes_in_a_mapping_have_places(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = year.parent / "坏.yaml"
    path.write_text(
        "名称: 坏\n表:\n  - 名称: 支出\n    写入: expenditure.yaml\n    列:\n"
        "      - {字段: 单位资金, 列名: [甲]}\n取值:\n  - {字段: 类型, 记作: 甲, 写法: [乙]}\n",
        encoding="utf-8",
    )
    assert run(year, "--mapping", str(path)) == 1
    told = capsys.readouterr().err
    assert "坏.yaml:6:9: 错误：expenditure.yaml 没有键“单位资金” [unknown-field]" in told
    assert "坏.yaml:8:5: 错误：没有键“类型” [unknown-field]" in told


def test_a_ladder_of_subjects(year: Path) -> None:
    """类, 款, 项 and 经济 类 as rows of their own: their sums are met, their codes hold below."""
    fund = "一般公共预算"
    rows = [
        ["单位：万元"],
        ["支出功能分类", "", "预算单位", "项目类别", "部门预算支出经济分类", "资金性质", "预算数"],
        ["科目编码", "科目名称", "", "", "", "", ""],
        ["", "合计", "", "", "", "", 30.0],
        ["201", "一般公共服务支出", "", "", "", "", 30.0],
        ["20103", "政府办公厅（室）及相关机构事务", "", "", "", "", 30.0],
        ["2010301", "行政运行", "", "", "", "", 30.0],
        ["", "", "159001", "人员类", "301 工资福利支出", "", 25.0],
        ["", "", "159001", "人员类", "30101 基本工资", fund, 20.0],
        ["", "", "159001", "人员类", "30102 津贴补贴", fund, 5.0],
        ["", "", "159001", "公用经费", "30201", fund, 5.0],
        ["第1页，共1页"],
    ]
    write_book(year.parent / "导出.xlsx", [Page("支出", rows, [(1, 0, 1, 1)])])
    (year / "expenditure.yaml").unlink()
    assert run(year) == 0
    start = '- {单位: "159001", 类别: '
    middle = f"资金来源: {fund}, 金额: "
    lines = (year / "expenditure.yaml").read_text(encoding="utf-8").splitlines()[1:]
    assert lines == [
        f'{start}人员类, 功能科目: "2010301", 经济科目: "30101", {middle}200000.00}}',
        f'{start}人员类, 功能科目: "2010301", 经济科目: "30102", {middle}50000.00}}',
        f'{start}公用经费, 功能科目: "2010301", 经济科目: "30201", {middle}50000.00}}',
    ]


@pytest.mark.parametrize(
    ("before", "after"), [(EXPENDITURE, MERGED), ("# 头上的说明\n[]\n", None), ("# 头\n", None)]
)
def test_line_ends_stay_as_they_were(year: Path, before: str, after: str | None) -> None:
    file = year / "expenditure.yaml"
    file.write_bytes(before.replace("\n", "\r\n").encode())
    assert run(year, "--replace") == 0
    content = file.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 1
    assert after is None or content.decode().replace("\r\n", "\n") == after
