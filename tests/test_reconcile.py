"""Edits made in Word brought back to the lines of the templates and the data that printed them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from docx_editing import Edit, Editable, without_anchors
from office import office
from reconcile_desk import Desk, texts

from generator.document import FIGURE, WORD, YEAR
from generator.reconcile.report import report_text
from generator.verify.baseline import baseline_of
from generator.verify.findings import (
    PARAGRAPH_MOVED,
    PARAGRAPHS_REJOINED,
    ROW_REMOVED,
    STRUCK,
    TRACKED_CHANGE,
    UNSEEN,
)
from generator.verify.report import Compared

EXPLANATION = "henan/narrative/30-explanation.txt"
DEFINITIONS = "henan/narrative/40-definitions.txt"
BY = 'w:id="901" w:author="张三" w:date="2023-02-20T10:00:00Z"'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


def paragraph_with(desk: Desk, words: str) -> str:
    """The XML of the last paragraph that holds `words` in one run."""
    return [p for p in re.findall(r"<w:p>(?:(?!</w:p>).)*</w:p>", desk.editable.xml) if words in p][
        -1
    ]


def with_paragraph(desk: Desk, words: str, new: str) -> bytes:
    """The file with the paragraph that holds `words` as `new`."""
    return desk.editable.with_xml(desk.editable.xml.replace(paragraph_with(desk, words), new, 1))


def test_nothing_is_brought_back_from_an_untouched_file(desk: Desk) -> None:
    assert desk.reconciled(desk.docx).nothing
    assert desk.reconciled(without_anchors(desk.docx)).nothing


@pytest.mark.parametrize(
    ("paragraph", "old", "new", "file", "changed"),
    [
        ("年支出合计", "，占74.6", "，约占74.6", EXPLANATION, ("，占", "，约占")),
        (
            "2023年收入总计",
            "，支出总",
            "，全年支出总",
            EXPLANATION,
            ("，支出总计", "，全年支出总计"),
        ),
        ("2023年收入合计", "局2023", "局在2023", EXPLANATION, ("", "在")),
        ("三、事业收入：", "及辅助", "", DEFINITIONS, None),
        (
            "统筹推进全市“数字政府”",
            "统筹推进全市“数字",
            "大力推进“数字",
            "2023/department.yaml",
            None,
        ),
        ("公务接待费2.5", "因此增加预算", "故增加预算", "2023/reasons.yaml", None),
        ("公务接待费2.5", "因此增加预算", "增加: [预算]", "2023/reasons.yaml", None),
        ("持续提升一体化政务服务能力", "1. 持续", "1. 不断", "2023/performance.yaml", None),
        ("指标值说明", "说明", "解释", "henan/tables/11-overall-performance.yaml", None),
        ("2023年部门收入预算表", "收入预算表", "收入总表", "henan/tables/02-revenue.yaml", None),
        ("(2023年度)", "年度)", "年)", "henan/tables/11-overall-performance.yaml", None),
        (
            "一、部门收支预算表",
            "收支预算",
            "收支",
            "henan/tables/01-revenue-expenditure.yaml",
            None,
        ),
        ("七、“三公”经费支出情况说明", "支出情况", "情况", EXPLANATION, None),
    ],
)
def test_reworded(
    desk: Desk,
    paragraph: str,
    old: str,
    new: str,
    file: str,
    changed: tuple[str, str] | None,
) -> None:
    edit = desk.edit(paragraph, old, new)
    found = desk.reconciled(desk.editable.edited(edit))
    assert (found.figures, found.conflicts) == ((), ())
    assert [verdict.accepted for verdict in found.verdicts] == [True], found.verdicts
    ((line, before, after),) = desk.changed(found)
    assert line.rpartition(":")[0] == file
    if changed:
        assert (before, after) == changed
    expected = list(texts(desk.built.document))
    (number,) = (one.number for one in found.verdicts[0].proposal.edits)
    after_text = desk.editable.texts[edit.paragraph]
    after_text = after_text[: edit.start] + edit.text + after_text[edit.end :]
    assert found.verdicts[0].proposal.edits[0].after == re.sub(r"\t\d+\Z", "", after_text)
    assert expected[number] != after_text


def test_an_overtyped_figure_is_reported_with_its_data_lines(desk: Desk) -> None:
    found = desk.edited("2023年收入合计", "832.3", "833.3")
    (figure,) = found.figures
    assert figure[:2] == (FIGURE, "收入总计")
    assert figure[3:] == (
        "832.3万元",
        "833.3万元",
        ("2023/revenue.yaml:3", "2023/revenue.yaml:4"),
    )
    assert (found.verdicts, found.conflicts) == ((), ())


def test_an_overtyped_figure_of_a_table_is_reported(desk: Desk) -> None:
    baseline = baseline_of(desk.built.document)
    place = next(p for p in desk.editable.places(baseline) if not p.printed.anchor)
    found = desk.reconciled(desk.editable.edited(place.becomes("1.5")))
    assert [f[:2] for f in found.figures] == [(FIGURE, place.printed.figure)]
    assert found.figures[0].lines
    assert found.verdicts == ()


def test_words_beside_an_overtyped_figure_are_brought_back_alone(desk: Desk) -> None:
    first = desk.edit("2023年支出合计", "832.3", "833.3")
    second = desk.edit("2023年支出合计", "基本支出", "其中的基本支出")
    found = desk.reconciled(desk.editable.edited(first, second))
    assert [(f.before, f.after) for f in found.figures] == [("832.3万元", "833.3万元")]
    ((_, before, after),) = desk.changed(found)
    assert (before, after) == ("，其中：", "，其中：其中的")


def test_computed_words_and_years_are_reported(desk: Desk) -> None:
    number = desk.edit("2023年收入总计", "与2022年", "").paragraph
    text = desk.editable.texts[number]
    word, year = text.index("支出增加") + 2, text.index("2022")
    edits = Edit(number, word, word + 2, "减少"), Edit(number, year, year + 4, "2021")
    found = desk.reconciled(desk.editable.edited(*edits))
    reported = [(f.kind, f.before, f.after) for f in found.figures]
    assert reported == [(YEAR, "2022", "2021"), (WORD, "增加", "减少")]
    assert (found.verdicts, found.conflicts) == ((), ())


@pytest.mark.parametrize(
    ("paragraph", "old", "new"),
    [
        ("人员经费546", "费546", ""),
        ("人员经费546", "546.6万元，占", "五百多万计"),
        ("人员经费546", "万元，占88%", "万计88%"),
        ("2023年收入合计", "832.3万元，其中：", ""),
        ("2023年收入合计", "合计832.3万元", "合计"),
    ],
)
def test_an_edit_across_a_figure_is_a_conflict(
    desk: Desk, paragraph: str, old: str, new: str
) -> None:
    found = desk.edited(paragraph, old, new)
    assert len(found.conflicts) == 1
    assert (found.verdicts, found.figures) == ((), ())


def test_a_typed_amount_is_refused_with_what_the_template_check_says(desk: Desk) -> None:
    found = desk.edited("人员经费546", "主要包括", "另有77.7万元，主要包括")
    (verdict,) = found.verdicts
    assert not verdict.accepted
    assert "77.7万元" in verdict.reason


def test_names_are_a_conflict_that_says_where_they_are_printed(desk: Desk) -> None:
    found = desk.edited("1. 一般公共服务支出（类）", "行政运行", "机关运行")
    assert [(f.before, f.after) for f in found.figures] == [("行政运行", "机关运行")]
    assert found.figures[0].lines == (f"{EXPLANATION}:33  {{{{ 科目.项 }}}}",)
    assert found.verdicts == ()


def test_a_line_of_a_loop_changes_only_with_all_its_sentences(desk: Desk) -> None:
    number = desk.edit("1. 一般公共服务支出（类）", "预算数为", "").paragraph
    edits = []
    for paragraph in range(number, number + 6):
        start = desk.editable.texts[paragraph].index("预算数为")
        edits.append(Edit(paragraph, start, start + 4, "预算数是"))
    (alone,) = desk.reconciled(desk.editable.edited(edits[0])).verdicts
    assert not alone.accepted
    assert len(alone.also) == 5
    assert "--repeats" in alone.reason
    agreed = desk.reconciled(desk.editable.edited(edits[0]), repeats=True)
    assert agreed.verdicts[0].accepted
    assert agreed.verdicts[0].also == alone.also
    everywhere = desk.reconciled(desk.editable.edited(*edits))
    assert [v.accepted for v in everywhere.verdicts] == [True]
    assert everywhere.accepted == agreed.accepted


def test_a_new_paragraph_becomes_a_line_of_the_template(desk: Desk) -> None:
    above = paragraph_with(desk, "三、事业收入：")
    new = "<w:p><w:r><w:t>补充说明一句。</w:t></w:r></w:p>"
    found = desk.reconciled(with_paragraph(desk, "三、事业收入：", above + new + new))
    assert desk.changed(found) == [(f"{DEFINITIONS}:7", "", "\n\n补充说明一句。\n\n补充说明一句。")]


def test_a_new_paragraph_beside_a_branch_is_left_to_people(desk: Desk) -> None:
    above = paragraph_with(desk, "局机关本级预算包括")
    new = "<w:p><w:r><w:t>补充说明一句。</w:t></w:r></w:p>"
    found = desk.reconciled(with_paragraph(desk, "局机关本级预算包括", above + new))
    assert found.verdicts == ()
    assert [c.after for c in found.conflicts] == ["补充说明一句。"]
    assert "henan/narrative/20-overview.txt" in found.conflicts[0].reason


NEW = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
INCOME = "三、事业收入："


@pytest.mark.parametrize(
    ("beside", "text", "place", "reason"),
    [
        ("<w:body>", "补充一句。", "文首", "前面不是情况说明里的段落"),
        ("</w:tbl>", "补充一句。", "之后", "前面不是情况说明里的段落"),
        (INCOME, "# 补充", "第三部分 名词解释 第3段之后", "是标题或记号，在 henan/narrative/40"),
    ],
)
def test_what_has_no_line_to_stand_behind_is_left_to_people(
    desk: Desk, beside: str, text: str, place: str, reason: str
) -> None:
    above = paragraph_with(desk, beside) if beside == INCOME else beside
    found = desk.reconciled(
        desk.editable.with_xml(desk.editable.xml.replace(above, above + NEW.format(text), 1))
    )
    assert found.verdicts == ()
    (conflict,) = found.conflicts
    assert (conflict.before, conflict.after) == ("", text)
    assert conflict.where.endswith(place)
    assert ("表“" in conflict.where) is (beside == "</w:tbl>")
    assert reason in conflict.reason


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (">二、收入预算总体情况说明<", "是标题，连同它下面的内容由人来删：henan/narrative/30-expl"),
        ("没有使用政府性基金预算拨款安排的支出，故本表", "不是情况说明里的段落，由人来删"),
    ],
)
def test_what_is_no_line_is_not_deleted(desk: Desk, words: str, reason: str) -> None:
    found = desk.reconciled(with_paragraph(desk, words, ""))
    assert found.verdicts == ()
    assert [c.reason[: len(reason)] for c in found.conflicts] == [reason]


def test_new_paragraphs_that_stand_apart_are_two(desk: Desk) -> None:
    xml = desk.editable.xml
    for words in (INCOME, "五、其他收入："):
        above = paragraph_with(desk, words)
        xml = xml.replace(above, above + NEW.format("补充一句。"), 1)
    found = desk.reconciled(desk.editable.with_xml(xml))
    assert [(place, new) for place, _, new in desk.changed(found)] == [
        (f"{DEFINITIONS}:{number}", "\n\n补充一句。") for number in (7, 11)
    ]


def test_a_line_of_the_contents_is_computed_anew(desk: Desk) -> None:
    xml = desk.editable.xml
    entries = [
        p
        for p in re.findall(r"<w:p>(?:(?!</w:p>).)*</w:p>", xml)
        if "二、收入预算总体情况说明" in p
    ]
    assert len(entries) == 2
    found = desk.reconciled(desk.editable.with_xml(xml.replace(entries[0], "", 1)))
    assert (found.verdicts, found.conflicts) == ((), ())


def test_deleted_paragraphs_that_stand_apart_are_two(desk: Desk) -> None:
    xml = desk.editable.xml
    for words in (INCOME, "五、其他收入："):
        xml = xml.replace(paragraph_with(desk, words), "", 1)
    found = desk.reconciled(desk.editable.with_xml(xml))
    assert [v.accepted for v in found.verdicts] == [True, True]
    report = report_text(found, desk.files(), Compared("改.docx", "现在的数据", ()))
    shown = [
        line.strip()[:9] for line in report.splitlines() if line.strip().startswith(("+", "-"))
    ]
    assert shown == ["- 三、事业收入：", "- 五、其他收入："]


@pytest.mark.parametrize("more", [True, False])
def test_a_cell_that_came_or_went_is_left_to_people(desk: Desk, more: bool) -> None:
    row = next(r for r in re.findall(r"<w:tr>.*?</w:tr>", desk.editable.xml) if "福利费" in r)
    cell = next(c for c in re.findall(r"<w:tc>.*?</w:tc>", row) if "5.9" in c)
    edited = row.replace(cell, cell + cell.replace("5.9", "另有") if more else "", 1)
    found = desk.reconciled(desk.editable.with_xml(desk.editable.xml.replace(row, edited, 1)))
    assert [(c.before, c.after, c.reason) for c in found.conflicts] == [
        ("", "另有", "多出来的格子，由人来定") if more else ("5.9", "", "这一格没有了，由人来定")
    ]


def test_a_deleted_paragraph_becomes_a_deleted_line(desk: Desk) -> None:
    found = desk.reconciled(with_paragraph(desk, "三、事业收入：", ""))
    source = (desk.templates / DEFINITIONS).read_text(encoding="utf-8").split("\n")
    assert desk.changed(found) == [(f"{DEFINITIONS}:7", f"{source[6]}\n\n", "")]


def test_a_deleted_sentence_of_a_loop_is_refused(desk: Desk) -> None:
    found = desk.reconciled(with_paragraph(desk, "2. 社会保障和就业支出", ""))
    assert [v.accepted for v in found.verdicts] == [False]


def test_a_moved_and_a_divided_paragraph_are_told(desk: Desk) -> None:
    moved = paragraph_with(desk, "三、事业收入：")
    below = paragraph_with(desk, "五、其他收入：")
    xml = desk.editable.xml.replace(moved, "", 1).replace(below, below + moved, 1)
    found = desk.reconciled(desk.editable.with_xml(xml))
    assert [f.rule for f in found.told] == [PARAGRAPH_MOVED]
    divided = moved.replace("是指", "</w:t></w:r></w:p><w:p><w:r><w:t>是指", 1)
    found = desk.reconciled(with_paragraph(desk, "三、事业收入：", divided))
    assert [f.rule for f in found.told] == [PARAGRAPHS_REJOINED]
    assert found.verdicts == ()


@pytest.mark.parametrize(
    ("look", "rule"), [("<w:strike/>", STRUCK), ('<w:color w:val="FFFFFF"/>', UNSEEN)]
)
def test_a_number_that_looks_otherwise_is_told(desk: Desk, look: str, rule: str) -> None:
    number = "<w:r><w:t>28%</w:t></w:r>"
    other = number.replace("<w:t>", f"<w:rPr>{look}</w:rPr><w:t>")
    found = desk.reconciled(desk.editable.with_xml(desk.editable.xml.replace(number, other, 1)))
    assert [f.rule for f in found.told] == [rule]


def test_a_removed_row_is_told(desk: Desk) -> None:
    row = next(r for r in re.findall(r"<w:tr>.*?</w:tr>", desk.editable.xml) if "福利费" in r)
    found = desk.reconciled(desk.editable.with_xml(desk.editable.xml.replace(row, "", 1)))
    assert [f.rule for f in found.told] == [ROW_REMOVED]


def test_an_overtyped_figure_of_a_divided_table_is_reported(desk: Desk) -> None:
    row = next(r for r in re.findall(r"<w:tr>.*?</w:tr>", desk.editable.xml) if "福利费" in r)
    cut = "</w:tbl><w:p/><w:tbl><w:tblPr/><w:tblGrid/>"
    edited = cut + row.replace("<w:t>5.9</w:t>", "<w:t>6.9</w:t>")
    found = desk.reconciled(desk.editable.with_xml(desk.editable.xml.replace(row, edited, 1)))
    assert [f.after for f in found.figures] == ["6.9", "6.9"]


def test_tracked_changes_count_as_accepted_and_are_named(desk: Desk) -> None:
    xml = paragraph_with(desk, "三、事业收入：")
    deleted = f"</w:t></w:r><w:del {BY}><w:r><w:delText>不包括</w:delText></w:r></w:del>"
    inserted = f"<w:ins {BY}><w:r><w:t>不含</w:t></w:r></w:ins><w:r><w:t>"
    found = desk.reconciled(
        with_paragraph(desk, "三、事业收入：", xml.replace("不包括", deleted + inserted))
    )
    ((_, before, after),) = desk.changed(found)
    assert after == before.replace("不包括", "不含")
    marks = [(f.rule, f.author, f.date) for f in found.told]
    assert marks == [(TRACKED_CHANGE, "张三", "2023-02-20T10:00:00Z")] * 2
    report = report_text(found, desk.files(), Compared("改.docx", "现在的数据", ()))
    assert "修订（插入） 张三 2023-02-20T10:00:00Z：不含" in report
    assert "改的字：“包括” → “含”" in report


def test_without_anchors_the_report_says_that_it_is_less_sure(desk: Desk) -> None:
    content = desk.editable.edited(desk.edit("三、事业收入：", "不包括", "不含"))
    found = desk.reconciled(without_anchors(content))
    assert [v.accepted for v in found.verdicts] == [True]
    report = report_text(found, desk.files(), Compared("改.docx", "现在的数据", ()))
    assert "只按前后文字辨认" in report


@pytest.mark.office
def test_a_file_edited_after_a_save_in_libreoffice(desk: Desk, tmp_path: Path) -> None:
    original = tmp_path / "公开.docx"
    original.write_bytes(desk.docx)
    command = [str(office().program), "--headless", f"-env:UserInstallation={tmp_path.as_uri()}/p"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, str(original)], check=True, capture_output=True, timeout=120)
    saved = Editable((tmp_path / "saved" / "公开.docx").read_bytes())
    assert desk.reconciled(saved.edited()).nothing
    number = max(n for n, text in enumerate(saved.texts) if "三、事业收入：" in text)
    start = saved.texts[number].index("不包括")
    found = desk.reconciled(saved.edited(Edit(number, start, start + 3, "不含")))
    assert found.comparison.anchors_found == found.comparison.anchors_expected
    ((line, before, after),) = desk.changed(found)
    assert (line, after) == (f"{DEFINITIONS}:7", before.replace("不包括", "不含"))
