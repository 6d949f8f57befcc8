"""One change of each kind in a year: told once, in the right layer, with nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from compare_tools import DATA, TEMPLATES, edited_sample

from generator.compare.changes import (
    DELETED,
    EDITED,
    FIGURES,
    LAYOUT,
    MOVED,
    NEW,
    WORDING,
    Comparison,
)
from generator.compare.comparison import compare
from generator.compare.sides import Side, side_of_year

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
