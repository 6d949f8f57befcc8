"""The package around word/document.xml: what is taken from style.docx and what never is.

python-docx opens style.docx. Only styles, fonts, headers and footers are taken over; settings and
properties are ours, because a file saved by Word carries the name of its user, paths of templates
and revision marks, and none of that may leave the office.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import docx
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn

from generator.document import Document
from generator.problems import Problem, ProblemsFound, raise_errors
from generator.writers.docx_fit import Page
from generator.writers.docx_style_check import problems_of_opened_style, style_unreadable
from generator.writers.docx_theme import THEME
from generator.writers.docx_watermark import with_watermark
from generator.writers.docx_xml import DECLARATION, W, escape
from generator.writers.docx_zip import CONTENT_TYPES, write_zip

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.opc.part import Part
    from lxml.etree import _Element

STYLE_PATH = "style.docx"
DOCUMENT_PART = "word/document.xml"
SETTINGS_PART = "word/settings.xml"
THEME_PART = "word/theme/theme1.xml"
CORE_PART = "docProps/core.xml"
ANCHORS_PART = "customXml/item1.xml"
_ANCHORS_PROPERTIES_PART = "customXml/itemProps1.xml"
_ANCHORS_ID = "{6D1F0F3B-5C5E-5B52-9C0E-2B6C5E1A7F10}"
ANCHORS_NAMESPACE = "urn:budget-disclosure:anchors"

_TAKEN = (RT.STYLES, RT.FONT_TABLE, RT.NUMBERING, RT.HEADER, RT.FOOTER)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

SETTINGS = (
    f'{DECLARATION}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>'
    '<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
    "<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
).encode()


@dataclass(frozen=True, slots=True)
class PageSetup:
    """The section properties of one kind of page, in pieces: w:pgNumType stands among them."""

    references: str
    size: str
    columns: str
    page: Page


@dataclass(frozen=True, slots=True)
class TakenPart:
    """A part written into every document as it is; `relationships` is its own .rels, if any."""

    content_type: str
    blob: bytes
    relationships: bytes | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything of a document that depends on style.docx only."""

    part_by_name: Mapping[str, TakenPart]
    links: tuple[tuple[str, str, str], ...]  # id, type, target of the document's relationships
    style_ids: Mapping[str, str]
    cover: PageSetup
    portrait: PageSetup
    landscape: PageSetup
    landscape_cover: PageSetup

    def page_setup(self, orientation: str, numbered: bool) -> PageSetup:
        if orientation == "landscape":
            return self.landscape if numbered else self.landscape_cover
        return self.portrait if numbered else self.cover


def problems_of_style(style: bytes, path: str = STYLE_PATH) -> tuple[Problem, ...]:
    """What is wrong in style.docx; errors stop `write_docx`, warnings do not."""
    try:
        return problems_of_opened_style(_opened(style, path), path)
    except ProblemsFound as found:
        return found.problems


@lru_cache(maxsize=8)
def open_shell(style: bytes, draft: bool) -> Shell:
    """The shell of style.docx, with the watermark in all headers of a draft; ProblemsFound."""
    word = _opened(style, STYLE_PATH)
    raise_errors(problems_of_opened_style(word, STYLE_PATH))
    cover, portrait, landscape = (section._sectPr for section in word.sections)
    return Shell(
        part_by_name=MappingProxyType(dict(_taken_parts(word, draft))),
        links=_links(word),
        style_ids=MappingProxyType(_style_ids(word)),
        cover=_page_setup(cover, cover),
        portrait=_page_setup(portrait, portrait),
        landscape=_page_setup(landscape, landscape),
        landscape_cover=_page_setup(cover, landscape),
    )


def write_package(
    shell: Shell, document: Document, body: Iterable[str], anchors: Iterable[str] | None
) -> bytes:
    """The .docx. `body` is consumed before `anchors`, which may be filled by writing the body."""
    parts = {name: part.blob for name, part in shell.part_by_name.items()}
    for name, part in shell.part_by_name.items():
        if part.relationships is not None:
            parts[_relationships_name(name)] = part.relationships
    parts[SETTINGS_PART] = SETTINGS
    parts[THEME_PART] = THEME
    parts[CORE_PART] = core_properties(document)
    parts["_rels/.rels"] = PACKAGE_LINKS
    parts[_relationships_name(DOCUMENT_PART)] = _document_links(shell, anchors is not None)
    parts[CONTENT_TYPES] = _content_types(shell, anchors is not None)
    streams = [(DOCUMENT_PART, body)]
    if anchors is not None:
        parts[_ANCHORS_PROPERTIES_PART] = _ANCHORS_PROPERTIES
        parts[_relationships_name(ANCHORS_PART)] = _ANCHORS_LINKS
        streams.append((ANCHORS_PART, anchors))
    return write_zip(parts, streams)


