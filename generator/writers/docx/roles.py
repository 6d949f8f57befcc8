"""Which Word style each role of the document is written in: the one list editors and code share.

Styles are found by *name*: Word renames the ids of built-in styles when a Chinese copy of it saves
the file (Heading1 becomes "1"), names stay. Built-in names (heading 1, toc 1 …) are shown to Word
users in Chinese (标题 1, 目录 1 …).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

# Roles of Paragraph.role.
STYLE_BY_PARAGRAPH_ROLE: Mapping[str, str] = MappingProxyType(
    {
        "正文": "Normal Indent",
        "封面标题": "Title",
        "封面单位": "封面单位",
        "封面日期": "封面日期",
        "目录标题": "TOC Heading",
        "居中": "居中",
        "注": "注",
    }
)
STYLE_BY_HEADING_LEVEL = ("heading 1", "heading 2", "heading 3", "heading 4")
STYLE_BY_CONTENTS_LEVEL = ("toc 1", "toc 2")

TABLE_TITLE = "表标题"
TABLE_TITLE_SAME_PAGE = "表标题接排"  # directly under a heading: no new page
TABLE_SUBTITLE = "表副标题"
TABLE_CORNER: Mapping[str, str] = MappingProxyType({"portrait": "表角", "landscape": "表角横页"})
TABLE_NOTE = "表注"
TABLE = "预算表"
SECTION_END = "分节"  # 1 pt high: the paragraph Word needs between a table and a section break

TOTAL_TEXT = "合计文字"  # character style of the cells of a total row
OWED_TEXT = "待填"  # character style of 【待填：…】

PAGE_NUMBER_ODD = "页码单页"
PAGE_NUMBER_EVEN = "页码双页"
PAGE_HEADER = "header"
PAGE_FOOTER = "footer"


class CellSize(NamedTuple):
    """One of the font sizes of table cells; heights in twips.

    Rows are at least `row_height` high, or `least_row_height` where that saves a page.
    """

    name: str
    points: float
    row_height: int
    least_row_height: int

    @property
    def line_height(self) -> int:
        return int(self.points * 24)

    @property
    def header(self) -> str:
        return f"表头{self.name}"

    def body(self, align: str) -> str:
        return f"表格{_ALIGN_NAMES[align]}{self.name}"

    def styles(self) -> tuple[str, ...]:
        return (self.header, *(self.body(align) for align in _ALIGN_NAMES))


_ALIGN_NAMES = {"left": "居左", "center": "居中", "right": "居右"}
ALIGNS = tuple(_ALIGN_NAMES)
CELL_SIZES = (
    CellSize("五号", 10.5, 400, 292),
    CellSize("小五", 9, 360, 256),
    CellSize("六号", 7.5, 300, 220),
    # Only where a number would be broken in larger ones.
    CellSize("小六", 6.5, 270, 196),
    CellSize("七号", 5.5, 240, 172),
)


def paragraph_styles() -> Iterator[str]:
    """The names of all paragraph styles a document or its headers and footers may use."""
    yield from STYLE_BY_PARAGRAPH_ROLE.values()
    yield from STYLE_BY_HEADING_LEVEL
    yield from STYLE_BY_CONTENTS_LEVEL
    yield from (TABLE_TITLE, TABLE_TITLE_SAME_PAGE, TABLE_SUBTITLE, *TABLE_CORNER.values())
    for size in CELL_SIZES:
        yield from size.styles()
    yield from (TABLE_NOTE, SECTION_END)
    yield from (PAGE_NUMBER_ODD, PAGE_NUMBER_EVEN, PAGE_HEADER, PAGE_FOOTER)


CHARACTER_STYLES = (TOTAL_TEXT, OWED_TEXT)
TABLE_STYLES = (TABLE,)
