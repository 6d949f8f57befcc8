"""Files of the data folder that cannot be read, and the lines that problems show."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.load.budget import load_budget
from generator.load.files import with_public_excerpts
from generator.load.units import load_unit_records
from generator.problems import Place, Problem, ProblemsFound

BASE = Path(__file__).parent / "broken" / "base"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return tmp_path


def problems_of(data: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, 2023)
    return raised.value.problems


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def unreadable(file: Path, how: str) -> None:
    file.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    if how == "folder":
        file.mkdir()
    else:
        file.symlink_to(file if how == "loop" else file.parent / "nowhere")


@pytest.mark.parametrize("how", ["folder", "loop", "dangling"])
@pytest.mark.parametrize(
    "path", ["2023/revenue.yaml", "2023/department.yaml", "2022/published/facts.yaml"]
)
def test_what_cannot_be_read_is_said_with_the_rest(path: str, how: str, data: Path) -> None:
    unreadable(data / path, how)
    edit(data / "2023/assets.yaml", "一般公务用车: 1", "一般公务用车: 一")
    found = [(p.rule, p.place.path) for p in problems_of(data)]
    assert sorted(found) == [("bad-number", "2023/assets.yaml"), ("unreadable-file", path)]
    assert main(["check", "2023", "--data", str(data)]) == 1


def test_a_units_file_that_is_a_folder(data: Path) -> None:
    loaded = load_budget(data, 2023)
    unit = loaded.budget.department.units[0]
    unreadable(data / f"2023/units/{unit.code}/unit.yaml", "folder")
    with pytest.raises(ProblemsFound) as raised:
        load_unit_records(data, loaded, unit)
    assert [p.rule for p in raised.value.problems] == ["unreadable-file"]


def test_a_problem_shows_its_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(data / "2023/assets.yaml", "一般公务用车: 1", "一般公务用车: 一")
    (problem,) = problems_of(data)
    assert problem.excerpt == "车辆: {一般公务用车: 一}"
    assert str(problem).split("\n")[1:3] == [f"    {problem.excerpt}", "    　　   　　　　　　  ^"]
    assert main(["check", "2023", "--data", str(data), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)["problems"]
    assert [p["excerpt"] for p in shown] == [problem.excerpt]


def test_a_number_where_parts_are_counted_is_told_the_parts(data: Path) -> None:
    edit(data / "2023/assets.yaml", "{一般公务用车: 1}", "5")
    (problem,) = problems_of(data)
    assert (problem.message, problem.hint) == (
        "“车辆”要分项写成“键: 值”",
        "例如 车辆: {一般公务用车: …}；"
        "可写：一般公务用车、一般执法执勤用车、特种专业技术用车、其他用车",
    )


def test_what_is_no_number_of_a_finding_is_told_of_its_letters(data: Path) -> None:
    line = "- {发现: no-prior-year, 确认人: 甲, 原因: 今年新设}\n"
    (data / "2023/acknowledged.yaml").write_text(line, "utf-8")
    (problem,) = problems_of(data)
    assert problem.hint == '写成带引号的半角数字和小写字母，例如 "3f2a91c4"'


def test_facts_and_units_show_their_lines(data: Path) -> None:
    edit(data / "2022/published/facts.yaml", "3.0", "3.0万元")
    assert [p.excerpt for p in problems_of(data)] == ["  - {指标: 公务接待费, 数值: 3.0万元}"]
    edit(data / "2022/published/facts.yaml", "3.0万元", "3.0")
    loaded = load_budget(data, 2023)
    unit = loaded.budget.department.units[0]
    folder = data / f"2023/units/{unit.code}"
    folder.mkdir(parents=True)
    (folder / "assets.yaml").write_text("截至日期: 年末\n", "utf-8")
    with pytest.raises(ProblemsFound) as raised:
        load_unit_records(data, loaded, unit)
    assert [p.excerpt for p in raised.value.problems] == ["截至日期: 年末"]


SECRETS = """\
- {名称: 绝密专项, 编码: M-1, 单位: "301001", 类别: 特定目标类, 涉密: 是}
- 名称: 机密专项
  涉密: "是"
  类别: 甲
