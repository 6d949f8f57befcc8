"""The styles of style.docx in the sizes of GB/T 9704-2012; `make_style` makes the file of them."""

from __future__ import annotations

from generator.writers.docx import roles
from generator.writers.docx.xml import DECLARATION, W

FANGSONG, HEITI, KAITI, SONGTI = "仿宋", "黑体", "楷体", "宋体"
XIAOBIAOSONG = "方正小标宋简体"
LATIN = "Times New Roman"
GRID = 579  # twips: 22 lines on the 225 mm of the page; 580 gives 21
INDENT = '<w:ind w:firstLineChars="200" w:firstLine="630"/>'
TEXT_WIDTH, TEXT_WIDTH_LANDSCAPE = 8845, 12756


def line(exact: int, before: int = 0, after: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{exact}" w:lineRule="exact"/>'


# A page title takes three lines of the grid, so that the page keeps its 22 lines.
PAGE_TITLE_LINES = line(700, after=3 * GRID - 700)


def letters(
    face: str, points: float, *, latin: str = LATIN, bold: bool = False, spacing: int = 0
) -> str:
    """Run properties: four faces, size, and the character spacing in twentieths of a point."""
    half_points = int(points * 2)
    return (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{face}" '
        f'w:cs="{latin}"/>'
        + ("<w:b/><w:bCs/>" if bold else "")
        + (f'<w:spacing w:val="{spacing}"/>' if spacing else "")
        + f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    )


def paragraph_style(
    name: str,
    style_id: str,
    paragraph: str,
    run_properties: str,
    *,
    based_on: str = "Normal",
    following: str = "",
    builtin: bool = False,
) -> str:
    custom = "" if builtin else ' w:customStyle="1"'
    link = f'<w:next w:val="{following}"/>' if following else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based_on}"/>{link}<w:uiPriority w:val="1"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run_properties}</w:rPr></w:style>"
    )


def text_styles() -> str:
    body = letters(FANGSONG, 16, spacing=-5)
    title = letters(XIAOBIAOSONG, 22)
    cover = letters(KAITI, 22)
    centre = '<w:jc w:val="center"/>'
    return "".join(
        [
            paragraph_style("Normal Indent", "BodyIndent", line(GRID) + INDENT, body, builtin=True),
            paragraph_style("居中", "Centred", line(GRID) + centre, body),
            paragraph_style("注", "Note", line(GRID) + INDENT, letters(KAITI, 16, spacing=-5)),
            paragraph_style(
                "Title",
                "Title",
                # Between two lines of the title there is no more than the line spacing.
                line(800, before=3000, after=GRID) + "<w:contextualSpacing/>" + centre,
                letters(XIAOBIAOSONG, 24),
                builtin=True,
            ),
            paragraph_style("封面单位", "CoverUnit", line(700, before=1200) + centre, cover),
            paragraph_style("封面日期", "CoverDate", line(700, before=3600) + centre, cover),
            paragraph_style(
                "TOC Heading",
                "TOCHeading",
                "<w:keepNext/><w:pageBreakBefore/>" + PAGE_TITLE_LINES + centre,
                title,
                builtin=True,
            ),
            paragraph_style(
                "分节", "SectionEnd", line(20), letters(FANGSONG, 1), based_on="Normal"
            ),
        ]
    )


def heading_styles() -> str:
    keep = "<w:keepNext/><w:keepLines/>"
    page_title = keep + "<w:pageBreakBefore/>" + PAGE_TITLE_LINES + '<w:jc w:val="center"/>'
    faces = [HEITI, KAITI, FANGSONG]
    styles = [
        paragraph_style(
            "heading 1",
            "Heading1",
            page_title + '<w:outlineLvl w:val="0"/>',
            letters(XIAOBIAOSONG, 22),
            following="BodyIndent",
            builtin=True,
        )
    ]
    for level, face in enumerate(faces, 1):
        styles.append(
            paragraph_style(
                f"heading {level + 1}",
                f"Heading{level + 1}",
                f'{keep}{line(GRID)}{INDENT}<w:outlineLvl w:val="{level}"/>',
                letters(face, 16, spacing=-5),
                following="BodyIndent",
                builtin=True,
            )
        )
    return "".join(styles)


def contents_styles() -> str:
    styles = []
    for level, face in ((1, HEITI), (2, FANGSONG)):
        tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/></w:tabs>'
        # A long entry goes on below its own words. No right indent: LibreOffice loses the numbers
        # at a tab beyond it.
        start = (level - 1) * 280
        indent = f'<w:ind w:left="{start + 560}" w:hanging="560"/>'
        styles.append(
            paragraph_style(
                f"toc {level}",
                f"TOC{level}",
                f'{tab}{line(GRID)}{indent}<w:jc w:val="left"/>',
                letters(face, 14),
                builtin=True,
            )
        )
    return "".join(styles)


