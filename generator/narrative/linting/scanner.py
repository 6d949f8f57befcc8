"""Where a template's tags, comments and literal text are, however broken their braces.

Jinja stops at the first mistake and prints full-width braces as text; this scan goes on to the end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from generator.problems import ERROR, WARNING, Place, Problem

TEXT, RAW, PRINT, TAG, COMMENT, IGNORED = "text", "raw", "print", "tag", "comment", "ignored"

_BRACE = re.compile(r"\{[{%#]|\{|\}\}|[%#]?\}")
_END_RAW = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_SPACED_TAG = re.compile(r"\{[ \t]+%([^{}\n]*?)%?[ \t]*\}")
_SINGLE = re.compile(r"\{[ \t]*\{?([^{}\n]*)(?:\}[ \t]*\}?)?")
_NESTED = re.compile(r"\{[{%][^{}\n]*(\{\{)[^{}\n]*\}\}[^{}\n]*[}%]\}")
_STEP = r"\}[ \t]+\}|\}\}|%\}|\{[{%#]|[{}]|\n[ \t]*\n"
# A string may hold closing braces; when that leads nowhere, a quote is missing and no string may.
_STEPS = (
    re.compile(rf"\"(?:(?!\{{[{{%])[^\"\n])*\"|'(?:(?!\{{[{{%])[^'\n])*'|{_STEP}"),
    re.compile(rf"\"[^\"{{}}\n]*\"|'[^'{{}}\n]*'|{_STEP}"),
)
_NEXT_STOP = re.compile(r"\n|\{[{%#]")


class Piece(NamedTuple):
    """A stretch of the source; `inner` is what stands between the braces. Not `whole`: unclosed."""

    kind: str
    start: int
    end: int
    inner_start: int
    inner_end: int
    whole: bool = True


class Source:
    """A template's text, and the problems found in it so far; offsets become lines and columns."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.problems: list[Problem] = []
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(self.path, line, offset - self._starts[line - 1] + 1)

    def excerpt(self, line: int) -> str:
        """The source line of a number, without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip()

    def report(
        self, rule: str, message: str, offset: int, hint: str = "", severity: str = ERROR
    ) -> None:
        place = self.place(offset)
        excerpt = self.excerpt(place.line)
        self.problems.append(Problem(rule, message, place, hint, severity, excerpt))


def scan(source: Source) -> list[Piece]:
    """The whole source as pieces in order; what is wrong with its braces is reported once each."""
    return list(_Scanner(source).pieces())


def folded(text: str) -> str:
    """The text with full-width braces made ASCII, every offset kept."""
    text = text.translate({ord("｛"): "{", ord("｝"): "}"})
    return re.sub(r"(?<=\{)[％＃]|[％＃](?=\})", lambda m: "%" if m[0] == "％" else "#", text)


class _Scanner:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = folded(source.text)

    def pieces(self) -> Iterator[Piece]:
        position = 0
        while match := _BRACE.search(self._text, position):
            start, brace = match.start(), match[0]
            yield Piece(TEXT, position, start, position, start)
            if brace in ("{{", "{%"):
                piece = self._tag(start, PRINT if brace == "{{" else TAG)
            elif brace == "{#":
                piece = self._comment(start)
            elif brace == "{":
                piece = self._single(start)
            else:
                piece = self._stray(start, match.end())
            yield piece
            position = piece.end
            if piece.kind == TAG and self._inner(piece) == "raw":
                raw, end = self._raw(piece)
                yield from (raw, end)
                position = end.end
        yield Piece(TEXT, position, len(self._text), position, len(self._text))

    def _inner(self, piece: Piece) -> str:
        return self._text[piece.inner_start : piece.inner_end].strip()

    def _full_width(self, start: int, end: int) -> bool:
        """Whether braces are full-width, which is reported."""
        if self._source.text[start:end] == self._text[start:end]:
            return False
        hint = "换成半角，如 {{ 三公经费 | 金额 }}、{% if 三公经费 %}"
        self._source.report("full-width-braces", "花括号写成了全角", start, hint)
        return True

    def _tag(self, start: int, kind: str) -> Piece:
        found = (_closing(self._text, start + 2, steps) for steps in _STEPS)
        step = next(filter(None, found), None)
        if step is None:
            return self._unclosed(start, kind)
        inner_start, inner_end, end = start + 2, step.start(), step.end()
        right = "}}" if kind == PRINT else "%}"
        told = self._full_width(start, start + 2) or self._full_width(inner_end, end)
        if step[0] != right and not told:
            message = f"开头是“{self._text[start:inner_start]}”，结尾却是“{step[0]}”"
            hint = f"结尾写成 {right}，中间不留空格"
            self._source.report("mismatched-braces", message, inner_end, hint)
        inner = self._text[inner_start:inner_end].rstrip(" \t")
        if kind == TAG and step[0] != right and inner.endswith("%"):  # % }
            inner_end = inner_start + len(inner) - 1
        if inner_start < inner_end and self._text[inner_start] in "-+":
            self._whitespace_control(inner_start)
            inner_start += 1
        if inner_start < inner_end and self._text[inner_end - 1] in "-+":
            inner_end -= 1
            self._whitespace_control(inner_end)
        return Piece(kind, start, end, inner_start, inner_end)

    def _whitespace_control(self, offset: int) -> None:
        message = "花括号里的 - 或 + 会吃掉旁边的换行，段落会连在一起"
        self._source.report("whitespace-control", message, offset, "删掉它", WARNING)

    def _unclosed(self, start: int, kind: str) -> Piece:
        if nested := _NESTED.match(self._text, start):
            hint = "里面直接写名字，如 {% if 三公经费 %}、占比(支出合计)"
            self._source.report("nested-braces", "花括号里又有花括号", nested.start(1), hint)
            return Piece(kind, start, nested.end(), start + 2, nested.end() - 2, whole=False)
        stop = _NEXT_STOP.search(self._text, start + 2)
        end = stop.start() if stop else len(self._text)
        rule = "unclosed-expression" if kind == PRINT else "unclosed-tag"
        pair = ("{{", "}}") if kind == PRINT else ("{%", "%}")
        self._source.report(rule, f"“{pair[0]}”没有收尾", start, f"后面补上 {pair[1]}")
        return Piece(kind, start, end, start + 2, end, whole=False)

    def _comment(self, start: int) -> Piece:
        told = self._full_width(start, start + 2)
        end = self._text.find("#}", start + 2)
        if end >= 0 and "{#" not in self._text[start + 2 : end]:
            if not told:
                self._full_width(end, end + 2)
            return Piece(COMMENT, start, end + 2, start + 2, end)
        self._source.report("unclosed-comment", "注释“{#”没有收尾", start, "后面补上 #}")
        end = self._text.find("\n", start)
        end = len(self._text) if end < 0 else end
        return Piece(COMMENT, start, end, start + 2, end, whole=False)

    def _single(self, start: int) -> Piece:
        if not self._full_width(start, start + 1):
            hint = "印数写两个：{{ 三公经费 | 金额 }}，两个括号之间不留空格"
            self._source.report("single-brace", "花括号不成对", start, hint)
        match = _SPACED_TAG.match(self._text, start)
        if match:
            return Piece(TAG, start, match.end(), *match.span(1))
        match = _SINGLE.match(self._text, start)
        assert match is not None
        return Piece(IGNORED, start, match.end(), *match.span(1))

    def _stray(self, start: int, end: int) -> Piece:
        if not self._full_width(start, end):
            message = f"多出来的“{self._text[start:end]}”"
            self._source.report("stray-brace", message, start, "删掉，或在前面补上开头的花括号")
        return Piece(IGNORED, start, end, end, end)

    def _raw(self, opening: Piece) -> tuple[Piece, Piece]:
        """What stands between {% raw %} and {% endraw %}, and the latter."""
        match = _END_RAW.search(self._text, opening.end)
        start, end = match.span() if match else (len(self._text), len(self._text))
        self._full_width(start, end)
        if match is None:
            hint = "后面补上 {% endraw %}"
            self._source.report("unclosed-block", "{% raw %} 没有收尾", opening.start, hint)
        return (
            Piece(RAW, opening.end, start, opening.end, start),
            Piece(IGNORED, start, end, end, end),
        )


def _closing(text: str, position: int, steps: re.Pattern[str]) -> re.Match[str] | None:
    """The end, right or wrong, of the tag whose inside begins at `position`; None without one."""
    depth = 0
    while match := steps.search(text, position):
        position = match.end()
        if match[0][0] in "\"'":
            continue
        if match[0] == "{":
            depth += 1
        elif depth and match[0][0] == "}":
            depth -= 1
            position = match.start() + 1
        elif match[0][0] in "}%":
            return match
        else:
            return None
    return None
