"""Last year's facts.yaml: slips in it are said, and nothing that was published is refused for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.figures.figure import BOTH_ZERO, NO_BASE, UNCHANGED
from generator.problems import ERROR, WARNING, Problem, ProblemsFound

BASE = Path(__file__).parent / "broken" / "base"
RECEPTION = "  - {指标: 公务接待费, 数值: 3.0}\n"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """Those of the base without 三公经费, so that tests may say of which parts it was the sum."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2022/published/facts.yaml"
    edit(file, "  - {指标: 三公经费, 数值: 3.0}\n", "")
    return file


def edit(facts: Path, old: str, new: str) -> None:
    text = facts.read_text("utf-8")
    assert old in text
    facts.write_text(text.replace(old, new, 1), "utf-8")


def found_in(facts: Path) -> list[Problem]:
    try:
        problems = build_disclosure(facts.parents[2], 2023).problems
    except ProblemsFound as error:
        problems = error.problems
    own = [p for p in problems if p.place.path == "2022/published/facts.yaml"]
    return [p for p in own if p.rule != "fact-missing"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{指标: 三公经废, 数值: 3.0}", ("fact-unknown-figure", ERROR, "是不是“三公经费”？")),
        (
            "{指标: 往年指标, 数值: 3.0}",
            (
                "fact-unknown-figure",
                WARNING,
                "今年已经没有这个指标，就写进 acknowledged.yaml；make figures 列出全部指标",
            ),
        ),
        (
            "{指标: 公务用车运行维护费, 数值: 3.0}",
            (
                "fact-unknown-figure",
                WARNING,
                "是不是“公务用车运行费”？"
                "今年已经没有这个指标，就写进 acknowledged.yaml；make figures 列出全部指标",
            ),
        ),
        (
            "{指标: 财政拨款支出, 数值: 3.0}",
            (
                "fact-unknown-figure",
                WARNING,
                "今年已经没有这个指标，就写进 acknowledged.yaml；make figures 列出全部指标",
            ),
        ),
        (
            '{指标: 收入总计, 功能科目: "201", 数值: 3.0}',
            ("fact-unknown-figure", WARNING, "删掉 功能科目，或核对指标"),
        ),
        (
            '{指标: 一般公共预算收支, 功能科目: "201", 数值: 3.0}',
            ("fact-unknown-figure", WARNING, "删掉 功能科目，或核对指标"),
        ),
        (
            "{指标: 三公经费}",
            ("fact-blank", WARNING, "公布的是零就写 数值: 0；上年没有公布就删掉这一行"),
        ),
        ('{指标: "支出[经济科目=30101,资金来源=一般公共预算]", 数值: 3.0}', None),
        ('{指标: "收入[资金来源=一般公共预算]", 数值: 3.0}', None),
        (
            '{指标: "支出[功能科目=2010301,处室=甲]", 数值: 3.0}',
            (
                "fact-unknown-figure",
                WARNING,
                "今年已经没有这个指标，就写进 acknowledged.yaml；make figures 列出全部指标",
            ),
        ),
        ("{指标: 三公经费, 数值: 3.1}", None),  # 3.0 and two parts unknown, each rounded
    ],
)
def test_a_line_of_facts(line: str, found: tuple[str, str, str] | None, facts: Path) -> None:
    edit(facts, RECEPTION, f"{RECEPTION}  - {line}\n")
    placed = [(p.rule, p.severity, p.hint) for p in found_in(facts) if p.place.line == 12]
    assert placed == ([found] if found else [])


@pytest.mark.parametrize("name", ["一般公共预算只出", "三公经费", "一般公共预算收支"])
def test_complete_names_figures_with_items(name: str, facts: Path) -> None:
    edit(facts, "完整: [一般公共预算支出]", f"完整: [{name}]")
    (problem,) = (p for p in found_in(facts) if p.severity == ERROR)
    assert (problem.rule, problem.place.line, problem.place.column) == ("fact-unknown-figure", 3, 6)


