"""Figures that are not what the words before them say: 基本支出{{ 三公经费 | 金额 }}."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from generator.narrative.linting.scanner import PRINT, TEXT, Piece, Source
from generator.narrative.vocabulary import FIGURE_MEANINGS
from generator.problems import WARNING

_PRINTED = re.compile(r"\s*(?P<name>\w+)\s*\|\s*(?P<filter>金额|万元|数量|占比)\s*(?:\(|$)")
_LONGEST = 30  # of what a label is read from
_SHARE_OF_IT = re.compile(r"[，、；（(]?占(?:比为?)?")
_NAMES = "|".join(sorted(FIGURE_MEANINGS, key=len, reverse=True))
# 人员经费支出, 一般公共预算支出年初预算为.
_LABEL = re.compile(rf"({_NAMES})(?:年初|支出)?(?:预算)?数?为?$")


def check_labels(source: Source, pieces: Sequence[Piece]) -> None:
    """Report a figure right after the name of another, and a share of another than the amount is."""
    amount = ""
    for words, printed in pairwise(pieces):
        match = _printed(source, printed)
        if words.kind == TEXT and match is not None:
            text = source.text[words.start : words.end]
            name, start = match["name"], match.start("name")
            if label := _other_name(text, name):
                message = f"前面写的是“{label}”，印的却是“{name}”"
                source.report("other-figure", message, start, f"是不是 {label}？", WARNING)
                match = None
            elif amount not in ("", name) and _SHARE_OF_IT.fullmatch(text):
                message = f"前面印的是“{amount}”，这里的占比却是“{name}”的"
                source.report("other-figure", message, start, f"是不是 {amount}？", WARNING)
        if printed.kind != TEXT:
            amount = match["name"] if match is not None else ""


def _other_name(words: str, name: str) -> str:
    """The name of another figure at the end of `words`, if it cannot be a shorter one of this.

    人员经费{{ 一般公共预算人员经费 }}: the words may leave out what the section is about.
    """
    match = _LABEL.search(words[-_LONGEST:])
    label = match[1] if match is not None else ""
    return "" if name.endswith(label) or label.endswith(name) else label


def _printed(source: Source, piece: Piece) -> re.Match[str] | None:
    """What a piece prints, if it is the value of a registered figure."""
    if piece.kind != PRINT:
        return None
    match = _PRINTED.match(source.text, piece.inner_start, piece.inner_end)
    return match if match is not None and match["name"] in FIGURE_MEANINGS else None
