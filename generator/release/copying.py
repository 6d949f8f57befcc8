"""The copy to publish of an edited Word file: only parts that are known to be needed.

Whatever else the file holds stays behind. What may hold unpublished figures and cannot be looked
into (embedded workbooks, tracked changes) is refused, not removed: a person must decide.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from lxml import etree

from generator.document import Document
from generator.problems import Place, Problem, raise_errors
from generator.release.cleaning import clean, targets_of
from generator.verify.marks import REVISION_TAGS, hiding_in
from generator.verify.package import Link, Package, W, document_part, open_package
from generator.writers.docx.package import (
    CORE_PART,
    SETTINGS,
    content_types_part,
    core_properties,
    links_part,
)
from generator.writers.docx.watermark import TEXT as WATERMARK
from generator.writers.docx.zip import CONTENT_TYPES, write_zip

# Kinds of relationships whose parts are taken over, with the content type they get.
_KEPT = {
    "styles": CT.WML_STYLES,
    "numbering": CT.WML_NUMBERING,
    "fontTable": CT.WML_FONT_TABLE,
    "theme": CT.OFC_THEME,
    "header": CT.WML_HEADER,
    "footer": CT.WML_FOOTER,
    "footnotes": CT.WML_FOOTNOTES,
    "endnotes": CT.WML_ENDNOTES,
}
_IMAGES = {
    ".png": CT.PNG,
    ".jpg": CT.JPEG,
    ".jpeg": CT.JPEG,
    ".gif": CT.GIF,
    ".bmp": CT.BMP,
    ".tif": CT.TIFF,
    ".tiff": CT.TIFF,
}
# They may carry a whole workbook or the text of another file.
_REFUSED = {
    "oleObject": "嵌入的对象",
    "package": "嵌入的文件",
    "chart": "图表（里面带着整个工作簿）",
    "chartEx": "图表（里面带着整个工作簿）",
    "control": "控件",
    "aFChunk": "嵌入的文件",
    "subDocument": "子文档",
    "diagramData": "SmartArt 图形",
}
_REVEALING_FIELDS = {
    *("FILENAME", "AUTHOR", "USERNAME", "USERINITIALS", "USERADDRESS", "LASTSAVEDBY", "TEMPLATE"),
    *("DOCPROPERTY", "INFO", "COMMENTS", "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "DDE", "DDEAUTO"),
}
_FIELD_NAME = re.compile(r"\A\s*([A-Z]+)")
_WEB = ("http://", "https://", "mailto:")
_URL = re.compile(r"https?://[^\s\"<>]*")
# Word keeps pictures in /word/media/, which is no path of a computer.
_PATH = re.compile(
    r"(?<![A-Za-z])[A-Za-z]:[\\/][^\s\"<>]*|\\\\[\w.-]+\\[^\s\"<>]*|file:/[^\s\"<>]*"
    r"|(?<![A-Za-z0-9_.-])/(?:home|Users|root|tmp|mnt|media|var)/[^\s\"<>]+"
)
SETTINGS_FILE = "settings.xml"
_EVEN_HEADERS = b"<w:evenAndOddHeaders/>"


class Released(NamedTuple):
    """The bytes to publish, and what was left behind, in Chinese."""

    content: bytes
    removed: tuple[str, ...]


@dataclass(slots=True)
class _Release:
    """A release under way: what is taken over so far, what was removed by kind."""

    package: Package
    path: str
    removed: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def refuse(self, rule: str, message: str, hint: str) -> None:
        self.problems.append(Problem(rule, message, Place(self.path), hint))


def release_file(content: bytes, document: Document, path: str = "") -> Released:
    """The copy to publish of an edited file of `document`; `path` is its place in problems.

    UnusableFile if it is not a Word file; ProblemsFound with everything a person must decide first.
    """
    package = open_package(content)
    main = document_part(package)
    release = _Release(package, path)
    names = [main, *(name for kind in _KEPT for name in package.linked(main, kind))]
    roots = {name: package.parse(name) for name in dict.fromkeys(names)}
    _refuse_unfinished(release, roots, document)
    targets = targets_of(roots.values())
    hiding = hiding_in(package, main)
    for name, root in roots.items():
        links = list(_kept_links(release, name))
        if name == main:
            target = posixpath.join(posixpath.dirname(main), SETTINGS_FILE)
            links.append(Link("rIdSettings", RT.SETTINGS, target))
        clean(root, targets, {link.id for link in links}, release.removed, hiding)
        release.blobs[name] = etree.tostring(
            root, encoding="UTF-8", xml_declaration=True, standalone=True
        )
        _add_links(release, name, links)
    _add_ours(release, main, document)
    raise_errors(release.problems)
    written = write_zip(release.blobs)
    raise_errors(problems_of_released(written, path))
    return Released(written, tuple(_said(release)))


def problems_of_released(content: bytes, path: str = "") -> tuple[Problem, ...]:
    """Paths and private parts that are still in a file that is to be published."""
    package = open_package(content)
    problems = []
    for name in sorted(package.names):
        if posixpath.splitext(name)[1].lower() in _IMAGES:
            continue
        text = _URL.sub("", package.read(name).decode("utf-8", "replace"))
        if match := _PATH.search(text):
            message = f"要公布的文件里有路径“{match[0][:80]}”（{name}）"
            hint = "在 Word 里删掉这处文字或链接，再运行一次"
            problems.append(Problem("path-in-release", message, Place(path), hint))
        if name.startswith("customXml/") or "comments" in name or "w:author=" in text:
            message = f"要公布的文件里还有批注、修订或内部标记（{name}）"
            hint = "这是程序的错误，请把文件交给维护者"
            problems.append(Problem("private-part-in-release", message, Place(path), hint))
    return tuple(problems)


def draft_problem(path: str) -> Problem:
    message = "这是草稿，还有没有填的内容（【待填】或草稿水印），不能公布"
    return Problem("draft", message, Place(path), "补齐后重新生成")


def _refuse_unfinished(
    release: _Release, roots: Mapping[str, etree._Element], document: Document
) -> None:
    revisions = [mark for root in roots.values() for mark in root.iter(*REVISION_TAGS)]
    if revisions:
        authors = "、".join(sorted({mark.get(f"{W}author", "") for mark in revisions} - {""}))
        message = f"还有 {len(revisions)} 处修订没有接受或拒绝（{authors or '未署名'}）"
        hint = "在 Word 里“审阅 → 接受所有修订”（或逐处拒绝），保存后再运行"
        release.refuse("tracked-changes-left", message, hint)
    texts, codes, watermark = list[str](), list[str](), False
    for root in roots.values():
        texts += [text.text or "" for text in root.iter(f"{W}t")]
        codes += _field_codes(root)
        shapes = root.iter("{urn:schemas-microsoft-com:vml}textpath")
        watermark |= any(shape.get("string") == WATERMARK for shape in shapes)
    if document.draft or watermark or "【待填" in "".join(texts):
        release.problems.append(draft_problem(release.path))
    for name in sorted(
        _REVEALING_FIELDS & {word for code in codes for word in _FIELD_NAME.findall(code.upper())}
    ):
        message = f"有会带出姓名、文件名或别的文件的域 {name}"
        release.refuse("revealing-field", message, "选中它按 Ctrl+Shift+F9 变成普通文字，或删掉")


def _field_codes(root: etree._Element) -> Iterator[str]:
    """The code of every field, put together from the runs that it is split over."""
    yield from (code.get(f"{W}instr", "") for code in root.iter(f"{W}fldSimple"))
    open_codes: list[list[str]] = []
    for element in root.iter(f"{W}fldChar", f"{W}instrText"):
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            open_codes.append([])
        elif kind == "end" and open_codes:
            yield "".join(open_codes.pop())
        elif element.tag == f"{W}instrText":
            if not open_codes:  # outside any field, of a damaged one
                open_codes.append([])
            open_codes[-1].append(element.text or "")
    yield from ("".join(code) for code in open_codes)


def _kept_links(release: _Release, owner: str) -> Iterator[Link]:
    """The relationships that `owner` keeps; the types of their parts and images are taken over."""
    for link in release.package.links(owner):
        if link.kind in _REFUSED or (link.external and link.kind != "hyperlink"):
            what = _REFUSED.get(link.kind, "从外面链接进来的内容")
            hint = "里面可能有不公布的数；改成普通的文字、表格或图片"
            release.refuse("embedded-content", f"文件里有{what}：{link.target}", hint)
        elif link.external:
            if link.target.startswith(_WEB):
                yield link
            else:
                release.removed["指向这台电脑或单位内网的链接"] += 1
        elif link.target not in release.package.names:
            continue
        elif link.kind in _KEPT:
            release.types[link.target] = _KEPT[link.kind]
            yield link
        elif link.kind == "image":
            _keep_image(release, link.target)
            yield link


def _keep_image(release: _Release, name: str) -> None:
    kind = _IMAGES.get(posixpath.splitext(name)[1].lower())
    if kind is None:
        message = f"图片 {name} 的格式里可能带着别的内容"
        release.refuse("unknown-image", message, "另存为 PNG 图片再插入")
        return
    if name not in release.types:
        release.removed["没有检查内容、原样保留的图片"] += 1
    release.types[name] = kind
    release.blobs[name] = release.package.read(name)


def _add_links(release: _Release, owner: str, links: Iterable[Link]) -> None:
    folder, file = posixpath.split(owner)
    entries = [
        (
            link.id,
            link.type,
            link.target if link.external else posixpath.relpath(link.target, folder or "."),
        )
        for link in links
    ]
    if entries:
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        release.blobs[name] = links_part(entries)


def _add_ours(release: _Release, main: str, document: Document) -> None:
    """Settings, properties and content types of our own; the package's relationships."""
    settings = posixpath.join(posixpath.dirname(main), SETTINGS_FILE)
    theirs = release.package.linked(main, "settings")
    # Without it the footers of even pages would not show; where there are none, it would hide them.
    has_even = any(b"evenAndOddHeaders" in release.package.read(name) for name in theirs)
    release.blobs[settings] = SETTINGS if has_even else SETTINGS.replace(_EVEN_HEADERS, b"")
    release.blobs[CORE_PART] = core_properties(document)
    release.types |= {
        main: CT.WML_DOCUMENT_MAIN,
        settings: CT.WML_SETTINGS,
        CORE_PART: CT.OPC_CORE_PROPERTIES,
    }
    _add_links(
        release,
        "",
        [
            Link("rId1", RT.OFFICE_DOCUMENT, main),
            Link("rId2", RT.CORE_PROPERTIES, CORE_PART),
        ],
    )
    release.blobs[CONTENT_TYPES] = content_types_part(release.types)


def _said(release: _Release) -> Iterator[str]:
    """What was removed, in words."""
    for what, count in sorted(release.removed.items()):
        if count:
            yield f"{what} {count} 处"
    names = release.package.names - release.blobs.keys()
    left = sorted(name for name in names if not name.endswith((".rels", "/")))
    if left:
        yield f"文件内部附带的 {len(left)} 个：{'、'.join(left)}"
    yield "文件属性和设置（作者、上次修改者、单位、模板、修订记录）换成部门名称和固定内容"
