"""Tracked changes, comments and hidden text: noted, then settled to the accepted text."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from generator.verify.package import Package, W, is_on

INSERTED, DELETED, MOVED_FROM, MOVED_TO, REFORMATTED = "插入", "删除", "移走", "移来", "改格式"
# What a changed format was before.
_FORMATS = tuple(
    f"{W}{name}Change"
    for name in ("rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "tblGrid", "numbering")
)
_KIND_BY_TAG = {
    f"{W}ins": INSERTED,
    f"{W}del": DELETED,
    f"{W}moveFrom": MOVED_FROM,
    f"{W}moveTo": MOVED_TO,
    f"{W}cellIns": INSERTED,
    f"{W}cellDel": DELETED,
    **dict.fromkeys(_FORMATS, REFORMATTED),
}
REVISION_TAGS = tuple(_KIND_BY_TAG)
# A row that moved went here and came there; only its texts are said to have moved.
_ROW_TAG = {f"{W}moveFrom": f"{W}del", f"{W}moveTo": f"{W}ins"}
_PARAGRAPH_MARK = "（段落标记）"
# What may stand between two parts of one change.
_UNSEEN = frozenset(
    f"{W}{name}"
    for name in (
        *("bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
    )
)
_COMMENT_MARKS = (f"{W}commentRangeStart", f"{W}commentReference")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX, _VANISH = f"{W}txbxContent", f"{W}vanish"
_PICTURES = (f"{W}drawing", f"{W}pict", f"{W}object")
_IMAGES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_EMBEDDED = (f"{W}altChunk", f"{W}subDoc")
_P, _TBL, _TR, _TC, _R, _RPR, _PPR = (
    f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "r", "rPr", "pPr")
)
_TEXTS = (f"{W}t", f"{W}delText")


class Revision(NamedTuple):
    """A tracked change. `block` is the number of the block it stands in, -1 if that is gone."""

    kind: str
    author: str
    date: str
    text: str
    block: int


class Spot(NamedTuple):
    """A text and the number of its block."""

    text: str
    block: int


class Comment(NamedTuple):
    author: str
    date: str
    text: str
    block: int


_Block = etree._Element | None


class _Change(NamedTuple):
    kind: str
    author: str
    date: str
    block: _Block


@dataclass(slots=True)
class Settled:
    """What was noted before it was taken away, each with the element of the block it stood in.

    `struck` are the texts with a line through them, `numbered` those that Word numbers by itself,
    `merged` the paragraphs that begin the next one now, the last first.
    """

    noted: list[tuple[_Change, str]] = field(default_factory=list)
    struck: list[tuple[str, _Block]] = field(default_factory=list)
    numbered: list[tuple[str, _Block]] = field(default_factory=list)
    comment_marks: dict[str, _Block] = field(default_factory=dict)
    merged: dict[etree._Element, etree._Element] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    floating: tuple[str, ...] = ()
    pictures: int = 0
    embedded: int = 0


def settle(root: etree._Element, hiding: frozenset[str]) -> Settled:
    """Note all marks below `root` and accept them: deletions and hidden text are removed.

    `hiding` are the ids of the styles that hide text.
    """
    settled = Settled()
    for fallback in list(root.iter(_FALLBACK)):
        remove(fallback)
    _note(root, settled)
    settled.pictures = sum(map(_is_picture, root.iter(*_PICTURES)))
    settled.floating = tuple(_take_boxes(root))
    settled.hidden = tuple(_take_hidden(root, hiding))
    settled.embedded = sum(1 for _ in root.iter(*_EMBEDDED))
    if settled.noted:
        _accept(root, settled)
    settled.struck = list(_struck(root))
    settled.numbered = list(_numbered(root))
    return settled


def _note(root: etree._Element, settled: Settled) -> None:
    last: etree._Element | None = None
    for element in root.iter(*REVISION_TAGS, *_COMMENT_MARKS):
        kind = _KIND_BY_TAG.get(element.tag)
        if kind is None:
            settled.comment_marks.setdefault(element.get(f"{W}id", ""), block_of(element))
            continue
        if _is_of_row(element):
            continue
        author, date = element.get(f"{W}author", ""), element.get(f"{W}date", "")
        change, text = _Change(kind, author, date, block_of(element)), _changed_text(element, kind)
        before, said = settled.noted[-1] if settled.noted else (None, "")
        if change == before and (kind == REFORMATTED or _follows(element, last)):
            pieces = [piece for piece in (said, text) if piece != _PARAGRAPH_MARK]
            settled.noted[-1] = change, "".join(pieces) or _PARAGRAPH_MARK
        else:
            settled.noted.append((change, text))
        last = element


def _is_of_row(element: etree._Element) -> bool:
    """Whether a change is told by that of its whole row, which the same person made."""
    row = next(element.iterancestors(_TR), None)
    tag = _ROW_TAG.get(element.tag, element.tag)
    whole = None if row is None else row.find(f"{W}trPr/{tag}")
    if whole is None or whole is element:
        return False
    return whole.get(f"{W}author") == element.get(f"{W}author")


def _follows(element: etree._Element, last: etree._Element | None) -> bool:
    """Whether nothing stands between two changes; a paragraph's mark goes with what it begins."""
    before = element.getprevious()
    while before is not None and before.tag in _UNSEEN:
        before = before.getprevious()
    if before is None or last is None or before is last:
        return before is not None and before is last
    return before.tag == _PPR and before in last.iterancestors(_PPR)


