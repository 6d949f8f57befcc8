"""Sides that say a number otherwise: falls, drafts, another measure, other codes, odd Word files."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from compare_tools import (
    DATA,
    EXAMPLE_TEMPLATES,
    EXAMPLES,
    TEMPLATES,
    edited_sample,
)
from docx_sample import part, with_part
from years_tools import example

from generator.build import build_disclosure
from generator.compare.changes import (
    CHANGED,
    FIGURES,
    LAYOUT,
    NOT_ADDING_UP,
    OWED,
    RECODED,
    SENTENCE,
    Comparison,
)
from generator.compare.comparison import compare
from generator.compare.normal import Naming, is_derived
from generator.compare.reports.text import figure_line
from generator.compare.sides import Side, side_of_built, side_of_word, side_of_year
from generator.model import Recode
from generator.problems import ProblemsFound
from generator.writers.docx.document import write_docx
from generator.writers.text import write_text

BROKEN = Path(__file__).parent / "broken"
ITEM, LEFT, REACHED = "2010306", "2010302", "2010304"


def lines_of(found: Comparison) -> dict[str, str]:
    """Subject -> what the reports say of its number."""
    changes = found.layer(FIGURES)
    return {c.subject: figure_line(c) for c in changes if c.amounts is not None}


@pytest.mark.parametrize("values", ["known", "from the words"])
def test_a_change_that_turned_over_is_compared_with_its_sign(values: str) -> None:
    old, new = (side_of_year(year, EXAMPLES, EXAMPLE_TEMPLATES) for year in (2023, 2024))
    if values != "known":
        old, new = replace(old, values={}), replace(new, values={})
    said = lines_of(compare(old, new))
    assert said["收入总计.增减额"] == "+352.8万元 → -112.1万元  -464.9"
    assert said["收入总计.增幅"] == "+29.4% → -7.2%  -36.6 个百分点"


def test_what_a_draft_still_owes_is_not_gone(tmp_path: Path) -> None:
    draft = edited_sample(tmp_path, ("revenue.yaml", "金额: 3414550.00", "金额: 待填"))
    whole = side_of_year(2023, DATA, TEMPLATES)
    for old, new, expected in (
        (whole, draft, "832.3万元 → （待填）  待填"),
        (draft, whole, "（待填） → 832.3万元  待填"),
    ):
        found = compare(old, new)
        assert lines_of(found)["收入总计"] == expected
        kinds = {c.kind for c in found.changes if c.subject.partition(".")[0] == "收入总计"}
        assert kinds == {OWED}


@pytest.mark.parametrize("earlier", ["facts", "document"])
def test_two_measures_are_compared_in_the_new_one(tmp_path: Path, earlier: str) -> None:
    """The same amounts in 元 and in 万元 are the same as far as the rounded ones say."""
    yuan = edited_sample(tmp_path, ("department.yaml", "年度: 2023", "年度: 2023\n公布单位: 元"))
    if earlier == "document":
        wan = side_of_year(2023, DATA, TEMPLATES)
        for old, new in ((wan, yuan), (yuan, wan)):
            found = compare(old, new)
            changed = [subject for subject in lines_of(found) if not subject.startswith("行/")]
            assert [subject for subject in changed if not is_derived(subject)] == []
        return
    found = compare(side_of_year(2022, DATA, TEMPLATES), yuan)
    assert lines_of(found)["收入总计"] == "650.1万元 → 8323049元  +1822049.00（+28.0%）"
    # Items that were rounded to 1,000 yuan may miss their total by as much.
    assert [(c.kind, c.subject) for c in found.cautions] == [(NOT_ADDING_UP, "尾差")]
    assert "旧的一方按万元公布，换算成元比较" in found.remarks


def divided_side(name: str, facts: dict[str, str], *lines: Recode, year: int) -> Side:
    values = {key: Decimal(value) for key, value in facts.items()}
    return Side(name, "青石市", year, "只有公布过的数", None, values, recodes=lines)


def test_the_crosswalk_is_the_one_the_document_uses() -> None:
    """13.5 in halves is 6.8 and 6.7, as figures.recoding has it, and nothing is gained."""
    lines = tuple(Recode(ITEM, code, Decimal(50)) for code in (LEFT, REACHED))
    name = "支出[功能科目={}]"
    old = divided_side("旧", {name.format(ITEM): "13.5"}, year=2023)
    after = {name.format(LEFT): "7.8", name.format(REACHED): "7.8"}
    new = divided_side("新", after, *lines, year=2024)
    found = compare(old, new)
    assert lines_of(found) == {
        name.format(LEFT): "6.8万元（按新科目） → 7.8万元  +1.0（+14.7%）",
        name.format(REACHED): "6.7万元（按新科目） → 7.8万元  +1.1（+16.4%）",
    }
    assert [c.kind for c in found.changes].count(RECODED) == 2


def test_an_item_missing_from_a_complete_list_is_new_or_gone() -> None:
    figure = "一般公共预算支出"
    facts = ({"甲": "2010301"}, {"甲": "2010301", "乙": "2010302"})
    old, new = (
        replace(
            divided_side(
                str(year),
                {f"支出[功能科目={code},资金来源=一般公共预算]": "7.8" for code in codes.values()},
                year=year,
            ),
            complete=frozenset({figure}),
        )
        for year, codes in zip((2022, 2023), facts, strict=True)
    )
    name = "支出[功能科目=2010302,资金来源=一般公共预算]"
    assert lines_of(compare(old, new)) == {name: "（无） → 7.8万元  新增"}
    assert lines_of(compare(new, old)) == {name: "7.8万元 → （无）  取消"}


TABLE = "tables/03-expenditure.yaml"
PROJECT_COLUMNS = """\
      - {名称: 其他运转类, 条件: {类别: 其他运转类}, 宽: 8}
      - {名称: 特定目标类, 条件: {类别: 特定目标类}, 宽: 8}
