"""publish: what it freezes, what it refuses, how it corrects."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from compare_tools import EXAMPLE_TEMPLATES, TEMPLATES
from departments import Department, write_department
from departments_drawn import departments
from hypothesis import given, settings
from years_tools import build, command, content_of, example, freeze, replace

from generator.build import Built, build_unit, printed_figures
from generator.compare.sides import read_published
from generator.figures.expressions import Ratio, Subtract
from generator.figures.last_year import qualified_name
from generator.load.budget import load_budget
from generator.publishing.changes import changed_since
from generator.publishing.freezing import LINE_COLUMNS
from generator.publishing.record import read_record
from generator.writers.evidence import write_model
from generator.writers.text import write_text

NUMBER = "青财预〔2023〕9号"
LINE = '经济科目: "30101", 资金来源: 一般公共预算, 金额: 1862400.00'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The example, with 2023 not yet published."""
    return example(tmp_path, published=False)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return example(tmp_path)


def frozen(data: Path) -> dict[str, bytes]:
    return content_of(data / "2023/published")


def more_pay(data: Path, fen: str = "1962400.00", revenue: str = "8619073.00") -> None:
    """One line and the revenue that pays for it."""
    replace(data / "2023/expenditure.yaml", LINE, LINE.replace("1862400.00", fen))
    replace(data / "2023/revenue.yaml", "8519073.00", revenue)


# Freezing


def test_it_freezes_figures_model_text_reasons_lines_units_date_and_number(data: Path) -> None:
    assert command(data, "publish", "2023", "--document", NUMBER) == 0
    files = frozen(data)
    units = [f"units/80100{n}/facts.yaml" for n in (1, 2, 3)]
    names = ["facts.json", "facts.yaml", "lines.csv", "model.json", "record.yaml", "text.txt"]
    assert sorted(files) == sorted([*names, *units])
    built = build(data, 2023)
    assert files["text.txt"] == write_text(built.document)
    assert files["model.json"] == write_model(built.document)
    assert '原因: "更换一批办公电脑"' in files["facts.yaml"].decode()
    record = read_record(data, 2023)
    assert record is not None
    assert (record.date, record.document, record.corrections) == ("2023-02-10", NUMBER, ())
    assert [file.name for file in record.files] == sorted(set(files) - {"record.yaml"})


def test_files_that_were_copied_and_never_checked_are_told_of(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = "注意：照抄上年、还没有核对的（核对完删掉文件第一行）：2023/assets.yaml\n"
    file = data / "2023/assets.yaml"
    text = file.read_text("utf-8")
    file.write_text(f"# 2023年数据，照 2022 年的建：金额和原因待填\n{text}", "utf-8")
    assert command(data, "publish", "2023") == 0
    assert capsys.readouterr().out.endswith(told)
    file.write_text(text, "utf-8")
    more_pay(data)
    assert command(data, "publish", "2023", "--correct", "调资", "--date", "2023-03-01") == 0
    assert "照抄" not in capsys.readouterr().out


def test_the_lines_behind_the_figures_are_frozen(data: Path) -> None:
    command(data, "publish", "2023")
    rows = [line.split(",") for line in frozen(data)["lines.csv"].decode().split("\n")]
    assert tuple(rows[0]) == LINE_COLUMNS
    assert rows[1][-2:] == ["1862400.00", "2023/expenditure.yaml:2"]
    kinds = [row[0] for row in rows[1:-1]]
    assert kinds.count("支出") == 23
    assert kinds.count("收入") == 7
    assert kinds.count("采购") == 3


def test_it_is_reproducible(tmp_path: Path) -> None:
    trees = []
    for name in ("one", "other"):
        data = example(tmp_path / name, published=False)
        command(data, "publish", "2023", "--document", NUMBER)
        trees.append(frozen(data))
    assert trees[0] == trees[1]


def test_the_day_can_be_given(data: Path) -> None:
    assert command(data, "publish", "2023", "--date", "2023-02-14") == 0
    record = read_record(data, 2023)
    assert record is not None
    assert record.date == "2023-02-14"


def test_the_date_is_in_the_month_of_the_cover(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(data, "publish", "2023", "--date", "2023-03-01") == 1
    assert "先改 department.yaml 的 公布日期" in capsys.readouterr().err
    assert not (data / "2023/published/record.yaml").exists()


@pytest.mark.parametrize("date", ["2023-2-14", "2023-02-30", "昨天"])
def test_a_day_that_is_none_is_refused(data: Path, date: str) -> None:
    assert command(data, "publish", "2023", "--date", date) == 2
    assert frozen(data) == {}


def test_what_is_secret_is_not_frozen(data: Path) -> None:
    for name, line in (
        ("expenditure", '{单位: "801001", 类别: 人员类, 功能科目: "2040201", 经济科目: "30103",'),
        ("revenue", '{单位: "801001",'),
    ):
        with (data / f"2023/{name}.yaml").open("a", encoding="utf-8") as file:
            file.write(f"- {line} 资金来源: 一般公共预算, 金额: 77777.00, 涉密: 是}}\n")
    command(data, "publish", "2023")
    files = frozen(data)
    assert files
    assert [name for name, content in files.items() if b"77777" in content] == []
    assert [name for name, content in files.items() if b"2040201" in content] == []


# Refusing


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("expenditure.yaml", LINE, LINE.replace("1862400.00", "待填"), "待填"),
        ("performance.yaml", "数据共享和政务服务的水平明显提高。", "待填", "待填"),
        ("reasons.yaml", "原因: 更换一批办公电脑", "原因: 待填", "missing-reason"),
        ("expenditure.yaml", LINE, LINE.replace("1862400.00", "1862401.00"), "revenue-expenditure"),
        ("acknowledged.yaml", '- {发现: "c3dd0c5a"', '- {发现: "00000000"', "doubtful-code"),
    ],
)
def test_it_refuses_drafts_errors_and_open_warnings(
    data: Path,
    file: str,
    old: str,
    new: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    replace(data / "2023" / file, old, new)
    assert command(data, "publish", "2023") == 1
    assert said in capsys.readouterr().err
    assert not (data / "2023/published").exists()


def test_release_refuses_what_publish_refuses(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "2023/acknowledged.yaml").write_text("[]\n", encoding="utf-8")
    out = ["--out", str(tmp_path / "out")]
    assert command(data, "release", "2023", *out) == 1
    assert "doubtful-code" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_wrong_unit_stops_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "2023/units/801002/assets.yaml").write_text("截至日期: 去年\n", encoding="utf-8")
    assert command(data, "publish", "2023") == 1
    assert "2023/units/801002/assets.yaml:1:7" in capsys.readouterr().err
    assert not (data / "2023/published").exists()


