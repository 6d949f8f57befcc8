"""A Word file as a document: its text typed as far as the text itself and our anchors tell.

Numbers become figures named by their anchor, or by the words before them; rows and columns are
known by their anchors and headers. Tracked changes count as accepted, hidden text as deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from generator.compare.normal import without_ordinal
from generator.compare.word.gathering import (
    TABLE_PART_STYLES,
    Read,
    SectionEnd,
    TablePart,
    in_sections,
    with_tables_gathered,
)
from generator.compare.word.tables import read_table
from generator.document import (
    FIGURE,
    LITERAL,
    WORD,
    YEAR,
    Contents,
    Document,
    Heading,
    Paragraph,
    Segment,
    text_of,
)
from generator.verify.marks import Settled
from generator.verify.package import Package, W
from generator.verify.reading import RowAnchor, anchors_in, open_settled, properties_of
from generator.verify.walking import FoundLine, Walker
from generator.writers.docx.roles import (
    STYLE_BY_CONTENTS_LEVEL,
    STYLE_BY_HEADING_LEVEL,
    STYLE_BY_PARAGRAPH_ROLE,
    paragraph_styles,
)

_ROLE_BY_STYLE = {style: role for role, style in STYLE_BY_PARAGRAPH_ROLE.items()}
_LEVEL_BY_STYLE = {style: level for level, style in enumerate(STYLE_BY_HEADING_LEVEL)}
_KNOWN_STYLES = {name.lower(): name for name in paragraph_styles()}
_CONTENTS_FIELD = re.compile(r"\s*TOC\b")
_CONTENTS_ENTRY = re.compile(r'\bTC\s+"((?:[^"\\]|\\.)*)"')
_TYPED = re.compile(
    r"(?P<year>(?<![0-9.])(?:19|20|21)[0-9]{2}(?=年))"
    r"|(?P<figure>(?<![0-9.,])[0-9][0-9,]*(?:\.[0-9]+)?(?:万元|亿元|元|%|个|辆|台（套）))"
    r"|(?P<word>增加|减少|增长|下降|持平|上年无此项预算|无增减变动)"
)
_LABEL = re.compile(r"[^，。；：、！？（）]*$")


@dataclass(frozen=True, slots=True)
class WordDocument:
    """What was read; `anchored` says that the file carries our marks.

    `remarks` say what was settled before: tracked changes, hidden text and divided tables.
    """

    document: Document
    anchored: bool
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """What is known of the file, and what has been seen of it so far."""

    style_names: Mapping[str, str]
    facts: Mapping[str, str]  # bookmark -> fact
    rows: Mapping[str, RowAnchor]
    heading: str = ""
    fields: list[str] = field(default_factory=list)  # the codes of the fields that are open
    at_contents: bool = False  # what stands before is the contents, or their heading
    seen: dict[str, int] = field(default_factory=dict)

    def unique(self, name: str) -> str:
        count = self.seen[name] = self.seen.get(name, 0) + 1
        return name if count == 1 else f"{name}~{count}"


def read_word(content: bytes, *, use_anchors: bool = True) -> WordDocument:
    """The document in a .docx; UnusableFile if it is none, or one made to do harm."""
    package, main, body, settled = open_settled(content)
    figures, rows = (use_anchors and anchors_in(package, main)) or ({}, {})
    facts = {bookmark: anchor.figure for bookmark, anchor in figures.items()}
    title, author, date = properties_of(package)
    reading = _Reading(_style_names(package, main), facts, rows)
    read = [*_blocks(body, reading), *_floating(settled, reading)]
    divided: list[str] = []
    sections = in_sections(with_tables_gathered(read, reading.unique, divided))
    blocks = (block for section in sections for block in section.blocks)
    title = title or next((text_of(b.segments) for b in blocks if isinstance(b, Paragraph)), "")
    document = Document(title, author, "", date, sections)
    return WordDocument(document, bool(facts or rows), tuple(_remarks(settled, divided)))


def _remarks(settled: Settled, divided: Sequence[str]) -> Iterator[str]:
    if settled.noted:
        yield f"有 {len(settled.noted)} 处修订没有接受或拒绝，按都接受了来比较"
    if settled.hidden:
        yield f"有 {len(settled.hidden)} 处隐藏的文字，按没有来比较"
    if divided:
        yield f"{'、'.join(divided)}分成了几段，按一个表来比较"


def _floating(settled: Settled, reading: _Reading) -> Iterator[Paragraph]:
    """The texts of text boxes, after all others: where they stand on the page is not in the text."""
    for text in filter(None, settled.floating):
        segments = tuple(_typed(text, "", "", reading))
        yield Paragraph(reading.unique(f"文本框/{text}"), "正文", segments)


def _style_names(package: Package, main: str) -> dict[str, str]:
    return {
        # LibreOffice writes TOC 1 for toc 1; to Word they are the same.
        str(style.get(f"{W}styleId")): _KNOWN_STYLES.get(
            str(name.get(f"{W}val")).lower(), str(name.get(f"{W}val"))
        )
        for part in package.linked(main, "styles")
        for style in package.parse(part).iterchildren(f"{W}style")
        if (name := style.find(f"{W}name")) is not None
    }


def _blocks(body: etree._Element, reading: _Reading) -> Iterator[Read]:
    for element, read in Walker().blocks(body):
        if isinstance(read, FoundLine):
            for block in _paragraph(element, read, reading):
                yield block
                reading.at_contents = _leads_to_contents(block)
            if (end := element.find(f"{W}pPr/{W}sectPr")) is not None:
                yield _section_end(end)
        elif read is None:
            yield _section_end(element)
        else:
            yield read_table(element, read, reading.rows)
            reading.at_contents = False


def _leads_to_contents(block: Read) -> bool:
    titled = isinstance(block, Paragraph) and "".join(text_of(block.segments).split()) == "目录"
    return isinstance(block, Contents) or titled


def _section_end(properties: etree._Element) -> SectionEnd:
    size, kind, number = (properties.find(f"{W}{n}") for n in ("pgSz", "type", "pgNumType"))
    turned = size is not None and size.get(f"{W}orient") == "landscape"
    return SectionEnd(
        orientation="landscape" if turned else "portrait",
        starts=number is not None and number.get(f"{W}start") is not None,
        goes_on=kind is not None and kind.get(f"{W}val") == "continuous",
    )


def _paragraph(element: etree._Element, line: FoundLine, reading: _Reading) -> Iterator[Read]:
    mark = element.find(f"{W}pPr/{W}pStyle")
    style = reading.style_names.get("" if mark is None else mark.get(f"{W}val", ""), "")
    in_contents = _is_in_contents(element, reading) or reading.at_contents
    if style in STYLE_BY_CONTENTS_LEVEL and in_contents:
        yield Contents()
        return
    segments = tuple(_segments(line, reading))
    text = text_of(segments)
    if not text.strip():
        return
    if style in _LEVEL_BY_STYLE:
        reading.heading = without_ordinal(text)
        yield Heading(reading.unique(text), _LEVEL_BY_STYLE[style], segments)
    elif style in TABLE_PART_STYLES:
        yield TablePart(style, segments, _contents_name(element))
    else:
        role = _ROLE_BY_STYLE.get(style, "正文")
        yield Paragraph(reading.unique(f"文字/{text}"), role, segments)


def _is_in_contents(element: etree._Element, reading: _Reading) -> bool:
    """Whether any of a paragraph stands in a TOC field; the open fields are kept."""
    fields = reading.fields
    found = any(map(_CONTENTS_FIELD.match, fields))
    for node in element.iter(f"{W}fldChar", f"{W}instrText"):
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            fields.append("")
        elif kind == "end" and fields:
            fields.pop()
        elif kind is None and fields:
            fields[-1] += node.text or ""
            found = found or _CONTENTS_FIELD.match(fields[-1]) is not None
    return found


def _contents_name(element: etree._Element) -> str:
    """What the TC field of a table's title puts into the contents."""
    code = "".join(node.text or "" for node in element.iter(f"{W}instrText"))
    found = _CONTENTS_ENTRY.search(code)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else ""


def _segments(line: FoundLine, reading: _Reading) -> Iterator[Segment]:
    """The typed text of a paragraph: anchored figures as they are, the rest by its own words."""
    about = ""
    before = ""
    for text, fact in _pieces(line, reading.facts):
        if fact:
            about = fact
            yield Segment(text, FIGURE, fact)
        else:
            for segment in _typed(text, before, about, reading):
                about = segment.figure if segment.kind == FIGURE and segment.figure else about
                yield segment
        before = text


def _pieces(line: FoundLine, facts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The text in anchored figures and what stands between them, each with its fact."""
    position = 0
    for mark in sorted(line.marks, key=lambda mark: mark.start):
        fact = facts.get(mark.name)
        if fact and position <= mark.start < mark.end:
            if position < mark.start:
                yield line.text[position : mark.start], ""
            yield line.text[mark.start : mark.end], fact
            position = mark.end
    if position < len(line.text):
        yield line.text[position:], ""


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
