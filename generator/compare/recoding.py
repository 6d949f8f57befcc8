"""Recoded function items (recode.yaml): an item under its new code is still the old item.

The earlier year is always told in the later year's codes, whichever side it is on. A code that
became exactly one other keeps its rows and paragraphs; of one that was divided or joined with
another, the numbers are carried over by their shares. A project of the same code under another name
is told by its later name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from generator.compare.changes import FIGURES, RECODED, Change
from generator.compare.facts import Facts, Printed
from generator.compare.normal import is_derived
from generator.compare.renaming import renamed
from generator.compare.sides import Side
from generator.document import Document, Table
from generator.figures.definitions import DEFINITION_BY_NAME, name_of
from generator.figures.expressions import Select, narrowed
from generator.figures.recoding import recoded
from generator.model import Published, PublishedFact, Recode
from generator.problems import Place

# One function in a fact's name: 类, 款 or 项; and what stands for any in the name of their figure.
_FUNCTION = re.compile(r"(?<=[\[,]功能科目=)(?:[0-9]{7}|[0-9]{5}|[0-9]{3})(?=[,\]])")
_ITEM = "_" * 7
_PLACE = Place("")
_CODE = re.compile(r"(?<![0-9])[0-9]{7}(?![0-9])")
_PROJECT = re.compile(r"(?<=[\[,]项目=)[^,\]|]+")


@dataclass(frozen=True, slots=True)
class Recoding:
    """From the earlier side's codes to the later's: `earlier` is 0 or 1.

    `complete` are the figures of which the earlier side published all items.
    `followed` are codes that became one other; `divided` are lines (old, new, percent) of the rest.
    `projects` are names of projects that became others.
    """

    earlier: int = 0
    lines: tuple[Recode, ...] = ()
    complete: tuple[Select, ...] = ()
    followed: Mapping[str, str] = field(default_factory=dict)
    divided: tuple[tuple[str, str, Decimal], ...] = ()
    projects: Mapping[str, str] = field(default_factory=dict)

    @property
    def new_codes(self) -> frozenset[str]:
        return frozenset(self.followed.values())

    def labels(self, labels: tuple[Mapping[str, str], Mapping[str, str]]) -> dict[str, str]:
        """The names of codes on both sides; of a followed code, the one it has now."""
        later = labels[1 - self.earlier]
        return {**labels[0], **labels[1], **{code: later.get(code, "") for code in self.new_codes}}

    def explains(self, key: str, side: int) -> bool:
        """Whether a row that only one side has is there because of a divided code."""
        return any(key == (old if side == self.earlier else new) for old, new, _ in self.divided)

    def name(self, text: str) -> str:
        """A fact's name or a row's key under the new codes and names."""
        named = _CODE.sub(lambda match: self.followed.get(match[0], match[0]), text)
        if not self.projects:
            return named
        return _PROJECT.sub(lambda match: self.projects.get(match[0], match[0]), named)

    def facts(self, facts: Facts) -> dict[str, Printed]:
        """The earlier side's facts as the later year's own comparison has them (figures.recoding).

        Changes and shares of a divided code go: they are those of another item.
        """
        if not self.lines:
            return dict(facts)
        before = {new: old for old, new in self.followed.items()}
        divided = {old for old, _, _ in self.divided}
        result = {
            name: fact
            for name, fact in facts.items()
            if is_derived(name) and not divided & set(_CODE.findall(name))
        }
        known = {name: fact for name, fact in facts.items() if not is_derived(name)}
        measures = {_key(name)[0]: fact.measure for name, fact in known.items()}
        published = []
        for name, fact in known.items():
            figure, code = _key(name)
            published.append(
                PublishedFact(figure, fact.value, before.get(code, code), place=_PLACE)
            )
        complete = tuple(_key(name_of(narrowed(s, 功能科目=_ITEM)))[0] for s in self.complete)
        prior = Published(0, "", complete=complete, facts=tuple(published))
        for moved in recoded(prior, self.lines):
            name, value = moved.figure.replace(_ITEM, moved.function), moved.amount
            assert value is not None
            same = known.get(name)
            if same is None or same.value != value:
                measure = measures[moved.figure]
                places = [] if same is None else same.places
                same = Printed(value, measure, [f"{value}{measure}（按新科目）"], places, {value})
            result[name] = same
        return result

    def both(self, printed: tuple[Facts, Facts]) -> tuple[Facts, Facts]:
        """Both sides' facts under the new codes."""
        old, new = (
            self.facts(facts) if side == self.earlier else facts
            for side, facts in enumerate(printed)
        )
        return old, new

    def sides(self, old: Side, new: Side) -> tuple[Side, Side]:
        """Both sides under the new codes and names: an item meets its other self."""
        if not (self.followed or self.projects):
            return old, new
        return (self._side(old), new) if self.earlier == 0 else (old, self._side(new))

    def _side(self, side: Side) -> Side:
        assert side.document is not None
        values = {self.name(name): value for name, value in side.values.items()}
        return replace(side, document=renamed(side.document, self.name, self.name), values=values)

    def changes(self, labels: tuple[Mapping[str, str], Mapping[str, str]]) -> Iterator[Change]:
        """One entry a line of the crosswalk; `labels` are the names of codes on each side."""
        earlier, later = labels[self.earlier], labels[1 - self.earlier]
        lines = [(old, new, Decimal(100)) for old, new in self.followed.items()]
        for old, new, share in (*lines, *self.divided):
            before = f"{old} {earlier.get(new if old in self.followed else old, '')}".rstrip()
            after = f"{new} {later.get(new, '')}".rstrip()
            names = (before, after) if self.earlier == 0 else (after, before)
            subject = f"科目/{old}→{new}"
            details = (f"{old} 的 {share:f}% 算到 {new}，按新科目比较",)
            yield Change(
                FIGURES, RECODED, subject, "科目调整编码", names[0], names[1], details=details
            )


