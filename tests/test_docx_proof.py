"""The quick proof of a written file: it accepts what we write, and nothing the reader would refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx_sample import PAGES, STYLE, document_xml, sample, with_part
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.build import build_disclosure
from generator.writers.docx.check import problems_by_reader
from generator.writers.docx.document import write_docx
from generator.writers.docx.proof import problems_of_written, says

DATA = Path(__file__).parent.parent / "data"
DOCX = write_docx(sample(), STYLE, pages=PAGES)
TOKENS = re.findall("<[^>]*>|[^<]+", document_xml(DOCX))
POSITIONS = st.integers(0, len(TOKENS) - 1)


@pytest.mark.parametrize("pages", [None, PAGES])
@pytest.mark.parametrize("anchors", [True, False])
@pytest.mark.parametrize("draft", [True, False])
def test_what_we_write_is_proved_at_once(
    pages: dict[str, int] | None, anchors: bool, draft: bool
) -> None:
    document = sample(draft=draft)
    assert says(write_docx(document, STYLE, pages=pages, anchors=anchors), document)


def test_the_disclosure_is_proved_at_once() -> None:
    built = build_disclosure(DATA, 2023)
    docx = write_docx(built.document, built.place.style)
    assert says(docx, built.document)
    assert problems_by_reader(built.document, docx) == ()


def rewritten(tokens: list[str]) -> bytes:
    return with_part(DOCX, "word/document.xml", "".join(tokens).encode())


def deleted(here: int, _: int) -> list[str]:
    return TOKENS[:here] + TOKENS[here + 1 :]


def doubled(here: int, _: int) -> list[str]:
    return [*TOKENS[:here], TOKENS[here], *TOKENS[here:]]


def exchanged(here: int, there: int) -> list[str]:
    tokens = list(TOKENS)
    tokens[here], tokens[there] = tokens[there], tokens[here]
    return tokens


def overwritten(here: int, there: int) -> list[str]:
    return [*TOKENS[:here], TOKENS[there], *TOKENS[here + 1 :]]


def cut(here: int, there: int) -> list[str]:
    return TOKENS[: min(here, there)] + TOKENS[max(here, there) :]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from([deleted, doubled, exchanged, overwritten, cut]), POSITIONS, POSITIONS)
def test_the_proof_accepts_nothing_that_the_reader_refuses(change, here: int, there: int) -> None:
    docx = rewritten(change(here, there))
    assert not says(docx, sample()) or problems_by_reader(sample(), docx) == ()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(DOCX) - 1), st.integers(1, 255))
def test_a_damaged_byte_is_no_proof(position: int, change: int) -> None:
    """A byte of the package that nobody reads may differ; what is said may not."""
    docx = bytearray(DOCX)
    docx[position] ^= change
    if says(bytes(docx), sample()):
        assert problems_by_reader(sample(), bytes(docx)) == ()


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- <w:p><w:r><w:t>甲</w:t></w:r></w:p> -->",
        "<w:p><w:r><w:t>甲</w:t></w:r></w:p>",
        '<w:p><w:r><w:t xml:space="default">甲</w:t></w:r></w:p>',
        "<w:t></w:t>",  # in no run
    ],
)
def test_more_than_the_document_says_is_no_proof(hidden: str) -> None:
    xml = document_xml(DOCX).replace("<w:body>", f"<w:body>{hidden}", 1)
    docx = with_part(DOCX, "word/document.xml", xml.encode())
    assert not says(docx, sample())


SPLIT = b"</w:t></w:r><w:r><w:t>"
NAME = "行政运行".encode()
PLAIN = b"<w:t>" + NAME + b"</w:t>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (NAME, NAME[:4] + SPLIT + NAME[4:]),
        (PLAIN, b"<w:t>" + NAME + b" </w:t>"),
        (PLAIN, b"<w:t>" + NAME[:3] + b'<w:bookmarkStart w:id="999" w:name="x"/>' + NAME[3:]),
        (PLAIN, PLAIN + b"<w:noBreakHyphen/>"),
        (PLAIN, PLAIN + b'<w:sym w:font="Wingdings" w:char="F0FC"/>'),
        (PLAIN, b"<w:rPr><w:vanish/></w:rPr>" + PLAIN),
        (PLAIN, PLAIN + b'<w:tab w:a\xc2\xb2="1"/>'),
        (PLAIN, PLAIN + b"<w:cr/>"),
        (b"</w:tcPr>", b"<w:hMerge/></w:tcPr>"),
        (b'w:anchor="', b'r:id="rId999" w:anchor="'),
        (b"<w:body>", b'<w:body><w:altChunk r:id="rId1"/>'),
        (b'w:id="1"', b'w:id="01"'),
        (b'"separate"/>', b'"end"/>'),
    ],
)
def test_what_we_would_not_write_is_no_proof(old: bytes, new: bytes) -> None:
    """Bytes of a character in two runs, what Word shows otherwise, what is no XML."""
    xml = document_xml(DOCX).encode()
    assert old in xml
    changed = with_part(DOCX, "word/document.xml", xml.replace(old, new, 1))
    assert not says(changed, sample())


def test_an_entity_is_whole_in_its_text() -> None:
    xml = document_xml(DOCX).encode()
    assert b"&amp;" in xml
    changed = xml.replace(b"&amp;", b"&" + SPLIT + b"amp;", 1)
    assert not says(with_part(DOCX, "word/document.xml", changed), sample())


@pytest.mark.parametrize("more", [b"<w:tab/><w:t>98765</w:t>", b"<w:t>5</w:t>"])
def test_only_entries_of_the_contents_have_page_numbers(more: bytes) -> None:
    """Behind the last text of a paragraph below a table."""
    xml = document_xml(DOCX).encode()
    note = xml.index("注二".encode())
    end = xml.index(b"</w:r>", note)
    changed = with_part(DOCX, "word/document.xml", xml[:end] + more + xml[end:])
    assert not says(changed, sample())
    assert problems_by_reader(sample(), changed) != ()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_texts_split_between_bytes_are_no_proof_unless_they_read_the_same(
    data: st.DataObject,
) -> None:
    xml = document_xml(DOCX).encode()
    texts = [match.span(1) for match in re.finditer(rb"<w:t>([^<]+)</w:t>", xml)]
    start, end = data.draw(st.sampled_from(texts))
    at = data.draw(st.integers(start, end))
    changed = with_part(DOCX, "word/document.xml", xml[:at] + SPLIT + xml[at:])
    assert not says(changed, sample()) or problems_by_reader(sample(), changed) == ()


def test_runs_may_be_split_differently() -> None:
    """Another program may have saved the file."""
    xml = document_xml(DOCX).replace(
        "<w:t>行政运行</w:t>", "<w:t>行政</w:t></w:r><w:r><w:t>运行</w:t>", 1
    )
    docx = with_part(DOCX, "word/document.xml", xml.encode())
    assert problems_of_written(sample(), docx) == ()
