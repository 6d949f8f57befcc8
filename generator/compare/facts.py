"""The facts a document prints: each once, with its number, its texts and its places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from generator.compare.normal import CHANGE_MARKS, base_of, number_in
from generator.compare.pairing import Item
from generator.document import FIGURE, OWED, WORD, Table
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.money import FEN_PER_MEASURE, printed_step, round_decimal

Signed = Mapping[str, Decimal | None]
_EXACT = Decimal(0)
_FALLS = ("减", "降")
_MEASURE_IN_CORNER = re.compile(r"单位[：:]\s*(\w+)")


@dataclass(slots=True)
class Printed:
    """A fact as one document prints it: its number, its texts, and where.

    The number of a change (增减额, 增幅) has the sign that its sentence says in words.
    """

    value: Decimal
    measure: str
    texts: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    values: set[Decimal] = field(default_factory=set)
    sign: str = ""  # + or - of a change that is not zero
    step: Decimal = _EXACT  # what it was rounded to before it was told in a finer measure

    @property
    def last_digit(self) -> Decimal:
        """One of the last digit that was published."""
        return self.step or printed_step(self.value)

    @property
    def shown(self) -> str:
        """The text as it is printed; of a change, with its sign: +352.8万元, -7.2%."""
        return self.sign + self.text.lstrip("+-") if self.sign else self.text

    def same(self, other: Printed) -> bool:
        """Whether both are one number, as far as this one was published."""
        value = round_decimal(other.value / self.step, 0) * self.step if self.step else other.value
        return self.value == value

    @property
    def text(self) -> str:
        """The text with its measure, as sentences print it, or else the cell's."""
        return next((text for text in self.texts if not text[-1].isdigit()), self.texts[0])


Facts = Mapping[str, Printed]


def printed_facts(items: Sequence[Item], signed: Signed) -> dict[str, Printed]:
    """Every fact a document prints, in the order of first printing.

    `signed` are facts with their sign, where they are known; else the word before tells it.
    """
    facts: dict[str, Printed] = {}
    for item in items:
        for piece in _pieces_of(item, FIGURE):
            number = number_in(piece.text)
            if number is None:
                continue
            value = _with_sign(piece, number[0], signed.get(piece.figure))
            measure = number[1] or piece.measure
            fact = facts.get(piece.figure)
            if fact is None:
                fact = facts[piece.figure] = Printed(value, measure)
            fact.measure = fact.measure or measure
            fact.values.add(value)
            if value and piece.figure.endswith(CHANGE_MARKS):
                fact.sign = "-" if fact.value < 0 else "+"
            for known, one in ((fact.texts, piece.text), (fact.places, piece.where)):
                if one not in known:
                    known.append(one)
    return facts


def numbers_of(facts: Facts) -> dict[str, Decimal]:
    return {name: fact.value for name, fact in facts.items()}


def owed_facts(items: Sequence[Item]) -> frozenset[str]:
    """The facts a draft prints as 待填."""
    return frozenset(piece.figure for item in items for piece in _pieces_of(item, OWED))


def measure_of(facts: Facts, otherwise: str) -> str:
    """What a document prints most of its amounts in: 万元, 元."""
    counted = Counter(f.measure for f in facts.values() if f.measure in FEN_PER_MEASURE)
    return counted.most_common(1)[0][0] if counted else otherwise


def in_one_measure(facts: tuple[Facts, Facts], measures: tuple[str, str]) -> tuple[Facts, Facts]:
    """Both sides' facts with every amount of the old one in the new one's measure and decimals.

    An amount that a table prints without its measure is in the document's. Texts stay as printed.
    """
    old, new = facts
    if measures[0] == measures[1] or not {*measures} <= FEN_PER_MEASURE.keys():
        return facts
    finest = _decimals(old, measures[0]), _decimals(new, measures[1])
    converted = {
        name: _converted(fact, measures, finest)
        if fact.measure == measures[0] or (not fact.measure and is_amount(name))
        else fact
        for name, fact in old.items()
    }
    return converted, new


def _decimals(facts: Facts, measure: str) -> int:
    """The most decimals that amounts in `measure` are printed with."""
    exponents = (f.value.as_tuple().exponent for f in facts.values() if f.measure == measure)
    return max((-number for number in exponents if isinstance(number, int)), default=0)


def measure_remarks(old: str, new: str) -> tuple[str, ...]:
    """What a report says of sides that are published in two measures."""
    return () if old == new else (f"旧的一方按{old}公布，换算成{new}比较",)


@lru_cache(maxsize=65536)
def is_amount(name: str) -> bool:
    """Whether a fact is money by its name, and no count, rate or share."""
    definition = DEFINITION_BY_NAME.get(base_of(name))
    counted = definition is not None and definition.measure
    return not counted and (base_of(name) == name or name.endswith(".增减额"))


def _converted(fact: Printed, measures: tuple[str, str], finest: tuple[int, int]) -> Printed:
    """`finest` are the decimals of either side's amounts."""
    times = Decimal(FEN_PER_MEASURE[measures[0]]) / FEN_PER_MEASURE[measures[1]]
    step = Decimal(1).scaleb(-finest[0]) * times
    is_finer = step < Decimal(1).scaleb(-finest[1])

    def converted(value: Decimal) -> Decimal:
        return round_decimal(value * times, finest[1])

    values = set(map(converted, fact.values))
    value = converted(fact.value)
    step = _EXACT if is_finer else step
    return replace(fact, value=value, measure=measures[1], values=values, step=step)


def _with_sign(piece: _Piece, value: Decimal, known: Decimal | None) -> Decimal:
    """A change's number as it was computed; without that, as the word before it says."""
    if value < 0 or not piece.figure.endswith(CHANGE_MARKS):
        return value
    falls = known < 0 if known is not None else any(word in piece.word for word in _FALLS)
    return -value if falls else value


class _Piece(NamedTuple):
    """A printed figure; `word` is the last chosen word before it, `measure` that of its table."""

    text: str
    figure: str
    where: str
    word: str
    measure: str


def _pieces_of(item: Item, kind: str) -> Iterator[_Piece]:
    """The pieces of a kind that are a fact's."""
    block = item.block
    if isinstance(block, Table):
        found = _MEASURE_IN_CORNER.search(block.corner_right)
        for row in block.rows:
            cells = [cell for cell in row.cells if cell.figure and cell.kind == kind]
            where = f"{item.where}／{row.key.partition('#')[0]}" if cells else ""
            for cell in cells:
                measure = found[1] if found and is_amount(cell.figure or "") else ""
                yield _Piece(cell.text, cell.figure or "", where, "", measure)
    else:
        word = ""
        for segment in block.segments:
            word = segment.text if segment.kind == WORD else word
            if segment.figure and segment.kind == kind:
                yield _Piece(segment.text, segment.figure, item.where, word, "")
