"""Slips of the hand in data: what is told of them, and where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.problems import ProblemsFound, suggestion
from generator.residue import DOUBLED_WORDS

ROOT = Path(__file__).parents[1]
PROJECTOR = (
    '- {单位: "159001", 功能科目: "2010399", 采购项目: 投影仪, 采购目录: 货物, 规格: 台, '
    "计量单位: 台, 采购数量: 1, 金额: 9000.00}\n"
)
RATE = "    - {一级指标: 产出指标, 三级指标: 事件受理率, 指标值: 100%}\n"
TASK = "  - {任务名称: 3. 推进算力中心建设。, 主要内容: 按照市政府意见推进算力中心建设，切实有效开展工作。}\n"
SATISFIED = (
    "  - {一级指标: 效益指标, 二级指标: 满意度, 三级指标: 社会满意度, 指标值: 社会满意度, "
    "指标值说明: 社会满意度}\n"
)
NAME = "平顶山市政务服务和大数据管理局"
CODE = '功能科目: "2010399", 采购项目: 办公用纸'

# (file, old, new, rule, line, words)
SLIPS = [
    ("procurement", PROJECTOR, PROJECTOR * 2, "line-twice", 6, "“投影仪”9000.00 元有 2 行"),
    ("projects", RATE, RATE * 2, "line-twice", 14, "“事件受理率”写了 2 遍"),
    ("performance", TASK, TASK * 2, "line-twice", 18, "“3. 推进算力中心建设。”写了 2 遍"),
    ("performance", SATISFIED, SATISFIED * 2, "line-twice", 52, "“社会满意度”写了 2 遍"),
    ("department", "[办公室, ", "[办公室, 办公室, ", "line-twice", 26, "“办公室”写了 2 遍"),
    ("department", "[办公室, ", "[办公室, 办公室, ", "line-twice", 26, "确实不是重复，写进"),
    ("procurement", "采购数量: 40", "采购数量: 0", "zero-line", 8, "“电脑”数量是 0"),
    ("procurement", "金额: 9000.00", "金额: 0", "zero-line", 5, "“投影仪”金额是 0"),
    ("department", f"部门名称: {NAME}", "部门名称: 平顶山市政务服务和大数据管里局", "name-slip", 3, NAME),
    ("department", f"名称: {NAME}, 本级", "名称: 平顶山市政务服务和大数据管局, 本级", "name-slip", 14, NAME),
    ("projects", "- 名称: 综窗", "-名称: 综窗", "yaml-syntax", 4, "横线后面要空一格"),
    ("projects", "  绩效指标:\n", "#  绩效指标:\n", "yaml-syntax", 9, "上面少了这几条的键"),
    ("procurement", CODE, CODE.replace("2010399", "201039"), "bad-code", 3, "应当是7位数字，这里是6位"),
    ("procurement", CODE, CODE.replace("2010399", "2O10399"), "bad-code", 3, "有字母“O”"),
    ("procurement", CODE, CODE.replace("2010399", "2010399 "), "bad-code", 3, "前后多了空格"),
    ("procurement", CODE, CODE.replace("2010399", "2010939"), "unknown-code", 3, "是不是“2010399”"),
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def edit(data: Path, name: str, old: str, new: str) -> None:
    file = data / "2023" / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(("name", "old", "new", "rule", "line", "words"), SLIPS)
def test_a_slip_is_told_where_it_is(
    data: Path, name: str, old: str, new: str, rule: str, line: int, words: str
) -> None:
    edit(data, name, old, new)
    try:
        problems = build_disclosure(data, 2023).problems
    except ProblemsFound as error:
        problems = error.problems
    (problem,) = (p for p in problems if p.rule == rule)
    assert problem.place[:2] == (f"2023/{name}.yaml", line)
    assert words in problem.message + problem.hint


def test_a_file_that_was_not_saved_to_its_end_is_no_matter_of_encoding(data: Path) -> None:
    file = data / "2023/projects.yaml"
    file.write_bytes("- 名称: 综窗".encode()[:-1])
    with pytest.raises(ProblemsFound) as found:
        build_disclosure(data, 2023)
    (problem,) = (p for p in found.value.problems if p.place.path == "2023/projects.yaml")
    assert (problem.rule, problem.place.line) == ("not-utf-8", 1)
    assert "像是没有存完" in problem.message


def test_an_amount_in_the_wrong_measure_on_both_sides_is_told(data: Path) -> None:
    """The figure that changed most, not every sum that it is in."""
    edit(data, "expenditure", "金额: 15000.00", "金额: 150000000.00")
    edit(data, "revenue", "3414550.00", "153399550.00")
    (problem,) = (p for p in build_disclosure(data, 2023).problems if p.rule == "total-scale")
    assert problem.message.startswith("公务接待费今年是 15001万元，上年公布的是 2万元")
    assert problem.hint.endswith("确实相差这么多，写进 acknowledged.yaml")


def test_the_code_that_one_slip_makes_of_it_is_suggested_first() -> None:
    codes = ["2010399", "2010350", "2013950", "2013904", "2013903"]
    assert suggestion("2010390", codes) == "是不是“2010350”、“2010399”、“2013950”？"
    assert suggestion("2013099", codes).startswith("是不是“2010399”")


def test_a_year_in_numerals_is_no_word_typed_twice() -> None:
    assert not DOUBLED_WORDS.search("到二零二零年底")
    assert DOUBLED_WORDS.search("二零二零年二零二零年")
