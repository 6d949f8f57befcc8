"""The pages of a build: their numbers read, measured and recorded; what is doubtful about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.build import Built
from generator.commands.output import Locked, replace_all
from generator.document import text_of
from generator.office.fonts import font_problems
from generator.office.pages import (
    NOT_NEEDED,
    RECORDED,
    Paging,
    page_map_file,
    page_numbers,
    print_pages,
    read_page_map,
    write_page_map,
)
from generator.office.pdf import fonts_of
from generator.office.soffice import FONTS_FILE, find_office
from generator.problems import WARNING, Place, Problem, reason_of
from generator.units import records_folder
from generator.writers.docx.document import tables_too_wide


def paging_of(built: Built, data: Path, *, pdf: bool, measure: bool) -> Paging:
    """The pages of the contents, and the PDF if `pdf`; ProblemsFound if that cannot be made.

    `measure` false never starts LibreOffice for the numbers alone.
    """
    file = page_map_file(data, records_folder(built.book.budget))
    recorded = read_page_map(file.read_bytes()) if file.is_file() else None
    office = find_office() if pdf or measure else None
    if pdf:
        return print_pages(built.document, built.place.style, recorded, office)
    return page_numbers(built.document, built.place.style, recorded, office)


def remember(paging: Paging, built: Built, data: Path) -> str:
    """Writes the record if the pages were measured; the line of the summary that says what it was.

    A folder that cannot be written to costs the record, not the build.
    """
    folder = records_folder(built.book.budget)
    file = page_map_file(data, folder)
    place = f"{folder}/{file.name}"
    if paging.source == NOT_NEEDED:
        return ""
    if paging.source == RECORDED:
        return f"目录页码：内容没有变，用记录的（{place}）\n"
    if paging.page_map is None:
        return "目录页码：没有（这次没有用 LibreOffice 排版）；在 Word 里右键目录“更新域”就有\n"
    try:
        replace_all({file: write_page_map(paging.page_map)})
    except (OSError, Locked) as error:
        why = reason_of(error) if isinstance(error, OSError) else "正被别的程序打开"
        return f"目录页码：用 LibreOffice 排出；没有记录下来（{why}）\n"
    return f"目录页码：用 LibreOffice 排出，记录在 {place}\n"


def width_problems(paging: Paging, built: Built) -> Iterator[Problem]:
    """The tables whose numbers have no room on their page, where pages are made."""
    if paging.source == NOT_NEEDED:
        return
    for table in tables_too_wide(built.document, built.place.style):
        message = f"“{text_of(table.title)}”的数太长，最小的字也排不下，有的数会折成两行"
        hint = "在 department.yaml 里把 公布单位 改成 万元，或减少 小数位数"
        yield Problem("number-broken", message, table.place or Place(table.id), hint, WARNING)


def pdf_problems(paging: Paging, built: Built) -> tuple[Problem, ...]:
    """What is to be said of the fonts of the PDF, if one was made."""
    if paging.pdf is None:
        return ()
    return font_problems(built.place.style, fonts_of(paging.pdf), FONTS_FILE)
