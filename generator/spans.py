"""Whole numbers that follow each other, told as spans: lines and rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise


def spans_of(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """1, 2, 3, 7 -> (1, 3), (7, 7)"""
    ordered = sorted(numbers)
    breaks = [n for n, (a, b) in enumerate(pairwise(ordered), 1) if b > a + 1]
    for start, end in pairwise((0, *breaks, len(ordered)) if ordered else ()):
        yield ordered[start], ordered[end - 1]


def span_names(numbers: Iterable[int], name: Callable[[int], str] = str) -> str:
    """A—C、F: numbers by their names, neighbours together."""
    pairs = ((name(first), name(last)) for first, last in spans_of(numbers))
    return "、".join(first if first == last else f"{first}—{last}" for first, last in pairs)
