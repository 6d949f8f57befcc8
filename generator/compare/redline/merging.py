"""The order of a redline: the blocks and ends of sections of both documents in one sequence."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from generator.compare.align import spans
from generator.compare.pairing import Item, Pairing
from generator.document import Document, Section


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a section; `starts` page numbers."""

    section: Section
    starts: bool

    @property
    def key(self) -> Hashable:
        return self.section.orientation, self.section.numbered, self.starts


Element = Item | Break


Pair = tuple[Element | None, Element | None]


def merged(documents: tuple[Document, Document], pairing: Pairing) -> Iterator[Pair]:
    """Pairs of what stayed in its place, and between them what went before what came."""
    old, new = _flat(documents[0], pairing.old), _flat(documents[1], pairing.new)
    moved = pairing.moved()
    partner = {other: one for one, other in pairing.pairs if one not in moved}
    place = {element.index: at for at, element in enumerate(old) if isinstance(element, Item)}
    start_old = start_new = 0
    for at, element in enumerate(new):
        if isinstance(element, Item) and element.index in partner:
            stop = place[partner[element.index]]
            yield from _gap(old[start_old:stop], new[start_new:at])
            yield old[stop], element
            start_old, start_new = stop + 1, at + 1
    yield from _gap(old[start_old:], new[start_new:])


def breaks_of(document: Document) -> list[Break]:
    """The ends of the sections that hold something."""
    sections = [section for section in document.sections if section.blocks]
    first = next((section for section in sections if section.numbered), None)
    return [Break(section, section is first) for section in sections]


def _flat(document: Document, items: Sequence[Item]) -> list[Element]:
    """The blocks and the ends of the sections between them."""
    flat: list[Element] = []
    rest = iter(items)
    for end in breaks_of(document):
        flat += [*islice(rest, len(end.section.blocks)), end]
    return flat[:-1]


def _gap(old: Sequence[Element], new: Sequence[Element]) -> Iterator[Pair]:
    """What stands between two pairs: ends of like sections are kept."""
    keys = [
        [("break", e.key) if isinstance(e, Break) else (side, e.index) for e in elements]
        for side, elements in (("old", old), ("new", new))
    ]
    for span in spans(keys[0], keys[1]):
        gone, come = span.cut(old, new)
        if span.equal:
            yield from zip(gone, come, strict=True)
        else:
            yield from ((element, None) for element in gone)
            yield from ((None, element) for element in come)
