"""Tracked changes as WordprocessingML: the writer's own paragraphs and rows, marked.

It works on the strings the Word writer makes, so an accepted or rejected redline has the
writer's styles and spans. Texts are exchanged by words; a figure or a year is never split.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import groupby, islice
from typing import NamedTuple

from generator.compare.align import spans
from generator.document import LITERAL, OWED, Segment
from generator.writers.docx.text import paragraph
from generator.writers.docx.xml import escape, run

_RUN = re.compile(r"<w:r>.*?</w:r>", re.DOTALL)
_RUN_BEGINS, _RUN_ENDS = "<w:r>", "</w:r>"
_TEXT_TAG = re.compile(r"<(/?)w:t(?=[ >])")
_SIZES = re.compile(r' w:w="[0-9]+"|<w:trHeight [^>]*/>')
_RUN_STYLE = re.compile(r'<w:rStyle w:val="([^"]*)"/>')
_RUN_PIECES = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|(<w:tab/>)|(<w:br/>)")
# Numbers, codes and Latin words stay whole; Chinese is compared by character.
_WORDS = re.compile(r"-?[0-9A-Za-z][0-9A-Za-z.,%]*(?:[万亿]?元)?|.", re.DOTALL)
_HEADERS = re.compile(r"<w:(?:header|footer)Reference [^>]*/>")
_CELL_END = "</w:p></w:tc>"
_GRID_WIDTH = re.compile(r'<w:gridCol w:w="([0-9]+)"/>')
_CELL_WIDTH = re.compile(r'<w:tcW w:w="[0-9]+" w:type="dxa"/>(?:<w:gridSpan w:val="([0-9]+)"/>)?')
INSERTED, DELETED = "ins", "del"
_MOVES = {INSERTED: "moveTo", DELETED: "moveFrom"}
# An equal stretch this short between two changes is read more easily inside them.
_TOO_SHORT = 2


Text = tuple[Segment, ...]
Styled = tuple[str, Text]  # style id and text
# Whether it is equal, what it was and what it is.
Stretch = tuple[bool, list["Token"], list["Token"]]


class Token(NamedTuple):
    """A piece of text that is exchanged as a whole, and its character style."""

    text: str
    style: str = ""
    whole: bool = False  # a figure, a computed word or a year


@dataclass(slots=True)
class Reviser:
    """Who changed the document and when, the style of what is owed, and the last revision."""

    author: str
    date: str
    owed: str
    revisions: int = 0
    _found: dict[tuple[Text, Text], list[Stretch]] = field(default_factory=dict)

    def _mark(self, name: str, content: str | None = None, more: str = "") -> str:
        self.revisions += 1
        # Bookmarks of the document are numbered from 1 too, but in a list of their own.
        opening = (
            f'<w:{name} w:id="{self.revisions}" w:author="{escape(self.author)}" '
            f'w:date="{self.date}"{more}'
        )
        return f"{opening}/>" if content is None else f"{opening}>{content}</w:{name}>"

    def changed(self, runs: str, kind: str) -> str:
        """Runs that came or went."""
        return self._mark(kind, _spelt(runs, kind)) if runs else ""

    def whole_paragraph(self, text: Styled, kind: str, section: str = "", move: str = "") -> str:
        """A paragraph that came or went with its mark; `move` names where it went or came from."""
        name = _MOVES[kind] if move else kind
        style, runs = text[0], _runs(_tokens(text[1], self.owed))
        content = self._mark(name, runs if move else _spelt(runs, kind)) if runs else ""
        xml = paragraph(style, content, f"<w:rPr>{self._mark(name)}</w:rPr>{section}")
        if not move:
            return xml
        start = self._mark(f"{name}RangeStart", more=f' w:name="{escape(move)}"')
        return f'{start}{xml}<w:{name}RangeEnd w:id="{self.revisions}"/>'

    def changed_section(self, old: str, new: str) -> str:
        """A w:sectPr that became another. What it was has no headers (ECMA-376 part 1, 17.13.5.32)."""
        former = self._mark("sectPrChange", _HEADERS.sub("", old))
        return new.replace("</w:sectPr>", f"{former}</w:sectPr>")

    def whole_row(self, xml: str, kind: str) -> str:
        """A row that came or went, with the text of its cells."""
        marked = xml.replace("</w:trPr>", f"{self._mark(kind)}</w:trPr>", 1)
        return _RUN.sub(lambda match: self.changed(match[0], kind), marked)

    def row(self, old: str, new: str) -> str:
        """A row that stayed, with the changed texts of its cells exchanged."""
        if old == new:
            return new
        cells = zip(old.split(_CELL_END), new.split(_CELL_END), strict=True)
        return _CELL_END.join(self._cell(one, other) for one, other in cells)

    def _cell(self, old: str, new: str) -> str:
        if old == new:
            return new
        gone, come = _RUN.findall(old), _RUN.findall(new)
        if gone == come:
            return new
        opening = _RUN.sub("", new)
        return opening + self._exchanged(_stretches(_run_tokens(gone), _run_tokens(come)))

    def _exchanged(self, stretches: Iterable[Stretch]) -> str:
        """The runs of a text that became another."""
        pieces = []
        for equal, gone, come in stretches:
            if equal:
                pieces.append(_runs(come))
            else:
                pieces += [
                    self.changed(_runs(gone), DELETED),
                    self.changed(_runs(come), INSERTED),
                ]
        return "".join(pieces)

    def edited(self, old: Styled, new: Styled) -> str:
        """A paragraph that became another, perhaps in another style."""
        former = ""
        if old[0] != new[0]:
            former = self._mark("pPrChange", f'<w:pPr><w:pStyle w:val="{old[0]}"/></w:pPr>')
        return paragraph(new[0], self._exchanged(self._stretches(old[1], new[1])), former)

    def edges(self, old: Sequence[Segment], new: Sequence[Segment]) -> tuple[str, str]:
        """The kinds of change that an edited paragraph begins and ends with, or none."""
        stretches = self._stretches(old, new)
        if not stretches:
            return "", ""
        first, last = stretches[0], stretches[-1]
        begins = "" if first[0] else DELETED if first[1] else INSERTED
        return begins, "" if last[0] else INSERTED if last[2] else DELETED

    def _stretches(self, old: Sequence[Segment], new: Sequence[Segment]) -> list[Stretch]:
        """Of a paragraph, which is asked for its edges first and written later."""
        texts = tuple(old), tuple(new)
        found = self._found.get(texts)
        if found is None:
            tokens = _tokens(old, self.owed), _tokens(new, self.owed)
            found = self._found[texts] = _stretches(*tokens)
        return found


def _tokens(segments: Sequence[Segment], owed: str) -> list[Token]:
    tokens: list[Token] = []
    for segment in segments:
        if segment.kind == LITERAL:
            tokens += map(Token, _WORDS.findall(segment.text))
        else:
            style = owed if segment.kind == OWED else ""
            tokens.append(Token(segment.text, style, whole=True))
    return tokens


def _spelt(runs: str, kind: str) -> str:
    """Runs as they are written inside a change."""
    return _TEXT_TAG.sub(r"<\1w:delText", runs) if kind == DELETED else runs


def fitted(row: str, opening: str) -> str:
    """A row with the cell widths of another table of as many columns, given its opening."""
    widths = iter(map(int, _GRID_WIDTH.findall(opening)))

    def cell(match: re.Match[str]) -> str:
        span = int(match[1] or 1)
        rest = match[0].partition("/>")[2]
        return f'<w:tcW w:w="{sum(islice(widths, span))}" w:type="dxa"/>{rest}'

    return _CELL_WIDTH.sub(cell, row)


def shape_of(row: str) -> str:
    """A row without its texts and sizes: rows of one shape may exchange texts."""
    first, *rest = row.split(_RUN_BEGINS)  # a third of the time of a pattern
    return _SIZES.sub("", first + "".join([part.partition(_RUN_ENDS)[2] for part in rest]))


def _run_tokens(runs: Sequence[str]) -> list[Token]:
    """The tokens of written runs; a text that is one number stays one."""
    tokens: list[Token] = []
    for xml in runs:
        found = _RUN_STYLE.search(xml)
        style = found[1] if found else ""
        text = "".join(
            "\t" if tab else "\n" if line else unescape(words)
            for words, tab, line in _RUN_PIECES.findall(xml)
        )
        tokens += [Token(word, style) for word in _WORDS.findall(text)]
    return tokens


def _runs(tokens: Sequence[Token]) -> str:
    """Neighbours of one style as one run."""
    groups = groupby(tokens, lambda token: token.style)
    return "".join(run("".join(token.text for token in some), style) for style, some in groups)


def _stretches(old: Sequence[Token], new: Sequence[Token]) -> list[Stretch]:
    """Equal and exchanged stretches, without crumbs of equal text between exchanged ones."""
    found: list[Stretch] = []
    parts = spans(old, new)
    for number, span in enumerate(parts):
        gone, come = map(list, span.cut(old, new))
        inside = 0 < number < len(parts) - 1
        crumb = span.equal and inside and sum(len(token.text) for token in come) <= _TOO_SHORT
        equal = span.equal and (not crumb or any(token.whole for token in come))
        if found and found[-1][0] == equal:
            found[-1] = (equal, found[-1][1] + gone, found[-1][2] + come)
        else:
            found.append((equal, gone, come))
    return found
