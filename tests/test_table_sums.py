"""A table that contradicts its own header, its other side or the text is a mistake of its layout."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.document import Column
from generator.problems import WARNING, Problem
from generator.review.table_sums import column_sums, figure_of_title, line_sums

ROOT = Path(__file__).resolve().parents[1]

# A layout, what is changed in it, the text of the line that is told, and words of the message.
CHANGES = {
    "part": ("03", '经济科目: "303"', '经济科目: "301"', "名称: 小计", "3 项"),
    "group": ("03", "支出性质: 基本支出", "支出性质: 项目支出", "名称: 合计", "印的合计是 832.3"),
    "named-part": ("08", "指标: 公务用车运行费", "指标: 公务接待费", "名称: 小计", "应当等于 2.5"),
    "fund": ("02", "资金来源: 财政专户管理资金", "资金来源: 一般公共预算", "名称: 合计", "1664.6"),
    "missing-part": ("06", "301、303", "301", "名称: 合计", "605.5"),
    "line": (
        "01", "指标: 政府性基金收入", "指标: 一般公共预算收入", "标签: 本年收入合计", "1664.6",
    ),
    "foot": ("01", "指标: 年终结转结余", "指标: 项目支出", "标签: 支出总计", "1043.3"),
    "right": ("01", "{标签: 支出总计, 指标: 支出总计", "{标签: 支出总计, 指标: 项目支出", "标签: 支出总计", "211.0"),
    "below": ("04", "指标: 一般公共预算收入", "指标: 政府性基金收入", "标签: 一、本年收入", "832.3"),
    "left-right": ("04", "指标: 财政拨款收支", "指标: 项目支出", "标签: 支出合计", "“收入合计：”与“支出合计”"),
    "title": ("13", "资金来源: 国有资本经营预算", "资金来源: 一般公共预算", "名称: 合计", "应当等于 0"),
    "title-nothing": ("10", "支出性质: 项目支出", "支出性质: 基本支出", "标题: ", "应当等于 211.0"),
    "whole": ("07", "取自: 支出", "取自: 支出\n条件: {支出性质: 基本支出}", "名称: 总计", "文字里的支出合计"),
}  # fmt: skip


def doubts_after(name: str, old: str, new: str, root: Path) -> tuple[Path, list[Problem]]:
    shutil.copytree(ROOT / "templates", root / "templates")
    (file,) = (root / "templates/henan/tables").glob(f"{name}-*.yaml")
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    problems = build_disclosure(ROOT / "data", 2023, root / "templates").problems
    return file, [p for p in problems if (p.rule, p.severity) == ("rounding-difference", WARNING)]


@pytest.mark.parametrize("case", CHANGES)
def test_a_changed_condition_is_told_at_the_line_of_the_layout(case: str, tmp_path: Path) -> None:
    name, old, new, line, said = CHANGES[case]
    file, doubts = doubts_after(name, old, new, tmp_path)
    assert {(p.rule, p.place.path) for p in doubts} == {
        ("rounding-difference", f"henan/tables/{file.name}")
    }
    lines = file.read_text("utf-8").split("\n")
    told = [(lines[p.place.line - 1], p.message) for p in doubts]
    assert any(line in text and said in message for text, message in told), told


def promised(*keys: str) -> dict[str, list[str]]:
    sums = column_sums(tuple(Column(key, 1.0) for key in keys))
    return {keys[total]: [keys[part] for part in parts] for total, parts in sums}


def test_a_header_promises_sums_as_far_as_it_tells_them() -> None:
    assert promised("项目", "合计", "甲/小计", "甲/一", "甲/二", "乙/一", "乙/二", "丙") == {
        "甲/小计": ["甲/一", "甲/二"],
        "合计": ["项目", "甲/小计", "乙/一", "乙/二", "丙"],
    }
    assert promised("甲", "合计", "其中：乙", "丙") == {}
    assert promised("总计", "甲/小计", "甲/其中：乙") == {"总计": ["甲/小计"]}
    assert promised("收入合计", "支出合计", "甲") == {}
    assert promised("总计", "合计/甲", "合计/乙") == {}
    assert promised("总计", "甲/其中：乙", "甲/丙") == {}
    assert promised("总计", "甲/乙", "甲") == {"总计": ["甲/乙", "甲"]}


def test_the_lines_of_a_side_promise_sums_as_far_as_their_numbers_tell_them() -> None:
    labels = ("一、甲", "（一）乙", "（二）丙", "二、丁", "本年合计", "结转", "总计")
    assert line_sums(labels, 4) == ((0, (1, 2)), (4, (0, 3)), (6, (4, 5)))
    assert line_sums(("一、甲", "乙", "合计："), 2) == ()
    assert line_sums(("一、甲", "二、乙", "本年", "总计"), 2) == ()
    assert line_sums(("一、甲", "二、乙", "收入合计", "支出合计", "总计"), 2) == ((2, (0, 1)),)


@pytest.mark.parametrize(
    ("title", "figure"),
    [
        ("2023年部门支出预算表", "支出合计"),
        ("2023年支出经济分类汇总表", "支出合计"),
        ("单位收入预算总表", "收入总计"),
        ("2023年一般公共预算支出预算表", "一般公共预算支出"),
        ("一般公共预算基本支出表", "一般公共预算基本支出"),
        ("2023年一般公共预算“三公”经费预算表", "三公经费"),
        ("“三公”经费表", "三公经费"),
        ("政府性基金预算支出情况表", "政府性基金支出"),
        ("政府采购汇总表", "政府采购"),
        ("专项转移支付项目支出表", ""),
        ("支出变动表", ""),
    ],
)
def test_a_title_is_called_like_a_figure(title: str, figure: str) -> None:
    assert figure_of_title(title) == figure
