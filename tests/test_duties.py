"""Duties of disclosure: delete any of them from the templates, and exactly it and its parts are missing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from generator.build import Built, build_disclosure
from generator.problems import ProblemsFound
from generator.review.duties import DONE, MISSING, NOT_APPLICABLE, Duty, load_duties

ROOT = Path(__file__).parents[1]
DATA, TEMPLATES = ROOT / "data", ROOT / "templates"
DUTIES = {duty.id: duty for duty in load_duties(DATA, "duties", 2023)}
UNIT_DUTIES = {duty.id: duty for duty in load_duties(DATA, "duties/units", 2023)}
# A line of tags alone prints nothing: what it opens or closes must stay.
_TAGS_ALONE = re.compile(r"(\s*\{%[^%]*%\}\s*)+")


def parents(duty: Duty) -> list[Duty]:
    """The duties a duty is part of, innermost first."""
    numbers = duty.id.split(".")
    return [DUTIES[".".join(numbers[:n])] for n in range(len(numbers) - 1, 0, -1)]


def region(lines: list[str], match: str) -> tuple[int, int]:
    """A section: its heading's line, and the line after its last one."""
    shown = [line.replace("{{ 部门或单位 }}", "部门") for line in lines]
    first = next(n for n, line in enumerate(shown) if line.startswith("#") and match in line)
    level = len(shown[first]) - len(shown[first].lstrip("#"))
    after = (n for n in range(first + 1, len(lines)) if re.match(f"#{{1,{level}}} ", lines[n]))
    return first, next(after, len(lines))


def without_section(duty: Duty, templates: Path) -> None:
    file, lines, (first, last) = find_section(duty.match, templates)
    kept = [line for line in lines[first:last] if _TAGS_ALONE.fullmatch(line)]
    file.write_text("\n".join([*lines[:first], *kept, *lines[last:]]), encoding="utf-8")


def find_section(match: str, templates: Path) -> tuple[Path, list[str], tuple[int, int]]:
    for file in sorted((templates / "henan/narrative").glob("*.txt")):
        lines = file.read_text(encoding="utf-8").split("\n")
        try:
            return file, lines, region(lines, match)
        except StopIteration:
            continue
    raise AssertionError(match)


def without_figure(duty: Duty, templates: Path) -> None:
    """Delete the sub-item, or its comparison with last year, in the section it belongs to."""
    section = next(parent for parent in parents(duty) if parent.kind == "章节")
    file, lines, (first, last) = find_section(section.match, templates)
    printing = re.compile(
        r"\{\{ " + duty.match + r" \| " + ("金额" if duty.kind == "数" else "增减") + r"[^}]*\}\}"
    )
    text = "\n".join(lines[first:last])
    assert printing.search(text)
    file.write_text(
        "\n".join([*lines[:first], printing.sub("", text), *lines[last:]]), encoding="utf-8"
    )


def layout_of(duty: Duty, templates: Path) -> Path:
    return next(
        file
        for file in sorted((templates / "henan/tables").glob("*.yaml"))
        if duty.match.removeprefix("部门").removeprefix("单位")
        in file.read_text(encoding="utf-8").partition("\n目录名")[0]
    )


def without_table(duty: Duty, templates: Path) -> None:
    layout_of(duty, templates).unlink()


def without_note(duty: Duty, templates: Path) -> None:
    file = layout_of(duty, templates)
    text = file.read_text(encoding="utf-8")
    key = "注:\n(?:  .*\n?)+" if duty.kind == "表注" else "空表说明: .*\n?"
    shorter = re.sub(f"^{key}", "", text, flags=re.MULTILINE)
    assert shorter != text
    file.write_text(shorter, encoding="utf-8")


DELETE = {
    "章节": without_section,
    "数": without_figure,
    "增减": without_figure,
    "表": without_table,
    "表注": without_note,
    "空表说明": without_note,
}


