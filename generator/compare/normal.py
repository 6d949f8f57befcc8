"""Texts as they are compared: without year and department, figures by what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from generator.document import FIGURE, LITERAL, OWED, WORD, YEAR, Segment

_YEAR = re.compile(r"(?<![0-9.])((?:19|20|21)[0-9]{2})(?=年)", re.ASCII)
_ORDINAL = re.compile(
    r"(?:第[一二三四五六七八九十百]+部分[ \u3000]*|[一二三四五六七八九十百]+、"
    r"|（[一二三四五六七八九十百]+）|[0-9]{1,3}[.．、][ \u3000]*(?![0-9]))"
)
_CLAUSE = re.compile(r"[^，。；：、！？]*[，。；：、！？]?")
_ENDS = frozenset("，。；：、！？")
# A whole number as a cell prints it, perhaps with a measure behind it.
_NUMBER = re.compile(r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(%|[^\W\d_]{0,4}|台（套）)?")


class Naming(NamedTuple):
    """What is put aside in a side's texts: its year and its department's name."""

    year: int | None
    department: str

    def normal(self, text: str) -> str:
        """The text with 〔部门〕, 〔年〕 and 〔上年〕 for what differs anyway."""
        if self.department and self.department in text:
            text = text.replace(self.department, "〔部门〕")
        return _YEAR.sub(lambda match: self.year_mark(match[1]), text)

    def year_mark(self, text: str) -> str:
        """A printed year relative to the side's."""
        if self.year is None or not text.isdecimal():
            return text
        return {0: "〔年〕", -1: "〔上年〕"}.get(int(text) - self.year, text)


class Atom(NamedTuple):
    """The smallest piece a comparison may take apart: a character run, or a whole figure.

    `mark` is what is compared; `base` the figure that a computed piece speaks of.
    """

    text: str
    mark: str
    kind: str = LITERAL
    figure: str | None = None

    @property
    def computed(self) -> bool:
        return self.kind in (FIGURE, WORD)

    @property
    def base(self) -> str:
        return base_of(self.figure or "")


CHANGE_MARKS = (".增减额", ".增幅")
DERIVED = (*CHANGE_MARKS, ".占比(")


@lru_cache(maxsize=65536)  # asked for every figure some ten times
def base_of(name: str) -> str:
    """三公经费.增幅 -> 三公经费; a share belongs to its part."""
    positions = [position for mark in DERIVED if (position := name.find(mark)) > 0]
    return name[: min(positions)] if positions else name


def is_derived(name: str) -> bool:
    return base_of(name) != name


def atom_of(segment: Segment, naming: Naming) -> Atom:
    kind, text = segment.kind, segment.text
    if kind == FIGURE:
        mark = f"〔{segment.figure}〕"
    elif kind == YEAR:
        mark = naming.year_mark(text)
    elif kind in (WORD, OWED):
        mark = text
    else:
        mark = naming.normal(text)
    return Atom(text, mark, kind, segment.figure)


def clauses_of(segments: Iterable[Segment], naming: Naming) -> list[tuple[Atom, ...]]:
    """The clauses of a text, each up to and with its punctuation; figures stay whole."""
    clauses: list[tuple[Atom, ...]] = []
    current: list[Atom] = []
    for atom in _pieces(segments, naming):
        current.append(atom)
        if atom.text and atom.text[-1] in _ENDS and atom.kind in (LITERAL, WORD):
            clauses.append(tuple(current))
            current = []
    if current:
        clauses.append(tuple(current))
    return clauses


def _pieces(segments: Iterable[Segment], naming: Naming) -> Iterator[Atom]:
    for segment in segments:
        if segment.kind != LITERAL:
            yield atom_of(segment, naming)
            continue
        for text in _CLAUSE.findall(segment.text):
            if text:
                yield Atom(text, naming.normal(text), LITERAL, segment.figure)


def mark_of(atoms: Iterable[Atom]) -> str:
    """What a clause is compared by. Computed words count by their figure, not by their letters."""
    return "".join(f"〔词{a.figure or ''}〕" if a.kind == WORD else a.mark for a in atoms)


def normal_text(segments: Iterable[Segment], naming: Naming) -> str:
    """The whole text as it is compared, without its leading number."""
    atoms = [atom_of(segment, naming) for segment in segments]
    return without_ordinal(mark_of(atoms))


def ordinal_of(text: str) -> str:
    """The number a heading or a listed paragraph begins with: 一、 or （二） or 3. ."""
    match = _ORDINAL.match(text)
    return match[0] if match else ""


def without_ordinal(text: str) -> str:
    return text[len(ordinal_of(text)) :]


@lru_cache(maxsize=65536)  # asked of every cell some five times
def number_in(text: str) -> tuple[Decimal, str] | None:
    """(832.3, 万元) for a text that is one number and a measure; None for any other."""
    match = _NUMBER.fullmatch(text.strip())
    return (Decimal(match[1].replace(",", "")), match[2] or "") if match else None


def is_bare_amount(text: str) -> bool:
    """Whether a text is a number with decimals and without a measure: 12.0, and not 100.00%."""
    number = number_in(text)
    return "." in text and number is not None and not number[1]