def test_complete_is_told_of_figures_with_items_only(facts: Path) -> None:
    edit(facts, "完整: [一般公共预算支出]", "完整: [一般公共预算]")
    (problem,) = (p for p in found_in(facts) if p.rule == "fact-unknown-figure")
    assert problem.hint.startswith("是不是“一般公共预算支出”？")


@pytest.mark.parametrize("named", ['功能科目: "2139876", ', ""])
def test_a_code_that_is_gone_is_said_unless_it_was_recoded(named: str, facts: Path) -> None:
    """Under 功能科目, and within the name of a selection."""
    line = f"  - {{指标: 政府性基金支出, {named}数值: 3.0}}\n"
    if not named:
        line = line.replace("政府性基金支出", '"支出[功能科目=2139876,支出性质=项目支出]"')
    edit(facts, RECEPTION, RECEPTION + line)
    (problem,) = found_in(facts)
    assert (problem.rule, problem.place.line) == ("fact-unknown-code", 12)
    recode = '- {旧科目: "2139876", 新科目: "2130305"}\n'
    (facts.parents[2] / "2023/recode.yaml").write_text(recode, "utf-8")
    assert found_in(facts) == []


@pytest.mark.parametrize(("parts", "severe"), [((4.0, 1.9), False), ((4.0, 1.7), True)])
def test_parts_may_be_off_by_their_rounding(
    parts: tuple[float, float], severe: bool, facts: Path
) -> None:
    lines = [
        f"{{指标: {n}, 数值: {v}}}"
        for n, v in zip(("公务用车购置费", "公务用车运行费"), parts, strict=True)
    ]
    lines.append("{指标: 公务用车购置及运行费, 数值: 6.0}")
    edit(facts, RECEPTION, RECEPTION + "".join(f"  - {line}\n" for line in lines))
    assert [p.rule for p in found_in(facts)] == (["fact-parts"] if severe else [])


VEHICLES = ("公务用车购置及运行费", "公务用车购置费", "公务用车运行费")
CARRIED = ("上年结转结余", "年终结转结余")
CARS = ("车辆", "一般公务用车", "一般执法执勤用车", "特种专业技术用车", "其他用车")


@pytest.mark.parametrize(
    ("names", "values", "whole", "severe"),
    [
        (VEHICLES, ("12", "5", "6"), False, True),
        (VEHICLES, ("12", "5", "7"), False, False),
        (VEHICLES, ("12", "5", "6"), True, True),
        (VEHICLES, ("8.0", "3.0", "4.95"), False, False),
        (VEHICLES, ("8.1", "3.0", "4.95"), False, True),
        (CARS, ("3", "1", "1", "0", "0"), False, True),
        (CARS, ("2", "1", "1", "0", "0"), False, False),
    ],
)
def test_how_a_number_was_typed_is_not_how_it_was_rounded(
    names: tuple[str, ...], values: tuple[str, ...], whole: bool, severe: bool, facts: Path
) -> None:
    lines = (f"  - {{指标: {n}, 数值: {v}}}\n" for n, v in zip(names, values, strict=True))
    edit(facts, RECEPTION, RECEPTION + "".join(lines))
    if whole:
        facts.write_text(facts.read_text("utf-8").replace(".0}", "}"), "utf-8")
    assert [p.rule for p in found_in(facts)] == (["fact-parts"] if severe else [])


def test_a_blank_part_is_named_as_missing(facts: Path) -> None:
    lines = "  - {指标: 三公经费, 数值: 9.0}\n  - {指标: 因公出国境费}\n"
    edit(facts, RECEPTION, RECEPTION + lines)
    (problem,) = (p for p in found_in(facts) if p.rule == "fact-parts")
    assert "（没有 因公出国境费、公务用车购置及运行费 的数）" in problem.message
    assert len(problem.related) == 1


