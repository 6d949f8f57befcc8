"""Writes templates/henan/style.docx: how the binary came to be. Run once, then edited in Word.

The file shows every role in its own style on three kinds of pages (cover, upright, landscape), so
that whoever opens it in Word sees what a change does. Sizes are those of GB/T 9704-2012.
No theme fonts, no grid, nothing of python-docx's default template. The same bytes each time:

    python -m tools.make_style templates/henan/style.docx
"""

from __future__ import annotations

import sys
from pathlib import Path

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT

from generator.document import Document
from generator.writers.docx import roles
from generator.writers.docx.package import (
    CORE_PART,
    DOCUMENT_PART,
    OWN_LINKS,
    PACKAGE_LINKS,
    SETTINGS,
    SETTINGS_PART,
    THEME_PART,
    content_types_part,
    core_properties,
    links_part,
)
from generator.writers.docx.theme import THEME
from generator.writers.docx.xml import DECLARATION, R, W, field, run
from generator.writers.docx.zip import CONTENT_TYPES, write_zip
from tools.style_sheet import TEXT_WIDTH_LANDSCAPE, fonts_part, styles_part


def page_number(style_id: str) -> str:
    dash = run("\u2014")
    space = '<w:r><w:t xml:space="preserve"> </w:t></w:r>'
    number = field("PAGE", run("1"))
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr>'
        f"{dash}{space}{number}{space}{dash}</w:p>"
    )


TEXT_BOX_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def turned_page_number(style_id: str, shape: int) -> str:
    """The number of a landscape page, where it is on upright ones: along the short left edge.

    Turned back upright, the left edge is the bottom; the box is as high as the text (156 mm) and
    stands in the margin, its line 7 mm from the text.
    """
    position = (
        "position:absolute;margin-left:22mm;margin-top:28mm;width:6mm;height:156mm;z-index:1;"
        "mso-position-horizontal-relative:page;mso-position-vertical-relative:page;"
        "layout-flow:vertical;mso-wrap-style:square;v-text-anchor:top"
    )
    return (
        '<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:pict>'
        f"{TEXT_BOX_TYPE}"
        f'<v:shape id="PageNumber{shape}" o:spid="_x0000_s{3072 + shape}" type="#_x0000_t202" '
        f'alt="页码" style="{position}" filled="f" stroked="f">'
        '<v:textbox style="layout-flow:vertical" inset="0,0,0,0">'
        f"<w:txbxContent>{page_number(style_id)}</w:txbxContent></v:textbox></v:shape>"
        "</w:pict></w:r></w:p>"
    )


def page_part(kind: str, content: str) -> bytes:
    namespaces = (
        f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office"'
    )
    return f"{DECLARATION}<w:{kind} {namespaces}>{content}</w:{kind}>".encode()


def empty(style_id: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr></w:p>'


def pages() -> dict[str, bytes]:
    """Headers and footers by part name: one pair of headers, a pair of footers per kind of page."""
    return {
        "word/header1.xml": page_part("hdr", empty("Header")),
        "word/header2.xml": page_part("hdr", empty("Header")),
        "word/footer1.xml": page_part("ftr", empty("Footer")),
        "word/footer2.xml": page_part("ftr", empty("Footer")),
        "word/footer3.xml": page_part("ftr", page_number("PageNumberOdd")),
        "word/footer4.xml": page_part("ftr", page_number("PageNumberEven")),
        "word/footer5.xml": page_part("ftr", turned_page_number("PageNumberOdd", 1)),
        "word/footer6.xml": page_part("ftr", turned_page_number("PageNumberEven", 2)),
    }


def section_properties(first_footer: int, *, landscape: bool = False) -> str:
    """37 mm above, 35 below, 28 at the binding side (left), 26 right; turned on landscape pages."""
    size = '<w:pgSz w:w="11906" w:h="16838"/>'
    margins = 'w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"'
    if landscape:
        size = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        margins = 'w:top="1587" w:right="2098" w:bottom="1474" w:left="1984"'
    references = "".join(
        f'<w:{part}Reference w:type="{kind}" r:id="{link}"/>'
        for part, kind, link in (
            ("header", "default", "rIdheader1"),
            ("header", "even", "rIdheader2"),
            ("footer", "default", f"rIdfooter{first_footer}"),
            ("footer", "even", f"rIdfooter{first_footer + 1}"),
        )
    )
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/>{size}<w:pgMar {margins} '
        'w:header="851" w:footer="1304" w:gutter="0"/><w:cols w:space="425"/></w:sectPr>'
    )


