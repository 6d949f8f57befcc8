"""What the check after a build finds in a file that does not say what the document does."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from docx_sample import (
    FORM_TABLE,
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
    Table,
)
from generator.problems import Place
from generator.writers.docx.document import write_docx
from generator.writers.docx.proof import problems_of_written


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
        ('w:id="2" w:name=', 'w:id="1" w:name=', ["docx-bookmark"]),
        ('<w:bookmarkEnd w:id="2"/>', "", ["docx-bookmark"]),
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


@pytest.mark.parametrize(
    ("docx", "message"),
    [
        (b"no zip", "不是完整的"),
        (STYLE[:5000], "不是完整的"),
        (with_part(STYLE, "word/document.xml", b"<x/>"), "有误"),
        (with_part(STYLE, "word/document.xml", b"<x>"), "有误"),
    ],
)
def test_the_check_says_what_is_no_word_file(docx: bytes, message: str) -> None:
    (problem,) = problems_of_written(sample(), docx)
    assert problem.rule == "docx-unreadable"
    assert message in problem.message


def test_the_check_finds_a_part_that_is_there_twice() -> None:
    buffer = io.BytesIO(write_docx(sample(), STYLE))
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("word/Styles.xml", b"")
    (problem,) = problems_of_written(sample(), buffer.getvalue())
    assert (problem.rule, problem.message) == ("docx-part", "内部文件“word/styles.xml”重复")


@pytest.mark.parametrize(
    ("last", "message"),
    [
        (None, "应为“乙”，文件里是“（没有了）”"),
        (replace(FORM_TABLE, title=()), "应为“乙”，文件里是“（2023年度）”"),
        (replace(FORM_TABLE, title=(), subtitle=""), "应为“乙”，文件里是“（表格）”"),
    ],
)
def test_the_check_names_what_stands_there_instead(last: Table | None, message: str) -> None:
    def of(*blocks: Paragraph | Table) -> Document:
        return Document("t", "a", "s", "2023-01-01", (Section("portrait", blocks),))

    first = paragraph(1, "甲")
    written = write_docx(of(first, last) if last else of(first), STYLE)
    (problem,) = problems_of_written(of(first, paragraph(2, "乙")), written)
    assert problem.message == message
