"""The pages as LibreOffice prints them: lines, headers, numbers, contents, and nothing lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from office import PAGE_NUMBER, page_texts, pages_with_lines, printed_pages, without_number
from printed_documents import Printed, printed

from generator.document import (
    HEADER,
    Block,
    Contents,
    Document,
    Heading,
    Paragraph,
    Table,
    contents_entries,
    text_of,
)
from generator.office.pages import pages_in
from generator.office.pdf import outline_of
from generator.writers.docx.fit import Page, fit_table
from generator.writers.docx.widths import SIDES

pytestmark = pytest.mark.office
DOCUMENTS = ("sample", "full pages", "1", "2")
PORTRAIT, LANDSCAPE = Page(8845, 12756), Page(12756, 8845)


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Printed:
    return printed(request.param)


def plain(text: str) -> str:
    return "".join(text.split())


def test_full_page_has_22_lines_of_28_characters() -> None:
    page = pages_with_lines(printed("full pages").pdf, "-layout")[2]
    lines = [plain(line) for line in page.splitlines() if "国" in line]
    assert lines == ["国" * 26, *["国" * 28] * 21]


def test_all_header_rows_repeat_on_each_page_of_a_table() -> None:
    texts = page_texts(printed("full pages").pdf, "-layout")
    pages = [page for page in texts if re.search(r"第\d+行", page)]
    names = ("表头甲", "表头乙", "表头丙", "表头丁")
    assert len(pages) > 2
    assert [[page.count(name) for name in names] for page in pages] == [[1] * 4] * len(pages)
    assert re.findall(r"第(\d+)行", "".join(pages)) == [str(number) for number in range(80)]


def test_header_below_a_form_repeats_on_each_page_of_its_list() -> None:
    texts = page_texts(printed("full pages").pdf, "-layout")
    pages = [page for page in texts if re.search(r"第\d+项", page)]
    names = ("表单", "表头戊", "表头己")
    assert len(pages) > 1
    assert [[page.count(name) for name in names] for page in pages[1:]] == [[0, 1, 1]] * (
        len(pages) - 1
    )
    first = pages[0].replace("长表单", "")
    assert [first.count(name) for name in names] == [1, 1, 1]
    assert re.findall(r"第(\d+)项", "".join(pages)) == [str(number) for number in range(80)]


def test_no_number_of_a_table_is_broken_at_the_end_of_a_line(document: Printed) -> None:
    words = {word.text for page in printed_pages(document.pdf) for word in page.words}
    numbers = {
        cell.text
        for block in document.document.blocks()
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
        if re.fullmatch(r"[-≥≤]?[0-9]+(\.[0-9]+)?%?", cell.text)
    }
    assert numbers
    assert numbers - words == set()


def test_no_header_of_the_sample_ends_in_a_line_of_one_character() -> None:
    """Where the page has the room: tables 2 and 7 have 20 columns, table 12 a code of 21 digits."""
    document = printed("sample").document
    lonely = []
    for section in document.sections:
        page = LANDSCAPE if section.orientation == "landscape" else PORTRAIT
        for block in section.blocks:
            if isinstance(block, Table) and len(block.columns) < 20:
                lonely += [(block.id, text) for text in lonely_headers(block, page)]
    assert lonely == [("12-project-performance", "三级指标")]


def lonely_headers(table: Table, page: Page) -> Iterator[str]:
    """Header texts whose last line would hold a single character."""
    size, _, edges = fit_table(table, page, same_page=False)
    for row in table.rows:
        for cell in row.cells if row.role == HEADER else ():
            width = edges[cell.column + cell.column_span] - edges[cell.column] - SIDES
            characters = max(int(width / (size.points * 20)), 1)
            if len(cell.text) > characters and len(cell.text) % characters == 1:
                yield cell.text


def test_no_page_is_blank_and_all_but_the_cover_are_numbered(document: Printed) -> None:
    pages = page_texts(document.pdf)
    numbers = [PAGE_NUMBER.findall(page)[-1:] for page in pages]
    assert numbers == [[], *([str(number)] for number in range(1, len(pages)))]
    assert [number for number, page in enumerate(pages) if not without_number(page)] == []


def test_every_page_number_is_in_its_place(document: Printed) -> None:
    """Below the text, odd right, even left; on landscape pages likewise once they are turned."""
    misplaced = []
    for number, page in enumerate(printed_pages(document.pdf)[1:], 1):
        places = [word for word in page.words if word.text == str(number)]
        if page.landscape:
            fits = any(w.x < 0.11 and (w.y > 0.6 if number % 2 else w.y < 0.4) for w in places)
        else:
            fits = any(w.y > 0.88 and (w.x > 0.7 if number % 2 else w.x < 0.3) for w in places)
        if not fits:
            misplaced.append(number)
    assert misplaced == []


def test_every_entry_of_the_contents_names_the_page_of_its_heading(document: Printed) -> None:
    pages = page_texts(document.pdf)[1:]
    raw = "".join(map(without_number, page_texts(document.pdf, "-layout")[1:]))
    titles = {block.id: plain(title_of(block)) for block in titled(document.document)}
    page_by_target = document.paging.page_by_target or {}
    entries = contents_entries(document.document)
    assert list(page_by_target) == [entry.target for entry in entries]
    for entry in entries:
        page = page_by_target[entry.target]
        assert titles[entry.target] in pages[page - 1], entry.text
        assert re.search(re.escape(plain(entry.text)) + rf"\.*{page}(?!\d)", raw), entry.text


def test_page_with_a_heading_goes_on_below_it(document: Printed) -> None:
    """No heading and no title of a table is the last line of its page."""
    pages = [without_number(page) for page in page_texts(document.pdf, "-raw")][1:]
    page_by_target = pages_in(document.document, outline_of(document.pdf))
    blocks = list(document.document.blocks())
    alone = [
        title_of(block)
        for block, following in zip(blocks, [*blocks[1:], None], strict=True)
        if isinstance(block, Heading | Table)
        and not goes_on(pages[page_by_target[block.id] - 1], block, following)
    ]
    assert alone == []


def goes_on(page: str, block: Heading | Table, following: Block | None) -> bool:
    title = plain(title_of(block))
    below = page[page.index(title) + len(title) :]
    if isinstance(block, Table):
        return bool(below)
    wanted = plain(next((text for text in texts_of(following) if text), "")) if following else ""
    return wanted[:8] in below


def test_pdf_has_every_word_and_number_of_the_model_in_its_order(document: Printed) -> None:
    """Rare characters come from another font, and out of order: they are only counted."""
    text = "".join(map(without_number, page_texts(document.pdf, "-raw")))
    wanted = list(texts(document.document))
    assert Counter("".join(wanted)) - Counter(text) == Counter()
    text, position, missing = common(text), 0, []
    for part in map(common, wanted):
        found = text.find(part, position)
        if found < 0:
            missing.append(part)
        else:
            position = found + len(part)
    assert missing == []


def common(text: str) -> str:
    return "".join(char for char in text if ord(char) < 0x10000)


def titled(document: Document) -> Iterator[Heading | Table]:
    return (block for block in document.blocks() if isinstance(block, Heading | Table))


def title_of(block: Heading | Table) -> str:
    return text_of(block.segments if isinstance(block, Heading) else block.title)


def texts(document: Document) -> Iterator[str]:
    """Without white space, as printed: entries of the contents without their numbers."""
    for block in document.blocks():
        if isinstance(block, Contents):
            yield from (plain(entry.text) for entry in contents_entries(document))
        else:
            yield from filter(None, map(plain, texts_of(block)))


def texts_of(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph():
            yield text_of(block.segments)
        case Table():
            yield from (text_of(block.title), block.subtitle, block.corner_left, block.corner_right)
            yield from (cell.text for row in block.rows for cell in row.cells)
            yield from map(text_of, block.notes)
