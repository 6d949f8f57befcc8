"""Parts (headings of the first level) that two templates print, whatever the data are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.narrative.lint_scanner import COMMENT, TAG, Source, scan
from generator.problems import Place, Problem

_PART = re.compile(r"^[ \u3000]*#(?!#)[ \u3000]*(.*\S)", re.MULTILINE)
_BLOCK_TAG = re.compile(r"\s*(end)?(?:if|for)\b")


def repeated_headings(sources: Mapping[str, str]) -> Iterator[Problem]:
    """`sources`: path -> template. Each of two branches may have the same part."""
    first: dict[str, str] = {}
    for path, text in sources.items():
        for match in _PART.finditer(_certainly_printed(Source(text, path))):
            elsewhere = first.setdefault(match[1], path)
            if elsewhere != path:
                line = text.count("\n", 0, match.start(1)) + 1
                message = f"{elsewhere} 里已有标题“{match[1]}”，这一部分会印两遍"
                hint = "删掉多出来的文件，或改标题"
                yield Problem("part-twice", message, Place(path, line, 1), hint)


def _certainly_printed(source: Source) -> str:
    """The text at its offsets, without comments; no line begins inside an {% if %} or {% for %}."""
    parts = []
    depth = 0
    for piece in scan(source):
        part = source.text[piece.start : piece.end]
        tag = _BLOCK_TAG.match(source.text, piece.inner_start) if piece.kind == TAG else None
        if tag:
            depth += -1 if tag[1] else 1
        if piece.kind == COMMENT:
            part = " " * len(part)
        parts.append(part.replace("\n", " ") if depth > 0 else part)
    return "".join(parts)
