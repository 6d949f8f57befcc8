"""The facts a document prints: each once, with its number, its texts and its places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from generator.compare.normal import number_in
from generator.compare.pairing import Item
from generator.document import FIGURE, HEADER, Cell, Heading, Paragraph, Segment, Table


@dataclass(slots=True)
class Printed:
    """A fact as one document prints it: its number, its texts, and where."""

    value: Decimal
    measure: str
    texts: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    values: set[Decimal] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The text with its measure, as sentences print it, or else the cell's."""
        return next((text for text in self.texts if not text[-1].isdigit()), self.texts[0])


def printed_facts(items: Sequence[Item]) -> dict[str, Printed]:
    """Every fact a document prints, in the order of first printing."""
    facts: dict[str, Printed] = {}
    for item in items:
        for piece, where in _figures_of(item):
            number = number_in(piece.text)
            if piece.figure is None or number is None:
                continue
            value = Decimal(number[0])
            fact = facts.setdefault(piece.figure, Printed(value, number[1]))
            fact.measure = fact.measure or number[1]
            fact.values.add(value)
            for known, one in ((fact.texts, piece.text), (fact.places, where)):
                if one not in known:
                    known.append(one)
    return facts


def numbers_of(facts: Mapping[str, Printed]) -> dict[str, Decimal]:
    return {name: fact.value for name, fact in facts.items()}


def _figures_of(item: Item) -> Iterator[tuple[Segment | Cell, str]]:
    block = item.block
    if isinstance(block, Table):
        for row in block.rows:
            if row.role != HEADER:
                named = row.key.partition("#")[0]
                for cell in row.cells:
                    if cell.figure and cell.kind == FIGURE:
                        yield cell, f"{item.where}／{named}"
    elif isinstance(block, Heading | Paragraph):
        for segment in block.segments:
            if segment.figure and segment.kind == FIGURE:
                yield segment, item.where
