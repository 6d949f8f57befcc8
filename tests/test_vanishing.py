"""Money that a table prints as nothing: told once, with its data lines, and not where it is rounding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.figures.expressions import select
from generator.narrative.place_loading import SHIPPED_TEMPLATES
from generator.problems import Problem

BASE = Path(__file__).parent / "broken/base"
LINE = (
    '- {{单位: "301001", 类别: {kind}, 功能科目: "{function}", 经济科目: "{economic}", '
    "资金来源: 一般公共预算, 金额: {amount}{more}}}\n"
)
TABLE_6 = "六、一般公共预算基本支出表的"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return tmp_path


def spend(root: Path, function: str, economic: str, amount: int, project: str = "") -> None:
    """One more line, taken from the first one; its project is declared if it has one."""
    kind = "特定目标类" if project else "公用经费"
    more = f", 项目: {project}" if project else ""
    file = root / "2023/expenditure.yaml"
    text = file.read_text(encoding="utf-8")
    first = text.partition("金额: ")[2].partition("}")[0]
    text = text.replace(first, f"{float(first) - amount:.2f}", 1)
    added = LINE.format(
        kind=kind, function=function, economic=economic, amount=f"{amount}.00", more=more
    )
    file.write_text(text + added, encoding="utf-8")
    if project:
        with (root / "2023/projects.yaml").open("a", encoding="utf-8") as projects:
            projects.write(f'- 名称: {project}\n  单位: "301001"\n  类别: {kind}\n')


def vanished(root: Path, templates: Path = SHIPPED_TEMPLATES) -> list[Problem]:
    problems = build_disclosure(root, 2023, templates).problems
    return [problem for problem in problems if problem.rule == "vanishing-amount"]


def test_a_project_that_table_10_prints_as_nothing_is_told(root: Path) -> None:
    spend(root, "2130305", "30227", 300, "水尺更新")
    (problem,) = vanished(root)
    assert problem.message == (
        "附表里有钱的行，印出来全是零："
        "十、项目支出预算表的支出（301001 青石市水利局机关，项目支出，水尺更新）有 300.00 元"
    )
    assert problem.place.file_line == "2023/expenditure.yaml:7"


def test_a_zero_beside_an_amount_that_prints_is_rounding(root: Path) -> None:
    """300 yuan of 基本支出 beside the 项目支出 of the same item, in table 3."""
    spend(root, "2130305", "30201", 300)
    built = build_disclosure(root, 2023)
    basic = built.book.select(select("支出", 功能科目="2130305", 支出性质="基本支出"))
    assert basic in set(built.book.vanishing())
    assert vanished(root) == []


def test_many_rows_are_one_warning(root: Path) -> None:
    for number in range(5):
        spend(root, "2130301", f"3020{number + 2}", 100 + number)
    (problem,) = vanished(root)
    assert problem.message.count(TABLE_6) == 5
    assert problem.place.file_line == "2023/expenditure.yaml:7"
    assert [place.file_line for place in problem.related] == [
        f"2023/expenditure.yaml:{line}" for line in (8, 9, 10, 11)
    ]


def test_zeros_that_are_written_out_are_nothing_too(root: Path) -> None:
    templates = root / "templates"
    shutil.copytree(BASE.parents[2] / "templates", templates)
    phrases = templates / "henan/phrases.yaml"
    text = phrases.read_text(encoding="utf-8")
    phrases.write_text(text.replace("数字: {", "数字: {正文补零: 是, "), encoding="utf-8")
    spend(root, "2130310", "30201", 300)
    said = [p.message for p in vanished(root, templates)]
    assert said
    assert all("印成了“0.0万元”" in message for message in said)


def test_what_a_sentence_told_the_tables_do_not_tell_again(root: Path) -> None:
    spend(root, "2130310", "30201", 300)
    assert all("印成了“0万元”" in problem.message for problem in vanished(root))
