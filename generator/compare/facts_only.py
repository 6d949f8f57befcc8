"""A year of which only the published facts are known, against any other: figures alone.

What cannot be compared is named, not passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from generator.compare import cautions
from generator.compare.causes import Families, code_labels, readable_titles, with_causes
from generator.compare.changes import (
    CHANGED,
    EDITED,
    GONE,
    NEW,
    RENAMED,
    WORDING,
    Caution,
    Change,
    Comparison,
    in_layers,
)
from generator.compare.facts import (
    Printed,
    in_one_measure,
    is_amount,
    measure_of,
    measure_remarks,
    numbers_of,
    printed_facts,
)
from generator.compare.figures import FigureSides, fact_change
from generator.compare.pairing import items_of
from generator.compare.recoding import Recoding, recoding_between
from generator.compare.sides import Side
from generator.compare.words import classes_of
from generator.figures.definitions import DEFINITION_BY_NAME, selection_named
from generator.figures.expressions import Select, widened

_FACTS_ONLY = "只有公布过的数，没有当时的全文：只比较数字，不比较文字和版式"


def compare_facts(old: Side, new: Side, *, ignore_year: bool) -> Comparison:
    """The figures both sides know, and what had to be left out."""
    recoding = _recoding(old, new)
    own = recoding.both((_facts_of(old), _facts_of(new)))
    measures = measure_of(own[0], old.measure), measure_of(own[1], new.measure)
    printed = in_one_measure(own, measures)
    whole = new if new.document is not None else old
    items = items_of(whole.document, whole.naming) if whole.document is not None else ()
    labels = code_labels(items, whole.naming)
    titles = readable_titles((*printed[0], *printed[1]), labels)
    sides = FigureSides(*printed, measures[1])
    values = numbers_of(printed[0]), numbers_of(printed[1])
    families = Families(*values)
    changes = [*with_causes(_fact_changes(old, new, sides, titles), families, titles)]
    changes += recoding.changes((labels, labels))
    changes += name_and_year(old, new, ignore_year=ignore_year)
    found = [*cautions.not_adding_up(sides, families, titles)]
    if new.document is not None:
        classes = classes_of(items, new.values, values[1])
        found += base_cautions(old, new, values, classes, titles)
    remarks = dict.fromkeys(
        (
            *(f"{side.name}：{_FACTS_ONLY}" for side in (old, new) if side.document is None),
            *_left_out((old, new), printed),
            *measure_remarks(*measures),
        )
    )
    return Comparison(old.title, new.title, in_layers(changes), tuple(found), tuple(remarks))


def _recoding(old: Side, new: Side) -> Recoding:
    """The crosswalk, with the lists that the earlier side published in full."""
    found = recoding_between(old, new)
    complete = (old, new)[found.earlier].complete
    known = (DEFINITION_BY_NAME.get(name) for name in complete)
    expressions = (definition.expression for definition in known if definition is not None)
    return replace(found, complete=tuple(e for e in expressions if isinstance(e, Select)))


def base_cautions(
    old: Side,
    new: Side,
    values: tuple[dict[str, Decimal], dict[str, Decimal]],
    classes: Mapping[str, str],
    titles: Mapping[str, str],
) -> Iterator[Caution]:
    """Wrong bases, where the new side is the year after the old one."""
    if old.year is not None and new.year is not None and old.year + 1 == new.year:
        yield from cautions.wrong_bases(values[0], new.values, classes, values[1], titles)


def _facts_of(side: Side) -> dict[str, Printed]:
    if side.document is not None:
        return printed_facts(items_of(side.document, side.naming), side.values)
    facts = {}
    for name, amount in side.values.items():
        value = Decimal(0) if amount is None else amount
        measure = side.measure if is_amount(name) else ""
        text = "（空白）" if amount is None else f"{amount}{measure}"
        facts[name] = Printed(value, measure, [text], ["公布的数"], {value})
    return facts


def _fact_changes(
    old: Side, new: Side, sides: FigureSides, titles: Mapping[str, str]
) -> Iterator[Change]:
    """Facts that both sides know, and items absent from a complete list, which were zero."""
    for name in dict.fromkeys((*sides.new, *sides.old)):
        one, other = sides.old.get(name), sides.new.get(name)
        if one is not None and other is not None:
            if not one.same(other):
                yield fact_change(CHANGED, name, one, other, titles)
        elif one is None and _listed_completely(name, _complete(old, new)):
            yield fact_change(NEW, name, None, other, titles)
        elif other is None and _listed_completely(name, _complete(new, old)):
            yield fact_change(GONE, name, one, None, titles)


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


def name_and_year(old: Side, new: Side, *, ignore_year: bool) -> Iterator[Change]:
    """The department's name and the year: everywhere, and said once, where both are known."""
    names = old.department, new.department
    if all(names) and names[0] != names[1]:
        yield Change(WORDING, RENAMED, "部门名称", "部门名称", *names, ("全文",))
    years = old.year, new.year
    if None not in years and years[0] != years[1] and not ignore_year:
        yield Change(WORDING, EDITED, "年度", "年度", str(years[0]), str(years[1]), ("全文",))


def _left_out(
    sides: tuple[Side, Side], printed: tuple[Mapping[str, Printed], Mapping[str, Printed]]
) -> Iterator[str]:
    for index, side in enumerate(sides):
        complete = _complete(sides[1 - index], side)
        left = [n for n in printed[index] if n not in printed[1 - index]]
        left = [n for n in left if not _listed_completely(n, complete)]
        if left:
            yield f"{side.name} 有 {len(left)} 个数在另一方没有公布，没有比较"
