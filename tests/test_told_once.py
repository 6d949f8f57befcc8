"""One slip is told once: not again for every line that refers to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.load.budget import load_budget
from generator.problems import Problem, ProblemsFound

BASE = Path(__file__).parent / "broken" / "base"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def errors_of(data: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsFound) as raised:
        build_disclosure(data, 2023)
    return raised.value.problems


def test_a_unit_that_is_not_listed_is_one_error(data: Path) -> None:
    edit(data / "2023/department.yaml", '代码: "301002"', '代码: "301003"')
    (problem,) = errors_of(data)
    assert problem.message == "没有代码为“301002”的单位（共 4 处）"
    assert [place.file_line for place in (problem.place, *problem.related)] == [
        "2023/expenditure.yaml:5",
        "2023/expenditure.yaml:6",
        "2023/revenue.yaml:2",
        "2023/revenue.yaml:3",
    ]


def test_different_codes_are_different_errors(data: Path) -> None:
    edit(data / "2023/expenditure.yaml", '"2130306"', '"2130377"')
    edit(data / "2023/expenditure.yaml", '"2130305"', '"2130378"')
    assert [(p.rule, p.place.line) for p in errors_of(data)] == [
        ("unknown-code", 4),
        ("unknown-code", 5),
    ]


def test_a_code_has_one_place_in_the_order(data: Path) -> None:
    with (data / "2023/department.yaml").open("a", encoding="utf-8") as file:
        file.write('排列次序: {功能科目: ["2130301", "2130305", "2130301"]}\n')
    (problem,) = errors_of(data)
    assert (problem.rule, problem.place.line) == ("duplicate-order", 11)
    assert "2130301 写了 2 次" in problem.message


@pytest.mark.parametrize(("name", "end"), [("青石市水利局", "\n"), ("青石市水库管理中心", ",")])
def test_a_name_too_long_for_a_file_is_refused(name: str, end: str, data: Path) -> None:
    edit(data / "2023/department.yaml", f"{name}{end}", f"{name * 20}{end}")
    (problem,) = errors_of(data)
    assert problem.rule == "bad-name"
    assert "太长" in problem.message
    longest = "水" * 65
    edit(data / "2023/department.yaml", name * 20, longest)
    load_budget(data, 2023)


def test_a_figure_that_is_none_is_named_at_its_word(data: Path) -> None:
    edit(data / "2023/reasons.yaml", "公务接待费", "公务接代费")
    (data / "2023/controls.yaml").write_text(
        "- {指标: 支出总汁, 金额: 1400000.00, 文号: 甲}\n", "utf-8"
    )
    placed = {(p.rule, p.place.line, p.place.column): p.hint for p in errors_of(data)}
    assert placed["reason-unknown-figure", 6, 8].startswith("是不是“公务接待费”")
    assert placed["unknown-figure", 1, 8].startswith("是不是“支出总计”")


@pytest.mark.parametrize(("section", "found"), [("五", False), ("三十", True), ("5", True)])
def test_a_reason_is_for_a_section_there_is(section: str, found: bool, data: Path) -> None:
    with (data / "2023/reasons.yaml").open("a", encoding="utf-8") as file:
        file.write(f'- {{章节: "{section}", 原因: 工作需要}}\n')
    problems = build_disclosure(data, 2023).problems
    placed = [(p.rule, p.place.line, p.place.column) for p in problems]
    assert placed == ([("reason-unknown-section", 7, 8)] if found else [])
    assert all(f"没有章节“{section}、”" in p.message for p in problems)


def test_a_reason_of_a_section_is_called_by_its_heading(data: Path) -> None:
    with (data / "2023/reasons.yaml").open("a", encoding="utf-8") as file:
        file.write('- {章节: "五", 原因: 工作需要}\n' * 2)
    assert [p.message for p in errors_of(data)] == ["“章节‘五、’”有两条原因"]
