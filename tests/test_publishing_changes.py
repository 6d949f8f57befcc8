"""A published year that changes afterwards is noticed, and the change is named where it stands."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from compare_tools import EXAMPLE_TEMPLATES, TEMPLATES
from departments import Department, change_amount, write_department
from departments_drawn import departments
from hypothesis import given, settings
from hypothesis import strategies as st
from years_tools import build, command, example, freeze, replace

from generator.build import build_disclosure, build_unit
from generator.load.budget import load_budget
from generator.problems import Problem
from generator.publishing.changes import changed_since
from generator.publishing.record import read_record, with_record
from generator.writers.text import write_text

LINE = '经济科目: "30101", 资金来源: 一般公共预算, 金额: 1862400.00'
LINES = "2023/expenditure.yaml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return example(tmp_path)


def named(data: Path, year: int = 2023) -> list[tuple[str, str]]:
    """(file:line, message) of what changed since it was published."""
    found = list(changed_since(build(data, year), data))
    assert {problem.severity for problem in found} <= {"警告"}
    assert all(problem.hint for problem in found)
    return [(problem.place.file_line, problem.message) for problem in found]


def more_pay(data: Path) -> None:
    replace(data / LINES, LINE, LINE.replace("1862400.00", "1962400.00"))
    replace(data / "2023/revenue.yaml", "8519073.00", "8619073.00")


def test_nothing_changed(data: Path) -> None:
    assert named(data) == []
    assert named(data, 2024) == []


def test_an_amount_is_named_with_its_line_and_the_figures_it_changed(data: Path) -> None:
    more_pay(data)
    (record, summary), *lines = named(data)
    assert record == "2023/published/record.yaml:2"
    assert "2023 年已经公布（2023-02-10）" in summary
    assert "收入总计 公布 1553.3，现在 1563.3" in summary
    assert lines == [
        (f"{LINES}:2", "公布以后改了金额：公布时 1862400.00 元，现在 1962400.00 元"),
        ("2023/revenue.yaml:2", "公布以后改了金额：公布时 8519073.00 元，现在 8619073.00 元"),
    ]


def test_it_is_named_where_it_stands_now(data: Path) -> None:
    replace(data / LINES, "# 虚构的例子", "# 核对过\n# 虚构的例子")
    more_pay(data)
    assert f"{LINES}:3" in [place for place, _ in named(data)]


def test_a_line_more_and_a_line_less_are_named(data: Path) -> None:
    moved = '{单位: "801002", 类别: 公用经费, 功能科目: "2010350", 经济科目: "30217",'
    replace(data / LINES, moved, moved.replace("30217", "30211"))
    assert (f"{LINES}:20", "这一行公布以后改过") in named(data)
    replace(
        data / LINES,
        f"- {moved.replace('30217', '30211')} 资金来源: 一般公共预算, 金额: 12000.00}}\n",
        "",
    )
    gone = "公布时这里的一行没有了：801002、一般公共预算、本年、是、公用经费、2010350、30217、50206，12000.00 元"
    replace(data / "2023/revenue.yaml", "1939920.00", "1927920.00")
    assert (f"{LINES}:20", gone) in named(data)


def test_two_equal_lines_are_two(data: Path) -> None:
    text = (data / LINES).read_text(encoding="utf-8")
    line = next(one for one in text.split("\n") if LINE in one)
    (data / LINES).write_text(f"{text}{line}\n", encoding="utf-8")
    replace(data / "2023/revenue.yaml", "8519073.00", "10381473.00")
    added = [message for place, message in named(data) if place.startswith(LINES)]
    assert len(added) == 1
    assert added[0].startswith("公布以后新加的一行")


def test_words_of_the_data_are_named_with_their_line(data: Path) -> None:
    replace(data / "2023/performance.yaml", "水平明显提高", "水平显著提高")
    (_, summary), (place, message) = named(data)
    assert summary.endswith("数没有变，文字或版式变了")
    assert place == "2023/performance.yaml:2"
    assert "整体绩效目标表" in message


def test_a_reason_is_named_with_its_line(data: Path) -> None:
    replace(data / "2023/reasons.yaml", "更换一批办公电脑", "购置办公电脑")
    assert [place for place, _ in named(data)][1:] == ["2023/reasons.yaml:15"]


def test_a_template_is_named_with_its_line(data: Path, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    narrative = templates / "qingshi-2023/narrative"
    narrative.mkdir(parents=True)
    (templates / "qingshi-2023/place.yaml").write_text("沿用: henan\n", encoding="utf-8")
    own = Path(__file__).parents[1] / "templates/henan/narrative/30-explanation.txt"
    text = own.read_text(encoding="utf-8").replace("主要保障机构正常运转", "保障机构正常运转")
    (narrative / "30-explanation.txt").write_text(text, encoding="utf-8")
    found = list(changed_since(build_disclosure(data, 2023, templates), data))
    number = text[: text.index("%}保障机构正常运转")].count("\n") + 1
    assert found[1].place.file_line == f"qingshi-2023/narrative/30-explanation.txt:{number}"


def test_another_column_is_a_change(data: Path, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "qingshi-2023/tables").mkdir(parents=True)
    (templates / "qingshi-2023/place.yaml").write_text("沿用: henan\n", encoding="utf-8")
    table = "tables/10-projects.yaml"
    source = EXAMPLE_TEMPLATES / "qingshi-2024" / table
    (templates / "qingshi-2023" / table).write_bytes(source.read_bytes())
    found = list(changed_since(build_disclosure(data, 2023, templates), data))
    assert [problem.place.path for problem in found] == [
        "2023/published/record.yaml",
        f"qingshi-2023/{table}",
    ]


def test_very_many_changes_are_counted(data: Path) -> None:
    duties = "".join(f"  - 负责第{number}项工作。\n" for number in range(30))
    replace(data / "2023/department.yaml", "主要职责:\n", f"主要职责:\n{duties}")
    found = named(data)
    assert len(found) == 22
    assert re.search("（连这一处还有 [0-9]+ 处改动）$", found[-1][1])


def test_every_command_says_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more_pay(data)
    for name in ("check", "status"):
        command(data, name, "2023")
        said = capsys.readouterr()
        assert "公布以后改了金额" in said.out + said.err
    command(data, "build", "2023", "--no-pages", "--out", str(data.parent / "out"))
    assert "公布以后改了金额" in capsys.readouterr().err


# The next year


def test_the_next_year_does_not_change(data: Path) -> None:
    before = write_text(build(data, 2024).document)
    more_pay(data)
    replace(data / "2023/performance.yaml", "水平明显提高", "水平显著提高")
    assert write_text(build(data, 2024).document) == before


def test_the_status_of_the_next_year_names_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more_pay(data)
    assert command(data, "status", "2024") == 1
    out = capsys.readouterr().out
    assert "公布以后的改动：2 处" in out
    assert "第 2 行  公布以后改了金额：公布时 1862400.00 元，现在 1962400.00 元" in out


def test_templates_that_have_gone_on_are_no_business_of_the_next_year(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = tmp_path / "templates"
    for year in (2023, 2024):
        folder = templates / f"qingshi-{year}"
        (folder / "tables").mkdir(parents=True)
        (folder / "place.yaml").write_text("沿用: henan\n", encoding="utf-8")
        source = EXAMPLE_TEMPLATES / "qingshi-2024/tables/10-projects.yaml"
        (folder / "tables/10-projects.yaml").write_bytes(source.read_bytes())
    command(data, "status", "2024", "--templates", str(templates))
    assert "公布以后的改动：没有" in capsys.readouterr().out


# The frozen files themselves


@pytest.mark.parametrize("year", [2023, 2024])
@pytest.mark.parametrize("name", ["facts.yaml", "text.txt", "units/801002/facts.yaml"])
def test_a_frozen_file_that_was_altered_is_named(data: Path, name: str, year: int) -> None:
    path = data / "2023/published" / name
    path.write_bytes(path.read_bytes() + b"# ")
    assert named(data, year) == [(f"2023/published/{name}:1", "2023 年公布时存档的这个文件被改过")]
    path.unlink()
    assert [message for _, message in named(data, year)] == ["2023 年公布时存档的这个文件不见了"]


def test_publish_stops_at_an_altered_file(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data / "2023/published/facts.yaml"
    replace(path, '{指标: "收入总计", 数值: 1553.3}', '{指标: "收入总计", 数值: 1000.0}')
    assert command(data, "publish", "2023") == 1
    assert "published-altered" in capsys.readouterr().err
    assert command(data, "publish", "2024") == 1
    assert not (data / "2024/published").exists()


def test_a_damaged_record_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(data / "2023/published/record.yaml", '日期: "2023-02-10"', "日期: 二月")
    assert command(data, "build", "2023", "--no-pages", "--out", str(data.parent / "out")) == 1
    assert "2023/published/record.yaml:2:5" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../department.yaml", "/2023/department.yaml", "units/../x.y"])
def test_a_record_names_no_file_outside_its_folder(
    data: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    line = f'  - {{文件: "{name}", 指纹: "{"0" * 64}"}}'
    replace(data / "2023/published/record.yaml", "冻结:", f"冻结:\n{line}")
    assert command(data, "publish", "2023", "--correct", "试") == 1
    assert f"“{name}”不是published/ 里的文件名" in capsys.readouterr().err
    assert (data / "2023/department.yaml").is_file()


def test_what_stops_a_year_is_told_with_what_is_wrong_in_the_one_before(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(data / "2023/published/record.yaml", '日期: "2023-02-10"', "日期: 二月")
    (data / "2024/revenue.yaml").write_text("- {单位: 甲}\n", encoding="utf-8")
    assert command(data, "check", "2024") == 1
    said = capsys.readouterr().err
    assert "2023/published/record.yaml:2:5" in said
    assert "2024/revenue.yaml:1:" in said


def test_the_status_names_mistakes_in_the_year_before(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "2023/revenue.yaml").write_text("- {单位: 甲}\n", encoding="utf-8")
    assert command(data, "status", "2024") == 1
    assert "2023/revenue.yaml" in capsys.readouterr().out


def test_a_frozen_model_of_another_version_is_named(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Frozen as it is: the program has gone on."""
    published = data / "2023/published"
    files = {p.relative_to(published).as_posix(): p.read_bytes() for p in published.rglob("*.*")}
    record = read_record(data, 2023)
    assert record is not None
    del files["record.yaml"]
    files["model.json"] = b'{"version": 0}'
    for name, content in with_record(files, record).items():
        (published / name).write_bytes(content)
    for name in ("build", "status", "check"):
        options = ("--no-pages", "--out", str(data.parent / "out")) if name == "build" else ()
        assert command(data, name, "2023", *options) == 1
        said = "".join(capsys.readouterr())
        assert "2023/published/model.json" in said
        assert "model.json 的版本是 0" in said


