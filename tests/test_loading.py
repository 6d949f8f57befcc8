"""Loading: what a year's files become: exact, placed, cross-referenced, without secrets."""

from __future__ import annotations

import gc
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bad_yaml_cases import FILES
from departments import Department, fen, random_department, write_department
from departments_drawn import departments
from hypothesis import given, settings

from generator.fields import OWED_AMOUNT
from generator.load.budget import load_budget
from generator.money import Money
from generator.problems import Place

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_line_is_exact_and_knows_its_place(data: Path) -> None:
    line = load_budget(data, 2024).budget.expenditure[1]
    assert line.amount == Money(180_050)
    assert (line.unit, line.function, line.economic) == ("201001", "2050101", "30201")
    assert (line.government_economic, line.project, line.origin) == ("50201", "", "本年")
    assert (line.fiscal, line.secret) == (True, False)
    assert line.place == Place("2024/expenditure.yaml", 3, 3)


def test_the_sample_loads_without_a_complaint() -> None:
    loaded = load_budget(ROOT / "data", 2023)
    budget = loaded.budget
    assert sum(int(line.amount) for line in budget.expenditure) == 832_304_900
    assert {unit.code: unit.kind for unit in budget.department.units} == {
        "159001": "行政",
        "159002": "参公",
    }
    assert len(budget.performance.indicators) == 30
    assert [p.rule for p in loaded.warnings if p.severity == "错误"] == []


@given(departments(max_units=4, max_lines=25))
@settings(max_examples=15)
def test_everything_written_is_read_back(department: Department) -> None:
    with TemporaryDirectory() as folder:
        lines = write_department(department, Path(folder))
        budget = load_budget(Path(folder), department.year).budget
    for name in ("expenditure", "revenue", "procurement"):
        records = [
            (number, record)
            for number, record in enumerate(getattr(department, name))
            if record.get("涉密") != "是"
        ]
        loaded = getattr(budget, name)
        assert [fen(r["金额"]) for _, r in records] == [int(line.amount) for line in loaded]
        assert [lines[f"{name}.yaml", n] for n, _ in records] == [x.place.line for x in loaded]
        assert [r["单位"] for _, r in records] == [line.unit for line in loaded]
    assert [p["名称"] for p in department.projects] == [p.name for p in budget.projects]
    assert [len(p.get("绩效指标", [])) for p in department.projects] == [  # type: ignore[arg-type]  # a list
        len(p.indicators) for p in budget.projects
    ]
    assert budget.department.duties == tuple(department.head["主要职责"])  # type: ignore[arg-type]  # a list
    assert (budget.prior is None) == (department.prior is None)


def test_projects_of_one_name_in_two_units_are_two_projects(data: Path) -> None:
    """A line means its own unit's project, by name or by code."""
    projects = data / "2024/projects.yaml"
    text = projects.read_text(encoding="utf-8")
    other = text.replace("201002", "201001").replace("P-1", "P-2").replace("特定", "其他")
    projects.write_text(text + other.replace("其他目标类", "其他运转类"), encoding="utf-8")
    common = '功能科目: "2050101", 经济科目: "30213", 资金来源: 一般公共预算, 金额: 7'
    with (data / "2024/expenditure.yaml").open("a", encoding="utf-8") as file:
        file.write(f'- {{单位: "201001", 类别: 其他运转类, 项目: 校舍维修, {common}}}\n')
        file.write(f'- {{单位: "201001", 类别: 其他运转类, 项目: P-2, {common}}}\n')
        file.write(f'- {{单位: "201002", 类别: 特定目标类, 项目: "P-1", {common}}}\n')
    budget = load_budget(data, 2024).budget
    assert [(p.unit, p.name, p.code) for p in budget.projects] == [
        ("201002", "校舍维修", "P-1"),
        ("201001", "校舍维修", "P-2"),
    ]
    used = [(line.unit, line.project) for line in budget.expenditure if line.project]
    assert used == [("201002", "校舍维修"), *[("201001", "校舍维修")] * 2, ("201002", "校舍维修")]


def test_secret_lines_and_projects_go_no_further(data: Path) -> None:
    replace_in(data / "2024/projects.yaml", "  类别", "  涉密: 是\n  类别")
    replace_in(data / "2024/revenue.yaml", "其他收入, 金额", "其他收入, 涉密: 是, 金额")
    replace_in(data / "2024/procurement.yaml", "{单位", "{涉密: 是, 单位")
    budget = load_budget(data, 2024).budget
    assert budget.projects == ()
    assert budget.procurement == ()
    assert [line.place.line for line in budget.expenditure] == [2, 3, 5]
    assert [line.place.line for line in budget.revenue] == [1, 3]


