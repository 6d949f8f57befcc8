"""Changes in the branch where there is no base: {% if 三公经费 is 无基数 %}{{ 三公经费 | 增减 }}."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from generator.figures.figure import NO_BASE
from generator.narrative.linting.scanner import PRINT, TAG, Piece, Source
from generator.problems import WARNING

_BRANCH = re.compile(r"\s*(if|elif|else|endif|for|endfor)\b\s*(.*?)\s*\Z", re.DOTALL)
_NO_BASE = re.compile(rf"(\w+)\s+is\s+(not\s+)?{NO_BASE}")
_CHANGE = re.compile(r"\s*(\w+)\s*\|\s*(增减|原因)\b")


class _Branch(NamedTuple):
    """Of what is open: the figure without a base in this branch, and in its else; none of a {% for %}."""

    here: str = ""
    otherwise: str = ""


def check_guards(source: Source, pieces: Sequence[Piece]) -> None:
    """Report 增减 and 原因 of a figure where the condition says that there is nothing to compare."""
    branches: list[_Branch] = []
    for piece in pieces:
        inner = source.text[piece.inner_start : piece.inner_end]
        if piece.kind == TAG and (tag := _BRANCH.match(inner)):
            _enter(branches, tag[1], tag[2])
        elif piece.kind == PRINT and (printed := _CHANGE.match(inner)):
            name = printed[1]
            if any(branch.here == name for branch in branches):
                message = f"这里是“{name} is {NO_BASE}”时印的，没有上年数，{printed[2]}印不出来"
                hint = f"条件是不是 {name} is not {NO_BASE}？"
                source.report("change-without-base", message, piece.start, hint, WARNING)


def _enter(branches: list[_Branch], word: str, condition: str) -> None:
    if word in ("if", "elif", "for"):
        match = _NO_BASE.fullmatch(condition)
        names = ("", "") if match is None else ("", match[1]) if match[2] else (match[1], "")
        if word == "elif" and branches:
            branches.pop()
        branches.append(_Branch(*names))
    elif branches:
        last = branches.pop()
        if word == "else":
            branches.append(_Branch(last.otherwise))