# Units


def test_a_unit_that_was_none_when_the_year_was_published(data: Path) -> None:
    published = data / "2023/published"
    (published / "units/801002/facts.yaml").unlink()
    record = published / "record.yaml"
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
    record.write_text("".join(x for x in lines if "units/801002/facts" not in x), encoding="utf-8")
    more_pay(data)
    assert changed_unit(data, "801002") == []


def changed_unit(data: Path, code: str) -> list[Problem]:
    loaded = load_budget(data, 2023)
    unit = loaded.budget.unit_by_code[code]
    return list(changed_since(build_unit(loaded, unit, data, EXAMPLE_TEMPLATES), data))


def test_a_units_figures_are_told_apart(data: Path) -> None:
    more_pay(data)
    assert changed_unit(data, "801002") == []
    (problem,) = [p for p in changed_unit(data, "801001") if "record" in p.place.path]
    assert "收入总计 公布 1193.9，现在 1203.9" in problem.message


def test_what_only_a_unit_says_is_noticed_too(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assets = '截至日期: "2022-12-31"\n车辆: {一般公务用车: 2}\n'
    (data / "2023/units/801002/assets.yaml").write_text(assets, encoding="utf-8")
    assert named(data) == []
    assert command(data, "publish", "2023") == 1
    assert "青石市政务服务中心" in capsys.readouterr().err


# Any department


@settings(max_examples=15)
@given(departments(min_lines=1), st.data())
def test_any_changed_line_is_named(
    tmp_path_factory: pytest.TempPathFactory, department: Department, drawn: st.DataObject
) -> None:
    data = tmp_path_factory.mktemp("data")
    lines = write_department(department, data / "published")
    freeze(data / "published", department.year, TEMPLATES)
    number = drawn.draw(st.integers(0, len(department.expenditure) - 1))
    changed, records = change_amount(department, number, 10**9)
    write_department(changed, data / "now")
    frozen = f"{department.year}/published"
    shutil.copytree(data / "published" / frozen, data / "now" / frozen)
    built = build_disclosure(data / "now", department.year, TEMPLATES)
    found = list(changed_since(built, data / "now"))
    secret = department.expenditure[number].get("涉密") == "是"
    expected = {f"{department.year}/{name}:{lines[name, n]}" for name, n in records}
    places = {problem.place.file_line for problem in found if "published" not in problem.place.path}
    assert places == (set() if secret else expected)