def table_styles() -> str:
    title = "<w:keepNext/><w:keepLines/><w:pageBreakBefore/>" + line(640, after=60)
    centre = '<w:jc w:val="center"/>'
    styles = [
        paragraph_style(
            roles.TABLE_TITLE,
            "TableTitle",
            f'{title}{centre}<w:outlineLvl w:val="1"/>',
            letters(XIAOBIAOSONG, 18),
        ),
        paragraph_style(
            roles.TABLE_TITLE_SAME_PAGE,
            "TableTitleSamePage",
            '<w:pageBreakBefore w:val="0"/>',
            letters(XIAOBIAOSONG, 18),
            based_on="TableTitle",
        ),
        paragraph_style(
            roles.TABLE_SUBTITLE,
            "TableSubtitle",
            "<w:keepNext/>" + line(360, after=100) + centre,
            letters(SONGTI, 12),
        ),
        paragraph_style(roles.TABLE_NOTE, "TableNote", line(320, before=80), letters(SONGTI, 10.5)),
    ]
    widths = {"portrait": TEXT_WIDTH, "landscape": TEXT_WIDTH_LANDSCAPE}
    for orientation, width in widths.items():
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
        styles.append(
            paragraph_style(
                roles.TABLE_CORNER[orientation],
                f"TableCorner{orientation.title()}",
                "<w:keepNext/>" + tab + line(320, after=40),
                letters(SONGTI, 10.5),
            )
        )
    for number, size in enumerate(roles.CELL_SIZES):
        styles.extend(cell_styles(number, size))
    return "".join(styles)


def cell_styles(number: int, size: roles.CellSize) -> list[str]:
    exact = line(size.line_height)
    header = paragraph_style(
        size.header,
        f"H{number}",
        exact + '<w:jc w:val="center"/>',
        letters(HEITI, size.points),
    )
    body = [
        paragraph_style(
            size.body(align),
            f"{align[0].upper()}{number}",
            f'{exact}<w:jc w:val="{align}"/>',
            letters(SONGTI, size.points),
        )
        for align in roles.ALIGNS
    ]
    return [header, *body]


def page_styles() -> str:
    number = letters(SONGTI, 14, latin=SONGTI)
    return "".join(
        [
            paragraph_style("header", "Header", line(240), letters(SONGTI, 9), builtin=True),
            paragraph_style(
                "footer", "Footer", line(280), letters(SONGTI, 14, latin=SONGTI), builtin=True
            ),
            paragraph_style(
                roles.PAGE_NUMBER_ODD,
                "PageNumberOdd",
                '<w:ind w:right="280"/><w:jc w:val="right"/>',
                number,
                based_on="Footer",
            ),
            paragraph_style(
                roles.PAGE_NUMBER_EVEN,
                "PageNumberEven",
                '<w:ind w:left="280"/><w:jc w:val="left"/>',
                number,
                based_on="Footer",
            ),
        ]
    )


def other_styles() -> str:
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="character" w:customStyle="1" w:styleId="Owed">'
        f'<w:name w:val="{roles.OWED_TEXT}"/><w:uiPriority w:val="1"/><w:qFormat/>'
        '<w:rPr><w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/></w:rPr></w:style>'
        '<w:style w:type="character" w:customStyle="1" w:styleId="Total">'
        f'<w:name w:val="{roles.TOTAL_TEXT}"/><w:uiPriority w:val="1"/><w:qFormat/>'
        "<w:rPr><w:b/><w:bCs/></w:rPr></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="BudgetTable">'
        f'<w:name w:val="{roles.TABLE}"/><w:basedOn w:val="TableNormal"/>'
        '<w:uiPriority w:val="1"/><w:qFormat/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblCellMar><w:top w:w="15" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
        '<w:bottom w:w="15" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tcPr><w:vAlign w:val="center"/></w:tcPr></w:style>'
    )


def styles_part() -> bytes:
    language = '<w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    normal = letters(FANGSONG, 16)
    # LibreOffice breaks numbers in two at the end of a line (20|22年) where the Latin language is
    # zh-CN; the language of the PDF is that of the defaults, so these stay zh-CN.
    latin_language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return (
        f'{DECLARATION}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{normal}'
        f"{language}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" '
        'w:defUnhideWhenUsed="1" w:defQFormat="0" w:count="376"/>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:uiPriority w:val="0"/><w:qFormat/>'
        # Word's default, said aloud: LibreOffice 7.4 reads w:overflowPunct the wrong way round, and
        # loses punctuation that hangs over the end of a justified line, in print and in the PDF.
        '<w:pPr><w:widowControl w:val="0"/><w:overflowPunct/><w:jc w:val="both"/></w:pPr>'
        f"<w:rPr>{normal}{latin_language}</w:rPr>"
        f"</w:style>{text_styles()}{heading_styles()}{contents_styles()}{table_styles()}"
        f"{page_styles()}{other_styles()}</w:styles>"
    ).encode()


def fonts_part() -> bytes:
    """The faces, with a substitute Word may use where 小标宋 is not installed."""
    faces = [(FANGSONG, "仿宋_GB2312"), (HEITI, ""), (KAITI, "楷体_GB2312"), (SONGTI, "SimSun")]
    entries = "".join(
        f'<w:font w:name="{name}">'
        + (f'<w:altName w:val="{other}"/>' if other else "")
        + '<w:charset w:val="86"/></w:font>'
        for name, other in [*faces, (XIAOBIAOSONG, "华文中宋")]
    )
    latin = f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/></w:font>'
    return f'{DECLARATION}<w:fonts xmlns:w="{W}">{entries}{latin}</w:fonts>'.encode()
