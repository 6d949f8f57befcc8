"""Compares a returned file with what was built and with the current data."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from generator.verify import findings as rules
from generator.verify.alignment import Key, Pairs, Unpaired, likeness, scored_pairs
from generator.verify.anchors import anchors_of
from generator.verify.baseline import Baseline, Grid, Item, Line
from generator.verify.findings import Comparison, FigureState, Finding, Outcome
from generator.verify.grids import (
    GridComparison,
    is_divided,
    numerals_of,
    numerals_of_table,
    score_of,
    states_of,
)
from generator.verify.judgement import judge
from generator.verify.marks import DELETED, MOVED_FROM, MOVED_TO, Revision
from generator.verify.numerals import measure_of_table
from generator.verify.reading import Found, FoundGrid
from generator.verify.texts import compare_text
from generator.verify.walking import FoundLine

PAGE_NUMBER = re.compile(r"\t[0-9]+\Z", re.ASCII)
_DIGITS = re.compile(r"[0-9]+")
# The score of a changed block that is recognised elsewhere.
_SURE = 0.6
_BEGINNING = "文首"
Block = FoundLine | FoundGrid
Ranges = dict[int, tuple[int, int]]


def likeness_of(baseline: Baseline, found: Found) -> float:
    """0 to 1: how much of the baseline stands in the file word for word."""
    ours: list[object] = []
    for item in baseline.items:
        ours += [item.text] if isinstance(item, Line) else item.texts
    theirs: list[object] = []
    for block in found.blocks:
        if isinstance(block, FoundGrid):
            theirs += [row.texts for row in block.rows]
        elif block.text:
            theirs.append(PAGE_NUMBER.sub("", block.text))
    return likeness(ours, theirs)


def compare(baseline: Baseline, found: Found, current: Baseline | None = None) -> Comparison:
    """Every difference of `found` from `baseline`, and of its figures from `current` if given."""
    return comparison_of(Blocks(baseline, found), current)


def comparison_of(blocks: Blocks, current: Baseline | None = None) -> Comparison:
    """What `compare` finds, from the blocks."""
    baseline, found = blocks.baseline, blocks.found
    findings, states = judge(baseline, current, blocks.outcomes)
    beside = [*_marks(found, blocks), *_look(found, blocks), *_beside(baseline, found)]
    return Comparison(
        findings=(*findings, *beside),
        states=states,
        anchors_found=blocks.anchors.found,
        anchors_expected=len(baseline.figure_anchors),
        compared_with_current=current is not None,
    )


class Blocks:
    """The blocks of a file against the items of a baseline. Empty paragraphs do not count.

    `pairs` are the items and blocks that correspond (all but the `rejoined` ones, and what came or
    went), `displaced` those of them that stand elsewhere, `grids` their tables by item.
    """

    def __init__(self, baseline: Baseline, found: Found) -> None:
        self.baseline = baseline
        self.found = found
        self.items = baseline.items
        self.anchors = anchors_of(baseline, found)
        self.numbers = [
            n for n, b in enumerate(found.blocks) if isinstance(b, FoundGrid) or b.text.strip()
        ]
        self.blocks = [found.blocks[n] for n in self.numbers]
        self.pairs: Pairs = []
        self.displaced: Pairs = []
        self.rejoined: tuple[set[int], set[int]] = (set(), set())
        self.grids: dict[int, GridComparison] = {}
        self.counted: dict[str, Counter[str]] = {}
        self.outcomes = tuple(self._outcomes())

    def _outcomes(self) -> Iterator[Outcome]:
        rest = Unpaired([*map(_key_of_item, self.items)], [*map(_key_of_block, self.blocks)])
        moved = rest.moved()
        similar: Pairs = []
        for some, others in rest.gaps():
            rejoined = self._rejoined(some, others)
            if rejoined is None:
                similar += rest.take(self._similar(some, others))
            else:
                rest.left.difference_update(some)
                rest.right.difference_update(others)
                self.rejoined[0].update(some)
                self.rejoined[1].update(others)
                yield from rejoined
        strays = rest.strays(self._score, _SURE)
        self.pairs = sorted([*rest.equal, *moved, *similar, *strays])
        for i, j in self.pairs:
            yield from self._pair(i, j)
        self.displaced = [*moved, *strays]
        for i, j in self.displaced:
            yield self._displaced(self.items[i], j)
        for i in sorted(rest.left):
            yield from _gone(self.items[i])
        for j in sorted(rest.right):
            yield from self._added(j)

    def read(self, line: Line, block: FoundLine) -> tuple[str, Ranges]:
        """What a block reads for a line, and where its anchored figures stand in that.

        A page number does not count, nor do blanks around a line that has none.
        """
        is_bare = line.text.strip("\n\t ") == line.text
        text = block.text.strip("\n\t ") if is_bare else block.text
        if line.entry:
            text = PAGE_NUMBER.sub("", text)
        shift = block.text.find(text)
        marks = self.anchors.figures(block.marks)
        return text, {n: (start - shift, end - shift) for n, (start, end) in marks.items()}

    def where(self, block: int) -> str:
        """The place of a block of the file, by the last item at or before it."""
        number = bisect_right(self.numbers, block) - 1
        if block < 0 or number < 0:
            return ""
        return self._up_to(number) or _BEGINNING

    def place_of(self, mark: Revision) -> str:
        """Where a tracked change stands; what it took away whole stood where the baseline has it."""
        if mark.kind in (DELETED, MOVED_FROM):
            lines = (item for item in self.items if isinstance(item, Line))
            whole = next((line.where for line in lines if line.text == mark.text), "")
            return whole or self.where(mark.block)
        number = bisect_right(self.numbers, mark.block) - 1
        if mark.kind == MOVED_TO and any(number == j for _, j in self.displaced):
            return self.after(number)
        return self.where(mark.block)

    def _rejoined(self, some: list[int], others: list[int]) -> list[Outcome] | None:
        """Paragraphs or tables divided or joined and little else; None if more happened."""
        if not some or not others or len(some) == len(others):
            return None
        grids = {i: item for i in some if isinstance(item := self.items[i], Grid)}
        tables = [block for j in others if isinstance(block := self.blocks[j], FoundGrid)]
        if (len(grids), len(tables)) == (len(some), len(others)):
            return self._rejoined_grids(grids, tables)
        lines = [item for i in some if isinstance(item := self.items[i], Line)]
        texts = [block.text for j in others if isinstance(block := self.blocks[j], FoundLine)]
        if (len(lines), len(texts)) != (len(some), len(others)):
            return None
        before, after = "".join(line.text for line in lines), "".join(texts)
        if before != after.replace("\n", ""):
            return None
        note = f"原来{len(lines)}段，现在{len(texts)}段，文字没有变"
        found: list[Outcome] = [Finding(rules.PARAGRAPHS_REJOINED, lines[0].where, note=note)]
        found += [FigureState(p, rules.UNCHANGED, p.text) for line in lines for p in line.printed]
        return found

    def _rejoined_grids(
        self, grids: dict[int, Grid], tables: list[FoundGrid]
    ) -> list[Outcome] | None:
        """Tables divided or joined; one that was divided may be edited too."""
        number, first = next(iter(grids.items()))
        rows = tuple(row for table in tables for row in table.rows)
        before = [texts for grid in grids.values() for texts in grid.texts]
        note = f"原来{len(grids)}张，现在{len(tables)}张，内容"
        if before == [row.texts for row in rows]:
            rejoined = Finding(rules.TABLES_REJOINED, _where(first), note=f"{note}没有变")
            return [rejoined, *(s for grid in grids.values() for s in states_of(grid))]
        if len(grids) > 1 or not is_divided(first, tables):
            return None
        divided = GridComparison(first, FoundGrid(rows), self.anchors.row_by_mark)
        self.grids[number] = divided
        rejoined = Finding(rules.TABLES_REJOINED, _where(first), note=f"{note}也改了")
        return [rejoined, *divided.outcomes]

    def _similar(self, some: list[int], others: list[int]) -> Pairs:
        if len(some) == len(others) == 1:
            same_kind = isinstance(self.items[some[0]], Line) == isinstance(
                self.blocks[others[0]], FoundLine
            )
            return [(some[0], others[0])] if same_kind else []
        return scored_pairs(some, others, self._score)

    def _score(self, i: int, j: int) -> float:
        """How surely a block is an item: by their bookmarks, else by their words."""
        item, block = self.items[i], self.blocks[j]
        if isinstance(item, Line) and isinstance(block, FoundLine):
            theirs = set(self.anchors.figures(block.marks))
            ours = {printed.anchor for printed in item.printed}
            if theirs & ours:
                return 5.0 * len(theirs & ours)
            score = likeness(self._bigrams(item.text), self._bigrams(block.text))
            return score if score > 0.4 else 0.0
        if isinstance(item, Grid) and isinstance(block, FoundGrid):
            return score_of(item, block)
        return 0.0

    def _bigrams(self, text: str) -> Counter[str]:
        """Neighbouring characters, counted once a text: gaps compare each with each."""
        counted = self.counted.get(text)
        if counted is None:
            counted = self.counted[text] = Counter(a + b for a, b in pairwise(text))
        return counted

    def _pair(self, i: int, j: int) -> Iterator[Outcome]:
        item, block = self.items[i], self.blocks[j]
        if isinstance(item, Grid):
            assert isinstance(block, FoundGrid)
            self.grids[i] = GridComparison(item, block, self.anchors.row_by_mark)
            yield from self.grids[i].outcomes
            return
        assert isinstance(block, FoundLine)
        text, ranges = self.read(item, block)
        if text == item.text:
            for printed in item.printed:
                yield FigureState(printed, rules.UNCHANGED, printed.text)
            return
        if item.measure and (now := measure_of_table(text)) != item.measure:
            note = "表里的数没有跟着换算" if now else ""
            yield Finding(rules.TABLE_MEASURE_CHANGED, item.where, "", item.measure, now, note)
        yield from self._line(item, text, ranges)

    def _line(self, line: Line, text: str, ranges: Ranges) -> Iterator[Outcome]:
        change = compare_text(line, text, ranges)
        for figure in change.figures:
            printed = figure.printed
            then = self.anchors.text_by_figure.get(printed.anchor, printed.text)
            if figure.text == then != printed.text:
                # Nobody touched it: the file was built from other data than the baseline.
                note = "生成这份文件时的数据如此，没有人改过"
                yield Finding(
                    rules.FIGURE_OUTDATED, line.where, printed.figure, printed.text, then, note
                )
                yield FigureState(printed, rules.UNCHANGED, then)
            else:
                yield figure.state
        yield from change.numerals
        yield from change.rewordings

    def _displaced(self, item: Item, number: int) -> Finding:
        place = f"现在在{self.after(number)}"
        if isinstance(item, Grid):
            return Finding(rules.TABLE_MOVED, _where(item), note=place)
        return Finding(rules.PARAGRAPH_MOVED, item.where, before=item.text, note=place)

    def after(self, number: int) -> str:
        """The place of a block by the one before it."""
        place = self._up_to(number - 1)
        return f"{place}之后" if place else _BEGINNING

    def _up_to(self, number: int) -> str:
        """The place of the last item that stands at or before a block; empty if none does."""
        before = max(((j, i) for i, j in self.pairs if j <= number), default=None)
        return _where(self.items[before[1]]) if before else ""

    def _added(self, number: int) -> Iterator[Outcome]:
        block = self.blocks[number]
        if isinstance(block, FoundLine):
            text, where = block.text.strip(), "新增的段落"
            yield Finding(rules.PARAGRAPH_ADDED, where, after=text)
            yield from numerals_of(text, where, self._near(number))
            return
        words = "；".join(" ".join(filter(None, row.texts)) for row in block.rows)
        where = "新增的表"
        yield Finding(rules.TABLE_ADDED, where, after=words[:200])
        grids = [item for item in self.items if isinstance(item, Grid)]
        yield from numerals_of_table(block, grids, where)

    def _near(self, number: int) -> tuple[tuple[str, str], ...]:
        """The figures of the items beside an added block."""
        beside = [i for i, j in self.pairs if abs(j - number) <= 1]
        lines = [item for i in beside if isinstance(item := self.items[i], Line)]
        return tuple((p.figure, p.text) for line in lines for p in line.printed)


def _key_of_item(item: Item) -> Key:
    return item.text if isinstance(item, Line) else item.texts


def _key_of_block(block: Block) -> Key:
    if isinstance(block, FoundGrid):
        return tuple([row.texts for row in block.rows])
    return PAGE_NUMBER.sub("", block.text).strip("\n\t ")


def _where(item: Item) -> str:
    return item.where if isinstance(item, Line) else f"表“{item.title}”"


def _gone(item: Item) -> Iterator[Outcome]:
    if isinstance(item, Grid):
        yield Finding(rules.TABLE_REMOVED, _where(item))
        yield from states_of(item, rules.REMOVED)
        return
    yield Finding(rules.PARAGRAPH_REMOVED, item.where, before=item.text)
    for printed in item.printed:
        yield FigureState(printed, rules.REMOVED, None)


def _marks(found: Found, blocks: Blocks) -> Iterator[Finding]:
    """Tracked changes and comments, each with who made it and when."""
    for mark in found.revisions:
        where = blocks.place_of(mark)
        author, date = mark.author, mark.date
        yield Finding(rules.TRACKED_CHANGE, where, "", "", mark.text, mark.kind, author, date)
    for comment in found.comments:
        where, text = blocks.where(comment.block), comment.text
        yield Finding(rules.COMMENT, where, "", "", text, "", comment.author, comment.date)


def _look(found: Found, blocks: Blocks) -> Iterator[Finding]:
    """What Word shows otherwise than the text reads."""
    looks = (
        (rules.STRUCK, found.struck),
        (rules.AUTOMATIC_NUMBER, found.numbered),
        (rules.UNSEEN, found.unseen),
    )
    for rule, spots in looks:
        for spot in spots:
            yield Finding(rule, blocks.where(spot.block), after=spot.text)


def _beside(baseline: Baseline, found: Found) -> Iterator[Finding]:
    """What stands beside the text: hidden text, text boxes, pictures, headers and footers."""
    for text in found.hidden:
        yield Finding(rules.HIDDEN_TEXT, "", before=text, note="隐藏的文字按删除看待")
    for text in found.floating:
        yield Finding(rules.FLOATING_TEXT, "", after=text)
    if found.pictures > 0:
        note = f"正文里有{found.pictures}张图片或对象，其中的数没法核对"
        yield Finding(rules.PICTURES, "", note=note)
    if found.embedded:
        note = f"正文里嵌入了{found.embedded}个别的文件，Word 会印出来，其中的数没法核对"
        yield Finding(rules.EMBEDDED, "", note=note)
    if baseline.furniture is not None:
        # Page numbers differ from page to page and from save to save.
        ours, theirs = (
            {_DIGITS.sub("0", text): text for text in texts}
            for texts in (sorted(baseline.furniture), found.furniture)
        )
        for key in sorted(theirs.keys() - ours.keys()):
            yield Finding(rules.FURNITURE, "页眉页脚", after=theirs[key])
        for key in sorted(ours.keys() - theirs.keys()):
            yield Finding(rules.FURNITURE, "页眉页脚", before=ours[key])
