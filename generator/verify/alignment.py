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


class Gap(NamedTuple):
    """`left:right` of the first sequence against `low:high` of the second: nothing in common."""

    left: int
    right: int
    low: int
    high: int


Pairs = list[tuple[int, int]]


def equal_pairs(first: Sequence[Hashable], second: Sequence[Hashable]) -> Pairs:
    """Indices of equal members, rising in both: a longest common subsequence, or nearly."""
    pairs: Pairs = []
    gaps = [Gap(0, len(first), 0, len(second))]
    while gaps:
        gap = gaps.pop()
        left, right, low, high = gap
        while left < right and low < high and first[left] == second[low]:
            pairs.append((left, low))
            left, low = left + 1, low + 1
        while left < right and low < high and first[right - 1] == second[high - 1]:
            right, high = right - 1, high - 1
            pairs.append((right, high))
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


def scored_pairs(gap: Gap, score: Callable[[int, int], float]) -> Pairs:
    """The rising pairs in a gap with the highest sum of scores; a score of 0 forbids a pair.

    Of a gap too large to search, only as many pairs as it has lines on the shorter side, in order.
    """
    left, right, low, high = gap
    rows, columns = right - left, high - low
    if not rows or not columns:
        return []
    if rows * columns > MOST_SCORED_PAIRS:
        in_order = zip(range(left, right), range(low, high), strict=False)
        return [(i, j) for i, j in in_order if score(i, j) > 0]
    scores = [[score(left + i, low + j) for j in range(columns)] for i in range(rows)]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            value = scores[i][j]
            paired = value + best[i + 1][j + 1] if value > 0 else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    return _chosen(gap, scores, best)


def _chosen(gap: Gap, scores: list[list[float]], best: list[list[float]]) -> Pairs:
    pairs: Pairs = []
    i = j = 0
    while i < len(scores) and j < len(scores[0]):
        value = scores[i][j]
        if value > 0 and best[i][j] == value + best[i + 1][j + 1]:
            pairs.append((gap.left + i, gap.low + j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def likeness(first: Iterable[Hashable], second: Iterable[Hashable]) -> float:
    """0 to 1: the share of members two collections have in common, whatever their order."""
    one = first if isinstance(first, Counter) else Counter(first)
    other = second if isinstance(second, Counter) else Counter(second)
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 0.0
