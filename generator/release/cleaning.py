"""Takes out of a Word part what is not its text and look: anchors, marks, hidden text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from lxml import etree

from generator.verify.marks import hidden_runs, remove
from generator.verify.package import W
from generator.writers.docx.xml import R

_LINK_ID = f"{{{R}}}id"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_NAME, _NUMBER = f"{W}name", f"{W}id"
_REFERENCE = re.compile(r"(?:PAGEREF|REF|NOTEREF)\s+(\S+)")
# Word numbers paragraphs by the session they were saved in: sessions and copies can be told apart.
_SESSION_NUMBER = re.compile(r"\{[^}]*\}(?:rsid\w*|paraId|textId)\Z")
_DROPPED = tuple(
    f"{W}{name}"
    for name in (
        *("commentRangeStart", "commentRangeEnd", "proofErr", "permStart", "permEnd", "rsid"),
        *("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr"),
        *("embedRegular", "embedBold", "embedItalic", "embedBoldItalic"),
    )
)
_CONTROLS = tuple(f"{W}{name}" for name in ("sdt", "smartTag", "customXml"))
_TEXT_BOX = "{urn:schemas-microsoft-com:vml}textbox"
_DRAWN = frozenset({"docPr", "cNvPr", "shape", "imagedata", "rect"})
_ALT_TEXTS = frozenset({"descr", "title", "alt", f"{_OFFICE}title", f"{_OFFICE}href"})


def targets_of(roots: Iterable[etree._Element]) -> frozenset[str]:
    """The bookmarks that links and page references need."""
    found: set[str] = set()
    for root in roots:
        found.update(link.get(f"{W}anchor", "") for link in root.iter(f"{W}hyperlink"))
        for code in root.iter(f"{W}instrText"):
            found.update(_REFERENCE.findall(code.text or ""))
    return frozenset(found)


def clean(
    root: etree._Element,
    targets: Collection[str],
    links: Collection[str],
    removed: Counter[str],
    hiding: frozenset[str],
) -> None:
    """Clean a part in place, counting by kind in `removed`.

    Bookmarks outside `targets` and references to relationships outside `links` go. `hiding` are the
    ids of the styles that hide text.
    """
    for run in hidden_runs(root, hiding):
        removed["隐藏的文字"] += next(run.iter(f"{W}t"), None) is not None
        remove(run)
    for mark in list(root.iter(f"{W}commentReference")):
        removed["批注"] += 1
        remove(mark)
    for mark in list(root.iter(*_DROPPED)):
        remove(mark)
    _drop_bookmarks(root, targets, removed)
    for content in list(root.iterdescendants(f"{W}sdtContent")):
        _unwrap(content)
    for control in list(root.iterdescendants(*_CONTROLS)):
        removed["内容控件或智能标记"] += 1
        _unwrap(control)
    for link in root.iter(f"{W}hyperlink"):
        if link.get(_LINK_ID) is not None and link.get(_LINK_ID) not in links:
            del link.attrib[_LINK_ID]
    for element in root.iter(etree.Element):
        _clean_attributes(element, removed)


def _drop_bookmarks(root: etree._Element, targets: Collection[str], removed: Counter[str]) -> None:
    dropped = set()
    for mark in list(root.iter(f"{W}bookmarkStart")):
        name = mark.get(_NAME, "")
        if name not in targets:
            dropped.add(mark.get(_NUMBER))
            removed["内部标记" if name.startswith(("_F", "_R")) else "没有用到的书签"] += 1
            remove(mark)
    for mark in list(root.iter(f"{W}bookmarkEnd")):
        if mark.get(_NUMBER) in dropped:
            remove(mark)


def _clean_attributes(element: etree._Element, removed: Counter[str]) -> None:
    drawn = element.tag.rpartition("}")[2] in _DRAWN
    for name in [str(name) for name in element.attrib]:
        if _SESSION_NUMBER.match(name):
            removed["保存记录编号"] += 1
            del element.attrib[name]
        elif drawn and name in _ALT_TEXTS:
            # An inserted picture describes itself with the path it came from.
            is_picture = element.find(_TEXT_BOX) is None
            removed["图片的说明"] += is_picture and bool(element.get(name))
            del element.attrib[name]


def _unwrap(element: etree._Element) -> None:
    """The children take the element's place."""
    parent = element.getparent()
    assert parent is not None
    place = parent.index(element)
    parent[place : place + 1] = list(element)
