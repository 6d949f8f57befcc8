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


TEMPLATES = BASE.parents[2] / "templates"
RESIDUE = {
    "doubled-punctuation",
    "doubled-particle",
    "doubled-words",
    "empty-reason",
    "half-width-mark",
    "unbalanced",
}
RESIDUE |= {"reason-residue", "text-residue", "unbalanced-pair"}


def residue_of(data: Path, templates: Path = TEMPLATES) -> list[tuple[str, str]]:
    """What is found of residue: the rules, and the ends of the files."""
    problems = build_disclosure(data, 2023, templates).problems
    return sorted((p.rule, p.place.path[-4:]) for p in problems if p.rule in RESIDUE)


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("（见附表。。", ["doubled-punctuation", "unbalanced"]),
        ("主要是，", ["empty-reason"]),
        ("{% for 单位 in 预算单位 %}\n\n（见{{ 单位.名称 }}\n\n{% endfor %}", ["unbalanced"]),
        # What the lint does not see: where branches meet, words and data, and what is no rule there.
        ("甲。{% if 收入总计 %}。{% endif %}", ["text-residue"]),
        ("甲。。{% if 收入总计 %}；。{% endif %}", ["doubled-punctuation"] * 2),
        ("甲。。{% if 收入总计 %}乙，{% endif %}。", ["doubled-punctuation", "text-residue"]),
        ("（{% for 职责 in 主要职责 %}{{ 职责.内容 }}{% endfor %}）", ["unbalanced-pair"]),
        ("增加增加", ["doubled-words"]),
        ("增加{% if 收入总计 %}增加{% endif %}", ["text-residue"]),
    ],
)
def test_a_slip_in_a_template_is_told_by_its_lint_or_by_the_document(
    words: str, rules: list[str], data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if "职责" in words:
        edit(data / "2023/department.yaml", "负责全市水资源的管理和保护。", "保护（水")
    templates = tmp_path_factory.mktemp("place") / "templates"
    shutil.copytree(TEMPLATES, templates)
    with (templates / "henan/narrative/30-explanation.txt").open("a", encoding="utf-8") as file:
        file.write(f"\n\n{words}\n")
    found = [rule for rule, path in residue_of(data, templates) if path == ".txt"]
    assert found == rules


@pytest.mark.parametrize(
    ("reason", "rules"),
    [
        ("新增XX工程", ["reason-residue"]),
        ("新增__工程", ["reason-residue"]),
        ("新增工程，金额待核实", ["reason-residue"]),
        ("新增【待填：名称】工程", ["reason-residue"]),
        ("新增工程增长/下降", ["reason-residue"]),
        ("新增（XX工程", ["reason-residue", "unbalanced-pair"]),
        ("主要原因新增工程", ["reason-residue"]),
    ],
)
def test_residue_of_a_reason_is_told_once(reason: str, rules: list[str], data: Path) -> None:
    line = f'- 指标: 一般公共预算支出\n  功能科目: "2130305"\n  原因: {reason}\n'
    file = data / "2023/reasons.yaml"
    kept = [one for one in file.read_text("utf-8").splitlines() if '"2130305"' not in one]
    file.write_text("\n".join(kept) + "\n" + line, "utf-8")
    assert [rule for rule, _ in residue_of(data)] == rules
