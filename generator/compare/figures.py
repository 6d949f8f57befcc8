"""Changes of numbers: by fact, and by row and column where a cell prints no fact.

Equal amounts are no identity, and neither is a position: 2010301 is compared with 2010301.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import document
from generator.compare.branches import Branches
from generator.compare.changes import (
    CHANGED,
    FIGURES,
    GONE,
    LAYOUT,
    NEW,
    OWED,
    RATE_DECIMALS,
    SENTENCE,
    SHOWN,
    WORD,
    Amounts,
    Change,
)
from generator.compare.facts import Printed
from generator.compare.normal import base_of, is_derived, number_in
from generator.compare.pairing import Item
from generator.compare.structure import RowItem, Structure
from generator.compare.wording import Switched
from generator.compare.words import Classes
from generator.document import TOTAL, Cell, Heading, Paragraph, text_of
from generator.money import round_decimal


@dataclass(frozen=True, slots=True)
class FigureSides:
    """What both sides print, by name, in one measure; `owed` is what each prints as 待填."""

    old: Mapping[str, Printed]
    new: Mapping[str, Printed]
    measure: str
    owed: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def figure_changes(
    sides: FigureSides, structure: Structure, classes: Classes, titles: Mapping[str, str]
) -> Iterator[Change]:
    """Entries of facts and items; `titles` are readable names of facts."""
    absorbed: set[str] = set()
    for (kind, key), item in structure.items.items():
        kept = structure.kept[1 if kind == NEW else 0]
        absorbed |= {name for name in item.facts if name not in kept}
        yield _item_change(kind, key, item, sides)
    for name in _names(sides):
        old, new = sides.old.get(name), sides.new.get(name)
        if old is not None and new is not None:
            if not old.same(new):
                yield fact_change(CHANGED, name, old, new, titles)
            continue
        if name in absorbed or (is_derived(name) and classes.turned(base_of(name))):
            continue
        if base_of(name) in sides.owed[1 if new is None else 0]:
            yield fact_change(OWED, name, old, new, titles)
        elif name in structure.kept[0 if new is None else 1]:
            yield fact_change(GONE if new is None else NEW, name, old, new, titles)


def _names(sides: FigureSides) -> list[str]:
    """In the order of the new document, what is gone after it; changes and shares by their base."""
    names = [*sides.new, *(name for name in sides.old if name not in sides.new)]
    order = {name: index for index, name in enumerate(names)}
    return sorted(names, key=lambda name: (order.get(base_of(name), order[name]), order[name]))


def fact_change(
    kind: str, name: str, old: Printed | None, new: Printed | None, titles: Mapping[str, str]
) -> Change:
    shown = new or old
    assert shown is not None
    amounts = amounts_of(old.value if old else None, new.value if new else None, shown.measure)
    missing = "（待填）" if kind == OWED else ""
    return Change(
        FIGURES,
        kind,
        name,
        titles.get(name, name),
        old.shown if old else missing,
        new.shown if new else missing,
        tuple(shown.places),
        amounts,
    )


def amounts_of(old: Decimal | None, new: Decimal | None, measure: str) -> Amounts:
    """The difference, and the rate where there is a base that does not turn over; no percentage's."""
    if old is None or new is None:
        return Amounts(old, new, None, None, measure)
    rate = None
    if old > 0 and new >= 0 and measure != "%":
        rate = round_decimal((new - old) * 100 / old, RATE_DECIMALS)
    return Amounts(old, new, new - old, rate, measure)


def _item_change(kind: str, key: str, item: RowItem, sides: FigureSides) -> Change:
    number = number_in(item.first)
    value = number[0] if number else None
    pair = (None, value) if kind == NEW else (value, None)
    rest = item.label.removesuffix(key.rpartition("/")[2]).strip()  # what the key does not say
    title = f"{key} {rest}".rstrip()
    texts = ("", item.first) if kind == NEW else (item.first, "")
    details = (f"这一行印有 {len(item.facts)} 个数",)
    amounts = amounts_of(pair[0], pair[1], sides.measure)
    return Change(
        FIGURES, kind, f"行/{key}", title, *texts, tuple(item.tables), amounts, (), details
    )


