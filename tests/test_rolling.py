"""new: the year before carried over, every amount and reason owed, nothing else touched."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace as changed
from pathlib import Path

import pytest
from compare_tools import DATA, TEMPLATES
from departments import Department, write_department
from departments_drawn import departments
from hypothesis import given, settings
from years_tools import build, command, content_of, example, freeze, replace

from generator.build import Built, build_disclosure, printed_figures
from generator.document import text_of
from generator.figures.figure import BOTH_ZERO, UNCHANGED
from generator.load.budget import load_budget
from generator.problems import OWED, Problem, ProblemsFound
from generator.rolling import edition_for, rolled_forward

AMOUNT = re.compile(r"(?:金额|其中财政拨款): ([0-9.]+)")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The example's first year, published, and nothing after it."""
    root = example(tmp_path)
    shutil.rmtree(root / "2024")
    return root


def told(error: pytest.ExceptionInfo[ProblemsFound]) -> list[tuple[str, str]]:
    return [(problem.rule, str(problem.place)) for problem in error.value.problems]


def roll(data: Path, year: int) -> dict[str, bytes]:
    """data/<year>/ from the year before."""
    files = rolled_forward(data, year, "2023").files
    for name, content in files.items():
        path = data / str(year) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return files


def fill(data: Path, year: int, files: dict[str, bytes]) -> None:
    """Every amount that is owed becomes what it was, line by line."""
    for name in files:
        old, new = (data / str(y) / name for y in (year - 1, year))
        amounts = AMOUNT.findall(old.read_text(encoding="utf-8"))
        text = new.read_text(encoding="utf-8")
        first, *parts = re.split("(?<=金额: )待填|(?<=其中财政拨款: )待填", text)
        filled = "".join(a + part for a, part in zip(amounts, parts, strict=True))
        new.write_text(first + filled, encoding="utf-8")


def owed_places(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.place.file_line for problem in problems if problem.severity == OWED}


def kinds_of_change(built: Built) -> dict[str, str]:
    """The kind of change of every figure that the text compares."""
    book = built.book
    names = {name for name, _, _ in printed_figures(built.document) if "." not in name}
    figures = (book.resolve(name) for name in names)
    return {f.name: book.change(f).kind for f in figures if book.prior_fact(f) is not None}


# What is carried over


def test_only_amounts_reasons_dates_year_and_edition_differ(data: Path) -> None:
    files = roll(data, 2024)
    differing = set()
    for name, content in files.items():
        old = (data / "2023" / name).read_text(encoding="utf-8").split("\n")
        head, *new = content.decode().split("\n")
        assert head.startswith("# 2024年数据，照 2023 年的建：")
        assert len(new) == len(old)
        for before, after in zip(old, new, strict=True):
            if before != after:
                differing.add(re.sub(r"(.*?)(金额|原因|年度|日期): .*", r"\2", after))
    assert differing == {"金额", "原因", "年度", "日期"}


def test_files_of_their_year_stay_behind(data: Path) -> None:
    (data / "2023/controls.yaml").write_text("[]\n", encoding="utf-8")
    names = set(roll(data, 2024))
    expected = {path.name for path in (data / "2023").glob("*.yaml")}
    units = {f"units/80100{n}/unit.yaml" for n in (1, 2, 3)}
    assert names == expected - {"controls.yaml", "acknowledged.yaml"} | units


def test_the_words_of_units_are_carried_and_their_reasons_owed(data: Path) -> None:
    reasons = "- {指标: 收入总计, 原因: 人员调资}\n"
    (data / "2023/units/801002/reasons.yaml").write_text(reasons, encoding="utf-8")
    files = roll(data, 2024)
    assert files["units/801002/reasons.yaml"].decode().endswith("{指标: 收入总计, 原因: 待填}\n")
    assert "组织政务服务大厅的日常运行" in files["units/801002/unit.yaml"].decode()