def test_a_secret_project_hides_only_its_own_unit(data: Path) -> None:
    projects = data / "2024/projects.yaml"
    text = projects.read_text(encoding="utf-8")
    other = text.replace("201002", "201001").replace("P-1", "P-2")
    projects.write_text(text.replace("  类别", "  涉密: 是\n  类别") + other, encoding="utf-8")
    with (data / "2024/expenditure.yaml").open("a", encoding="utf-8") as file:
        file.write(
            '- {单位: "201001", 类别: 特定目标类, 项目: 校舍维修, 功能科目: "2050101", '
            '经济科目: "30213", 资金来源: 一般公共预算, 金额: 7}\n'
        )
    budget = load_budget(data, 2024).budget
    assert [line.unit for line in budget.expenditure if line.project] == ["201001"]


def test_three_states_of_an_amount(data: Path) -> None:
    """A value, blank, 待填: each its own."""
    replace_in(data / "2024/revenue.yaml", "840000.50", "待填, 其中财政拨款: 0")
    revenue = load_budget(data, 2024).budget.revenue
    assert revenue[0].amount is OWED_AMOUNT
    assert revenue[0].fiscal == Money(0)
    assert revenue[1].fiscal is None


def test_blank_optional_values_are_their_defaults(data: Path) -> None:
    department = data / "2024/department.yaml"
    replace_in(department, "内设机构: [办公室, 人事科]", "内设机构:\n模板: null")
    text = department.read_text(encoding="utf-8")
    department.write_text(text.partition("年终")[0] + "年终结转结余: ~\n", encoding="utf-8")
    loaded = load_budget(data, 2024).budget.department
    assert (loaded.offices, loaded.carried_out, loaded.templates) == ((), (), "henan")


def test_a_local_code_is_declared_with_its_document(data: Path) -> None:
    shipped = ROOT / "data/catalogue/2023"
    edition = data / "catalogue/2023"
    edition.mkdir(parents=True)
    for file in shipped.glob("*.csv"):
        (edition / file.name).write_bytes(file.read_bytes())
    local = "kind,code,name,document\nfunction,2050177,智慧教育,苏财预〔2024〕1号\n"
    (edition / "local.csv").write_text(local, encoding="utf-8")
    replace_in(data / "2024/expenditure.yaml", '"2050101"', '"2050177"')
    replace_in(data / "2024/department.yaml", '"2050101"', '"2050177"')
    loaded = load_budget(data, 2024)
    assert loaded.catalogue.function_name("2050177") == "智慧教育"


def test_a_doubtful_code_is_one_warning_at_its_first_line(data: Path) -> None:
    catalogue = load_budget(data, 2024).catalogue
    doubtful = next(
        code
        for code, subject in catalogue.functions.items()
        if len(code) == 7 and subject.confidence in ("low", "medium")
    )
    replace_in(data / "2024/expenditure.yaml", '"2050204"', f'"{doubtful}"')
    warnings = [p for p in load_budget(data, 2024).warnings if p.rule == "doubtful-code"]
    assert [(w.place.line, w.severity) for w in warnings if doubtful in w.message] == [(4, "警告")]


def test_no_float_and_no_mutable_value_is_loaded() -> None:
    """Records are frozen and hold text, money, decimals, integers, tuples and records."""

    def walk(value: Any) -> None:
        if is_dataclass(value):
            with pytest.raises(AttributeError):
                value.place = None  # type: ignore[union-attr]  # frozen
            for field in fields(value):
                walk(getattr(value, field.name))
        elif isinstance(value, tuple):
            for item in value:
                walk(item)
        else:
            assert isinstance(value, str | Money | int | Decimal | None) or value is OWED_AMOUNT

    budget = load_budget(ROOT / "data", 2023).budget
    for field in fields(budget):
        walk(getattr(budget, field.name))


def test_the_collector_runs_again_after_loading(tmp_path: Path) -> None:
    assert gc.isenabled()
    department = random_department(1)
    write_department(department, tmp_path)
    load_budget(tmp_path, department.year)
    assert gc.isenabled()
