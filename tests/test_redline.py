"""Redlines: other programs accept and reject them, and validators find nothing.

A few random pairs; twenty more where everything must be checked (CI=true).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from compare_tools import EXAMPLE_TEMPLATES, EXAMPLES, edited_sample
from docx_sample import STYLE, part
from lxml import etree
from openxml_audit import OpenXmlValidator
from redline_pairs import pair_of
from redline_tools import (
    ACCEPT,
    AS_IT_IS,
    REJECT,
    W,
    body_of,
    content_of,
    docxodus_modules,
    require_uno,
    resolved_by_docxodus,
    resolved_by_office,
    sections_of,
)
from test_word_validity import seen_by_sdk
from word_structure import faults_of

from generator.compare.changes import count_line
from generator.compare.comparison import compare
from generator.compare.redline.document import write_redline
from generator.compare.sides import Side, open_side
from generator.document import Document, Heading, Paragraph, Section, Segment
from generator.writers.docx.document import write_docx

# Changes at the ends of neighbouring paragraphs (also around the end of a section), the same text
# gone and come under another style, merged headers whose edges LibreOffice rounds.
SEEDS = (7, 14, 22, 46, 96, *(range(100, 120) if os.environ.get("CI") == "true" else ()))
AUTHOR, DATE = "综合科", "2024-02-09"
NUMBER = re.compile(r"-?[0-9][0-9.,]*(?:%|[万亿]?元)?")


MOVED = (
    ("0", "第三部分 名词解释"),
    ("正文", "依法履职。"),
    ("正文", "厉行节约。"),
    ("居中", "附表见后。"),
)


COLUMNS = """\
      - {名称: 其他运转类, 条件: {类别: 其他运转类}, 宽: 8}
      - {名称: 特定目标类, 条件: {类别: 特定目标类}, 宽: 8}