def test_a_unit_that_is_a_draft_stops_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "2023/units/801002/unit.yaml").write_text("主要职责: [待填]\n", encoding="utf-8")
    assert command(data, "publish", "2023") == 1
    assert "2023/units/801002/unit.yaml:1:8" in capsys.readouterr().err
    assert not (data / "2023/published").exists()


def test_a_folder_of_no_unit_stops_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "2023/units/801009").mkdir()
    assert command(data, "publish", "2023") == 1
    assert "没有代码为“801009”的单位" in capsys.readouterr().err
    assert not (data / "2023/published").exists()


# Again


def test_twice_is_once(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = frozen(published)
    assert command(published, "publish", "2023") == 0
    assert "内容没有变，什么也没有写" in capsys.readouterr().out
    assert frozen(published) == before


def test_a_comment_changes_nothing(published: Path) -> None:
    before = frozen(published)
    replace(published / "2023/expenditure.yaml", "# 虚构的例子", "# 核对过\n# 虚构的例子")
    assert command(published, "publish", "2023") == 0
    assert frozen(published) == before


def test_line_ends_of_a_checkout_change_nothing(published: Path) -> None:
    for path in (published / "2023/published").rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert list(changed_since(build(published, 2023), published)) == []


def test_changed_content_needs_a_correction(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = frozen(published)
    more_pay(published)
    assert command(published, "publish", "2023") == 1
    assert "用 publish 2023 --correct “原因” 写明更正" in capsys.readouterr().err
    assert frozen(published) == before


def test_another_number_needs_a_correction_too(published: Path) -> None:
    before = frozen(published)
    assert command(published, "publish", "2023", "--document", "青财预〔2023〕10号") == 1
    assert frozen(published) == before
    assert command(published, "publish", "2023", "--document", NUMBER) == 0


# Correcting


def test_a_correction_is_kept_with_date_reason_and_what_it_changed(published: Path) -> None:
    first = read_record(published, 2023)
    assert first is not None
    more_pay(published)
    arguments = [
        "--correct",
        "基本工资漏列",
        "--date",
        "2023-03-01",
        "--document",
        "青财预〔2023〕20号",
    ]
    assert command(published, "publish", "2023", *arguments) == 0
    record = read_record(published, 2023)
    assert record is not None
    assert (record.date, record.document, record.fingerprint) == (
        first.date,
        first.document,
        first.fingerprint,
    )
    (correction,) = record.corrections
    assert (correction.date, correction.reason) == ("2023-03-01", "基本工资漏列")
    assert record.last_document == "青财预〔2023〕20号"
    assert "收入总计 公布 1553.3，现在 1563.3" in correction.changes
    assert frozen(published)["text.txt"] == write_text(build(published, 2023).document)
    assert list(changed_since(build(published, 2023), published)) == []


def test_corrections_add_up(published: Path) -> None:
    more_pay(published)
    command(published, "publish", "2023", "--correct", "一", "--date", "2023-03-01")
    replace(published / "2023/performance.yaml", "水平明显提高", "水平显著提高")
    assert command(published, "publish", "2023", "--correct", "二", "--date", "2023-03-01") == 0
    record = read_record(published, 2023)
    assert record is not None
    assert [(c.reason, bool(c.changes)) for c in record.corrections] == [("一", True), ("二", True)]
    assert "公布以后改了文字" in "".join(record.corrections[1].changes)


def test_the_next_year_compares_with_the_correction(published: Path) -> None:
    more_pay(published)
    command(published, "publish", "2023", "--correct", "漏列", "--date", "2023-03-01")
    change = build(published, 2024).book.change(build(published, 2024).book.named("收入总计"))
    assert str(change.prior) == "1563.3"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--correct", "漏列"], "写明更正日期"),
        (["--correct", "漏列", "--date", "2023-02-09"], "写明更正日期"),
    ],
)
def test_a_correction_has_a_day_after_the_last(
    published: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = frozen(published)
    more_pay(published)
    assert command(published, "publish", "2023", *arguments) == 1
    assert said in capsys.readouterr().err
    assert frozen(published) == before


def test_the_corrected_cover_gives_the_day(published: Path) -> None:
    replace(published / "2023/department.yaml", '"2023-02-10"', '"2023-03-05"')
    assert command(published, "publish", "2023", "--correct", "封面日期") == 0
    record = read_record(published, 2023)
    assert record is not None
    assert record.last_date == "2023-03-05"


@pytest.mark.parametrize("reason", ["", "  ", "漏\u200b列"])
def test_a_reason_says_something(published: Path, reason: str) -> None:
    before = frozen(published)
    more_pay(published)
    assert command(published, "publish", "2023", "--correct", reason) == 2
    assert frozen(published) == before


def test_there_is_nothing_to_correct_before(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(data, "publish", "2023", "--correct", "漏列") == 1
    assert "还没有公布" in capsys.readouterr().err
    assert not (data / "2023/published").exists()


def test_any_words_can_be_a_reason(published: Path) -> None:
    more_pay(published)
    reason = '甲"乙\\丙: {丁}, #戊\n己'
    date = ["--date", "2023-03-01"]
    assert command(published, "publish", "2023", "--correct", reason, *date) == 0
    record = read_record(published, 2023)
    assert record is not None
    assert record.corrections[0].reason == '甲"乙\\丙: {丁}, #戊 己'


def test_a_unit_that_is_gone_is_no_longer_frozen(published: Path) -> None:
    for name in ("expenditure", "revenue", "department"):
        path = published / f"2023/{name}.yaml"
        lines = path.read_text(encoding="utf-8").split("\n")
        kept = "\n".join(line for line in lines if "801003" not in line)
        path.write_text(kept, encoding="utf-8")
    shutil.rmtree(published / "2023/units/801003")
    replace(published / "2023/reasons.yaml", "绩效工资标准提高", "研究所撤销")
    arguments = ["--correct", "撤销", "--date", "2023-03-01"]
    assert command(published, "publish", "2023", *arguments) == 0
    names = set(frozen(published))
    assert "units/801002/facts.yaml" in names
    assert "units/801003/facts.yaml" not in names


def test_it_speaks_json(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(published, "publish", "2023", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    more_pay(published)
    assert command(published, "publish", "2023", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert {problem["rule"] for problem in found} == {"published-changed"}


# What the next year reads


def printed(built: Built) -> dict[str, Decimal]:
    """What a document prints, but for shares and changes."""
    figures = (built.book.resolve(name) for name, _, _ in printed_figures(built.document))
    return {
        figure.name: figure.printed or Decimal(0)
        for figure in figures
        if not isinstance(figure.expression, Ratio | Subtract)
    }


@settings(max_examples=15)
@given(departments(max_lines=16))
def test_every_printed_figure_is_frozen_as_printed(
    tmp_path_factory: pytest.TempPathFactory, department: Department
) -> None:
    data = tmp_path_factory.mktemp("data")
    write_department(department, data)
    built = freeze(data, department.year, TEMPLATES)
    facts = read_published(data, department.year).facts
    amounts = {qualified_name(fact.figure, fact.function): fact.amount for fact in facts}
    assert {name: amounts[name] for name in printed(built)} == printed(built)
    assert list(changed_since(built, data)) == []


def test_a_unit_has_its_own_base_the_year_after(published: Path) -> None:
    before, after = load_budget(published, 2023), load_budget(published, 2024)
    for unit in before.budget.department.units:
        old = build_unit(before, unit, published, EXAMPLE_TEMPLATES)
        renamed = after.budget.unit_by_code[unit.code]
        book = build_unit(after, renamed, published, EXAMPLE_TEMPLATES).book
        # What kept its code has the base that the unit itself printed.
        amounts = {n: value for n, value in printed(old).items() if "=20103" not in n}
        facts = {
            qualified_name(fact.figure, fact.function): fact.amount for fact in book.last_year.facts
        }
        assert {name: facts[name] for name in amounts} == amounts
