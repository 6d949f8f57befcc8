"""status, publish and check look at every unit's disclosure, and say whose a finding is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from compare_tools import EXAMPLE_TEMPLATES
from years_tools import command, example, replace

from generator.__main__ import main
from generator.load.budget import load_budget

FIRST, SECOND = "801001", "801002"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The example before it was published; two units have not written their duties."""
    root = example(tmp_path, published=False)
    for code in (FIRST, SECOND):
        file = root / f"2023/units/{code}/unit.yaml"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(re.sub(r"主要职责:.*\n(?:  - .*\n)*", "", text) or "内设机构: [办公室]\n")
    return root


def unit_file(code: str) -> str:
    return f"2023/units/{code}/unit.yaml"


def steps(data: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    """Title of a step -> files of its problems."""
    command(data, "status", "2023", "--json")
    status = json.loads(capsys.readouterr().out)
    return {step["title"]: [p["file"] for p in step["problems"]] for step in status["steps"]}


def test_status_says_what_publish_would_refuse(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert steps(data, capsys)["处理或确认警告"] == [unit_file(FIRST), unit_file(SECOND)]
    assert command(data, "status", "2023") == 1
    assert "可以 publish" not in capsys.readouterr().out
    assert command(data, "publish", "2023") == 1
    refused = capsys.readouterr().err
    assert [f"{unit_file(code)}:1: 警告：" in refused for code in (FIRST, SECOND)] == [True, True]
    assert "写上 主要职责" in refused


def test_status_has_the_errors_of_units_and_stray_folders(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / f"2023/units/{SECOND}/assets.yaml").write_text("截至日期: 去年\n", encoding="utf-8")
    (data / "2023/units/801009").mkdir()
    assert steps(data, capsys)["改正错误"] == [
        f"2023/units/{SECOND}/assets.yaml",
        "2023/units/801009/",
    ]


def test_the_numbers_that_publish_prints_answer_its_warnings(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each in the file that it names; then status and publish have nothing more."""
    assert command(data, "publish", "2023") == 1
    refused = capsys.readouterr().err
    numbers = re.findall(r"编号 ([0-9a-f]{8})：确认无误可写进 (\S+)", refused)
    assert [file for _, file in numbers] == [
        f"2023/units/{code}/acknowledged.yaml" for code in (FIRST, SECOND)
    ]
    assert len({number for number, _ in numbers}) == 2
    for number, file in numbers:
        line = f'- {{发现: "{number}", 确认人: 张三, 原因: 职责见部门的}}\n'
        (data / file).write_text(line, encoding="utf-8")
    assert command(data, "status", "2023") == 0
    assert "可以 publish 2023 了" in capsys.readouterr().out
    assert command(data, "publish", "2023") == 0


def test_a_warning_of_the_departments_is_told_once(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "2023/acknowledged.yaml").write_text("[]\n", encoding="utf-8")
    assert command(data, "publish", "2023") == 1
    refused = capsys.readouterr().err
    numbers = re.findall(r"编号 ([0-9a-f]{8})", refused)
    assert len(numbers) == len(set(numbers)) > 2
    assert "可写进 2023/acknowledged.yaml" in refused


def test_check_shows_one_unit(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(data, "check", "2023", "--unit", SECOND) == 0
    shown = capsys.readouterr().out
    assert "单位预算公开：检查台账" in shown
    assert f"{unit_file(SECOND)}:1: 警告：" in shown
    assert unit_file(FIRST) not in shown
    assert f"可写进 2023/units/{SECOND}/acknowledged.yaml" in shown
    assert command(data, "check", "2023", "--unit", SECOND, "--strict") == 1
    assert command(data, "check", "2023", "--strict") == 0
    assert command(data, "check", "2023", "--unit", "801009") == 1


def test_check_shows_all_of_them(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(data, "check", "2023", "--all") == 0
    assert capsys.readouterr().out.count("：检查台账\n") == 4
    assert command(data, "check", "2023", "--all", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert [unit["unit"] for unit in record["units"]] == [FIRST, SECOND, "801003"]
    open_rules = [[p["rule"] for p in unit["problems"]] for unit in record["units"]]
    assert ["duty-missing" in rules for rules in open_rules] == [True, True, False]
    assert "duty-missing" not in [p["rule"] for p in record["problems"]]


def test_check_of_all_goes_on_after_a_wrong_unit(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = f"2023/units/{FIRST}/assets.yaml"
    (data / wrong).write_text("截至日期: 去年\n", encoding="utf-8")
    (data / "2023/units/801009").mkdir()
    assert command(data, "check", "2023", "--all") == 1
    shown = capsys.readouterr()
    assert f"2023年单位 {FIRST}：检查台账" in shown.out
    assert f"{unit_file(SECOND)}:1: 警告：" in shown.out
    assert f"{wrong}:1:7: 错误：" in shown.err
    assert "没有代码为“801009”的单位" in shown.err


def test_check_of_all_writes_no_page(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "台账.html"
    assert command(data, "check", "2023", "--all", "--page", str(page)) == 2
    assert "--page" in capsys.readouterr().err
    assert command(data, "check", "2023", "--unit", SECOND, "--page", str(page)) == 0
    assert "单位预算公开检查台账" in page.read_text(encoding="utf-8")


ALTERED = "2023 年公布时存档的这个文件被改过"


@pytest.mark.parametrize("mistake", [False, True], ids=["clean", "stopped"])
def test_check_of_the_next_year_tells_of_altered_files(
    mistake: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where data have errors: the altered files may be why."""
    root = example(tmp_path)
    file = root / "2023/published/facts.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# 改过\n", encoding="utf-8")
    if mistake:
        replace(root / "2024/expenditure.yaml", "金额: 1901850.00", "金額: 1901850.00")
    assert command(root, "check", "2024") == (1 if mistake else 0)
    shown = capsys.readouterr()
    assert ALTERED in (shown.err if mistake else shown.out)
    command(root, "check", "2024", "--json")
    record = json.loads(capsys.readouterr().out)
    assert [p["rule"] for p in record["problems"]].count("published-altered") == 1


@pytest.mark.parametrize("arguments", [["check", "--all"], ["check"], ["status"], ["publish"]])
def test_mistakes_of_the_place_are_told_with_those_of_the_data(
    arguments: list[str], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(data / "2023/department.yaml", "年度: 2023", "年度: 二〇二三")
    templates = tmp_path / "templates"
    shutil.copytree(EXAMPLE_TEMPLATES, templates)
    with (templates / "qingshi-2023/place.yaml").open("a", encoding="utf-8") as file:
        file.write("不认识的键: 甲\n")
    name, *more = arguments
    places = ["--data", str(data), "--templates", str(templates)]
    assert main([name, "2023", *places, *more]) == 1
    told = "".join(capsys.readouterr())
    assert "department.yaml" in told
    assert "place.yaml" in told


def test_status_tells_what_is_open_beside_the_unit_that_cannot_be_built(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / f"2023/units/{SECOND}/assets.yaml").write_text("截至日期: 去年\n", encoding="utf-8")
    found = steps(data, capsys)
    assert found["改正错误"] == [f"2023/units/{SECOND}/assets.yaml"]
    assert found["处理或确认警告"] == [unit_file(FIRST)]


def test_a_file_that_is_not_there_is_to_be_made(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / unit_file(FIRST)).unlink()
    command(data, "status", "2023")
    shown = capsys.readouterr().out
    assert (
        f"   {unit_file(FIRST)}（还没有这个文件，新建）\n     {name_of(data, FIRST)}缺少" in shown
    )
    assert f"   {unit_file(SECOND)}\n     第 1 行  {name_of(data, SECOND)}缺少" in shown
    command(data, "publish", "2023")
    refused = capsys.readouterr().err
    assert f"{unit_file(FIRST)}: 警告：" in refused
    assert f"→ 还没有这个文件，新建 {unit_file(FIRST)}，写上 主要职责，一条一段" in refused


def name_of(data: Path, code: str) -> str:
    """The name of a unit."""
    return load_budget(data, 2023).budget.unit_by_code[code].name


def test_units_that_publish_for_themselves_are_left_out(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setting = "单位预算公开: 否\n"
    replace(data / "2023/department.yaml", "财政级次: 市级\n", f"财政级次: 市级\n{setting}")
    head = "# 2023年数据，照 2022 年的建：金额和原因待填，其余是照抄的，核对完删掉这一行。\n"
    (data / unit_file(FIRST)).write_text(f"{head}主要职责: [待填]\n", encoding="utf-8")
    (data / "2023/units/999").mkdir()
    unused = "2023/units/ 里的 3 个文件：department.yaml 写明 单位预算公开: 否\n"
    assert command(data, "status", "2023") == 0
    shown = capsys.readouterr().out
    assert shown.endswith(f"\n不用 {unused}")
    assert "照抄上年" not in shown
    (data / "2023/controls.yaml").write_text("- {指标: 没有, 金额: 1}\n", encoding="utf-8")
    assert command(data, "status", "2023") == 1
    assert capsys.readouterr().out.endswith(f"\n不用 {unused}")
    (data / "2023/controls.yaml").unlink()
    assert command(data, "check", "2023", "--all", "--strict") == 0
    assert capsys.readouterr().out.count("：检查台账\n") == 1
    out = tmp_path / "out"
    assert command(data, "build", "2023", "--all", "--out", str(out), "--formats", "txt") == 0
    assert "共 1 份（部门 1 份，单位 0 份），department.yaml 写明" in capsys.readouterr().out
    assert not (out / "2023/units").exists()
    assert command(data, "publish", "2023") == 0
    assert not (data / "2023/published/units").exists()
    shutil.rmtree(data / "2024")
    assert command(data, "new", "2024") == 0
    assert f"\n  没有照抄 {unused}" in capsys.readouterr().out
    assert not (data / "2024/units").exists()
    assert setting in (data / "2024/department.yaml").read_text(encoding="utf-8")
    assert command(data, "check", "2023", "--unit", SECOND, "--strict") == 1


def test_units_are_left_out_by_yes_or_no_only(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "2023/department.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}单位预算公开: 是\n", encoding="utf-8")
    assert steps(data, capsys)["处理或确认警告"] == [unit_file(FIRST), unit_file(SECOND)]
    file.write_text(f"{text}单位预算公开: 不\n", encoding="utf-8")
    assert steps(data, capsys)["改正错误"] == ["2023/department.yaml"]
