"""What a reader is told first, and what is folded: nothing is lost, and all reports say the same."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from compare_tools import DATA, EXAMPLE_TEMPLATES, EXAMPLES, TEMPLATES, side_of
from departments import Department, random_department
from departments_drawn import departments
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.compare.changes import (
    CHANGED,
    FIGURES,
    GONE,
    LAYERS,
    NEW,
    Amounts,
    Change,
    Comparison,
    SideTitle,
)
from generator.compare.comparison import compare
from generator.compare.figures import amounts_of
from generator.compare.normal import base_of, is_derived
from generator.compare.reports.digest import MAIN_FIGURES, Entry, entries_of, summary_of
from generator.compare.reports.html import html_report
from generator.compare.reports.json import json_report
from generator.compare.reports.markdown import markdown_report
from generator.compare.reports.text import difference_text, figure_line, text_report
from generator.compare.sides import open_side, side_of_year
from generator.compare.titles import code_labels
from generator.figures.definitions import DEFINITIONS

HOUSING = "支出[功能科目=221,资金来源=一般公共预算]"
REPORTS = (text_report, markdown_report, html_report)


def compared(old: str, new: str) -> Comparison:
    return compare(*(open_side(year, EXAMPLES, EXAMPLE_TEMPLATES) for year in (old, new)))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compared("2023", "2024")


def test_categories_are_called_by_their_names_alone(comparison: Comparison) -> None:
    title = next(change.title for change in comparison.changes if change.subject == HOUSING)
    assert title == "支出·221住房保障支出·一般公共预算"


def test_a_department_lends_its_name_to_no_category_of_its_code(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "2024", tmp_path / "2024")
    for file in (tmp_path / "2024").rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"801', '"301'), encoding="utf-8")
    side = side_of_year(2024, tmp_path, EXAMPLE_TEMPLATES)
    labels = code_labels(side.items(), side.naming)
    assert (labels.get("301"), labels["301001"]) == (None, "青石市数据局机关")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("25623.94", "25616.94", "-7.00（不足0.1%）"),
        ("25616.94", "25623.94", "+7.00（不足0.1%）"),
        ("100.0", "99.9", "-0.1（-0.1%）"),
        ("100.0", "100.0", "+0.0（+0.0%）"),
        ("0.0", "5.0", "+5.0"),
    ],
)
def test_a_rate_that_rounds_to_nothing_has_no_sign(old: str, new: str, said: str) -> None:
    assert difference_text(amounts_of(Decimal(old), Decimal(new), "万元")) == said


def test_a_row_that_came_or_went_is_called_by_each_name_once(comparison: Comparison) -> None:
    titles = [c.title for c in comparison.layer(FIGURES) if c.subject.startswith("行/")]
    assert "31002/50306 办公设备购置 设备购置" in titles
    assert "31005/50302 基础设施建设" in titles  # one name in both classifications
    assert "801001/服务器 青石市数据局机关" in titles  # the key says what is bought
    assert "801001/服务器 青石市数据局机关 服务器" not in titles


def entry_named(comparison: Comparison, name: str) -> Entry:
    entries = entries_of(comparison.layer(FIGURES))
    return next(entry for entry in entries if entry.change.subject == name)


def figure(name: str, old: str | None, new: str | None, *details: str) -> Change:
    """A change of an amount in 万元."""
    values = [None if text is None else Decimal(text) for text in (old, new)]
    kind = NEW if old is None else GONE if new is None else CHANGED
    amounts: Amounts = amounts_of(values[0], values[1], "万元")
    return Change(FIGURES, kind, name, name, old or "", new or "", (), amounts, details=details)


def folded(*changes: Change) -> list[tuple[str, list[str]]]:
    entries = entries_of(changes)
    return [(e.change.subject, [c.subject for c in (*e.derived, *e.alike)]) for e in entries]


def told(changes: Iterable[Change]) -> list[str]:
    sides = SideTitle("旧", "", 2023, ""), SideTitle("新", "", 2024, "")
    return [change.subject for change in summary_of(Comparison(*sides, tuple(changes)))]


@pytest.mark.parametrize(("old", "new"), [("2023", "2024"), ("2024", "2023")])
def test_every_change_stands_in_one_entry(old: str, new: str) -> None:
    assert_nothing_is_lost(compared(old, new))


@given(departments(), st.integers(0, 2**32))
@settings(max_examples=6, deadline=None)
def test_of_any_two_departments_no_change_is_lost(department: Department, seed: int) -> None:
    found = compare(side_of(department), side_of(random_department(seed, units=2, lines=8)))
    assert_nothing_is_lost(found)
    assert html_report(found).count("data-kind=") == sum(found.counts().values())
    assert len(summary_of(found)) <= 10


def assert_nothing_is_lost(found: Comparison) -> None:
    for layer in LAYERS:
        entries = entries_of(found.layer(layer))
        arranged = [c for e in entries for c in (e.change, *e.derived, *e.alike)]
        assert sorted(arranged, key=repr) == sorted(found.layer(layer), key=repr)
        heads = [e.change for e in entries]
        assert heads == [change for change in found.layer(layer) if change in heads]


def test_one_item_of_another_figure_is_no_cause() -> None:
    fund = figure("政府性基金支出", "300.0", "150.0")
    one = figure("支出[功能科目=2120815]", "300.0", "150.0", "一般公共预算、政府性基金 -150.0")
    (entry,) = entries_of((fund, one))
    assert (entry.change, entry.alike, entry.details) == (fund, (one,), ())


def test_changes_and_shares_stand_under_their_figure(comparison: Comparison) -> None:
    entry = entry_named(comparison, "收入总计")
    assert [entry.label(c) for c in entry.derived] == [("收入总计", "增减额"), ("收入总计", "增幅")]
    entries = entries_of(comparison.layer(FIGURES))
    heads = {entry.change.subject for entry in entries}
    assert [head for head in heads if is_derived(head) and base_of(head) in heads] == []


def test_a_family_with_the_same_amounts_is_one_entry(comparison: Comparison) -> None:
    entry = entry_named(comparison, HOUSING)
    lines = {figure_line(c).replace("万元", "") for c in (entry.change, *entry.alike)}
    assert (len(entry.alike), lines) == (14, {"46.4 → 47.4  +1.0（+2.2%）"})
    heads = [e.change for e in entries_of(comparison.layer(FIGURES))]
    assert [c.old for c in heads].count("46.4") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("支出[功能科目=2010301]", "支出[功能科目=2080501]"),
        ("支出[项目=网络改造]", "支出[项目=网络改造二期]"),
        ("支出[单位=801001]", "收入[单位=801001]"),
        ("机关运行经费", "一般公共预算公用经费"),
    ],
)
def test_equal_amounts_alone_are_no_family(one: str, other: str) -> None:
    changes = [figure(name, "5", "6") for name in (one, other)]
    assert folded(*changes) == [(one, []), (other, [])]


def test_a_registered_figure_is_the_head_wherever_it_stands() -> None:
    names = "支出[功能科目=201,资金来源=政府性基金]", "政府性基金支出", "支出[功能科目=212]"
    changes = [figure(name, "5", "6") for name in names]
    assert folded(*changes) == [(names[1], [names[0]]), (names[2], [])]
    assert folded(figure(names[0], "5", "6"), figure(names[1], "5", None)) == [
        (names[0], []),
        (names[1], []),
    ]


def test_main_figures_come_in_the_order_of_their_definitions(comparison: Comparison) -> None:
    order = [definition.name for definition in DEFINITIONS]
    assert set(order) >= MAIN_FIGURES
    names = [change.subject for change in summary_of(comparison)]
    main = [name for name in names if name in MAIN_FIGURES]
    changed = {change.subject for change in comparison.layer(FIGURES)}
    assert main == sorted(MAIN_FIGURES & changed, key=order.index) == names[: len(main)]
    assert [(c.title, c.old, c.new) for c in summary_of(comparison)[len(main) :]] == [
        ("8010000000004 特定目标类 算力中心", "", "260.0")
    ]


def test_a_total_has_the_causes_of_what_is_all_of_it(comparison: Comparison) -> None:
    details = {change.subject: change.details for change in summary_of(comparison)}
    assert details["支出总计"][:2] == (
        "2120803城市建设支出 -300.0",
        "2060499其他技术研究与开发支出 +260.0",
    )
    assert details["机关运行经费"] == ("309、310 -9.6", "302 -2.9")


def test_the_largest_other_items_fill_ten_lines_and_say_nothing_twice() -> None:
    others = [figure(f"支出[项目=第{n:02}项]", None, str(100 + n)) for n in range(12)]
    main = figure("项目支出", "10", "121", "支出[项目=第11项] +111.0", "另有 1 项")
    whole = figure("支出[支出性质=项目支出,资金来源=政府性基金]", "0", "110")
    total = figure("本年收入合计", "10", "900", "本年 +890")
    expected = [f"支出[项目=第{n:02}项]" for n in range(9, 1, -1)]
    assert told([total, whole, *others, main]) == ["项目支出", whole.subject, *expected]


def test_nothing_is_told_of_what_is_the_same() -> None:
    same = compared("2024", "2024")
    assert text_report(same).splitlines()[2:] == ["数字 0 处，文字 0 处，版式 0 处，提醒 0 条"]
    assert json.loads(json_report(same))["summary"] == []
    assert not any("要点" in report(same) for report in REPORTS)


def test_an_item_that_a_cause_names_is_not_told_again() -> None:
    found = compare(side_of_year(2022, DATA, TEMPLATES), side_of_year(2023, DATA, TEMPLATES))
    names = [change.subject for change in summary_of(found)]
    assert names == ["收入总计", "支出总计", "一般公共预算支出", "三公经费", "机关运行经费"]


@pytest.mark.parametrize("report", REPORTS)
def test_cautions_come_first_then_the_main_points(
    comparison: Comparison, report: Callable[[Comparison], str]
) -> None:
    headings = re.findall(r"^(?:【|## |<h2 .*>)(\w\w)(?=[】（])", report(comparison), re.MULTILINE)
    assert headings == ["提醒", "要点", "数字", "文字", "版式"]


def test_all_reports_tell_the_same_main_points(comparison: Comparison) -> None:
    summary = json.loads(json_report(comparison))["summary"]
    assert [entry["subject"] for entry in summary] == [c.subject for c in summary_of(comparison)]
    for report in REPORTS:
        said = re.sub(r"\\|<[^>]*>", "", report(comparison))
        said = said[said.index("要点") : said.index("列成")]
        for entry, following in pairwise([*summary, None]):
            at = said.index(entry["title"])
            end = said.index(following["title"], at + 1) if following else len(said)
            texts = entry["old"], entry["new"], *entry.get("details", ())
            assert [text for text in texts if text not in said[at:end]] == []
            said = said[end:]
