"""Our 2023 text against the published one, sentence by sentence, sections 一 to 九.

Every clause of either text stands in the other, except the differences listed here; each of them is
explained in docs/differences-2023.md under its number.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.writers.text import write_text

ROOT = Path(__file__).parents[1]

# Number in docs/differences-2023.md -> (published, ours), as runs of whole clauses.
DIFFERENCES = {
    "T1": (
        "基本支出621.3万元，占74.7%；项目支出211万元，占25.3%。",
        "基本支出621.3万元，占74.6%；项目支出211万元，占25.4%。",
    ),
    "T2": ("政府性基金收支预算增加0万元，增长0%。", "政府性基金收支预算与2022年持平。"),
    "T3": (
        "一般公共服务（类）支出678.4万元，占81.5%；社会保障和就业（类）支出73.8万元，占8.9%；"
        "卫生健康（类）支出36.9万元，占4.4%；住房保障支出（类）支出43.2万元，占5.2%。",
        "一般公共服务支出（类）678.4万元，占81.5%；社会保障和就业支出（类）73.8万元，占8.9%；"
        "卫生健康支出（类）36.9万元，占4.4%；住房保障支出（类）43.2万元，占5.2%。",
    ),
    "T4": (
        "基本工资、津贴补贴、伙食补助费、绩效工资、机关事业单位基本养老保险缴费、职业年金缴费、"
        "其他社会保障缴费、其他工资福利支出、离休费、退休费、抚恤金、生活补助、医疗费、奖励金、"
        "住房公积金、采暖补贴、物业服务补贴、其他对个人和家庭的补助支出；",
        "基本工资、津贴补贴、奖金、机关事业单位基本养老保险缴费、职工基本医疗保险缴费、"
        "其他社会保障缴费、住房公积金、退休费；",
    ),
    "T5": (
        "办公费、印刷费、咨询费、手续费、水费、电费、邮电费、取暖费、物业管理费、差旅费、"
        "因公出国（境）费用、维修（护）费、租赁费、会议费、培训费、公务接待费、专用材料费、"
        "劳务费、委托业务费、工会经费、福利费、公务用车运行维护费、其他交通费用、"
        "税金及附加费用、其他商品和服务支出、办公设备购置、专用设备购置、"
        "信息网络及软件购置更新、其他资本性支出。",
        "办公费、工会经费、福利费、公务接待费、公务用车运行维护费、其他交通费用、"
        "其他商品和服务支出。",
    ),
    "T6": (
        "预算数比2022年增加0万元，增长0%，主要原因：我单位无出国（境）计划。",
        "预算数与2022年持平，我单位无出国（境）计划。",
    ),
    "T7": (
        "比2022年增加0元，增长0%，主要原因：厉行节约，减少支出；公务用车购置费0万元，"
        "比2022年增加0万元，增长0%，主要原因：厉行节约，减少支出。",
        "公务用车运行维护费与2022年持平；公务用车购置费0万元，与2022年持平。",
    ),
    "T8": ("数量、实效、质量，", "数量、时效、质量，"),
    "T9": ("我单位纳入预算绩效管理的", "我部门纳入预算绩效管理的"),
}


def explanation_of(text: str, begin: str, end: str) -> str:
    """Part two of a text, without line breaks and heading marks."""
    start = text.index(begin)
    return re.sub(r"\n|#+ ", "", text[start : text.index(end, start)])


@pytest.fixture(scope="module")
def published() -> str:
    text = (ROOT / "tests/fixtures/published-2023.txt").read_text(encoding="utf-8")
    return explanation_of(text, "一、收入支出预算总体情况说明\n\n平", "第三部分\n")


@pytest.fixture(scope="module")
def ours() -> str:
    text = write_text(build_disclosure(ROOT / "data", 2023).document).decode()
    return explanation_of(text, "## 一、收入支出预算总体情况说明", "# 第三部分")


def test_the_texts_differ_only_where_listed(published: str, ours: str) -> None:
    for theirs, mine in DIFFERENCES.values():
        assert theirs in published
        assert mine in ours
        published = published.replace(theirs, mine)
    clauses, ours_clauses = (re.split(r"(?<=[。；，：])", text) for text in (published, ours))
    assert list(difflib.unified_diff(clauses, ours_clauses, lineterm="", n=0)) == []


def test_every_printed_number_is_at_its_place(published: str, ours: str) -> None:
    numbers = re.compile(r"\d+(?:\.\d+)?(?:万元|元|%|辆|个|年|台)?")
    for theirs, mine in DIFFERENCES.values():
        published = published.replace(theirs, "", 1)
        ours = ours.replace(mine, "", 1)
    found = numbers.findall(ours)
    assert found == numbers.findall(published)
    assert len(found) > 80


def test_every_difference_is_explained() -> None:
    explained = (ROOT / "docs/differences-2023.md").read_text(encoding="utf-8")
    for number, (theirs, mine) in DIFFERENCES.items():
        assert f"| {number} |" in explained
        assert re.split("[、，；。]", theirs)[0] in explained
        assert re.split("[、，；。]", mine)[0] in explained


def test_the_golden_text_is_current() -> None:
    """`make golden` rewrites it; the change is reviewed as prose."""
    golden = (ROOT / "tests/golden/2023.txt").read_bytes()
    assert write_text(build_disclosure(ROOT / "data", 2023).document) == golden