def sample(style_id: str, text: str, more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{more}</w:pPr>{run(text)}</w:p>'


def sample_table(size: roles.CellSize, number: int, width: int) -> str:
    """A header, a total row and a body row, each cell naming its style."""
    cell_width = width // 3
    header = f"H{number}"
    left, centre, right = (f"{align[0].upper()}{number}" for align in roles.ALIGNS)
    rows = (
        ((header, size.header, ""), (header, "居中", ""), (header, "居中", "")),
        ((left, "合计", "Total"), (centre, "", ""), (right, "1.0", "Total")),
        tuple(
            (style_id, size.body(align), "")
            for style_id, align in zip((left, centre, right), roles.ALIGNS, strict=True)
        ),
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="BudgetTable"/><w:tblW w:w="{cell_width * 3}" '
        'w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
        + f'<w:gridCol w:w="{cell_width}"/>' * 3
        + "</w:tblGrid>"
        + "".join(sample_row(row, cell_width) for row in rows)
        + "</w:tbl>"
    )


def sample_row(cells: tuple[tuple[str, str, str], ...], width: int) -> str:
    row = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>'
        f'<w:pStyle w:val="{style_id}"/></w:pPr>{run(text, emphasis)}</w:p></w:tc>'
        for style_id, text, emphasis in cells
    )
    return f"<w:tr>{row}</w:tr>"


def body() -> str:
    cover, upright = section_properties(1), section_properties(3)
    landscape = section_properties(5, landscape=True)
    tables = sample("SectionEnd", "").join(
        sample_table(size, number, TEXT_WIDTH_LANDSCAPE)
        for number, size in enumerate(roles.CELL_SIZES)
    )
    texts = [
        sample("Title", "封面标题"),
        sample("CoverUnit", "封面单位"),
        sample("CoverDate", "封面日期", cover),
        sample("TOCHeading", "目录标题"),
        sample("TOC1", "目录 1\t1"),
        sample("TOC2", "目录 2\t1"),
        sample("Heading1", "标题 1（各部分的名称）"),
        sample("Heading2", "标题 2：一、"),
        sample("Heading3", "标题 3：（一）"),
        sample("Heading4", "标题 4：1."),
        sample("BodyIndent", "正文缩进：各段正文。每页22行，每行28字。"),
        f'<w:p><w:pPr><w:pStyle w:val="BodyIndent"/></w:pPr>{run("【待填：内容】", "Owed")}</w:p>',
        sample("Centred", "居中"),
        sample("Note", "注"),
        sample("TableTitle", "表标题"),
        sample("TableTitleSamePage", "表标题接排（紧跟在标题之后，不另起页）"),
        sample("TableSubtitle", "表副标题"),
        sample("TableCornerPortrait", "部门名称：\t单位：万元"),
        sample("TableNote", "表注", upright),
        sample("TableTitle", "表标题"),
        sample("TableCornerLandscape", "部门名称：\t单位：万元"),
        tables,
        sample("TableNote", "表注"),
        landscape,
    ]
    return "".join(texts)


def style_file() -> bytes:
    page_parts = pages()
    body_part = (
        f'{DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body()}</w:body>'
        "</w:document>"
    ).encode()
    links = [
        ("rIdStyles", RT.STYLES, "styles.xml"),
        ("rIdFonts", RT.FONT_TABLE, "fontTable.xml"),
        *OWN_LINKS,
    ]
    type_by_name = {
        DOCUMENT_PART: CT.WML_DOCUMENT_MAIN,
        SETTINGS_PART: CT.WML_SETTINGS,
        THEME_PART: CT.OFC_THEME,
        CORE_PART: CT.OPC_CORE_PROPERTIES,
        "word/styles.xml": CT.WML_STYLES,
        "word/fontTable.xml": CT.WML_FONT_TABLE,
    }
    for name in page_parts:
        stem = Path(name).stem
        is_header = stem.startswith("header")
        links.append((f"rId{stem}", RT.HEADER if is_header else RT.FOOTER, f"{stem}.xml"))
        type_by_name[name] = CT.WML_HEADER if is_header else CT.WML_FOOTER
    properties = Document("部门预算公开样式", "", "页面、字体和表格的样式", "2023-01-01", ())
    return write_zip(
        {
            CONTENT_TYPES: content_types_part(type_by_name),
            "_rels/.rels": PACKAGE_LINKS,
            "word/_rels/document.xml.rels": links_part(links),
            DOCUMENT_PART: body_part,
            SETTINGS_PART: SETTINGS,
            THEME_PART: THEME,
            CORE_PART: core_properties(properties),
            "word/styles.xml": styles_part(),
            "word/fontTable.xml": fonts_part(),
            **page_parts,
        }
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(style_file())
