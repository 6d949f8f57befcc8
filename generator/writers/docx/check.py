"""What differs between a document and a .docx that should say the same, whoever wrote the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from generator.document import Document, Table, contents_entries, text_of
from generator.problems import Place, Problem
from generator.writers.docx.expected import expected_blocks
from generator.writers.docx.reader import (
    DocxText,
    ReadCell,
    ReadParagraph,
    ReadTable,
    UnreadableDocxError,
    read_docx,
)

_WRITTEN = Place("docx")
_MOST_PROBLEMS = 20
_PAGE_NUMBER = re.compile(r"\t[0-9]+\Z", re.ASCII)
_HINT = "这是程序的错误，请把这条信息连同数据交给维护者"


def problems_by_reader(document: Document, data: bytes) -> tuple[Problem, ...]:
    """Every difference between the model and the file, and every broken reference in the file."""
    try:
        written = read_docx(data)
    except UnreadableDocxError as error:
        return (_problem("docx-unreadable", str(error)),)
    problems = [*_differences(document, written), *_broken_references(written)]
    return tuple(problems[:_MOST_PROBLEMS])


def _differences(document: Document, written: DocxText) -> Iterator[Problem]:
    """Empty paragraphs do not count on either side: Word needs some between tables and sections."""
    expected = ((place, item) for place, item in expected_blocks(document) if item != "")
    found = (block for block in written.blocks if isinstance(block, ReadTable) or block.text)
    entries = frozenset(entry.text for entry in contents_entries(document))
    for pair, block in zip_longest(expected, found):
        place, item = pair or (None, None)
        if isinstance(item, Table) and isinstance(block, ReadTable):
            yield from _table_differences(item, block)
        elif not (
            isinstance(item, str)
            and isinstance(block, ReadParagraph)
            and _same(item, block, entries)
        ):
            message = f"应为“{_shown(item)}”，文件里是“{_shown(block)}”"
            yield _problem("docx-text", message, place)
            return  # everything after a missing paragraph would differ too


def _same(text: str, paragraph: ReadParagraph, entries: frozenset[str]) -> bool:
    """Equal, or an entry of the contents followed by its page number."""
    said = _PAGE_NUMBER.sub("", paragraph.text) if text in entries else paragraph.text
    return said.rstrip("\t") == text


def _table_differences(table: Table, written: ReadTable) -> Iterator[Problem]:
    title = text_of(table.title)
    if written.faults or written.columns != len(table.columns):
        yield _problem("docx-grid", f"表“{title}”的格子与列数不符", table.place)
    for number, (row, cells) in enumerate(zip_longest(table.rows, written.rows), 1):
        expected = tuple(
            ReadCell(text, column, column_span, row_span)
            for text, column, column_span, row_span, *_ in (row.cells if row else ())
        )
        if expected != cells:
            message = f"表“{title}”第{number}行与文件里的不同"
            yield _problem("docx-table", message, table.place)
            return


def _broken_references(written: DocxText) -> Iterator[Problem]:
    for style in sorted(written.used_styles - written.defined_styles):
        yield _problem("docx-style", f"用到了不存在的样式“{style}”")
    for name, count in written.bookmark_names.items():
        if count > 1:
            yield _problem("docx-bookmark", f"书签“{name}”出现{count}次")
    for number, count in written.bookmark_ids.items():
        if count > 1:
            yield _problem("docx-bookmark", f"书签编号{number}出现{count}次")
    for number in sorted(written.bookmark_ids.keys() - written.ended_bookmarks):
        yield _problem("docx-bookmark", f"书签编号{number}没有结尾")
    for name in sorted(written.targets - set(written.bookmark_names)):
        yield _problem("docx-target", f"目录指向不存在的书签“{name}”")
    if written.open_fields:
        yield _problem("docx-field", f"有{written.open_fields}个域没有结尾")
    names = [name.lower() for name in written.part_names]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _problem("docx-part", f"内部文件“{name}”重复")


def _shown(item: object) -> str:
    match item:
        case None:
            return "（没有了）"
        case str():
            return item
        case ReadParagraph():
            return item.text
        case _:
            return "（表格）"


def _problem(rule: str, message: str, place: Place | None = None) -> Problem:
    return Problem(rule, message, place or _WRITTEN, _HINT)
