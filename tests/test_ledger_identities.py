"""Every rule of the reconciliation list: a rule of the ledger, a property of the tables, or of the text.

The list is the 69 identities A01–A25 (within tables), B01–B24 (between tables), C01–C20 (between
tables and text). An identity that holds by construction is tested here or in the files named.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from departments import random_department, write_department
from test_table_identities import BASIC, PARTS, Exact, synthetic

from generator.build import Built, build_disclosure
from generator.document import BODY, HEADER, Heading, Table, text_of
from generator.terms import FUND_GROUPS, OWN_FUND_SOURCES

TESTS = Path(__file__).parent
# What covers a rule: ids of the ledger, and tests that name the rule (A02, B05 …) in their source.
COVERED_BY = {
    "A01": ("revenue-expenditure", "test_the_table_of_revenue_and_expenditure"),
    "B04": ("revenue-expenditure", "test_identities_between_tables"),
    **dict.fromkeys(("A02", "A03", "A04", "A05"), ("test_the_table_of_revenue_and_expenditure",)),
    "A06": ("fiscal-part", "test_the_table_of_revenue_and_expenditure"),
    **dict.fromkeys(("A07", "A08"), ("own-fund-source", "test_identities_within_tables")),
    **dict.fromkeys(
        ("A09", "A10", "A12", "A13", "A16", "A20", "A25"), ("test_identities_within_tables",)
    ),
    "A11": ("kind-economic", "test_identities_within_tables"),
    **dict.fromkeys(("A14", "A15"), ("test_the_table_of_fiscal_appropriation",)),
    "A17": ("rounding-difference", "test_identities_within_tables"),
    "A18": ("kind-economic", "test_economic_subjects_stand_in_their_column"),
    "A19": ("economic-pair",),
    **dict.fromkeys(("A21", "B14", "B15"), ("test_three_public_expenses",)),
    **dict.fromkeys(("A22", "A24"), ("test_projects_in_tables_10_and_12",)),
    "A23": ("test_the_overall_target_is_the_budget",),
    **dict.fromkeys(
        ("B01", "B03", "B05", "B06", "B10", "B13", "B16", "B17"),
        ("test_identities_between_tables",),
    ),
    "B02": ("test_the_table_of_revenue_and_expenditure",),
    "B07": ("test_the_table_of_fiscal_appropriation",),
    **dict.fromkeys(("B08", "B09"), ("test_every_fund_has_its_share_of_an_item",)),
    **dict.fromkeys(("B11", "B12"), ("rounding-difference", "test_economic_subjects_add_up")),
    "B18": ("test_the_overall_target_is_the_budget",),
    "B19": (
        "project-without-budget",
        "project-without-target",
        "test_projects_in_tables_10_and_12",
    ),
    "B20": ("cost-target",),
    "B21": ("procurement-payable",),
    "B22": ("procurement-function",),
    "B23": ("unit-named-twice", "unit-without-budget"),
    "B24": ("duty-missing", "test_empty_tables_and_the_text_agree"),
    **dict.fromkeys(("C01", "C02", "C04", "C06"), ("test_the_text_prints_the_tables_figures",)),
    **dict.fromkeys(
        ("C03", "C08"), ("rounding-difference", "test_the_text_prints_the_tables_figures")
    ),
    "C05": ("abolished-name", "named-twice", "test_the_text_prints_the_tables_figures"),
    "C07": ("items-total-change",),
    "C09": ("test_the_items_named_are_those_of_table_6",),
    "C10": ("test_the_text_prints_the_tables_figures",),
    "C11": (
        "missing-reason",
        "reason-amount",
        "reason-contradicts",
        "reason-duplicate",
        "reason-overused",
        "reason-stale",
        "reason-unknown-figure",
    ),
    **dict.fromkeys(("C12", "C13", "C14"), ("test_the_text_prints_the_tables_figures",)),
    "C15": ("project-without-budget", "test_projects_in_tables_10_and_12"),
    "C16": ("bare-yuan", "vanishing-amount"),
    "C17": ("strange-year",),
    "C18": ("unit-wording", "foreign-department"),
    "C19": ("text-residue", "unbalanced-pair", "reason-residue"),
    "C20": ("abolished-name",),
}
RULES = [f"{k}{n:02}" for k, last in (("A", 25), ("B", 24), ("C", 20)) for n in range(1, last + 1)]


@cache
def built(seed: int) -> Built:
    """A random department with last year."""
    department = random_department(seed, units=4, lines=80, prior=True)
    with TemporaryDirectory() as folder:
        write_department(department, Path(folder))
        return build_disclosure(Path(folder), department.year)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_list_is_covered(rule: str) -> None:
    ledger = {entry.id: entry.basis for entry in built(1).ledger.entries}
    sources = {
        node.name: ast.get_source_segment(text, node) or ""
        for name in ("test_table_identities.py", "test_ledger_identities.py")
        for text in [(TESTS / name).read_text(encoding="utf-8")]
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }
    for coverage in COVERED_BY[rule]:
        if coverage.startswith("test_"):
            assert rule in _spelt_out(sources[coverage]), coverage
        else:
            assert coverage in ledger


def _spelt_out(source: str) -> set[str]:
    """The rules a source names, those of a range A10–A13 too."""
    named = set(re.findall("[ABC][0-9]{2}", source))
    for letter, first, last in re.findall("([ABC])([0-9]{2})–[ABC]([0-9]{2})", source):
        named |= {f"{letter}{number:02}" for number in range(int(first), int(last) + 1)}
    return named


SEEDS = (1, 2, 3)


def side(table: Exact, row: str, column: str, side: int = 0) -> int:
    return table(table.row(row, side), column)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_table_of_revenue_and_expenditure(seed: int) -> None:
    """A01–A06, B02: both sides add up, and the left one is table 2's total row."""
    _, t = synthetic(seed)
    one, two = t["01"], t["02"]
    revenue = {
        row: side(one, row, "收入/金额") for row in ("本年收入合计", "上年结转结余", "收入总计")
    }
    spent = {
        row: side(one, row, "支出/金额", 2) for row in ("本年支出合计", "年终结转结余", "支出总计")
    }
    assert revenue["收入总计"] == revenue["本年收入合计"] + revenue["上年结转结余"]  # A02
    assert revenue["收入总计"] == spent["支出总计"]  # A01
    assert spent["支出总计"] == spent["本年支出合计"] + spent["年终结转结余"]  # A03
    names = (
        "一般公共预算收入",
        "政府性基金收入",
        "国有资本经营预算收入",
        "财政专户管理资金收入",
        *OWN_FUND_SOURCES,
    )
    keys = {row.key.partition("|")[0]: row.key for row in one.table.rows}
    sources = {name: one(keys[name], "收入/金额") for name in names}
    assert revenue["本年收入合计"] == sum(sources.values())  # A04, without 其中：财政拨款
    categories = [row.key for row in one.table.rows if row.key.rpartition("|")[2].isdigit()]
    assert spent["本年支出合计"] == sum(one(key, "支出/金额") for key in categories)  # A05
    fiscal = one(keys["一般公共预算财政拨款收入"], "收入/金额")
    assert fiscal <= sources["一般公共预算收入"]  # A06
    columns = [
        "一般公共预算/小计",
        "政府性基金",
        "国有资本经营预算",
        "财政专户管理资金收入",
        *OWN_FUND_SOURCES,
    ]
    in_two = [two("合计", f"本年收入/{column}") for column in columns]
    assert in_two == list(sources.values())  # B02
    assert two("合计", "本年收入/一般公共预算/其中：财政拨款") == fiscal


