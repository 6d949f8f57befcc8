"""What a reviewer should look at although no comparison calls it a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from generator.compare.changes import (
    NOT_ADDING_UP,
    STALE_REASON,
    TWO_WAYS,
    WRONG_BASE,
    Caution,
)
from generator.compare.facts import Facts
from generator.compare.figures import Figures
from generator.compare.normal import base_of, is_derived
from generator.compare.pairing import Item
from generator.compare.sides import Side
from generator.compare.titles import Titles
from generator.compare.words import UNCHANGED, Classes
from generator.document import LITERAL, WORD, Segment
from generator.money import rounding_slack

REASONS_FILE = "reasons.yaml"
_MOST_SHOWN = 5


def stale_reasons(
    old: tuple[Item, ...], new: tuple[Item, ...], classes: Classes, titles: Titles
) -> Iterator[Caution]:
    """Reasons that say the same although the figure they explain turned round."""
    before = _reasons(old)
    for figure, reason in _reasons(new).items():
        words = [side.get(figure) for side in classes.by_side]
        if before.get(figure) == reason and words[0] != words[1] and None not in words:
            message = f"“{titles.of(figure)}”由{words[0]}变为{words[1]}，原因还是“{reason}”"
            yield Caution(STALE_REASON, figure, message)


def _reasons(items: tuple[Item, ...]) -> dict[str, str]:
    """The reason given for each figure: text of the reasons file after the figure's change."""
    reasons: dict[str, str] = {}
    for item in items:
        about = ""
        for segment in item.block.segments:
            if segment.kind == WORD and segment.figure:
                about = base_of(segment.figure)
            elif about and _is_reason(segment):
                reasons.setdefault(about, segment.text)
    return reasons


def _is_reason(segment: Segment) -> bool:
    place = segment.place
    return segment.kind == LITERAL and place is not None and place.path.endswith(REASONS_FILE)


def wrong_bases(
    old: Side, new: Side, classes: Mapping[str, str], figures: Figures
) -> Iterator[Caution]:
    """Comparisons with last year that start from another number than last year published.

    `classes` are those of the new side, if it is the year after the old one.
    """
    if old.year is None or new.year != old.year + 1:
        return
    for figure, word in classes.items():
        value, published = figures.new.get(figure), figures.old.get(figure)
        difference = Decimal(0) if word == UNCHANGED else new.values.get(f"{figure}.增减额")
        if value is None or published is None or difference is None:
            continue
        base = value.value - difference
        if base != published.value:
            title = figures.titles.of(figure)
            message = f"“{title}”的增减是按上年 {base} 算的，上年公布的是 {published.value}"
            yield Caution(WRONG_BASE, figure, message)


def two_ways(facts: Facts, name: str, titles: Titles) -> Iterator[Caution]:
    """Facts that one document prints with two different numbers."""
    for figure, fact in facts.items():
        if len(fact.values) > 1:
            numbers = "、".join(str(value) for value in sorted(fact.values))
            places = "；".join(fact.places)
            message = f"{name} 里“{titles.of(figure)}”印了不同的数：{numbers}（{places}）"
            yield Caution(TWO_WAYS, figure, message)


def not_adding_up(figures: Figures) -> Iterator[Caution]:
    """Totals whose change is not the sum of their items' changes; rounding says so in one line."""
    rounded = []
    families = figures.families
    for name, new in figures.new.items():
        old = figures.old.get(name)
        if old is None or is_derived(name) or old.same(new):
            continue
        family = families.of(name)
        if family is None:
            continue
        total = new.value - old.value
        items = sum((families.difference(part) for part in family.names), Decimal(0))
        if items == total:
            continue
        title = figures.titles.of(name)
        parts = len(family.names)
        if abs(items - total) < sum(rounding_slack(parts, f.last_digit) for f in (old, new)):
            rounded.append(f"{title}（{total:+}，分项之和 {items:+}）")
        else:
            message = f"“{title}”变化 {total:+}，各{family.by}变化之和 {items:+}"
            yield Caution(NOT_ADDING_UP, name, message)
    if rounded:
        more = f" 等 {len(rounded)} 处" if len(rounded) > _MOST_SHOWN else ""
        message = "四舍五入造成的尾差：" + "；".join(rounded[:_MOST_SHOWN]) + more
        yield Caution(NOT_ADDING_UP, "尾差", message)
