"""The package around word/document.xml: the parts taken from style.docx, and our own."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from generator.document import Document
from generator.writers.docx.fit import Page
from generator.writers.docx.theme import THEME
from generator.writers.docx.xml import DECLARATION, R, W, escape
from generator.writers.docx.zip import CONTENT_TYPES, write_zip

STYLE_PATH = "style.docx"
DOCUMENT_PART = "word/document.xml"
SETTINGS_PART = "word/settings.xml"
THEME_PART = "word/theme/theme1.xml"
CORE_PART = "docProps/core.xml"
ANCHORS_PART = "customXml/item1.xml"
_ANCHORS_PROPERTIES_PART = "customXml/itemProps1.xml"
_ANCHORS_ID = "{6D1F0F3B-5C5E-5B52-9C0E-2B6C5E1A7F10}"
ANCHORS_NAMESPACE = "urn:budget-disclosure:anchors"

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PACKAGE_TYPE = "application/vnd.openxmlformats-package"
_OFFICE_TYPE = "application/vnd.openxmlformats-officedocument"

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


@dataclass(frozen=True, slots=True, eq=False)
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


def write_package(
    shell: Shell, document: Document, body: Iterable[str], anchors: Iterable[str] | None
) -> bytes:
    """The .docx. `body` is consumed before `anchors`, which may be filled by writing the body."""
    streams = [(DOCUMENT_PART, body)]
    if anchors is not None:
        streams.append((ANCHORS_PART, anchors))
    begun = _common_parts(shell, anchors is not None)
    return write_zip({CORE_PART: core_properties(document)}, streams, begun)


@lru_cache(maxsize=16)
def _common_parts(shell: Shell, anchors: bool) -> bytes:
    """What is the same in all documents of a shell, packed once: a fifth of writing one."""
    parts = {name: part.blob for name, part in shell.part_by_name.items()}
    for name, part in shell.part_by_name.items():
        if part.relationships is not None:
            parts[_relationships_name(name)] = part.relationships
    parts[SETTINGS_PART] = SETTINGS
    parts[THEME_PART] = THEME
    parts["_rels/.rels"] = PACKAGE_LINKS
    parts[_relationships_name(DOCUMENT_PART)] = _document_links(shell, anchors)
    parts[CONTENT_TYPES] = _content_types(shell, anchors)
    if anchors:
        parts[_ANCHORS_PROPERTIES_PART] = _ANCHORS_PROPERTIES
        parts[_relationships_name(ANCHORS_PART)] = _ANCHORS_LINKS
    return write_zip(parts)


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
        f'<Default Extension="rels" ContentType="{_PACKAGE_TYPE}.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{entries}</Types>'
    ).encode()


PACKAGE_LINKS = links_part(
    [
        ("rId1", f"{R}/officeDocument", DOCUMENT_PART),
        ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", CORE_PART),
    ]
)
OWN_LINKS = (
    ("rIdSettings", f"{R}/settings", "settings.xml"),
    ("rIdTheme", f"{R}/theme", "theme/theme1.xml"),
)
_ANCHORS_LINKS = links_part([("rId1", f"{R}/customXmlProps", "itemProps1.xml")])
_ANCHORS_PROPERTIES = (
    f'{DECLARATION}<ds:datastoreItem ds:itemID="{_ANCHORS_ID}" xmlns:ds='
    '"http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs>'
    f'<ds:schemaRef ds:uri="{ANCHORS_NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
).encode()


def _document_links(shell: Shell, anchors: bool) -> bytes:
    own = [("rIdAnchors", f"{R}/customXml", f"../{ANCHORS_PART}")] if anchors else []
    return links_part([*shell.links, *own])


def _content_types(shell: Shell, anchors: bool) -> bytes:
    type_by_name = {name: part.content_type for name, part in shell.part_by_name.items()}
    type_by_name[DOCUMENT_PART] = f"{_OFFICE_TYPE}.wordprocessingml.document.main+xml"
    type_by_name[SETTINGS_PART] = f"{_OFFICE_TYPE}.wordprocessingml.settings+xml"
    type_by_name[THEME_PART] = f"{_OFFICE_TYPE}.theme+xml"
    type_by_name[CORE_PART] = f"{_PACKAGE_TYPE}.core-properties+xml"
    if anchors:
        type_by_name[_ANCHORS_PROPERTIES_PART] = f"{_OFFICE_TYPE}.customXmlProperties+xml"
    return content_types_part(type_by_name)


def _relationships_name(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")
