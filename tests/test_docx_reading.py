"""Reading a .docx back: what the check after a build finds, and what the reader refuses."""

from __future__ import annotations

import pytest
from docx_sample import (
    PAGES,
    STYLE,
    document_xml,
    paragraph,
    sample,
    segments,
    with_part,
)

from generator.document import (
    Document,
    Paragraph,
    Section,
)
from generator.problems import Place
from generator.writers.docx.document import write_docx
from generator.writers.docx.proof import problems_of_written
from generator.writers.docx.reader import (
    ReadCell,
    ReadParagraph,
    ReadTable,
    UnreadableDocxError,
    read_docx,
)


def broken(old: str, new: str) -> bytes:
    docx = write_docx(sample(), STYLE, pages=PAGES)
    assert old in document_xml(docx)
    return with_part(docx, "word/document.xml", document_xml(docx).replace(old, new, 1).encode())


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("一、职责</w:t>", "一、职务</w:t>", ["docx-text"]),
        ("行政运行", "行政支出", ["docx-table"]),
        ('<w:gridSpan w:val="2"/>', "", ["docx-grid", "docx-table"]),
        ('<w:vMerge w:val="restart"/>', "", ["docx-grid", "docx-table"]),
        ('w:val="TableTitle"', 'w:val="Gone"', ["docx-style"]),
        ('w:name="_F2"', 'w:name="_F1"', ["docx-bookmark"]),
        ('w:name="_T1"', 'w:name="_T99"', ["docx-target"]),
        ('<w:r><w:fldChar w:fldCharType="end"/></w:r>', "", ["docx-field"]),
        ("</w:body>", "", ["docx-unreadable"]),
    ],
)
def test_check_finds_what_was_broken(old: str, new: str, rules: list[str]) -> None:
    found = [problem.rule for problem in problems_of_written(sample(), broken(old, new))]
    assert found == rules


def test_check_names_the_template_line() -> None:
    place = Place("narrative.txt", 7)
    block = Paragraph("p", "正文", segments("甲"), place)
    document = Document("t", "a", "s", "2023-01-01", (Section("portrait", (block,)),))
    other = Document("t", "a", "s", "2023-01-01", (Section("portrait", (paragraph(1, "乙"),)),))
    problems = problems_of_written(document, write_docx(other, STYLE))
    assert [(problem.place, problem.message) for problem in problems] == [
        (place, "应为“甲”，文件里是“乙”")
    ]


ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'


@pytest.mark.parametrize(
    ("docx", "message"),
    [
        (b"no zip", "不是完整的"),
        (STYLE[:5000], "不是完整的"),
        (with_part(STYLE, "word/document.xml", ENTITY + b"<x><y>&a;</y></x>"), "DTD"),
        (with_part(STYLE, "word/document.xml", b"<x/>"), "有误"),
        (with_part(STYLE, "word/document.xml", b"<x>"), "有误"),
    ],
)
def test_reader_refuses_what_is_no_honest_file(docx: bytes, message: str) -> None:
    with pytest.raises(UnreadableDocxError, match=message):
        read_docx(docx)


def test_reader_reads_edited_files() -> None:
    """Runs split at every number, tracked changes, content controls, two paragraphs in a cell."""
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        "<w:p><w:pPr><w:tabs><w:tab w:val='right' w:pos='9'/></w:tabs></w:pPr>"
        "<w:r><w:t>共</w:t></w:r><w:ins w:id='1'><w:r><w:t>8</w:t></w:r></w:ins>"
        "<w:del w:id='2'><w:r><w:delText>9</w:delText></w:r></w:del>"
        "<w:moveFrom w:id='3'><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
        "<w:r><w:tab/><w:t>元</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>上</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>下</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    xml = f"<w:document {namespace}><w:body>{body}</w:body></w:document>".encode()
    assert read_docx(with_part(STYLE, "word/document.xml", xml)).blocks == (
        ReadParagraph("共8\t元", ""),
        ReadParagraph("控件", ""),
        ReadTable(((ReadCell("上\n下", 0, 1, 1),),), 1, 0),
    )
