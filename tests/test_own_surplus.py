"""使用非财政拨款结余: a part of 上年结转结余, which most places print apart from 上年结转."""

from __future__ import annotations

from pathlib import Path

import pytest
from departments import random_department
from messy_workbooks import Page, exportable, write_book
from sentence_desk import LINE, REVENUE, add, build, data, refused, replace, section, templates
from table_grids import grid_of, load_layouts, tables_of
from test_import import fresh_year
from test_import_messages import HEADER, line, page, plan_of, said, year
from test_import_published import pages, run

from generator.__main__ import main
from generator.build import Built
from generator.checks.last_year import fact_parts_add_up, fact_totals_agree
from generator.document import Table
from generator.figures.book import FigureBook
from generator.figures.expressions import select
from generator.publishing.freezing import line_rows
from generator.tables.build import build_table
from generator.terms import CARRIED, CARRIED_ORIGINS, OWN_SURPLUS, THIS_YEAR

__all__ = ["data", "templates", "year"]  # fixtures

APART = """\
标题: 收入总表
目录名: 一、收入
纸张: 纵向
取自: 收入
行: [合计]
列:
  - {名称: 合计, 内容: 合计}
  - {名称: 总计}
  - 名称: 结转
    条件: {来源年度: 结转}
    列:
      - {名称: 小计}
      - {名称: 上年结转, 条件: {来源年度: 上年结转}}
      - {名称: 单位资金, 条件: {来源年度: 上年结转, 资金来源: 单位资金}}
      - {名称: 使用非财政拨款结余, 条件: {来源年度: 使用非财政拨款结余}}
  - {名称: 又一遍, 条件: {来源年度: 结转、上年结转、使用非财政拨款结余}}
  - {名称: 使用非财政拨款结余, 指标: 使用非财政拨款结余}
  - {名称: 上年结转, 指标: 上年结转}
"""


def carry(data: Path, fund: str, origin: str, received: int, spent: int | None = None) -> None:
    amount = received if spent is None else spent
    spending = LINE.format("公用经费", "30201", f"来源年度: {origin}, ", fund, amount)
    add(data, "revenue.yaml", REVENUE.format(fund, received, origin))
    add(data, "expenditure.yaml", spending)


@pytest.fixture
def carrying(data: Path) -> Path:
    """5万元 of the general budget and 2万元 of own funds carried over, and 3万元 of the surplus."""
    carry(data, "一般公共预算", CARRIED, 50_000)
    carry(data, "单位资金", CARRIED, 20_000)
    carry(data, "事业收入", OWN_SURPLUS, 10_000)
    carry(data, "单位资金", OWN_SURPLUS, 20_000)
    return data


def amounts(built: Built, *names: str) -> list[str]:
    return [str(built.book.named(name).printed) for name in names]


def test_the_sum_is_both_and_each_is_a_figure_of_its_own(carrying: Path) -> None:
    built = build(carrying)
    found = amounts(built, "收入总计", "本年收入合计", "上年结转结余", *CARRIED_ORIGINS)
    assert found == ["110.0", "100.0", "10.0", "7.0", "3.0"]


def test_henan_prints_the_sum_in_its_text_and_tables(carrying: Path) -> None:
    built = build(carrying)
    assert "其中：本年收入合计100万元，上年结转结余10万元。" in section(built, "、收入预算总体情况")
    tables = tables_of(built.book)

    def total(table: Table, *columns: str) -> list[str]:
        keys = [column.key for column in table.columns]
        row = next(r for r in grid_of(table) if "合计" in r)
        return [row[keys.index(column)] for column in columns]

    parts = ("上年结转结余/合计", "上年结转结余/一般公共预算", "上年结转结余/单位资金")
    assert total(tables["02"], "总计", *parts) == ["110.0", "10.0", "5.0", "5.0"]
    assert total(tables["07"], "总计", *parts) == ["110.0", "10.0", "5.0", "5.0"]
    assert ["上年结转结余", "10.0"] in [row[:2] for row in grid_of(tables["01"])]


