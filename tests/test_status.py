"""status: what is owed, in the order in which people do it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from years_tools import build, command, example, replace

from generator.writers.text import write_text

STEPS = ["公布以后的改动", "改正错误", "填数和文字", "写增减原因", "处理或确认警告"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return example(tmp_path)


def steps(data: Path, year: str, capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    """Title of a step -> file:line of its problems."""
    code = command(data, "status", year, "--json")
    status = json.loads(capsys.readouterr().out)
    assert (status["version"], status["year"]) == (1, int(year))
    found = {
        step["title"]: [f"{p['file']}:{p['line']}" for p in step["problems"]]
        for step in status["steps"]
    }
    assert list(found) == STEPS
    assert code == (1 if any(found.values()) else 0)
    return found


def test_nothing_is_owed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(data, "status", "2024") == 0
    *lines, last = capsys.readouterr().out.strip().split("\n")
    assert lines == [f"{number}. {title}：没有" for number, title in enumerate(STEPS, 1)]
    assert last == "6. 公布：还没有公布，可以 publish 2024 了"


def test_a_published_year_says_when(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(data, "status", "2023") == 0
    assert capsys.readouterr().out.endswith("6. 公布：已于 2023-02-10 公布\n")
    replace(data / "2023/performance.yaml", "水平明显提高", "水平显著提高")
    command(data, "publish", "2023", "--correct", "措辞", "--date", "2023-04-01")
    capsys.readouterr()
    command(data, "status", "2023")
    out = capsys.readouterr().out
    assert out.endswith("6. 公布：已于 2023-02-10 公布，更正 1 次，最近 2023-04-01\n")
    command(data, "status", "2023", "--json")
    assert json.loads(capsys.readouterr().out)["published"] == {
        "date": "2023-02-10",
        "last": "2023-04-01",
    }


def test_a_new_year_owes_in_the_order_of_the_work(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(data / "2024")
    command(data, "new", "2024")
    capsys.readouterr()
    found = steps(data, "2024", capsys)
    files = list(dict.fromkeys(place.partition(":")[0] for place in found["填数和文字"]))
    assert files == ["2024/revenue.yaml", "2024/expenditure.yaml", "2024/procurement.yaml"]
    lines = [int(p.partition(":")[2]) for p in found["填数和文字"] if "expenditure" in p]
    assert lines == sorted(lines)
    assert len(lines) == 23
    assert found["写增减原因"] == []
    command(data, "status", "2024")
    shown = capsys.readouterr().out
    assert f"     第 {lines[0]}—{lines[-1]} 行  “金额”还没有填（23 处）\n" in shown


def test_reasons_come_after_the_amounts(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(data / "2024/reasons.yaml", "压缩办公费，没有安排设备购置", "待填")
    replace(data / "2024/performance.yaml", "扩大部门间数据共享的范围。", "待填")
    found = steps(data, "2024", capsys)
    assert found["填数和文字"] == ["2024/performance.yaml:4"]
    assert found["写增减原因"] == ["2024/reasons.yaml:17"]


def test_mistakes_come_first(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(data / "2024/expenditure.yaml", "金额: 1901850.00", "金頟: 1901850.00")
    found = steps(data, "2024", capsys)
    assert found["改正错误"] == ["2024/expenditure.yaml:2"]


def test_warnings_come_last(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(data / "2024/projects.yaml", "指标值: ≤142万元", "指标值: ≤143万元")
    found = steps(data, "2024", capsys)
    assert [title for title, places in found.items() if places] == ["处理或确认警告"]


def test_every_problem_is_in_one_step(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(data / "2024/projects.yaml", "指标值: ≤142万元", "指标值: ≤143万元")
    replace(data / "2024/performance.yaml", "扩大部门间数据共享的范围。", "待填")
    replace(data / "2023/performance.yaml", "水平明显提高", "水平显著提高")
    found = steps(data, "2024", capsys)
    assert [len(places) for places in found.values()] == [1, 0, 1, 0, 1]
    assert found["公布以后的改动"] == ["2023/performance.yaml:2"]
    assert command(data, "status", "2024") == 1
    out = capsys.readouterr().out
    assert re.findall("第 ([0-9]+) 行", out) == ["2", "4", "8"]


def test_a_year_that_is_not_there(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = steps(data, "2031", capsys)
    assert found["改正错误"] == ["2031/:0"]


def test_a_published_year_with_mistakes_is_not_said_to_be_unchanged(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(data, "status", "2023")
    assert "1. 公布以后的改动：没有\n" in capsys.readouterr().out
    replace(data / "2023/expenditure.yaml", "金额: 1862400.00", "金额: 1862500.00")
    command(data, "status", "2023")
    assert "1. 公布以后的改动：改正错误以后才能比较\n" in capsys.readouterr().out


def test_copied_files_are_named_until_their_first_line_is_gone(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(data / "2024")
    command(data, "new", "2024")
    capsys.readouterr()
    for file in (data / "2024").rglob("*.yaml"):
        if file.name != "assets.yaml":
            file.write_text(file.read_text("utf-8").partition("\n")[2], "utf-8")
    command(data, "status", "2024", "--json")
    assert json.loads(capsys.readouterr().out)["unchecked"] == ["2024/assets.yaml"]
    command(data, "status", "2024")
    assert capsys.readouterr().out.endswith("（核对完删掉文件第一行）：2024/assets.yaml\n")
    file = data / "2024/assets.yaml"
    file.write_text(file.read_text("utf-8").partition("\n")[2], "utf-8")
    command(data, "status", "2024")
    assert "照抄" not in capsys.readouterr().out


def test_a_warning_comes_with_the_line_that_acknowledges_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same as check gives; what is owed cannot be acknowledged."""
    replace(data / "2024/projects.yaml", "指标值: ≤142万元", "指标值: ≤143万元")
    replace(data / "2024/performance.yaml", "扩大部门间数据共享的范围。", "待填")
    line = re.compile(r'编号 [0-9a-f]{8}：确认无误可写进 (\S+)\n\s+(- \{发现: "[0-9a-f]{8}".*\})\n')
    command(data, "status", "2024")
    found = line.findall(capsys.readouterr().out)
    assert [file for file, _ in found] == ["2024/acknowledged.yaml"]
    command(data, "check", "2024")
    assert found == line.findall(capsys.readouterr().out)
    (data / found[0][0]).write_text(found[0][1] + "\n", encoding="utf-8")
    assert not steps(data, "2024", capsys)["处理或确认警告"]


