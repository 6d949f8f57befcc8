"""The invented department: both years are clean, and their difference shows each thing once.

Its frozen 2023 depends on the shipped templates: `make golden` freezes it again.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from compare_tools import EXAMPLE_TEMPLATES, EXAMPLES, ROOT

from generator.__main__ import main
from generator.build import Built, build_disclosure, build_unit
from generator.compare.changes import (
    CHANGED,
    EDITED,
    FIGURES,
    GONE,
    INSERTED,
    LAYOUT,
    MOVED,
    NEW,
    RECODED,
    RENAMED,
    WORD,
    WORDING,
    Change,
    Comparison,
)
from generator.compare.comparison import compare
from generator.compare.sides import side_of_year
from generator.load.budget import load_budget
from generator.publishing.changes import changed_since
from generator.publishing.freezing import refusals

YEARS = (2023, 2024)
WHERE = ["--data", str(EXAMPLES), "--templates", str(EXAMPLE_TEMPLATES)]


def built(year: int) -> Built:
    return build_disclosure(EXAMPLES, year, EXAMPLE_TEMPLATES)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(*(side_of_year(year, EXAMPLES, EXAMPLE_TEMPLATES) for year in YEARS))


def test_every_file_says_that_it_is_invented() -> None:
    files = [f for f in EXAMPLES.rglob("*.yaml") if "published" not in f.parts or "2022" in f.parts]
    files += EXAMPLE_TEMPLATES.rglob("place.yaml")
    assert [f for f in files if "虚构的例子" not in f.read_text(encoding="utf-8")[:60]] == []
    assert "这个部门不存在" in (ROOT / "examples/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("year", YEARS)
def test_a_year_is_clean(year: int) -> None:
    one = built(year)
    assert not one.document.draft
    assert refusals(one) == ()
    assert list(changed_since(one, EXAMPLES)) == []


@pytest.mark.parametrize("year", YEARS)
def test_the_units_of_a_year_are_clean(year: int) -> None:
    loaded = load_budget(EXAMPLES, year)
    for unit in loaded.budget.department.units:
        one = build_unit(loaded, unit, EXAMPLES, EXAMPLE_TEMPLATES)
        assert not one.document.draft
        assert refusals(one) == ()
        assert list(changed_since(one, EXAMPLES)) == []


def test_the_command_builds_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    shutil.copytree(EXAMPLES, data)
    for year in YEARS:
        where = ["--data", str(data), "--templates", str(EXAMPLE_TEMPLATES)]
        out = ["--out", str(tmp_path / "out"), "--no-pages"]
        assert main(["build", str(year), "--all", *where, *out]) == 0
        assert "警告" not in capsys.readouterr().err


def test_the_department_has_several_units_and_all_kinds_of_money() -> None:
    budget = load_budget(EXAMPLES, 2023).budget
    assert {unit.kind for unit in budget.department.units} == {"行政", "参公", "事业"}
    funds = {line.fund for line in budget.expenditure}
    assert funds == {"一般公共预算", "政府性基金", "财政专户管理资金", "事业收入"}
    assert {line.origin for line in budget.expenditure} == {"本年", "结转"}


def only(comparison: Comparison, layer: str, kind: str, subject: str) -> Change:
    """The one entry of that layer and kind whose subject or title speaks of `subject`."""
    found = [
        change
        for change in comparison.changes
        if change.kind == kind and subject in f"{change.subject} {change.title}"
    ]
    assert [(change.layer, change.kind) for change in found] == [(layer, kind)], found
    return found[0]


@pytest.mark.parametrize(
    ("layer", "kind", "subject", "old", "new"),
    [
        (FIGURES, GONE, "行/2120803", "300.0", ""),
        (FIGURES, NEW, "行/2060499", "", "260.0"),
        (FIGURES, RECODED, "2010306→2010302", "2010306 政务公开审批", "2010302 一般行政管理事务"),
        (WORDING, RENAMED, "部门名称", "青石市大数据中心", "青石市数据局"),
        (LAYOUT, INSERTED, "列“项目编码”", "", ""),
        (LAYOUT, MOVED, "行“一般行政管理事务”（2010302）", "", ""),
    ],
)
def test_each_thing_is_shown_once_in_its_layer(
    comparison: Comparison, layer: str, kind: str, subject: str, old: str, new: str
) -> None:
    change = only(comparison, layer, kind, subject)
    if old or new:
        assert (change.old, change.new) == (old, new)


def test_the_recoded_item_is_compared_with_its_old_self(comparison: Comparison) -> None:
    name = "支出[功能科目=2010302,资金来源=一般公共预算]"
    (change,) = [c for c in comparison.changes if (c.kind, c.subject) == (CHANGED, name)]
    assert change.amounts is not None
    assert [str(n) for n in change.amounts[:4]] == ["303", "223.2", "-79.8", "-26.3"]
    gone = [c for c in comparison.changes if c.kind == GONE and "2010306" in c.subject]
    assert gone == []


def test_a_sentence_of_the_template_is_one_change_of_wording(comparison: Comparison) -> None:
    edits = [
        (edit.old, edit.new)
        for change in comparison.layer(WORDING)
        if change.kind == EDITED
        for edit in change.edits
        if "保障机构" in edit.old + edit.new
    ]
    assert edits == [("主要保障机构正常运转及正常履职需要，", "用于保障机构日常运转，")]
    assert [c for c in comparison.layer(FIGURES) if "保障机构" in c.old + c.new] == []


def test_what_turned_round_is_a_computed_word(comparison: Comparison) -> None:
    words = {c.subject: (c.old, c.new) for c in comparison.layer(FIGURES) if c.kind == WORD}
    assert words["词/收入总计"] == ("增加", "减少")
    assert words["词/支出[功能科目=2010350,资金来源=一般公共预算]"] == ("减少", "增加")
    assert words["词/支出[功能科目=2101101,资金来源=一般公共预算]"] == ("增加", "持平")


def test_make_diff_example_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = re.search(
        r"^diff-example:.*\n\t\$\(RUN\) -m generator (.+)$",
        (ROOT / "Makefile").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert recipe is not None
    monkeypatch.chdir(ROOT)
    assert main(recipe[1].split()) == 0  # differences are what it is for
    assert "调整编码" in capsys.readouterr().out