@pytest.mark.parametrize("seed", SEEDS)
def test_the_table_of_fiscal_appropriation(seed: int) -> None:
    """A14, A15, B07."""
    _, t = synthetic(seed)
    four, five = t["04"], t["05"]
    general = "支出/一般公共预算/小计"
    for row in four.table.rows:
        if row.role != HEADER:  # A14
            parts = (general, "支出/政府性基金", "支出/国有资本经营预算")
            assert four(row.key, "支出/合计") == sum(four(row.key, part) for part in parts)
        code = row.key.rpartition("|")[2]
        if code.isdigit():  # B07
            items = [key for key in five.keys(7) if key[:3] == code]
            assert four(row.key, general) == sum(five(key, "合计") for key in items)
    income = side(four, "收入合计", "收入/金额")
    parts = (side(four, "一、本年收入", "收入/金额"), side(four, "二、上年结转", "收入/金额"))
    assert income == sum(parts) == side(four, "支出合计", "支出/合计", 2)  # A15
    codes = [row.key for row in four.table.rows if row.key.rpartition("|")[2].isdigit()]
    carried_out = side(four, "二、年终结转结余", "支出/合计", 2)
    assert income == sum(four(key, "支出/合计") for key in codes) + carried_out


@pytest.mark.parametrize("seed", SEEDS)
def test_economic_subjects_stand_in_their_column(seed: int) -> None:
    """A18: 301 and 303 are 人员经费, 302, 309 and 310 are 公用经费."""
    _, t = synthetic(seed)
    money = "本年一般公共预算基本支出"
    rows = [row.key for row in t["06"].table.rows if row.role == BODY]
    assert {key[:3] for key in rows} == {"301", "302", "303", "309", "310"}
    for key in rows:
        empty = "公用经费" if key[:3] in ("301", "303") else "人员经费"
        assert t["06"](key, f"{money}/{empty}") == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_economic_subjects_add_up(seed: int) -> None:
    """B11, B12: the columns of table 5 are the categories of table 6."""
    _, t = synthetic(seed)
    rows = [row.key for row in t["06"].table.rows if row.role == BODY]
    for part, codes in zip(PARTS, (("301",), ("303",), ("302",), ("309", "310")), strict=True):
        added = sum(t["06"](k, "本年一般公共预算基本支出/合计") for k in rows if k[:3] in codes)
        assert t["05"]("合计", part) == added, BASIC


