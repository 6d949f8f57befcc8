"""A small document with every kind of block, and ways into the parts of a .docx, for the tests."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from generator.document import (
    BODY,
    FIGURE,
    HEADER,
    OWED,
    TOTAL,
    Cell,
    Column,
    Contents,
    Document,
    Heading,
    Paragraph,
    Row,
    Section,
    Segment,
    Table,
)

STYLE = (Path(__file__).parent.parent / "templates/henan/style.docx").read_bytes()
PAGES = {"h1": 1, "h1.1": 1, "t1": 2, "t2": 3}


def segments(*texts: str | Segment) -> tuple[Segment, ...]:
    return tuple(text if isinstance(text, Segment) else Segment(text) for text in texts)


def paragraph(number: int, *texts: str | Segment, role: str = "正文") -> Paragraph:
    return Paragraph(f"p{number}", role, segments(*texts))


LIST_TABLE = Table(
    "t1",
    segments("2023年部门支出总体情况表"),
    (Column("科目", 2.0), Column("合计", 1.0), Column("基本|人员", 1.0), Column("基本|公用", 1.0)),
    (
        Row("h1", HEADER, (Cell("科目", 0, 1, 2), Cell("合计", 1, 1, 2), Cell("基本支出", 2, 2))),
        Row("h2", HEADER, (Cell("人员", 2), Cell("公用", 3))),
        Row("合计", TOTAL, (Cell("合计", 0, align="center"), *(Cell("4.0", c) for c in (1, 2, 3)))),
        Row(
            "2010301",
            BODY,
            (
                Cell("行政运行", 0),
                Cell("4.0", 1, align="right", kind=FIGURE, figure="支出"),
                Cell("", 2),
                Cell("【待填：公用】", 3, kind=OWED),
            ),
        ),
    ),
    "部门名称：某某局",
    "单位：万元",
    contents_name="一、部门支出“总体”情况表",
)
FORM_TABLE = Table(
    "t2",
    segments("绩效目标表"),
    (Column("a", 1.0), Column("b", 1.0), Column("c", 1.0)),
    (
        Row(
            "1",
            BODY,
            (Cell("目标", 0, 1, 3, header=True), Cell("名称", 1, header=True), Cell("甲", 2)),
        ),
        Row("2", BODY, (Cell("一行\n二行\t完", 1, 2, 2),)),
        Row("3", BODY, ()),
    ),
    subtitle="（2023年度）",
    contents_name="二、绩效目标表",
    notes=(segments("注一"), segments("注二")),
)


def sample(*, draft: bool = False) -> Document:
    cover = Section("portrait", (paragraph(0, "部门预算公开", role="封面标题"),), numbered=False)
    text = Section(
        "portrait",
        (
            paragraph(1, "目录", role="目录标题"),
            Contents(),
            Heading("h1", 0, segments("第一部分 概况")),
            Heading("h1.1", 1, segments("一、职责")),
            Heading("h1.1.1", 2, segments("（一）“放管服”")),
            paragraph(
                2,
                "支出总计",
                Segment("832.3万元", FIGURE, "支出合计"),
                "，增长",
                Segment("28%", FIGURE, "增长率"),
                "。A<B&C“引” ",
                Segment("【待填：原因】", OWED),
            ),
        ),
    )
    tables = (Section("landscape", (LIST_TABLE,)), Section("portrait", (FORM_TABLE,)))
    return Document("预算公开", "某某局", "公开", "2023-02-15", (cover, text, *tables), draft)


def document_xml(docx: bytes) -> str:
    return part(docx, "word/document.xml").decode()


def part(docx: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(docx)).read(name)


def with_part(docx: bytes, name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return buffer.getvalue()
