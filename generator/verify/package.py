"""Opens a Word file from outside: bounded memory and time, no DTD, no entities, no network.

Nothing in the file is trusted, its zip directory included: sizes are counted while reading.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from generator.writers.docx import xml
from generator.writers.docx.zip import NOT_A_PACKAGE

W = f"{{{xml.W}}}"
_LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MOST_FILE_BYTES = 256 * 1024 * 1024
_MOST_PARTS = 2_000
# 20,000 rows of 12 columns are 45 MB of XML and 400 MB in memory: nobody edits more in Word.
_MOST_PART_BYTES = 48 * 1024 * 1024
_MOST_BYTES = 128 * 1024 * 1024
_CHUNK = 1 << 18
_DAMAGED = (*NOT_A_PACKAGE, ValueError)
_OTHER_FORMATS = (
    (
        b"\xd0\xcf\x11\xe0",
        "这是旧版 .doc，或加了密码的文件；请在 Word 里打开，另存为不加密码的 .docx",
    ),
    (b"%PDF", "这是 PDF，不是 .docx；请用 Word 文件核对"),
    (b"{\\rtf", "这是 RTF，不是 .docx；请在 Word 里另存为 .docx"),
    (b"<", "这是网页或 XML，不是 .docx；请在 Word 里另存为 .docx"),
)


class UnusableFile(ValueError):
    """Not a Word file, damaged, or made to do harm; the message is one Chinese line."""


class Link(NamedTuple):
    """A relationship; `target` is a part or an external address."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The end of its type: hyperlink, image."""
        return self.type.rpartition("/")[2]


@dataclass(slots=True)
class Package:
    """An opened .docx. Counts what it unpacks; `read` raises UnusableFile past the bounds."""

    archive: zipfile.ZipFile
    names: frozenset[str]
    _unpacked: int = 0
    _links: dict[str, tuple[Link, ...]] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """The content of a part; UnusableFile if it is damaged or too large."""
        pieces: list[bytes] = []
        size = 0
        try:
            with self.archive.open(name) as part:
                # In pieces: a part may be far larger than the directory says.
                while piece := part.read(_CHUNK):
                    pieces.append(piece)
                    size += len(piece)
                    if size > _MOST_PART_BYTES or self._unpacked + size > _MOST_BYTES:
                        raise UnusableFile("文件解压后太大，不予读取")
        except UnusableFile:
            raise
        except _DAMAGED as error:
            raise UnusableFile(_damaged(name)) from error
        self._unpacked += size
        return b"".join(pieces)

    def parse(self, name: str) -> etree._Element:
        """The root of an XML part; UnusableFile."""
        return parse_xml(self.read(name), name)

    def linked(self, owner: str, kind: str) -> tuple[str, ...]:
        """The parts that `owner` ("" is the package) refers to by relationships of `kind`."""
        return tuple(
            link.target
            for link in self.links(owner)
            if link.kind == kind and not link.external and link.target in self.names
        )

    def links(self, owner: str) -> tuple[Link, ...]:
        if owner not in self._links:
            self._links[owner] = tuple(self._read_links(owner))
        return self._links[owner]

    def _read_links(self, owner: str) -> Iterator[Link]:
        folder, file = posixpath.split(owner)
        part = posixpath.join(folder, "_rels", f"{file}.rels")
        if part not in self.names:
            return
        for link in self.parse(part).iter(_LINKS):
            target = link.get("Target", "")
            external = link.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield Link(link.get("Id", ""), link.get("Type", ""), target, external)


def open_package(content: bytes) -> Package:
    """The package of a .docx; UnusableFile."""
    if not content:
        raise UnusableFile("文件是空的")
    for start, message in _OTHER_FORMATS:
        if content.startswith(start):
            raise UnusableFile(message)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (*_DAMAGED, OSError) as error:
        raise UnusableFile(
            "不是完整的 .docx 文件（可能没有传完，或已损坏）；请重新传一份"
        ) from error
    names = archive.namelist()
    if len(names) > _MOST_PARTS:
        raise UnusableFile(f"文件里有 {len(names)} 个内部文件，不是正常的 .docx，不予读取")
    if len(set(names)) != len(names):
        raise UnusableFile("文件里有重名的内部文件，不是正常的 .docx，不予读取")
    return Package(archive, frozenset(names))


def document_part(package: Package) -> str:
    """The name of the main document; UnusableFile if the package is not a Word document."""
    for name in package.linked("", "officeDocument"):
        return name
    raise UnusableFile("压缩包里没有 Word 正文，不是 .docx 文件")


def parse_xml(content: bytes, name: str) -> etree._Element:
    """The root element; comments and processing instructions are dropped, a DTD is refused."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnusableFile(f"“{name}”里有不该有的内容（DTD），不予读取")
    # collect_ids=False: 6 ms instead of 11 for the sample.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableFile(_damaged(name)) from error
    # In UTF-16 the search above does not see it.
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnusableFile(f"“{name}”里有不该有的内容（DTD），不予读取")
    return root


def _damaged(name: str) -> str:
    return f"文件已损坏，读不出“{name}”；请重新传一份，或在 Word 里打开、另存后再交"


def is_on(element: etree._Element | None) -> bool:
    """Whether an on/off property such as w:vanish is there and not switched off."""
    if element is None:
        return False
    return element.get(f"{W}val", "") not in ("0", "false", "off")
