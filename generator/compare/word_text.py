"""A Word file as a document: its text typed as far as the text itself and our anchors tell.

Numbers become figures named by their anchor, or by the words before them; rows and columns are
known by their anchors and headers. Text of tracked insertions counts, of tracked deletions not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from generator.compare.normal import without_ordinal
from generator.compare.word_tables import are_parts, is_in_run, joined, read_table
from generator.document import (
    FIGURE,
    LITERAL,
    WORD,
    YEAR,
    Block,
    Contents,
    Document,
    Heading,
    Paragraph,
    Section,
    Segment,
    Table,
    text_of,
)
from generator.verify.package import Package, document_part, open_package
from generator.writers.docx_package import ANCHORS_NAMESPACE
from generator.writers.docx_roles import (
    STYLE_BY_CONTENTS_LEVEL,
    STYLE_BY_HEADING_LEVEL,
    STYLE_BY_PARAGRAPH_ROLE,
    TABLE_CORNER,
    TABLE_NOTE,
    TABLE_SUBTITLE,
    TABLE_TITLE,
    TABLE_TITLE_SAME_PAGE,
    paragraph_styles,
)
from generator.writers.docx_xml import W

_W = f"{{{W}}}"
_ROLE_BY_STYLE = {style: role for role, style in STYLE_BY_PARAGRAPH_ROLE.items()}
_LEVEL_BY_STYLE = {style: level for level, style in enumerate(STYLE_BY_HEADING_LEVEL)}
_KNOWN_STYLES = {name.lower(): name for name in paragraph_styles()}
_TABLE_TITLES = (TABLE_TITLE, TABLE_TITLE_SAME_PAGE)
_TYPED = re.compile(
    r"(?P<year>(?<![0-9.])(?:19|20|21)[0-9]{2}(?=年))"
    r"|(?P<figure>(?<![0-9.,])[0-9][0-9,]*(?:\.[0-9]+)?(?:万元|亿元|元|%|个|辆|台（套）))"
    r"|(?P<word>增加|减少|增长|下降|持平|上年无此项预算|无增减变动)"
)
_LABEL = re.compile(r"[^，。；：、！？（）]*$")


@dataclass(frozen=True, slots=True)
class WordDocument:
    """What was read; `anchored` says that the file carries our marks."""

    document: Document
    anchored: bool


@dataclass(slots=True)
class _Reading:
    """What is known of the file, and what has been seen of it so far."""

    style_names: Mapping[str, str]
    facts: Mapping[str, str]  # bookmark -> fact
    rows: Mapping[str, tuple[str, str]]  # bookmark -> table, row key
    heading: str = ""
    seen: dict[str, int] = field(default_factory=dict)

    def unique(self, name: str) -> str:
        count = self.seen[name] = self.seen.get(name, 0) + 1
        return name if count == 1 else f"{name}~{count}"


def read_word(content: bytes, *, use_anchors: bool = True) -> WordDocument:
    """The document in a .docx; UnusableFile if it is none, or one made to do harm."""
    package = open_package(content)
    main = document_part(package)
    body = package.parse(main)
    facts, rows = _anchors(package) if use_anchors else ({}, {})
    title, author, date = _properties(package)
    reading = _Reading(_style_names(package, main), facts, rows)
    blocks = tuple(_with_tables_gathered(list(_blocks(body, reading)), reading))
    title = title or next((text_of(b.segments) for b in blocks if isinstance(b, Paragraph)), "")
    section = Section("portrait", blocks)
    return WordDocument(Document(title, author, "", date, (section,)), bool(facts or rows))


def _style_names(package: Package, main: str) -> dict[str, str]:
    return {
        # LibreOffice writes TOC 1 for toc 1; to Word they are the same.
        str(style.get(f"{_W}styleId")): _KNOWN_STYLES.get(
            str(name.get(f"{_W}val")).lower(), str(name.get(f"{_W}val"))
        )
        for part in package.linked(main, "styles")
        for style in package.parse(part).iterchildren(f"{_W}style")
        if (name := style.find(f"{_W}name")) is not None
    }


def _anchors(package: Package) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    facts: dict[str, str] = {}
    rows: dict[str, tuple[str, str]] = {}
    for name in sorted(package.names):
        if not re.fullmatch(r"customXml/item[0-9]+\.xml", name):
            continue
        root = package.parse(name)
        if root.tag != f"{{{ANCHORS_NAMESPACE}}}anchors":
            continue
        for anchor in root:
            bookmark = anchor.get("bookmark", "")
            if anchor.tag.endswith("}figure"):
                facts[bookmark] = anchor.get("fact", "")
            else:
                rows[bookmark] = anchor.get("table", ""), anchor.get("key", "")
    return facts, rows


def _properties(package: Package) -> tuple[str, str, str]:
    """Title, author and the day of making (ISO)."""
    parts = package.linked("", "core-properties")
    elements = (element for part in parts for element in package.parse(part))
    found = {element.tag.rpartition("}")[2]: element.text or "" for element in elements}
    return found.get("title", ""), found.get("creator", ""), found.get("created", "")[:10]


Read = Block | tuple[str, tuple[Segment, ...]]  # a paragraph that belongs to a table: style, text


def _blocks(parent: etree._Element, reading: _Reading) -> Iterator[Read]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, reading)
        elif child.tag == f"{_W}tbl":
            yield read_table(child, reading.rows)
        elif child.tag != f"{_W}sectPr" and len(child):
            yield from _blocks(child, reading)


def _paragraph(element: etree._Element, reading: _Reading) -> Iterator[Read]:
    mark = element.find(f"{_W}pPr/{_W}pStyle")
    style = reading.style_names.get("" if mark is None else mark.get(f"{_W}val", ""), "")
    if style in STYLE_BY_CONTENTS_LEVEL:
        yield Contents()
        return
    segments = tuple(_segments(element, reading))
    text = text_of(segments)
    if not text.strip():
        return
    if style in _LEVEL_BY_STYLE:
        reading.heading = without_ordinal(text)
        yield Heading(reading.unique(text), _LEVEL_BY_STYLE[style], segments)
    elif style in (*_TABLE_TITLES, TABLE_SUBTITLE, TABLE_NOTE, *TABLE_CORNER.values()):
        yield style, segments
    else:
        role = _ROLE_BY_STYLE.get(style, "正文")
        yield Paragraph(reading.unique(f"文字/{text}"), role, segments)


def _segments(element: etree._Element, reading: _Reading) -> Iterator[Segment]:
    """The typed text of a paragraph: anchored figures as they are, the rest by its own words."""
    pieces: list[tuple[str, str]] = []  # text, fact
    open_facts: dict[str, str] = {}
    for node in element.iter():
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        if tag == "bookmarkStart" and node.get(f"{_W}name", "") in reading.facts:
            open_facts[node.get(f"{_W}id", "")] = reading.facts[node.get(f"{_W}name", "")]
        elif tag == "bookmarkEnd":
            open_facts.pop(node.get(f"{_W}id", ""), None)
        text = {"t": node.text or "", "tab": "\t", "br": "\n"}.get(tag, "")
        if tag == "tab" and not is_in_run(node):
            continue
        fact = next(iter(open_facts.values()), "")
        if pieces and pieces[-1][1] == fact:
            pieces[-1] = pieces[-1][0] + text, fact
        elif text:
            pieces.append((text, fact))
    about = ""
    before = ""
    for text, fact in pieces:
        if fact:
            about = fact
            yield Segment(text, FIGURE, fact)
        else:
            for segment in _typed(text, before, about, reading):
                about = segment.figure if segment.kind == FIGURE and segment.figure else about
                yield segment
        before = text


def _typed(text: str, before: str, about: str, reading: _Reading) -> Iterator[Segment]:
    position = 0
    for match in _TYPED.finditer(text):
        if match.start() > position:
            yield Segment(text[position : match.start()])
        label = _LABEL.search(text[: match.start()] or before)
        if match["year"]:
            yield Segment(match[0], YEAR)
        elif match["word"]:
            yield Segment(match[0], WORD, about or None)
        else:
            words = re.sub(r"[0-9]{4}年", "", label[0] if label else "")
            about = reading.unique(f"{reading.heading}/{words}")
            yield Segment(match[0], FIGURE, about)
        position = match.end()
    if position < len(text):
        yield Segment(text[position:], LITERAL)


def _with_tables_gathered(blocks: list[Read], reading: _Reading) -> Iterator[Block]:
    """Titles, corners and notes put into their tables; neighbouring contents lines into one."""
    pending: dict[str, tuple[Segment, ...]] = {}
    table: Table | None = None
    notes: list[tuple[Segment, ...]] = []
    contents = False
    for block in [*blocks, None]:
        if table and isinstance(block, Table) and are_parts(table, block):
            table = joined(table, block)
            continue
        if table is not None and not (isinstance(block, tuple) and block[0] == TABLE_NOTE):
            yield _gathered(table, pending, notes, reading)
            table, pending, notes = None, {}, []
        if isinstance(block, tuple):
            if block[0] == TABLE_NOTE:
                notes.append(block[1])
            else:
                pending["title" if block[0] in _TABLE_TITLES else block[0]] = block[1]
        elif isinstance(block, Table):
            table = block
        elif not (block is None or (isinstance(block, Contents) and contents)):
            yield block
        contents = isinstance(block, Contents)


def _gathered(
    table: Table,
    parts: Mapping[str, tuple[Segment, ...]],
    notes: list[tuple[Segment, ...]],
    reading: _Reading,
) -> Table:
    title = parts.get("title", ())
    corner = next((text_of(parts[s]) for s in TABLE_CORNER.values() if s in parts), "")
    left, _, right = corner.partition("\t")
    words = re.sub(r"[0-9]{4}年?", "", without_ordinal(text_of(title)))
    header = "/".join(column.key for column in table.columns)
    return Table(
        id=reading.unique(table.id or words or f"表头 {header}"),
        title=title,
        columns=table.columns,
        rows=table.rows,
        corner_left=left,
        corner_right=right,
        subtitle=text_of(parts.get(TABLE_SUBTITLE, ())),
        notes=tuple(notes),
    )