def test_what_only_looks_like_an_amount_stays(data: Path) -> None:
    path = data / "2023/expenditure.yaml"
    replace(
        path,
        "金额: 1862400.00}",
        '金额: "1862400.00", 备注: "原金额: 5.00, 原因: 调整"} # 金额: 6.00',
    )
    line = roll(data, 2024)["expenditure.yaml"].decode().split("\n")[2]
    assert line.endswith('金额: 待填, 备注: "原金额: 5.00, 原因: 调整"} # 金额: 6.00')


@pytest.mark.parametrize(
    ("written", "rolled"),
    [
        ("原因: 甲，乙：丙}", "原因: 待填}"),
        ('原因: "甲, 乙} # 丙"}', "原因: 待填}"),
        ("原因: '甲''乙', 说明: 原因不详}", "原因: 待填, 说明: 原因不详}"),
        ("原因: 待填}", "原因: 待填}"),
        ("原因: , 说明: 没有变动}", "原因: , 说明: 没有变动}"),
    ],
)
def test_reasons_however_written_are_owed(data: Path, written: str, rolled: str) -> None:
    text = f"- {{指标: 三公经费, {written}\n"
    (data / "2023/reasons.yaml").write_text(text, encoding="utf-8")
    assert (
        roll(data, 2024)["reasons.yaml"].decode().split("\n")[1] == f"- {{指标: 三公经费, {rolled}"
    )


