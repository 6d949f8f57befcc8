"""The narrative rendered once more with marks: which template words each paragraph is made of.

Marks stand behind each stretch of literal text and around each printed expression. They are made
of a character that the loader refuses in templates and data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.build import Built, render_narrative
from generator.document import (
    FIGURE,
    LITERAL,
    OWED,
    Heading,
    Paragraph,
    Segment,
    Table,
    text_of,
)
from generator.narrative.assemble import Assembler
from generator.narrative.environment import compile_template
from generator.narrative.linting.scanner import PRINT, Source, scan
from generator.narrative.linting.scanner import TEXT as LITERAL_TEXT
from generator.narrative.names import ROUNDED
from generator.narrative.phrasing import Phrasing
from generator.reconcile.files import SourceFiles
from generator.reconcile.pieces import (
    PRINTED,
    TEXT,
    WORDS,
    Origin,
    Piece,
    Pieces,
    data_piece,
)

_MARK = re.compile("\x04([0-9]+)\x03")
_RUN, _BEGIN, _END = "run", "begin", "end"
Lines = Heading | Paragraph


class _Mark(NamedTuple):
    kind: str
    origin: Origin


class _Untraceable(Exception):
    """The marks of a text do not fit it: nobody can say where its words come from."""


def traced(built: Built, files: SourceFiles) -> list[Pieces]:
    """The pieces of every heading and paragraph of the document, in order."""
    ours = [block for block in built.document.blocks() if isinstance(block, Lines)]
    for rounded in ROUNDED:
        marks: list[_Mark] = []
        blocks = _marked_blocks(built, marks, rounded=rounded)
        if [_plain(block) for block in blocks] == [text_of(block.segments) for block in ours]:
            return [_pieces_of(block, marks, files) for block in blocks]
    raise AssertionError("the marked narrative reads otherwise than the document")


def _marked_blocks(built: Built, marks: list[_Mark], *, rounded: str) -> list[Lines]:
    """Headings and paragraphs with marks in their literal text."""
    place = built.place
    narrative = tuple(
        compile_template(_marked(source, path, marks), path)
        for path, source in place.sources.items()
    )
    tables = {block.id: block for block in built.document.blocks() if isinstance(block, Table)}
    assembler = Assembler(place.sources, tuple(tables), lambda identity: (tables[identity], ""))
    phrasing = Phrasing(built.book, place.phrases)
    marked = place._replace(narrative=narrative)
    for rendered in render_narrative(marked, built.book, phrasing, rounded=rounded):
        assembler.add(rendered)
    blocks = (block for section in assembler.sections() for block in section.blocks)
    lines = [block for block in blocks if isinstance(block, Lines)]
    return [line for line in lines if isinstance(line, Heading) or _plain(line)]


def _marked(source: str, path: str, marks: list[_Mark]) -> str:
    parts: list[str] = []

    def mark(kind: str, start: int, end: int) -> str:
        marks.append(_Mark(kind, Origin(path, start, end)))
        return f"\x04{len(marks) - 1}\x03"

    for piece in scan(Source(source, path)):
        raw = source[piece.start : piece.end]
        if piece.kind == PRINT:
            before = mark(_BEGIN, piece.start, piece.end)
            parts += [before, raw, mark(_END, piece.start, piece.end)]
            continue
        if piece.kind != LITERAL_TEXT:
            parts.append(raw)
            continue
        for stretch in re.finditer("[^\n]+|\n", raw):
            start = piece.start + stretch.start()
            words = _words(source, start, stretch[0])
            core = words.strip()
            if not core:
                parts.append(stretch[0])
                continue
            # Behind the words: what stands first in a line may be a mark of the narrative.
            first = start + len(stretch[0]) - len(words.lstrip())
            last = first + len(core)
            parts += [source[start:last], mark(_RUN, first, last)]
            parts.append(source[last : start + len(stretch[0])])
    return "".join(parts)


# What opens a heading or a directive is no part of its text.
_PREFIX = re.compile(r"[ \t\u3000]*(?:#{1,4}(?!#)|:::[ \u3000]*[^\s\u3000:：]*)")


def _words(source: str, start: int, stretch: str) -> str:
    """What of a stretch of one line is text to print; it ends where the stretch ends."""
    opening = _PREFIX.match(stretch) if source[start - 1 : start] in ("", "\n") else None
    return stretch[opening.end() :] if opening else stretch


def _plain(block: Lines) -> str:
    return _MARK.sub("", text_of(block.segments))


def _pieces_of(block: Lines, marks: list[_Mark], files: SourceFiles) -> Pieces:
    try:
        return tuple(_joined(_pieces(block, marks, files)))
    except _Untraceable:
        return (Piece(_plain(block), PRINTED),)


def _pieces(block: Lines, marks: list[_Mark], files: SourceFiles) -> Iterator[Piece]:
    literal = ""
    inside: Origin | None = None
    for segment in block.segments:
        for position, part in enumerate(_MARK.split(segment.text)):
            if not position % 2:
                if inside is not None and part:
                    yield _printed(part, segment, inside, files)
                elif inside is None:
                    literal += part
                continue
            kind, origin = marks[int(part)]
            words = files[origin.path].text[origin.start : origin.end] if kind == _RUN else ""
            if not literal.endswith(words):
                raise _Untraceable
            rest, literal = literal[: len(literal) - len(words)], ""
            if rest:
                yield Piece(rest, PRINTED)
            if kind == _RUN:
                yield Piece(words, WORDS, origin)
                continue
            at = origin.start if kind == _BEGIN else origin.end
            yield Piece("", WORDS, Origin(origin.path, at, at))
            inside = origin if kind == _BEGIN else None
    if literal:
        yield Piece(literal, PRINTED)


def _printed(text: str, segment: Segment, inside: Origin, files: SourceFiles) -> Piece:
    """What an expression prints: a text of the data has its own line."""
    place = segment.place
    if segment.kind in (LITERAL, OWED) and place is not None and place.path != inside.path:
        piece = data_piece(files, place, text)
        return piece if piece.kind == TEXT else piece._replace(origin=inside)
    kind = PRINTED if segment.kind == LITERAL else segment.kind
    return Piece(text, kind, inside, segment.figure if kind == FIGURE else None)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without the empty pieces between expressions that have words beside them to write into."""
    found = list(pieces)
    for number, piece in enumerate(found):
        if not piece.text and piece.kind == WORDS:
            beside = found[max(number - 1, 0) : number] + found[number + 1 : number + 2]
            if any(other.kind == WORDS and other.text for other in beside):
                continue
            if number and found[number - 1] == piece:
                continue
        yield piece
