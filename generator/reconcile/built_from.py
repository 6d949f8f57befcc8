"""Which text of the document as it is now each text of the document as it was built is.

The data may have changed while a file was out: the words of a sentence are then the same and its
figures are not. A text whose words have changed too has no counterpart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.document import FIGURE
from generator.reconcile.pieces import Pieces
from generator.reconcile.printed import PrintedText
from generator.verify.alignment import equal_pairs
from generator.verify.baseline import Baseline, Grid, GridRow, Item, Line

# Of an item and, in tables, of row and cell.
Address = tuple[int, int, int]


class Counterpart(NamedTuple):
    """Number of a text of the current document, and what its figures read when it was built."""

    number: int
    figures: tuple[str, ...]


def counterparts(
    base: Baseline, current: Baseline, printed: list[PrintedText], then: Mapping[int, str]
) -> Mapping[Address, Counterpart]:
    """By the address in `base`. `then`: what the file itself says that its figures read."""
    numbers = {(text.item, text.row, text.cell): n for n, text in enumerate(printed)}
    found: dict[Address, Counterpart] = {}
    ours, theirs = list(map(_skeleton, base.items)), list(map(_skeleton, current.items))
    for i, c in equal_pairs(ours, theirs):
        one, other = base.items[i], current.items[c]
        if isinstance(one, Line):
            figures = tuple(then.get(p.anchor, p.text) for p in one.printed)
            found[i, -1, -1] = Counterpart(numbers[c, -1, -1], figures)
        elif isinstance(other, Grid):
            for r, q in equal_pairs(list(map(_row_key, one.rows)), list(map(_row_key, other.rows))):
                for n, cell in enumerate(one.rows[r].cells):
                    figures = (cell.printed.text,) if cell.printed else ()
                    counterpart = Counterpart(numbers[c, q, n], figures)
                    if figures or cell.text == other.rows[q].cells[n].text:
                        found[i, r, n] = counterpart
    return found


def as_built(pieces: Pieces, figures: tuple[str, ...]) -> Pieces:
    """The pieces with the figures that were printed then."""
    texts = iter(figures)
    return tuple(
        piece._replace(text=next(texts, piece.text)) if piece.kind == FIGURE else piece
        for piece in pieces
    )


def _skeleton(item: Item) -> object:
    """What stays the same when only amounts change."""
    if isinstance(item, Grid):
        return (item.id,)
    parts: list[str] = []
    end = 0
    for printed in item.printed:
        parts += [item.text[end : printed.start], printed.figure]
        end = printed.end
    return (*parts, item.text[end:])


def _row_key(row: GridRow) -> object:
    return row.key, len(row.cells), tuple(cell.printed is None for cell in row.cells)
