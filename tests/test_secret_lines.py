"""涉密 records reach no message, no other record, and are safe from an import."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.importing.merge import Merge, merge
from generator.importing.records import Imported
from generator.load.budget import load_budget
from generator.problems import Place, ProblemsFound

ROOT = Path(__file__).resolve().parents[1]
START = (
    '{单位: "159001", 类别: 人员类, 功能科目: "2010301", 经济科目: "30101", 资金来源: 一般公共预算'
)
SECRET, PUBLIC = f"- {START}, 涉密: 是, 金额: 100.00}}\n", f"- {START}, 金额: 50.00}}\n"
PROJECT = '{单位: "159001", 类别: 特定目标类, 项目: 甲, 功能科目: "2010302", 经济科目: "30299"'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


def imported(*amounts: str) -> list[Imported]:
    keys = {"单位": "159001", "类别": "人员类", "功能科目": "2010301", "经济科目": "30101"}
    values = {**keys, "资金来源": "一般公共预算"}
    return [Imported({**values, "金额": amount}, Place("x"), 0) for amount in amounts]


def merged(old: str, *amounts: str, keep_missing: bool = False) -> Merge:
    return merge(
        "expenditure.yaml",
        "2023/expenditure.yaml",
        old.encode(),
        imported(*amounts),
        header="#",
        canonical=dict,
        keep_missing=keep_missing,
        secret_projects=frozenset({("159001", "甲")}),
    )


@pytest.mark.parametrize("keep_missing", [True, False])
@pytest.mark.parametrize("order", [SECRET + PUBLIC, PUBLIC + SECRET])
def test_an_import_changes_the_public_line(order: str, keep_missing: bool) -> None:
    result = merged(order, "60.00", keep_missing=keep_missing)
    assert result.content.decode() == order.replace("50.00", "60.00")
    assert (result.removed, result.added, result.kept) == ((), (), 0)


def test_an_import_drops_no_secret_line() -> None:
    of_project = f"- {PROJECT}, 资金来源: 一般公共预算, 金额: 7.00}}\n"
    result = merged(SECRET + of_project + PUBLIC)
    assert result.content.decode() == SECRET + of_project
    assert result.removed == (PUBLIC.rstrip(),)


def test_a_row_that_is_the_secret_line_is_not_made_public() -> None:
    result = merged(SECRET + PUBLIC, "100.00", "50.00")
    assert (result.content.decode(), result.unchanged) == (SECRET + PUBLIC, 2)


def test_equal_rows_are_the_public_line_first() -> None:
    same = SECRET.replace("100.00", "50.00")
    assert merged(same + PUBLIC, "50.00").content.decode() == same + PUBLIC


def test_what_a_secret_line_owes_is_nobodys(data: Path) -> None:
    file = data / "2023/expenditure.yaml"
    lines = file.read_text("utf-8").split("\n")
    place = next(n for n, line in enumerate(lines) if line.startswith('- {单位: "159002"'))
    lines.insert(place + 1, SECRET.replace("100.00", "待填").rstrip())
    file.write_text("\n".join(lines), "utf-8")
    assert [p for p in load_budget(data, 2023).warnings if p.rule == "owed"] == []
    for unit in ("", "159001", "159002"):
        built = build_disclosure(data, 2023, unit=unit)
        assert [problem for problem in built.owed if problem.place.path == file.name] == []
    lines[place] = lines[place].rpartition(" ")[0] + " 待填}"
    file.write_text("\n".join(lines), "utf-8")
    owed = [p.place.line for p in load_budget(data, 2023).warnings if p.rule == "owed"]
    assert owed == [place + 1]


def secret_project(data: Path, line: str) -> str:
    """All that is said of a year with a secret project and `line`."""
    with (data / "2023/projects.yaml").open("a", encoding="utf-8") as file:
        file.write('- {名称: 绝密专项, 编码: M-1, 单位: "159001", 类别: 特定目标类, 涉密: 是}\n')
    with (data / "2023/expenditure.yaml").open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(ProblemsFound) as found:
        load_budget(data, 2023)
    return str(found.value)


@pytest.mark.parametrize(
    ("written", "rule"), [("绝蜜专项", "unknown-project"), ("M-2", "unknown-project")]
)
def test_hints_do_not_offer_secret_names(data: Path, written: str, rule: str) -> None:
    said = secret_project(
        data, f"- {PROJECT}, 资金来源: 一般公共预算, 金额: 1}}\n".replace("甲", written)
    )
    assert rule in said
    assert "绝密专项" not in said
    assert "M-1" not in said


def test_a_mismatch_does_not_name_a_secret_project(data: Path) -> None:
    line = f"- {PROJECT}, 资金来源: 一般公共预算, 金额: 1}}\n"
    said = secret_project(data, line.replace("159001", "159002").replace("甲", "M-1"))
    assert "project-mismatch" in said
    assert "绝密专项" not in said


def test_a_unit_with_nothing_but_secrets_is_told_that_its_name_is_printed(data: Path) -> None:
    for name in ("expenditure.yaml", "revenue.yaml"):
        file = data / "2023" / name
        text = file.read_text(encoding="utf-8")
        secret = text.replace('{单位: "159002", ', '{单位: "159002", 涉密: 是, ')
        file.write_text(secret, encoding="utf-8")
    found = [p for p in build_disclosure(data, 2023).problems if p.rule == "unit-without-budget"]
    assert [(p.severity, p.message) for p in found] == [
        (
            "警告",
            "单位 159002 平顶山市行政审批服务中心 的收支都是涉密的，名称仍印在单位构成和收入预算表里",
        )
    ]