def test_lines_of_missing_reasons_can_be_copied_into_the_file(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Copied as they stand they are owed still, each in its own line; those of units as well."""
    for folder in ("", "units/801002/"):
        file = data / "2024" / folder / "reasons.yaml"
        file.unlink()
        command(data, "status", "2024")
        _, _, shown = capsys.readouterr().out.partition("抄进这个文件，再把 待填 换成原因：\n")
        lines = re.match(r"(?:     - \{指标: .*原因: 待填\}\n)+", shown)
        assert lines is not None
        copied = [line.strip() for line in lines[0].splitlines()]
        file.write_text("\n".join([*copied, ""]), encoding="utf-8")
        path = file.relative_to(data).as_posix()
        wanted = [f"{path}:{number}" for number in range(1, len(copied) + 1)]
        assert [at for at in steps(data, "2024", capsys)["写增减原因"] if path in at] == wanted
        command(data, "status", "2024")
        assert "抄进这个文件" not in capsys.readouterr().out


def test_a_missing_reason_says_how_much_changed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(data / "2024/reasons.yaml", "压缩办公费，没有安排设备购置", "待填")
    command(data, "status", "2024")
    shown = capsys.readouterr().out
    assert "  还没有写机关运行经费减少的原因（减少" in shown
    (words,) = re.findall("减少的原因（(.*)）\n", shown)
    assert words in write_text(build(data, 2024).document).decode()
