"""What `verify` takes for the same number, and what it does not: measures, codes, years, marks."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from docx_editing import Editable, compared, sample_baseline, sample_docx
from test_verify_tables import row_with

from generator.verify.findings import (
    FIGURE_CHANGED,
    FIGURE_DUPLICATED,
    FIGURE_OUTDATED,
    NEW_NUMERAL,
    ROW_ADDED,
    TABLE_MEASURE_CHANGED,
    WORDING_CHANGED,
    Comparison,
)
from generator.verify.numerals import value_of
from generator.verify.report import Compared, report_text, said


@pytest.fixture(scope="module")
def editable() -> Editable:
    return Editable(sample_docx())


def after_edit(editable: Editable, old: str, new: str) -> Comparison:
    assert old in editable.xml
    content = editable.with_xml(editable.xml.replace(old, new, 1))
    return compared(content, sample_baseline())


def test_an_amount_in_another_measure_equals_no_figure(editable: Editable) -> None:
    comparison = after_edit(editable, "<w:t>832.3万元<", "<w:t>832.3元<")
    changed, outdated = comparison.findings
    assert (changed.rule, changed.after, changed.note) == (FIGURE_CHANGED, "832.3元", "")
    assert (outdated.rule, outdated.before) == (FIGURE_OUTDATED, "832.3万元")


def test_a_number_of_a_chapter_is_no_value() -> None:
    assert value_of("3.1.2") == (None, "")
    assert value_of("3.10万元") == (Decimal("3.1"), "万元")


@pytest.mark.parametrize("text", ["八百三十二点三万元", "832. 3万元", "万元"])
def test_what_it_should_be_is_said_as_it_was_printed(editable: Editable, text: str) -> None:
    comparison = after_edit(editable, "<w:t>832.3万元<", f"<w:t>{text}<")
    outdated = next(f for f in comparison.findings if f.rule == FIGURE_OUTDATED)
    assert outdated.before == "832.3万元"


def test_a_figure_without_its_measure_is_not_what_the_data_say(editable: Editable) -> None:
    changed, outdated = after_edit(editable, "<w:t>832.3万元<", "<w:t>832.3<").findings
    assert (changed.rule, changed.after) == (FIGURE_CHANGED, "832.3")
    assert "与现在的数据一致" not in changed.note
    assert (outdated.rule, outdated.before) == (FIGURE_OUTDATED, "832.3万元")


@pytest.mark.parametrize(("mark", "shown"), [("<w:tab/>", "\t"), ("<w:br/>", "\n")])
def test_a_mark_that_parts_a_clause_takes_nothing_away(
    editable: Editable, mark: str, shown: str
) -> None:
    number = "<w:r><w:t>28%<"
    (finding,) = after_edit(editable, number, f"<w:r>{mark}</w:r>{number}").findings
    assert (finding.before, finding.after) == ("增长28%。", f"增长{shown}28%。")


def test_amounts_of_a_table_have_its_measure(editable: Editable) -> None:
    assert "<w:t>5.9<" in editable.xml
    (changed, *_) = after_edit(editable, "<w:t>5.9<", "<w:t>832.3<").findings
    assert "收入总计" in changed.note
    found = after_edit(editable, "<w:t>28%<", "<w:t>5.9万元<").findings
    assert "5.9" in found[0].after
    assert found[0].note.startswith("与“")


def test_codes_of_a_doubled_row_are_no_figures(editable: Editable) -> None:
    row = row_with(editable.xml, "事业运行")
    assert "<w:t>03</w:t>" in row
    comparison = after_edit(editable, row, row + re.sub(r"<w:bookmark[^>]*/>", "", row))
    found = [(f.rule, f.after) for f in comparison.findings]
    assert {rule for rule, _ in found} == {FIGURE_DUPLICATED, ROW_ADDED}
    assert {after for rule, after in found if rule == FIGURE_DUPLICATED} == {"13.6"}
    figures = [f.figure for f in comparison.findings if f.rule == FIGURE_DUPLICATED]
    assert len(set(figures)) == len(figures) == 3
    assert all("2010350" in figure for figure in figures)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2022年", "2021年"), ("3. 社会保障", "4. 社会保障"), ("<w:t>201<", "<w:t>999<")],
)
def test_a_year_a_code_and_a_list_number_are_words(editable: Editable, old: str, new: str) -> None:
    start = editable.xml.index("一、收入支出预算总体情况说明", editable.xml.index("局属单位包括"))
    head, rest = editable.xml[:start], editable.xml[start:]
    assert old in rest
    content = editable.with_xml(head + rest.replace(old, new, 1))
    assert [f.rule for f in compared(content, sample_baseline()).findings] == [WORDING_CHANGED]


def test_a_changed_word_that_figures_decide_is_named(editable: Editable) -> None:
    (finding,) = after_edit(editable, "收入增加<", "收入减少<").findings
    assert finding.rule == WORDING_CHANGED
    assert finding.note == "“增加”是按数算出来的词"
    (finding,) = after_edit(editable, "根据实际工作需要", "根据工作需要").findings
    assert finding.note == ""


def test_another_measure_of_a_table_is_told_of_the_whole_table(editable: Editable) -> None:
    for new, now in (("单位：元", "元"), ("单位：", "")):
        findings = after_edit(editable, "单位：万元", new).findings
        assert [f.rule for f in findings] == [TABLE_MEASURE_CHANGED, WORDING_CHANGED]
        assert (findings[0].before, findings[0].after) == ("万元", now)
        assert "整张表的单位改了：万元 → " in said(findings[0])


def test_what_cannot_be_seen_is_shown(editable: Editable) -> None:
    comparison = after_edit(editable, "<w:t>832.3万元<", "<w:t>83\u200b2.3万元<")
    assert "83〔U+200B〕2.3万元（有看不见的字符）" in said(comparison.findings[0])
    comparison = after_edit(editable, "根据实际工作需要", "根据实际</w:t><w:br/><w:t>工作需要")
    lines = report_text(comparison, Compared("改.docx", "模型", ())).splitlines()
    assert any("”→“根据实际⏎" in line.replace(" ", "") for line in lines)


def test_an_empty_paragraph_in_a_cell_is_called_so(editable: Editable) -> None:
    row = row_with(editable.xml, "事业运行")
    added = row.replace("</w:pPr></w:p>", "</w:pPr></w:p><w:p/>", 1)
    (finding,) = after_edit(editable, row, added).findings
    assert said(finding) == "增加空段落"


def test_a_typed_exact_amount_is_a_new_number(editable: Editable) -> None:
    findings = after_edit(editable, "根据实际", "（共8323049.00元）根据实际").findings
    assert findings[0].rule == NEW_NUMERAL
