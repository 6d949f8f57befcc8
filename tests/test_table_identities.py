"""Identities within and between tables, over departments made at random with every kind of line."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from table_grids import LAYOUTS, ROOT, grid_of, load_layouts, tables_of

from generator.catalogue import load_catalogue
from generator.document import BODY, HEADER, OWED, Table
from generator.fields import OWED_AMOUNT
from generator.figures.book import FigureBook
from generator.model import (
    Budget,
    CarriedOut,
    Department,
    ExpenditureLine,
    ProcurementItem,
    Project,
    ProjectIndicator,
    RevenueLine,
    Unit,
)
from generator.money import Money
from generator.tables.build import build_table
from generator.terms import FUND_GROUPS, FUNDS, OWN_FUND, OWN_FUND_SOURCES, fund_group

CATALOGUE = load_catalogue(ROOT / "data/catalogue/2023")
FISCAL = ("一般公共预算", "政府性基金", "国有资本经营预算")


def a_department(seed: int = 1, units: int = 20, lines: int = 2000, measure: str = "元") -> Budget:
    """A consistent department at random: all funds, carry-over, capital, projects, 年终结转."""
    pick = random.Random(seed)
    kinds = ("行政", "参公", "事业")
    unit_list = tuple(
        Unit(f"159{n:03}", f"单位{n}", pick.choice(kinds)) for n in range(1, units + 1)
    )
    functions = ("2010301", "2080505", "2082201", "2120801", "2230105", "2290401", "2010399")
    projects = tuple(_project(f"159{1 + n % units:03}", n) for n in range(30))
    spent = [_line(pick, unit_list, functions, projects) for _ in range(lines)]
    carried = (CarriedOut("159001", "一般公共预算", Money(12345)),)
    funds: dict[tuple[str, str, str], int] = {}
    for line in spent:
        own = line.fund == "单位资金" and line.origin == "本年"
        at = line.unit, "其他收入" if own else line.fund, line.origin
        funds[at] = funds.get(at, 0) + int(line.amount)
    at = "159001", "一般公共预算", "本年"
    funds[at] = funds.get(at, 0) + 12345
    revenue = (RevenueLine(u, f, Money(fen), origin=o) for (u, f, o), fen in sorted(funds.items()))
    department = Department(
        2024,
        "某局",
        "159",
        unit_list,
        "2024-02-01",
        measure_name=measure,
        decimals="2",
        carried_out=carried,
    )
    items = tuple(
        ProcurementItem(f"159{1 + n % units:03}", "2010301", f"物品{n % 5}", "货物", Money(n * 777))
        for n in range(40)
    )
    return Budget(department, tuple(spent), tuple(revenue), projects, procurement=items)


def _project(unit: str, number: int) -> Project:
    groups = ("成本指标", "产出指标", "产出指标", "满意度指标")[: number % 5]
    targets = tuple(ProjectIndicator(group, f"指标{i}", "1") for i, group in enumerate(groups))
    kind = ("其他运转类", "特定目标类")[number % 2]
    return Project(f"项目{number}", unit, kind, indicators=targets)


def _line(
    pick: random.Random,
    units: tuple[Unit, ...],
    functions: tuple[str, ...],
    projects: tuple[Project, ...],
) -> ExpenditureLine:
    fund = pick.choice(FUNDS)
    own = ("使用非财政拨款结余",) if fund_group(fund) == OWN_FUND else ()
    origin = pick.choice(("本年", "结转", *own))
    function, amount = pick.choice(functions), Money(pick.randrange(-999, 10**8))
    fiscal = pick.random() < 0.8
    if pick.random() < 0.4:
        project = pick.choice(projects)
        economic = pick.choice((("30226", "50205"), ("31002", "50306"), ("39999", "59999")))
        at = project.unit, project.kind, function, economic[0], fund, amount, project.name
        return ExpenditureLine(*at, economic[1], origin, fiscal)
    economic, government, kind = pick.choice(
        (
            ("30101", "50101", "人员类"),
            ("30101", "50501", "人员类"),
            ("30302", "50905", "人员类"),
            ("30201", "50201", "公用经费"),
            ("30217", "50206", "公用经费"),
            ("30231", "50208", "公用经费"),
            ("31002", "50306", "公用经费"),
            ("30902", "50306", "公用经费"),
            ("31013", "50303", "公用经费"),
        )
    )
    unit = pick.choice(units).code
    return ExpenditureLine(
        unit, kind, function, economic, fund, amount, "", government, origin, fiscal
    )


class Exact:
    """The exact amounts of a table by row key and column key; 0 where it is blank."""

    def __init__(self, table: Table, book: FigureBook) -> None:
        self.table = table
        self.amounts: dict[tuple[str, str], int] = {}
        for row in table.rows:
            for cell in row.cells:
                if cell.figure:
                    figure = book.resolve(cell.figure)
                    assert figure.exact is not None or cell.text == "0.00"
                    self.amounts[row.key, table.columns[cell.column].key] = int(figure.exact or 0)

    def __call__(self, row: str, column: str) -> int:
        assert column in {c.key for c in self.table.columns}, column
        return self.amounts.get((row, column), 0)

    def row(self, start: str, side: int = 0) -> str:
        """The key of the first row whose cell in a column begins so."""
        for row in self.table.rows:
            if any(cell.column == side and cell.text.startswith(start) for cell in row.cells):
                return row.key
        raise AssertionError(start)

    def keys(self, length: int) -> list[str]:
        return [r.key for r in self.table.rows if r.role == BODY and len(r.key) == length]

    def sums(self, total: str, parts: list[str]) -> None:
        for column in self.table.columns:
            if (total, column.key) in self.amounts or any(
                (p, column.key) in self.amounts for p in parts
            ):
                assert self(total, column.key) == sum(self(p, column.key) for p in parts), (
                    column.key
                )


@cache
def synthetic(seed: int) -> tuple[FigureBook, dict[str, Exact]]:
    book = FigureBook(a_department(seed), CATALOGUE)
    return book, {n: Exact(t, book) for n, t in tables_of(book).items()}


SEEDS = (1, 2, 3)
BASIC = ("工资福利支出", "对个人和家庭的补助", "商品和服务支出", "资本性支出")
PARTS = tuple(
    f"基本支出/{'人员经费' if i < 2 else '公用经费'}/{name}" for i, name in enumerate(BASIC)
)


@pytest.mark.parametrize("seed", SEEDS)
def test_identities_within_tables(seed: int) -> None:
    _, t = synthetic(seed)
    for number in ("03", "05", "09", "13"):  # A10–A13
        table = t[number]
        for row in ("合计", "159", *table.keys(7)):
            basic, project = table(row, "基本支出/小计"), table(row, "项目支出/小计")
            assert table(row, "合计") == basic + project
            assert basic == sum(table(row, part) for part in PARTS)
            kinds = ("其他运转类", "特定目标类")
            assert project == sum(table(row, f"项目支出/{kind}") for kind in kinds)
        table.sums("合计", ["159"])
        table.sums("合计", table.keys(7))
    t["02"].sums("合计", ["159"])  # A09
    t["02"].sums("合计", t["02"].keys(6))
    for row in ("合计", *t["02"].keys(6)):  # A07, A08
        year = [f"本年收入/{f}" for f in (*FISCAL[1:], "财政专户管理资金收入", *OWN_FUND_SOURCES)]
        year.append("本年收入/一般公共预算/小计")
        carried = [f"上年结转结余/{fund}" for fund in FUND_GROUPS]
        assert t["02"](row, "本年收入/合计") == sum(t["02"](row, c) for c in year)
        assert t["02"](row, "上年结转结余/合计") == sum(t["02"](row, c) for c in carried)
        assert t["02"](row, "总计") == sum(t["02"](row, c) for c in (*year, *carried))
    pairs = [row.key for row in t["06"].table.rows if row.role == BODY]
    t["06"].sums("合计", pairs)  # A17
    t["07"].sums("合计", [row.key for row in t["07"].table.rows if row.role == BODY])  # A20
    assert "30101/50101" in pairs
    assert "30101/50501" in pairs
    money = "本年一般公共预算基本支出"
    for pair in pairs:  # A16
        parts = [t["06"](pair, f"{money}/{kind}") for kind in ("人员经费", "公用经费")]
        assert t["06"](pair, f"{money}/合计") == sum(parts)
        assert 0 in parts
    items = [row.key for row in t["14"].table.rows if row.role == BODY]
    t["14"].sums("合计", items)  # A25
    assert len(items) == 40
    assert "159001/物品0#2" in items


@pytest.mark.parametrize("seed", SEEDS)
def test_identities_between_tables(seed: int) -> None:
    _, t = synthetic(seed)
    total = t["01"].row("收入总计")
    revenue, spending = t["01"](total, "收入/金额"), t["01"](total, "支出/金额")
    carried_out = t["01"](t["01"].row("上年结转结余"), "支出/金额")
    assert revenue == spending == t["02"]("合计", "总计")  # B01, B04
    assert carried_out == 12345
    assert spending == t["03"]("合计", "合计") + carried_out
    assert t["01"](t["01"].row("二十三、", 2), "支出/金额") > 0  # 类 223 has money here
    for row in t["01"].table.rows:  # B03: no 类 with money is missing
        code = row.key.rpartition("|")[2]
        if code.isdigit():
            items = [key for key in t["03"].keys(7) if key[:3] == code]
            assert t["01"](row.key, "支出/金额") == sum(t["03"](k, "合计") for k in items)
    general = "支出/一般公共预算/小计"
    bottom = t["04"].row("支出合计", 2)
    assert t["04"](bottom, general) == t["05"]("合计", "合计") + carried_out  # B05
    assert t["04"](bottom, "支出/政府性基金") == t["09"]("合计", "合计")  # B06
    assert t["04"](bottom, "支出/国有资本经营预算") == t["13"]("合计", "合计")
    assert t["04"](bottom, "支出/合计") == t["04"](bottom, "收入/金额")  # A15
    assert t["04"](bottom, "支出/合计") == sum(
        t["04"](bottom, c) for c in (general, "支出/政府性基金", "支出/国有资本经营预算")
    )  # A14
    assert t["05"]("合计", "基本支出/小计") == t["06"](
        "合计", "本年一般公共预算基本支出/合计"
    )  # B10
    people = sum(t["05"]("合计", part) for part in PARTS[:2])
    assert people == t["06"]("合计", "本年一般公共预算基本支出/人员经费")  # B11
    assert t["07"]("合计", "总计") == t["03"]("合计", "合计")  # B13
    assert t["10"]("合计", "合计") == t["03"]("合计", "项目支出/小计")  # B16
    own = "本年拨款/一般公共预算", "财政拨款结转结余/一般公共预算"
    assert sum(t["10"]("合计", c) for c in own) == t["05"]("合计", "项目支出/小计")  # B17
    t["10"].sums("合计", [r.key for r in t["10"].table.rows if r.role == BODY])  # A22
    form = {row.cells[-2].text: row.cells[-1].text for row in t["11"].table.rows[:12]}
    exact = {label: Decimal(text) for label, text in form.items() if text[-3:-2] == "."}
    assert (
        sum(exact[f"({n}){name}"] for n, name in ((2, "财政专户管理资金"), (3, "单位资金")))
        + exact["1、资金来源：(1)政府预算资金"]
        == exact["部门预算总额(元)"]
        == Decimal(spending) / 100
    )  # B18
    targets = t["12"]
    projects = [r.key for r in targets.table.rows if "/" in r.key and "#" not in r.key]
    targets.sums("159", projects)  # A24
    targets.sums("159", [r.key for r in targets.table.rows if len(r.key) == 6])


def test_unlisted_categories_owed_amounts_and_grouped_units(tmp_path: Path) -> None:
    budget = a_department(5, units=2, lines=40)
    first = replace(
        budget.expenditure[0], function="2250101", amount=OWED_AMOUNT, fund="一般公共预算"
    )
    budget = replace(budget, expenditure=(first, *budget.expenditure[1:]))
    book = FigureBook(budget, CATALOGUE)
    table = build_table(LAYOUTS["01-revenue-expenditure"], book)
    row = next(row for row in table.rows if row.key.endswith("|225"))
    assert row.cells[2].text == "二十五、225"
    assert (row.cells[3].text, row.cells[3].kind) == ("【待填：支出合计（225）】", OWED)
    layout = (ROOT / "templates/henan/tables/03-expenditure.yaml").read_text(encoding="utf-8")
    layout = layout.replace("部门, 功能科目]", "部门, 单位及功能科目]")
    folder = tmp_path / "henan/tables"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(layout, encoding="utf-8")
    plain = FigureBook(a_department(5, units=2), CATALOGUE)
    grouped = Exact(build_table(load_layouts(folder, tmp_path)["x"], plain), plain)
    grouped.sums("合计", ["159001", "159002"])
    grouped.sums("159001", [k for k in grouped.keys(14) if k.startswith("159001/")])


def test_projects_of_one_name_in_two_units_are_not_mixed_up() -> None:
    target = ProjectIndicator("成本指标", "成本", "1")
    budget = a_department(5, units=2, lines=0)
    projects = tuple(
        Project("信息化", unit, "特定目标类", indicators=targets)
        for unit, targets in (("159001", (target,)), ("159002", ()))
    )
    spent = tuple(
        ExpenditureLine(p.unit, p.kind, "2010301", "31002", FISCAL[0], Money(fen), p.name, "50306")
        for p, fen in zip(projects, (70_000, 900), strict=True)
    )
    book = FigureBook(replace(budget, expenditure=spent, projects=projects), CATALOGUE)
    table = build_table(LAYOUTS["12-project-performance"], book)
    rows = [row for row in table.rows if row.role != HEADER]
    assert [(row.key, row.cells[2].text) for row in rows] == [
        ("159", "700.00"),
        ("159001", "700.00"),
        ("159001/信息化", "700.00"),
    ]


def test_a_department_with_nothing() -> None:
    budget = a_department(7, units=1, lines=3)
    budget = replace(budget, expenditure=(), revenue=(), projects=(), procurement=())
    book = FigureBook(budget, CATALOGUE)
    for table in tables_of(book).values():
        grid_of(table, with_header=True)
        if table.id[:2] not in ("01", "02", "04", "08"):
            assert len(table.notes) == 1, table.id
        if table.id[:2] in ("03", "06", "07", "10", "12", "14"):
            assert [row.key for row in table.rows if row.role != HEADER] == ["合计"]
            assert any(cell.text.startswith("合计") for cell in table.rows[-1].cells)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_table_is_a_full_grid(seed: int) -> None:
    for exact in synthetic(seed)[1].values():
        grid_of(exact.table, with_header=True)


def test_a_layout_may_print_the_second_level_of_project_indicators(tmp_path: Path) -> None:
    target = ProjectIndicator("成本指标", "总投资", "≤1万元", "经济成本指标")
    budget = a_department(5, units=1, lines=0)
    project = Project("信息化", "159001", "特定目标类", indicators=(target,))
    spent = ExpenditureLine(
        "159001", project.kind, "2010301", "31002", FISCAL[0], Money(900), project.name, "50306"
    )
    book = FigureBook(replace(budget, expenditure=(spent,), projects=(project,)), CATALOGUE)
    layout = (ROOT / "templates/henan/tables/12-project-performance.yaml").read_text("utf-8")
    column = "- {名称: 三级指标, 内容: 成本指标名称, 宽: 9}"
    assert column in layout
    second = column.replace("三级指标", "二级指标").replace("成本指标名称", "成本指标二级指标")
    folder = tmp_path / "henan/tables"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(
        layout.replace(column, f"{second}\n          {column}"), encoding="utf-8"
    )
    table = build_table(load_layouts(folder, tmp_path)["x"], book)
    texts = [cell.text for cell in table.rows[-1].cells]
    at = texts.index("经济成本指标")
    assert texts[at : at + 3] == ["经济成本指标", "总投资", "≤1万元"]
