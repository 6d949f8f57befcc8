"""The paragraphs and rows of a redline in their order, and how neighbours are kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from generator.compare.redline.revisions import DELETED, INSERTED, Reviser, Styled
from generator.document import text_of


class Xml(NamedTuple):
    """Finished XML that no paragraph touches: a part of a table, or a paragraph that stayed.

    `hidden` is the end of a section, which LibreOffice takes away when it reads the file.
    """

    xml: str
    hidden: bool = False


class Whole(NamedTuple):
    """A paragraph that came or went; `section` is the w:sectPr it ends."""

    kind: str
    text: Styled
    section: str = ""


class Edited(NamedTuple):
    """A paragraph of both documents."""

    old: Styled
    new: Styled


Piece = Xml | Whole | Edited


def written_out(pieces: Iterable[Piece], reviser: Reviser) -> Iterator[str]:
    """The body's XML, piece by piece."""
    ready = _apart(_restyled(pieces), reviser)
    moves = _moves(ready)
    for index, piece in enumerate(ready):
        match piece:
            case Whole():
                move = moves.get(index, "")
                yield reviser.whole_paragraph(piece.text, piece.kind, piece.section, move)
            case Edited():
                yield reviser.edited(piece.old, piece.new)
            case Xml():
                yield piece.xml


def _apart(pieces: Sequence[Piece], reviser: Reviser) -> list[Piece]:
    """A paragraph edited to its very end is replaced whole before one that begins with a like
    change: LibreOffice would take both changes for one, with the paragraph mark between.
    """
    found: list[Piece] = []
    following = ""
    for piece in reversed(pieces):
        match piece:
            case Whole():
                following = piece.kind
            case Edited():
                begins, ends = reviser.edges(piece.old[1], piece.new[1])
                if ends and ends == following:
                    found += [Whole(INSERTED, piece.new), Whole(DELETED, piece.old)]
                    following = DELETED
                    continue
                following = begins
            case Xml(hidden=False):
                following = ""
        found.append(piece)
    return found[::-1]


def _restyled(pieces: Iterable[Piece]) -> list[Piece]:
    """A text that went and comes next in another style changed its style."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            isinstance(piece, Whole)
            and isinstance(last, Whole)
            and (last.kind, piece.kind) == (DELETED, INSERTED)
            and (text := text_of(piece.text[1]))
            and text == text_of(last.text[1])
        ):
            found[-1] = Edited(last.text, piece.text)
        else:
            found.append(piece)
    return found


def _moves(pieces: Sequence[Piece]) -> dict[int, str]:
    """Names for paragraphs that went here and came there with the same text, by their index.

    LibreOffice takes such texts for moved anyway, and gives the paragraph behind them their style
    unless they say so. One without a partner has a name of its own, and is simply new or gone
    (ECMA-376 part 1, 17.13.5.22 and 17.13.5.28).
    """
    indexes: dict[str, tuple[list[int], list[int]]] = {}
    for index, piece in enumerate(pieces):
        if isinstance(piece, Whole) and (text := text_of(piece.text[1]).strip()):
            indexes.setdefault(text, ([], []))[piece.kind == INSERTED].append(index)
    pairs = [
        pair for gone, come in indexes.values() if gone and come for pair in zip_longest(gone, come)
    ]
    return {
        index: f"移动{number}"
        for number, pair in enumerate(pairs, 1)
        for index in pair
        if index is not None
    }
