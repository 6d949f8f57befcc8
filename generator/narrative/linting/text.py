"""Checks the words a template prints as they are: typed figures, template residue, marks, brackets.

A typed amount stays when the line items change; all else here is what offices have published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.narrative import markup
from generator.narrative.linting.scanner import PRINT, RAW, TAG, TEXT, Piece, Source
from generator.narrative.vocabulary import FIGURE_MEANINGS, TEXTS
from generator.problems import ERROR, WARNING
from generator.residue import BLANK as _BLANK
from generator.residue import CHANGE, DOUBLED_WORDS, RESIDUES
from generator.typed_figures import DIGIT as _D
from generator.typed_figures import NUMERAL as _C
from generator.typed_figures import typed_figures, without_references

# What stands for the pieces between the words: printed figures with a unit, with a percent sign,
# with a counter, other printed things; tags and comments, which print nothing.
_AMOUNT, _SHARE, _NUMBER, _COUNT, _PRINTED = "\ue000\ue001\ue002\ue003\ue004"
_NOTHING = "\ue010"
_IF, _ELSE, _END_IF = "\ue011", "\ue012", "\ue013"
_SHOWN = re.compile("[\ue000-\ue004]+")
_HIDDEN = re.compile("[\ue010-\ue01f]+")
_FILTER_MASKS = {
    "金额": _AMOUNT,
    "万元": _AMOUNT,
    "占比": _SHARE,
    "增减": _NUMBER,
    "数量": _COUNT,
}
_LAST_FILTER = re.compile(r"[|｜]\s*(\w+)[^|｜]*$")
_TAG_MASKS = {"if": _IF, "elif": _ELSE, "else": _ELSE, "endif": _END_IF}
_FIRST_WORD = re.compile(r"\s*(\w*)")
# Names that are printed in braces; 【基本支出】 at the beginning of a paragraph is a headword.
_NAMES = "|".join(sorted((*FIGURE_MEANINGS, *TEXTS), key=len, reverse=True))


class _Rule(NamedTuple):
    rule: str
    pattern: re.Pattern[str]
    message: str  # {0} is the guilty text
    hint: str
    severity: str = WARNING


def _left(kind: str, message: str, hint: str, severity: str = WARNING) -> _Rule:
    """What may be left in data too."""
    return _Rule(kind, RESIDUES[kind], message, hint, severity)


_RESIDUE = (
    _Rule(
        "directive-in-line",
        re.compile(
            rf"(?<=[^\s:：\ue010-\ue01f]){_BLANK}*(?::{{3,}}|::(?={'|'.join(markup.DIRECTIVES)}))"
        ),
        "“{0}”前面还有字，这个记号不起作用，会印出来",
        "记号另起一行，从行首写三个半角冒号",
        ERROR,
    ),
    _Rule(
        "placeholder",
        re.compile(f"{RESIDUES['placeholder'].pattern}|□+"),  # □ in data is a box to tick
        "没有填的空“{0}”",
        "印一个名字，或写上要印的字",
        ERROR,
    ),
    _left("unchosen-word", "没有选定的“{0}”", "增加还是减少由程序写：{{ 三公经费 | 增减 }}", ERROR),
    _Rule(
        "missing-number",
        re.compile(rf"(?:[占为共]|{CHANGE})(?:{_BLANK}+(?:[万亿]元|[%％])|[%％])"),
        "“{0}”里少了数",
        "印一个名字，如 {{ 三公经费 | 金额 }}",
        ERROR,
    ),
    _Rule(
        "doubled-unit",
        re.compile(
            rf"(?<={_AMOUNT}){_BLANK}*(?:[万亿]?元|[万亿](?=[，。；、）)\s]|$))"
            rf"|(?<={_SHARE}){_BLANK}*(?:[%％﹪]|个?百分点)"
            rf"|(?<={_COUNT}){_BLANK}*(?:台（套）|[辆个台套家]|项(?!目))"
        ),
        "“{0}”重复了，前面印的数已带单位",
        "删掉它",
        ERROR,
    ),
    _Rule(
        "typed-direction",
        re.compile(rf"{CHANGE}(?:[了为额]|额为)?{_BLANK}*(?=[{_AMOUNT}-{_COUNT}])"),
        "手写的“{0}”不会跟着数据变",
        "整句由程序写：{{ 三公经费 | 增减 }}",
    ),
    _left(
        "empty-reason",
        "“{0}”没有写原因",
        '原因写在 reasons.yaml，这里用 {{ 三公经费 | 原因("，主要原因：") }}',
    ),
    _left("unfinished", "“{0}”还没有写完，会照样印出来", "写上要印的字，或删掉"),
    _left("lost-character", "有一个字丢了，印出来是“{0}”", "重新打上这个字"),
    _left("page-code", "“{0}”是网页的代码，会原样印出来", "删掉它，或写上要印的标点"),
    _Rule(
        "bracketed-name",
        re.compile(
            rf"(?<=[\u4e00-\u9fff{_AMOUNT}-{_PRINTED}])(?:【(?:{_NAMES})】|[<\[](?:{_NAMES})[>\]])"
        ),
        "“{0}”会原样印出来，里面的名字不会换成数",
        "印数写两个半角花括号：{{ 三公经费 | 金额 }}",
    ),
    _Rule(
        "merge-mark",
        re.compile(r"^[ \u3000]*(?:<{7}|={7}|>{7}|\|{7})[^\n]*", re.MULTILINE),
        "“{0}”是两份改动合并时留下的记号，会印出来",
        "上下两份只留一份，三行记号都删掉",
        ERROR,
    ),
    _left("doubled-punctuation", "标点重复：“{0}”", "只留一个"),
    _Rule("doubled-words", DOUBLED_WORDS, "“{0}”像是打重了", "只留一个"),
    _left("doubled-particle", "“{0}”多了一个“的”", "只留一个"),
    _left("half-width-mark", "中文里用了半角的“{0}”", "改成全角：，；：？！"),
    _Rule(
        "markdown",
        re.compile(r"\*\*|```|^[ ]*[-*+][ ]+(?=\S)", re.MULTILINE),
        "“{0}”在这里没有格式的作用，会原样印出来",
        "删掉它；字体在 style.docx 里定",
    ),
    _Rule("tab", re.compile(r"(?<=\S)\t+"), "正文里有制表符", "删掉，或换成标点"),
)

_PAIRS = {"（": "）", "(": "）", "“": "”", "《": "》", "〔": "〕", "【": "】", "「": "」"}
_CLOSERS = {")": "）"} | {closer: closer for closer in _PAIRS.values()}
_BALANCE = re.compile(f"[{''.join(map(re.escape, (*_PAIRS, *_CLOSERS)))}{_IF}{_ELSE}{_END_IF}]")
_NUMBERING = re.compile(rf"(?:^|[\s，。；：、\ue000-\ue0ff])(?:{_D}+|{_C}+|[A-Za-z])$")


class _Line(NamedTuple):
    start: int
    end: int
    visible: str  # without tags and comments; what is printed stands as it is in the source
    parsed: markup.Line
    raw: bool


def check_text(source: Source, pieces: list[Piece], tables: tuple[str, ...]) -> None:
    """Report what is wrong in the literal text and in the marks at the beginning of lines."""
    masked = _masked(source, pieces)
    lines = list(_lines(source, masked, pieces))
    check_string(source, masked, 0)
    words = without_references(masked)
    for rule in _RESIDUE:
        for match in rule.pattern.finditer(words):
            start = match.start() + len(match[0]) - len(match[0].lstrip(" \u3000"))
            message = rule.message.format(match[0].strip())
            source.report(rule.rule, message, start, rule.hint, rule.severity)
    _marks(source, lines, tables)
    _balance(source, masked, lines)


def check_string(source: Source, text: str, offset: int) -> None:
    """Report figures typed between the quotes of an expression, or in any text at `offset`."""
    for typed in typed_figures(text):
        source.report(typed.rule, typed.message, offset + typed.start, typed.hint)


def _masked(source: Source, pieces: list[Piece]) -> str:
    """The literal text with every other piece replaced, character by character."""
    parts = []
    for piece in pieces:
        text = source.text[piece.start : piece.end]
        if piece.kind in (TEXT, RAW):
            parts.append(text)
            continue
        inner = source.text[piece.inner_start : piece.inner_end]
        first = mask = _NOTHING
        if piece.kind == PRINT:
            match = _LAST_FILTER.search(inner)
            first = mask = _FILTER_MASKS.get(match[1], _PRINTED) if match else _PRINTED
        elif piece.kind == TAG:
            match = _FIRST_WORD.match(inner)
            first = _TAG_MASKS.get(match[1], _NOTHING) if match else _NOTHING
        parts.append((first + mask * len(text))[: len(text)])
    return "".join(parts)


def _lines(source: Source, masked: str, pieces: list[Piece]) -> Iterator[_Line]:
    raws = [(piece.start, piece.end) for piece in pieces if piece.kind == RAW]
    position = 0
    for text in masked.split("\n"):
        start, end = position, position + len(text)
        position = end + 1
        visible = _visible(text, source.text[start:end])
        raw = any(raw_start < end and start < raw_end for raw_start, raw_end in raws)
        yield _Line(start, end, visible, markup.parse_line(visible), raw)


def _visible(masked: str, text: str) -> str:
    shown = _SHOWN.sub(lambda match: text[match.start() : match.end()], masked)
    return _HIDDEN.sub("", shown).replace("\n", " ")


def _marks(source: Source, lines: list[_Line], tables: tuple[str, ...]) -> None:
    previous = 0
    for line in lines:
        if line.raw:
            continue
        offset = line.start
        text = source.text[line.start : line.end]
        if line.visible.strip() and line.visible != text:
            offset += _first_visible(source, line)
        else:
            offset += len(text) - len(text.lstrip())
        for mistake in markup.mark_mistakes(line.visible, tables):
            source.report(mistake.rule, mistake.message, offset, mistake.hint)
        level = line.parsed.level
        if level > previous + 1:
            message = f"标题从{'没有' if not previous else f'{previous}级'}跳到了{level}级"
            source.report("heading-jump", message, offset, f"用 {'#' * (previous + 1)}")
        previous = level or previous


def _first_visible(source: Source, line: _Line) -> int:
    """How far into the line its first printed character stands, after tags and blanks."""
    first = line.visible.lstrip()[0]
    text = source.text[line.start : line.end]
    prefix = re.match(r"(?:[{｛][%％#].*?[%％#][}｝]|\s)*", text)
    skipped = prefix.end() if prefix else 0
    return skipped if text[skipped : skipped + 1] == first else max(text.find(first), 0)


def _balance(source: Source, masked: str, lines: list[_Line]) -> None:
    """Brackets and quotes of a paragraph; each branch of an {% if %} begins as the if did."""
    paragraph = _Paragraph(source, masked)
    for line in lines:
        if line.parsed.kind != "text":
            paragraph.end()
        for match in _BALANCE.finditer(masked, line.start, line.end):
            paragraph.meet(match[0], match.start())
        if line.parsed.kind != "text":
            paragraph.end()
    paragraph.end()


class _Paragraph:
    """What is open in a paragraph; complains once a paragraph."""

    def __init__(self, source: Source, masked: str) -> None:
        self._source = source
        self._masked = masked
        self._open: list[int] = []
        self._at_if: list[list[int]] = []
        self._complained = False

    def meet(self, char: str, offset: int) -> None:
        if char == _IF:
            self._at_if.append(self._open.copy())
        elif char == _ELSE and self._at_if:
            self._open = self._at_if[-1].copy()
        elif char == _END_IF and self._at_if:
            self._at_if.pop()
        elif char in _PAIRS:
            self._open.append(offset)
        elif char in _CLOSERS:
            self._close(_CLOSERS[char], offset)

    def _close(self, closer: str, offset: int) -> None:
        wanted = [_PAIRS[self._masked[start]] for start in self._open]
        if closer in wanted:
            while wanted.pop() != closer:
                self._complain(self._open.pop())
            self._open.pop()
        elif closer != "）" or not _NUMBERING.search(self._masked[max(offset - 8, 0) : offset]):
            self._complain(offset)

    def end(self) -> None:
        if self._open:
            self._complain(self._open[0])
        self._open = []
        self._at_if = [[] for _ in self._at_if]
        self._complained = False

    def _complain(self, offset: int) -> None:
        if not self._complained:
            self._complained = True
            message = f"“{self._masked[offset]}”在这一段里不成对"
            hint = "补上另一半，或删掉它"
            self._source.report("unbalanced", message, offset, hint, WARNING)
