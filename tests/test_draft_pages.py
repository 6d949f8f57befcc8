"""A draft as it is printed: the watermark on every page, and what is owed in yellow."""

from __future__ import annotations

import subprocess

import pytest
from office import page_texts, poppler
from printed_documents import printed

pytestmark = pytest.mark.office
Pixels = list[tuple[int, int, int]]


def pictures(name: str) -> list[Pixels]:
    command = [poppler("pdftoppm"), "-r", "30", "-aa", "no", "-aaVector", "no"]
    content = subprocess.run(
        command, input=printed(name).pdf, check=True, capture_output=True
    ).stdout
    pages = []
    while content:
        kind, size, depth, rest = content.split(b"\n", 3)
        assert (kind, depth) == (b"P6", b"255")
        width, height = map(int, size.split())
        raw, content = rest[: width * height * 3], rest[width * height * 3 :]
        pages.append(list(zip(raw[::3], raw[1::3], raw[2::3], strict=True)))
    return pages


def share(page: Pixels, colour: tuple[int, int, int]) -> float:
    near = sum(all(abs(a - b) < 6 for a, b in zip(pixel, colour, strict=True)) for pixel in page)
    return near / len(page)


def test_every_page_of_a_draft_and_none_of_a_clean_document_has_the_watermark() -> None:
    silver = (223, 223, 223)
    assert [share(page, silver) > 0.02 for page in pictures("draft")] == [True] * 5
    assert [share(page, silver) for page in pictures("clean")] == [0.0] * 5


def test_what_is_owed_is_yellow() -> None:
    pages = page_texts(printed("draft").pdf)
    yellow = [share(page, (255, 255, 0)) > 0 for page in pictures("draft")]
    assert yellow == ["【待填" in page for page in pages]
    assert sum(yellow) == 2