@pytest.mark.parametrize("seed", SEEDS)
def test_three_public_expenses(seed: int) -> None:
    """A21, B14, B15: table 8 is its economic subjects of the general budget, basic and project."""
    book, t = synthetic(seed)
    eight = {column.key: t["08"]("合计", column.key) for column in t["08"].table.columns}
    vehicles = "公务用车购置及运行费"
    parts = ("因公出国（境）费", f"{vehicles}/小计", "公务接待费")
    assert eight["“三公”经费合计"] == sum(eight[part] for part in parts)  # A21
    cars = (f"{vehicles}/公务用车购置费", f"{vehicles}/公务用车运行费")
    assert eight[f"{vehicles}/小计"] == sum(eight[car] for car in cars)
    codes = (("30212",), ("31013", "30913"), ("30231",), ("30217",))
    for column, wanted in zip((parts[0], *cars, parts[2]), codes, strict=True):
        lines = [
            entry
            for entry in book.measures["支出"].entries
            if entry.economic in wanted and entry.fund == "一般公共预算"
        ]
        assert eight[column] == sum(line.fen for line in lines)  # B14
        rows = [r.key for r in t["06"].table.rows if r.key[:5] in wanted]
        basic = sum(t["06"](row, "本年一般公共预算基本支出/合计") for row in rows)
        project = sum(line.fen for line in lines if line.project)
        assert eight[column] == basic + project  # B15: at least table 6, which has no projects


@pytest.mark.parametrize("seed", SEEDS)
def test_projects_in_tables_10_and_12(seed: int) -> None:
    """A22, A24, B19, C15: rows add up, and the same projects have the same amounts."""
    book, t = synthetic(seed)
    ten, twelve = t["10"], t["12"]
    columns = [column.key for column in ten.table.columns[4:]]
    rows = [row.key for row in ten.table.rows if row.role == BODY]
    for row in ("合计", *rows):  # A22
        assert ten(row, "合计") == sum(ten(row, column) for column in columns)
    assert len(rows) == book.named("项目个数").exact  # C15
    published = [row.key for row in twelve.table.rows if "/" in row.key and "#" not in row.key]
    with_targets = {f"{p.unit}/{p.name}" for p in book.budget.projects if p.indicators}
    assert set(published) == with_targets & set(rows)
    amount = "项目金额（元）"
    for row in published:  # A24, B19
        parts = ("政府预算资金", "财政专户管理资金", "单位资金")
        total = twelve(row, f"{amount}/资金总额")
        assert total == sum(twelve(row, f"{amount}/{part}") for part in parts)
        assert total == ten(row, "合计")
    for unit in {row[:6] for row in published}:
        twelve.sums(unit, [row for row in published if row.startswith(unit)])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_overall_target_is_the_budget(seed: int) -> None:
    """A23, B18: by source, by nature, and in all."""
    _, t = synthetic(seed)
    key = "预算情况/{}".format
    form, one, three = t["11"], t["01"], t["03"]
    amounts = {
        row.key: next(form.amounts[at] for at in form.amounts if at[0] == row.key)
        for row in form.table.rows
        if row.key.startswith("预算情况/")
    }
    total = amounts[key("部门预算总额(元)")]
    sources = ("1、资金来源：(1)政府预算资金", "(2)财政专户管理资金", "(3)单位资金")
    natures = ("2、资金结构：(1)基本支出", "(2)项目支出")
    carried_out = side(one, "年终结转结余", "支出/金额", 2)
    assert total == sum(amounts[key(name)] for name in sources)  # A23
    assert total == sum(amounts[key(name)] for name in natures) + carried_out
    assert total == side(one, "支出总计", "支出/金额", 2)  # B18
    assert amounts[key(natures[0])] == three("合计", "基本支出/小计")
    assert amounts[key(natures[1])] == three("合计", "项目支出/小计")
    assert amounts[key(sources[0])] == side(t["04"], "收入合计", "收入/金额")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_fund_has_its_share_of_an_item(seed: int) -> None:
    """B08, B09: table 3 is tables 5, 9, 13 and what 专户 and 单位资金 pay, item by item."""
    book, t = synthetic(seed)
    others = FUND_GROUPS[3:]
    entries = [e for e in book.measures["支出"].entries if e.fund_group in others]
    for item in t["03"].keys(7):
        rest = sum(entry.fen for entry in entries if entry.function == item)
        fiscal = [t[number](item, "合计") for number in ("05", "09", "13")]
        assert t["03"](item, "合计") == sum(fiscal) + rest  # B08
        for number in ("05", "09", "13"):  # B09: no item that table 3 does not have
            assert set(t[number].keys(7)) <= set(t["03"].keys(7))


