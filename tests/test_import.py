"""Raw lines exported in five messy shapes and imported again are the same line items."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from departments import random_department, write_department
from departments_drawn import departments
from departments_random import Department
from hypothesis import given, settings
from messy_workbooks import (
    EXPENDITURE_SHAPES,
    exportable,
    procurement_pages,
    revenue_pages,
    write_book,
)

from generator.commands.import_ import write_plan
from generator.importing.mapping import load_mapping
from generator.importing.plan import Plan, plan_import
from generator.load.budget import load_budget
from generator.model import Budget
from generator.problems import ERROR

MAPPING = load_mapping("yitihua")


def fresh_year(department: Department, root: Path) -> Path:
    """A data root that holds nothing of the year but department.yaml."""
    write_department(department, root)
    folder = root / str(department.year)
    for path in folder.iterdir():
        if path.name != "department.yaml":
            path.unlink()
    return folder


def imported(department: Department, shape: str, root: Path) -> Plan:
    """The plan of importing everything of a department, its expenditure in one shape."""
    make, name = EXPENDITURE_SHAPES[shape]
    files = [write_book(root / name, make(department))]
    files.append(write_book(root / "收入.xlsx", revenue_pages(department)))
    if department.procurement:
        files.append(write_book(root / "采购.xlsx", procurement_pages(department)))
    return plan_import(files, root, department.year, MAPPING)


def line_items(budget: Budget) -> tuple[object, ...]:
    used = {(line.unit, line.project) for line in budget.expenditure}
    return (
        Counter(budget.expenditure),
        Counter(budget.revenue),
        Counter(budget.procurement),
        Counter(
            (p.name, p.code, p.unit, p.kind) for p in budget.projects if (p.unit, p.name) in used
        ),
    )


@pytest.mark.parametrize("shape", EXPENDITURE_SHAPES)
@settings(max_examples=8)
@given(departments(max_units=3, max_lines=14, min_lines=1))
def test_same_line_items(shape: str, department: Department) -> None:
    department = exportable(department)
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        write_department(department, Path(one))
        expected = load_budget(Path(one), department.year).budget
        folder = fresh_year(department, Path(other))
        plan = imported(department, shape, Path(other))
        assert [p for p in plan.problems if p.severity == ERROR] == []
        write_plan(plan, folder)
        found = load_budget(Path(other), department.year).budget
    assert line_items(found) == line_items(expected)


@pytest.mark.parametrize("shape", EXPENDITURE_SHAPES)
def test_second_import_changes_nothing(shape: str, tmp_path: Path) -> None:
    department = exportable(random_department(7, units=3, lines=30))
    folder = fresh_year(department, tmp_path)
    write_plan(imported(department, shape, tmp_path), folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = imported(department, shape, tmp_path)
    assert [merged for merged in again.merges if merged.differs] == []
    assert {f.target: f.content for f in again.merges}.items() <= before.items()


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    department = exportable(random_department(3, units=2, lines=20))
    fresh_year(department, tmp_path)
    plan = imported(department, "titled", tmp_path)
    account = next(a for a in plan.accounts if a.title == "导出.xlsx!支出明细")
    units = len({line["单位"] for line in department.expenditure})
    first_note = 3 + len(department.expenditure) + 2 * units + 1
    assert (len(account.details), len(account.totals), account.notes) == (
        len(department.expenditure),
        units + 1,
        (first_note, first_note + 1),
    )
    hidden = next(a for a in plan.accounts if a.title == "导出.xlsx!填报说明")
    assert "隐藏" in hidden.note


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_hidden_rows_and_columns_are_imported_and_told(suffix: str, tmp_path: Path) -> None:
    department = exportable(random_department(3, units=2, lines=20))
    fresh_year(department, tmp_path)
    pages = EXPENDITURE_SHAPES["titled"][0](department)
    page = next(page for page in pages if page.name == "支出明细")
    page.hidden_rows |= {5, 6, 7, 9, len(page.rows) + 3}
    page.hidden_columns |= {1, 40}
    path = write_book(tmp_path / f"导出{suffix}", pages)
    plan = plan_import([path], tmp_path, department.year, MAPPING)
    assert [p for p in plan.problems if p.severity == ERROR] == []
    assert len(plan.records["expenditure.yaml"]) == len(department.expenditure)
    told = {p.rule: (p.place.path, p.message) for p in plan.problems if "hidden" in p.rule}
    assert told == {
        "hidden-rows": (f"导出{suffix}!支出明细!A6", "第 6—8、10 行在表里隐藏着，照样导入"),
        "hidden-columns": (f"导出{suffix}!支出明细!B3", "B 列在表里隐藏着，照样导入"),
    }


def test_a_title_of_another_year_is_doubted(tmp_path: Path) -> None:
    department = exportable(random_department(3, units=1, lines=4))
    fresh_year(department, tmp_path)
    plan = imported(department, "titled", tmp_path)
    doubts = [p.place.path for p in plan.problems if p.rule == "wrong-year"]
    assert doubts == ([] if department.year == 2023 else ["导出.xlsx!支出明细!A1"])


def test_a_workbook_under_another_suffix_is_read(tmp_path: Path) -> None:
    department = exportable(random_department(3, units=1, lines=4))
    fresh_year(department, tmp_path)
    path = write_book(tmp_path / "导出.xlsx", EXPENDITURE_SHAPES["titled"][0](department))
    path.rename(tmp_path / "导出.xls")
    plan = plan_import([tmp_path / "导出.xls"], tmp_path, department.year, MAPPING)
    assert len(plan.records["expenditure.yaml"]) == len(department.expenditure)
