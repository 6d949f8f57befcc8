"""Which figure or row of the baseline each bookmark of a file stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.verify.alignment import equal_pairs
from generator.verify.baseline import Baseline
from generator.verify.reading import Found
from generator.verify.walking import Mark


class Anchors(NamedTuple):
    """Bookmark name -> number of the baseline's figure or row; `found` figures have theirs.

    `text_by_figure`: what the file's custom part says was printed when it was built.
    """

    figure_by_mark: Mapping[str, int]
    row_by_mark: Mapping[str, int]
    text_by_figure: Mapping[int, str]
    found: int

    def figures(self, marks: Iterable[Mark]) -> dict[int, tuple[int, int]]:
        """Number of each figure whose bookmark is among `marks` -> where it stands."""
        numbers = self.figure_by_mark
        return {numbers[m.name]: (m.start, m.end) for m in marks if m.name in numbers}


def anchors_of(baseline: Baseline, found: Found) -> Anchors:
    """By the custom part, which names the facts; without it by their numbers, if those fit."""
    marks = found.text_by_mark
    ours = baseline.figure_anchors
    if found.figure_anchors is None:
        figures = {f"_F{p.anchor}": p.anchor for p in ours if f"_F{p.anchor}" in marks}
        fitting = sum(marks[f"_F{p.anchor}"] == p.text for p in ours if f"_F{p.anchor}" in marks)
        if 2 * fitting < len(figures):  # numbers of another build
            return Anchors({}, {}, {}, 0)
        rows = {f"_R{number}": number for number in baseline.row_anchors.values()}
        return Anchors(figures, rows, {}, len(figures))
    theirs = list(found.figure_anchors.items())
    pairs = equal_pairs([p.figure for p in ours], [anchor.figure for _, anchor in theirs])
    figures = {theirs[j][0]: ours[i].anchor for i, j in pairs if theirs[j][0] in marks}
    texts = {ours[i].anchor: theirs[j][1].text for i, j in pairs}
    rows = {
        mark: baseline.row_anchors[row]
        for mark, row in found.row_anchors.items()
        if row in baseline.row_anchors
    }
    return Anchors(figures, rows, texts, len(figures))
