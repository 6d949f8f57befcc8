"""Which differences of a text follow from its figures: other words, other branches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator.compare.normal import Atom, base_of
from generator.compare.pairing import Item
from generator.document import FIGURE, WORD

INCREASE, DECREASE, UNCHANGED, NEW, GONE = "增加", "减少", "持平", "新增", "取消"
SLIGHT_INCREASE, SLIGHT_DECREASE = "略增", "略减"
_UNCHANGED_WORDS = ("持平", "无增减", "不变")


@dataclass(frozen=True, slots=True)
class Classes:
    """How each figure changed against its own last year, on both sides: 增加, 减少, 持平 …

    `shown` are the numbers as printed; `by_text`: the figures have no identities of their own.
    """

    by_side: tuple[Mapping[str, str], Mapping[str, str]]
    shown: tuple[Mapping[str, Decimal], Mapping[str, Decimal]]
    by_text: bool

    def turned(self, figure: str) -> bool:
        """Whether the figure's change reads otherwise on the two sides."""
        return self.by_side[0].get(figure) != self.by_side[1].get(figure)

    def explain(
        self,
        old: Sequence[tuple[Atom, ...]],
        new: Sequence[tuple[Atom, ...]],
        *,
        edited: bool = False,
    ) -> bool:
        """Whether what differs between two stretches of clauses follows from figures.

        `edited` says that the template line is another: then each figure must have its reason.
        """
        if self.by_text:
            return _without_words(old) == _without_words(new)
        gone, come = self._computed(old, 0), self._computed(new, 1)
        differing = [atom for atom in (*gone, *come) if gone.count(atom) != come.count(atom)]
        reasons = [self._follows(kind, name) for kind, name, _ in differing]
        return bool(reasons) and (all(reasons) if edited else any(reasons))

    def _follows(self, kind: str, name: str) -> bool:
        if kind == WORD and not name:
            return True  # the kind of base, which is data
        base = base_of(name)
        if self.turned(base):
            return True
        old, new = (side.get(base) or 0 for side in self.shown)
        # A clause about a figure comes and goes with its being zero, even before that shows.
        return kind == FIGURE and 0 in (old, new)

    def _computed(
        self, clauses: Sequence[tuple[Atom, ...]], side: int
    ) -> list[tuple[str, str, str]]:
        """Kind, figure, and what a word says: its figure's class, or itself."""
        classes = self.by_side[side]
        return [
            (
                atom.kind,
                atom.figure or "",
                classes.get(atom.base, atom.text) if atom.kind == WORD else "",
            )
            for clause in clauses
            for atom in clause
            if atom.computed
        ]


def _without_words(clauses: Sequence[tuple[Atom, ...]]) -> str:
    return "".join("〔词〕" if a.kind == WORD else a.mark for clause in clauses for a in clause)


def classes_of(
    items: Sequence[Item], signed: Mapping[str, Decimal | None], shown: Mapping[str, Decimal]
) -> dict[str, str]:
    """How each figure that the items speak of changed: its signed changes and printed numbers say it."""
    classes: dict[str, str] = {}
    for item in items:
        words: dict[str, str] = defaultdict(str)
        rated: set[str] = set()
        for segment in item.block.segments:
            if segment.kind == WORD and segment.figure:
                words[base_of(segment.figure)] += segment.text
            elif segment.figure and segment.figure.endswith(".增幅"):
                rated.add(base_of(segment.figure))
        for figure, text in words.items():
            difference = signed.get(f"{figure}.增减额")
            value = shown.get(figure)
            classes[figure] = _class_of(text, difference, value, rated=figure in rated)
    return classes


def _class_of(words: str, difference: Decimal | None, value: Decimal | None, *, rated: bool) -> str:
    """The class of a change; 略增 and 略减 are those whose rate rounds to zero and is not printed."""
    if any(word in words for word in _UNCHANGED_WORDS):
        return UNCHANGED
    rises = difference > 0 if difference is not None else "增" in words
    if rises and not rated:
        return NEW if difference == value else SLIGHT_INCREASE
    if rises:
        return INCREASE
    if value == 0:
        return GONE
    return DECREASE if rated else SLIGHT_DECREASE
