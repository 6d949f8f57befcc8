"""What `verify` says of words, paragraphs, Word's own marks, other programs' files and old data."""

from __future__ import annotations

import re
import time

import pytest
from docx_editing import (
    Edit,
    Editable,
    compared,
    found_in,
    sample_baseline,
    sample_built,
    sample_docx,
    without_anchors,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.verify.baseline import baseline_of
from generator.verify.choice import year_of
from generator.verify.comparison import compare
from generator.verify.findings import (
    COMMENT,
    FIGURE_CHANGED,
    FIGURE_MOVED,
    FIGURE_OUTDATED,
    FIGURE_REMOVED,
    FLOATING_TEXT,
    FURNITURE,
    HIDDEN_TEXT,
    MOVED,
    NEW_NUMERAL,
    PARAGRAPH_ADDED,
    PARAGRAPH_MOVED,
    PARAGRAPH_REMOVED,
    PARAGRAPHS_REJOINED,
    PICTURES,
    TABLE_ADDED,
    TABLE_MOVED,
    TABLE_REMOVED,
    TRACKED_CHANGE,
    UNCHANGED,
    WORDING_CHANGED,
)
from generator.verify.reading import read_returned
from generator.writers.evidence import write_model
from generator.writers.model_reader import read_model

BY = 'w:id="901" w:author="张三" w:date="2023-02-20T10:00:00Z"'
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ADDED_TABLE = (
    "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>"
    "<w:tc><w:p><w:r><w:t>另有</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>77.7万元</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


@pytest.fixture(scope="module")
def editable() -> Editable:
    return Editable(sample_docx())


def paragraph_with(xml: str, words: str) -> str:
    """The XML of the last paragraph outside tables that holds `words` in one run."""
    found = [p for p in re.findall(r"<w:p>(?:(?!</w:p>).)*</w:p>", xml) if words in p]
    return found[-1]


def reworded(editable: Editable, old: str, new: str) -> list[tuple[str, str, str, str]]:
    assert editable.xml.count(old) >= 1
    return found_in(editable.with_xml(editable.xml.replace(old, new, 1)))


def test_the_model_is_read_back_whole() -> None:
    document = sample_built().document
    assert write_model(read_model(write_model(document))) == write_model(document)


def test_a_reworded_clause(editable: Editable) -> None:
    old = "公务用车购置费及租用费、燃料费"
    assert reworded(editable, old, "公务用车租用费、燃料费")[0][0] == WORDING_CHANGED
    before = editable.xml.count("主要原因：厉行节约，减少支出")
    assert before
    assert reworded(editable, "主要原因：厉行节约，", "主要原因：规范管理，") == [
        (WORDING_CHANGED, "", "厉行节约，", "规范管理，")
    ]


def test_a_new_sentence_with_a_number(editable: Editable) -> None:
    at = next(n for n, text in enumerate(editable.texts) if text.startswith("人员经费"))
    end = len(editable.texts[at])
    found = found_in(editable.edited(Edit(at, end, end, "另有结余77.77万元。")))
    assert found == [
        (NEW_NUMERAL, "", "", "77.77万元"),
        (WORDING_CHANGED, "", "", "另有结余77.77万元。"),
    ]


def test_a_sentence_that_was_taken_out_is_told_alone(editable: Editable) -> None:
    """Not with the clause after it, which is still there; nor is a new one told with it."""
    at = next(n for n, text in enumerate(editable.texts) if "预算为" in text and "。" in text[:-1])
    text = editable.texts[at]
    end = text.index("。") + 1
    taken_out = found_in(editable.edited(Edit(at, 0, end, "")))
    assert [row[2:] for row in taken_out if row[0] == WORDING_CHANGED] == [(text[:end], "")]
    put_in = found_in(editable.edited(Edit(at, end, end, "工作需要。")))
    assert put_in == [(WORDING_CHANGED, "", "", "工作需要。")]


def test_a_changed_number_that_is_no_figure(editable: Editable) -> None:
    found = reworded(editable, "单价50万元以上", "单价100万元以上")
    assert [row[0] for row in found] == [NEW_NUMERAL, WORDING_CHANGED]
    assert found[0][2:] == ("50万元", "100万元")


def test_a_figure_in_words(editable: Editable) -> None:
    place = next(p for p in editable.places(sample_baseline()) if p.printed.text == "28%")
    found = found_in(editable.edited(place.becomes("近三成")))
    assert found == [(FIGURE_CHANGED, place.printed.figure, "28%", "近三成")]


def test_a_deleted_paragraph_and_its_figures(editable: Editable) -> None:
    paragraph = paragraph_with(editable.xml, "年一般公共预算收支预算")
    comparison = compared(editable.with_xml(editable.xml.replace(paragraph, "", 1)))
    rules = [f.rule for f in comparison.findings]
    assert rules.count(PARAGRAPH_REMOVED) == 1
    assert set(rules) == {PARAGRAPH_REMOVED, FIGURE_REMOVED}
    assert rules.count(FIGURE_REMOVED) == paragraph.count('w:name="_F') == 4


def test_a_moved_paragraph_keeps_its_figures(editable: Editable) -> None:
    paragraph = paragraph_with(editable.xml, "年一般公共预算收支预算")
    other = paragraph_with(editable.xml, "2023年支出合计")
    xml = editable.xml.replace(paragraph, "", 1).replace(other, other + paragraph, 1)
    comparison = compared(editable.with_xml(xml))
    assert {f.rule for f in comparison.findings} == {PARAGRAPH_MOVED}
    assert comparison.count(UNCHANGED) == len(comparison.states)


def test_a_figure_moved_to_another_sentence(editable: Editable) -> None:
    places = [p for p in editable.places(sample_baseline()) if p.printed.anchor]
    place = next(p for p in places if p.printed.text == "24%")
    at = next(n for n, text in enumerate(editable.texts) if text.startswith("人员经费"))
    comparison = compared(editable.edited(place.becomes(""), Edit(at, 4, 4, "增长24%")))
    found = [(f.rule, f.figure) for f in comparison.findings]
    assert (FIGURE_MOVED, place.printed.figure) in found
    assert comparison.count(MOVED) == 1


def test_a_divided_paragraph(editable: Editable) -> None:
    divided = "；项目支出</w:t></w:r></w:p><w:p><w:r><w:t>"
    pieces = editable.xml.split("；项目支出</w:t></w:r>", 1)
    xml = f"{pieces[0]}；</w:t></w:r></w:p><w:p><w:r><w:t>项目支出</w:t></w:r>{pieces[1]}"
    assert divided not in xml
    comparison = compared(editable.with_xml(xml))
    assert [f.rule for f in comparison.findings] == [PARAGRAPHS_REJOINED]


def test_a_removed_table(editable: Editable) -> None:
    table = re.findall(r"<w:tbl>.*?</w:tbl>", editable.xml)[4]
    rules = [f.rule for f in compared(editable.with_xml(editable.xml.replace(table, ""))).findings]
    assert rules.count(TABLE_REMOVED) == 1
    assert set(rules) == {TABLE_REMOVED, FIGURE_REMOVED}


def test_a_moved_table(editable: Editable) -> None:
    tables = re.findall(r"<w:tbl>.*?</w:tbl>", editable.xml)
    xml = editable.xml.replace(tables[4], "", 1)
    xml = xml.replace(tables[1], f"{tables[1]}<w:p/>{tables[4]}", 1)
    comparison = compared(editable.with_xml(xml))
    (finding,) = comparison.findings
    assert (finding.rule, finding.where) == (TABLE_MOVED, "表“2023年一般公共预算支出预算表”")
    assert finding.note == "现在在表“2023年部门收入预算表”之后"
    assert comparison.count(UNCHANGED) == len(comparison.states)


def test_an_added_table_and_its_numbers(editable: Editable) -> None:
    table = re.findall(r"<w:tbl>.*?</w:tbl>", editable.xml)[4]
    xml = editable.xml.replace(table, f"{table}<w:p/>{ADDED_TABLE}", 1)
    assert found_in(editable.with_xml(xml)) == [
        (NEW_NUMERAL, "", "", "77.7万元"),
        (TABLE_ADDED, "", "", "另有 77.7万元"),
    ]


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_are_named_with_their_text(editable: Editable, kind: str) -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f"<w:p><w:r><w:t>有120万元没有列入</w:t></w:r></w:p>{ADDED_TABLE}"
    notes = (
        f'<w:{kind}s xmlns:w="{w}"><w:{kind} w:id="0"><w:p/></w:{kind}>'
        f'<w:{kind} w:id="1">{text}</w:{kind}></w:{kind}s>'
    )
    links = editable.parts["word/_rels/document.xml.rels"].decode()
    link = f'<Relationship Id="rIdN" Type="{RELATIONSHIPS}/{kind}s" Target="notes.xml"/>'
    more = {
        "word/notes.xml": notes.encode(),
        "word/_rels/document.xml.rels": links.replace(
            "</Relationships>", f"{link}</Relationships>"
        ).encode(),
    }
    (finding,) = compared(editable.with_xml(editable.xml, more)).findings
    assert (finding.rule, finding.after) == (
        FLOATING_TEXT,
        "有120万元没有列入\n另有\n77.7万元",
    )


def test_a_character_without_a_code_is_shown_as_unknown(editable: Editable) -> None:
    run = "<w:r><w:t>28%</w:t></w:r>"
    xml = editable.xml.replace(run, f'{run}<w:r><w:sym w:char="ZZ"/></w:r>', 1)
    (finding,) = found_in(editable.with_xml(xml))
    assert finding == (WORDING_CHANGED, "", "增长28%。", "增长28%\ufffd。")


def test_a_very_long_new_text_keeps_the_figures_it_still_prints(editable: Editable) -> None:
    """Too long to be searched in full: equal words are found first."""
    paragraph = paragraph_with(editable.xml, "年一般公共预算收支预算")
    noise = "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(4000))
    texts = re.findall(r"<w:t>([^<]*)</w:t>", paragraph)
    assert len(texts) > 4
    new = re.sub(
        r"<w:t>([^<]*)</w:t>", rf"<w:t>\1</w:t></w:r><w:r><w:t>{noise}</w:t>", paragraph, count=2
    )
    new = new.replace(f"<w:t>{texts[0]}</w:t>", "<w:t>改写了。</w:t>", 1)
    comparison = compared(editable.with_xml(editable.xml.replace(paragraph, new, 1)))
    assert comparison.count(UNCHANGED) == len(comparison.states)
    assert {f.rule for f in comparison.findings} == {WORDING_CHANGED}


def test_very_many_new_paragraphs_are_compared_in_no_time(editable: Editable) -> None:
    """Too many to be compared each with each: what is gone and what came is told."""
    start, end = editable.xml.index("<w:body>"), editable.xml.index("<w:tbl>")
    many = "".join(f"<w:p><w:r><w:t>第{n}段新文字{n * n}</w:t></w:r></w:p>" for n in range(900))
    xml = f"{editable.xml[:start]}<w:body>{many}{editable.xml[end:]}"
    begun = time.perf_counter()
    rules = [f.rule for f in compared(editable.with_xml(xml)).findings]
    assert time.perf_counter() - begun < 20
    assert rules.count(PARAGRAPH_ADDED) == 900
    assert PARAGRAPH_REMOVED in rules


def test_empty_paragraphs_and_split_runs_do_not_count(editable: Editable) -> None:
    xml = editable.xml.replace("</w:p><w:p>", "</w:p><w:p/><w:p><w:r><w:t> </w:t></w:r></w:p><w:p>")
    xml = re.sub(
        r"<w:t>([^<])([^<]+)</w:t></w:r>", r"<w:t>\1</w:t></w:r><w:r><w:t>\2</w:t></w:r>", xml
    )
    assert found_in(editable.with_xml(xml)) == []


def test_tracked_changes_count_as_accepted_and_are_listed(editable: Editable) -> None:
    place = next(p for p in editable.places(sample_baseline()) if p.printed.text == "28%")
    old = "<w:r><w:t>28%</w:t></w:r>"
    new = (
        f"<w:del {BY}><w:r><w:delText>28%</w:delText></w:r></w:del>"
        f"<w:ins {BY}><w:r><w:t>38%</w:t></w:r></w:ins>"
    )
    findings = compared(editable.with_xml(editable.xml.replace(old, new, 1))).findings
    assert (findings[0].rule, findings[0].figure) == (FIGURE_CHANGED, place.printed.figure)
    marks = [(f.rule, f.note, f.after, f.author, f.date) for f in findings[1:]]
    assert marks == [
        (TRACKED_CHANGE, "删除", "28%", "张三", "2023-02-20T10:00:00Z"),
        (TRACKED_CHANGE, "插入", "38%", "张三", "2023-02-20T10:00:00Z"),
    ]
    assert all("一、收入支出预算总体情况说明" in f.where for f in findings[1:])


def test_a_tracked_deletion_of_a_row_and_of_a_paragraph_mark(editable: Editable) -> None:
    xml = editable.xml
    row = next(r for r in re.findall(r"<w:tr>.*?</w:tr>", xml) if "福利费" in r)
    xml = xml.replace(row, row.replace("<w:trPr>", f"<w:trPr><w:del {BY}/>", 1), 1)
    assert "row-removed" in {f.rule for f in compared(editable.with_xml(xml)).findings}
    first = paragraph_with(editable.xml, "局属单位包括")
    marked = first.replace("</w:pPr>", f"<w:rPr><w:del {BY}/></w:rPr></w:pPr>", 1)
    comparison = compared(editable.with_xml(editable.xml.replace(first, marked, 1)))
    assert {f.rule for f in comparison.findings} == {PARAGRAPHS_REJOINED, TRACKED_CHANGE}


def test_comments_are_listed_with_their_place(editable: Editable) -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    comments = (
        f'<w:comments xmlns:w="{w}"><w:comment w:id="7" w:author="李四" w:date="2023-02-21">'
        "<w:p><w:r><w:t>请核实</w:t></w:r></w:p></w:comment></w:comments>"
    )
    links = editable.parts["word/_rels/document.xml.rels"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    link = f'<Relationship Id="rIdC" Type="{kind}" Target="comments.xml"/></Relationships>'
    old = "<w:r><w:t>28%</w:t></w:r>"
    xml = editable.xml.replace(old, f'<w:commentRangeStart w:id="7"/>{old}', 1)
    more = {
        "word/comments.xml": comments.encode(),
        "word/_rels/document.xml.rels": links.replace("</Relationships>", link).encode(),
    }
    (finding,) = compared(editable.with_xml(xml, more)).findings
    assert (finding.rule, finding.author, finding.after) == (COMMENT, "李四", "请核实")
    assert "一、收入支出预算总体情况说明" in finding.where


def test_what_stands_beside_the_text(editable: Editable) -> None:
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>999万元</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    picture = "<w:r><w:drawing/></w:r>"
    xml = editable.xml.replace("</w:pPr>", f"</w:pPr>{box}{picture}", 1)
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>28%</w:t></w:r>"
    xml = xml.replace("<w:r><w:t>28%</w:t></w:r>", hidden, 1)
    footer = editable.parts["word/footer3.xml"].replace(
        b"</w:p>", "<w:r><w:t>内部</w:t></w:r></w:p>".encode()
    )
    content = editable.with_xml(xml, {"word/footer3.xml": footer})
    rules = {f.rule for f in compared(content).findings}
    assert rules == {FLOATING_TEXT, PICTURES, HIDDEN_TEXT, FIGURE_REMOVED, FURNITURE}


def test_anchors_tell_equal_numerals_apart(editable: Editable) -> None:
    figures = [p for p in editable.places(sample_baseline()) if p.printed.text == "0辆"]
    first, second = figures[0], figures[1]
    start, end = first.start, second.start + len(second.printed.text)
    assert first.paragraph == second.paragraph
    between = editable.texts[first.paragraph][start + 2 : end - 2]
    cut = Edit(first.paragraph, start, second.start, "")
    named = {f.figure for f in compared(editable.edited(cut)).findings if f.rule == FIGURE_REMOVED}
    assert between
    assert named == {first.printed.figure}


def test_figures_that_do_not_match_the_current_data() -> None:
    built = sample_built().document
    current = baseline_of(
        read_model(write_model(built).replace("74.7万元".encode(), "75.7万元".encode()))
    )
    findings = compare(sample_baseline(), read_returned(sample_docx()), current).findings
    assert {f.rule for f in findings} == {FIGURE_OUTDATED}
    assert {(f.before, f.after) for f in findings} == {("75.7万元", "74.7万元")}


def test_a_file_of_an_earlier_build_is_outdated_not_edited() -> None:
    later = baseline_of(
        read_model(
            write_model(sample_built().document).replace("74.7万元".encode(), "75.7万元".encode())
        )
    )
    editable = Editable(sample_docx())
    findings = compare(later, read_returned(sample_docx()), None).findings
    assert {f.rule for f in findings} == {FIGURE_OUTDATED}
    place = next(p for p in editable.places(sample_baseline()) if p.printed.text == "74.7万元")
    edited = editable.edited(place.becomes("99.9万元"))
    rules = [f.rule for f in compare(later, read_returned(edited), None).findings]
    assert rules.count(FIGURE_CHANGED) == 1


def test_the_year_is_read_from_the_file(editable: Editable) -> None:
    assert year_of(read_returned(sample_docx()), "改.docx") == 2023
    bare = editable.with_xml(editable.xml, {"docProps/core.xml": b"<a/>"})
    assert year_of(read_returned(bare), "改.docx") == 2023


@settings(max_examples=60)
@given(st.data())
def test_every_edit_of_the_text_is_found(data: st.DataObject) -> None:
    editable = Editable(_SAMPLES[data.draw(st.sampled_from(["anchored", "plain"]))]())
    numbers = [n for n, text in enumerate(editable.texts) if text.strip()]
    number = data.draw(st.sampled_from(numbers))
    text = editable.texts[number]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    new = data.draw(st.text("甲乙，。 1230.%万元", max_size=4))
    edited = Editable(editable.edited(Edit(number, start, end, new)))
    if edited.texts[number].strip() != text.strip() and "\t" not in text:
        assert found_in(edited.edited())


_SAMPLES = {"anchored": sample_docx, "plain": lambda: without_anchors(sample_docx())}
