"""Edits of texts, with years, figures and computed words put aside.

One edit of a template line is one entry however often the line prints; so is one phrase or name
that is printed in many places. What only follows from a figure is left to the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from generator.compare.align import spans
from generator.compare.branches import Branches
from generator.compare.changes import (
    DELETED,
    EDITED,
    INSERTED,
    LAYOUT,
    RENUMBERED,
    WORDING,
    Change,
    Edit,
)
from generator.compare.normal import Atom, Naming, base_of, clauses_of, mark_of, ordinal_of
from generator.compare.pairing import Item, Pairing
from generator.compare.structure import TablePair
from generator.compare.words import Classes
from generator.document import TOTAL, WORD, Block, Heading, Paragraph, Segment, Table, text_of

_NAMES = re.compile("[，。；：、]")
# A shorter difference counts with this much around it: 一 for 二 in two places is not one edit.
_ESSENCE = 2
WHOLE = "一段"

Clauses = Sequence[tuple[Atom, ...]]
Pair = tuple[Clauses, Clauses]


@dataclass(slots=True)
class _Entry:
    """An entry while its places are collected."""

    kind: str
    title: str
    edits: tuple[Edit, ...]
    places: dict[str, None] = field(default_factory=dict)


class _Ordinal(NamedTuple):
    """A number before a text that became another; both texts are without it."""

    place: str
    texts: tuple[str, str]
    numbers: tuple[str, str]


class Switched(NamedTuple):
    """A paragraph, a clause, or the note of a table, that the data chose another for."""

    subject: str
    name: str
    old: str
    new: str
    place: str


@dataclass(slots=True)
class Wording:
    """The wording entries of a comparison, and the sentences that changed because of a figure."""

    names: tuple[Naming, Naming]
    classes: Classes
    branches: Branches
    relabelled: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # by recoded code
    items: frozenset[str] = frozenset()  # names of items that came or went
    entries: dict[str, _Entry] = field(default_factory=dict)
    computed: list[tuple[Item, Item]] = field(default_factory=list)
    switched: list[Switched] = field(default_factory=list)
    ordinals: list[_Ordinal] = field(default_factory=list)

    def changes(self) -> Iterator[Change]:
        for subject, e in self.entries.items():
            old, new = "…".join(one.old for one in e.edits), "…".join(one.new for one in e.edits)
            places = tuple(filter(None, e.places))
            yield Change(WORDING, e.kind, subject, e.title, old, new, places, edits=e.edits)
        if self.ordinals:
            # In an order of their own: seen from the other side, the entry must be the same.
            listed = sorted(self.ordinals, key=lambda o: (*sorted(o.texts), *sorted(o.numbers)))
            old, new = (
                "、".join(o.numbers[side].strip() or "无" for o in listed) for side in (0, 1)
            )
            places = tuple(dict.fromkeys(o.place for o in listed))
            title = f"{len(listed)} 处序号"
            yield Change(LAYOUT, RENUMBERED, "序号", title, old, new, places)

    def compare_blocks(self, pairing: Pairing) -> None:
        for old, new in pairing.both():
            one, other = old.block, new.block
            if self.branches.switched(old, new):
                lines = "/".join(sorted((old.template, new.template)))
                texts = text_of(one.segments), text_of(other.segments)
                self.switched.append(Switched(lines, WHOLE, *texts, new.where))
                continue
            if is_date(one) and is_date(other):
                continue
            if isinstance(one, Heading | Paragraph) and isinstance(other, Heading | Paragraph):
                self._texts(old, new, one.segments, other.segments)
            elif isinstance(one, Table) and isinstance(other, Table):
                self._table_texts(old, new, one, other)
        self._one_sided(pairing)

    # Paragraphs

    def _texts(
        self, old: Item, new: Item, one: tuple[Segment, ...], other: tuple[Segment, ...]
    ) -> None:
        clauses = [clauses_of(s, n) for s, n in zip((one, other), self.names, strict=True)]
        pairs = zip(clauses, self.names, strict=True)
        stripped, marks = zip(*(_without_ordinal(c, naming) for c, naming in pairs), strict=True)
        if marks[0] != marks[1]:
            self.ordinals.append(_Ordinal(_place(new), (old.text, new.text), (marks[0], marks[1])))
        edits = list(_edits(stripped[0], stripped[1]))
        edited = old.template != new.template
        explained = [
            pair
            for pair in edits
            if self.classes.explain(*pair, edited=edited)
            and not (edited and self.branches.written(old, new, pair))
        ]
        words = [
            pair
            for pair in edits
            if pair not in explained
            and not self._relabelled(new, *pair)
            and not (new.template and self._lists_items(*pair))
            and not self._is_branch(old, new, pair, stripped[1])
        ]
        if explained:
            self.computed.append((old, new))
        if edited:
            words += _rests(explained)
        shown = [_shown(*pair, stripped) for pair in words]
        if edited:
            self._add(f"{old.template}→{new.template}", EDITED, "模板的一句", shown, _place(new))
            return
        for edit in shown:
            self._add(_essence(edit), EDITED, "文字", [edit], _place(new))

    def _is_branch(self, old: Item, new: Item, pair: Pair, side: Clauses) -> bool:
        """Whether the data chose a difference by {% if %}; `side` are all clauses of the new text."""
        marks = [_marks(clauses) for clauses in pair]
        if all(pair):
            start = next(i for i, clause in enumerate(side) if clause is pair[1][0])
            before, after = side[:start], side[start + len(pair[1]) :]
            marks = [f"{_marks(before)}{mark}{_marks(after)}" for mark in marks]
        exchanged = self.branches.exchanged(old, new, (marks[0], marks[1]))
        if not exchanged and not self._is_other_frame(old, new, pair):
            return False
        self._switch(new, "一句", _text(pair[0]), _text(pair[1]))
        return True

    def _switch(self, item: Item, name: str, old: str, new: str) -> None:
        subject = f"{item.template or item.block.id}/{name}"
        self.switched.append(Switched(subject, name, old, new, item.where))

    def _is_other_frame(self, old: Item, new: Item, pair: Pair) -> bool:
        """Whether the changes of the same figures are told otherwise as another figure turned."""
        told = [{a.base for c in clauses for a in c if a.kind == WORD} for clauses in pair]
        figures = {base_of(s.figure) for s in new.block.segments if s.figure}
        return (
            old.template == new.template
            and bool(told[0])
            and told[0] == told[1]
            and any(map(self.classes.turned, figures))
            and self.branches.framed(old, new, told[0])
        )

    def _relabelled(self, item: Item, gone: Clauses, come: Clauses) -> bool:
        """Whether a difference is the other name of a recoded item."""
        figures = " ".join(s.figure or "" for s in item.block.segments)
        return any(
            code in figures and all(names) and names[0] in _text(gone) and names[1] in _text(come)
            for code, names in self.relabelled.items()
        )

    def _lists_items(self, gone: Clauses, come: Clauses) -> bool:
        """Whether only names of items that came or went differ, as in 主要包括：办公费、邮电费."""
        sides = [set(_NAMES.split(_text(clauses))) for clauses in (gone, come)]
        return bool(self.items) and sides[0] ^ sides[1] <= self.items | {""}

    def _add(self, subject: str, kind: str, title: str, edits: Sequence[Edit], place: str) -> None:
        """One entry a subject, with the edits of its first place."""
        if edits:
            new = _Entry(kind, title, tuple(dict.fromkeys(edits)))
            self.entries.setdefault(subject, new).places[place] = None

    def _one_sided(self, pairing: Pairing) -> None:
        """Paragraphs of one document: a new template line is one entry, an item of a list each."""
        common = pairing.common_templates()
        for side, item in pairing.unpaired():
            text, kind = text_of(item.block.segments), (DELETED, INSERTED)[side]
            texts = (text, "") if kind == DELETED else ("", text)
            if self.branches.chosen(side, item):
                subject = item.template or item.text
                self.switched.append(Switched(subject, WHOLE, *texts, item.where))
                continue
            if not isinstance(item.block, Paragraph):
                continue
            if item.template in common and any(s.figure for s in item.block.segments):
                continue  # a new or gone item: its figures say so
            known = item.template and item.template not in common
            subject = f"{kind}/{item.template if known else item.text}"
            self._add(subject, kind, WHOLE, [Edit("", *texts, "")], _place(item))

    # Tables

    def _table_texts(self, old: Item, new: Item, one: Table, other: Table) -> None:
        self._texts(old, new, one.title, other.title)
        for name, texts in (
            ("副标题", (one.subtitle, other.subtitle)),
            ("左上角", (one.corner_left, other.corner_left)),
            ("右上角", (one.corner_right, other.corner_right)),
        ):
            self._plain(texts[0], texts[1], name, new.where)
        if one.contents_name and other.contents_name:
            names = (one.contents_name, other.contents_name)
            self._texts(old, new, *((Segment(name),) for name in names))
        notes = [
            [(_marks(clauses_of(note, n)), text_of(note)) for note in table.notes]
            for table, n in zip((one, other), self.names, strict=True)
        ]
        emptied = _is_empty(one) != _is_empty(other)
        for span in spans([mark for mark, _ in notes[0]], [mark for mark, _ in notes[1]]):
            cut = span.cut(notes[0], notes[1])
            gone, come = ("\n".join(text for _, text in side) for side in cut)
            if emptied and len(cut[0]) + len(cut[1]) == 1:
                self._switch(new, "表注", gone, come)
            elif not span.equal:
                self._plain(gone, come, "表注", new.where)

    def compare_cells(self, table: TablePair) -> None:
        """The names of columns, and cells of text."""
        where = table.new.where
        for one, other in table.grid.columns.renamed:
            parts = zip(one.split("/"), other.split("/"), strict=False)
            for gone, come in (pair for pair in parts if pair[0] != pair[1]):
                self._plain(gone, come, "列名", where)
        for cell in filter(attrgetter("is_text"), table.changed):
            label = cell.row.key if cell.row.role == TOTAL else cell.row.label
            self._plain(cell.old.text, cell.new.text, "表中文字", f"{where}／{label}")

    def _plain(self, old: str, new: str, title: str, place: str) -> None:
        if old == new or self.names[0].normal(old) == self.names[1].normal(new):
            return
        sides = [
            clauses_of((Segment(text),), n) for text, n in zip((old, new), self.names, strict=True)
        ]
        edits = [_shown(*pair, (sides[0], sides[1])) for pair in _edits(*sides)]
        self._add(f"{old}→{new}", EDITED, title, edits, place)


def _is_empty(table: Table) -> bool:
    """Whether a table prints no amount: its note then says why."""
    return not any(cell.figure for row in table.rows for cell in row.cells)


def is_date(block: Block) -> bool:
    """The date on the cover: it changes every year, and is reported with the year."""
    return isinstance(block, Paragraph) and block.role == "封面日期"


def _place(item: Item) -> str:
    return item.where or text_of(item.block.segments)[:20]


def _without_ordinal(clauses: Clauses, naming: Naming) -> tuple[list[tuple[Atom, ...]], str]:
    """The clauses without the number the text begins with, and that number."""
    head = "".join(atom.text for clause in clauses[:2] for atom in clause)
    ordinal = ordinal_of(head)
    if not ordinal:
        return list(clauses), ""
    rest: list[tuple[Atom, ...]] = []
    left = len(ordinal)
    for clause in clauses:
        kept = []
        for atom in clause:
            cut, left = min(left, len(atom.text)), max(left - len(atom.text), 0)
            if cut < len(atom.text):
                kept.append(
                    atom._replace(text=atom.text[cut:], mark=naming.normal(atom.text[cut:]))
                    if cut
                    else atom
                )
        if kept:
            rest.append(tuple(kept))
    return rest, ordinal


def _edits(old: Clauses, new: Clauses) -> Iterator[Pair]:
    """The stretches of clauses that differ; a text that is letter for letter the same does not."""
    marks = [mark_of(clause) for clause in old], [mark_of(clause) for clause in new]
    for span in spans(*marks):
        gone, come = span.cut(old, new)
        if span.equal:
            # The marks hide computed words; they are compared by the class they stand for.
            for one, other in zip(gone, come, strict=True):
                if [a.mark for a in one if a.computed] != [a.mark for a in other if a.computed]:
                    yield (one,), (other,)
        elif _text(gone) != _text(come):
            yield gone, come


def _rests(explained: Iterable[Pair]) -> Iterator[Pair]:
    """What is left of the stretches that figures explain, in a line that was edited as well."""
    for pair in explained:
        gone, come = ([c for c in some if not any(a.computed for a in c)] for some in pair)
        if _text(gone) != _text(come):
            yield gone, come


def _marks(clauses: Clauses) -> str:
    return "".join(atom.mark for clause in clauses for atom in clause)


def _text(clauses: Clauses) -> str:
    return "".join(atom.text for clause in clauses for atom in clause)


def _shown(gone: Clauses, come: Clauses, sides: tuple[Clauses, ...]) -> Edit:
    """What went and came, between the clauses around it; figures shown as （数）."""
    before = _around(sides[0], gone, -1) or _around(sides[1], come, -1)
    after = _around(sides[0], gone, 1) or _around(sides[1], come, 1)
    texts = _readable(gone), _readable(come)
    if texts[0] == texts[1]:  # another figure in the same words
        texts = _text(gone), _text(come)
    return Edit(before, *texts, after)


def _readable(clauses: Clauses) -> str:
    return "".join("（数）" if a.kind == "figure" else a.text for c in clauses for a in c)


def _essence(edit: Edit) -> str:
    """What an edit comes down to: one phrase prints in many sentences, and is one entry."""
    close = edit.closely()
    if max(len(close.old), len(close.new)) >= _ESSENCE:
        return f"{close.old}→{close.new}"
    before, after = close.before[-_ESSENCE:], close.after[:_ESSENCE]
    return f"{before}{close.old}{after}→{before}{close.new}{after}"


def _around(side: Clauses, part: Clauses, direction: int) -> str:
    """The clause before or after `part` in its side."""
    if not part:
        return ""
    edge = part[0] if direction < 0 else part[-1]
    index = next(i for i, clause in enumerate(side) if clause is edge) + direction
    return _readable([side[index]]) if 0 <= index < len(side) else ""
