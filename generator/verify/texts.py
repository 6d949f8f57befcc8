"""Compares one text with what it should read: what became of each figure, which words changed.

A figure's text is found again by the words around it; its bookmark, where it survives, decides
between equal numerals.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from generator.verify import findings as rules
from generator.verify.alignment import (
    MOST_SCORED_PAIRS,
    Gap,
    Pairs,
    common_ends,
    equal_pairs,
    gaps_between,
    rising,
    scored_pairs,
)
from generator.verify.baseline import Line, Printed
from generator.verify.findings import FigureState, Finding, LooseNumeral
from generator.verify.numerals import is_numeral, measure_at, words_of

# As much text as the longest measure needs.
FOLLOWING = 24
_CLAUSE_ENDS = frozenset("，。；！？：\n\t")
_MEASURE_CHARACTERS = frozenset("万亿元个百分点%％‰倍辆台人年月日")


class FigureText(NamedTuple):
    """What a figure reads now; None if it is gone. `start` is its place in the text."""

    printed: Printed
    text: str | None
    start: int

    @property
    def state(self) -> FigureState:
        """What became of the figure."""
        if self.text is None:
            return FigureState(self.printed, rules.REMOVED, None)
        is_same = self.text == self.printed.text
        return FigureState(self.printed, rules.UNCHANGED if is_same else rules.CHANGED, self.text)


class TextChange(NamedTuple):
    """All differences of one text; empty if there are none."""

    figures: tuple[FigureText, ...]
    numerals: tuple[LooseNumeral, ...]
    rewordings: tuple[Finding, ...]


class _Side:
    """A text in words, with the character at which each begins."""

    def __init__(self, text: str, breaks: tuple[int, ...] = ()) -> None:
        self.text = text
        self.words = words_of(text, breaks)
        self.starts = [0, *accumulate(len(word) for word in self.words)]

    def word_at(self, position: int) -> int:
        """The number of the word that holds the character at `position`."""
        return bisect_right(self.starts, position) - 1

    def words_in(self, start: int, end: int) -> range:
        """The numbers of the words that hold the characters `start:end`."""
        return range(self.word_at(start), self.word_at(end - 1) + 1)

    def between(self, low: int, high: int) -> str:
        return self.text[self.starts[low] : self.starts[high]]


def compare_text(
    line: Line, text: str, range_by_anchor: Mapping[int, tuple[int, int]] = {}
) -> TextChange:
    """How `text` differs from `line`; `range_by_anchor`: where bookmarks of figures stand."""
    before, after = _Side(line.text, line.breaks), _Side(text)
    fixed = _fixed_pairs(line, before, after, range_by_anchor)
    pairs = _aligned(before, after, fixed)
    # The ends of both texts correspond too.
    mapping = {-1: -1, **dict(pairs), len(before.words): len(after.words)}
    figures, covered = _figures(line, before, after, mapping)
    numerals = []
    for numeral, start in _new_numerals(line.where, before, after, mapping, covered):
        seen = (figure for figure in figures if figure.text is not None)
        beside = sorted(seen, key=lambda figure: abs(figure.start - start))
        near = tuple((figure.printed.figure, figure.printed.text) for figure in beside)
        numerals.append(numeral._replace(near=near))
    owned = {
        number for printed in line.printed for number in before.words_in(printed.start, printed.end)
    }
    computed = {
        number: line.text[start:end]
        for start, end in line.computed
        for number in before.words_in(start, end)
    }
    rewordings = tuple(
        Finding(rules.WORDING_CHANGED, line.where, "", gone, come, note)
        for gone, come, note in _rewordings(before, after, pairs, (owned, covered), computed)
    )
    return TextChange(figures, tuple(numerals), rewordings)


def _fixed_pairs(
    line: Line, before: _Side, after: _Side, range_by_anchor: Mapping[int, tuple[int, int]]
) -> Pairs:
    """Numerals that a surviving bookmark holds on both sides."""
    pairs: Pairs = []
    for printed in line.printed:
        start, end = range_by_anchor.get(printed.anchor, (0, 0))
        ours = _numeral_in(before, printed.start, printed.end)
        theirs = _numeral_in(after, start, end)
        if start < end and ours >= 0 and theirs >= 0:
            pairs.append((ours, theirs))
    return rising(pairs)


def _numeral_in(side: _Side, start: int, end: int) -> int:
    """The number of the first numeral that has a character in `start:end`; -1 if there is none."""
    if start >= min(end, len(side.text)):
        return -1
    for number in range(side.word_at(start), len(side.words)):
        if side.starts[number] >= end:
            break
        if is_numeral(side.words[number]):
            return number
    return -1


def _aligned(before: _Side, after: _Side, fixed: Pairs) -> Pairs:
    """Words that correspond: equal ones, and numerals that take each other's place."""
    pairs: Pairs = []
    edges = [(-1, -1), *fixed, (len(before.words), len(after.words))]
    for (a, b), (c, d) in pairwise(edges):
        ours, theirs = before.words[a + 1 : c], after.words[b + 1 : d]
        pairs += [(a + 1 + i, b + 1 + j) for i, j in _stretch(ours, theirs)]
        if c < len(before.words):
            pairs.append((c, d))
    return pairs