def _changed_text(element: etree._Element, kind: str) -> str:
    text = "" if kind == REFORMATTED else text_of(element)
    if not text and element.tag in (f"{W}ins", f"{W}del"):
        return _marked_part(element)
    return text


def _marked_part(element: etree._Element) -> str:
    """What an empty w:ins or w:del in the properties of a paragraph or row stands for."""
    parent = element.getparent()
    if parent is not None and parent.tag == _RPR:
        return _PARAGRAPH_MARK
    row = next(element.iterancestors(_TR), None)
    if row is None:
        return ""
    return "（整行）" + " ".join(filter(None, map(text_of, row.iter(_TC))))


def _accept(root: etree._Element, settled: Settled) -> None:
    gone = [row for row in root.iter(_TR) if row.find(f"{W}trPr/{W}del") is not None]
    gone += [cell for cell in root.iter(_TC) if cell.find(f"{W}tcPr/{W}cellDel") is not None]
    gone += root.iter(*_FORMATS)
    for element in root.iter(f"{W}del", f"{W}moveFrom"):
        parent = element.getparent()
        if parent is not None and parent.tag != _RPR:
            gone.append(element)
    for element in gone:
        remove(element)
    for paragraph in reversed(list(root.iter(_P))):
        _join_next(paragraph, settled)


def _join_next(paragraph: etree._Element, settled: Settled) -> None:
    """A paragraph whose mark is deleted begins the next one, which keeps its own mark and style."""
    marks = paragraph.find(f"{_PPR}/{_RPR}")
    if marks is None or (marks.find(f"{W}del") is None and marks.find(f"{W}moveFrom") is None):
        return
    following = paragraph.getnext()
    if following is None or following.tag != _P:
        return
    content = [child for child in paragraph if child.tag != _PPR]
    first = 0 if following.find(_PPR) is None else 1
    following[first:first] = content
    settled.merged[paragraph] = following
    remove(paragraph)


def _is_picture(drawn: etree._Element) -> bool:
    """Whether something drawn is more than text boxes: they may stand in it, beside an image."""
    images = drawn.iter(*_IMAGES)
    return next(drawn.iter(_BOX), None) is None or any(
        next(image.iterancestors(*_PICTURES)) is drawn for image in images
    )


def _take_boxes(root: etree._Element) -> list[str]:
    """The texts of text boxes, which float beside the text; they are removed from it."""
    texts = []
    for box in list(root.iter(_BOX)):
        text = "\n".join(text_of(paragraph) for paragraph in box.iter(_P)).strip()
        remove(box)
        texts.append(text)
    return texts


def hiding_in(package: Package, main: str) -> frozenset[str]:
    """The ids of the styles of a document that hide text, by themselves or by what they follow."""
    found = set()
    for number, styles in styles_in(package, main):
        marks = (style.find(f"{_RPR}/{_VANISH}") for style in styles)
        if is_on(next((mark for mark in marks if mark is not None), None)):
            found.add(number)
    return frozenset(found)