# Table, narrative section, figures that the section prints as the tables do.
PROSE = (
    ("C01", "一、", ("收入总计", "支出总计")),
    ("C02", "二、", ("收入总计",)),
    ("C03", "三、", ("支出合计", "基本支出", "项目支出")),
    ("C04", "四、", ("一般公共预算收支", "政府性基金收支")),
    ("C05", "五、", ("一般公共预算支出",)),
    ("C06", "五、", ("一般公共预算基本支出", "一般公共预算项目支出")),
    ("C08", "六、", ("一般公共预算基本支出", "一般公共预算人员经费", "一般公共预算公用经费")),
    ("C10", "七、", ("三公经费", "因公出国境费", "公务用车购置费", "公务用车运行费", "公务接待费")),
    ("C12", "九、", ("机关运行经费",)),
    ("C13", "九、", ("政府采购", "政府采购货物", "政府采购工程", "政府采购服务")),
    ("C14", "九、", ("支出合计", "项目支出", "项目个数")),
)


def printed_in(document_of: Built) -> tuple[dict[str, set[str]], dict[str, dict[str, str]]]:
    """Digits printed of every figure, anywhere; and by narrative section."""
    everywhere: dict[str, set[str]] = {}
    by_section: dict[str, dict[str, str]] = {}
    section = ""
    for block in document_of.document.blocks():
        if isinstance(block, Table):
            found = [(c.figure, c.text) for row in block.rows for c in row.cells if c.figure]
        else:
            segments = getattr(block, "segments", ())
            if isinstance(block, Heading) and block.level == 1:
                section = text_of(segments)[:2]
            found = [(s.figure, s.text) for s in segments if s.figure and s.kind == "figure"]
            by_section.setdefault(section, {}).update(
                {str(name): text for name, text in found if name}
            )
        for name, text in found:
            digits = re.match(r"-?[0-9,.]+", text)
            if digits:
                number = digits[0].replace(",", "")
                everywhere.setdefault(str(name), set()).add(
                    number.rstrip("0").rstrip(".") if "." in number else number
                )
    return everywhere, by_section


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_text_prints_the_tables_figures(seed: int) -> None:
    """C01–C06, C08, C10, C12–C14: one figure, one number, wherever it stands; and each is there."""
    everywhere, by_section = printed_in(built(seed))
    assert {name: numbers for name, numbers in everywhere.items() if len(numbers) > 1} == {}
    for _, section, names in PROSE:
        general = built(seed).book.named("一般公共预算支出")
        if section in ("五、", "六、") and not general:
            continue
        wanted = set(names) if section != "九、" or built(seed).book.named("政府采购") else set()
        assert wanted <= by_section[section].keys()
    book = built(seed).book
    items = {
        book.resolve_qualified(general.name, c).name
        for c in book.functions(book.general_public_budget)
    }
    assert items <= by_section["五、"].keys()  # C06
    sources = {n for n, f in ((n, book.named(n)) for n in OWN_FUND_SOURCES) if f}
    assert sources <= by_section["二、"].keys()  # C02


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_items_named_are_those_of_table_6(seed: int) -> None:
    """C09: 不涉及的不列, and nothing that table 6 has an amount of is left out."""
    book, document = built(seed).book, built(seed).document
    text = "\n".join(text_of(getattr(block, "segments", ())) for block in document.blocks())
    six = next(b for b in document.blocks() if isinstance(b, Table) and b.id.startswith("06"))
    names = {
        row.cells[1].text
        for row in six.rows
        if row.role == BODY and any(c.figure and book.resolve(c.figure).exact for c in row.cells)
    }
    listed = re.findall("(?:人员|公用)经费.*，主要包括：(.*)[；。]", text)
    assert {name for line in listed for name in line.split("、")} == names


@pytest.mark.parametrize("seed", range(1, 7))
def test_empty_tables_and_the_text_agree(seed: int) -> None:
    """B24: a fund without money has an empty table that says so, and a sentence that says so."""
    book, document = built(seed).book, built(seed).document
    tables = {block.id[:2]: block for block in document.blocks() if isinstance(block, Table)}
    text = "\n".join(text_of(getattr(block, "segments", ())) for block in document.blocks())
    for number, name in (("09", "政府性基金"), ("13", "国有资本经营预算")):
        spent = bool(book.named(f"{name}支出"))
        assert any(row.role == BODY for row in tables[number].rows) == spent
        assert bool(tables[number].notes) != spent
    assert ("无使用政府性基金预算拨款安排的支出" in text) != bool(book.named("政府性基金支出"))
