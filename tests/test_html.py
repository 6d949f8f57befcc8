"""The web page: the text writer's words in order, scoped tables, and Chromium's word for the rest."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.build import Built, build_disclosure, printed_figures
from generator.document import (
    Contents,
    Document,
    Heading,
    Paragraph,
    Section,
    Segment,
    Table,
    contents_entries,
    text_of,
)
from generator.outputs import render_outputs
from generator.writers.html import document_html, write_html
from generator.writers.text import write_text
from tests.browser import chromium, violations
from tests.docx_sample import sample
from tests.html_reading import grid_of, page_of, text_of_page
from tests.office import PAGE_NUMBER, page_texts, without_number

ROOT = Path(__file__).parents[1]
PHONES = (320, 390)


@pytest.fixture(scope="module")
def built() -> Built:
    return build_disclosure(ROOT / "data", 2023)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def address(built: Built, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("网页") / "公开.html"
    file.write_bytes(write_html(built.document))
    return file.as_uri()


def test_page_says_what_the_text_says(built: Built) -> None:
    assert text_of_page(write_html(built.document)) == write_text(built.document).decode()


@pytest.mark.parametrize("draft", [False, True])
def test_every_kind_of_block(draft: bool) -> None:
    document = sample(draft=draft)
    data = write_html(document)
    assert text_of_page(data) == write_text(document).decode()
    page = page_of(data)
    assert [mark.text for mark in page.iter("mark")] == ["【待填：公用】", "【待填：原因】"][::-1]
    assert bool(page.xpath("//p[@class='draft']")) == draft
    assert page.xpath("//title")[0].text == "预算公开" + "（草稿）" * draft


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@settings(max_examples=60)
@given(st.lists(words, min_size=3, max_size=3))
def test_any_words_come_through(texts: list[str]) -> None:
    title, heading, sentence = texts
    blocks = (
        Contents(),
        Heading("h", 0, (Segment(heading),)),
        Paragraph("p", "正文", (Segment(sentence),)),
    )
    document = Document(title, title, title, "2023-01-01", (Section("portrait", blocks),))
    data = write_html(document)
    assert text_of_page(data) == write_text(document).decode()
    assert page_of(data).xpath("//title")[0].text == title


def test_format_is_among_the_outputs(built: Built) -> None:
    files = render_outputs(built, ("html",))
    assert files[f"{built.document.title}.html"] == write_html(built.document)


def test_published_page_carries_no_places(built: Built) -> None:
    data = write_html(built.document).decode()
    for private in ("data-place", "data-figure", ".yaml", "henan/", ".txt"):
        assert private not in data, private
    for active in ("<script", "javascript:", "url(", "@import", "http:", "https:", " onclick"):
        assert active not in data, active


def test_preview_carries_every_figure_with_its_place(built: Built) -> None:
    page = page_of(document_html(built.document, places=True).encode())
    shown = [(e.get("data-figure"), "".join(e.itertext())) for e in page.xpath("//*[@data-figure]")]
    printed = [(name, text) for name, text, _ in printed_figures(built.document)]
    assert sorted(shown) == sorted(printed)
    assert not page.xpath("//*[@data-figure][not(@data-place)]")
    reasons = page.xpath("//*[contains(@data-place, '2023/reasons.yaml:')]")
    assert "".join(reasons[0].itertext()) == "根据实际工作需要增加一定经费"


def test_headings_make_no_jump(built: Built) -> None:
    levels = [
        int(h.tag[1])
        for h in page_of(write_html(built.document)).iter("h1", "h2", "h3", "h4", "h5")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_headers_of_a_column_are_its_path(built: Built) -> None:
    page = page_of(write_html(built.document))
    tables = [block for block in built.document.blocks() if isinstance(block, Table)]
    for table, element in zip(tables, page.iter("table"), strict=True):
        header = grid_of(element)[: table.header_rows]
        for number, column in enumerate(table.columns):
            above = []
            for row in header:
                for start, cell in row.items():
                    if start <= number < start + int(cell.get("colspan", 1)) and cell.get("scope"):
                        above.append("".join(cell.itertext()))
            assert not header or "/".join(filter(None, above)) == column.key, table.id


def test_every_row_with_an_amount_has_a_row_header(built: Built) -> None:
    page = page_of(write_html(built.document))
    for row in page.xpath("//tbody/tr[td[@class='right'][normalize-space()]]"):
        left = row.xpath("td[@class!='right' or not(@class)][normalize-space()]")
        assert row.xpath("th[@scope='row']") or not left, "".join(row.itertext())
    assert not page.xpath("//th[not(@scope)]")
    assert not page.xpath("//th[not(normalize-space())]")


@pytest.mark.browser
def test_contents_links_lead_to_their_headings(built: Built, browser, address: str) -> None:
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    links = page.locator("nav.contents a")
    assert links.all_inner_texts() == [entry.text for entry in contents_entries(built.document)]
    for number in range(links.count()):
        links.nth(number).click()
        top = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
        bottom = page.evaluate("scrollY + innerHeight >= document.body.scrollHeight - 2")
        assert -1 <= top < 60 or bottom, links.nth(number).inner_text()
    assert asked == [address]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", PHONES)
def test_telephone_scrolls_inside_tables_only(browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(
        "[...document.querySelectorAll('.scroll')].some(s => s.scrollWidth > s.clientWidth)"
    )
    wide = """[...document.querySelectorAll('article *')].filter(e => !e.closest('.scroll')
        && !e.classList.contains('unseen') && e.getBoundingClientRect().right > innerWidth + 1).length"""
    assert page.evaluate(wide) == 0
    page.close()


@pytest.mark.browser
def test_accessibility_scan_is_clean(browser, address: str, tmp_path: Path) -> None:
    # axe needs a style for its own marks: only the scan goes past the page's security policy.
    page = browser.new_page(bypass_csp=True)
    page.goto(address)
    assert violations(page) == []
    page.close()
    draft = tmp_path / "草稿.html"
    draft.write_bytes(write_html(sample(draft=True)))
    phone = browser.new_page(viewport={"width": 390, "height": 700}, bypass_csp=True)
    phone.goto(draft.as_uri())
    assert violations(phone) == []
    phone.close()


@pytest.mark.browser
def test_printed_pages(built: Built, browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    sheets = [sheet.mediabox for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    turned = [sheet.width > sheet.height for sheet in sheets]
    texts = [_plain(text) for text in page_texts(pdf, "-raw")]
    assert all(without_number(text) for text in texts), "no page is blank"
    numbers = [PAGE_NUMBER.findall(text)[-1:] for text in texts]
    assert numbers == [[], *([str(number)] for number in range(2, len(texts) + 1))]
    whole = "".join(without_number(text) for text in texts)
    blocks = [b for b in built.document.blocks() if isinstance(b, Heading | Paragraph)]
    assert [text for b in blocks if (text := _plain(text_of(b.segments))) not in whole] == []
    tables = [block for block in built.document.blocks() if isinstance(block, Table)]
    titles = [
        next(i for i, text in enumerate(texts) if i > 2 and _plain(text_of(t.title)) in text)
        for t in tables
    ]
    assert len(set(titles)) == len(tables), "every table begins a page of its own"
    for table, (first, after) in zip(tables, pairwise([*titles, len(texts)]), strict=True):
        header = [
            _plain(cell.text) for row in table.rows[: table.header_rows] for cell in row.cells
        ]
        for sheet in range(first, after):
            assert [name for name in header if name not in texts[sheet]] == [], (table.id, sheet)
    orientation = {
        block.id: section.orientation == "landscape"
        for section in built.document.sections
        for block in section.blocks
        if isinstance(block, Table)
    }
    assert [turned[number] for number in titles] == [orientation[table.id] for table in tables]


def _plain(text: str) -> str:
    """Without white space, and without the look-alikes that a PDF's fonts give for some characters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
