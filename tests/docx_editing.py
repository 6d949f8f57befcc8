"""Edits the text of a finished .docx as people do, wherever its runs are split; for the tests."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import NamedTuple

from generator.build import Built, build_disclosure
from generator.verify.baseline import Baseline, Line, Printed, baseline_of
from generator.verify.choice import furniture_of_style
from generator.verify.comparison import compare
from generator.verify.findings import Comparison
from generator.verify.reading import read_returned
from generator.writers.docx.document import write_docx
from generator.writers.docx.xml import escape

DATA = Path(__file__).parent.parent / "data"
DOCUMENT = "word/document.xml"
_TOKEN = re.compile(r"<w:p[ >]|</w:p>|<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(tab|br)/>")
_PAGE_NUMBER = re.compile(r"\t[0-9]+\Z")


class Place(NamedTuple):
    """A figure in a file: the number of its paragraph, and where in its text it stands."""

    printed: Printed
    paragraph: int
    start: int

    def becomes(self, text: str) -> Edit:
        return Edit(self.paragraph, self.start, self.start + len(self.printed.text), text)

    def followed_by(self, text: str) -> Edit:
        end = self.start + len(self.printed.text)
        return Edit(self.paragraph, end, end, text)


class Edit(NamedTuple):
    """`start:end` of a paragraph's text reads `text` now."""

    paragraph: int
    start: int
    end: int
    text: str


class _Node(NamedTuple):
    """The content of a w:t: where it is in the XML, and in the text of its paragraph."""

    first: int
    last: int
    start: int
    text: str


class Editable:
    """A .docx whose paragraphs, those of cells included, can be edited."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.xml = self.parts[DOCUMENT].decode()
        self.texts: list[str] = []
        self._nodes: list[list[_Node]] = []
        for match in _TOKEN.finditer(self.xml):
            if match[0].startswith("<w:p"):
                self.texts.append("")
                self._nodes.append([])
            elif match[2]:
                self.texts[-1] += "\t" if match[2] == "tab" else "\n"
            elif match[1] is not None:
                text = unescape(match[1])
                self._nodes[-1].append(_Node(*match.span(1), len(self.texts[-1]), text))
                self.texts[-1] += text

    def edited(self, *edits: Edit) -> bytes:
        """The file with all `edits` made; they may not overlap."""
        changes = [change for edit in edits for change in self._changes(edit)]
        xml = self.xml
        for first, last, text in sorted(changes, reverse=True):
            xml = xml[:first] + text + xml[last:]
        return self.with_xml(xml)

    def _changes(self, edit: Edit) -> Iterable[tuple[int, int, str]]:
        new = edit.text
        for node in self._nodes[edit.paragraph]:
            low = max(edit.start - node.start, 0)
            high = min(edit.end - node.start, len(node.text))
            inside = low < high or (edit.start == edit.end and 0 < low <= len(node.text))
            if inside and (low < high or new):
                high = max(low, high)
                yield node.first, node.last, escape(node.text[:low] + new + node.text[high:])
                new = ""

    def with_xml(self, xml: str, more: Mapping[str, bytes] = {}) -> bytes:
        """The file with another document.xml, and with `more` parts."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
            for name, part in {**self.parts, DOCUMENT: xml.encode(), **more}.items():
                package.writestr(name, part)
        return buffer.getvalue()

    def places(self, baseline: Baseline) -> list[Place]:
        """Every figure of the baseline with its place, in the order of the document."""
        found: list[Place] = []
        at = 0

        def find(text: str) -> int:
            nonlocal at
            while text != _PAGE_NUMBER.sub("", self.texts[at]).rstrip("\t"):
                at += 1
            at += 1
            return at - 1

        for item in baseline.items:
            if isinstance(item, Line):
                number = find(item.text)
                found += [Place(p, number, p.start) for p in item.printed]
                continue
            for row in item.rows:
                for cell in row.cells:
                    number = find(cell.text.split("\n")[0]) if cell.text else -1
                    if cell.printed:
                        found.append(Place(cell.printed, number, 0))
        return found


@lru_cache(maxsize=1)
def sample_built() -> Built:
    return build_disclosure(DATA, 2023)


@lru_cache(maxsize=1)
def sample_docx() -> bytes:
    built = sample_built()
    return write_docx(built.document, built.place.style)


@lru_cache(maxsize=1)
def sample_baseline() -> Baseline:
    built = sample_built()
    furniture = furniture_of_style(built.place.style, draft=built.document.draft)
    return baseline_of(built.document, furniture)


def without_anchors(content: bytes) -> bytes:
    """The file as an editor leaves it that knows neither bookmarks nor custom parts."""
    editable = Editable(content)
    for name in [name for name in editable.parts if name.startswith("customXml")]:
        del editable.parts[name]
    return editable.with_xml(re.sub(r"<w:bookmark(?:Start|End) [^>]*/>", "", editable.xml))


def compared(content: bytes, current: Baseline | None = None) -> Comparison:
    """A file against the sample as it was built."""
    return compare(sample_baseline(), read_returned(content), current)


def found_in(content: bytes) -> list[tuple[str, str, str, str]]:
    """(rule, figure, before, after) of every finding, in a fixed order."""
    findings = compared(content).findings
    return sorted((f.rule, f.figure, f.before, f.after) for f in findings)


def another(text: str) -> str:
    """The text of a figure with one digit changed: 28% -> 38%, 0 -> 1."""
    digit = re.search(r"[0-9]", text)
    assert digit is not None
    return (
        text[: digit.start()]
        + str((int(digit[0]) + 1) % 9 + (digit[0] == "8"))
        + text[digit.end() :]
    )
