"""What `verify` says of things that Word shows otherwise than the text of the file reads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from docx_editing import (
    Editable,
    compared,
    sample_baseline,
    sample_built,
    sample_docx,
    without_anchors,
)
from test_verify import paragraph_with

from generator.verify.baseline import Line
from generator.verify.comparison import compare
from generator.verify.findings import (
    AUTOMATIC_NUMBER,
    EMBEDDED,
    FIGURE_REMOVED,
    FURNITURE,
    HIDDEN_TEXT,
    PARAGRAPH_ADDED,
    PARAGRAPH_MOVED,
    PICTURES,
    ROW_REMOVED,
    STRUCK,
    TRACKED_CHANGE,
    UNSEEN,
    Finding,
)
from generator.verify.reading import read_returned
from generator.writers.docx.opening import open_shell
from generator.writers.docx.roles import SECTION_END

BY = 'w:id="901" w:author="张三" w:date="2023-02-20T10:00:00Z"'
IMAGE = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
OLD = "<w:r><w:t>28%</w:t></w:r>"
HIDING = (
    '<w:style w:type="character" w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="HidP"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
)


@pytest.fixture(scope="module")
def editable() -> Editable:
    return Editable(sample_docx())


def findings_of(editable: Editable, old: str, new: str) -> tuple[Finding, ...]:
    assert old in editable.xml
    return compared(editable.with_xml(editable.xml.replace(old, new, 1))).findings


def test_a_figure_hidden_by_a_style_is_gone(editable: Editable) -> None:
    styles = editable.parts["word/styles.xml"].decode().replace("</w:styles>", HIDING).encode()
    paragraph = paragraph_with(editable.xml, "年一般公共预算收支预算")
    by_run = OLD.replace("<w:t>", '<w:rPr><w:rStyle w:val="Hid"/></w:rPr><w:t>')
    by_paragraph = re.sub('w:pStyle w:val="[^"]*"', 'w:pStyle w:val="HidP"', paragraph)
    for old, new, figures in ((OLD, by_run, 1), (paragraph, by_paragraph, 4)):
        content = editable.with_xml(editable.xml.replace(old, new, 1), {"word/styles.xml": styles})
        rules = [f.rule for f in compared(content).findings]
        assert rules.count(FIGURE_REMOVED) == figures
        assert rules.count(HIDDEN_TEXT) == 1


def test_a_figure_that_was_hidden_before_a_tracked_change_is_there(editable: Editable) -> None:
    before = f"<w:rPr><w:rPrChange {BY}><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr>"
    (finding,) = findings_of(editable, OLD, OLD.replace("<w:t>", f"{before}<w:t>"))
    assert (finding.rule, finding.note) == (TRACKED_CHANGE, "改格式")


@pytest.mark.parametrize("embedded", ['<w:altChunk r:id="rId9"/>', '<w:subDoc r:id="rId9"/>'])
def test_an_embedded_file_is_named(editable: Editable, embedded: str) -> None:
    (finding,) = findings_of(editable, "</w:p><w:p>", f"</w:p>{embedded}<w:p>")
    assert finding.rule == EMBEDDED


def test_pictures_and_boxes_in_headers_are_named(editable: Editable) -> None:
    box = "<w:pict><w:txbxContent><w:p><w:r><w:t>内部</w:t></w:r></w:p></w:txbxContent></w:pict>"
    for added, said in (("<w:drawing/>", "〔图片〕"), (box, "内部")):
        header = editable.parts["word/header1.xml"].replace(
            b"</w:p>", f"<w:r>{added}</w:r></w:p>".encode()
        )
        content = editable.with_xml(editable.xml, {"word/header1.xml": header})
        (finding,) = compared(content).findings
        assert (finding.rule, finding.after) == (FURNITURE, said)


def test_a_header_that_is_gone_is_named_as_it_read(editable: Editable) -> None:
    baseline = replace(sample_baseline(), furniture=frozenset({"青石市2023年部门预算"}))
    findings = compare(baseline, read_returned(editable.with_xml(editable.xml))).findings
    assert [f.before for f in findings if f.rule == FURNITURE and f.before] == [
        "青石市2023年部门预算"
    ]


@pytest.mark.parametrize(
    ("drawn", "pictures"),
    [
        ("{box}", 0),
        ("{picture}{boxes}", 1),  # two boxes in one drawing
        ("{box_with_picture}", 1),
        ("{group}", 1),
    ],
)
def test_pictures_are_counted_beside_and_inside_text_boxes(
    editable: Editable, drawn: str, pictures: int
) -> None:
    picture = "<w:r><w:drawing/></w:r>"
    text = "<w:txbxContent><w:p><w:r><w:t>内部</w:t></w:r>{}</w:p></w:txbxContent>"
    boxes = {
        "box": f"<w:r><w:pict>{text.format('')}</w:pict></w:r>",
        "boxes": f"<w:r><w:pict>{text.format('') * 2}</w:pict></w:r>",
        "group": f"<w:r><w:drawing>{text.format('')}{IMAGE}</w:drawing></w:r>",
        "box_with_picture": f"<w:r><w:pict>{text.format(picture)}</w:pict></w:r>",
    }
    added = drawn.format(picture=picture, **boxes)
    findings = findings_of(editable, OLD, OLD + added)
    notes = [f.note for f in findings if f.rule == PICTURES]
    assert notes == [f"正文里有{n}张图片或对象，其中的数没法核对" for n in (pictures,) if n]


def test_a_number_that_word_adds_is_named(editable: Editable) -> None:
    paragraph = paragraph_with(editable.xml, "年一般公共预算收支预算")
    for number, rules in (("1", [AUTOMATIC_NUMBER]), ("0", [])):
        listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
        numbered = paragraph.replace("</w:pPr>", listed, 1)
        assert [f.rule for f in findings_of(editable, paragraph, numbered)] == rules


def test_a_number_with_a_line_through_it_is_named(editable: Editable) -> None:
    for name in ("strike", "dstrike"):
        struck = OLD.replace("<w:t>", f"<w:rPr><w:{name}/></w:rPr><w:t>")
        (finding,) = findings_of(editable, OLD, struck)
        assert (finding.rule, finding.after) == (STRUCK, "28%")
        assert "一、收入支出预算总体情况说明" in finding.where
    off = OLD.replace("<w:t>", '<w:rPr><w:strike w:val="0"/></w:rPr><w:t>')
    assert findings_of(editable, OLD, off) == ()


WHITE = '<w:color w:val="FFFFFF"/>'
LOOKS = {
    "white": WHITE,
    "nearly white": '<w:color w:val="FDFDFD"/>',
    "tiny": '<w:sz w:val="2"/>',
    "black under a black marker": '<w:highlight w:val="black"/>',
    "black on black": '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>',
    "a style": '<w:rStyle w:val="White2"/>',
}
SEEN_LOOKS = {
    "red and large": '<w:color w:val="FF0000"/><w:sz w:val="44"/>',
    "marked": '<w:highlight w:val="yellow"/>',
    "white on a dark shade": f'{WHITE}<w:shd w:val="clear" w:fill="1F4E79"/>',
    "of no colour on a dark shade": '<w:shd w:val="clear" w:fill="000000"/>',
    "black again in a white style": '<w:rStyle w:val="White2"/><w:color w:val="000000"/>',
}
WHITE_STYLES = (
    f'<w:style w:type="character" w:styleId="White"><w:rPr>{WHITE}</w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="White2"><w:basedOn w:val="White"/></w:style></w:styles>'
)


@pytest.mark.parametrize("name", [*LOOKS, *SEEN_LOOKS])
def test_a_text_that_no_reader_sees_is_named(editable: Editable, name: str) -> None:
    look = (LOOKS | SEEN_LOOKS)[name]
    styles = editable.parts["word/styles.xml"].decode().replace("</w:styles>", WHITE_STYLES)
    xml = editable.xml.replace(OLD, OLD.replace("<w:t>", f"<w:rPr>{look}</w:rPr><w:t>"), 1)
    found = compared(editable.with_xml(xml, {"word/styles.xml": styles.encode()})).findings
    assert [(f.rule, f.after) for f in found] == ([(UNSEEN, "28%")] if name in LOOKS else [])
    assert all("一、收入支出预算总体情况说明" in f.where for f in found)


def test_a_white_row_is_told_once_and_one_on_a_dark_shade_not_at_all(editable: Editable) -> None:
    row = next(r for r in re.findall(r"<w:tr>.*?</w:tr>", editable.xml) if "福利费" in r)
    white = row.replace("<w:r><w:t>", f"<w:r><w:rPr>{WHITE}</w:rPr><w:t>")
    (finding,) = findings_of(editable, row, white)
    assert (finding.rule, finding.after) == (UNSEEN, "30229 福利费 50201 办公经费 5.9 5.9")
    dark = white.replace("</w:tcPr>", '<w:shd w:val="clear" w:fill="1F4E79"/></w:tcPr>')
    assert findings_of(editable, row, dark) == ()


def test_what_a_table_style_colours_counts_as_seen(editable: Editable) -> None:
    styles = editable.parts["word/styles.xml"].decode()
    head = re.search(r'<w:style [^>]*w:styleId="H1".*?</w:style>', styles, re.DOTALL)
    table = re.search(r'<w:style [^>]*w:styleId="BudgetTable".*?</w:style>', styles, re.DOTALL)
    assert head is not None
    assert table is not None
    white = head[0].replace("<w:rPr>", f"<w:rPr>{WHITE}", 1)
    dark = '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:fill="1F4E79"/></w:tcPr>'
    dark = table[0].replace("</w:style>", f"{dark}</w:tblStylePr></w:style>")
    for other, rules in ((table[0], {UNSEEN}), (dark, set())):
        changed = styles.replace(head[0], white).replace(table[0], other).encode()
        content = editable.with_xml(editable.xml, {"word/styles.xml": changed})
        assert {f.rule for f in compared(content).findings} == rules


def test_a_text_typed_where_our_style_is_too_small_is_named(editable: Editable) -> None:
    style = sample_built().place.style
    shell = open_shell(style, draft=False)
    empty = f'<w:pPr><w:pStyle w:val="{shell.style_ids[SECTION_END]}"/></w:pPr></w:p>'
    typed = empty.replace("</w:pPr>", "</w:pPr><w:r><w:t>仅供内部</w:t></w:r>")
    found = findings_of(editable, empty, typed)
    assert {f.rule for f in found if f.after == "仅供内部"} == {PARAGRAPH_ADDED, UNSEEN}


def moved_by_word(paragraph: str, tag: str) -> str:
    """A paragraph as Word writes it where it was moved from or to: every run, and its mark."""
    bare = re.sub(r"<w:bookmark(?:Start|End) [^>]*/>", "", paragraph)
    runs = re.sub(r"(<w:r>.*?</w:r>)", rf"<w:{tag} {BY}>\1</w:{tag}>", bare)
    return runs.replace("</w:pPr>", f"<w:rPr><w:{tag} {BY}/></w:rPr></w:pPr>", 1)


def test_a_tracked_move_is_told_twice_with_its_places() -> None:
    editable = Editable(without_anchors(sample_docx()))
    paragraph = paragraph_with(editable.xml, "年一般公共预算收支预算")
    after = paragraph_with(editable.xml, "主要包括：办公费")
    xml = editable.xml.replace(after, after + moved_by_word(paragraph, "moveTo"), 1)
    xml = xml.replace(paragraph, moved_by_word(paragraph, "moveFrom"), 1)
    findings = compared(editable.with_xml(xml)).findings
    assert {f.rule for f in findings} == {PARAGRAPH_MOVED, TRACKED_CHANGE}
    moved = next(f for f in findings if f.rule == PARAGRAPH_MOVED)
    marks = {f.note: f for f in findings if f.rule == TRACKED_CHANGE}
    assert len(findings) == 3
    assert {f.after for f in marks.values()} == {moved.before}
    assert marks["移走"].where == moved.where
    lines = [item for item in sample_baseline().items if isinstance(item, Line)]
    place = next(line.where for line in lines if "主要包括：办公费" in line.text)
    assert marks["移来"].where == f"{place}之后"


def test_changes_with_words_between_them_are_two(editable: Editable) -> None:
    added = f"<w:ins {BY}><w:r><w:t>约</w:t></w:r></w:ins>"
    findings = findings_of(editable, OLD, f"{added}{OLD}{added}{added}")
    assert [f.after for f in findings if f.rule == TRACKED_CHANGE] == ["约", "约约"]


def test_a_tracked_row_is_told_once(editable: Editable) -> None:
    row = next(r for r in re.findall(r"<w:tr>.*?</w:tr>", editable.xml) if "福利费" in r)
    gone = row.replace("<w:trPr>", f"<w:trPr><w:del {BY}/>", 1)
    gone = re.sub(r"(<w:r>.*?</w:r>)", rf"<w:del {BY}>\1</w:del>", gone)
    gone = gone.replace("<w:t>", "<w:delText>").replace("</w:t>", "</w:delText>")
    findings = findings_of(editable, row, gone)
    assert ROW_REMOVED in {f.rule for f in findings}
    (mark,) = (f for f in findings if f.rule == TRACKED_CHANGE)
    assert re.fullmatch("（整行）.* 福利费 .* 5.9 5.9", mark.after)


def test_a_tracked_move_of_a_row_is_told_twice(editable: Editable) -> None:
    rows = re.findall(r"<w:tr>.*?</w:tr>", editable.xml)
    row = next(r for r in rows if "福利费" in r)
    above = next(r for r in rows if "办公费<" in r)

    def moved(mark: str, tag: str) -> str:
        bare = re.sub(r"<w:bookmark(?:Start|End) [^>]*/>", "", row)
        marked = bare.replace("</w:trPr>", f"<w:{mark} {BY}/></w:trPr>", 1)
        return re.sub(r"(<w:r>.*?</w:r>)", rf"<w:{tag} {BY}>\1</w:{tag}>", marked)

    xml = editable.xml.replace(row, moved("del", "moveFrom"), 1)
    xml = xml.replace(above, moved("ins", "moveTo") + above, 1)
    marks = [f for f in compared(editable.with_xml(xml)).findings if f.rule == TRACKED_CHANGE]
    assert [f.note for f in marks] == ["插入", "删除"]
    assert {f.after for f in marks} == {"（整行）30229 福利费 50201 办公经费 5.9 5.9"}


def test_formats_changed_in_one_paragraph_are_one_change(editable: Editable) -> None:
    paragraph = paragraph_with(editable.xml, "年一般公共预算收支预算")
    changed = paragraph.replace(
        "<w:r><w:t>", f"<w:r><w:rPr><w:b/><w:rPrChange {BY}><w:rPr/></w:rPrChange></w:rPr><w:t>"
    )
    assert changed.count("rPrChange ") > 3
    assert [f.rule for f in findings_of(editable, paragraph, changed)] == [TRACKED_CHANGE]