def test_a_layout_selects_each(carrying: Path, tmp_path: Path) -> None:
    folder = tmp_path / "place/tables"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(APART, encoding="utf-8")
    table = build_table(load_layouts(folder, tmp_path)["x"], build(carrying).book)
    (row,) = grid_of(table)
    assert row == ["合计", "110.0", "10.0", "7.0", "2.0", "3.0", "10.0", "3.0", "7.0"]


def test_a_selection_keeps_its_name_and_a_published_line_its_word(carrying: Path) -> None:
    """What was published before there were two parts is still the same."""
    book = build(carrying).book
    carried = [row for row in line_rows(book) if row[0] == "收入" and row[3] != "本年"]
    assert [row[3] for row in carried] == [CARRIED, CARRIED, OWN_SURPLUS, OWN_SURPLUS]
    whole = book.select(select("收入", 来源年度=CARRIED, 资金来源="单位资金"))
    assert (whole.name, str(whole.printed)) == ("收入[来源年度=结转,资金来源=单位资金]", "5.0")


@pytest.mark.parametrize("file", ["revenue.yaml", "expenditure.yaml"])
@pytest.mark.parametrize("fund", ["一般公共预算", "政府性基金", "财政专户管理资金"])
def test_other_money_has_no_such_surplus(file: str, fund: str, data: Path, templates: Path) -> None:
    carry(data, fund, CARRIED, 50_000)
    replace(data / "2024" / file, CARRIED, OWN_SURPLUS)
    found = [p for p in refused(data, templates) if p.rule == "own-surplus"]
    assert [(p.place.path, p.place.line) for p in found] == [(f"2024/{file}", 2)]
    assert found[0].message == f"{fund}没有使用非财政拨款结余"


def test_a_data_line_says_carried_over_in_one_word(data: Path, templates: Path) -> None:
    carry(data, "一般公共预算", "上年结转", 50_000)
    found = {(p.rule, p.hint) for p in refused(data, templates)}
    assert found == {("bad-choice", "可写：本年、结转、使用非财政拨款结余")}


@pytest.mark.parametrize(
    ("received", "spent", "kept", "found"),
    [
        ((20_000, 30_000), (20_000, 30_000), 0, []),
        ((20_000, 30_000), (30_000, 20_000), 0, ["上年结转", "使用非财政拨款结余"]),
        ((20_000, 30_000), (20_000, 20_000), 10_000, []),
        ((20_000, 30_000), (15_000, 25_000), 10_000, []),
        ((20_000, 30_000), (30_000, 15_000), 5_000, ["上年结转", "使用非财政拨款结余"]),
        # Each by itself might have been carried out, both are more than was.
        ((20_000, 30_000), (12_000, 22_000), 10_000, ["上年结转结余"]),
    ],
)
def test_each_part_pays_for_itself(
    received: tuple[int, int],
    spent: tuple[int, int],
    kept: int,
    found: list[str],
    data: Path,
    templates: Path,
) -> None:
    for origin, *sides in zip((CARRIED, OWN_SURPLUS), received, spent, strict=True):
        carry(data, "单位资金", origin, *sides)
    rest = sum(spent) + kept - sum(received)
    if rest:
        carry(data, "其他收入", THIS_YEAR, max(rest, 0) + 1_000, max(-rest, 0) + 1_000)
    if kept:
        item = f'年终结转结余: [{{单位: "301001", 资金来源: 单位资金, 金额: {kept}}}]\n'
        add(data, "department.yaml", item)
    problems = refused(data, templates) if found else build(data).problems
    uneven = [p for p in problems if p.rule == "carried-revenue"]
    assert [p.message.partition("单位资金")[2].partition("收支")[0] for p in uneven] == found
    written = [OWN_SURPLUS if name == OWN_SURPLUS else CARRIED for name in found]
    assert [p.hint.rpartition(" ")[2] for p in uneven] == written


