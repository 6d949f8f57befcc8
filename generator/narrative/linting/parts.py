"""What templates print twice, whatever the data are: parts, headings and their numbers, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.narrative.linting.scanner import COMMENT, TAG, Source, scan
from generator.narrative.markup import Line, parse_line
from generator.problems import ERROR, WARNING, Place, Problem

_BLOCK_TAG = re.compile(r"\s*(end)?(?:if|for)\b")
_NUMBER = re.compile(
    r"第?[（(]?[一二三四五六七八九十百]+(?:[、.．）)]|[部章节条])|[（(]?[0-9]+(?:[、．）)]|\.(?![0-9]))"
)
# Shorter sentences may be said of several things: 我部门2023年没有此项支出。
_LONG = 60


def repeated_passages(sources: Mapping[str, str]) -> Iterator[Problem]:
    """`sources`: path -> template, in their order. Each of two branches may say the same."""
    reader = _Reader()
    for path, text in sources.items():
        source = Source(text, path)
        for problem in reader.problems(source):
            yield replace(problem, excerpt=source.excerpt(problem.place.line))


class _Reader:
    """Reads templates one after the other. Under a repeated heading nothing else is complained of."""

    def __init__(self) -> None:
        self._above: list[str] = []  # the headings that a line stands under
        # Of headings, of their numbers, of paragraphs.
        self._first: dict[tuple[str, ...], Place] = {}
        self._repeated = 0  # the level of a repeated heading that goes on

    def problems(self, source: Source) -> Iterator[Problem]:
        before = ""
        offset = 0
        for text in _certainly_printed(source).split("\n"):
            line = parse_line(text)
            start = offset + len(text) - len(text.lstrip())  # after comments and blanks
            place = source.place(min(start, len(source.text)))._replace(column=1)
            offset += len(text) + 1
            if line.kind == "heading":
                yield from self._heading(line, place)
            elif line.kind == "text" and not self._repeated:
                yield from self._paragraph(line.text, place, follows_itself=line.text == before)
            before = line.text or before

    def _heading(self, line: Line, place: Place) -> Iterator[Problem]:
        if not self._repeated or line.level <= self._repeated:
            self._repeated = 0
            above = tuple(self._above[: line.level - 1])
            numbered = _NUMBER.match(line.text)
            same = self._met((*above, line.text), place)
            same_number = self._met((*above, numbered[0] if numbered else line.text), place)
            if same and line.level == 1:
                message = f"{same.file_line} 已有标题“{line.text}”，这一部分会印两遍"
                hint = "删掉多出来的文件或文字，或改标题"
                yield Problem("part-twice", message, place, hint, ERROR)
            elif same or same_number:
                first = same or same_number
                assert first is not None
                words = line.text if same or numbered is None else numbered[0]
                message = f"{first.file_line} 的标题也是“{words}”"
                hint = "粘贴了两遍就删掉一处，否则改序号"
                yield Problem("heading-twice", message, place, hint, WARNING)
            self._repeated = line.level if same else 0
        self._above[line.level - 1 :] = [line.text]

    def _paragraph(self, text: str, place: Place, *, follows_itself: bool) -> Iterator[Problem]:
        first = self._met((place.path, "", text), place)
        if first and (follows_itself or len(text) >= _LONG):
            message = f"这一段和 {first.file_line} 的一模一样，会印两遍"
            yield Problem("paragraph-twice", message, place, "删掉一处", WARNING)

    def _met(self, key: tuple[str, ...], place: Place) -> Place | None:
        """Where the like of it was met before this."""
        first = self._first.setdefault(key, place)
        return first if first != place else None


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
