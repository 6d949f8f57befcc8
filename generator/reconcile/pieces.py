"""A printed text as pieces, each with the stretch of a source file that it comes from.

The words of a template and the texts of the data can be rewritten where they stand; figures,
computed words, years and what else an expression prints cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from generator.document import YEAR
from generator.load.reader import Mapping, Node, Scalar
from generator.load.reader import Sequence as SequenceNode
from generator.problems import Place
from generator.reconcile.files import Change, SourceFile, SourceFiles
from generator.reconcile.yaml_text import rewritten

# Kinds of pieces besides those of segments.
WORDS = "words"  # literal words of a template or a table layout
TEXT = "text"  # a text of the data
PRINTED = "printed"  # words that an expression prints: names, sentence frames

_SLOT = re.compile(r"\{([^{}]*)\}")
_YEARS = ("年", "上年")
# The keys of a layout whose text a cell can print.
_CELL_KEYS = ("标签", "名称", "合计名称")


class Origin(NamedTuple):
    """`start:end` of a file's text; `quoted`: a YAML value, of which a piece may be a part."""

    path: str
    start: int
    end: int
    quoted: bool = False


class Piece(NamedTuple):
    """A stretch of a printed text. `raw` is how a slot of a layout's text is written: {年}.

    `origin` of a piece that cannot be rewritten is the expression that prints it.
    """

    text: str
    kind: str
    origin: Origin | None = None
    figure: str | None = None
    raw: str = ""

    @property
    def editable(self) -> bool:
        return self.kind in (WORDS, TEXT) and self.origin is not None


Pieces = tuple[Piece, ...]


def text_of_pieces(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def data_piece(files: SourceFiles, place: Place, text: str) -> Piece:
    """A text of the data that is printed whole."""
    source = files.get(place.path)
    node = source.value_at.get((place.line, place.column)) if source else None
    span = source.span_of(node) if source and isinstance(node, Scalar) else None
    origin = Origin(place.path, *span, quoted=True) if span else None
    return Piece(text, TEXT if origin else PRINTED, origin)


def layout_pieces(
    files: SourceFiles, place: Place, text: str, keys: Sequence[str] = _CELL_KEYS
) -> Iterator[Pieces]:
    """The ways a text can come from the values under `keys` of the mapping at `place`."""
    source = files.get(place.path)
    node = source.value_at.get((place.line, place.column)) if source else None
    if source is None or not isinstance(node, Mapping):
        return
    for key in keys:
        for name, value in node.pairs:
            if name.text == key:
                for scalar in _scalars(value):
                    yield from _matched(source, scalar, text)


def _scalars(value: Node) -> Iterator[Scalar]:
    if isinstance(value, Scalar):
        yield value
    elif isinstance(value, SequenceNode):
        yield from (item for item in value.items if isinstance(item, Scalar))


def _matched(source: SourceFile, scalar: Scalar, text: str) -> Iterator[Pieces]:
    """`text` as a value with its slots filled; nothing if it cannot be one."""
    span = source.span_of(scalar)
    parts = _SLOT.split(scalar.text)
    expression = "".join("(.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    match = re.fullmatch(expression, text, re.DOTALL)
    if match is None or span is None:
        return
    origin = Origin(source.path, *span, quoted=True)
    yield tuple(
        Piece(match[n // 2 + 1], YEAR if part in _YEARS else PRINTED, origin, None, f"{{{part}}}")
        if n % 2
        else Piece(part, WORDS, origin)
        for n, part in enumerate(parts)
    )


def changes_of(
    files: SourceFiles, pieces: Pieces, texts: Sequence[str]
) -> tuple[Change, ...] | None:
    """The changes that make each piece read its text of `texts`; None if a value cannot hold it."""
    changes: list[Change] = []
    values: dict[Origin, tuple[str, str]] = {}  # a YAML value as it is, and as it will be
    for piece, text in zip(pieces, texts, strict=True):
        if piece.origin is None or not (piece.editable or piece.raw):
            continue
        if piece.origin.quoted:
            before, after = values.get(piece.origin, ("", ""))
            new = before + (piece.raw or piece.text), after + (piece.raw or text)
            values[piece.origin] = new
        elif text != piece.text:
            changes.append(Change(piece.origin.path, piece.origin.start, piece.origin.end, text))
    for origin, (before, after) in values.items():
        if before == after:
            continue
        change = rewritten(files[origin.path], (origin.start, origin.end), after)
        if change is None:
            return None
        changes.append(change)
    return tuple(changes)