def facts_book(data: Path, *facts: tuple[str, float]) -> FigureBook:
    file = data / "2023/published/facts.yaml"
    with file.open("a", encoding="utf-8") as published:
        for figure, amount in facts:
            published.write(f"  - {{指标: {figure}, 数值: {amount}}}\n")
    return build(data).book


@pytest.mark.parametrize(
    ("parts", "agrees"),
    [
        ([("上年结转", 6.0), ("使用非财政拨款结余", 4.0)], True),
        ([("上年结转", 10.0)], True),
        ([("上年结转", 7.0), ("使用非财政拨款结余", 4.0)], False),
    ],
)
def test_last_years_parts_stand_for_their_sum(
    parts: list[tuple[str, float]], agrees: bool, data: Path
) -> None:
    book = facts_book(data, ("本年收入合计", 90.0), *parts)
    assert len(list(fact_parts_add_up(book))) == (0 if agrees else 1)


def test_last_years_part_is_no_larger_than_its_whole(data: Path) -> None:
    book = facts_book(data, ("上年结转结余", 3.0), ("使用非财政拨款结余", 4.0))
    (problem,) = fact_totals_agree(book)
    assert problem.message == "上年的使用非财政拨款结余 4万元大于上年结转结余 3万元"


@pytest.mark.parametrize(
    ("word", "origin"),
    [
        ("使用非财政拨款结余", OWN_SURPLUS),
        ("用以前年度的非财政拨款结余", OWN_SURPLUS),
        ("用事业基金弥补收支差额", OWN_SURPLUS),
        ("非财政拨款结转", CARRIED),
        ("财政拨款结转结余", CARRIED),
    ],
)
def test_an_import_knows_the_word(word: str, origin: str, year: Path) -> None:
    header = [*HEADER[:-1], "来源年度", HEADER[-1]]
    plan = plan_of(year, page([*line(), word, 5], header=header))
    assert said(plan) == []
    (record,) = plan.records["expenditure.yaml"]
    assert record.values["来源年度"] == origin


def test_an_import_knows_the_column(tmp_path: Path) -> None:
    made = exportable(random_department(4, units=1, lines=3))
    folder = fresh_year(made, tmp_path)
    (unit,) = (str(unit["代码"]) for unit in made.units)
    rows = [
        ["部门收入总表（单位：万元）"],
        ["单位代码", "合计", "一般公共预算", "事业收入", "使用非财政拨款结余"],
        [unit, 6, 3, 2, 1],
    ]
    path = write_book(tmp_path / "收入.xlsx", [Page("二、收入", rows, [])])
    command = ["import", str(path), "--year", str(made.year), "--data", str(tmp_path)]
    assert main(command) == 0
    assert (folder / "revenue.yaml").read_text(encoding="utf-8").splitlines()[1:] == [
        f'- {{单位: "{unit}", 资金来源: 一般公共预算, 金额: 30000.00}}',
        f'- {{单位: "{unit}", 资金来源: 事业收入, 金额: 20000.00}}',
        f'- {{单位: "{unit}", 资金来源: 单位资金, 来源年度: 使用非财政拨款结余, 金额: 10000.00}}',
    ]


@pytest.mark.parametrize(
    ("surplus", "facts"),
    [
        (1.0, ["使用非财政拨款结余, 数值: 1.0", "上年结转, 数值: 3.2"]),
        ("", ["上年结转结余, 数值: 3.2"]),
    ],
)
def test_published_forms_that_print_both_give_both(
    surplus: object, facts: list[str], tmp_path: Path
) -> None:
    tables = pages()
    tables[1].rows.insert(6, ["使用非财政拨款结余", surplus, "", ""])
    tables[1].rows.insert(7, ["上年结转", 3.2, "结转下年", ""])
    write_book(tmp_path / "附表.xlsx", tables)
    assert run(tmp_path) == 0
    text = (tmp_path / "2022" / "published" / "facts.yaml").read_text("utf-8")
    found = [fact[len("  - {指标: ") : -1] for fact in text.split("\n") if "结" in fact]
    assert found == facts
