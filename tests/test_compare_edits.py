"""One change of each kind in a year: told once, in the right layer, with nothing beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from compare_tools import DATA, TEMPLATES, edited_sample, with_table

from generator.compare import changes
from generator.compare.changes import (
    DELETED,
    EDITED,
    FIGURES,
    LAYOUT,
    MOVED,
    NEW,
    SENTENCE,
    TWO_WAYS,
    WORDING,
    Comparison,
)
from generator.compare.comparison import compare
from generator.compare.reports.text import text_report
from generator.compare.sides import Side, side_of_year
from generator.document import BODY, Cell, Contents, Row, Table

Edit = tuple[str, str, str]
Told = tuple[str, str, str, str]

PROJECT, OTHER_NAME, OTHER_CODE = "综窗劳务费", "综合窗口劳务费", "41040023000000008045"
INDICATOR = "    - {一级指标: 产出指标, 三级指标: 组织考核次数, 指标值: 12次}\n"
LAST = "    - {一级指标: 产出指标, 三级指标: 工资发放时效性, 指标值: 每月25号}\n"
RENAMED = [
    ("projects.yaml", f"名称: {PROJECT}", f"名称: {OTHER_NAME}"),
    ("expenditure.yaml", f"项目: {PROJECT}", f"项目: {OTHER_NAME}"),
]
RECODED = ("projects.yaml", "41040023000000008044", OTHER_CODE)
ITEM_SPENDING = "支出[功能科目=2080501,资金来源=一般公共预算]"
EXPLANATION = "narrative/30-explanation.txt"

EDITS: dict[str, tuple[list[Edit], list[Told]]] = {
    "an indicator goes": (
        [("projects.yaml", INDICATOR, "")],
        [(LAYOUT, DELETED, "行“组织考核次数”（41040023000000008044）", "")],
    ),
    "an indicator moves": (
        [("projects.yaml", INDICATOR, ""), ("projects.yaml", LAST, LAST + INDICATOR)],
        [(LAYOUT, MOVED, "行“组织考核次数”（41040023000000008044）", "")],
    ),
    "an indicator is worded otherwise": (
        [("projects.yaml", "三级指标: 组织考核次数", "三级指标: 组织集中考核次数")],
        [(WORDING, EDITED, "", "集中")],
    ),
    "an indicator is counted otherwise": (
        [("projects.yaml", INDICATOR, INDICATOR.replace("12次", "100%"))],
        [(WORDING, EDITED, "12次", "100%")],
    ),
    "a project is renamed": (RENAMED, [(WORDING, EDITED, "窗", "合窗口")]),
    "a project goes on under another code": (
        [RECODED],
        [(WORDING, EDITED, "41040023000000008044", OTHER_CODE)],
    ),
    "a name in the contents": (
        [("tables/10-projects.yaml", "目录名: 十、项目支出预算表", "目录名: 十、项目支出明细表")],
        [(WORDING, EDITED, "预算", "明细")],
    ),
    "a title and its name in the contents": (
        [("tables/10-projects.yaml", "项目支出预算表", "项目支出明细表")],
        [(WORDING, EDITED, "预算", "明细")],
    ),
    "another figure in the same words": (
        [(EXPLANATION, "的支出总额为{{ 支出合计", "的支出总额为{{ 项目支出")],
        [(WORDING, EDITED, "832.3", "211")],
    ),
    "a figure that only the new line prints": (
        [(EXPLANATION, "{{ 项目个数 | 数量 }}", "{{ 项目个数 | 数量 }}，重点{{ 重点项目个数 | 数量 }}")],
        [(FIGURES, NEW, "", "0个"), (WORDING, EDITED, "", "，重点（数）")],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sample() -> Side:
    return side_of_year(2023, DATA, TEMPLATES)


def told(found: Comparison) -> list[Told]:
    """Layer and kind of each change, and what became what; a row by what it is called."""
    return [
        (change.layer, change.kind, old or ("" if new else change.title), new)
        for change in found.changes
        for old, new in [edit.closely()[1:3] for edit in change.edits] or [(change.old, change.new)]
    ]


@pytest.mark.parametrize("case", EDITS)
def test_one_edit_is_told_once(sample: Side, tmp_path: Path, case: str) -> None:
    edits, expected = EDITS[case]
    assert told(compare(sample, edited_sample(tmp_path, *edits))) == expected


IS_MANY = "{% if 一般公务用车 is 多个 %}"
CARS = ("assets.yaml", "一般公务用车: 2", "一般公务用车: 1")
BRANCHES = {
    "a clause": ("；单价{{", f"，{IS_MANY}车多{{% else %}}车少{{% endif %}}；单价{{{{", "车多；", "车少；"),
    "words of a clause": (
        "共有车辆{{",
        f"{IS_MANY}一共有{{% else %}}只有{{% endif %}}车辆{{{{",
        "我部门一共有车辆2辆，",
        "我部门只有车辆1辆，",
    ),
    "words of a heading": (
        "### （五）国有资产占用情况。",
        f"### （五）国有资产{IS_MANY}占用{{% endif %}}情况。",
        "国有资产占用情况。",
        "国有资产情况。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edited", [False, True], ids=["", "in an edited line"])
@pytest.mark.parametrize("case", BRANCHES)
def test_what_the_data_choose_inside_a_line_is_no_edit(
    tmp_path: Path, case: str, *, edited: bool
) -> None:
    """No figure of the clause turned: only the line itself tells that it holds both."""
    words, branches, old, new = BRANCHES[case]
    line = (EXPLANATION, words, branches)
    more = [(EXPLANATION, "，单位价值", "，每件价值")] if edited else []
    sides = (
        edited_sample(tmp_path / "old", line),
        edited_sample(tmp_path / "new", line, CARS, *more),
    )
    found = compare(*sides)
    (switched,) = (change for change in found.changes if change.kind == SENTENCE)
    assert (switched.layer, switched.old, switched.new) == (FIGURES, old, new)
    assert told(found.only(frozenset({WORDING, LAYOUT}))) == (
        [(WORDING, EDITED, "单位", "每件")] if edited else []
    )
    assert "      在：九、其他重要事项情况说明" in text_report(found)


NEW_PROJECT = (
    (
        "projects.yaml",
        f"- 名称: {PROJECT}",
        f"""\
