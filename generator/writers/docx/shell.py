"""Reads style.docx with python-docx: what every document takes over from it.

Only styles, fonts, headers and footers are; settings and properties are ours, because a file saved
by Word carries the name of its user, paths of templates and revision marks, and none of that may
leave the office.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn

from generator.problems import raise_errors
from generator.writers.docx.fit import Page
from generator.writers.docx.package import (
    OWN_LINKS,
    STYLE_PATH,
    PageSetup,
    Shell,
    TakenPart,
    links_part,
)
from generator.writers.docx.style_check import (
    open_style,
    problems_of_opened_style,
    text_area,
)
from generator.writers.docx.watermark import with_watermark
from generator.writers.docx.xml import W, escape

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.opc.part import Part
    from lxml.etree import _Element

_TAKEN = (RT.STYLES, RT.FONT_TABLE, RT.NUMBERING, RT.HEADER, RT.FOOTER)


def read_shell(style: bytes, draft: bool) -> Shell:
    """The shell of style.docx, with the watermark in all headers of a draft; ProblemsFound."""
    word = open_style(style, STYLE_PATH)
    raise_errors(problems_of_opened_style(word, STYLE_PATH))
    cover, portrait, landscape = (section._sectPr for section in word.sections)
    return Shell(
        part_by_name=dict(_taken_parts(word, draft)),
        links=_links(word),
        style_ids=_style_ids(word),
        cover=_page_setup(cover, cover),
        portrait=_page_setup(portrait, portrait),
        landscape=_page_setup(landscape, landscape),
        landscape_cover=_page_setup(cover, landscape),
    )


def _taken_parts(word: WordDocument, draft: bool) -> Iterator[tuple[str, TakenPart]]:
    headers = 0
    for link in word.part.rels.values():
        if link.reltype not in _TAKEN or link.is_external:
            continue
        part = link.target_part
        blob = part.blob
        if draft and link.reltype == RT.HEADER:
            headers += 1
            blob = with_watermark(blob, headers)
        yield _part_name(part), TakenPart(part.content_type, blob, _own_links(part))
        for own in part.rels.values():
            if not own.is_external:
                image = own.target_part
                yield _part_name(image), TakenPart(image.content_type, image.blob)


def _own_links(part: Part) -> bytes | None:
    inside = [link for link in part.rels.values() if not link.is_external]
    return (
        links_part((link.rId, link.reltype, link.target_ref) for link in inside) if inside else None
    )


def _links(word: WordDocument) -> tuple[tuple[str, str, str], ...]:
    links = sorted(
        (link.rId, link.reltype, posixpath.relpath(_part_name(link.target_part), "word"))
        for link in word.part.rels.values()
        if link.reltype in _TAKEN and not link.is_external
    )
    return (*links, *OWN_LINKS)


def _style_ids(word: WordDocument) -> dict[str, str]:
    return {
        str(name.get(qn("w:val"))): str(style.get(qn("w:styleId")))
        for style in word.styles.element.findall(qn("w:style"))
        if (name := style.find(qn("w:name"))) is not None
    }


def _page_setup(references: _Element, size: _Element) -> PageSetup:
    """Headers and footers of one section, size and margins of another.

    docGrid is left behind: a grid doubles the pages of tables and gives 14 characters a line in
    LibreOffice; titlePg would hide the number of the first page.
    """
    page, margins = size.find(qn("w:pgSz")), size.find(qn("w:pgMar"))
    assert page is not None  # checked
    assert margins is not None
    kept = (qn("w:headerReference"), qn("w:footerReference"))
    return PageSetup(
        references="".join(_as_text(child) for child in references if child.tag in kept),
        size=_as_text(page) + _as_text(margins),
        columns='<w:cols w:space="425"/>',
        page=Page(*text_area(page, margins)),
    )


def _as_text(element: _Element) -> str:
    """An empty element in the prefixes w and r, without the namespaces declared around it."""
    attributes = "".join(
        f' {_prefixed(str(name))}="{escape(str(value))}"' for name, value in element.attrib.items()
    )
    return f"<{_prefixed(element.tag)}{attributes}/>"


def _prefixed(name: str) -> str:
    namespace, local = name[1:].split("}")
    return f"{'w' if namespace == W else 'r'}:{local}"


def _part_name(part: Part) -> str:
    return str(part.partname).lstrip("/")
