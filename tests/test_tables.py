"""Tables: headers, the published cells, the identities between tables, empty tables, editors' mistakes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml
from published_tables import PUBLISHED, published_grid, published_note

from generator.catalogue import load_catalogue
from generator.document import BODY, FIGURE, HEADER, OWED, TOTAL, Table, text_of
from generator.fields import OWED_AMOUNT
from generator.figures.book import FigureBook
from generator.load.budget import load_budget
from generator.model import (
    FUNDS,
    FUND_GROUPS,
    OWN_FUND_SOURCES,
    Budget,
    CarriedOut,
    Department,
    ExpenditureLine,
    ProcurementItem,
    Project,
    ProjectIndicator,
    RevenueLine,
    Unit,
    fund_group,
)
from generator.money import Money
from generator.problems import ProblemsFound
from generator.tables.build import build_table
from generator.tables.layout import load_layouts

ROOT = Path(__file__).resolve().parents[1]
HEADERS = Path(__file__).parent / "fixtures" / "table-headers.yaml"
LAYOUTS = load_layouts(ROOT / "templates/henan/tables", ROOT / "templates")
CATALOGUE = load_catalogue(ROOT / "data/catalogue/2023")
FISCAL = ("一般公共预算", "政府性基金", "国有资本经营预算")


@cache
def sample_book() -> FigureBook:
    loaded = load_budget(ROOT / "data", 2023)
    return FigureBook(loaded.budget, loaded.catalogue)


def tables_of(book: FigureBook) -> dict[str, Table]:
    return {name[:2]: build_table(layout, book) for name, layout in LAYOUTS.items()}


def grid_of(table: Table, body_only: bool = True) -> list[list[str]]:
    """Texts at the top left of each cell, "" where a span covers; checks that nothing overlaps."""
    width = len(table.columns)
    taken: set[tuple[int, int]] = set()
    grid = [[""] * width for _ in table.rows]
    for y, row in enumerate(table.rows):
        for cell in row.cells:
            area = {
                (y + i, cell.column + j) for i in range(cell.row_span) for j in range(cell.column_span)
            }
            assert not area & taken, (table.id, row.key, cell)
            taken |= area
            grid[y][cell.column] = cell.text
    assert taken == {(y, x) for y in range(len(grid)) for x in range(width)}, table.id
    return grid[table.header_rows :] if body_only else grid


# Headers


def leaves(nodes: list[object], path: tuple[str, ...] = ()) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, dict):
            ((name, children),) = node.items()
            yield from leaves(children, (*path, name))
        else:
            yield "/".join((*path, str(node)))


@pytest.mark.parametrize("name", LAYOUTS)
def test_headers_are_the_published_trees(name: str) -> None:
    trees = yaml.safe_load(HEADERS.read_text(encoding="utf-8"))
    number = f"T{name[:2]}"
    wanted = trees[number]
    header = wanted["header"]
    if isinstance(header, str):  # "as T03"
        header = trees["T03"]["header"]
    table = build_table(LAYOUTS[name], sample_book())
    assert [column.key for column in table.columns] == list(leaves(header))
    assert len(table.columns) == wanted["leaf"]
    assert text_of(table.title) == wanted["title"].replace("{year}", "2023")
    assert wanted["orientation"].startswith(LAYOUTS[name].orientation)
    headers = [row for row in table.rows if row.key.startswith("表头")]
    assert len(headers) == wanted["header_rows"]
    assert table.header_rows == (0 if number == "T11" else wanted["header_rows"])


def test_contents_names_are_the_published_ones() -> None:
    published = (Path(__file__).parent / "fixtures/published-2023.txt").read_text(encoding="utf-8")
    names = [layout.contents_name for layout in LAYOUTS.values()]
    assert len(names) == 14
    for name in names:
        assert f"{name}\n" in published


# The published cells

CATEGORIES = "一、T1/T4 类名用科目版本的名称（核对 C20、审计 §2.9）"
COLON = "标点用全角（审计 §2.10）"
CUT = "句中截断，保留到最后一句完整的话或留空（审计 §3 T11）"
BRACKETS = "分页后括号成了半角，改回全角（审计 §3 T4）"

# (table, row, column) -> (published, ours, why). Rows and columns count from 0 below the header.
DIFFERENCES: dict[tuple[str, int, int], tuple[str, str, str]] = {
    ("01", 1, 0): ("其中:财政拨款", "其中：财政拨款", COLON),
    ("01", 14, 2): ("十五、资源勘探信息等", "十五、资源勘探工业信息等", CATEGORIES),
    ("04", 3, 2): ("（三）国防支出（", "（三）国防支出", "多余的“（”（核对 C19、审计 §2.9）"),
    ("04", 7, 2): ("（七）文化体育旅游与传媒支出", "（七）文化旅游体育与传媒支出", CATEGORIES),
    ("04", 9, 2): ("（九）医疗卫生与计划生育支出", "（九）社会保险基金支出", CATEGORIES),
    ("04", 15, 2): ("（十五）资源勘探信息等支出", "（十五）资源勘探工业信息等支出", CATEGORIES),
    ("04", 27, 2): ("(三十一)债务还本支出", "（三十一）债务还本支出", BRACKETS),
    ("04", 28, 2): ("(三十二)债务付息支出", "（三十二）债务付息支出", BRACKETS),
    ("04", 29, 2): ("(三十三)债务发行费用支出", "（三十三）债务发行费用支出", BRACKETS),
    ("04", 30, 2): ("(三十四)抗疫特别国债安排的支出", "（三十四）抗疫特别国债安排的支出", BRACKETS),
    ("04", 32, 0): ("收入合计:", "收入合计：", COLON),
    ("14", 9, 0): ("合计:", "合计：", COLON),
}
# Indicators of table 11 whose published explanation is cut: ours is its beginning, or blank.
CUT_EXPLANATIONS = {
    *("年度履职目标相关性", "工作任务科学性", "绩效指标合理性", "预算编制完整性", "预算调整率"),
    *("政府采购执行率", "资金使用合规性", "管理制度健全性", "预决算信息公开性"),
    *("绩效监控完成率", "绩效自评完成率", "评价结果应用率"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_cell_is_ours(name: str) -> None:
    table = build_table(LAYOUTS[name], sample_book())
    ours = [["".join(text.split()) for text in row] for row in grid_of(table)]
    if name.startswith("11"):
        ours = [row for row in ours if any(row)]
    published = published_grid(name)
    assert len(ours) == len(published)
    number = name[:2]
    found = {}
    for y, (row, published_row) in enumerate(zip(ours, published, strict=True)):
        for x, (text, wanted) in enumerate(zip(row, published_row, strict=True)):
            if text == wanted:
                continue
            if number == "11" and x == 4 and row[2] in CUT_EXPLANATIONS:
                assert wanted.startswith(text), CUT
                continue
            found[number, y, x] = (wanted, text)
    listed = {at: (old, new) for at, (old, new, _) in DIFFERENCES.items() if at[0] == number}
    assert found == listed


def test_the_published_note_and_corners() -> None:
    tables = tables_of(sample_book())
    assert [text_of(note) for note in tables["08"].notes] == [
        published_note("08-three-public-expenses")
    ]
    assert tables["03"].corner_left == "部门名称：平顶山市政务服务和大数据管理局"
    assert tables["03"].corner_right == "单位：万元"
    assert (tables["11"].corner_left, tables["11"].subtitle) == ("", "(2023年度)")
    assert tables["12"].corner_right == ""


def test_empty_tables_keep_header_and_total_and_say_why() -> None:
    tables = tables_of(sample_book())
    for number in ("09", "13"):
        table = tables[number]
        assert table.header_rows == 3
        assert [(row.key, row.role) for row in table.rows[3:]] == [("合计", TOTAL)]
        assert [text for text in grid_of(table)[0] if text] == ["合计"]
    assert [text_of(note) for note in tables["09"].notes] == [
        "我部门2023年没有使用政府性基金预算拨款安排的支出，故本表无数据。"
    ]


def test_rows_have_distinct_keys_and_cells_their_places() -> None:
    for table in tables_of(sample_book()).values():
        keys = [row.key for row in table.rows]
        assert len(set(keys)) == len(keys), table.id
        for row in table.rows:
            for cell in row.cells:
                if cell.kind == FIGURE:
                    assert cell.figure and sample_book().resolve(cell.figure).name == cell.figure
                    assert cell.place and cell.place.path == f"henan/tables/{table.id}.yaml"


# Any department


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
        2024, "某局", "159", unit_list, "2024-02-01", measure_name=measure, decimals="2",
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
    pick: random.Random, units: tuple[Unit, ...], functions: tuple[str, ...], projects: tuple[Project, ...]
) -> ExpenditureLine:
    fund, origin = pick.choice(FUNDS), pick.choice(("本年", "结转"))
    function, amount = pick.choice(functions), Money(pick.randrange(-999, 10**8))
    fiscal = pick.random() < 0.8
    if pick.random() < 0.4:
        project = pick.choice(projects)
        economic = pick.choice((("30226", "50205"), ("31002", "50306"), ("39999", "59999")))
        at = project.unit, project.kind, function, economic[0], fund, amount, project.name
        return ExpenditureLine(*at, economic[1], origin, fiscal)
    economic, government, kind = pick.choice(
        (
            ("30101", "50101", "人员类"), ("30101", "50501", "人员类"), ("30302", "50905", "人员类"),
            ("30201", "50201", "公用经费"), ("30217", "50206", "公用经费"),
            ("30231", "50208", "公用经费"), ("31002", "50306", "公用经费"),
            ("30902", "50306", "公用经费"), ("31013", "50303", "公用经费"),
        )
    )
    unit = pick.choice(units).code
    return ExpenditureLine(unit, kind, function, economic, fund, amount, "", government, origin, fiscal)


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

    def sums(self, total: str, parts: list[str], but: tuple[str, ...] = ()) -> None:
        for column in self.table.columns:
            if (total, column.key) in self.amounts or any((p, column.key) in self.amounts for p in parts):
                assert self(total, column.key) == sum(self(p, column.key) for p in parts), column.key


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
    book, t = synthetic(seed)
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
    assert "30101/50101" in pairs and "30101/50501" in pairs
    money = "本年一般公共预算基本支出"
    for pair in pairs:  # A16
        parts = [t["06"](pair, f"{money}/{kind}") for kind in ("人员经费", "公用经费")]
        assert t["06"](pair, f"{money}/合计") == sum(parts) and 0 in parts
    items = [row.key for row in t["14"].table.rows if row.role == BODY]
    t["14"].sums("合计", items)  # A25
    assert len(items) == 40 and "159001/物品0#2" in items


@pytest.mark.parametrize("seed", SEEDS)
def test_identities_between_tables(seed: int) -> None:
    book, t = synthetic(seed)
    total = t["01"].row("收入总计")
    revenue, spending = t["01"](total, "收入/金额"), t["01"](total, "支出/金额")
    carried_out = t["01"](t["01"].row("上年结转结余"), "支出/金额")
    assert revenue == spending == t["02"]("合计", "总计")  # B01, B04
    assert carried_out == 12345 and spending == t["03"]("合计", "合计") + carried_out
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
    assert t["05"]("合计", "基本支出/小计") == t["06"]("合计", "本年一般公共预算基本支出/合计")  # B10
    people = sum(t["05"]("合计", part) for part in PARTS[:2])
    assert people == t["06"]("合计", "本年一般公共预算基本支出/人员经费")  # B11
    assert t["07"]("合计", "总计") == t["03"]("合计", "合计")  # B13
    assert t["10"]("合计", "合计") == t["03"]("合计", "项目支出/小计")  # B16
    own = "本年拨款/一般公共预算", "财政拨款结转结余/一般公共预算"
    assert sum(t["10"]("合计", c) for c in own) == t["05"]("合计", "项目支出/小计")  # B17
    t["10"].sums("合计", [r.key for r in t["10"].table.rows if r.role == BODY])  # A22
    form = {row.cells[-2].text: row.cells[-1].text for row in t["11"].table.rows[:12]}
    exact = {label: Decimal(text) for label, text in form.items() if text[-3:-2] == "."}
    assert sum(exact[f"({n}){name}"] for n, name in ((2, "财政专户管理资金"), (3, "单位资金"))) + exact[
        "1、资金来源：(1)政府预算资金"
    ] == exact["部门预算总额(元)"] == Decimal(spending) / 100  # B18
    targets = t["12"]
    projects = [r.key for r in targets.table.rows if "/" in r.key and "#" not in r.key]
    targets.sums("159", projects)  # A24
    targets.sums("159", [r.key for r in targets.table.rows if len(r.key) == 6])


def test_unlisted_categories_owed_amounts_and_grouped_units(tmp_path: Path) -> None:
    budget = a_department(5, units=2, lines=40)
    first = replace(budget.expenditure[0], function="2250101", amount=OWED_AMOUNT, fund="一般公共预算")
    budget = replace(budget, expenditure=(first, *budget.expenditure[1:]))
    book = FigureBook(budget, CATALOGUE)
    table = build_table(LAYOUTS["01-revenue-expenditure"], book)
    row = next(row for row in table.rows if row.key.endswith("|225"))
    assert row.cells[2].text == "二十五、225"
    assert (row.cells[3].text, row.cells[3].kind) == ("【待填：支出[功能科目=225]】", OWED)
    layout = (ROOT / "templates/henan/tables/03-expenditure.yaml").read_text(encoding="utf-8")
    layout = layout.replace("部门, 功能科目]", "部门, 单位及功能科目]")
    folder = write(tmp_path, layout)
    plain = FigureBook(a_department(5, units=2), CATALOGUE)
    grouped = Exact(build_table(load_layouts(folder, tmp_path)["x"], plain), plain)
    grouped.sums("合计", ["159001", "159002"])
    grouped.sums("159001", [k for k in grouped.keys(14) if k.startswith("159001/")])


def test_a_department_with_nothing() -> None:
    budget = a_department(7, units=1, lines=3)
    budget = replace(budget, expenditure=(), revenue=(), projects=(), procurement=())
    book = FigureBook(budget, CATALOGUE)
    for table in tables_of(book).values():
        grid_of(table, body_only=False)
        if table.id[:2] not in ("01", "02", "04", "08"):
            assert len(table.notes) == 1, table.id
        if table.id[:2] in ("03", "06", "07", "10", "12", "14"):
            assert [row.key for row in table.rows if row.role != HEADER] == ["合计"]
            assert any(cell.text.startswith("合计") for cell in table.rows[-1].cells)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_table_is_a_full_grid(seed: int) -> None:
    for exact in synthetic(seed)[1].values():
        grid_of(exact.table, body_only=False)


# Editors' mistakes


def write(root: Path, text: str, name: str = "x") -> Path:
    folder = root / "henan" / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


GOOD = """\
标题: "{年}年表"
目录名: 一、表
纸张: 横向
取自: 支出
行: [合计, 部门, 功能科目]
列:
  - {名称: 类, 内容: 功能类}
  - {名称: 名称, 内容: 功能科目名称、合计}
  - {名称: 合计}
  - 名称: 基本支出
    条件: {支出性质: 基本支出}
    列:
      - {名称: 小计}
      - {名称: 人员, 条件: {经济科目: 301、303}, 空: 零}
