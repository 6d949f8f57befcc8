"""Parts of tables read of a Word file: each goes to its table or stays where it stood."""

from __future__ import annotations

from collections.abc import Iterable

from generator.compare.word.gathering import (
    Read,
    SectionEnd,
    TablePart,
    in_sections,
    with_tables_gathered,
)
from generator.document import Paragraph, Segment, Table, text_of
from generator.writers.docx.roles import TABLE_CORNER, TABLE_NOTE, TABLE_TITLE

PORTRAIT_CORNER, LANDSCAPE_CORNER = TABLE_CORNER["portrait"], TABLE_CORNER["landscape"]
END = SectionEnd("portrait", starts=False, goes_on=False)
TABLE = Table(id="", title=(), columns=(), rows=())
AFTER = Paragraph("后", "正文", (Segment("后文"),))


def part(style: str, text: str) -> TablePart:
    return TablePart(style, (Segment(text),))


def sections(read: Iterable[Read]) -> list[list[str]]:
    """Every section's blocks: a paragraph's text, a table's title and corners."""
    return [
        [
            f"表 {text_of(block.title)} {block.corner_left}"
            if isinstance(block, Table)
            else text_of(getattr(block, "segments", ()))
            for block in section.blocks
        ]
        for section in in_sections(with_tables_gathered(read, lambda name: name, []))
    ]


def test_of_two_corners_the_nearer_is_the_tables_and_none_is_lost() -> None:
    title = part(TABLE_TITLE, "表一")
    for first, second in (
        (PORTRAIT_CORNER, LANDSCAPE_CORNER),
        (LANDSCAPE_CORNER, PORTRAIT_CORNER),
        (PORTRAIT_CORNER, PORTRAIT_CORNER),
    ):
        read = [title, part(first, "甲"), part(second, "乙"), TABLE, AFTER]
        assert sections(read) == [["甲", "表 表一 乙", "后文"]]


def test_a_second_title_begins_anew() -> None:
    read = [
        part(TABLE_TITLE, "孤题"),
        part(PORTRAIT_CORNER, "甲"),
        part(TABLE_TITLE, "表一"),
        TABLE,
    ]
    assert sections(read) == [["孤题", "甲", "表 表一 "]]


def test_a_title_without_a_table_stays_in_its_section() -> None:
    title, corner = part(TABLE_TITLE, "孤题"), part(PORTRAIT_CORNER, "甲")
    assert sections([title, END, AFTER]) == [["孤题"], ["后文"]]
    assert sections([title, END, corner, AFTER]) == [["孤题"], ["甲", "后文"]]
    assert sections([title, END, part(TABLE_NOTE, "注"), TABLE]) == [["孤题"], ["注", "表  "]]
    assert sections([title, END]) == [["孤题"]]


def test_a_title_goes_to_the_table_of_the_next_section() -> None:
    title, corner = part(TABLE_TITLE, "表一"), part(PORTRAIT_CORNER, "甲")
    assert sections([AFTER, title, END, corner, TABLE]) == [["后文"], ["表 表一 甲"]]
    assert sections([AFTER, title, corner, END, TABLE]) == [["后文"], ["表 表一 甲"]]
