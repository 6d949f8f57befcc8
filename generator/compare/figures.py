"""Changes of numbers: by fact, and by row and column where a cell prints no fact.

Equal amounts are no identity, and neither is a position: 2010301 is compared with 2010301.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generator import document
from generator.compare.causes import Families
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
from generator.compare.facts import Facts, in_one_measure
from generator.compare.normal import base_of, is_derived, number_in
from generator.compare.pairing import Item
from generator.compare.structure import ChangedCell, RowItem, Structure, TablePair
from generator.compare.titles import Titles
from generator.compare.wording import WHOLE, Switched
from generator.compare.words import Classes
from generator.money import round_decimal

_MOST_CAUSES = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What both sides print, by name, in one measure; `owed` is what each prints as 待填."""

    old: Facts
    new: Facts
    measure: str
    titles: Titles
    families: Families
    owed: tuple[frozenset[str], frozenset[str]]

    def change(self, kind: str, name: str) -> Change:
        """The entry of a fact; of one that changed, with the items that caused it."""
        old, new = self.old.get(name), self.new.get(name)
        shown = new or old
        assert shown is not None
        missing = "（待填）" if kind == OWED else ""
        return Change(
            FIGURES,
            kind,
            name,
            self.titles.of(name),
            old.shown if old else missing,
            new.shown if new else missing,
            tuple(shown.places),
            amounts_of(old.value if old else None, new.value if new else None, shown.measure),
            details=self._causes(name) if kind == CHANGED else (),
        )

    def _causes(self, name: str) -> tuple[str, ...]:
        """The items of a changed figure that changed, the largest first: 行政运行 +128.8."""
        family = self.families.of(name)
        if family is None:
            return ()
        differences = ((self.families.difference(part), part) for part in family.names)
        changed = sorted((d for d in differences if d[0]), key=lambda d: (-abs(d[0]), d[1]))
        more = len(changed) - _MOST_CAUSES
        return (
            *(f"{self.titles.item(n, family.by)} {d:+}" for d, n in changed[:_MOST_CAUSES]),
            *((f"另有 {more} 项",) if more > 0 else ()),
        )


def figures_between(
    facts: tuple[Facts, Facts],
    measures: tuple[str, str],
    titles: Titles,
    owed: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
) -> Figures:
    old, new = in_one_measure(facts, measures)
    return Figures(old, new, measures[1], titles, Families(old, new), owed)


def figure_changes(figures: Figures, structure: Structure, classes: Classes) -> Iterator[Change]:
    """Entries of facts and items."""
    absorbed: set[str] = set()
    for (side, key), item in structure.items.items():
        absorbed |= item.facts.keys() - structure.kept[side]
        yield _item_change((GONE, NEW)[side], key, item, figures.measure)
    for name in _names(figures):
        old, new = figures.old.get(name), figures.new.get(name)
        if old is not None and new is not None:
            if not old.same(new):
                yield figures.change(CHANGED, name)
            continue
        if name in absorbed or (is_derived(name) and classes.turned(base_of(name))):
            continue
        if base_of(name) in figures.owed[1 if new is None else 0]:
            yield figures.change(OWED, name)
        elif name in structure.kept[0 if new is None else 1]:
            yield figures.change(GONE if new is None else NEW, name)


def _names(figures: Figures) -> list[str]:
    """In the order of the new document, what is gone after it; changes and shares by their base."""
    names = list(dict.fromkeys((*figures.new, *figures.old)))
    order = {name: index for index, name in enumerate(names)}
    return sorted(names, key=lambda name: (order.get(base_of(name), order[name]), order[name]))


def amounts_of(old: Decimal | None, new: Decimal | None, measure: str) -> Amounts:
    """The difference, and the rate where there is a base that does not turn over; no percentage's."""
    if old is None or new is None:
        return Amounts(old, new, None, None, measure)
    rate = None
    if old > 0 and new >= 0 and measure != "%":
        rate = round_decimal((new - old) * 100 / old, RATE_DECIMALS)
    return Amounts(old, new, new - old, rate, measure)