def _key(name: str) -> tuple[str, str]:
    """支出[功能科目=2010301] -> 支出[功能科目=_______], 2010301; without one function, the name."""
    found = _FUNCTION.search(name)
    return (_FUNCTION.sub(_ITEM, name), found[0]) if found else (name, "")


def recoding_between(old: Side, new: Side) -> Recoding:
    """The crosswalk between two sides, if the year of one follows that of the other."""
    if old.year is None or new.year is None or abs(new.year - old.year) != 1:
        return Recoding(projects=_renamed_projects(old.document, new.document))
    earlier, later = (old, new) if old.year < new.year else (new, old)
    lines = later.recodes
    olds, news = Counter(line.old for line in lines), Counter(line.new for line in lines)
    known = (DEFINITION_BY_NAME.get(name) for name in earlier.complete)
    expressions = (definition.expression for definition in known if definition is not None)
    complete = tuple(e for e in expressions if isinstance(e, Select))
    used = _codes(earlier.document), _codes(later.document)
    # Without both documents there is nothing to follow.
    whole = earlier.document is not None and later.document is not None
    followed = {}
    divided = []
    for line in lines:
        alone = olds[line.old] == news[line.new] == 1
        if whole and alone and line.new not in used[0] and line.old not in used[1]:
            followed[line.old] = line.new
        else:
            divided.append((line.old, line.new, line.share))
    projects = _renamed_projects(earlier.document, later.document)
    number = 0 if earlier is old else 1
    return Recoding(number, lines, complete, followed, tuple(divided), projects)


def _renamed_projects(earlier: Document | None, later: Document | None) -> dict[str, str]:
    """Names of projects that stand in rows of the same key under another name, and that name."""
    names = _project_by_row(earlier), _project_by_row(later)
    known = set(names[0].values()), set(names[1].values())
    return {
        name: names[1][row]
        for row, name in names[0].items()
        if row in names[1] and name not in known[1] and names[1][row] not in known[0]
    }


def _project_by_row(document: Document | None) -> dict[tuple[str, str], str]:
    """The project that a row's figures are of, by table and key."""
    tables = () if document is None else document.blocks()
    return {
        (table.id, row.key): found[0]
        for table in tables
        if isinstance(table, Table)
        for row in table.rows
        for cell in row.cells
        if cell.figure and (found := _PROJECT.search(cell.figure))
    }


def _codes(document: Document | None) -> frozenset[str]:
    """The function items that a document's tables have rows of."""
    if document is None:
        return frozenset()
    keys = (
        row.key for block in document.blocks() if isinstance(block, Table) for row in block.rows
    )
    return frozenset(code for key in keys for code in _CODE.findall(key))