def core_properties(document: Document) -> bytes:
    """The file's properties, from the document: never from the clock or the machine."""
    moment = f"{document.date}T00:00:00Z"
    author = escape(document.author)
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(document.title)}</dc:title>"
        f"<dc:subject>{escape(document.subject)}</dc:subject><dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    ).encode()


def links_part(links: Iterable[tuple[str, str, str]]) -> bytes:
    """A .rels part from (id, type, target)."""
    entries = "".join(
        f'<Relationship Id="{escape(link)}" Type="{escape(kind)}" Target="{escape(target)}"/>'
        for link, kind, target in links
    )
    namespace = f"{_PACKAGE}/relationships"
    return f'{DECLARATION}<Relationships xmlns="{namespace}">{entries}</Relationships>'.encode()


def content_types_part(type_by_name: Mapping[str, str]) -> bytes:
    """[Content_Types].xml with an override for every part."""
    entries = "".join(
        f'<Override PartName="/{escape(name)}" ContentType="{escape(type_by_name[name])}"/>'
        for name in sorted(type_by_name)
    )
    return (
        f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{CT.OPC_RELATIONSHIPS}"/>'
        f'<Default Extension="xml" ContentType="{CT.XML}"/>{entries}</Types>'
    ).encode()


PACKAGE_LINKS = links_part(
    [("rId1", RT.OFFICE_DOCUMENT, DOCUMENT_PART), ("rId2", RT.CORE_PROPERTIES, CORE_PART)]
)
OWN_LINKS = (
    ("rIdSettings", RT.SETTINGS, "settings.xml"),
    ("rIdTheme", RT.THEME, "theme/theme1.xml"),
)
_ANCHORS_LINKS = links_part([("rId1", RT.CUSTOM_XML_PROPS, "itemProps1.xml")])
_ANCHORS_PROPERTIES = (
    f'{DECLARATION}<ds:datastoreItem ds:itemID="{_ANCHORS_ID}" xmlns:ds='
    '"http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs>'
    f'<ds:schemaRef ds:uri="{ANCHORS_NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
).encode()


def _opened(style: bytes, path: str) -> WordDocument:
    try:
        return docx.Document(io.BytesIO(style))
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        # lxml's XMLSyntaxError is a SyntaxError; a package without a document is a KeyError.
        raise ProblemsFound([style_unreadable(path, str(error))]) from error


def _taken_parts(word: WordDocument, draft: bool) -> Iterator[tuple[str, TakenPart]]:
    headers = 0
    for link in word.part.rels.values():
        if link.reltype not in _TAKEN:
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
        if link.reltype in _TAKEN
    )
    return (*links, *OWN_LINKS)


def _document_links(shell: Shell, anchors: bool) -> bytes:
    own = [("rIdAnchors", RT.CUSTOM_XML, f"../{ANCHORS_PART}")] if anchors else []
    return links_part([*shell.links, *own])


def _content_types(shell: Shell, anchors: bool) -> bytes:
    type_by_name = {name: part.content_type for name, part in shell.part_by_name.items()}
    type_by_name[DOCUMENT_PART] = CT.WML_DOCUMENT_MAIN
    type_by_name[SETTINGS_PART] = CT.WML_SETTINGS
    type_by_name[THEME_PART] = CT.OFC_THEME
    type_by_name[CORE_PART] = CT.OPC_CORE_PROPERTIES
    if anchors:
        type_by_name[_ANCHORS_PROPERTIES_PART] = CT.OFC_CUSTOM_XML_PROPERTIES
    return content_types_part(type_by_name)


def _style_ids(word: WordDocument) -> dict[str, str]:
    return {
        str(style.find(qn("w:name")).get(qn("w:val"))): str(style.get(qn("w:styleId")))
        for style in word.styles.element.findall(qn("w:style"))
    }


def _page_setup(references: _Element, size: _Element) -> PageSetup:
    """Headers and footers of one section, size and margins of another.

    docGrid is left behind: a grid doubles the pages of tables and gives 14 characters a line in
    LibreOffice; titlePg would hide the number of the first page.
    """
    page, margins = size.find(qn("w:pgSz")), size.find(qn("w:pgMar"))
    if page is None or margins is None:
        raise ProblemsFound([style_unreadable(STYLE_PATH, "没有页面大小或页边距")])
    kept = (qn("w:headerReference"), qn("w:footerReference"))
    return PageSetup(
        references="".join(_as_text(child) for child in references if child.tag in kept),
        size=_as_text(page) + _as_text(margins),
        columns='<w:cols w:space="425"/>',
        page=Page(
            _twips(page, "w") - sum(_twips(margins, side) for side in ("left", "right", "gutter")),
            _twips(page, "h") - sum(abs(_twips(margins, side)) for side in ("top", "bottom")),
        ),
    )


def _twips(element: _Element, name: str) -> int:
    return int(element.get(qn(f"w:{name}"), "0"))


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


def _relationships_name(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")