- {名称: 公开, 涉密: 否, 单位: 甲}
"""


def test_lines_of_secret_records_are_not_shown(data: Path) -> None:
    (data / "2023/projects.yaml").write_text(SECRETS, "utf-8")
    lines = ["- {项目: 绝密专项}", "- {项目: M-1}", "- 项目: 机密专项\n  金额: 1", "- {项目: 公开}"]
    (data / "2023/expenditure.yaml").write_text("\n".join([*lines, "- {涉密: 是}"]), "utf-8")
    shown = {}
    for name, count in (("projects", 5), ("expenditure", 6)):
        places = (Place(f"2023/{name}.yaml", n, 1) for n in range(1, count + 1))
        found = with_public_excerpts([Problem("甲", "甲", place) for place in places], data, 2023)
        shown[name] = [p.place.line for p in found if p.excerpt]
    assert shown == {"projects": [5], "expenditure": [5]}


EXPENSE = "- {项目: 绝密专项, 金额: 一}"


@pytest.mark.parametrize(
    ("projects", "shown"),
    [
        ("  - {名称: 绝密专项, 涉密: 是}\n  - {名称: 公开}\n", False),
        (
            "# 项目\n\n  - 名称: 绝密专项\n    指标:\n    - {甲: 乙}\n    涉密: 是\n  -\n    名称: 公开\n",
            False,
        ),
        ("  - {名称: 公开}\n  - {名称: 绝密专项, 涉密: 否}\n", True),
    ],
)
def test_records_may_be_indented(projects: str, shown: bool, data: Path) -> None:
    (data / "2023/projects.yaml").write_text(projects, "utf-8")
    (data / "2023/expenditure.yaml").write_text(f"{EXPENSE}\n- {{项目: 公开}}\n", "utf-8")
    places = (Place("2023/expenditure.yaml", line, 1) for line in (1, 2))
    found = with_public_excerpts([Problem("甲", "甲", place) for place in places], data, 2023)
    assert [bool(p.excerpt) for p in found] == [shown, True]


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("projects", "[\n{名称: 绝密专项,\n涉密: 是},\n]\n", False),
        ("projects", "- {名称: 绝密专项,\n涉密: 是}\n", False),
        (
            "projects",
            "  - {名称: 公开}\n- 名称: 绝密专项\n  指标:\n  - {甲: 乙}\n  涉密: 是\n",
            False,
        ),
        ("projects", "- {名称: 公开,\n涉密: 否}\n", True),
        ("revenue", "- {名称: 绝密专项,\n涉密: 是}\n", True),
    ],
)
def test_where_a_secret_record_ends_must_be_clear(
    name: str, content: str, shown: bool, data: Path
) -> None:
    (data / f"2023/{name}.yaml").write_text(content, "utf-8")
    (data / "2023/expenditure.yaml").write_text(EXPENSE + "\n", "utf-8")
    places = Place("2023/expenditure.yaml", 1, 1), Place(f"2023/{name}.yaml", 1, 1)
    found = with_public_excerpts([Problem("甲", "甲", place) for place in places], data, 2023)
    own = shown and name == "projects"
    assert [bool(p.excerpt) for p in found] == [shown, own]


def test_a_secret_line_that_is_no_yaml_is_not_shown(data: Path) -> None:
    with (data / "2023/revenue.yaml").open("a", encoding="utf-8") as file:
        file.write("- {涉密: 是, 备注: @绝密}\n")
    (problem,) = problems_of(data)
    assert (problem.rule, problem.place.line, problem.excerpt) == ("yaml-syntax", 4, "")


def test_words_of_a_secret_record_are_not_called_cut(data: Path) -> None:
    file = data / "2023/projects.yaml"
    file.write_text(
        file.read_text("utf-8")
        + '- 名称: 绝密 #一号\n  单位: "301001"\n  类别: 特定目标类\n  涉密: 是\n',
        "utf-8",
    )
    assert load_budget(data, 2023).warnings == ()


def test_a_file_that_must_be_there_says_how_to_begin_it(data: Path) -> None:
    for name, begun in (
        ("department", "照随附的 data/2023/"),
        ("revenue", "导出的表用 import 导入"),
    ):
        (data / f"2023/{name}.yaml").unlink()
        (missing,) = (p for p in problems_of(data) if p.place.path == f"2023/{name}.yaml")
        assert missing.message == "缺少这个文件"
        assert missing.hint.startswith(begun)
        assert missing.hint.endswith("见 docs/guide.md 从零开始一个部门")
