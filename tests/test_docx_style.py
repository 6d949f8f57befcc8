"""What style.docx may not lack, and what is never taken from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx_sample import (
    STYLE,
    part,
    sample,
    with_part,
)
from openxml_audit import OpenXmlValidator

from generator.problems import ProblemsFound
from generator.writers.docx.document import write_docx
from generator.writers.docx.style_check import problems_of_style


def test_our_style_file_is_in_order(tmp_path: Path) -> None:
    assert problems_of_style(STYLE, PATH) == ()
    (tmp_path / "style.docx").write_bytes(STYLE)
    assert OpenXmlValidator().validate(tmp_path / "style.docx").errors == []


PATH = "henan/style.docx"
SAMPLE_HEADING = '<w:pStyle w:val="Heading1"/>'


@pytest.mark.parametrize(
    ("name", "pattern", "new", "rule", "message"),
    [
        (
            "styles",
            '<w:name w:val="表头小五"/>',
            "<w:name w:val='x'/>",
            "style-missing",
            "缺少样式“表头小五”",
        ),
        ("styles", ' w:eastAsia="[^"]+"', "", "style-font", "样式“Title”没有指定中文字体"),
        (
            "styles",
            "<w:rFonts ",
            '<w:rFonts w:asciiTheme="a" ',
            "style-theme-font",
            "样式“Title”用了主题字体",
        ),
        (
            "styles",
            'w:type="character" w:customStyle="1"',
            'w:type="table"',
            "style-kind",
            "样式“待填”的类型不对，应为字符样式",
        ),
        (
            "document",
            '<w:footerReference w:type="even" r:id="rIdfooter6"/>',
            "",
            "style-footer",
            "横页节缺少偶数页的页脚",
        ),
        ("footer3", " PAGE ", " DATE ", "style-page-number", "正文节奇数页的页脚里没有页码"),
        (
            "document",
            ' w:orient="landscape"',
            "",
            "style-pages",
            "样式文件应依次有三节：封面（纵向）、正文（纵向）、横页",
        ),
        (
            "document",
            SAMPLE_HEADING,
            SAMPLE_HEADING + '<w:jc w:val="left"/>',
            "style-direct-formatting",
            "示例文字“标题 1（各部分的名称）”直接设了格式，不会起作用",
        ),
    ],
)
def test_style_lint(name: str, pattern: str, new: str, rule: str, message: str) -> None:
    file = f"word/{name}.xml"
    xml, count = re.subn(pattern, new, part(STYLE, file).decode())
    problems = problems_of_style(with_part(STYLE, file, xml.encode()), PATH)
    assert count > 0
    assert (rule, message) in [(problem.rule, problem.message) for problem in problems]
    assert {problem.rule for problem in problems} == {rule}


def test_a_broken_style_file_stops_the_build() -> None:
    with pytest.raises(ProblemsFound, match="样式文件打不开"):
        write_docx(sample(), b"no zip")


def test_nothing_of_the_style_files_author_is_taken() -> None:
    """Word leaves its user, template paths and revision marks in settings and properties."""
    settings_part = part(STYLE, "word/settings.xml").replace(
        b"<w:zoom", b'<w:rsids><w:rsid w:val="00AB12CD"/></w:rsids><w:zoom'
    )
    style = with_part(STYLE, "word/settings.xml", settings_part)
    core = part(style, "docProps/core.xml").replace(b"<dc:creator>", b"<dc:creator>zhangsan")
    style = with_part(style, "docProps/core.xml", core)
    assert write_docx(sample(), style) == write_docx(sample(), STYLE)
