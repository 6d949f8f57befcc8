"""Which differences of a text follow from its figures: other words, other branches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from generator.compare.normal import Atom, base_of
from generator.compare.pairing import Item, Pairing
from generator.document import FIGURE, WORD, Heading, Paragraph

INCREASE, DECREASE, UNCHANGED, NEW, GONE = "增加", "减少", "持平", "新增", "取消"
_UNCHANGED_WORDS = ("持平", "无增减", "不变")


class Classes:
    """How each figure changed against its own last year, on both sides: 增加, 减少, 持平 …"""

    def __init__(
        self,
        pairing: Pairing,
        values: tuple[Mapping[str, Decimal | None], Mapping[str, Decimal | None]],
        shown: tuple[Mapping[str, Decimal], Mapping[str, Decimal]],
    ) -> None:
        self.shown = shown
        self.by_side = tuple(
            _classes(items, signed, numbers)
            for items, signed, numbers in zip(
                (pairing.old, pairing.new), values, shown, strict=True
            )
        )
        self._last_stable_line = _stable_stems(pairing)
        self._common = {i.template for i in pairing.old} & {i.template for i in pairing.new}
        self._one_sided = (*pairing.deleted(), *pairing.inserted())

    def turned(self, figure: str) -> bool:
        """Whether the figure's change reads otherwise on the two sides."""
        return self.by_side[0].get(figure) != self.by_side[1].get(figure)

    def explain(self, old: Sequence[tuple[Atom, ...]], new: Sequence[tuple[Atom, ...]]) -> bool:
        """Whether all that differs between two stretches of clauses follows from figures."""
        gone, come = self._computed(old, 0), self._computed(new, 1)
        differing = [atom for atom in (*gone, *come) if gone.count(atom) != come.count(atom)]
        return bool(differing) and all(self._follows(kind, name) for kind, name, _ in differing)

    def _follows(self, kind: str, name: str) -> bool:
        if kind == WORD and not name:
            return True  # the kind of base, which is data
        base = base_of(name)
        if self.turned(base):
            return True
        old, new = (side.get(base) for side in self.shown)
        return kind == FIGURE and (old is None or new is None or (old == 0) != (new == 0))

    def branch_of(self, item: Item) -> bool:
        """Whether a one-sided paragraph is another branch of a template that nobody edited.

        The lines around it have kept their numbers, so the line itself is still there.
        """
        block = item.block
        if not isinstance(block, Paragraph) or not item.template or block.place is None:
            return False
        if item.template in self._common:
            return False  # a line that prints once more or once less: an item
        stem, line = item.template.partition(":")[0], block.place.line
        if line >= self._last_stable_line.get(stem, 0):
            return False
        others = [other for other in self._one_sided if _is_instead(other, item, stem)]
        if any(other.block.place.line == line for other in others):  # type: ignore[union-attr]  # paragraphs with a place
            return False  # the same line, edited beyond recognition
        return bool(others) or any(segment.figure for segment in block.segments)

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


def _is_instead(other: Item, item: Item, stem: str) -> bool:
    """Whether `other` may stand on its side where `item` stands on its own."""
    block = other.block
    return (
        other is not item
        and isinstance(block, Paragraph)
        and block.place is not None
        and other.template.partition(":")[0] == stem
        and other.template != item.template
    )


def _classes(
    items: Sequence[Item], signed: Mapping[str, Decimal | None], shown: Mapping[str, Decimal]
) -> dict[str, str]:
    classes: dict[str, str] = {}
    for item in items:
        block = item.block
        if not isinstance(block, Heading | Paragraph):
            continue
        words: dict[str, str] = defaultdict(str)
        for segment in block.segments:
            if segment.kind == WORD and segment.figure:
                words[base_of(segment.figure)] += segment.text
        for figure, text in words.items():
            classes[figure] = _class_of(figure, text, signed, shown)
    return classes


def _class_of(
    figure: str, words: str, signed: Mapping[str, Decimal | None], shown: Mapping[str, Decimal]
) -> str:
    if any(word in words for word in _UNCHANGED_WORDS):
        return UNCHANGED
    difference = signed.get(f"{figure}.增减额")
    rises = difference > 0 if difference is not None else "增" in words
    if rises:
        return INCREASE if difference is None or f"{figure}.增幅" in signed else NEW
    return GONE if shown.get(figure) == 0 else DECREASE


def _stable_stems(pairing: Pairing) -> dict[str, int]:
    """Template files whose common lines have all kept their numbers, with the last such number."""
    last: dict[str, int] = {}
    edited: set[str] = set()
    for old, new in pairing.both():
        one, other = old.block, new.block
        if not (isinstance(one, Paragraph) and isinstance(other, Paragraph) and new.template):
            continue
        stem = new.template.partition(":")[0]
        lines = (one.place.line if one.place else 0), (other.place.line if other.place else 0)
        if lines[0] != lines[1]:
            edited.add(stem)
        last[stem] = max(last.get(stem, 0), lines[1])
    return {stem: line for stem, line in last.items() if stem not in edited}
