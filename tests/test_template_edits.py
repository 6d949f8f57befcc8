"""Edits of a place's files that no single file shows to be wrong, or that used to stop with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from sentence_desk import (
    LINE,
    REVENUE,
    add,
    build,
    data,
    published,
    refused,
    replace,
    templates,
)

from generator.narrative.linting.parts import repeated_passages

__all__ = ["data", "templates"]  # fixtures

EXPLANATION = "henan/narrative/30-explanation.txt"
TABLES = "henan/narrative/50-tables.txt"


@pytest.mark.parametrize(
    ("placed", "line", "which"),
    [
        (":::全部表\n\n:::全部表", 11, "表“01-revenue-expenditure”等 14 张在"),
        (":::全部表\n:::表 02-revenue", 10, "表“02-revenue”在"),
        (":::表 02-revenue\n:::全部表", 10, "表“02-revenue”在"),
        ("{% for 单位 in 支出功能科目 %}\n:::表 02-revenue\n{% endfor %}", 10, "表“02-revenue”在"),
    ],
)
def test_a_table_has_one_place(
    data: Path, templates: Path, placed: str, line: int, which: str
) -> None:
    replace(templates / TABLES, ":::全部表", placed)
    replace(data / "2024/expenditure.yaml", "1000000}\n", "500000}\n")
    more = (data / "2024/expenditure.yaml").read_text("utf-8").replace("2070807", "2070808")
    with (data / "2024/expenditure.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    (problem,) = refused(data, templates)
    assert (problem.rule, problem.place[:2]) == ("table-twice", (TABLES, line))
    assert which in problem.message
    assert problem.excerpt.startswith(":::")


def test_a_table_of_each_branch_is_placed_once(data: Path, templates: Path) -> None:
    each = "{% if 三公经费 %}\n:::全部表\n{% else %}\n:::全部表\n{% endif %}"
    replace(templates / TABLES, ":::全部表", each)
    assert build(data, templates).document


def test_a_heading_may_be_called_as_a_table_is(data: Path, templates: Path) -> None:
    replace(templates / TABLES, ":::全部表", "## 02-revenue\n\n:::全部表")
    ids = [block.id for block in build(data, templates).document.blocks() if hasattr(block, "id")]
    assert len(ids) == len(set(ids))


def test_a_share_of_more_than_the_whole_is_doubted(data: Path, templates: Path) -> None:
    published(data, "三公经费", "0")
    for code, amount in (("30217", "10000"), ("30201", "90000")):
        add(data, "expenditure.yaml", LINE.format("公用经费", code, "", "一般公共预算", amount))
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "100000", "本年"))
    pairs = (("支出合计", "三公经费"), ("三公经费", "支出合计"), ("三公经费", "三公经费"))
    shares = "、".join(f"{{{{ {part} | 占比({whole}) }}}}" for part, whole in pairs)
    replace(templates / EXPLANATION, "具体支出情况如下：", shares)
    (problem,) = (p for p in build(data, templates).problems if p.rule == "share-over-whole")
    assert problem.place[:2] == (EXPLANATION, 53)
    assert "11000%" in problem.message


def test_a_share_of_a_part_is_told_once(data: Path, templates: Path) -> None:
    add(data, "expenditure.yaml", LINE.format("公用经费", "30201", "", "一般公共预算", "90000"))
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "90000", "本年"))
    share = "{{ 一般公共预算基本支出 | 占比(一般公共预算公用经费) }}"
    replace(templates / EXPLANATION, "具体支出情况如下：", share)
    (problem,) = (p for p in build(data, templates).problems if p.rule.startswith("share-"))
    assert (problem.rule, problem.place[:2]) == ("share-reversed", (EXPLANATION, 53))


GUEST = (
    "（二）公务接待费{{ 公务接待费 | 金额 }}，主要用于按规定开支的各类公务接待（含外宾接待）支出。"
    '{{ 公务接待费 | 增减("预算数比上年") }}。'
)
PART = f"# 第二部分 说明\n\n## 一、收支\n\n甲。\n\n## 二、接待\n\n{GUEST}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PART + "\n" + PART, [("part-twice", 11)]),
        (PART + "\n## 二、接待\n\n" + GUEST, [("heading-twice", 11)]),
        (PART + "\n## 二、采购\n\n乙。", [("heading-twice", 11)]),
        (PART + "\n### （一）甲\n\n### （一）乙\n", [("heading-twice", 13)]),
        (PART + "\n## 三、其他\n\n" + GUEST, [("paragraph-twice", 13)]),
        (PART.replace("甲。", "没有支出。\n\n没有支出。"), [("paragraph-twice", 7)]),
        (
            PART.replace("甲。", "{% if 三公经费 %}\n甲。\n{% endif %}\n" * 2),
            [("paragraph-twice", 8)],
        ),
        (PART.replace("甲。", "没有支出。\n\n## 三、其他\n\n没有支出。"), []),
        (
            PART.replace(
                "甲。", "{% if 三公经费 %}\n## 三、其他\n{% else %}\n## 三、其他\n{% endif %}"
            ),
            [],
        ),
        (PART.replace("甲。", "### （一）甲") + "\n### （一）甲\n", []),
        (PART + "\n:::分页\n:::分页\n", []),
    ],
)
def test_what_was_pasted_twice_is_found_once(text: str, found: list[tuple[str, int]]) -> None:
    problems = [*repeated_passages({"x.txt": text})]
    assert [(p.rule, p.place.line) for p in problems] == found
    assert all(p.hint and p.excerpt and "x.txt:" in p.message for p in problems)


def test_the_templates_of_this_program_say_nothing_twice() -> None:
    root = Path(__file__).parents[1]
    for place in (root / "templates").iterdir(), (root / "examples/templates").iterdir():
        for folder in place:
            files = sorted(folder.glob("narrative/*.txt"))
            assert [*repeated_passages({f.name: f.read_text("utf-8") for f in files})] == []
