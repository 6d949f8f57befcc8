"""A year of which only the published facts are known, against any other: figures alone.

What cannot be compared is named, not passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from generator.compare import cautions
from generator.compare.changes import CHANGED, GONE, NEW, Change, Comparison
from generator.compare.facts import (
    Facts,
    Printed,
    is_amount,
    measure_of,
    measure_remarks,
    numbers_of,
    printed_facts,
)
from generator.compare.figures import Figures, figures_between
from generator.compare.pairing import Item
from generator.compare.recoding import Recoding
from generator.compare.sides import Side
from generator.compare.titles import Titles, code_labels
from generator.compare.words import classes_of
from generator.figures.definitions import selection_named
from generator.figures.expressions import widened

_FACTS_ONLY = "只有公布过的数，没有当时的全文：只比较数字，不比较文字和版式"


def compare_facts(old: Side, new: Side, recoding: Recoding) -> Comparison:
    """The figures both sides know, and what had to be left out."""
    items = old.items(), new.items()
    own = recoding.both((_facts_of(old, items[0]), _facts_of(new, items[1])))
    measures = measure_of(own[0], old.measure), measure_of(own[1], new.measure)
    labels = code_labels(items[0], old.naming) | code_labels(items[1], new.naming)
    figures = figures_between(own, measures, Titles(labels))
    changes = (*_fact_changes(old, new, figures), *recoding.changes((labels, labels)))
    classes = classes_of(items[1], new.values, numbers_of(own[1]))
    found = (
        *cautions.not_adding_up(figures),
        *cautions.wrong_bases(old, new, classes, figures),
    )
    remarks = dict.fromkeys(
        (
            *(f"{side.name}：{_FACTS_ONLY}" for side in (old, new) if side.document is None),
            *_left_out((old, new), (figures.old, figures.new)),
            *measure_remarks(*measures),
        )
    )
    return Comparison(old.title, new.title, changes, found, tuple(remarks))


def _facts_of(side: Side, items: tuple[Item, ...]) -> Facts:
    if side.document is not None:
        return printed_facts(items, side.values)
    facts = {}
    for name, amount in side.values.items():
        value = Decimal(0) if amount is None else amount
        measure = side.measure if is_amount(name) else ""
        text = "（空白）" if amount is None else f"{amount}{measure}"
        facts[name] = Printed(value, measure, [text], ["公布的数"], {value})
    return facts


def _fact_changes(old: Side, new: Side, figures: Figures) -> Iterator[Change]:
    """Facts that both sides know, and items absent from a complete list, which were zero."""
    for name in dict.fromkeys((*figures.new, *figures.old)):
        one, other = figures.old.get(name), figures.new.get(name)
        if one is not None and other is not None:
            if not one.same(other):
                yield figures.change(CHANGED, name)
        elif one is None and _listed_completely(name, _complete(old, new)):
            yield figures.change(NEW, name)
        elif other is None and _listed_completely(name, _complete(new, old)):
            yield figures.change(GONE, name)


def _complete(side: Side, other: Side) -> frozenset[str]:
    """Which lists of items a side has in full; a whole document has what the facts have."""
    return side.complete if side.document is None else other.complete


def _listed_completely(name: str, complete: frozenset[str]) -> bool:
    """Whether the name is an item, by function, of a figure of which all items were published."""
    selection = selection_named(name)
    codes = dict(selection.filters).get("功能科目", ()) if selection else ()
    if selection is None or [len(code) for code in codes] != [7]:
        return False
    family = widened(selection, "功能科目")
    return any(selection_named(figure) == family for figure in complete)


def _left_out(sides: tuple[Side, Side], printed: tuple[Facts, Facts]) -> Iterator[str]:
    for index, side in enumerate(sides):
        complete = _complete(sides[1 - index], side)
        left = [n for n in printed[index] if n not in printed[1 - index]]
        left = [n for n in left if not _listed_completely(n, complete)]
        if left:
            yield f"{side.name} 有 {len(left)} 个数在另一方没有公布，没有比较"