def _stretch(ours: Sequence[str], theirs: Sequence[str]) -> Pairs:
    """The words of a stretch that correspond; of a long one, only those between equal words."""

    def score(i: int, j: int) -> float:
        one, other = ours[i], theirs[j]
        if one == other:
            return 3 if is_numeral(one) else 2
        if not is_numeral(one) or not is_numeral(other):
            return 0
        same_after = ours[i + 1 : i + 2] == theirs[j + 1 : j + 2]
        same_before = i > 0 and j > 0 and ours[i - 1] == theirs[j - 1]
        return 1 + 0.5 * same_after + 0.5 * same_before

    head, tail = common_ends(ours, theirs)
    ends = ((len(ours) - n, len(theirs) - n) for n in range(tail, 0, -1))
    equal = [*((n, n) for n in range(head)), *ends]
    if (len(ours) - head - tail) * (len(theirs) - head - tail) > MOST_SCORED_PAIRS:
        equal = equal_pairs(ours, theirs)
    gaps = gaps_between(equal, len(ours), len(theirs))
    scored = (scored_pairs(range(*gap[:2]), range(*gap[2:]), score) for gap in gaps)
    return sorted(chain(equal, *scored))


def _figures(
    line: Line, before: _Side, after: _Side, mapping: Mapping[int, int]
) -> tuple[tuple[FigureText, ...], set[int]]:
    """What each figure reads now, and the words of the new text that figures account for."""
    found: list[FigureText] = []
    covered: set[int] = set()
    for printed in line.printed:
        span = _counterpart(before.words_in(printed.start, printed.end), mapping)
        text = after.between(*span).strip() if span else ""
        if span is None or not text or _is_rewritten(printed.text, text):
            found.append(FigureText(printed, None, -1))
            continue
        covered.update(range(*span))
        found.append(FigureText(printed, text, after.starts[span[0]]))
    return tuple(found), covered


def _is_rewritten(printed: str, text: str) -> bool:
    """Words that took a figure's place are a sentence of their own, not another value."""
    return not any(is_numeral(word) for word in words_of(text)) and len(text) > len(printed) + 4


def _counterpart(words: range, mapping: Mapping[int, int]) -> tuple[int, int] | None:
    """The words `low:high` that stand where `words` stood, None if none do."""
    before, first, last, after = words.start - 1, words.start, words.stop - 1, words.stop
    own = [mapping[n] for n in words if n in mapping]
    low, high = (own[0], own[-1] + 1) if own else (None, None)
    if first not in mapping and before in mapping:
        low = mapping[before] + 1
    if last not in mapping and after in mapping:
        high = mapping[after]
    return (low, high) if low is not None and high is not None and low < high else None