def test_a_reason_over_several_lines_is_refused_with_its_place(data: Path) -> None:
    text = "- 指标: 三公经费\n  原因: 甲\n    乙\n"
    (data / "2023/reasons.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        rolled_forward(data, 2024, "2023")
    assert told(found) == [("several-lines", "2023/reasons.yaml:2:7")]


@pytest.mark.parametrize(
    ("department", "lines"),
    [
        ("年度: 2023 # 今年\n", ['科目版本: "2023"', "年度: 2024 # 今年"]),
        ("年度: 2023\n科目版本:\n", ["年度: 2024", '科目版本: "2023"']),
        ("年度: 2023\n科目版本: 2023\n", ["年度: 2024", '科目版本: "2023"']),
    ],
)
def test_the_edition_is_written_in(data: Path, department: str, lines: list[str]) -> None:
    path = data / "2023/department.yaml"
    replace(path, '科目版本: "2023"\n', "")
    replace(path, "年度: 2023\n", department)
    assert roll(data, 2024)["department.yaml"].decode().split("\n")[2:4] == lines


def test_a_department_in_one_bracket_is_rolled_too(data: Path) -> None:
    unit = '{代码: "801001", 名称: 甲, 性质: 行政}'
    text = f'{{年度: 2023, 部门名称: 甲, 部门代码: "801", 公布日期: 2023-02-10, 单位: [{unit}]}}\n'
    for name in ("expenditure.yaml", "revenue.yaml"):
        (data / "2023" / name).write_text("[]\n", encoding="utf-8")
    for name in ("projects.yaml", "procurement.yaml", "reasons.yaml"):
        (data / "2023" / name).unlink()
    (data / "2023/department.yaml").write_text(text, encoding="utf-8")
    rolled = roll(data, 2024)["department.yaml"].decode().split("\n")[1]
    assert rolled.startswith('{科目版本: "2023", 年度: 2024, 部门名称: 甲')


def test_the_day_after_a_leap_day_exists(data: Path) -> None:
    replace(data / "2023/department.yaml", "2023-02-10", "2024-02-29")
    assert '公布日期: "2025-02-28"' in roll(data, 2024)["department.yaml"].decode()


def test_it_can_be_rolled_again_and_again(data: Path) -> None:
    roll(data, 2024)
    content = roll(data, 2025)["expenditure.yaml"].decode()
    heads = [line for line in content.split("\n") if "年数据，" in line]
    assert heads == [
        "# 2025年数据，照 2024 年的建：金额和原因待填，其余是照抄的，核对完删掉这一行；"
        "下面的说明是 2024 年写的，不合今年的一并删掉。"
    ]


def test_a_heading_in_the_words_of_before_is_replaced_too(data: Path) -> None:
    file = data / "2023/expenditure.yaml"
    heading = "# 2023年数据，由 2022 年结转：金额和原因都是待填，其余内容请逐项核对。\n"
    file.write_text(heading + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert "2022" not in roll(data, 2024)["expenditure.yaml"].decode()


# Refusing


def test_a_year_that_exists_is_not_touched(tmp_path: Path) -> None:
    data = example(tmp_path)
    before = content_of(data)
    assert command(data, "new", "2024") == 1
    assert content_of(data) == before


@pytest.mark.parametrize("file", ["expenditure.yaml", "units/801001/unit.yaml"])
def test_even_one_file_is_a_year(data: Path, file: str) -> None:
    path = data / "2024" / file
    path.parent.mkdir(parents=True)
    path.write_text("[]\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        rolled_forward(data, 2024, "2023")
    assert told(found) == [("year-exists", "2024/")]


def test_there_must_be_a_year_before(data: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        rolled_forward(data, 2030, "2023")
    assert told(found) == [("missing-year", "2029/")]
    assert "有数据的年度：2023" in found.value.problems[0].hint


def test_mistakes_of_the_year_before_are_not_carried_over(data: Path) -> None:
    replace(data / "2023/expenditure.yaml", "金额: 1862400.00", "金頟: 1862400.00")
    with pytest.raises(ProblemsFound) as found:
        rolled_forward(data, 2024, "2023")
    assert ("unknown-key", "2023/expenditure.yaml:2:73") in told(found)


# The command


def test_the_draft_names_every_blank(data: Path) -> None:
    assert command(data, "new", "2024") == 0
    built = build(data, 2024)
    assert built.document.draft
    blanks = {
        f"2024/{path.name}:{number}"
        for path in (data / "2024").glob("*.yaml")
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if re.search("(金额|其中财政拨款): 待填", line)
    }
    assert len(blanks) == 33
    assert owed_places(built.problems) == blanks


def test_it_says_what_to_look_through_and_which_edition(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(data, "new", "2024") == 0
    out = capsys.readouterr().out
    assert "科目用 2023 版" in out
    assert "2024/department.yaml  部门名称、单位和性质、主要职责" in out
    assert "还没有公布" not in out


def test_it_says_that_there_will_be_no_base(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(data / "2023/published")
    assert command(data, "new", "2024") == 0
    assert "2023 年还没有公布（publish），2024 年没有上年的数可以比较" in capsys.readouterr().out


def test_a_newer_edition_without_a_code_names_the_lines(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(DATA / "catalogue/2023", data / "catalogue/2024")
    path = data / "catalogue/2024/function.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if not line.startswith("2010306,")]
    path.write_text("\n".join(kept), encoding="utf-8")
    assert command(data, "new", "2024") == 1
    said = capsys.readouterr()
    assert "科目用 2024 版" in said.out
    assert "2024/expenditure.yaml:15:" in said.err
    assert "recode.yaml" in said.err


@pytest.mark.parametrize(
    ("year", "editions", "chosen"),
    [
        (2024, ("2022", "2023", "2024", "2025"), "2024"),
        (2026, ("2023", "2024"), "2024"),
        (2020, ("2024", "2023"), "2023"),
    ],
)
def test_the_newest_edition_that_is_not_too_new(
    year: int, editions: tuple[str, ...], chosen: str
) -> None:
    assert edition_for(year, editions) == chosen


# Filled in


def test_the_example_filled_in_is_clean_and_unchanged(data: Path) -> None:
    command(data, "new", "2024")
    fill(data, 2024, {p.name: b"" for p in (data / "2024").glob("*.yaml")})
    acknowledged = (data / "2023/acknowledged.yaml").read_bytes()
    (data / "2024/acknowledged.yaml").write_bytes(acknowledged)
    built = build(data, 2024)
    assert not built.document.draft
    assert command(data, "status", "2024") == 0
    kinds = kinds_of_change(built)
    assert len(kinds) > 200
    assert set(kinds.values()) <= {UNCHANGED, BOTH_ZERO}
    words = {
        segment.text
        for block in built.document.blocks()
        for segment in getattr(block, "segments", ())
        if segment.kind == "word"
    }
    assert words
    assert not [word for word in words if re.search("增[加长]|减少|下降|新增|取消", word)]


def test_the_sample_rolls_forward(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("2022", "2023"):
        shutil.copytree(DATA / name, data / name)
    before = freeze(data, 2023, TEMPLATES)
    files = roll(data, 2024)
    draft = build_disclosure(data, 2024, TEMPLATES)
    assert draft.document.draft
    fill(data, 2024, files)
    after = build_disclosure(data, 2024, TEMPLATES)
    assert not after.document.draft
    assert set(kinds_of_change(after).values()) <= {UNCHANGED, BOTH_ZERO}
    assert len(after.book.budget.expenditure) == len(before.book.budget.expenditure)


@settings(max_examples=12)
@given(departments(max_lines=14))
def test_any_department_rolls_forward(
    tmp_path_factory: pytest.TempPathFactory, department: Department
) -> None:
    data = tmp_path_factory.mktemp("data")
    write_department(changed(department, controls=[]), data)
    year = department.year
    before = freeze(data, year, TEMPLATES)
    files = roll(data, year + 1)
    loaded = load_budget(data, year + 1)
    blanks = sum(
        content.count("待填,".encode()) + content.count("待填}".encode())
        for content in files.values()
    )
    reasons = files.get("reasons.yaml", b"").count("待填}".encode())
    lines = [line for content in files.values() for line in content.decode().split("\n")]
    secret = sum("待填" in line and "涉密: 是" in line for line in lines)  # in no document
    owed = sum(problem.rule == "owed" for problem in loaded.warnings)
    assert owed == blanks - reasons - secret
    fill(data, year + 1, files)
    after = build_disclosure(data, year + 1, TEMPLATES)
    assert not after.document.draft
    # An item without money is told of only in the year in which it has gone.
    amounts = [
        {n: f.exact for n, _, _ in printed_figures(b.document) if (f := b.book.resolve(n))}
        for b in (before, after)
    ]
    old, new = ({n: v for n, v in one.items() if "." not in n} for one in amounts)
    assert new == old
    assert set(kinds_of_change(after).values()) <= {UNCHANGED, BOTH_ZERO}


def test_a_recoded_item_is_compared_with_its_old_self(data: Path) -> None:
    command(data, "new", "2024")
    fill(data, 2024, {p.name: b"" for p in (data / "2024").glob("*.yaml")})
    for name in ("expenditure", "procurement"):
        path = data / f"2024/{name}.yaml"
        text = path.read_text(encoding="utf-8").replace('"2010306"', '"2010305"')
        path.write_text(text, encoding="utf-8")
    line = '- {旧科目: "2010306", 新科目: "2010305", 说明: 改列}\n'
    (data / "2024/recode.yaml").write_text(line, encoding="utf-8")
    built = build(data, 2024)
    assert set(kinds_of_change(built).values()) <= {UNCHANGED, BOTH_ZERO}
    text = "".join(text_of(b.segments) for b in built.document.blocks() if hasattr(b, "segments"))
    assert "100.0%" not in text
    (data / "2024/recode.yaml").unlink()
    assert {"新增", "取消"} & set(kinds_of_change(build(data, 2024)).values())


def test_line_ends_stay_as_they_were(data: Path) -> None:
    expected = {name: text.replace(b"\n", b"\r\n") for name, text in roll(data, 2024).items()}
    shutil.rmtree(data / "2024")
    for file in (data / "2023").rglob("*.yaml"):
        if "published" not in file.parts:
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert roll(data, 2024) == expected
