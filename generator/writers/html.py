"""The document as one self-contained, accessible web page: nothing is fetched, nothing is run.

The preview shows the same blocks with `places`: data attributes that name figures and template
lines. A page for publication carries none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import groupby
from pathlib import Path

from generator.document import (
    Block,
    Contents,
    ContentsEntry,
    Document,
    Heading,
    Paragraph,
    Section,
    Table,
    contents_entries,
)
from generator.writers.html_tables import table_html
from generator.writers.html_text import Pen, place_attributes, segments_html, tag

_COVER_TITLE, _CONTENTS_TITLE = "封面标题", "目录标题"
_CLASS_BY_ROLE = {
    "正文": "",
    "封面单位": "cover-unit",
    "封面日期": "cover-date",
    "居中": "centred",
    "注": "note",
}
_DRAFT = "草稿：还有内容没有填，不是正式文件。"


def write_html(document: Document) -> bytes:
    """The whole page, UTF-8: lang zh-CN, styles inside, no script and no request to any network."""
    state = "（草稿）" if document.draft else ""
    return (
        "<!DOCTYPE html>\n"
        '<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="format-detection" content="telephone=no">\n'
        f'<meta name="author" content="{escape(document.author)}">\n'
        f'<meta name="description" content="{escape(document.subject)}">\n'
        f'<meta name="date" content="{escape(document.date)}">\n'
        f"<title>{escape(document.title + state)}</title>\n"
        '<link rel="icon" href="data:,">\n'  # browsers ask the server for one otherwise
        f"<style>\n{style_sheet()}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">跳到正文</a>\n'
        f'<main id="main" tabindex="-1">\n{document_html(document)}</main>\n</body>\n</html>\n'
    ).encode()


def document_html(document: Document, *, places: bool = False) -> str:
    """The blocks of the document as one `<article>`; `places` adds data-place and data-figure.

    A section of the document is a `<section>`; every block is one child of its section.
    """
    pen = Pen(_targets(document), places)
    parts = ['<article class="disclosure">\n']
    if not any(_is_cover_title(block) for block in document.blocks()):
        parts.append(f'<h1 class="unseen">{escape(document.title)}</h1>\n')
    if document.draft:
        parts.append(f'<p class="draft" role="note">{_DRAFT}</p>\n')
    for section in document.sections:
        parts += _section(section, document, pen)
    parts.append("</article>\n")
    return "".join(parts)


@lru_cache(maxsize=1)
def style_sheet() -> str:
    """The style sheet of the page and of the preview: screens, telephones, paper."""
    return Path(__file__).with_name("html.css").read_text(encoding="utf-8")


def _targets(document: Document) -> dict[str, str]:
    """The HTML id of each heading and table: short, without blanks, each once."""
    blocks = (block for block in document.blocks() if isinstance(block, Heading | Table))
    return {block.id: f"s{number}" for number, block in enumerate(blocks, 1)}


def _section(section: Section, document: Document, pen: Pen) -> Iterator[str]:
    kind = "" if section.numbered else " cover"
    yield f'<section class="page {section.orientation}{kind}">\n'
    for is_title, group in groupby(section.blocks, _is_cover_title):
        blocks = list(group)
        if is_title:
            yield _cover_title(blocks, pen)
            continue
        for block in blocks:
            yield _block(block, document, pen)
    yield "</section>\n"


def _is_cover_title(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.role == _COVER_TITLE


def _cover_title(blocks: list[Block], pen: Pen) -> str:
    """The lines of the cover's title are one heading."""
    lines = "".join(
        tag(
            "span",
            segments_html(block.segments, pen, block.place),
            place_attributes(pen, block.place),
        )
        for block in blocks
        if isinstance(block, Paragraph)
    )
    return f"<h1>{lines}</h1>\n"


def _block(block: Block, document: Document, pen: Pen) -> str:
    match block:
        case Heading():
            attributes = {"id": pen.targets[block.id], **place_attributes(pen, block.place)}
            content = segments_html(block.segments, pen, block.place)
            return tag(f"h{block.level + 2}", content, attributes) + "\n"
        case Paragraph():
            return _paragraph(block, pen)
        case Contents():
            return _contents(document, pen)
        case Table():
            return table_html(block, pen)


def _paragraph(block: Paragraph, pen: Pen) -> str:
    content = segments_html(block.segments, pen, block.place)
    places = place_attributes(pen, block.place)
    if block.role == _CONTENTS_TITLE:
        return tag("p", content, {"class": "contents-title", **places}) + "\n"
    name = _CLASS_BY_ROLE[block.role]
    return tag("p", content, {**({"class": name} if name else {}), **places}) + "\n"


def _contents(document: Document, pen: Pen) -> str:
    """Entries of level 0 with those of level 1 as a list inside them."""
    parts = ['<nav class="contents" aria-label="目录"><ul>']
    open_item = False
    for level, group in groupby(contents_entries(document), lambda entry: entry.level):
        links = [_link(entry, pen) for entry in group]
        if level:
            inner = "".join(f"<li>{link}</li>" for link in links)
            parts.append(f"<ul>{inner}</ul></li>" if open_item else f"<li><ul>{inner}</ul></li>")
            open_item = False
            continue
        for link in links:
            parts.append(("</li>" if open_item else "") + f"<li>{link}")
            open_item = True
    parts.append(("</li>" if open_item else "") + "</ul></nav>\n")
    return "".join(parts)


def _link(entry: ContentsEntry, pen: Pen) -> str:
    return f'<a href="#{pen.targets[entry.target]}">{escape(entry.text)}</a>'