@pytest.mark.parametrize("number", DUTIES)
def test_without_it_exactly_it_and_its_parts_are_missing(number: str, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    DELETE[DUTIES[number].kind](DUTIES[number], templates)
    built = build_disclosure(DATA, 2023, templates)
    missing = {s.duty.id for s in built.ledger.duties if s.state == MISSING}
    assert missing == {i for i in DUTIES if i == number or i.startswith(f"{number}.")}
    found = [p for p in built.problems if p.rule == "duty-missing"]
    assert {(*p.related, p.place)[0] for p in found} == {DUTIES[i].place for i in missing}
    folder = "tables" if number.count(".") == 2 and number[0] == "4" else "narrative"
    whole = f"henan/{folder}/" if "." in number else "duties/2016.yaml"
    assert {(p.place.path.startswith(whole), p.place.line > 0) for p in found} == {(True, True)}
    assert len({p.place for p in found if p.related}) == ("." in number)
    assert {p.hint.partition("依据：")[2] for p in found} == {DUTIES[i].basis for i in missing}


def states(built: Built) -> dict[str, tuple[str, str]]:
    return {s.duty.id: (s.state, s.basis) for s in built.ledger.duties if s.state != DONE}


def test_the_shipped_data_fulfil_every_duty() -> None:
    assert states(build_disclosure(DATA, 2023)) == {}


def test_duties_that_do_not_apply_say_why(tmp_path: Path) -> None:
    """Nothing was published last year; the government-managed fund has money."""
    shutil.copytree(DATA / "2023", tmp_path / "2023")
    for name, line in (
        (
            "expenditure",
            '- {单位: "159001", 类别: 其他运转类, 项目: 甲, 功能科目: "2120801", '
            '经济科目: "30226", 资金来源: 政府性基金, 金额: 100.00}\n',
        ),
        ("revenue", '- {单位: "159001", 资金来源: 政府性基金, 金额: 100.00}\n'),
        ("projects", '- {名称: 甲, 单位: "159001", 类别: 其他运转类}\n'),
    ):
        with (tmp_path / f"2023/{name}.yaml").open("a", encoding="utf-8") as file:
            file.write(line)
    no_base = (NOT_APPLICABLE, "没有上年公布的数")
    assert states(build_disclosure(tmp_path, 2023)) == {
        "2.1.3": no_base,
        "2.1.4": no_base,
        "2.7.7": no_base,
        "2.9.1.1": no_base,
        "4.9.1": (NOT_APPLICABLE, "表里有数"),
    }


def written(tmp_path: Path, *lines: str) -> Path:
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    list_file = tmp_path / "duties/2016.yaml"
    list_file.write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_a_duty_may_depend_on_a_figure_or_ask_for_words(tmp_path: Path) -> None:
    data = written(
        tmp_path,
        '- {编号: "1", 名称: 基金, 类型: 章节, 查找: 基金, 依据: 例, 不适用时: 政府性基金支出}',
        '- {编号: "1.1", 名称: 文字, 类型: 文字, 查找: 没有的字, 依据: 例}',
        '- {编号: "2", 名称: 车, 类型: 章节, 查找: 国有资产占用, 依据: 例}',
        '- {编号: "2.1", 名称: 文字, 类型: 文字, 查找: 共有车辆2辆, 依据: 例}',
        '- {编号: "2.2", 名称: 文字, 类型: 文字, 查找: 没有的字, 依据: 例}',
    )
    assert states(build_disclosure(data, 2023)) == {
        "1": (NOT_APPLICABLE, "没有政府性基金支出"),
        "1.1": (NOT_APPLICABLE, "没有政府性基金支出"),
        "2.2": (MISSING, ""),
    }


def test_a_place_with_other_headings_has_a_list_of_its_own(tmp_path: Path) -> None:
    """The list beside the data asks for them; the shipped one says where to change it."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    narrative = templates / "henan/narrative/30-explanation.txt"
    text = narrative.read_text(encoding="utf-8")
    changed = text.replace("收入支出预算总体情况说明", "年度收支情况")
    narrative.write_text(changed, encoding="utf-8")
    found = [p for p in build_disclosure(DATA, 2023, templates).problems if "2.1 " in p.message]
    assert [p.hint.partition("；依据")[0] for p in found] == [
        "在模板里补上；有这一项、只是标题不同，改 duties/2016.yaml 的 查找"
    ]
    own = (DATA / "duties/2016.yaml").read_text(encoding="utf-8")
    own = own.replace("查找: 收入支出预算总体情况", "查找: 年度收支情况")
    assert states(build_disclosure(written(tmp_path / "data", own), 2023, templates)) == {}


def duty_list(folder: Path, name: str) -> None:
    """A list of one duty, called `name`, that no document fulfils."""
    folder.mkdir(parents=True, exist_ok=True)
    line = f'- {{编号: "1", 名称: {name}, 类型: 章节, 查找: 没有的标题, 依据: 例}}\n'
    (folder / "2016.yaml").write_text(line, encoding="utf-8")


def test_the_data_have_the_first_list_then_the_place_then_what_it_inherits(tmp_path: Path) -> None:
    """The shipped list beside the data is nobody's own."""
    data, templates = tmp_path / "data", tmp_path / "templates"
    shutil.copytree(DATA, data)
    shutil.copytree(TEMPLATES, templates)
    (templates / "hunan").mkdir()
    (templates / "hunan/place.yaml").write_text("沿用: henan\n", encoding="utf-8")
    department = data / "2023/department.yaml"
    text = department.read_text(encoding="utf-8")
    department.write_text(f"模板: hunan\n{text}", encoding="utf-8")

    def asked(unit: str = "") -> list[tuple[str, str]]:
        built = build_disclosure(data, 2023, templates, unit)
        assert [p for p in built.problems if p.rule == "unknown-file"] == []
        return [(s.duty.name, s.duty.place.path) for s in built.ledger.duties][:1]

    assert asked() == [("部门概况", "duties/2016.yaml")]
    duty_list(templates / "henan/duties", "河南的")
    duty_list(templates / "henan/duties/units", "河南单位的")
    assert asked() == [("河南的", "henan/duties/2016.yaml")]
    assert asked("159002") == [("河南单位的", "henan/duties/units/2016.yaml")]
    duty_list(templates / "hunan/duties", "湖南的")
    assert asked() == [("湖南的", "hunan/duties/2016.yaml")]
    duty_list(data / "duties", "本局的")
    assert asked() == [("本局的", "duties/2016.yaml")]


@pytest.mark.parametrize("folder", ["duties", "duties/units"])
def test_a_list_of_no_year_is_refused(folder: str, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    duty_list(templates / "henan" / folder, "甲")
    (templates / "henan" / folder / "2016.yaml").rename(templates / "henan" / folder / "清单.yaml")
    unit = "159002" if folder.endswith("units") else ""
    with pytest.raises(ProblemsFound) as raised:
        build_disclosure(DATA, 2023, templates, unit)
    assert [(p.rule, p.place.path) for p in raised.value.problems] == [
        ("unknown-file", f"henan/{folder}/清单.yaml")
    ]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('- {编号: "1", 名称: 乙, 类型: 章节, 查找: 概况, 依据: 例}', "duplicate-duty"),
        ('- {编号: "2", 名称: 乙, 类型: 数, 查找: 三工经费, 依据: 例}', "unknown-figure"),
        (
            '- {编号: "2", 名称: 乙, 类型: 表, 查找: 表, 依据: 例, 不适用时: 基金支出}',
            "unknown-figure",
        ),
        ('- {编号: "2", 名称: 乙, 类型: 图, 查找: 图, 依据: 例}', "bad-choice"),
    ],
)
def test_mistakes_in_the_list_have_their_line(line: str, rule: str, tmp_path: Path) -> None:
    first = '- {编号: "1", 名称: 甲, 类型: 章节, 查找: 概况, 依据: 例}'
    with pytest.raises(ProblemsFound) as raised:
        build_disclosure(written(tmp_path, first, line), 2023)
    assert [(p.rule, *p.place[:2]) for p in raised.value.problems] == [
        (rule, "duties/2016.yaml", 2)
    ]


def test_the_lists_of_departments_and_units_agree() -> None:
    """What both publish is asked of both; the exceptions are said at the head of the units' list."""
    assert DUTIES.keys() - UNIT_DUTIES.keys() == {"1.2", "4.11"}
    for number, duty in UNIT_DUTIES.items():
        assert duty.kind == DUTIES[number].kind
        assert duty.match.replace("单位", "部门") == DUTIES[number].match
