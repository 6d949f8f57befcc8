"""What a comparison finds, as values; rules are identifiers for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from generator.verify.baseline import Printed
from generator.verify.numerals import is_amount, with_measure

# What became of a printed figure.
UNCHANGED, CHANGED, REMOVED, MOVED = "未变", "改动", "删除", "移动"

FIGURE_CHANGED = "figure-changed"
FIGURE_REMOVED = "figure-removed"
FIGURE_MOVED = "figure-moved"
FIGURE_DUPLICATED = "figure-duplicated"
NEW_NUMERAL = "new-numeral"
FIGURE_OUTDATED = "figure-outdated"
TABLE_MEASURE_CHANGED = "table-measure-changed"
WORDING_CHANGED = "wording-changed"
PARAGRAPH_ADDED, PARAGRAPH_REMOVED = "paragraph-added", "paragraph-removed"
PARAGRAPH_MOVED, PARAGRAPHS_REJOINED = "paragraph-moved", "paragraphs-rejoined"
ROW_ADDED, ROW_REMOVED, ROW_MOVED = "row-added", "row-removed", "row-moved"
TABLE_ADDED, TABLE_REMOVED, TABLE_MOVED = "table-added", "table-removed", "table-moved"
TABLES_REJOINED = "tables-rejoined"
TRACKED_CHANGE, COMMENT = "tracked-change", "comment"
HIDDEN_TEXT, FLOATING_TEXT = "hidden-text", "floating-text"
PICTURES, FURNITURE = "pictures", "header-or-footer"
EMBEDDED, STRUCK, AUTOMATIC_NUMBER = "embedded-content", "struck-through", "automatic-number"
UNSEEN = "unseen-text"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. `figure` names the fact; `author` and `date` are those of a mark in Word.

    `adds_amount`: it puts an amount where the document has none.
    """

    rule: str
    where: str
    figure: str = ""
    before: str = ""
    after: str = ""
    note: str = ""
    author: str = ""
    date: str = ""
    adds_amount: bool = False


class FigureState(NamedTuple):
    """One printing of a figure and what became of it; `text` is what it reads now, None if gone."""

    printed: Printed
    state: str
    text: str | None

    def as_json(self) -> Mapping[str, object]:
        figure, printed, where = self.printed.figure, self.printed.text, self.printed.where
        state = {"figure": figure, "printed": printed, "where": where, "state": self.state}
        return state if self.text == printed else {**state, "text": self.text}


class LooseNumeral(NamedTuple):
    """A numeral that no figure accounts for.

    `following` is the text from it on, to know a measure by; `near` are the figures printed beside
    it with their measured texts, nearest first. `in_amounts`: it stands in a cell for amounts,
    `table_measure` is the measure of these.
    """

    text: str
    following: str
    where: str
    was: str
    near: tuple[tuple[str, str], ...]
    table_measure: str = ""
    in_amounts: bool = False

    @property
    def measured(self) -> str:
        return with_measure(self.text, self.table_measure) if self.in_amounts else self.text

    @property
    def is_amount(self) -> bool:
        return self.in_amounts or is_amount(self.text)


Outcome = Finding | FigureState | LooseNumeral


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result. `anchors_found` of `anchors_expected` bookmarks of figures were still there."""

    findings: tuple[Finding, ...]
    states: tuple[FigureState, ...]
    anchors_found: int
    anchors_expected: int
    compared_with_current: bool

    @property
    def differs(self) -> bool:
        return bool(self.findings)

    def count(self, state: str) -> int:
        return sum(one.state == state for one in self.states)
