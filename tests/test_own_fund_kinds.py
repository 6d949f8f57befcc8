"""事业单位经营支出, 上缴上级支出, 对附属单位补助支出: neither basic nor project expenditure."""

from __future__ import annotations

from pathlib import Path

import pytest
from sentence_desk import LINE, REVENUE, add, build, data, refused, replace, section, templates
from table_grids import grid_of, tables_of

from generator.compare.changes import NOT_ADDING_UP
from generator.compare.comparison import compare
from generator.compare.sides import side_of_built
from generator.review.rounding import figure_sums, rounding_differences

__all__ = ["data", "templates"]  # fixtures


@pytest.fixture
def trading(data: Path) -> Path:
    """The institution with 30.04万元 of trade and 20.03万元 for the units attached to it."""
    for kind, fund, amount in (
        ("事业单位经营支出", "事业单位经营收入", "300400"),
        ("对附属单位补助支出", "其他收入", "200300"),
    ):
        add(data, "expenditure.yaml", LINE.format(kind, "30218", "", fund, amount))
        add(data, "revenue.yaml", REVENUE.format(fund, amount, "本年"))
    return data


def test_the_sentences_say_each_with_its_share(trading: Path) -> None:
    built = build(trading)
    assert (
        "基本支出100万元，占66.6%；没有项目支出；"
        "事业单位经营支出30万元，占20%；对附属单位补助支出20万元，占13.3%。"
    ) in section(built, "、支出预算总体情况")
    assert "没有项目支出；事业单位经营支出30万元；对附属单位补助支出20万元。" in section(
        built, "绩效目标设置情况"
    )
    assert "基本支出100万元，占100%；没有项目支出。" in section(built, "当年预算规模变化")


def test_the_table_of_expenditure_has_a_column_for_each_that_has_money(trading: Path) -> None:
    table = tables_of(build(trading).book)["03"]
    columns = [column.key for column in table.columns]
    assert columns[-3:] == ["项目支出/特定目标类", "事业单位经营支出", "对附属单位补助支出"]
    total, *_, item = grid_of(table)
    assert total[columns.index("合计")] == "150.1"
    assert total[-2:] == item[-2:] == ["30.0", "20.0"]


def test_overall_targets_list_them_beside_basic_and_project_expenditure(trading: Path) -> None:
    rows = tables_of(build(trading).book)["11"].rows
    keys = [row.key for row in rows if row.key.startswith("预算情况/")]
    assert keys[-3:] == [
        "预算情况/(2)项目支出",
        "预算情况/(3)事业单位经营支出",
        "预算情况/(4)对附属单位补助支出",
    ]


def test_sums_and_shares_of_paper_count_them_in(trading: Path) -> None:
    book = build(trading).book
    (whole,) = (s for s in figure_sums(book) if s.where.startswith("支出合计：基本支出"))
    assert whole.where == "支出合计：基本支出与事业单位经营支出与对附属单位补助支出"
    assert {p.severity for p in rounding_differences(book, tables_of(book).values())} == {"尾差"}


def test_they_name_no_project(trading: Path, templates: Path) -> None:
    add(trading, "projects.yaml", '- {名称: 展销, 单位: "301001", 类别: 其他运转类}\n')
    replace(trading / "2024/expenditure.yaml", "事业单位经营支出,", "事业单位经营支出, 项目: 展销,")
    (problem,) = refused(trading, templates)
    assert problem.rule == "project-in-basic"
    assert problem.message == "事业单位经营支出不是项目支出，不应写项目“展销”"


def test_what_one_of_them_changed_is_part_of_what_its_item_changed(data: Path) -> None:
    """The item has basic and project expenditure too, which stay as they are."""
    add(data, "projects.yaml", '- {名称: 展销, 单位: "301001", 类别: 其他运转类}\n')
    shown = LINE.format("其他运转类", "30227", "项目: 展销, ", "一般公共预算", "500000")
    add(data, "expenditure.yaml", shown)
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "500000", "本年"))
    add(data, "reasons.yaml", "- {原因: 工作需要}\n")
    after = side_of_built(build(data), "新")
    add(data, "expenditure.yaml", LINE.format("上缴上级支出", "39999", "", "其他收入", "70000"))
    add(data, "revenue.yaml", REVENUE.format("其他收入", "70000", "本年"))
    found = compare(side_of_built(build(data), "旧"), after)
    assert [c for c in found.cautions if c.kind == NOT_ADDING_UP] == []
