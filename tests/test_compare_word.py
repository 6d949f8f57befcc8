"""Word files compared: read as Word shows them, with nothing lost and in their sections."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from docx_editing import Editable, sample_built, sample_docx
from docx_sample import STYLE
from lxml import etree
from redline_tools import W, body_of
from test_verify import paragraph_with
from test_verify_marks import BY, HIDING, moved_by_word

from generator.compare.changes import DELETED, INSERTED, LAYOUT, Change, Comparison
from generator.compare.comparison import compare
from generator.compare.redline.document import write_redline
from generator.compare.reports.text import text_report
from generator.compare.sides import side_of_word
from generator.compare.word.text import read_word
from generator.document import Block, Document, Table, text_of
from generator.verify.reading import FoundGrid, read_returned
from generator.verify.walking import FoundLine

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
BODY_TEXT = "年一般公共预算收支预算"


@pytest.fixture(scope="module")
def editable() -> Editable:
    return Editable(sample_docx())


def compared_with(content: bytes) -> Comparison:
    return compare(side_of_word(sample_docx(), "旧.docx"), side_of_word(content, "新.docx"))


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    """Kind of each change, what went and what came."""
    return [
        (c.kind, "".join(e.old for e in c.edits), "".join(e.new for e in c.edits)) for c in changes
    ]


def styled(style: str, text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def texts_in(block: Block | FoundLine | FoundGrid) -> list[str]:
    """The texts of a block as `diff` or as `verify` reads it."""
    match block:
        case FoundLine():
            return [block.text]
        case FoundGrid():
            return [text for row in block.rows for text in row.texts]
        case Table():
            return [cell.text for row in block.rows for cell in row.cells]
        case _:
            return [text_of(block.segments)]


def test_a_tracked_move_is_no_second_text(editable: Editable) -> None:
    paragraph = re.sub("<w:bookmark[^>]*/>", "", paragraph_with(editable.xml, BODY_TEXT))
    xml = re.sub("<w:bookmark[^>]*/>", "", editable.xml)
    after = paragraph_with(xml, "主要包括：办公费")
    moved = xml.replace(after, after + moved_by_word(paragraph, "moveTo"), 1)
    moved = moved.replace(paragraph, moved_by_word(paragraph, "moveFrom"), 1)
    plain = xml.replace(paragraph, "", 1).replace(after, after + paragraph, 1)
    read = [read_word(editable.with_xml(text)).document for text in (moved, plain)]
    assert read[0] == read[1]
    (remark,) = read_word(editable.with_xml(moved)).remarks
    assert "修订没有接受" in remark
    assert remark in text_report(compared_with(editable.with_xml(moved)))


def test_hidden_text_is_not_compared_and_said_so(editable: Editable) -> None:
    styles = editable.parts["word/styles.xml"].decode().replace("</w:styles>", HIDING).encode()
    old = "<w:r><w:t>28%</w:t></w:r>"
    for mark in ("<w:vanish/>", '<w:rStyle w:val="Hid"/>'):
        hidden = old.replace("<w:t>", f"<w:rPr>{mark}</w:rPr><w:t>")
        for new, differs in ((hidden, True), (old + hidden, False)):
            xml = editable.xml.replace(old, new, 1)
            found = compared_with(editable.with_xml(xml, {"word/styles.xml": styles}))
            assert bool(found.changes) is differs
            assert "新.docx：有 1 处隐藏的文字，按没有来比较" in found.remarks


def test_a_text_box_is_a_text_of_its_own(editable: Editable) -> None:
    box = "<w:pict><w:txbxContent><w:p><w:r><w:t>另有999.9万元</w:t></w:r></w:p></w:txbxContent></w:pict>"
    xml = editable.xml.replace("</w:pPr>", f"</w:pPr><w:r>{box}</w:r>", 1)
    found = compared_with(editable.with_xml(xml)).changes
    assert told(found) == [(INSERTED, "", "另有999.9万元")]


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("<w:noBreakHyphen/>", "-"),
        ("<w:cr/>", "\n"),
        ("<w:br/>", "\n"),
        ('<w:br w:type="page"/>', ""),
        ('<w:sym w:font="Wingdings" w:char="2460"/>', "①"),
        ("<w:ptab/>", "\t"),
        (f'<t xmlns="{MATH}">x</t>', "x"),
    ],
)
def test_a_character_that_is_no_letter_is_read_as_verify_reads_it(
    editable: Editable, mark: str, text: str
) -> None:
    for old in ("<w:t>一、收入支出预算总体情况说明", "<w:t>其中：财政拨款"):
        before, found, after = editable.xml.rpartition(old)  # the first one is in the contents
        assert found
        content = editable.with_xml(f"{before}{mark}{old}{after}")
        expected = text + old.removeprefix("<w:t>")
        for blocks in (read_word(content).document.blocks(), read_returned(content).blocks):
            assert expected in [text for block in blocks for text in texts_in(block)]


def test_cells_in_content_controls_are_read(editable: Editable) -> None:
    cell = re.search(r"<w:tc>(?:(?!</w:tc>).)*其中：财政拨款.*?</w:tc>", editable.xml)
    assert cell is not None
    wrapped = f"<w:sdt><w:sdtContent>{cell[0]}</w:sdtContent></w:sdt>"
    content = editable.with_xml(editable.xml.replace(cell[0], wrapped, 1))
    assert read_word(content).document == read_word(sample_docx()).document


def test_a_figure_divided_by_a_new_paragraph_keeps_its_name(editable: Editable) -> None:
    whole = "<w:r><w:t>28%</w:t></w:r>"
    divided = whole.replace("8%", "</w:t></w:r></w:p><w:p><w:r><w:t>8%")
    content = editable.with_xml(editable.xml.replace(whole, divided, 1))
    segments = [
        segment
        for block in read_word(content).document.blocks()
        for segment in block.segments
        if segment.text == "2"
    ]
    assert [segment.figure for segment in segments] == ["收入总计.增幅"]


def test_cells_are_merged_as_they_are_and_not_as_they_were(editable: Editable) -> None:
    """What a tracked change of format keeps of the former one counts nowhere."""
    was = f'<w:tcPrChange {BY}><w:tcPr><w:gridSpan w:val="3"/><w:vMerge/></w:tcPr></w:tcPrChange>'
    changed = editable.with_xml(editable.xml.replace("</w:tcPr>", f"{was}</w:tcPr>"))
    assert read_word(changed).document == read_word(sample_docx()).document
    assert read_returned(changed).blocks == read_returned(sample_docx()).blocks


@pytest.mark.parametrize("style", ["TableTitle", "TableNote", "TOC1"])
def test_a_paragraph_in_the_style_of_a_part_is_not_lost(editable: Editable, style: str) -> None:
    assert f'w:styleId="{style}"' in editable.parts["word/styles.xml"].decode()
    paragraph = paragraph_with(editable.xml, BODY_TEXT)
    added = styled(style, "另有专项资金九百万元")
    xml = editable.xml.replace(paragraph, paragraph + added, 1)
    found = compared_with(editable.with_xml(xml))
    assert told(found.changes) == [(INSERTED, "", "另有专项资金九百万元")]
    assert "四、" in found.changes[0].places[0]


def test_the_title_of_a_removed_table_stays(editable: Editable) -> None:
    tables = re.findall(r"<w:tbl>.*?</w:tbl>", editable.xml)
    found = compared_with(editable.with_xml(editable.xml.replace(tables[-1], "", 1)))
    assert [c.kind for c in found.layer(LAYOUT)] == [DELETED]
    assert [c.kind for c in found.changes if c.layer != LAYOUT and c.edits] == [INSERTED] * 2


def read_back(document: Document) -> list[tuple[str, bool, list[tuple[str, str]]]]:
    """Orientation of each section, whether it counts pages, and the names of its tables."""
    return [
        (
            section.orientation,
            section.numbered,
            [(text_of(b.title), b.contents_name) for b in section.blocks if isinstance(b, Table)],
        )
        for section in document.sections
    ]


def test_sections_and_names_of_tables_are_read_back() -> None:
    document = sample_built().document
    assert read_back(read_word(sample_docx()).document) == read_back(document)
    assert {section.orientation for section in document.sections} == {"portrait", "landscape"}


def test_a_section_that_goes_on_is_none(editable: Editable) -> None:
    xml = editable.xml.replace('w:type w:val="nextPage"', 'w:type w:val="continuous"')
    sections = read_word(editable.with_xml(xml)).document.sections
    turns = [section.orientation for section in sections]
    assert all(one != other for one, other in pairwise(turns))
    blocks = list(read_word(sample_docx()).document.blocks())
    assert [block for section in sections for block in section.blocks] == blocks


def test_plain_lines_below_the_word_contents_are_contents(editable: Editable) -> None:
    """As a redline writes them: no field stands around them."""
    xml = re.sub(r"<w:r><w:(?:fldChar|instrText)[^>]*>.*?</w:r>", "", editable.xml)
    xml = re.sub(r"<w:r><w:fldChar[^>]*/></w:r>", "", xml)
    blocks = read_word(editable.with_xml(xml)).document.blocks()
    expected = read_word(sample_docx()).document.blocks()
    assert [type(block) for block in blocks] == [type(block) for block in expected]


def test_a_redline_of_word_files_keeps_pages_and_contents(editable: Editable) -> None:
    sides = (
        side_of_word(sample_docx(), "旧"),
        side_of_word(editable.with_xml(editable.xml.replace("<w:t>28%<", "<w:t>38%<", 1)), "新"),
    )
    both = write_redline(*sides, compare(*sides), STYLE, author="甲", date="2023-02-09")
    new, old = body_of(both), body_of(sample_docx())
    assert turns_of(new) == turns_of(old)
    assert contents_of(new) == contents_of(old)
    assert len(contents_of(new)) > 20


def turns_of(body: etree._Element) -> list[str | None]:
    return [size.get(f"{W}orient") for size in body.iter(f"{W}pgSz")]


def contents_of(body: etree._Element) -> list[str]:
    """The lines of the contents, without page numbers."""
    lines = []
    for paragraph in body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val", "").startswith("TOC"):
            text = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
            lines.append(re.sub("[0-9]+$", "", text))
    return lines


def divided(xml: str, number: int, *, repeated: bool) -> str:
    """A table in two, perhaps with its header again."""
    table = re.findall("<w:tbl>.*?</w:tbl>", xml)[number]
    rows = list(re.finditer(r"<w:tr[ >].*?</w:tr>", table))
    opening, cut = table[: rows[0].start()], rows[-3].start()
    header = "".join(row[0] for row in rows if "<w:tblHeader" in row[0]) if repeated else ""
    header = re.sub("<w:bookmark[^>]*/>", "", header)
    pieces = f"{table[:cut]}</w:tbl><w:p/>{opening}{header}{table[cut:]}"
    return xml.replace(table, pieces, 1)


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize(("number", "title"), [(0, "部门收支预算表"), (2, "部门支出预算表")])
def test_a_table_divided_by_hand_is_one_and_said_so(
    editable: Editable, number: int, title: str, *, repeated: bool
) -> None:
    pieces = editable.with_xml(divided(editable.xml, number, repeated=repeated))
    assert pieces != sample_docx()
    for sides in ((sample_docx(), pieces), (pieces, sample_docx())):
        found = compare(*map(side_of_word, sides, ("旧.docx", "新.docx")))
        assert found.changes == ()
        (remark,) = (remark for remark in found.remarks if "分成了几段" in remark)
        assert title in remark


def test_rows_of_one_name_stay_apart_where_their_table_was_divided(editable: Editable) -> None:
    """Six purchases that differ in their amounts alone, without our marks; the last is another."""
    bare = re.sub("<w:bookmark[^>]*/>", "", editable.xml)
    (first,) = (row for row in re.findall(r"<w:tr[ >].*?</w:tr>", bare) if "办公用纸" in row)
    total = re.findall(r"<w:tr[ >].*?</w:tr>", bare)[-1]
    table = re.findall("<w:tbl>.*?</w:tbl>", bare)[-1]
    items = table[table.index(first) : table.index(total)]
    whole, changed = (
        bare.replace(items, "".join(first.replace("2.0", f"{n}.5") for n in numbers))
        for numbers in (range(1, 7), (1, 2, 3, 4, 5, 9))
    )
    pieces = divided(changed, -1, repeated=True)
    sides = (
        side_of_word(editable.with_xml(xml), name, use_anchors=False)
        for xml, name in ((whole, "旧.docx"), (pieces, "新.docx"))
    )
    (change,) = compare(*sides).changes
    assert (change.old, change.new) == ("6.5", "9.5")
