"""The Word writer: what it writes, and how that prints."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from docx_sample import (
    PAGES,
    STYLE,
    document_xml,
    part,
    sample,
    segments,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator

from generator.document import (
    BODY,
    FIGURE,
    HEADER,
    OWED,
    Cell,
    Column,
    Document,
    Paragraph,
    Row,
    Section,
    Segment,
    Table,
    contents_entries,
)
from generator.writers.docx.document import write_docx
from generator.writers.docx.proof import problems_of_written
from generator.writers.docx.reader import (
    ReadCell,
    ReadParagraph,
    ReadTable,
    read_docx,
)


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("pages", [None, PAGES])
@pytest.mark.parametrize("anchors", [False, True])
def test_written_text_is_the_document_and_the_file_is_valid(
    tmp_path: Path, draft: bool, pages: dict[str, int] | None, anchors: bool
) -> None:
    document = sample(draft=draft)
    docx = write_docx(document, STYLE, pages=pages, anchors=anchors)
    assert problems_of_written(document, docx) == ()
    file = tmp_path / "a.docx"
    file.write_bytes(docx)
    assert OpenXmlValidator().validate(file).errors == []


def test_blocks_read_back() -> None:
    assert read_docx(write_docx(sample(), STYLE, pages=PAGES)).blocks == (
        ReadParagraph("部门预算公开", "Title"),
        ReadParagraph("目录", "TOCHeading"),
        ReadParagraph("第一部分 概况\t1", "TOC1"),
        ReadParagraph("一、职责\t1", "TOC2"),
        ReadParagraph("一、部门支出“总体”情况表\t2", "TOC2"),
        ReadParagraph("二、绩效目标表\t3", "TOC2"),
        ReadParagraph("第一部分 概况", "Heading1"),
        ReadParagraph("一、职责", "Heading2"),
        ReadParagraph("（一）“放管服”", "Heading3"),
        ReadParagraph("支出总计832.3万元，增长28%。A<B&C“引” 【待填：原因】", "BodyIndent"),
        ReadParagraph("2023年部门支出总体情况表", "TableTitle"),
        ReadParagraph("部门名称：某某局\t单位：万元", "TableCornerLandscape"),
        ReadTable(
            (
                (
                    ReadCell("科目", 0, 1, 2),
                    ReadCell("合计", 1, 1, 2),
                    ReadCell("基本支出", 2, 2, 1),
                ),
                (ReadCell("人员", 2, 1, 1), ReadCell("公用", 3, 1, 1)),
                (ReadCell("合计", 0, 1, 1), *(ReadCell("4.0", c, 1, 1) for c in (1, 2, 3))),
                (
                    ReadCell("行政运行", 0, 1, 1),
                    ReadCell("4.0", 1, 1, 1),
                    ReadCell("", 2, 1, 1),
                    ReadCell("【待填：公用】", 3, 1, 1),
                ),
            ),
            columns=4,
            faults=0,
        ),
        ReadParagraph("", "SectionEnd"),
        ReadParagraph("绩效目标表", "TableTitle"),
        ReadParagraph("（2023年度）", "TableSubtitle"),
        ReadTable(
            (
                (ReadCell("目标", 0, 1, 3), ReadCell("名称", 1, 1, 1), ReadCell("甲", 2, 1, 1)),
                (ReadCell("一行\n二行\t完", 1, 2, 2),),
                (),
            ),
            columns=3,
            faults=0,
        ),
        ReadParagraph("注一", "TableNote"),
        ReadParagraph("注二", "TableNote"),
    )


def test_contents_without_page_numbers_carry_text_only() -> None:
    docx = write_docx(sample(), STYLE)
    texts = [
        block.text for block in read_docx(docx).blocks[2:6] if isinstance(block, ReadParagraph)
    ]
    assert texts == [entry.text for entry in contents_entries(sample())]
    assert "PAGEREF" not in document_xml(docx)


def text_by_bookmark(docx: bytes) -> dict[str, str]:
    marks = r'<w:bookmarkStart w:id="(\d+)" w:name="(\w+)"/>(.*?)<w:bookmarkEnd w:id="\1"/>'
    found = re.findall(marks, document_xml(docx))
    breaks = {"<w:tab/>": "\t", "<w:br/>": "\n"}
    return {
        name: re.sub("<[^>]*>", lambda tag: breaks.get(tag[0], ""), content)
        for _, name, content in found
    }


def test_figures_and_rows_are_anchored() -> None:
    docx = write_docx(sample(), STYLE)
    anchors = etree.fromstring(part(docx, "customXml/item1.xml"))
    assert [(etree.QName(anchor).localname, dict(anchor.attrib)) for anchor in anchors] == [
        ("figure", {"bookmark": "_F1", "fact": "支出合计", "text": "832.3万元"}),
        ("figure", {"bookmark": "_F2", "fact": "增长率", "text": "28%"}),
        ("row", {"bookmark": "_R1", "table": "t1", "key": "合计"}),
        ("row", {"bookmark": "_R2", "table": "t1", "key": "2010301"}),
        ("row", {"bookmark": "_R3", "table": "t2", "key": "1"}),
        ("row", {"bookmark": "_R4", "table": "t2", "key": "2"}),
    ]
    assert text_by_bookmark(docx) == {
        "_T1": "第一部分 概况",
        "_T2": "一、职责",
        "_T3": "（一）“放管服”",
        "_T4": "2023年部门支出总体情况表",
        "_T5": "绩效目标表",
        "_F1": "832.3万元",
        "_F2": "28%",
        "_R1": "合计",
        "_R2": "行政运行",
        "_R3": "目标",
        "_R4": "一行\n二行\t完",
    }


def test_released_copy_has_no_anchors() -> None:
    docx = write_docx(sample(), STYLE, anchors=False)
    names = zipfile.ZipFile(io.BytesIO(docx)).namelist()
    assert [name for name in names if "customXml" in name] == []
    assert set(text_by_bookmark(docx)) == {"_T1", "_T2", "_T3", "_T4", "_T5"}


def test_bytes_do_not_depend_on_clock_or_order() -> None:
    first = write_docx(sample(), STYLE, pages=PAGES)
    assert write_docx(sample(), bytes(bytearray(STYLE)), pages=PAGES) == first
    entries = zipfile.ZipFile(io.BytesIO(first)).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert [entry.filename for entry in entries] == [
        "[Content_Types].xml",
        "_rels/.rels",
        "customXml/_rels/item1.xml.rels",
        "customXml/itemProps1.xml",
        "word/_rels/document.xml.rels",
        "word/fontTable.xml",
        *(f"word/footer{number}.xml" for number in range(1, 7)),
        "word/header1.xml",
        "word/header2.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
        "docProps/core.xml",
        "word/document.xml",
        "customXml/item1.xml",
    ]


def test_properties_come_from_the_document() -> None:
    core = etree.fromstring(part(write_docx(sample(), STYLE), "docProps/core.xml"))
    assert {etree.QName(child).localname: child.text for child in core} == {
        "title": "预算公开",
        "subject": "公开",
        "creator": "某某局",
        "lastModifiedBy": "某某局",
        "revision": "1",
        "created": "2023-02-15T00:00:00Z",
        "modified": "2023-02-15T00:00:00Z",
        "language": "zh-CN",
    }


def test_sections_break_in_their_last_paragraph_and_number_from_the_first_numbered_page() -> None:
    xml = document_xml(write_docx(sample(), STYLE))
    sections = re.findall(r'<w:pStyle w:val="(\w+)"/><w:sectPr>|</w:p><w:sectPr>', xml)
    assert sections == ["Title", "BodyIndent", "SectionEnd", ""]
    numbers = [
        "pgNumType" in properties for properties in re.findall(r"<w:sectPr>.*?</w:sectPr>", xml)
    ]
    assert numbers == [False, True, False, False]


def test_watermark_is_in_every_header_of_a_draft_only() -> None:
    drafts = [
        b"\xe8\x8d\x89\xe7\xa8\xbf" in part(write_docx(sample(draft=draft), STYLE), name)
        for draft in (False, True)
        for name in ("word/header1.xml", "word/header2.xml")
    ]
    assert drafts == [False, False, True, True]


def test_header_rows_repeat_and_no_row_is_cut() -> None:
    rows = re.findall(r"<w:trPr>.*?</w:trPr>", document_xml(write_docx(sample(), STYLE)))
    assert ["tblHeader/" in row for row in rows] == [True, True, *[False] * 5]
    assert {'<w:cantSplit/><w:trHeight w:val="400" w:hRule="atLeast"/>' in row for row in rows} == {
        True
    }


def test_columns_fill_the_width_of_their_page() -> None:
    xml = document_xml(write_docx(sample(), STYLE))
    grids = re.findall(r"<w:tblGrid>(.*?)</w:tblGrid>", xml)
    widths = [[int(width) for width in re.findall(r'w:w="(\d+)"', grid)] for grid in grids]
    assert widths == [[5102, 2552, 2551, 2551], [2948, 2949, 2948]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(Cell("a", 0),)], "no cell at column 1"),
        ([(Cell("a", 0, 2), Cell("b", 1))], "overlap"),
        ([(Cell("a", 0, 3),)], "wider"),
        ([(Cell("a", 0), Cell("b", 1), Cell("a long one", 2))], "wider"),
        ([(Cell("a", 0, 1, 2), Cell("b", 1))], "past its part"),
    ],
)
def test_cells_that_do_not_tile_the_grid_are_refused(
    rows: list[tuple[Cell, ...]], message: str
) -> None:
    columns = (Column("a", 1), Column("b", 1))
    header = tuple(Row(str(number), HEADER, cells) for number, cells in enumerate(rows))
    table = Table("t", segments("表"), columns, (*header, Row("x", BODY, (Cell("c", 1),))))
    document = Document("t", "a", "s", "2023-01-01", (Section("portrait", (table,)),))
    with pytest.raises(ValueError, match=message):
        write_docx(document, STYLE)


def test_empty_document_is_a_valid_file(tmp_path: Path) -> None:
    document = Document("t", "a", "s", "2023-01-01", ())
    docx = write_docx(document, STYLE)
    assert problems_of_written(document, docx) == ()
    (tmp_path / "a.docx").write_bytes(docx)
    assert OpenXmlValidator().validate(tmp_path / "a.docx").errors == []


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\u2028\u2029")
    | st.sampled_from(" \t\n“”&<>\"'"),
    min_size=1,
)


@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS)
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back(texts: list[str], cell: str) -> None:
    kinds = [Segment(text, (FIGURE, OWED)[len(text) % 2], "x") for text in texts]
    table = Table("t", segments(texts[0]), (Column("a", 1),), (Row(cell, BODY, (Cell(cell, 0),)),))
    blocks = (Paragraph("p", "正文", tuple(kinds)), table)
    document = Document(texts[0], "a", "s", "2023-01-01", (Section("portrait", blocks),))
    found = read_docx(write_docx(document, STYLE)).blocks
    assert found[0] == ReadParagraph("".join(texts), "BodyIndent")
    assert found[2] == ReadTable(((ReadCell(cell, 0, 1, 1),),), 1, 0)
