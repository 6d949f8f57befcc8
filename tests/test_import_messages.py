"""What `import` says of single cells, of headers and of the files that are there already."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from messy_workbooks import Cell, Page, write_book
from test_import import MAPPING
from test_import_merge import DEPARTMENT, FUND, HEADER, ROWS

from generator.__main__ import main
from generator.importing.mapping import ImportMapping
from generator.importing.plan import Plan, plan_import
from generator.problems import ERROR, ProblemsFound
from generator.terms import OWN_FUND_KINDS

Rows = list[list[Cell]]
AMOUNT = HEADER[-1]
PROCURED = [
    "预算单位",
    "支出功能分类",
    "采购项目",
    "采购目录",
    "采购数量",
    "单价（元）",
    "采购金额（元）",
]
WITH_CODE = [*HEADER[:2], "项目编码", *HEADER[2:]]
MARKED = [*HEADER[:-1], "是否政府采购", AMOUNT]


def line(*cells: Cell, unit: str = "159001") -> list[Cell]:
    """A row of expenditure: the cells from the amount on, or instead of it."""
    return [unit, "人员类", "", "2010301", "30101", FUND, *cells]


def page(*rows: list[Cell], header: list[str] = HEADER, above: Rows | None = None) -> Page:
    return Page("支出", [*(above or []), list(header), *rows])


def procured(*rows: tuple[str, str, str], measure: str = "元") -> Page:
    """Lines of (quantity, price, amount)."""
    header = [name.replace("（元）", f"（{measure}）") for name in PROCURED]
    details = [["159001", "2010301", f"物品{n}", "货物", *row] for n, row in enumerate(rows)]
    return Page("采购", [header, *details])


@pytest.fixture
def year(tmp_path: Path) -> Path:
    folder = tmp_path / "2023"
    folder.mkdir()
    (folder / "department.yaml").write_text(DEPARTMENT, encoding="utf-8")
    return folder


def plan_of(year: Path, *pages: Page, mapping: ImportMapping = MAPPING) -> Plan:
    return plan_import(
        [write_book(year.parent / "导出.xlsx", list(pages))], year.parent, 2023, mapping
    )


def said(plan: Plan) -> list[tuple[str, str]]:
    """(cell, message) of every finding but that there is no total."""
    return [
        (str(problem.place).rpartition("!")[2], problem.message)
        for problem in plan.problems
        if problem.rule != "no-total"
    ]


EXCEPT_UNIT = HEADER[1:]
CASES: dict[str, tuple[tuple[Page, ...], list[tuple[str, str]]]] = {
    "less than a fen": (
        (page(line("200.123")),),
        [("G2", "“200.123”元不到一分钱")],
    ),
    "less than a fen in wan": (
        (page(line("2.1234567"), header=[*HEADER[:-1], "金额（万元）"]),),
        [("G2", "“2.1234567”万元不到一分钱")],
    ),
    "digits lost": ((page(line("1.2e20")),), [("G2", "“1.2e20”不是金额")]),
    "yes instead of an amount": ((page(line(True)),), [("G2", "“是”不是金额")]),
    "a date instead of a fund": (
        (page([*line()[:-1], datetime.date(2023, 1, 2), 5]),),
        [("F2", "资金来源没有“2023-01-02”这一项")],
    ),
    "a column a fund and a sum": (
        (
            page(
                ["159001", "人员类", "", "2010301", "30101", 200, "", 200],
                ["159002", "人员类", "", "2010350", "30101", 100, 50, 160],
                header=[*HEADER[:5], "一般公共预算（元）", "政府性基金（元）", AMOUNT],
            ),
        ),
        [("H3", "“金额（元）”是 160.00 元，这一行各栏相加是 150.00 元，这里多 10.00 元")],
    ),
    "another measure below": (
        (page(*ROWS, ["注：单位：万元"]),),
        [("A7", "附注说单位是万元，表头按元")],
    ),
    "two measures above": (
        (page(*ROWS, header=[*HEADER[:-1], "金额"], above=[["单位：元"], ["单位：万元"]]),),
        [("A2", "这里写单位是万元，导出.xlsx!支出!A1 写的是元")],
    ),
    "the same header twice": (
        (page(*(["x", *row[1:], ""] for row in ROWS[:0]), *([*row, ""] for row in ROWS), header=[*HEADER, AMOUNT]),),
        [("H1", "有两列都叫“金额（元）”，另一列在 导出.xlsx!支出!G1")],
    ),
    "a total marked in its label": (
        (page(*ROWS[:2], ["小计：159001", *[""] * 5, "550.5"], *ROWS[2:]),),
        [],
    ),
    "a total of what nobody knows": ((page(*ROWS[:-1], ["某处小计", *[""] * 5, "701.5"]),), []),
    "a total without amounts": ((page(*ROWS[:-1], ["小计", *[""] * 6], ROWS[-1]),), []),
    "a total without a label": (
        (page(["159001", *[""] * 5, "200"], line("150"), ["159001", "公用经费", "", "2010301", "30201", FUND, "40"]),),
        [("G2", "这一行没有明细科目，像是小计行；其下明细合计 190.00 元，这里是 200.00 元，这里多 10.00 元")],
    ),
    "the unit above the table": (
        (page(*(row[1:] for row in ROWS), header=EXCEPT_UNIT, above=[["预算单位：159001"]]),),
        [],
    ),
    "the unit beside its caption": (
        (page(*(row[1:] for row in ROWS), header=EXCEPT_UNIT, above=[["预算单位：", "", "159001"]]),),
        [],
    ),
    "a name of many codes": (
        (page([*line()[:3], "其他支出", "30101", FUND, 5], [*line()[:3], "行政运行", "30101", FUND, 5]),),
        [
            ("D2", "功能科目“其他支出”有 2 个同名的：2020799、2299999"),
            ("D3", "功能科目“行政运行”有 82 个同名的：2010101、2010201、2010301、2010401、2010501等"),
        ],
    ),
    "procurement": (
        (
            procured(
                ("两台", "10", "20"), ("2", "很贵", "20"), ("2", "7", "20"),
                ("2", "", "20"), ("2", "10", "20"), ("1,2", "10", "120"), ("1,200", "1", "1,200"),
            ),
        ),
        [
            ("E2", "采购数量“两台”不是数"),
            ("F3", "“很贵”不是金额"),
            ("G4", "单价乘数量是 14.00 元，金额是 20.00 元"),
            ("E7", "采购数量“1,2”不是数"),
        ],
    ),
    "prices that were rounded": (
        (
            procured(
                ("3", "0.33", "1"), ("3", "0.3", "0.9"), ("3", "0.3", "1"), ("6", "0.17万元", "1"),
                measure="万元",
            ),
        ),
        [("G4", "单价乘数量是 9,000.00 元，金额是 10,000.00 元")],
    ),
    "a price in thousands": (
        (procured(("3", "3.33", "10"), ("3", "3.3", "10"), measure="千元"),),
        [("G3", "单价乘数量是 9,900.00 元，金额是 10,000.00 元")],
    ),
    "procurement marked otherwise": (
        (page([*line(), "是", 350], [*line(unit="159002"), "否", 20], header=MARKED), procured(("2", "10", "20"))),
        [("G1", "标为政府采购的支出合计 350.00 元，采购表合计 20.00 元")],
    ),
    "procurement marked alike": (
        (page([*line(), "是", 20], [*line(unit="159002"), "否", 20], header=MARKED), procured(("2", "10", "20"))),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_of_a_sheet(year: Path, case: str) -> None:
    pages, expected = CASES[case]
    assert said(plan_of(year, *pages)) == expected


def test_a_year_of_the_money_is_read_from_its_words(year: Path) -> None:
    """结转 in any words; the name of a fund means this year."""
    words = ["以前结转的资金", "一般公共预算", "明年"]
    rows = [[*line(), word, n] for n, word in enumerate(words, 5)]
    plan = plan_of(year, page(*rows, header=[*HEADER[:-1], "来源年度", AMOUNT]))
    assert said(plan) == [("G4", "来源年度没有“明年”这一项")]
    origins = [record.values.get("来源年度") for record in plan.records["expenditure.yaml"]]
    assert origins == ["结转", None, None]


def project(code: str, name: str, unit: str = "159001") -> list[Cell]:
    return [unit, "其他运转类", code, name, "2010301", "30201", FUND, 200]


def test_projects_without_a_name_and_codes_of_two_projects(year: Path) -> None:
    """Each is told once: what the loader would say of it again is left out."""
    plan = plan_of(
        year,
        page(project("", ""), project("01", "甲"), project("01", "乙", "159002"), header=WITH_CODE),
    )
    assert said(plan) == [
        ("D2", "其他运转类是项目支出，没有项目名称也没有项目编码"),
        ("D4", "项目编码 01 这里是单位 159002 的“乙”，导出.xlsx!支出!D3 是单位 159001 的“甲”"),
    ]
    plan = plan_of(year, page(project("07", ""), project("07", "", "159002"), header=WITH_CODE))
    assert said(plan) == [("D2", "项目 07 没有名称"), ("D3", "项目 07 没有名称")]
    assert "projects.yaml" not in plan.records


def test_a_project_is_known_by_its_code(year: Path) -> None:
    known = '- {单位: "159001", 名称: 甲, 编码: "01", 类别: 其他运转类}\n- {单位: "159001"}\n'
    (year / "projects.yaml").write_text(known, encoding="utf-8")
    plan = plan_of(year, page(project("01", "甲（改）"), header=WITH_CODE))
    assert "projects.yaml" not in plan.records
    assert [record.values["项目"] for record in plan.records["expenditure.yaml"]] == ["甲"]


@pytest.mark.parametrize("name", ["expenditure.yaml", "projects.yaml"])
def test_a_file_that_cannot_be_read_is_named_once(year: Path, name: str) -> None:
    (year / name).write_text('- {单位: "159001"', encoding="utf-8")
    plan = plan_of(year, page(*ROWS))
    (problem,) = plan.problems
    assert (problem.rule, str(problem.place)) == ("yaml-syntax", f"2023/{name}:1:3")


def test_what_is_quoted_or_owed_is_written_anew(year: Path) -> None:
    same = '单位: "159001", 类别: 公用经费, 功能科目: "2010301", 经济科目: "30201", 资金来源: 一般公共预算'
    old = f'- {{{same}, 金额: "300.00"}}\n'
    owed = old.replace("公用经费", "人员类").replace("30201", "30101").replace('"300.00"', "待填")
    (year / "expenditure.yaml").write_text(old + owed, encoding="utf-8")
    merged = next(m for m in plan_of(year, page(*ROWS)).merges if m.target == "expenditure.yaml")
    assert merged.content.decode().splitlines()[:2] == [
        f"- {{{same}, 金额: 350.50}}",
        owed.rstrip().replace("待填", "200.00"),
    ]


def test_a_list_without_records_of_its_own_kind_keeps_them(year: Path) -> None:
    (year / "expenditure.yaml").write_text("- 甲\n", encoding="utf-8")
    plan = plan_of(year, page(*ROWS))
    assert [problem.rule for problem in plan.problems] == ["wrong-shape"]


def test_lines_that_say_the_same_otherwise_are_the_same(year: Path) -> None:
    """A project by its code, and the economic code that is derived anyway."""
    projects = '- {单位: "159001", 名称: 甲, 编码: "01", 类别: 其他运转类}\n'
    (year / "projects.yaml").write_text(projects, encoding="utf-8")
    old = (
        '- {单位: "159001", 类别: 其他运转类, 项目: "01", 功能科目: "2010301", 经济科目: "30201",'
        ' 政府经济科目: "50201", 资金来源: 一般公共预算, 金额: 200.00}\n'
    )
    (year / "expenditure.yaml").write_text(old, encoding="utf-8")
    plan = plan_of(year, page(project("01", "甲"), header=WITH_CODE))
    assert [(m.target, m.differs) for m in plan.merges] == [("expenditure.yaml", False)]


def test_a_name_of_one_code_stands_for_it(year: Path) -> None:
    named = "机关事业单位基本养老保险缴费支出"
    rows = [[*line()[:3], named, "30108", FUND, 5], ["社会保障和就业支出小计", *[""] * 5, "5"]]
    plan = plan_of(year, page(*rows, ["某市某局合计", *[""] * 5, "5"]))
    assert said(plan) == []
    assert [r.values["功能科目"] for r in plan.records["expenditure.yaml"]] == ["2080505"]


def test_a_unit_of_another_name_is_told_once_a_sheet(year: Path) -> None:
    """A unit that was renamed has its new name in every row."""
    rows = [line(n, unit="159001 某局新机关") for n in ("200.5", "150", "351")]
    plan = plan_of(year, page(*rows))
    assert said(plan) == [
        ("A2", "单位代码 159001 是“某市某局”，这一格写的名称是“某局新机关”（3 行）")
    ]
    (problem,) = (p for p in plan.problems if p.rule == "code-name-mismatch")
    assert problem.hint.endswith("今年改了名的，改 department.yaml 里这个单位的名称")
    assert not plan.errors


def test_columns_that_were_left_out_are_named(
    year: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: Rows = [[*row, "甲"] for row in ROWS]
    book = write_book(year.parent / "导出.xlsx", [page(*rows, header=[*HEADER, "经办科室意见"])])
    command = ["import", str(book), "--year", "2023", "--data", str(year.parent), "--dry-run"]
    assert main(command) == 0
    assert "没有导入的列：经办科室意见\n" in capsys.readouterr().out


def test_a_long_difference_is_cut_and_says_so(
    year: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (year / "expenditure.yaml").write_text(
        "".join(
            f'- {{单位: "159001", 类别: 人员类, 功能科目: "2010301", 经济科目: "30101",'
            f" 资金来源: 一般公共预算, 金额: {n}, 备注: 第{n}}}\n"
            for n in range(1, 60)
        ),
        encoding="utf-8",
    )
    book = write_book(year.parent / "导出.xlsx", [page(*ROWS)])
    command = ["import", str(book), "--year", "2023", "--data", str(year.parent), "--dry-run"]
    main(command)
    assert "行差异，加 --all 全部列出" in capsys.readouterr().out


def test_forcing_is_offered_only_where_there_is_something_to_write(
    year: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import", "没有.xlsx", "--year", "2023", "--data", str(year.parent)]
    assert main(command) == 1
    assert capsys.readouterr().out.endswith("有 1 处要改，什么也没有写。\n")


def test_no_sheet_that_is_known(year: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        plan_of(year, Page("天气", [["甲", "乙"], [1, 2]]), Page("空", []))
    assert sorted(problem.rule for problem in found.value.problems) == [
        "nothing-to-import",
        "unknown-sheet",
    ]


def test_a_measure_that_must_be_declared(year: Path, tmp_path: Path) -> None:
    own = tmp_path / "对照.yaml"
    shipped = Path(__file__).parents[1] / "mappings/yitihua.yaml"
    text = shipped.read_text(encoding="utf-8").replace("未注明单位时: 元", "未注明单位时: 报错")
    own.write_text(text, encoding="utf-8")
    book = write_book(tmp_path / "导出.xlsx", [page(*ROWS, header=[*HEADER[:-1], "金额"])])
    command = ["import", str(book), "--year", "2023", "--data", str(tmp_path), "--mapping"]
    assert main([*command, str(own)]) == 1
    assert not (year / "expenditure.yaml").exists()


def test_a_mapping_that_is_not_there(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = write_book(year.parent / "导出.xlsx", [page(*ROWS)])
    command = ["import", str(book), "--year", "2023", "--data", str(year.parent)]
    assert main([*command, "--mapping", "没有"]) == 1
    assert "自带的名称：yitihua" in capsys.readouterr().err


def test_a_long_list_is_cut_and_says_so(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line("x", unit=f"1590{n:03}") for n in range(150)]
    book = write_book(year.parent / "导出.xlsx", [page(*rows)])
    command = ["import", str(book), "--year", "2023", "--data", str(year.parent), "--dry-run"]
    assert main(command) == 1
    assert "处没有列出，加 --all 全部列出。" in capsys.readouterr().err
    assert main([*command, "--all"]) == 1
    assert "没有列出" not in capsys.readouterr().err


def test_a_text_file_in_utf16(year: Path) -> None:
    rows = [",".join(str(cell).replace("，", "") for cell in row) for row in (HEADER, *ROWS)]
    (year.parent / "导出.csv").write_bytes("\n".join(rows).encode("utf-16"))
    plan = plan_import([year.parent / "导出.csv"], year.parent, 2023, MAPPING)
    assert [p for p in plan.problems if p.severity == ERROR] == []
    assert len(plan.records["expenditure.yaml"]) == 4


def test_trade_remittance_and_subsidies_are_kinds_of_their_own(year: Path) -> None:
    words = ("经营支出", "上缴上级支出", "31-对下级单位补助支出")
    rows = [
        ["159002", kind, "展销", "2010350", "30218", "事业收入", 1 + n]
        for n, kind in enumerate(words)
    ]
    plan = plan_of(year, page(*rows))
    assert said(plan) == []
    assert [record.values["类别"] for record in plan.records["expenditure.yaml"]] == [
        *OWN_FUND_KINDS
    ]
