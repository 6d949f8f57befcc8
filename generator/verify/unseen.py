"""Texts that are in the file and that no reader sees: in the colour of their paper, or too small.

It looks at what people format: runs and their styles. Which cells a table style colours is not
worked out; where it colours any, texts in the colour of paper count as seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from generator.verify.marks import block_of, styles_in, text_of
from generator.verify.package import Package, W
from generator.verify.walking import whole

_P, _R, _TC, _TR, _RPR, _PPR = (f"{W}{name}" for name in ("p", "r", "tc", "tr", "rPr", "pPr"))
_SHADE, _VALUE = f"{W}shd", f"{W}val"
_MARKS = tuple(f"{W}{name}" for name in ("color", "sz", "highlight", "shd"))
_STYLES = (f"{W}pStyle", f"{W}rStyle")
_SMALLEST = 8  # half-points: 4 pt; the smallest Chinese size, 八号, has 5
_WHITE, _BLACK = "FFFFFF", "000000"
_HIGHLIGHTS = {"white": _WHITE, "black": _BLACK, "none": ""}
_NEAR = 24  # of 255: nobody tells such colours apart in print
_OTHER = "other"


class Look(NamedTuple):
    """The colour of a text, that behind it, and its size in half-points; empty or 0: not said."""

    ink: str = ""
    paper: str = ""
    size: int = 0

    def over(self, below: Look) -> Look:
        """This look, with what it leaves open as `below` has it."""
        return Look(self.ink or below.ink, self.paper or below.paper, self.size or below.size)

    @property
    def is_unseen(self) -> bool:
        return 0 < self.size < _SMALLEST or _alike(self.ink, self.paper or _WHITE)


def looks_in(package: Package, main: str) -> Mapping[str, Look]:
    """Style id -> its look, by itself or by what it follows."""
    return {
        number: reduce(Look.over, map(_look_of, styles), Look())
        for number, styles in styles_in(package, main)
    }


def unseen_in(
    root: etree._Element, looks: Mapping[str, Look]
) -> Iterator[tuple[str, etree._Element | None]]:
    """The texts below `root` that cannot be seen, each whole, with the blocks they stand in."""
    seen = (run for run in dict.fromkeys(_suspects(root, looks)) if _is_unseen(run, looks))
    for _, whole_row in groupby(seen, lambda run: _around(run, _TR, _P)):
        runs = list(whole_row)
        texts = ("".join(map(text_of, some)) for _, some in groupby(runs, lambda r: _around(r, _P)))
        if text := " ".join(texts).strip():
            yield text, block_of(runs[0])


def _around(element: etree._Element, *tags: str) -> etree._Element | None:
    """What stands around an element: the first of `tags` that does."""
    return next((found for tag in tags for found in element.iterancestors(tag)), None)


def _suspects(root: etree._Element, looks: Mapping[str, Look]) -> Iterator[etree._Element]:
    """The runs with a look of their own, or in a style that is hard to see."""
    doubtful = {number for number, look in looks.items() if look.is_unseen}
    for mark in root.iter(*_MARKS, *_STYLES):
        if mark.tag in _STYLES and mark.get(_VALUE) not in doubtful:
            continue
        holder = mark.getparent()
        holder = None if holder is None else holder.getparent()
        if holder is not None and holder.tag in (_R, _P):
            yield from holder.iter(_R)


def _is_unseen(run: etree._Element, looks: Mapping[str, Look]) -> bool:
    paragraph, cell = _around(run, _P), _around(run, _TC)
    look = _look_of(run).over(_style_of(run, f"{_RPR}/{W}rStyle", looks))
    if paragraph is not None:
        look = look.over(Look(paper=_paper(paragraph.find(f"{_PPR}/{_SHADE}"))))
        look = look.over(_style_of(paragraph, f"{_PPR}/{W}pStyle", looks))
    if cell is not None and not look.paper:
        shade = cell.find(f"{W}tcPr/{_SHADE}")
        look = look.over(Look(paper=_paper(shade) or _paper_of_table(cell, looks)))
    return look.is_unseen


def _style_of(element: etree._Element, path: str, looks: Mapping[str, Look]) -> Look:
    style = element.find(path)
    return looks.get("" if style is None else style.get(_VALUE, ""), Look())


def _paper_of_table(cell: etree._Element, looks: Mapping[str, Look]) -> str:
    """Which of its cells a table style colours is not worked out: another colour than any ink."""
    table = _around(cell, f"{W}tbl")
    if table is None:
        return ""
    return _OTHER if _style_of(table, f"{W}tblPr/{W}tblStyle", looks).paper else ""


def _look_of(element: etree._Element) -> Look:
    """What a run or a style says itself; a table style may say it of some of its cells only."""
    ink, size = element.find(f"{_RPR}/{W}color"), element.find(f"{_RPR}/{W}sz")
    marker = element.find(f"{_RPR}/{W}highlight")
    colour = "" if marker is None else _HIGHLIGHTS.get(marker.get(_VALUE, ""), _OTHER)
    own = element.find(f"{_RPR}/{_SHADE}")
    shades = [own] if element.tag == _R else list(element.iter(_SHADE))
    paper = colour or next(filter(None, map(_paper, shades)), "")
    text = "" if ink is None else ink.get(_VALUE, "")
    # Text of no colour is white on a dark shade, but black under a marker.
    text = _BLACK if colour and text in ("", "auto") else text
    return Look(text, paper, 0 if size is None else whole(size, "val", 0))


def _paper(shade: etree._Element | None) -> str:
    fill = "" if shade is None else shade.get(f"{W}fill", "")
    return "" if fill == "auto" else fill


def _alike(ink: str, paper: str) -> bool:
    try:
        pairs = zip(bytes.fromhex(ink), bytes.fromhex(paper), strict=True)
        return bool(ink) and all(abs(one - other) < _NEAR for one, other in pairs)
    except ValueError:  # auto, a name, nothing
        return False
