"""Names for the numbers of Word files without anchors: the same blank of the same sentence.

Without our marks nothing else tells which number is which. Paragraphs are found by their words, and
within them clauses; the first number of a clause is the first number of the same clause.
"""

from __future__ import annotations

from itertools import count

from generator.compare.align import spans
from generator.compare.normal import Atom, Naming, clauses_of, mark_of
from generator.compare.pairing import pair_documents
from generator.compare.renaming import renamed
from generator.document import FIGURE, Block, Document, Segment


def with_common_names(old: Document, new: Document, names: tuple[Naming, Naming]) -> Document:
    """The new document with the numbers that fill a blank of the old one under the old one's name."""
    bare = renamed(old, lambda _: None), renamed(new, lambda _: None)
    pairing = pair_documents(*bare, names)
    olds, news = list(old.blocks()), list(new.blocks())
    taken = {s.figure for block in olds for s in _figures(block)}
    numbers = count(1)
    new_names: dict[str, str] = {}
    for one, other in pairing.pairs:
        new_names.update(_common((olds[one], news[other]), names))
    for block in news:
        for segment in _figures(block):
            name = segment.figure or ""
            if name not in new_names and name in taken:
                new_names[name] = f"{name}（新{next(numbers)}）"
    return renamed(new, lambda name: new_names.get(name, name))


def _common(blocks: tuple[Block, Block], names: tuple[Naming, Naming]) -> list[tuple[str, str]]:
    """(new name, old name) of the numbers of two paragraphs that fill the same blank."""
    clauses = [clauses_of(b.segments, n) for b, n in zip(blocks, names, strict=True)]
    marks = [[mark_of(map(_blank, clause)) for clause in side] for side in clauses]
    found: list[tuple[str, str]] = []
    for span in spans(marks[0], marks[1]):
        cut = span.cut(clauses[0], clauses[1])
        gone, come = ([a for clause in side for a in clause if a.kind == FIGURE] for side in cut)
        if len(gone) == len(come):
            found += [(b.figure or "", a.figure or "") for a, b in zip(gone, come, strict=True)]
    return found


def _blank(atom: Atom) -> Atom:
    return atom._replace(mark="〔〕", figure=None) if atom.computed else atom


def _figures(block: Block) -> list[Segment]:
    return [segment for segment in block.segments if segment.kind == FIGURE]
