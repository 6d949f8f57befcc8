"""The widths of a table's columns: no number broken, names in few lines, no lonely last character.

Lengths of texts are in half ems: a Chinese character is two, an ASCII one is one. Widths are twips.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from generator.document import HEADER, Table

# Of a cell: its left and right margins and the line.
SIDES = 130
# Longer stretches without a break (addresses of web pages) may be broken all the same.
_LONGEST_WORD = 24
# In a text of Chinese characters: ≥95% is one.
_WORD = re.compile("[≥≤＞＜＝±]?[!-~]+")
# Names are looked at in so many rows: 50,000 say no more.
_ROWS = 200
_CHARACTER = 2
# What a lonely last character costs, in lines: in a header, and in a name.
_LONELY_IN_HEADER, _LONELY = 2.0, 0.3
_PASSES = 3
# Characters that a text may be given.
_MOST_LACKED = 2
# The tenth of a twip is for sums of fractions.
_MARGIN = SIDES - 0.1


# First column, the one after the last, whether in the header.
_Span = tuple[int, int, bool]


class Texts(NamedTuple):
    """What stands over the columns `first:last`: how often which length, and whether in lines."""

    first: int
    last: int
    header: bool
    count_by_length: tuple[tuple[int, int], ...]
    in_lines: bool = False


class Wants(NamedTuple):
    """What the columns hold: the longest number or code of each, and the texts that may wrap.

    In the columns of `others` begin texts that neither tells of.
    """

    words: tuple[int, ...]
    texts: tuple[Texts, ...]
    others: frozenset[int]

    def least(self, lines: int, enough: int) -> tuple[int, ...]:
        """In half ems: no number is broken, and no text of a single column takes more `lines`,
        unless a line holds `enough` characters.
        """
        least = list(self.words)
        for first, last, _, count_by_length, _ in self.texts:
            if last == first + 1:
                characters = min(math.ceil(count_by_length[-1][0] / lines / _CHARACTER), enough)
                least[first] = max(least[first], characters * _CHARACTER)
        return tuple(least)

    def wrapping(self, edges: Sequence[int], half: float) -> tuple[frozenset[int], frozenset[int]]:
        """Where texts begin that may take more than a line, in the body and in the header.

        `half` is half an em in twips.
        """
        rooms = [(right - left - SIDES) / half for left, right in pairwise(edges)]
        words = [n for n, word in enumerate(self.words) if word > rooms[n]]
        texts = [
            text
            for text in self.texts
            if text.in_lines
            or text.count_by_length[-1][0] > (edges[text.last] - edges[text.first] - SIDES) / half
        ]
        body = [text.first for text in texts if not text.header]
        header = [text.first for text in texts if text.header]
        return self.others.union(words, body), self.others.union(words, header)


def wants_of(table: Table) -> Wants:
    """Cells outside the grid are not looked at: writing them is what complains.

    What spans columns in the body has room enough.
    """
    columns = len(table.columns)
    longest = [_CHARACTER] * columns
    others = set()
    texts_by_span: dict[_Span, list[str]] = {}
    for number, row in enumerate(table.rows):
        header = row.role == HEADER
        for text, column, span, _, _, _, _, _, _ in row.cells:
            if not text or column + span > columns:
                continue
            if not text.isascii():
                if number < _ROWS and (span == 1 or header):
                    texts_by_span.setdefault((column, column + span, header), []).append(text)
                else:
                    others.add(column)
            elif span > 1:
                others.add(column)
            elif len(text) > longest[column]:
                longest[column] = max(longest[column], *map(len, text.split()))
                if len(text) > min(longest[column], _LONGEST_WORD):
                    others.add(column)
    words = _words(longest, texts_by_span)
    names = tuple([_texts(*span, texts) for span, texts in texts_by_span.items()])
    return Wants(words, names, frozenset(others))


def width_of(halves: float, points: float) -> int:
    """The twips of a column that holds so many half ems in a line."""
    return math.ceil(halves * points * 10) + SIDES


@lru_cache(maxsize=512)  # a build fits its tables for the page map's key, and to write them
def edges_of(
    weights: tuple[float, ...], wants: Wants, least: tuple[int, ...], points: float, width: int
) -> tuple[int, ...]:
    """The left edges of the columns and the right edge: shares of `width` by weight, but none
    below `least`; then moved so that fewer lines are needed.
    """
    needed = [width_of(halves, points) for halves in least]
    if sum(needed) > width:
        shares = _cut(needed, width)
    else:
        shares = _Moves(wants, needed, points).settled(list(_shares(weights, needed, width)))
    edges, sum_so_far = [0], 0.0
    for share in shares:
        sum_so_far += share
        edges.append(round(sum_so_far))
    return tuple(edges)


def _words(longest: list[int], texts_by_span: Mapping[_Span, Sequence[str]]) -> tuple[int, ...]:
    """With the longest number or code within the texts of each column, below the header."""
    for (first, last, header), texts in texts_by_span.items():
        if last == first + 1 and not header:
            found = _WORD.findall("\n".join(texts))
            longest[first] = max(longest[first], *map(length_of, found), 0)
    return tuple([min(letters, _LONGEST_WORD) for letters in longest])


def _texts(first: int, last: int, header: bool, texts: Sequence[str]) -> Texts:
    if len(texts) == 1 and "\n" not in texts[0]:  # headers
        return Texts(first, last, header, ((length_of(texts[0]), 1),))
    lines = "\n".join(texts).split("\n")
    count_by_length: dict[int, int] = {}
    for line in lines:
        length = length_of(line)
        count_by_length[length] = count_by_length.get(length, 0) + 1
    in_lines = len(lines) > len(texts)
    return Texts(first, last, header, tuple(sorted(count_by_length.items())), in_lines)


@lru_cache(maxsize=8192)  # asked for the widths and for the lines; names occur in many tables
def length_of(text: str) -> int:
    """In half ems: characters of three bytes are one em wide, ASCII half an em."""
    return (len(text) + len(text.encode()) + 1) // 2


def _cut(needed: Sequence[int], width: int) -> list[float]:
    """Where there is no room: the widest columns are as wide as each other, the others whole."""
    left, widest = float(width), 0.0
    for number, need in enumerate(sorted(needed)):
        widest = left / (len(needed) - number)
        if need > widest:
            break
        left -= need
    return [min(need, widest) for need in needed]


def _shares(weights: Sequence[float], least: Sequence[int], width: int) -> Iterator[float]:
    """By weight; columns that need more get it, at the cost of the others."""
    given: dict[int, int] = {}
    while True:
        rest = width - sum(given.values())
        total = sum(weight for n, weight in enumerate(weights) if n not in given)
        short = {
            n: least[n]
            for n, weight in enumerate(weights)
            if n not in given and rest * weight < least[n] * total
        }
        if not short:
            break
        given |= short
    for n, weight in enumerate(weights):
        yield given[n] if n in given else rest * weight / total


class _Moves:
    """Takes width from columns that can spare it where that saves lines in another."""

    def __init__(self, wants: Wants, least: Sequence[int], points: float) -> None:
        self.texts = wants.texts
        self.least = least
        self.character = points * 20
        self.over: list[list[int]] = [[] for _ in least]  # texts by column
        for number, text in enumerate(wants.texts):
            for over in self.over[text.first : text.last]:
                over.append(number)
        self.least_cost = [sum(count for _, count in text.count_by_length) for text in wants.texts]
        self.cost_by_characters: list[dict[int, float]] = [{} for _ in wants.texts]
        # Of every text, with the widths as they are.
        self.width: list[float] = []
        self.cost: list[float] = []

    def settled(self, widths: list[float]) -> list[float]:
        self.width = [sum(widths[text.first : text.last]) for text in self.texts]
        self.cost = [self._cost(n, self._characters(width)) for n, width in enumerate(self.width)]
        in_vain = 0
        for number in list(range(len(self.texts))) * _PASSES:
            in_vain = 0 if self._improve(number, widths) else in_vain + 1
            if in_vain == len(self.texts):
                break
        return widths

    def _improve(self, number: int, widths: list[float]) -> bool:
        """Give texts the few characters that they lack, if another column can spare them."""
        if self.cost[number] == self.least_cost[number]:  # a line each
            return False
        text, width = self.texts[number], self.width[number]
        characters = max(self._characters(width), 1)
        for more in range(characters + 1, characters + _MOST_LACKED + 1):
            if self._cost(number, more) < self.cost[number]:
                needed = SIDES + more * self.character - width
                receiver = max(range(text.first, text.last), key=widths.__getitem__)
                if self._taken(needed, receiver, widths):
                    return True
        return False

    def _taken(self, needed: float, receiver: int, widths: list[float]) -> bool:
        """Whether a column gave `needed` to `receiver`, the one with most to spare first."""
        spare = [
            (width - least, column)
            for column, (width, least) in enumerate(zip(widths, self.least, strict=True))
            if column != receiver and width - needed >= least
        ]
        if not spare:
            return False
        gaining = self.over[receiver]
        gains = [(n, gain) for n in gaining if (gain := self._change(n, needed))]
        for _, giver in sorted(spare, reverse=True):
            # A text over both columns keeps its width.
            losing = self.over[giver]
            change = sum([gain for n, gain in gains if n not in losing])
            change += sum([self._change(n, -needed) for n in losing if n not in gaining])
            if change < 0:
                widths[giver] -= needed
                widths[receiver] += needed
                for number in {*losing, *gaining}:
                    text = self.texts[number]
                    self.width[number] = width = sum(widths[text.first : text.last])
                    self.cost[number] = self._cost(number, self._characters(width))
                return True
        return False

    def _change(self, number: int, more: float) -> float:
        """Of the cost of a text whose width grows by `more`."""
        characters = int((self.width[number] + more - _MARGIN) / self.character)
        known = self.cost_by_characters[number].get(characters)
        return (known or self._cost(number, characters)) - self.cost[number]

    def _characters(self, width: float) -> int:
        """What a cell holds in a line."""
        return int((width - _MARGIN) / self.character)

    def _cost(self, number: int, characters: int) -> float:
        """The lines of texts in which so many fit, and what is disliked about them."""
        known = self.cost_by_characters[number]
        cost = known.get(characters)
        if cost is None:
            _, _, header, count_by_length, _ = self.texts[number]
            room = max(characters, 1) * _CHARACTER
            lines = [count * _line_cost(length, room, header) for length, count in count_by_length]
            cost = known[characters] = sum(lines)
        return cost


@lru_cache(maxsize=8192)  # the same headers in every document
def _line_cost(length: int, room: int, header: bool) -> float:
    """Of one text, in half ems."""
    lines = max(math.ceil(length / room), 1)
    lonely = lines > 1 and length - (lines - 1) * room <= _CHARACTER
    return lines + (_LONELY_IN_HEADER if header else _LONELY) * lonely