def _item_change(kind: str, key: str, item: RowItem, measure: str) -> Change:
    number = number_in(item.first)
    value = number[0] if number else None
    pair = (None, value) if kind == NEW else (value, None)
    rest = item.label.removesuffix(key.rpartition("/")[2]).strip()  # what the key does not say
    title = f"{key} {rest}".rstrip()
    texts = ("", item.first) if kind == NEW else (item.first, "")
    details = (f"这一行印有 {len(item.facts)} 个数",)
    amounts = amounts_of(pair[0], pair[1], measure)
    return Change(
        FIGURES, kind, f"行/{key}", title, *texts, tuple(item.tables), amounts, (), details
    )


def word_changes(
    classes: Classes, computed: Iterable[tuple[Item, Item]], titles: Titles
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
            without.setdefault((bool(old_word), bool(new_word)), []).append(titles.of(name))
            continue
        title = titles.of(name) if "→" not in name else "用词"
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


def switched_changes(switched: Iterable[Switched]) -> Iterator[Change]:
    """Texts that the data chose others for, whole ones first; of a line that repeats, one entry."""
    places: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for subject, name, old, new, place in sorted(switched, key=lambda one: one.name != WHOLE):
        places.setdefault((f"换句/{subject}", f"因数字而换的{name}", old, new), {})[place] = None
    for entry, found in places.items():
        yield Change(FIGURES, SENTENCE, *entry, tuple(found))


# Cells


def cell_changes(table: TablePair, figures: Figures) -> Iterator[Change]:
    """Changes of a table's numbers that no fact explains, and of how its numbers are shown."""
    shown: dict[str, list[ChangedCell]] = {}
    for cell in (cell for cell in table.changed if not cell.is_text):
        if _is_shown_otherwise(cell, figures):
            shown.setdefault(f"{table.new.where}／{cell.column}", []).append(cell)
        elif (change := _cell_change(table.new, cell, figures)) is not None:
            yield change
    for key, found in shown.items():
        rows = tuple(cell.row.label for cell in found)
        old, new = found[0].old.text, found[0].new.text
        yield Change(LAYOUT, SHOWN, f"显示/{key}", f"{key} 的数怎样显示", old, new, rows)


def _is_shown_otherwise(cell: ChangedCell, figures: Figures) -> bool:
    """Whether the cell prints the same number in another form, or has come to be a fact's."""
    names = {cell.old.figure, cell.new.figure}
    facts = sorted(filter(None, names))
    if len(facts) != 1:
        return False
    if None in names:
        one, other = figures.old.get(facts[0]), figures.new.get(facts[0])
        return one is not None and other is not None and one.same(other)
    numbers = number_in(cell.old.text), number_in(cell.new.text)
    return bool(numbers[0] and numbers[1] and numbers[0][0] == numbers[1][0])


def _cell_change(table: Item, cell: ChangedCell, figures: Figures) -> Change | None:
    """None where the entry of a fact says it."""
    old, new = cell.old, cell.new
    subject = f"{table.block.id}/{cell.row.key}/{cell.column}"
    place = f"{table.where}／{cell.row.label}"
    one, other = number_in(old.text), number_in(new.text)
    values = one[0] if one else None, other[0] if other else None
    if old.figure is None and new.figure is None:
        kind = CHANGED if one and other else NEW if other else GONE
        measure = next((number[1] for number in (one, other) if number and number[1]), "")
        title = f"{place}／{cell.column.rpartition('/')[2]}".replace("\n", "")
        details: tuple[str, ...] = ()
    elif old.figure != new.figure and old.figure and new.figure and one and other:
        kind, measure, title = CHANGED, figures.measure, place
        was, now = figures.titles.of(old.figure), figures.titles.of(new.figure)
        details = (f"这一格原来是“{was}”，现在是“{now}”",)
    else:
        return None
    amounts = amounts_of(*values, measure)
    return Change(
        FIGURES, kind, subject, title, old.text, new.text, (place,), amounts, details=details
    )
