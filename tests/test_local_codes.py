"""Codes a place declares in local.csv, and codes by the years they are in force."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.load.budget import load_budget
from generator.problems import ERROR, WARNING, ProblemsFound

ROOT = Path(__file__).resolve().parents[1]
BASE = Path(__file__).parent / "broken" / "base"
LOCAL = "catalogue/2023/local.csv"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "data/catalogue/2023", tmp_path / "catalogue/2023")
    return tmp_path


def declare(data: Path, *rows: str) -> None:
    with (data / LOCAL).open("a", encoding="utf-8") as file:
        file.writelines(f"{row},青财〔2023〕9号\n" for row in rows)


def use(data: Path, code: str) -> None:
    file = data / "2023/expenditure.yaml"
    file.write_text(file.read_text("utf-8").replace('"2130305"', f'"{code}"', 1), "utf-8")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("function,2350101,专项事务", "地方科目 2350101 的上级 235、23501 不在科目表里"),
        ("function,2133801,专项事务", "地方科目 2133801 的上级 21338 不在科目表里"),
        ("economic,39801,补助", "地方科目 39801 的上级 398 不在科目表里"),
        ("function,205O177,智慧教育", "“205O177”不是科目编码"),
        ("function,231030,债务", "“231030”不是科目编码"),
        ("economic,3019801,补助", "“3019801”不是科目编码"),
        ("function,2130377,水网建设", "地方科目 2130377 写了两次，先见于第 2 行"),
        ("function,2130377,河网建设", "地方科目 2130377 写了两次，先见于第 2 行"),
        ("function,2130305,河道治理", "科目 2130305 已经有名称“水利工程建设”，不能改成“河道治理”"),
    ],
)
def test_a_local_code_that_cannot_be_one(row: str, said: str, data: Path) -> None:
    declare(data, "function,2130377,水网建设", row)
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, 2023)
    assert [(p.rule, str(p.place), p.message) for p in raised.value.problems] == [
        ("bad-local-code", f"{LOCAL}:3", said)
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        ("function.csv", "code,level,name", "编码,level,name", 1, "表头缺少 code"),
        ("gov_economic.csv", "code,level,name", "code,level,名称", 1, "表头缺少 name"),
        ("local.csv", "kind,code,name", "kind,编码,名称", 1, "表头缺少 code、name"),
        ("dept_to_gov_economic.csv", "行政单位/参公", "行政", 2, "单位性质没有“行政”这一项"),
        ("function.csv", "\n201,", "\n,", 2, "科目这一行没有编码或名称"),
        ("function.csv", ",,,seen", ",今年,,seen", 2, "科目 201 的起止年份不是年份"),
        ("function.csv", "\n20101,", "\n\n201,", 4, "科目 201 写了两次，先见于第 2 行"),
    ],
)
def test_a_damaged_table_of_subjects(
    file: str, old: str, new: str, line: int, said: str, data: Path
) -> None:
    path = data / "catalogue/2023" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, 2023)
    assert [(p.rule, str(p.place), p.message) for p in raised.value.problems] == [
        ("bad-catalogue", f"catalogue/2023/{file}:{line}", said)
    ]


def test_a_table_of_subjects_that_is_not_there(data: Path) -> None:
    (data / "catalogue/2023/gov_economic.csv").unlink()
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, 2023)
    found = [(p.rule, p.place.path) for p in raised.value.problems]
    assert found == [("missing-file", "catalogue/2023/gov_economic.csv")]


def test_local_parents_may_stand_after_their_items(data: Path) -> None:
    rows = ("function,2350101,专项事务", "function,23501,专项", "function,235,地方专项支出")
    declare(data, *rows, "function,2130305,水利工程建设")
    use(data, "2350101")
    catalogue = load_budget(data, 2023).catalogue
    assert catalogue.function_name("23501") == "专项"
    assert catalogue.functions["2130305"].confidence != "local"


def test_an_unknown_code_is_like_those_of_its_class(data: Path) -> None:
    use(data, "2130355")
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, 2023)
    (problem,) = raised.value.problems
    assert "全国的或地方增设的" in problem.hint
    offered = problem.hint.partition("是不是")[2]
    assert offered.count("“213") == offered.count("“") > 0


@pytest.mark.parametrize(
    ("code", "severity", "years"),
    [("2013950", ERROR, "从 2024 年起才有"), ("2014004", WARNING, "从 2024 年起才有")],
)
def test_a_code_of_another_year(code: str, severity: str, years: str, data: Path) -> None:
    use(data, code)
    try:
        problems = build_disclosure(data, 2023).problems
    except ProblemsFound as error:
        problems = error.problems
    (problem,) = (p for p in problems if p.rule == "code-not-in-force")
    assert (problem.severity, problem.place.line) == (severity, 4)
    assert years in problem.message


def test_a_code_that_was_given_up_is_of_its_last_year_still(data: Path) -> None:
    petitions = load_budget(data, 2023).catalogue.functions["2010308"]
    assert [year for year in (2022, 2023, 2024) if petitions.in_force(year)] == [2022, 2023]


def test_codes_beside_an_edition_that_is_not_there_are_not_passed_over(data: Path) -> None:
    (data / "catalogue/2024").mkdir()
    (data / LOCAL).rename(data / "catalogue/2024/local.csv")
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, 2023)
    assert [(p.rule, str(p.place), p.hint) for p in raised.value.problems] == [
        ("unknown-file", "catalogue/2024/local.csv", f"按 科目版本 放：{LOCAL}")
    ]