def word_changes(
    classes: Classes,
    computed: Iterable[tuple[Item, Item]],
    titles: Mapping[str, str],
) -> Iterator[Change]:
    """Words the program chose otherwise: one entry a figure, and one a word without a figure."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    for old, new in computed:
        sides = [[s for s in i.block.segments if s.kind == document.WORD] for i in (old, new)]
        figures = {base_of(s.figure) for side in sides for s in side if s.figure}
        turned = [] if classes.by_text else sorted(filter(classes.turned, figures))
        for figure in turned:
            _add_word(found, figure, [side.get(figure, "") for side in classes.by_side], new)
        loose = [[s.text for s in side if classes.by_text or not s.figure] for side in sides]
        for one, other in zip(*loose, strict=False) if not turned else ():
            if one != other:
                _add_word(found, f"{one}→{other}", [one, other], new)
    without: dict[tuple[bool, bool], list[str]] = {}
    for name, (old_word, new_word, places) in found.items():
        if not (old_word and new_word):
            without.setdefault((bool(old_word), bool(new_word)), []).append(titles.get(name, name))
            continue
        title = titles.get(name, name) if "→" not in name else "用词"
        yield Change(FIGURES, WORD, f"词/{name}", title, old_word, new_word, tuple(places))
    for (had, has), names in without.items():
        words = ["与上年比较" if one else "没有比较" for one in (had, has)]
        title = f"{len(names)} 个数与上年的比较"
        yield Change(FIGURES, WORD, "词/比较", title, words[0], words[1], (), details=tuple(names))


def _add_word(
    found: dict[str, tuple[str, str, list[str]]], name: str, words: Sequence[str], item: Item
) -> None:
    places = found.setdefault(name, (words[0], words[1], []))[2]
    if item.where not in places:
        places.append(item.where)


def branch_changes(branches: Branches) -> Iterator[Change]:
    """Sentences and headings that another branch of the template printed, each with its other."""
    pairing = branches.pairing
    for old, new in pairing.both():
        if branches.switched(old, new):
            subject = f"换句/{min(old.template, new.template)}/{max(old.template, new.template)}"
            gone, come = (text_of(item.block.segments) for item in (old, new))
            yield Change(FIGURES, SENTENCE, subject, "因数字而换的一段", gone, come, (new.where,))
    for side, items in ((0, pairing.deleted()), (1, pairing.inserted())):
        for item in items:
            if branches.chosen(item) and isinstance(item.block, Heading | Paragraph):
                text = text_of(item.block.segments)
                texts = (text, "") if side == 0 else ("", text)
                subject = f"换句/{item.template or item.text}"
                yield Change(FIGURES, SENTENCE, subject, "因数字而换的一段", *texts, (item.where,))


def switched_changes(switched: Iterable[Switched]) -> Iterator[Change]:
    """Clauses and notes that the data chose others for; one of a line that repeats is one entry."""
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for item, name, old, new in switched:
        subject = f"换句/{item.template or item.block.id}/{name}"
        places.setdefault((subject, name, old, new), []).append(item.where)
    for (subject, name, old, new), found in places.items():
        title = f"因数字而换的{name}"
        yield Change(FIGURES, SENTENCE, subject, title, old, new, tuple(dict.fromkeys(found)))


# Cells


def cell_changes(
    structure: Structure,
    sides: FigureSides,
    titles: Mapping[str, str],
    recoded: frozenset[str],
) -> tuple[list[Change], list[tuple[Item, str, str, str]]]:
    """Changes of cells that no fact explains, and (table, row, old, new) of text cells."""
    changes: list[Change] = []
    texts: list[tuple[Item, str, str, str]] = []
    shown: dict[str, tuple[str, str, list[str]]] = {}
    for _, table, grid in structure.grids:
        for one, other in grid.row_pairs():
            for column, new_column in grid.columns.same:
                old, new = one.cells.get(column), other.cells.get(new_column)
                if old is None or new is None or old.text == new.text:
                    continue
                if other.key in recoded and not (old.figure or new.figure):
                    continue  # its other code and name: said once
                subject = f"{table.block.id}/{other.key}/{column}"
                place = f"{table.where}／{other.label}"
                if old.figure or new.figure:
                    change = _typed_cell((old, new), sides, titles, subject, place)
                    if change is not None and change.layer == LAYOUT:
                        key = f"{table.where}／{column}"
                        shown.setdefault(key, (old.text, new.text, []))[2].append(other.label)
                    elif change is not None:
                        changes.append(change)
                elif _both_numbers(old.text, new.text) and new.text not in other.item:
                    changes.append(_number_cell(old.text, new.text, subject, place))
                else:
                    label = other.label if other.role != TOTAL else other.key
                    texts.append((table, label, old.text, new.text))
    changes += (
        Change(LAYOUT, SHOWN, f"显示/{key}", f"{key} 的数怎样显示", old, new, tuple(rows))
        for key, (old, new, rows) in shown.items()
    )
    return changes, texts


def _typed_cell(
    cells: tuple[Cell, Cell],
    sides: FigureSides,
    titles: Mapping[str, str],
    subject: str,
    place: str,
) -> Change | None:
    """None where the fact's own entry says it; the same number in another form is layout."""
    old, new = cells
    names = old.figure, new.figure
    numbers = number_in(old.text), number_in(new.text)
    if names[0] == names[1]:
        same = bool(numbers[0] and numbers[1] and numbers[0][0] == numbers[1][0])
        return Change(LAYOUT, SHOWN, subject, place) if same else None
    if None in names:
        name = names[0] or names[1] or ""
        one, other = sides.old.get(name), sides.new.get(name)
        stays = one is not None and other is not None and one.same(other)
        return Change(LAYOUT, SHOWN, subject, place) if stays else None
    if not (numbers[0] and numbers[1]):
        return None
    amounts = amounts_of(numbers[0][0], numbers[1][0], sides.measure)
    was, now = (titles.get(name or "", name) for name in names)
    details = (f"这一格原来是“{was}”，现在是“{now}”",)
    return Change(
        FIGURES, CHANGED, subject, place, old.text, new.text, (place,), amounts, (), details
    )


def _both_numbers(old: str, new: str) -> bool:
    """Whether the texts are numbers in one measure; one of them may be empty."""
    numbers = [number_in(text) for text in (old, new) if text]
    return None not in numbers and len({number[1] for number in numbers if number}) == 1


def _number_cell(old: str, new: str, subject: str, place: str) -> Change:
    one, other = number_in(old), number_in(new)
    kind = CHANGED if one and other else NEW if other else GONE
    measure = next((number[1] for number in (one, other) if number and number[1]), "")
    amounts = amounts_of(one[0] if one else None, other[0] if other else None, measure)
    name = subject.rpartition("/")[2].replace("\n", "")
    return Change(FIGURES, kind, subject, f"{place}／{name}", old, new, (place,), amounts)
