"""Aligns two sequences in order: equal members first, then the most similar ones between them.

Bounded: equal members are found in n log n, and only short gaps are searched in full.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

# A gap of more pairs than this is not searched: 250,000 are 0.1 s in difflib.
_MOST_EQUAL_PAIRS = 250_000
MOST_SCORED_PAIRS = 40_000

Pairs = list[tuple[int, int]]
Key = str | tuple[object, ...]
Score = Callable[[int, int], float]


class Gap(NamedTuple):
    """`left:right` of the first sequence against `low:high` of the second: nothing in common."""

    left: int
    right: int
    low: int
    high: int


def common_start(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """How many members two sequences begin with in common."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(first), len(second)))


def common_ends(first: Sequence[Hashable], second: Sequence[Hashable]) -> tuple[int, int]:
    """How many members both begin with, and how many of the others both end with."""
    head = common_start(first, second)
    return head, common_start(first[head:][::-1], second[head:][::-1])


def equal_pairs(first: Sequence[Hashable], second: Sequence[Hashable]) -> Pairs:
    """Indices of equal members, rising in both: a longest common subsequence, or nearly."""
    pairs: Pairs = []
    gaps = [Gap(0, len(first), 0, len(second))]
    while gaps:
        left, right, low, high = gaps.pop()
        head, tail = common_ends(first[left:right], second[low:high])
        pairs += [(left + n, low + n) for n in range(head)]
        pairs += [(right - n, high - n) for n in range(1, tail + 1)]
        left, right, low, high = left + head, right - tail, low + head, high - tail
        if left == right or low == high:
            continue
        unique = _unique_pairs(first, second, Gap(left, right, low, high))
        if unique:
            pairs += unique
            edges = [(left - 1, low - 1), *unique, (right, high)]
            gaps += [Gap(a + 1, c, b + 1, d) for (a, b), (c, d) in pairwise(edges)]
        elif (right - left) * (high - low) <= _MOST_EQUAL_PAIRS:
            matcher = SequenceMatcher(None, first[left:right], second[low:high], autojunk=False)
            for a, b, size in matcher.get_matching_blocks():
                pairs += [(left + a + n, low + b + n) for n in range(size)]
    return sorted(pairs)


def _unique_pairs(first: Sequence[Hashable], second: Sequence[Hashable], gap: Gap) -> Pairs:
    """Members that occur once on both sides of a gap, the most that rise in both."""
    left, right, low, high = gap
    once = {key for key, n in Counter(first[left:right]).items() if n == 1}
    once &= {key for key, n in Counter(second[low:high]).items() if n == 1}
    if not once:
        return []
    place = {key: n for n, key in enumerate(second[low:high], low) if key in once}
    return rising([(n, place[first[n]]) for n in range(left, right) if first[n] in once])


def rising(pairs: Pairs) -> Pairs:
    """The longest part of `pairs` (first members ascending) whose second members ascend too."""
    tails: list[int] = []  # smallest last value of a rising run of each length
    at: list[int] = []  # which pair holds it
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        length = bisect_left(tails, value)
        tails[length : length + 1] = [value]
        at[length : length + 1] = [number]
        before.append(at[length - 1] if length else -1)
    run: Pairs = []
    number = at[-1] if at else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def gaps_between(pairs: Pairs, first_size: int, second_size: int) -> Iterator[Gap]:
    """The stretches that `pairs` (rising) leave out on either side."""
    for (a, b), (c, d) in pairwise([(-1, -1), *pairs, (first_size, second_size)]):
        if c - a > 1 or d - b > 1:
            yield Gap(a + 1, c, b + 1, d)


class Unpaired:
    """The members of two sequences that have no partner yet, by their numbers.

    At first these are all that `equal`, word for word in order, leaves; each step takes its pairs.
    """

    def __init__(self, first: Sequence[Key], second: Sequence[Key]) -> None:
        self._first, self._second = first, second
        self.equal = equal_pairs(first, second)
        self.left = set(range(len(first))) - {i for i, _ in self.equal}
        self.right = set(range(len(second))) - {j for _, j in self.equal}

    def take(self, pairs: Pairs) -> Pairs:
        self.left.difference_update(i for i, _ in pairs)
        self.right.difference_update(j for _, j in pairs)
        return pairs

    def moved(self) -> Pairs:
        """Members that stand word for word elsewhere; empty ones are no members."""
        place = {self._second[j]: j for j in sorted(self.right, reverse=True)}
        found = (
            (i, place.pop(self._first[i], -1)) for i in sorted(self.left) if any(self._first[i])
        )
        return self.take([(i, j) for i, j in found if j >= 0])

    def gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        """What is left on both sides between two neighbouring equal pairs."""
        for gap in gaps_between(self.equal, len(self._first), len(self._second)):
            yield (
                [i for i in range(gap.left, gap.right) if i in self.left],
                [j for j in range(gap.low, gap.high) if j in self.right],
            )

    def strays(self, score: Score, sure: float) -> Pairs:
        """Changed members that stand elsewhere: those whose best score is above `sure`."""
        if len(self.left) * len(self.right) > MOST_SCORED_PAIRS:
            return []
        strays: Pairs = []
        for i in sorted(self.left):
            best, j = max(((score(i, j), -j) for j in self.right), default=(0.0, 0))
            if best > sure:
                strays += self.take([(i, -j)])
        return strays


def scored_pairs(some: Sequence[int], others: Sequence[int], score: Score) -> Pairs:
    """The pairs, rising in both, with the highest sum of scores; a score of 0 forbids a pair.

    Of too many to search, only those that stand in the same place on both sides.
    """
    if len(some) * len(others) > MOST_SCORED_PAIRS:
        return [(i, j) for i, j in zip(some, others, strict=False) if score(i, j) > 0]
    scores = [[score(i, j) for j in others] for i in some]
    best = [[0.0] * (len(others) + 1) for _ in range(len(some) + 1)]
    for a in range(len(some) - 1, -1, -1):
        for b in range(len(others) - 1, -1, -1):
            value = scores[a][b]
            paired = value + best[a + 1][b + 1] if value > 0 else 0.0
            best[a][b] = max(paired, best[a + 1][b], best[a][b + 1])
    return [(some[a], others[b]) for a, b in _chosen(scores, best)]


def _chosen(scores: list[list[float]], best: list[list[float]]) -> Iterator[tuple[int, int]]:
    a = b = 0
    while a < len(scores) and b < len(scores[0]):
        value = scores[a][b]
        if value > 0 and best[a][b] == value + best[a + 1][b + 1]:
            yield a, b
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1


def likeness(first: Iterable[Hashable], second: Iterable[Hashable]) -> float:
    """0 to 1: the share of members two collections have in common, whatever their order."""
    one = first if isinstance(first, Counter) else Counter(first)
    other = second if isinstance(second, Counter) else Counter(second)
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 0.0
