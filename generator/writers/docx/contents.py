"""The table of contents: a real TOC field whose cached entries are links with page numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.document import ContentsEntry
from generator.writers.docx.roles import STYLE_BY_CONTENTS_LEVEL
from generator.writers.docx.text import Pen, paragraph
from generator.writers.docx.xml import FIELD_END, field, field_begin, run

# Headings of two levels and, for the tables, their TC fields: a refresh in Word gives our entries.
INSTRUCTION = 'TOC \\o "1-2" \\h \\z \\f t'


def contents_texts(
    entries: tuple[ContentsEntry, ...], pen: Pen, pages: Mapping[str, int] | None
) -> Iterator[str]:
    """One paragraph per entry; without `pages`, entries carry no page numbers."""
    styles = [pen.style_ids[name] for name in STYLE_BY_CONTENTS_LEVEL]
    begin = field_begin(INSTRUCTION)
    if not entries:
        yield paragraph(styles[0], begin + FIELD_END)
    for number, entry in enumerate(entries, 1):
        first = begin if number == 1 else ""
        end = FIELD_END if number == len(entries) else ""
        link = _link(entry, pen.name_by_target[entry.target], (pages or {}).get(entry.target))
        yield paragraph(styles[min(entry.level, 1)], first + link + end)


def _link(entry: ContentsEntry, name: str, page: int | None) -> str:
    number = ""
    if page is not None:
        number = run("\t") + field(f"PAGEREF {name} \\h", run(str(page)))
    content = f"{run(entry.text)}{number}"
    return f'<w:hyperlink w:anchor="{name}" w:history="1">{content}</w:hyperlink>'