- 名称: 大厅改造
  编码: "41040023000000009001"
  单位: "159001"
  类别: 特定目标类
  绩效指标:
    - {{一级指标: 产出指标, 三级指标: 改造面积, 指标值: 300平方米}}
    - {{一级指标: 产出指标, 三级指标: 改造窗口, 指标值: 20个}}
- 名称: {PROJECT}""",
    ),
    (
        "expenditure.yaml",
        '- {单位: "159002", 类别: 其他运转类',
        '- {单位: "159001", 类别: 特定目标类, 项目: 大厅改造, 功能科目: "2010302", 经济科目: "30213", '
        '资金来源: 一般公共预算, 金额: 100000.00}\n- {单位: "159002", 类别: 其他运转类',
    ),
    ("revenue.yaml", "3414550.00", "3514550.00"),
)


def test_a_new_project_is_one_item_with_its_indicators(sample: Side, tmp_path: Path) -> None:
    """And the unit that has its first project is no new item."""
    found = compare(sample, edited_sample(tmp_path, *NEW_PROJECT))
    items = [c.subject for c in found.layer(FIGURES) if c.subject.startswith("行/")]
    assert items == ["行/2010302", "行/30213/50209", "行/41040023000000009001"]
    unit = next(
        c for c in found.layer(FIGURES) if c.subject == "支出[单位=159001,支出性质=项目支出]"
    )
    assert (unit.kind, unit.new) == (NEW, "10.0")
    assert found.counts()["layout"] == 0


def test_a_project_without_its_indicators_is_not_gone(sample: Side, tmp_path: Path) -> None:
    projects = (DATA / "2023/projects.yaml").read_text(encoding="utf-8")
    targets = projects[projects.index("  绩效指标:") :]
    found = compare(sample, edited_sample(tmp_path, ("projects.yaml", targets, "")))
    assert [c.subject for c in found.changes if c.subject.startswith("行/")] == []
    assert [c.kind for c in found.changes if c.layer != FIGURES] == []


def test_a_small_fall_is_no_rise_of_nothing(sample: Side, tmp_path: Path) -> None:
    paper = '功能科目: "2080501", 经济科目: "30299", 资金来源: 一般公共预算, 金额: '
    edits = (
        ("expenditure.yaml", f"{paper}4000.00", f"{paper}1000.00"),
        ("revenue.yaml", "3414550.00", "3411550.00"),
    )
    report = text_report(compare(sample, edited_sample(tmp_path, *edits)))
    assert "832.3万元 → 832万元  -0.3（不足0.1%）" in report
    assert "0.0%" not in report


def test_a_number_printed_two_ways_is_named_as_readers_know_it(sample: Side) -> None:
    def with_another_number(table: Table) -> Table:
        rows = [
            row._replace(
                cells=tuple(
                    cell._replace(text="9.9") if cell.figure == ITEM_SPENDING else cell
                    for cell in row.cells
                )
            )
            for row in table.rows
        ]
        return replace(table, rows=tuple(rows))

    found = compare(sample, with_table(sample, "05-general-public-budget", with_another_number))
    (caution,) = (caution for caution in found.cautions if caution.kind == TWO_WAYS)
    assert "“支出·2080501行政单位离退休·一般公共预算”印了不同的数：9.9、16.2" in caution.message


def test_a_bracket_is_not_parted_from_the_one_that_opens_it() -> None:
    edit = changes.Edit("主要原因：", "业务量增加（一期）。", "人员变动（二期）。", "")
    assert edit.closely() == ("主要原因：", "业务量增加（一期）", "人员变动（二期）", "。")
    within = changes.Edit("", "按规定（2023年）执行", "按要求（2023年）执行", "")
    assert within.closely()[1:3] == ("规定", "要求")


def test_contents_that_moved_are_named_as_contents(sample: Side) -> None:
    assert sample.document is not None
    sections = [
        replace(section, blocks=tuple(b for b in section.blocks if not isinstance(b, Contents)))
        for section in sample.document.sections
    ]
    last = sections.pop()
    sections.append(replace(last, blocks=(*last.blocks, Contents())))
    other = replace(sample, document=replace(sample.document, sections=tuple(sections)))
    assert [(c.kind, c.title) for c in compare(sample, other).changes] == [(MOVED, "目录")]


def test_a_new_row_of_typed_amounts_has_its_falls_too(sample: Side) -> None:
    def with_a_row(table: Table) -> Table:
        texts = ("临时项目", *("-12.0" for _ in table.columns[1:]))
        cells = tuple(Cell(text, column) for column, text in enumerate(texts))
        return replace(table, rows=(*table.rows, Row("临时项目", BODY, cells)))

    other = with_table(sample, "05-general-public-budget", with_a_row)
    (item,) = (c for c in compare(sample, other).layer(FIGURES) if c.subject == "行/临时项目")
    columns = len(table_of(other, "05-general-public-budget").columns)
    assert (item.new, item.details) == ("-12.0", (f"这一行印有 {columns - 1} 个数",))


def table_of(side: Side, identity: str) -> Table:
    assert side.document is not None
    tables = (block for block in side.document.blocks() if isinstance(block, Table))
    return next(table for table in tables if table.id == identity)
