"""The change list: what every report prints and counts. Nothing here finds a change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from generator.verify.alignment import common_ends

# The layers, in the order of the reports.
FIGURES, WORDING, LAYOUT = "figures", "wording", "layout"
LAYERS = (FIGURES, WORDING, LAYOUT)
LAYER_NAMES = {FIGURES: "数字", WORDING: "文字", LAYOUT: "版式"}
CAUTIONS, CAUTION_NAME = "warnings", "提醒"

# Kinds of a change.
CHANGED = "变化"
NEW, GONE = "新增", "取消"
WORD = "用词"  # a word the program chose: 增加 -> 减少
SENTENCE = "换句"  # another branch of the same template, because of a figure
RECODED = "调整编码"
OWED = "待填"  # one side is a draft that does not know the number yet
EDITED = "修改"
INSERTED, DELETED = "插入", "删除"
RENAMED = "改名"
MOVED = "移动"
RENUMBERED = "序号"
SPANS = "合并单元格"
SHOWN = "显示方式"

RATE_DECIMALS = 1

_BRACKETS = (("（", "）"), ("“", "”"), ("《", "》"), ("〔", "〕"))

# Kinds of a caution.
STALE_REASON = "原因没有改"
WRONG_BASE = "上年数不符"
TWO_WAYS = "一数两样"
NOT_ADDING_UP = "分项不等于合计"


class Edit(NamedTuple):
    """One place of a text: the clauses around it, and what went and came inside them."""

    before: str
    old: str
    new: str
    after: str

    def closely(self) -> Edit:
        """The same edit with what both clauses share put around it: 水平【明显】提高."""
        start, end = common_ends(self.old, self.new)
        while start and any(_inside_word(text, start) for text in (self.old, self.new)):
            start -= 1
        while end and any(
            _inside_word(text, len(text) - end) or _closes(text, start, len(text) - end)
            for text in (self.old, self.new)
        ):
            end -= 1
        old, new = (text[start : len(text) - end] for text in (self.old, self.new))
        after = self.old[len(self.old) - end :] + self.after
        return Edit(self.before + self.old[:start], old, new, after)


def _closes(text: str, start: int, at: int) -> bool:
    """Whether a bracket that opens between `start` and `at` closes after them."""
    changed, after = text[start:at], text[at:]
    return any(
        closing in after and changed.count(opening) > changed.count(closing)
        for opening, closing in _BRACKETS
    )


def _inside_word(text: str, at: int) -> bool:
    """Whether a cut at `at` would go through a number, a Latin word or a mark like （数）."""
    around = text[at - 1 : at + 1]
    joined = len(around) == 2 and all(c.isascii() and (c.isalnum() or c in ".,%") for c in around)
    return joined or "（数）" in text[max(at - 2, 0) : at + 2]


class Amounts(NamedTuple):
    """A changed number in its measure; `rate` in percent, None on a zero base or without both."""

    old: Decimal | None
    new: Decimal | None
    difference: Decimal | None
    rate: Decimal | None
    measure: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the list. `subject` is its identity: a fact, a template line, a row or column.

    `places` say where it is printed, `details` what belongs to it (the items that caused it).
    """

    layer: str
    kind: str
    subject: str
    title: str
    old: str = ""
    new: str = ""
    places: tuple[str, ...] = ()
    amounts: Amounts | None = None
    edits: tuple[Edit, ...] = ()
    details: tuple[str, ...] = ()


class Caution(NamedTuple):
    """Something a reviewer should look at; it is no change."""

    kind: str
    subject: str
    message: str


class SideTitle(NamedTuple):
    """How a report names one side: what was compared, and what it is."""

    name: str
    department: str
    year: int | None
    origin: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything found between two sides. `remarks` say what could not be compared and why."""

    old: SideTitle
    new: SideTitle
    changes: tuple[Change, ...]
    cautions: tuple[Caution, ...] = ()
    remarks: tuple[str, ...] = ()

    def layer(self, layer: str) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.layer == layer)

    def counts(self) -> dict[str, int]:
        """Entries by layer, and the cautions: the same in every report."""
        counts = {layer: len(self.layer(layer)) for layer in LAYERS}
        return {**counts, CAUTIONS: len(self.cautions)}

    def only(self, kept: frozenset[str]) -> Comparison:
        """The same comparison without the layers, and the cautions, that are not named."""
        changes = tuple(change for change in self.changes if change.layer in kept)
        found = self.cautions if CAUTIONS in kept else ()
        return replace(self, changes=changes, cautions=found)


def count_line(comparison: Comparison) -> str:
    """数字 12 处，文字 3 处，版式 1 处，提醒 2 条."""
    counts = comparison.counts()
    layers = "，".join(f"{LAYER_NAMES[layer]} {counts[layer]} 处" for layer in LAYERS)
    return f"{layers}，{CAUTION_NAME} {counts[CAUTIONS]} 条"


def in_layers(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes in the order of the layers, otherwise as they come."""
    listed = tuple(changes)
    return tuple(change for layer in LAYERS for change in listed if change.layer == layer)