def _new_numerals(
    where: str, before: _Side, after: _Side, mapping: Mapping[int, int], covered: set[int]
) -> Iterator[tuple[LooseNumeral, int]]:
    """Each numeral that no figure accounts for, and its place in the text."""
    origin = {theirs: ours for ours, theirs in mapping.items()}
    for number, word in enumerate(after.words):
        if number in covered or not is_numeral(word):
            continue
        old = origin.get(number)
        if old is None or before.words[old] != word:
            was = "" if old is None else before.words[old]
            was += measure_at(before.text, before.starts[old + 1]) if old is not None else ""
            start = after.starts[number]
            measure = measure_at(after.text, after.starts[number + 1])
            following = after.text[start : start + FOLLOWING]
            yield LooseNumeral(word + measure, following, where, was, ()), start


def _rewordings(
    before: _Side,
    after: _Side,
    pairs: Pairs,
    told: tuple[set[int], set[int]],
    computed: Mapping[int, str],
) -> Iterator[tuple[str, str, str]]:
    """The clauses around each difference that is not a figure's alone, as they read and read now,
    with what is to be noted; neighbours are one.

    `told` are the words of figures on both sides, `computed` those that figures decide.
    """
    equal = [(i, j) for i, j in pairs if before.words[i] == after.words[j]]
    spans: list[Gap] = []
    for gap in gaps_between(equal, len(before.words), len(after.words)):
        if _only_figures(gap, after, *told):
            continue
        one_side = gap.left == gap.right or gap.low == gap.high
        whole = _is_whole(before.words, *gap[:2]) or _is_whole(after.words, *gap[2:])
        if one_side and whole:
            left, right, low, high = gap
        else:
            left, right = _clause(before.words, gap.left, gap.right, one_side=one_side)
            low, high = _clause(after.words, gap.low, gap.high, one_side=one_side)
        if spans and (left < spans[-1].right or low < spans[-1].high):
            last = spans.pop()
            left, right = min(left, last.left), max(right, last.right)
            low, high = min(low, last.low), max(high, last.high)
        spans.append(Gap(left, right, low, high))
    kept = {i for i, _ in equal}
    for left, right, low, high in spans:
        gone = (computed[n] for n in range(left, right) if n in computed and n not in kept)
        words = "”“".join(dict.fromkeys(gone))
        note = f"“{words}”是按数算出来的词" if words else ""
        yield before.between(left, right), after.between(low, high), note


def _only_figures(gap: Gap, after: _Side, owned: set[int], covered: set[int]) -> bool:
    """Whether a difference is told completely by figures and new numerals with their measures."""
    if any(n not in owned for n in range(gap.left, gap.right)):
        return False
    others = [n for n in range(gap.low, gap.high) if n not in covered]
    if not others:
        return True
    words = [after.words[n] for n in others]
    return any(map(is_numeral, words)) and all(
        is_numeral(word) or word in _MEASURE_CHARACTERS or word.isspace() for word in words
    )


def _is_whole(words: Sequence[str], left: int, right: int) -> bool:
    """Whether `left:right` are complete clauses."""
    begins = left == 0 or words[left - 1] in _CLAUSE_ENDS
    return left < right and begins and words[right - 1] in _CLAUSE_ENDS


def _clause(words: Sequence[str], left: int, right: int, *, one_side: bool) -> tuple[int, int]:
    """`left:right` extended to the clause around it, its closing mark included.

    A mark that stands on `one_side` only parts a clause of the other: both halves belong to it.
    """
    if not one_side and right > left and words[right - 1] in _CLAUSE_ENDS:
        right -= 1
        left = min(left, right)
    while left > 0 and words[left - 1] not in _CLAUSE_ENDS:
        left -= 1
    while right < len(words) and words[right] not in _CLAUSE_ENDS:
        right += 1
    return left, min(right + 1, len(words))