"""
OTHER_ORDER = "".join(reversed(PROJECT_COLUMNS.splitlines(keepends=True)))
LAYOUTS = {
    "paper": ("纸张: 横向", "纸张: 纵向", "修改", "表“2023年部门支出预算表”的纸张方向", "横向"),
    "order": (PROJECT_COLUMNS, OTHER_ORDER, "移动", "列“项目支出/其他运转类”", ""),
}


@pytest.mark.parametrize("case", LAYOUTS)
def test_another_layout_of_a_table_is_one_entry(tmp_path: Path, case: str) -> None:
    before, after, kind, title, old = LAYOUTS[case]
    sides = side_of_year(2023, DATA, TEMPLATES), edited_sample(tmp_path, (TABLE, before, after))
    found = compare(*sides)
    assert [(c.layer, c.kind, c.title, c.old) for c in found.changes] == [
        (LAYOUT, kind, title, old)
    ]


def test_one_edit_of_a_template_is_one_entry_with_all_its_places(tmp_path: Path) -> None:
    """A line that a loop prints, edited so that it is another line."""
    loop = "{% for 科目 in 支出功能科目 %}"
    edits = [
        ("narrative/40-definitions.txt", "# 第三部分 名词解释", f"# 第三部分 名词解释\n\n{text}")
        for text in (
            f"{loop}\n\n{{{{ 科目.项 }}}}按规定安排，说明如下。\n\n{{% endfor %}}",
            f"\n{loop}\n\n{{{{ 科目.项 }}}}按规定使用，说明如下。\n\n{{% endfor %}}",
        )
    ]
    sides = [edited_sample(tmp_path / str(number), edit) for number, edit in enumerate(edits)]
    found = compare(*sides)
    said = [c for c in found.changes if "使用" in f"{c.new}{c.edits}"]
    assert len(said) == 1
    assert found.counts()["figures"] == 0


def test_a_cell_that_prints_another_figure_is_told_with_both(tmp_path: Path) -> None:
    """Both figures are as they were; only the cell says something else."""
    before, after = (f'工资福利支出, 条件: {{经济科目: "{code}"}}' for code in (301, 302))
    sides = side_of_year(2023, DATA, TEMPLATES), edited_sample(tmp_path, (TABLE, before, after))
    found = compare(*sides)
    total = next(c for c in found.layer(FIGURES) if c.subject.startswith("03-expenditure/合计/"))
    assert (total.kind, total.old, total.new) == (CHANGED, "530.8", "74.7")
    assert total.details == ("这一格原来是“支出·基本支出·301”，现在是“支出·基本支出·302”",)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Side, Side]:
    """The example years, as if 2010350 had become 2010399 between them."""
    data = example(tmp_path_factory.mktemp("followed"))
    for file in (data / "2024").rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("2010350", "2010399"), encoding="utf-8")
    line = '- {旧科目: "2010350", 新科目: "2010399", 说明: 改列}\n'
    with (data / "2024/recode.yaml").open("a", encoding="utf-8") as file:
        file.write(line)
    old, new = (side_of_year(year, data, EXAMPLE_TEMPLATES) for year in (2023, 2024))
    return old, new


@pytest.mark.parametrize("backwards", [False, True])
def test_an_item_under_its_new_code_is_the_same_item(
    followed: tuple[Side, Side], backwards: bool
) -> None:
    """Its rows and paragraphs meet, its new name is no change, and its number is said once."""
    old, new = reversed(followed) if backwards else followed
    found = compare(old, new)
    title = "支出·2010399其他政府办公厅（室）及相关机构事务支出·一般公共预算"
    item = next(c for c in found.layer(FIGURES) if c.title == title and c.amounts)
    assert {item.old, item.new} == {"100.4万元", "104.2万元"}
    rows = {c.subject for c in found.changes if c.subject.startswith("行/")}
    assert not any("2010350" in row or "2010399" in row for row in rows)
    said = [c for c in found.changes if "事业运行" in f"{c.title}{c.old}{c.new}{c.edits}"]
    names = "2010350 事业运行", "2010399 其他政府办公厅（室）及相关机构事务支出"
    assert [(c.kind, c.old, c.new) for c in said] == [
        (RECODED, *(reversed(names) if backwards else names))
    ]
    shown = [d for c in found.changes for d in (c.title, *c.details)]
    assert not any("[功能科目=" in text for text in shown)


def word_file() -> bytes:
    built = build_disclosure(DATA, 2023, TEMPLATES)
    return write_docx(built.document, built.place.style)


DOCUMENT, CORE, CUSTOM = "word/document.xml", "docProps/core.xml", "customXml/item1.xml"
HARMFUL = {
    "endless span": (DOCUMENT, b'<w:gridSpan w:val="2"', b'<w:gridSpan w:val="99999999"', "列"),
    "broken properties": (CORE, b"<cp:coreProperties", b"<x <cp:coreProperties", "core.xml"),
    "broken anchors": (CUSTOM, b"<anchors", b"<broken <anchors", "item1.xml"),
    "DTD": (CORE, b"<cp:coreProperties", b"<!DOCTYPE x><cp:coreProperties", "DTD"),
}


@pytest.mark.parametrize("case", HARMFUL)
def test_a_damaged_or_hostile_word_file_is_refused_in_one_line(case: str) -> None:
    name, old, new, words = HARMFUL[case]
    content = word_file()
    assert old in part(content, name)
    damaged = with_part(content, name, part(content, name).replace(old, new, 1))
    with pytest.raises(ProblemsFound) as refused:
        side_of_word(damaged, "改.docx")
    (problem,) = refused.value.problems
    assert problem.rule == "docx-unreadable"
    assert words in problem.message
    assert "\n" not in problem.message


def test_widths_that_other_programs_write_are_read() -> None:
    content = word_file()
    body = part(content, DOCUMENT).replace(b'<w:gridCol w:w="', b'<w:gridCol w:w="1.5', 1)
    side = side_of_word(with_part(content, DOCUMENT, body), "改.docx")
    assert compare(side_of_word(content, "原.docx"), side).counts()["figures"] == 0


def test_what_is_of_the_fiscal_appropriation_is_called_so() -> None:
    found = compare(*(side_of_year(year, EXAMPLES, EXAMPLE_TEMPLATES) for year in (2023, 2024)))
    titles = {change.subject: change.title for change in found.layer(FIGURES)}
    name = "支出[来源年度=本年,财政拨款=是,资金来源=一般公共预算]"
    assert titles[name] == "支出·本年·财政拨款·一般公共预算"
    assert not any("是" in title.split("·") for title in titles.values())


def test_a_year_that_is_no_number_stays_as_it_is() -> None:
    """A model.json that somebody edited."""
    naming = Naming(2023, "某局")
    assert [naming.year_mark(text) for text in ("2023", "2022", "二〇二三", "2023²", "")] == [
        "〔年〕", "〔上年〕", "二〇二三", "2023²", "",
    ]  # fmt: skip


def test_what_the_rounding_note_speaks_of_is_chosen_by_figures(tmp_path: Path) -> None:
    """Sums that do not add up one year, and only shares the other: no sentence was edited."""
    edits = (
        ("expenditure", "金额: 300000.00", "金额: 6900000.00"),
        ("revenue", "金额: 900000.00", "金额: 7500000.00"),
        ("projects", "≤30万元", "≤690万元"),
    )
    for name in ("sums", "shares"):
        shutil.copytree(BROKEN / "base", tmp_path / name)
    shutil.copytree(BROKEN / "rounding-difference", tmp_path / "sums", dirs_exist_ok=True)
    for name, old, new in edits:
        file = tmp_path / f"shares/2023/{name}.yaml"
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    sides = (side_of_built(build_disclosure(tmp_path / n, 2023), n) for n in ("sums", "shares"))
    (change,) = (c for c in compare(*sides).changes if "尾差" in c.old + c.new)
    assert (change.layer, change.kind) == (FIGURES, SENTENCE)
    assert "部分合计数" in change.old
    assert "部分比例" in change.new


def test_all_edits_of_one_cell_are_told(tmp_path: Path) -> None:
    """Two clauses of one text, with one between them that stayed."""
    file = "performance.yaml"
    text = (DATA / "2023" / file).read_text(encoding="utf-8")
    clause = next(line for line in text.splitlines() if "主要内容: " in line)
    content = clause.partition("主要内容: ")[2].rstrip("}").strip("\"'")
    sides = (
        edited_sample(tmp_path / name, (file, content, f"{first}，一直如此，{last}。"))
        for name, first, last in (("old", "先办甲事", "再办乙事"), ("new", "先看丙事", "再看丁事"))
    )
    (change,) = compare(*sides).changes
    assert [(edit.old, edit.new) for edit in change.edits] == [
        ("先办甲事，", "先看丙事，"),
        ("再办乙事。", "再看丁事。"),
    ]


def test_that_a_base_is_comparable_is_said_by_the_figures(tmp_path: Path) -> None:
    """按可比口径 comes with a crosswalk: no sentence was edited."""
    for name in ("plain", "recoded"):
        shutil.copytree(BROKEN / "base", tmp_path / name)
    recode = '- {旧科目: "2130301", 新科目: "2130306", 比例: 60}\n'
    recode += '- {旧科目: "2130301", 新科目: "2130301", 比例: 40}\n'
    (tmp_path / "recoded/2023/recode.yaml").write_text(recode, encoding="utf-8")
    sides = [
        side_of_built(build_disclosure(tmp_path / name, 2023), name)
        for name in ("plain", "recoded")
    ]
    assert sides[1].document is not None
    assert "，按可比口径，比2022年" in write_text(sides[1].document).decode()
    assert compare(*sides).counts()["wording"] == 0
