"""Which element of one sequence is which of another.

Every function is its own mirror image: with the sides exchanged it gives the exchanged answer.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, TypeVar

from generator.verify.alignment import common_ends, rising

_T = TypeVar("_T")
# Texts this much alike, 0 to 1, are versions of one another.
ALIKE = 0.5


class Span(NamedTuple):
    """A stretch of both sequences; `equal` or replaced (one of them may be empty)."""

    equal: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int

    def cut(self, old: Sequence[_T], new: Sequence[_T]) -> tuple[Sequence[_T], Sequence[_T]]:
        """The stretch of each sequence."""
        return old[self.old_start : self.old_end], new[self.new_start : self.new_end]


def spans(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Span]:
    """Alternating equal and replaced stretches that cover both sequences."""
    start, end = common_ends(old, new)
    found = [Span(True, 0, start, 0, start)] if start else []
    found += _inner_spans(old[start : len(old) - end], new[start : len(new) - end], start)
    if end:
        found.append(Span(True, len(old) - end, len(old), len(new) - end, len(new)))
    return found


def _inner_spans(old: Sequence[Hashable], new: Sequence[Hashable], start: int) -> list[Span]:
    if not old and not new:
        return []
    if set(old).isdisjoint(new):  # most cells: a number for a number
        return [Span(False, start, start + len(old), start, start + len(new))]
    # The matcher breaks ties in favour of its first argument: a fixed order makes it symmetric.
    swapped = _is_after(old, new)
    first, second = (new, old) if swapped else (old, new)
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        low = (c, d, a, b) if swapped else (a, b, c, d)
        found.append(Span(tag == "equal", *(position + start for position in low)))
    return found


def likeness(old: str, new: str, least: float) -> float:
    """How much alike two texts are, 0 to 1; 0 if certainly below `least`."""
    if old == new:
        return 1.0
    first, second = sorted((old, new))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return 0.0 if matcher.quick_ratio() < least else matcher.ratio()


def moved(old: Sequence[Hashable], new: Sequence[Hashable]) -> frozenset[Hashable]:
    """The fewest elements that explain the other order; both hold the same, each once."""
    swapped = _is_after(old, new)
    first, second = (new, old) if swapped else (old, new)
    position = {key: index for index, key in enumerate(second)}
    order = [position[key] for key in first]
    staying = {index for _, index in rising(list(enumerate(order)))}
    return frozenset(key for key, index in zip(first, order, strict=True) if index not in staying)


def best_pairs(
    old: Mapping[int, tuple[Hashable, str]],
    new: Mapping[int, tuple[Hashable, str]],
    alike: float,
) -> list[tuple[int, int]]:
    """Pairs of indexes whose texts are alike, the most alike first; only within one group.

    Both sides map an index to its group and its text.
    """
    by_group: dict[Hashable, list[int]] = {}
    for index, (group, _) in new.items():
        by_group.setdefault(group, []).append(index)
    candidates = []
    for one, (group, text) in old.items():
        for other in by_group.get(group, ()):
            ratio = likeness(text, new[other][1], alike)
            if ratio >= alike:
                candidates.append((-ratio, one + other, abs(one - other), one, other))
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    given: set[int] = set()
    for *_, one, other in sorted(candidates, key=lambda c: (c[:3], min(c[3:]), max(c[3:]))):
        if one not in taken and other not in given:
            taken.add(one)
            given.add(other)
            pairs.append((one, other))
    return pairs


def _is_after(old: Sequence[Hashable], new: Sequence[Hashable]) -> bool:
    if len(old) != len(new):
        return len(old) > len(new)
    for one, other in zip(old, new, strict=True):
        if one != other:
            return repr(one) > repr(other)
    return False