def test_a_part_that_was_published_by_its_parts_counts(facts: Path) -> None:
    """Reception 3.0 and the running of vehicles 2.0, without a line for all of the vehicles."""
    lines = ("{指标: 公务用车运行费, 数值: 2.0}", "{指标: 三公经费, 数值: 5.0}")
    edit(facts, RECEPTION, RECEPTION + "".join(f"  - {line}\n" for line in lines))
    assert found_in(facts) == []


def test_a_blank_value_is_no_base_and_zero_is_one(facts: Path) -> None:
    edit(facts, RECEPTION, "  - {指标: 公务接待费}\n  - {指标: 公务用车运行费, 数值: 0}\n")
    book = build_disclosure(facts.parents[2], 2023).book
    kinds = [book.change(book.named(name)).kind for name in ("公务接待费", "公务用车运行费")]
    assert kinds == [NO_BASE, BOTH_ZERO]


def test_a_blank_item_of_a_complete_list_is_no_base(facts: Path) -> None:
    edit(facts, "数值: 60.0}", '数值: 60.0}\n  - {指标: 一般公共预算支出, 功能科目: "2130305"}')
    book = build_disclosure(facts.parents[2], 2023).book
    codes = ("2130301", "2130305", "21303", "213")
    items = [book.resolve_qualified("一般公共预算支出", code) for code in codes]
    assert [book.change(item).kind for item in items] == [UNCHANGED, NO_BASE, NO_BASE, NO_BASE]


def test_a_blank_category_without_items_says_nothing_of_them(facts: Path) -> None:
    edit(facts, "数值: 60.0}", '数值: 60.0}\n  - {指标: 一般公共预算支出, 功能科目: "201"}')
    book = build_disclosure(facts.parents[2], 2023).book
    item = book.resolve_qualified("一般公共预算支出", "2010301")
    assert book.change(item).kind == NO_BASE


@pytest.mark.parametrize(("value", "severe"), [("10.0", False), ("10.1", False), ("10.2", True)])
def test_the_funds_together_are_not_more_than_the_total(
    value: str, severe: bool, facts: Path
) -> None:
    edit(facts, RECEPTION, f"{RECEPTION}  - {{指标: 政府性基金收支, 数值: {value}}}\n")
    said = f"上年的一般公共预算收支 100万元、政府性基金收支 {value}万元（相加 110.2万元）大于收入总计 110万元"
    found = [p.message for p in found_in(facts) if p.rule == "fact-totals"]
    assert found == ([said] if severe else [])


def test_an_item_is_not_larger_than_what_its_fund_received(facts: Path) -> None:
    edit(facts, '功能科目: "2130306", 数值: 40.0', '功能科目: "2130306", 数值: 100.5')
    (message,) = [p.message for p in found_in(facts) if p.rule == "fact-totals"]
    assert message == "上年的一般公共预算支出 2130306 100.5万元大于一般公共预算收支 100万元"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("一般公共预算基本支出", "100.0", None),
        ("一般公共预算基本支出", "100.1", "一般公共预算支出 100万元"),
        ("政府性基金支出", "110.1", "支出总计 110万元"),
    ],
)
def test_a_part_is_not_larger_than_its_whole(
    name: str, value: str, said: str | None, facts: Path
) -> None:
    edit(facts, RECEPTION, f"{RECEPTION}  - {{指标: {name}, 数值: {value}}}\n")
    messages = [p.message for p in found_in(facts) if p.rule == "fact-totals"]
    assert messages == ([f"上年的{name} {value}万元大于{said}"] if said else [])


@pytest.mark.parametrize(("carried", "severe"), [("14.5", False), ("2000.0", True)])
def test_a_total_may_be_listed_with_what_was_carried_over_alone(
    carried: str, severe: bool, facts: Path
) -> None:
    lines = "".join(f"  - {{指标: {name}, 数值: {carried}}}\n" for name in CARRIED)
    edit(facts, RECEPTION, RECEPTION + lines)
    assert {p.rule for p in found_in(facts)} == ({"fact-parts"} if severe else set())