"""
SIDES = """\
标题: 表
目录名: 一、表
纸张: 纵向
左:
  名称: 收入
  列: [{名称: 项目, 内容: 标签}, {名称: 金额}]
  各行:
    - {标签: 合计, 指标: 收入总计}
右:
  名称: 支出
  列: [{名称: 项目, 内容: 标签}, {名称: 金额}]
  各行:
    - {标签: "{序号}、{名称}", 取自: 支出, 按类: 是}
"""
FORM = GOOD + """\
表单:
  - 标签: 部门
    各行:
      - 单元格: [{内容: 部门名称, 跨列: 3}]
"""

# (layout, old, new, rule, line)
MISTAKES = [
    (GOOD, "纸张: 横向", "纸长: 横向", "unknown-key", 3),
    (GOOD, "纸张: 横向\n", "", "missing-key", 1),
    (GOOD, "纸张: 横向", "纸张: 横", "bad-choice", 3),
    (GOOD, "部门, 功能科目]", "部门, 功能项]", "unknown-rows", 5),
    (GOOD, "取自: 支出", "取自: 支岀", "unknown-measure", 4),
    (GOOD, "内容: 功能类", "内容: 功能雷", "unknown-text", 7),
    (GOOD, "{名称: 合计}", "{名称: 合计, 指标: 收入总记}", "unknown-figure", 9),
    (GOOD, "{名称: 合计}", "{名称: 合计, 指标: 支出总计}", "figure-by-row", 9),
    (GOOD, "条件: {支出性质", "条件: {支出姓质", "unknown-key", 11),
    (GOOD, "{支出性质: 基本支出}", "{支出性质: 基本}", "bad-choice", 11),
    (GOOD, "301、303", "30", "bad-code", 14),
    (GOOD, "空: 零", "空: 无", "bad-choice", 14),
    (GOOD, "{名称: 小计}", "{名称: 人员}", "duplicate-column", 14),
    (GOOD, "{经济科目: 301、303}", "{支出性质: 项目支出}", "contradiction", 14),
    (GOOD, "取自: 支出", "取自: 收入", "no-such-dimension", 9),
    (GOOD, "取自: 支出\n", "", "no-content", 8),
    (GOOD, "{名称: 小计}", "{名称: 小计, 内容: 功能类, 取自: 支出}", "text-and-amount", 13),
    (GOOD, "  - 名称: 基本支出", "  - 宽: 5\n    名称: 基本支出", "group-with-content", 10),
    (GOOD, "{名称: 小计}", "{名称: 小计, 宽: 0}", "bad-number", 13),
    (GOOD, "{年}年表", "{念}年表", "unknown-word", 1),
    (GOOD, "{年}年表", "｛年｝年表", "bad-braces", 1),
    (GOOD, "{名称: 合计}", "{名称: 合计， 宽: 5}", "yaml-syntax", 9),
    (GOOD, "{名称: 小计}", "{名称: 小计", "yaml-syntax", 14),
    (GOOD, "取自: 支出", "取自: 支出\n合计跨列: 3", "total-over-amounts", 1),
    (GOOD, "[合计, 部门, 功能科目]", "[部门, 功能科目]\n合计跨列: 1", "no-total", 1),
    (GOOD, GOOD, "标题: 表\n目录名: 表\n纸张: 横向\n", "no-columns", 1),
    (SIDES, SIDES[SIDES.index("右:") :], "", "one-side", 1),
    (SIDES, "纸张: 纵向", "纸张: 纵向\n取自: 支出", "two-shapes", 1),
    (SIDES, "收入总计}", "收入总计, 取自: 收入}", "no-content", 8),
    (SIDES, "{名称: 金额}]\n  各行:\n    - {标签: 合计", "{名称: 金额, 指标: 收入总计}]\n  各行:\n    - {标签: 合计", "amount-in-column", 6),
    (SIDES, "{名称: 金额}]\n  各行:\n    - {标签: 合计", "{名称: 金额, 条件: {资金来源: 政府性基金}}]\n  各行:\n    - {标签: 合计", "figure-by-column", 8),
    (SIDES, "取自: 支出, 按类", "取自: 收入, 按类", "no-such-dimension", 13),
    (FORM, "跨列: 3", "跨列: 2", "bad-span", 18),
    (FORM, "内容: 部门名称", "内容: 单位名称", "unknown-text", 18),
    (FORM, "{内容: 部门名称, ", "{", "bad-cell", 18),
]


@pytest.mark.parametrize(("layout", "old", "new", "rule", "line"), MISTAKES)
def test_mistakes_are_reported_at_their_line(
    tmp_path: Path, layout: str, old: str, new: str, rule: str, line: int
) -> None:
    assert old in layout
    with pytest.raises(ProblemsFound) as caught:
        load_layouts(write(tmp_path, layout.replace(old, new, 1)), tmp_path)
    found = [(p.rule, p.place.path, p.place.line) for p in caught.value.problems]
    assert (rule, "henan/tables/x.yaml", line) in found, found
    assert all(p.hint and p.excerpt for p in caught.value.problems)


def test_all_layouts_are_checked_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("纸张", "纸长").replace("功能科目]", "功能项]"), "a")
    folder = write(tmp_path, SIDES.replace("收入总计", "收入总记").replace("{序号}", "{序}"), "b")
    with pytest.raises(ProblemsFound) as caught:
        load_layouts(folder, tmp_path)
    found = {(p.place.path[-6:], p.rule) for p in caught.value.problems}
    assert found >= {
        *(("a.yaml", "unknown-key"), ("a.yaml", "unknown-rows")),
        *(("b.yaml", "unknown-figure"), ("b.yaml", "unknown-word")),
    }
    assert any("是不是“收入总计”" in p.hint for p in caught.value.problems)


def test_layouts_are_parsed_once_and_again_when_they_change(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    first = load_layouts(folder, tmp_path)
    assert load_layouts(folder, tmp_path) is first
    assert load_layouts(write(tmp_path, GOOD.replace("年表", "年的表")), tmp_path) is not first
    write(tmp_path, GOOD, "y")
    with pytest.raises(ProblemsFound, match="duplicate-contents"):
        load_layouts(write(tmp_path, GOOD), tmp_path)
