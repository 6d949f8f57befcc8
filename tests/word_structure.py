"""What validators do not see in a .docx: grids, merges, fields, bookmarks, links, references."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_STYLE_KINDS = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}


def w(name: str) -> str:
    return f"{{{_W}}}{name}"


def faults_of(docx: bytes) -> list[str]:
    """Every fault, in words; an empty list if there is none."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        blobs = {name: package.read(name) for name in package.namelist()}
    body = etree.fromstring(blobs["word/document.xml"])
    stories = [body, *(etree.fromstring(b) for n, b in blobs.items() if _is_story(n))]
    styles = etree.fromstring(blobs["word/styles.xml"])
    return [
        *(fault for table in body.iter(w("tbl")) for fault in _table_faults(table)),
        *(fault for story in stories for fault in _field_faults(story)),
        *_bookmark_faults(body),
        *(fault for story in stories for fault in _style_faults(story, styles)),
        *_package_faults(blobs),
        *_section_faults(body, blobs),
    ]


def _is_story(name: str) -> bool:
    return name.startswith(("word/header", "word/footer")) and name.endswith(".xml")


def _value(element: etree._Element | None, default: str = "") -> str:
    return default if element is None else element.get(w("val"), default)


def _table_faults(table: etree._Element) -> Iterator[str]:
    grid = [int(column.get(w("w"))) for column in table.findall(f"{w('tblGrid')}/{w('gridCol')}")]
    above: dict[int, tuple[int, str]] = {}  # column -> its span, and "", restart or continue
    headers = []
    for number, row in enumerate(table.findall(w("tr"))):
        is_header = row.find(f"{w('trPr')}/{w('tblHeader')}") is not None
        if headers and headers[-1] != is_header:
            above = {}  # a merge may not go on from the header into the body
        headers.append(is_header)
        column, here = 0, {}
        for cell in row.findall(w("tc")):
            span = int(_value(cell.find(f"{w('tcPr')}/{w('gridSpan')}"), "1"))
            merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
            kind = "" if merge is None else _value(merge, "continue")
            if kind == "continue" and above.get(column, (0, ""))[0] != span:
                yield f"row {number}: a merged cell continues nothing"
            elif kind == "continue" and not above[column][1]:
                yield f"row {number}: a merged cell continues a cell that is not merged"
            width = int(cell.find(f"{w('tcPr')}/{w('tcW')}").get(w("w")))
            if width != sum(grid[column : column + span]):
                yield f"row {number}: a cell is not as wide as its columns"
            if cell[-1].tag != w("p"):
                yield f"row {number}: a cell does not end with a paragraph"
            here[column] = (span, kind)
            column += span
        if column != len(grid):
            yield f"row {number}: {column} columns of {len(grid)}"
        above = here
    if headers != sorted(headers, reverse=True):
        yield "header rows do not all stand first"


def _field_faults(story: etree._Element) -> Iterator[str]:
    open_fields: list[str] = []
    for element in story.iter(w("fldChar"), w("instrText")):
        if element.tag == w("instrText"):
            if not open_fields or open_fields[-1] != "begin":
                yield "an instruction outside the instruction part of a field"
            continue
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            open_fields.append(kind)
        elif not open_fields:
            yield f"a field has {kind} without begin"
        elif kind == "separate":
            if open_fields[-1] == "separate":
                yield "a field is separated twice"
            open_fields[-1] = kind
        else:
            open_fields.pop()
    if open_fields:
        yield f"{len(open_fields)} fields are not ended"


def _bookmark_faults(body: etree._Element) -> Iterator[str]:
    starts = [(mark.get(w("id")), mark.get(w("name"))) for mark in body.iter(w("bookmarkStart"))]
    ends = [mark.get(w("id")) for mark in body.iter(w("bookmarkEnd"))]
    if Counter(ends) != Counter(number for number, _ in starts) or len(set(ends)) != len(ends):
        yield "bookmarks do not each begin and end once"
    names = [name for _, name in starts]
    if len(set(names)) != len(names):
        yield "two bookmarks have one name"
    yield from (f"bookmark {name} is too long for Word" for name in names if len(name) > 40)
    targets = {link.get(w("anchor")) for link in body.iter(w("hyperlink"))}
    for element in body.iter(w("instrText")):
        words = (element.text or "").split()
        if words[:1] == ["PAGEREF"]:
            targets.add(words[1])
    yield from (f"nothing is called {t}" for t in sorted(map(str, targets - set(names))))


def _style_faults(story: etree._Element, styles: etree._Element) -> Iterator[str]:
    kinds = {s.get(w("styleId")): s.get(w("type")) for s in styles.iter(w("style"))}
    for name, kind in _STYLE_KINDS.items():
        for style in sorted({_value(element) for element in story.iter(w(name))}):
            if kinds.get(style) != kind:
                yield f"{style} is not a {kind} style"


def _package_faults(blobs: dict[str, bytes]) -> Iterator[str]:
    types = etree.fromstring(blobs["[Content_Types].xml"])
    typed = {override.get("PartName").lstrip("/") for override in types.iter(f"{_TYPES}Override")}
    defaults = {default.get("Extension") for default in types.iter(f"{_TYPES}Default")}
    for name in blobs:
        extension = name.rpartition(".")[2]
        if name != "[Content_Types].xml" and name not in typed and extension not in defaults:
            yield f"{name} has no content type"
    yield from (f"{name} is declared but absent" for name in sorted(typed - set(blobs)))
    for name in sorted(blobs):
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            for link in etree.fromstring(blobs[name]).iter(f"{_PACKAGE}Relationship"):
                target = posixpath.normpath(posixpath.join(folder, link.get("Target")))
                if link.get("TargetMode") == "External":
                    yield f"{name}: {link.get('Target')} is outside"
                elif target.lstrip("/") not in blobs:
                    yield f"{name}: {target} is absent"


def _section_faults(body: etree._Element, blobs: dict[str, bytes]) -> Iterator[str]:
    links = etree.fromstring(blobs["word/_rels/document.xml.rels"])
    kinds = {link.get("Id"): link.get("Type").rpartition("/")[2] for link in links}
    wanted = {(part, kind) for part in ("header", "footer") for kind in ("default", "even")}
    former = {element[0] for element in body.iter(w("sectPrChange"))}  # has no references
    sections = [section for section in body.iter(w("sectPr")) if section not in former]
    for number, section in enumerate(sections):
        found = set()
        for part in ("header", "footer"):
            for reference in section.findall(w(f"{part}Reference")):
                found.add((part, reference.get(w("type"))))
                if kinds.get(reference.get(f"{{{_R}}}id")) != part:
                    yield f"section {number}: a {part} that is none"
        if found != wanted:
            yield f"section {number}: lacks headers or footers"
    if not sections or body[0][-1].tag != w("sectPr"):
        yield "the last section has no properties"
