# ruff: noqa: E501  (a table of defects, one a line)
"""A defect planted in a random consistent department is reported at its file and line, alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from departments import Department, group_of, random_department, replace_line, write_department
from departments_random import OWN_SOURCES, Record

from generator.build import build_disclosure
from generator.problems import ERROR, ProblemsFound


class Defect(NamedTuple):
    """A defect of a record: `edit` gives the text to replace and its replacement, or None where it
    does not apply; `rule` must then be reported at the record's line."""

    rule: str
    file: str
    edit: Callable[[Record], tuple[str, str] | None]


def when(
    key: str, values: tuple[str, ...], old: str, new: str
) -> Callable[[Record], tuple[str, str] | None]:
    """The edit for records whose `key` begins with one of `values`."""
    return lambda record: (old, new) if str(record.get(key, "")).startswith(values) else None


def of_project(old: str, new: str) -> Callable[[Record], tuple[str, str] | None]:
    """The edit for project lines without a remark."""
    return lambda record: (old, new) if "项目" in record and "备注" not in record else None


def every(old: str, new: str) -> Callable[[Record], tuple[str, str] | None]:
    return lambda record: (old, new)


DEFECTS: tuple[Defect, ...] = (
    Defect("unknown-unit", "expenditure.yaml", lambda r: (f'"{r["单位"]}"', '"999999"')),
    Defect("unknown-code", "expenditure.yaml", lambda r: (f'"{r["功能科目"]}"', '"9999999"')),
    Defect("unknown-code", "expenditure.yaml", lambda r: (f'"{r["经济科目"]}"', '"99999"')),
    Defect("wrong-level", "expenditure.yaml", lambda r: (f'"{r["经济科目"]}"', '"302"')),
    Defect("bad-amount", "expenditure.yaml", lambda r: (str(r["金额"]), f"{r['金额']}万元")),
    Defect("bad-amount", "revenue.yaml", lambda r: (f"额: {r['金额']}", f"额: {r['金额']}1")),
    Defect("negative-amount", "revenue.yaml", lambda r: (f"额: {r['金额']}", "额: -1")),
    Defect("bad-choice", "expenditure.yaml", lambda r: (str(r["类别"]), "公用")),
    Defect("unknown-key", "expenditure.yaml", every("金额", "金頟")),
    Defect("duplicate-key", "expenditure.yaml", every("{单位", "{类别: 人员类, 单位")),
    Defect("missing-key", "revenue.yaml", lambda r: (f"资金来源: {r['资金来源']}, ", "")),
    Defect("missing-project", "expenditure.yaml", of_project("项目", "备注")),
    Defect("project-in-basic", "expenditure.yaml", of_project("类别: ", "类别: 人员类, 备注: ")),
    Defect("kind-economic", "expenditure.yaml", when("经济科目", ("301",), "人员类", "公用经费")),
    Defect("economic-pair", "expenditure.yaml", when("经济科目", ("301",), "金额", '政府经济科目: "50201", 金额')),
    Defect("own-fund-source", "revenue.yaml", when("资金来源", OWN_SOURCES, "资金来源: ", "资金来源: 单位资金, 备注: ")),
    Defect("fiscal-part", "revenue.yaml", when("资金来源", ("政府性基金", "财政专户"), "金额", "其中财政拨款: 0, 金额")),
    Defect("revenue-expenditure", "revenue.yaml", lambda r: (f"额: {r['金额']}", "额: 77777777777.77")),
)  # fmt: skip


def applicable(defect: Defect, department: Department) -> list[tuple[int, tuple[str, str]]]:
    """Records that can bear the defect, with the edit that makes it."""
    records: list[Record] = getattr(department, defect.file.removesuffix(".yaml"))
    return [
        (number, edit)
        for number, record in enumerate(records)
        if "涉密" not in record and (edit := defect.edit(record)) is not None
    ]


def errors_in(root: Path, year: int) -> list[tuple[str, str, int]]:
    try:
        build_disclosure(root, year)
    except ProblemsFound as error:
        return [(p.rule, *p.place[:2]) for p in error.problems if p.severity == ERROR]
    return []


def first_of_its_money(department: Department, number: int) -> int:
    """Revenue and expenditure that differ are reported at the first revenue line of that money."""

    def money(record: Record) -> tuple[object, str]:
        return record["单位"], group_of(record["资金来源"])

    wanted = money(department.revenue[number])
    return next(n for n, record in enumerate(department.revenue) if money(record) == wanted)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "defect", DEFECTS, ids=[f"{n}-{defect.rule}" for n, defect in enumerate(DEFECTS)]
)
def test_a_planted_defect_is_reported_at_its_line(defect: Defect, seed: int) -> None:
    seeds = range(1000 * seed, 1000 * seed + 50)
    made = (random_department(s, units=1 + seed, lines=6 + seed * 4) for s in seeds)
    department = next(d for d in made if applicable(defect, d))
    number, (old, new) = applicable(defect, department)[-1]
    with TemporaryDirectory() as folder:
        root = Path(folder)
        lines = write_department(department, root)
        assert errors_in(root, department.year) == []
        path = f"{department.year}/{defect.file}"
        replace_line(root / path, lines[defect.file, number], old, new)
        reported = number
        if defect.rule == "revenue-expenditure":
            reported = first_of_its_money(department, number)
        expected = [(defect.rule, path, lines[defect.file, reported])]
        assert errors_in(root, department.year) == expected