"""
COLUMNS_MOVED = (
    "tables/03-expenditure.yaml",
    COLUMNS,
    "".join(reversed(COLUMNS.splitlines(keepends=True))),
)


TURNED = ("portrait", "landscape")
TITLES = (
    (("1", "目录"), ("正文", "目录"), *MOVED[1:]),
    (("1", "目录"), *MOVED[1:], ("正文", "目录")),
)


class Redline(NamedTuple):
    """A redline, and both documents as the writer writes them."""

    name: str
    old: bytes
    new: bytes
    both: bytes


def redline_of(name: str, old: Side, new: Side) -> Redline:
    assert old.document is not None
    assert new.document is not None
    both = write_redline(old, new, compare(old, new), STYLE, author=AUTHOR, date=DATE)
    files = (write_docx(side.document, STYLE, anchors=False) for side in (old, new))
    return Redline(name, *files, both)


@pytest.fixture(scope="module")
def redlines(tmp_path_factory: pytest.TempPathFactory) -> list[Redline]:
    later = *MOVED[1:3], MOVED[0], MOVED[3]
    examples = [open_side(year, EXAMPLES, EXAMPLE_TEMPLATES) for year in ("2023", "2024")]
    edits = [("expenditure.yaml", "838200.00", "938200.00"), ("revenue.yaml", "3414550", "3514550")]
    sample = edited_sample(tmp_path_factory.mktemp("sample"))
    edited = edited_sample(tmp_path_factory.mktemp("edited"), *edits)
    other_columns = edited_sample(tmp_path_factory.mktemp("columns"), COLUMNS_MOVED)
    return [
        redline_of("examples", *examples),
        redline_of("an amount", sample, edited),
        redline_of("a moved column", sample, other_columns),
        # LibreOffice takes a text with a space in it, gone here and come there, for moved.
        redline_of("a moved heading", *(side_of_texts(*order) for order in (MOVED, later))),
        redline_of("a turned last page", *(side_of_texts(*MOVED, last=one) for one in TURNED)),
        redline_of("one text, two kinds", *(side_of_texts(*order) for order in TITLES)),
        *(redline_of(f"seed {seed}", *pair_of(seed)) for seed in SEEDS),
    ]


def test_docxodus_accepts_the_new_and_rejects_to_the_old(
    redlines: list[Redline], tmp_path: Path
) -> None:
    modules = docxodus_modules()
    resolved = resolved_by_docxodus([redline.both for redline in redlines], tmp_path, modules)
    for redline, (accepted, rejected) in zip(redlines, resolved, strict=True):
        assert content_of(accepted) == content_of(redline.new), redline.name
        assert content_of(rejected) == content_of(redline.old), redline.name
        assert sections_of(accepted) == sections_of(redline.new), redline.name
        assert sections_of(rejected) == sections_of(redline.old), redline.name


def test_libreoffice_accepts_the_new_and_rejects_to_the_old(
    redlines: list[Redline], tmp_path: Path
) -> None:
    require_uno()
    jobs = []
    for redline in redlines:
        jobs += [(redline.both, ACCEPT), (redline.new, AS_IT_IS)]
        jobs += [(redline.both, REJECT), (redline.old, AS_IT_IS)]
    saved = [content_of(file) for file in resolved_by_office(jobs, tmp_path)]
    for number, redline in enumerate(redlines):
        accepted, new, rejected, old = saved[4 * number : 4 * number + 4]
        assert accepted == new, redline.name
        assert rejected == old, redline.name


def test_validators_find_nothing(redlines: list[Redline], tmp_path: Path) -> None:
    files = []
    for number, redline in enumerate(redlines):
        assert faults_of(redline.both) == [], redline.name
        files.append(tmp_path / f"{number}.docx")
        files[-1].write_bytes(redline.both)
    errors = [error for file in files for error in OpenXmlValidator().validate(file).errors]
    assert errors == []
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(seen_by_sdk, files))
    assert found == [{"ok": True, "errors": []}] * len(files)


def test_no_change_begins_or_ends_inside_a_number(redlines: list[Redline]) -> None:
    for redline in redlines:
        for paragraph in body_of(redline.both).iter(f"{W}p"):
            pieces = list(pieces_of(paragraph))
            for other in ("ins", "del"):
                edges, text = edges_of(pieces, other)
                cut = [
                    match[0]
                    for match in NUMBER.finditer(text)
                    if any(match.start() < edge < match.end() for edge in edges)
                ]
                assert cut == [], (redline.name, pieces)


def pieces_of(paragraph: etree._Element) -> Iterator[tuple[str, str]]:
    """The runs of a paragraph: the change they are in, or none, and their text."""
    for run in paragraph.iter(f"{W}r"):
        kind = run.getparent().tag.removeprefix(W)
        nodes = run.iter(*(f"{W}{name}" for name in ("t", "delText", "tab", "br")))
        yield kind if kind in ("ins", "del") else "", "".join(node.text or "\t" for node in nodes)


def edges_of(pieces: list[tuple[str, str]], without: str) -> tuple[list[int], str]:
    """Where changes begin or end in the text of one side."""
    edges, text = [], ""
    for (kind, piece), (following, _) in pairwise([*pieces, ("", "")]):
        text += "" if kind == without else piece
        if kind != following:
            edges.append(len(text))
    return edges, text


def test_every_change_is_signed(redlines: list[Redline]) -> None:
    names = ("ins", "del", "moveFrom", "moveTo", "pPrChange", "moveFromRangeStart")
    for redline in redlines:
        changes = list(body_of(redline.both).iter(*(f"{W}{name}" for name in names)))
        signed = {(c.get(f"{W}author"), c.get(f"{W}date")) for c in changes}
        assert signed <= {(AUTHOR, f"{DATE}T00:00:00Z")}, redline.name
        numbers = [c.get(f"{W}id") for c in changes]
        assert len(set(numbers)) == len(numbers), redline.name


def test_the_subject_of_the_file_tells_the_counts() -> None:
    old, new = pair_of(1)
    found = compare(old, new)
    both = write_redline(old, new, found, STYLE, author=AUTHOR, date=DATE)
    assert count_line(found) in part(both, "docProps/core.xml").decode()
    assert both == write_redline(old, new, found, STYLE, author=AUTHOR, date=DATE)


# What is written how


def side_of_texts(*texts: tuple[str, str], last: str = "") -> Side:
    """A document of paragraphs: role (or a heading's level) and text; the `last` on its own page."""
    blocks = tuple(
        Heading(f"h{number}", int(role), (Segment(text),))
        if role.isdigit()
        else Paragraph(f"a:{number}", role, (Segment(text),))
        for number, (role, text) in enumerate(texts)
    )
    sections = [Section("portrait", blocks)]
    if last:
        sections = [Section("portrait", blocks[:-1]), Section(last, blocks[-1:])]
    document = Document("", "某局", "", DATE, tuple(sections))
    return Side("旧", "某局", 2024, "", document)


def changes_of(old: Side, new: Side) -> list[tuple[str, str]]:
    """The tracked changes of texts and marks, in order: name, text."""
    both = write_redline(old, new, compare(old, new), STYLE, author=AUTHOR, date=DATE)
    names = [f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "pPrChange")]
    return [
        (change.tag.removeprefix(W), "".join(change.itertext()))
        for change in body_of(both).iter(*names)
        if change.getparent().tag != f"{W}rPr"
    ]


def test_a_text_that_moved_is_a_move() -> None:
    texts = [("正文", f"第{number}段说的是{number}。") for number in "甲乙丙丁"]
    old, new = side_of_texts(*texts), side_of_texts(*texts[1:], texts[0])
    assert changes_of(old, new) == [("moveFrom", texts[0][1]), ("moveTo", texts[0][1])]


def test_a_heading_and_a_paragraph_may_have_one_text() -> None:
    changes = changes_of(*(side_of_texts(*order) for order in TITLES))
    assert sorted(changes) == [("moveFrom", "目录"), ("moveTo", "目录")]


def test_another_style_is_no_other_text() -> None:
    old = side_of_texts(("1", "一、职责"), ("正文", "依法履职。"))
    new = side_of_texts(("2", "一、职责"), ("正文", "依法履职。"))
    assert changes_of(old, new) == [("pPrChange", "")]


def test_a_word_is_exchanged_alone_and_a_number_whole() -> None:
    old = side_of_texts(("正文", "安排832.3万元，主要用于办公。"))
    new = side_of_texts(("正文", "安排832.4万元，主要用于公务用车。"))
    assert changes_of(old, new) == [
        ("del", "832.3万元"),
        ("ins", "832.4万元"),
        ("del", "办公"),
        ("ins", "公务用车"),
    ]


def test_nothing_is_marked_where_nothing_changed() -> None:
    old, _ = pair_of(3)
    assert changes_of(old, old) == []
    assert changes_of(old, replace(old, name="新")) == []