def styles_in(package: Package, main: str) -> Iterator[tuple[str, Collection[etree._Element]]]:
    """The id of each style of a document; the style, and those that it follows, the nearest first."""
    for name in package.linked(main, "styles"):
        root = package.parse(name)
        style_by_id = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
        for number in style_by_id:
            styles: dict[str, etree._Element] = {}
            following: str | None = number
            while following in style_by_id and following not in styles:
                styles[following] = style_by_id[following]
                parent = styles[following].find(f"{W}basedOn")
                following = None if parent is None else parent.get(f"{W}val", "")
            yield number, styles.values()


def hidden_runs(root: etree._Element, hiding: frozenset[str]) -> list[etree._Element]:
    """The runs that are formatted as hidden, directly or by the styles whose ids are in `hiding`."""
    marked = (run for mark in root.iter(_VANISH) for run in mark.iterancestors(_R))
    runs = root.iter(_R) if hiding else dict.fromkeys(marked)
    return [run for run in runs if _is_hidden(run, hiding)]


def _is_hidden(run: etree._Element, hiding: frozenset[str]) -> bool:
    """w:vanish is a toggle: a hiding character style in a hiding paragraph style shows its text."""
    direct = run.find(f"{_RPR}/{_VANISH}")
    if direct is not None:
        return is_on(direct)
    paragraph, table = next(run.iterancestors(_P), None), next(run.iterancestors(_TBL), None)
    styles = (
        run.find(f"{_RPR}/{W}rStyle"),
        None if paragraph is None else paragraph.find(f"{_PPR}/{W}pStyle"),
        None if table is None else table.find(f"{W}tblPr/{W}tblStyle"),
    )
    used = [style.get(f"{W}val", "") in hiding for style in styles if style is not None]
    return sum(used) % 2 == 1


def _take_hidden(root: etree._Element, hiding: frozenset[str]) -> list[str]:
    """The hidden texts, each whole; they are removed."""
    texts: list[str] = []
    runs = hidden_runs(root, hiding)
    for number, run in enumerate(runs):
        if number and _follows(run, runs[number - 1]):
            texts[-1] += text_of(run)
        else:
            texts.append(text_of(run))
    for run in runs:
        remove(run)
    return [text for text in texts if text]


def _struck(root: etree._Element) -> Iterator[tuple[str, _Block]]:
    """The texts with a number in them that a line goes through."""
    for mark in root.iter(f"{W}strike", f"{W}dstrike"):
        run = mark.getparent()
        run = run.getparent() if run is not None and run.tag == _RPR else None
        if run is not None and run.tag == _R and is_on(mark):
            text = text_of(run)
            if any(map(str.isdecimal, text)):
                yield text, block_of(run)


def _numbered(root: etree._Element) -> Iterator[tuple[str, _Block]]:
    """The paragraphs that are given a number of their own, which is in no text."""
    for number in root.iter(f"{W}numId"):
        properties = next(number.iterancestors(_PPR), None)
        paragraph = None if properties is None else properties.getparent()
        if paragraph is not None and paragraph.tag == _P and number.get(f"{W}val") != "0":
            text = text_of(paragraph)
            if text:
                yield text, block_of(number)


def text_of(element: etree._Element) -> str:
    """The letters below an element, deleted ones too."""
    return "".join(text.text or "" for text in element.iter(*_TEXTS))


def block_of(element: etree._Element) -> _Block:
    """The outermost table or paragraph around an element."""
    found = None
    for ancestor in element.iterancestors(_P, _TBL):
        found = ancestor
    return found


def remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def comments_in(package: Package, main: str) -> Iterator[tuple[str, str, str, str]]:
    """The id, author, date and text of each comment of a document."""
    for name in sorted(package.linked(main, "comments")):
        for comment in package.parse(name).iter(f"{W}comment"):
            number, author, date = (comment.get(f"{W}{n}", "") for n in ("id", "author", "date"))
            text = "\n".join(text_of(paragraph) for paragraph in comment.iter(_P))
            yield number, author, date, text
