"""Compares a returned file with what was built and with the current data."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from generator.verify.alignment import (
    MOST_SCORED_PAIRS,
    Gap,
    Pairs,
    equal_pairs,
    gaps_between,
    likeness,
    scored_pairs,
)
from generator.verify.anchors import Anchors, anchors_of
from generator.verify.baseline import Baseline, Grid, Item, Line
from generator.verify.findings import (
    AUTOMATIC_NUMBER,
    COMMENT,
    EMBEDDED,
    FIGURE_OUTDATED,
    FLOATING_TEXT,
    FURNITURE,
    HIDDEN_TEXT,
    PARAGRAPH_ADDED,
    PARAGRAPH_MOVED,
    PARAGRAPH_REMOVED,
    PARAGRAPHS_REJOINED,
    PICTURES,
    REMOVED,
    STRUCK,
    TABLE_ADDED,
    TABLE_MEASURE_CHANGED,
    TABLE_MOVED,
    TABLE_REMOVED,
    TRACKED_CHANGE,
    UNCHANGED,
    Comparison,
    FigureState,
    Finding,
    LooseNumeral,
)
from generator.verify.grids import compare_grid, numerals_of, removed_grid, reworded, state_of
from generator.verify.judgement import judge
from generator.verify.marks import DELETED, MOVED_FROM, MOVED_TO, Revision
from generator.verify.numerals import measure_of_table
from generator.verify.reading import Found, FoundGrid
from generator.verify.texts import compare_text
from generator.verify.walking import FoundLine

PAGE_NUMBER = re.compile(r"\t[0-9]+\Z", re.ASCII)
_DIGITS = re.compile(r"[0-9]+")
Outcome = Finding | FigureState | LooseNumeral
Block = FoundLine | FoundGrid


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
    anchors = anchors_of(baseline, found)
    blocks = Blocks(baseline, found, anchors)
    outcomes = list(blocks.outcomes())
    judged = judge(baseline, current, outcomes)
    beside = [*_marks(found, blocks), *_look(found, blocks), *_beside(baseline, found)]
    return Comparison(
        findings=(*judged.findings, *beside),
        states=judged.states,
        anchors_found=anchors.found,
        anchors_expected=len(baseline.figure_anchors),
        compared_with_current=current is not None,
    )


class Blocks:
    """The blocks of a file against the items of a baseline. Empty paragraphs do not count.

    Once `outcomes` is exhausted, `pairs` are the items and blocks that correspond (all but the
    `rejoined` ones, and what came or went), and `displaced` those of them that stand elsewhere.
    """

    def __init__(self, baseline: Baseline, found: Found, anchors: Anchors) -> None:
        self.items = baseline.items
        self.anchors = anchors
        self.numbers = [
            n for n, b in enumerate(found.blocks) if isinstance(b, FoundGrid) or b.text.strip()
        ]
        self.blocks = [found.blocks[n] for n in self.numbers]
        self.pairs: Pairs = []
        self.displaced: Pairs = []
        self.rejoined: tuple[set[int], set[int]] = (set(), set())
        self.counted: dict[str, Counter[str]] = {}

    def outcomes(self) -> Iterator[Outcome]:
        ours = [_key_of_item(item) for item in self.items]
        theirs = [_key_of_block(block) for block in self.blocks]
        equal = equal_pairs(ours, theirs)
        left = set(range(len(ours))) - {i for i, _ in equal}
        right = set(range(len(theirs))) - {j for _, j in equal}
        moved = self._moved(left, right, ours, theirs)
        similar: Pairs = []
        if left or right:
            for gap in gaps_between(equal, len(ours), len(theirs)):
                some = [i for i in range(gap.left, gap.right) if i in left]
                others = [j for j in range(gap.low, gap.high) if j in right]
                rejoined = self._rejoined(some, others)
                if rejoined is None:
                    similar += self._similar(some, others)
                else:
                    left -= set(some)
                    right -= set(others)
                    self.rejoined[0].update(some)
                    self.rejoined[1].update(others)
                    yield from rejoined
        left -= {i for i, _ in similar}
        right -= {j for _, j in similar}
        strays = self._strays(left, right)
        self.pairs = sorted([*equal, *moved, *similar, *strays])
        for i, j in self.pairs:
            yield from self._pair(self.items[i], self.blocks[j])
        self.displaced = [*moved, *strays]
        for i, j in self.displaced:
            yield self._displaced(self.items[i], j)
        for i in sorted(left):
            yield from _gone(self.items[i])
        for j in sorted(right):
            yield from _added(self.blocks[j], self._near(j))

    def where(self, block: int) -> str:
        """The place of a block of the file, by the last item at or before it."""
        number = bisect_right(self.numbers, block) - 1
        if block < 0 or number < 0:
            return ""
        items = [(j, i) for i, j in self.pairs if j <= number]
        return _where(self.items[max(items)[1]]) if items else "文首"

    def place_of(self, mark: Revision) -> str:
        """Where a tracked change stands; what it took away whole stood where the baseline has it."""
        if mark.kind in (DELETED, MOVED_FROM):
            lines = (item for item in self.items if isinstance(item, Line))
            whole = next((line.where for line in lines if line.text == mark.text), "")
            return whole or self.where(mark.block)
        number = bisect_right(self.numbers, mark.block) - 1
        if mark.kind == MOVED_TO and any(number == j for _, j in self.displaced):
            return self._after(number)
        return self.where(mark.block)

    def _moved(
        self, left: set[int], right: set[int], ours: Sequence[object], theirs: Sequence[object]
    ) -> Pairs:
        """Items that stand word for word elsewhere; taken out of `left` and `right`."""
        place = {theirs[j]: j for j in sorted(right, reverse=True)}
        moved = []
        for i in sorted(left):
            j = place.pop(ours[i], None)
            if j is not None:
                moved.append((i, j))
        left.difference_update(i for i, _ in moved)
        right.difference_update(j for _, j in moved)
        return moved

    def _rejoined(self, some: list[int], others: list[int]) -> list[Outcome] | None:
        """Paragraphs divided or joined without another change; None if something else happened."""
        lines = [item for i in some if isinstance(item := self.items[i], Line)]
        texts = [block.text for j in others if isinstance(block := self.blocks[j], FoundLine)]
        if (len(lines), len(texts)) != (len(some), len(others)) or len(some) == len(others):
            return None
        if not lines or not texts:
            return None
        before, after = "".join(line.text for line in lines), "".join(texts)
        if before != after.replace("\n", ""):
            return None
        note = f"原来{len(lines)}段，现在{len(texts)}段，文字没有变"
        found: list[Outcome] = [Finding(PARAGRAPHS_REJOINED, lines[0].where, note=note)]
        found += [FigureState(p, UNCHANGED, p.text) for line in lines for p in line.printed]
        return found

    def _similar(self, some: list[int], others: list[int]) -> Pairs:
        if len(some) == len(others) == 1:
            same_kind = isinstance(self.items[some[0]], Line) == isinstance(
                self.blocks[others[0]], FoundLine
            )
            return [(some[0], others[0])] if same_kind else []
        inner = scored_pairs(
            Gap(0, len(some), 0, len(others)),
            lambda a, b: self._score(self.items[some[a]], self.blocks[others[b]]),
        )
        return [(some[a], others[b]) for a, b in inner]

    def _score(self, item: Item, block: Block) -> float:
        if isinstance(item, Line) and isinstance(block, FoundLine):
            theirs = set(self.anchors.figures(block.marks))
            ours = {printed.anchor for printed in item.printed}
            if theirs & ours:
                return 5.0 * len(theirs & ours)
            score = likeness(self._bigrams(item.text), self._bigrams(block.text))
            return score if score > 0.4 else 0.0
        if isinstance(item, Grid) and isinstance(block, FoundGrid):
            score = likeness(item.texts, [row.texts for row in block.rows])
            ours_words = [text for row in item.texts for text in row if text]
            words = [text for row in block.rows for text in row.texts if text]
            score += likeness(ours_words, words)
            return 10 * score if score > 0.6 else 0.0
        return 0.0

    def _bigrams(self, text: str) -> Counter[str]:
        """Neighbouring characters, counted once a text: gaps compare each with each."""
        counted = self.counted.get(text)
        if counted is None:
            counted = self.counted[text] = Counter(a + b for a, b in pairwise(text))
        return counted

    def _strays(self, left: set[int], right: set[int]) -> Pairs:
        """Changed items that stand elsewhere: by bookmarks, else by nearly the same words."""
        strays: Pairs = []
        if len(left) * len(right) > MOST_SCORED_PAIRS:
            return strays
        for i in sorted(left):
            scores = [(self._score(self.items[i], self.blocks[j]), -j) for j in right]
            best, j = max(scores, default=(0.0, 0))
            if best > 0.6:
                strays.append((i, -j))
                right.discard(-j)
        left.difference_update(i for i, _ in strays)
        return strays

    def _pair(self, item: Item, block: Block) -> Iterator[Outcome]:
        if isinstance(item, Grid):
            assert isinstance(block, FoundGrid)
            yield from compare_grid(item, block, self.anchors.row_by_mark)
            return
        assert isinstance(block, FoundLine)
        text = block.text.strip("\n\t ") if item.text.strip("\n\t ") == item.text else block.text
        if text == item.text or (item.entry and PAGE_NUMBER.sub("", text) == item.text):
            for printed in item.printed:
                yield FigureState(printed, UNCHANGED, printed.text)
            return
        if item.entry:
            text = PAGE_NUMBER.sub("", text)
        if item.measure and (now := measure_of_table(text)) != item.measure:
            note = "表里的数没有跟着换算" if now else ""
            yield Finding(TABLE_MEASURE_CHANGED, item.where, "", item.measure, now, note)
        yield from self._line(item, text, block)

    def _line(self, line: Line, text: str, block: FoundLine) -> Iterator[Outcome]:
        shift = block.text.find(text)
        ranges = {
            number: (start - shift, end - shift)
            for number, (start, end) in self.anchors.figures(block.marks).items()
        }
        change = compare_text(line, text, ranges)
        for figure in change.figures:
            then = self.anchors.text_by_figure.get(figure.printed.anchor, figure.printed.text)
            if figure.text == then != figure.printed.text:
                # Nobody touched it: the file was built from other data than the baseline.
                note = "生成这份文件时的数据如此，没有人改过"
                yield Finding(
                    FIGURE_OUTDATED,
                    line.where,
                    figure.printed.figure,
                    before=figure.printed.text,
                    after=then,
                    note=note,
                )
                yield FigureState(figure.printed, UNCHANGED, then)
            else:
                yield state_of(figure)
        starts = {f.printed: f.start for f in change.figures if f.start >= 0}
        for numeral in change.numerals:
            near = sorted(starts, key=lambda printed: abs(starts[printed] - numeral.start))
            names = tuple((printed.figure, printed.text) for printed in near)
            yield LooseNumeral(numeral.text, numeral.following, line.where, numeral.was, names)
        for rewording in change.rewordings:
            yield reworded(line.where, rewording)

    def _displaced(self, item: Item, number: int) -> Finding:
        place = f"现在在{self._after(number)}"
        if isinstance(item, Grid):
            return Finding(TABLE_MOVED, _where(item), note=place)
        return Finding(PARAGRAPH_MOVED, item.where, before=item.text, note=place)

    def _after(self, number: int) -> str:
        """The place of a block by the one before it."""
        before = [(j, i) for i, j in self.pairs if j < number]
        return f"{_where(self.items[max(before)[1]])}之后" if before else "文首"

    def _near(self, number: int) -> tuple[tuple[str, str], ...]:
        """The figures of the items beside an added block."""
        beside = [i for i, j in self.pairs if abs(j - number) <= 1]
        lines = [item for i in beside if isinstance(item := self.items[i], Line)]
        return tuple((p.figure, p.text) for line in lines for p in line.printed)


def _key_of_item(item: Item) -> object:
    return item.text if isinstance(item, Line) else item.texts


def _key_of_block(block: Block) -> object:
    if isinstance(block, FoundGrid):
        return tuple([row.texts for row in block.rows])
    return PAGE_NUMBER.sub("", block.text).strip("\n\t ")


def _where(item: Item) -> str:
    return item.where if isinstance(item, Line) else f"表“{item.title}”"


def _gone(item: Item) -> Iterator[Outcome]:
    if isinstance(item, Grid):
        yield Finding(TABLE_REMOVED, f"表“{item.title}”")
        yield from removed_grid(item)
        return
    yield Finding(PARAGRAPH_REMOVED, item.where, before=item.text)
    for printed in item.printed:
        yield FigureState(printed, REMOVED, None)


def _added(block: Block, near: tuple[tuple[str, str], ...]) -> Iterator[Outcome]:
    if isinstance(block, FoundGrid):
        words = "；".join(" ".join(filter(None, row.texts)) for row in block.rows)
        yield Finding(TABLE_ADDED, "新增的表", after=words[:200])
        for row in block.rows:
            for text in row.texts:
                yield from numerals_of(text, "新增的表")
        return
    text = block.text.strip()
    yield Finding(PARAGRAPH_ADDED, "新增的段落", after=text)
    yield from numerals_of(text, "新增的段落", near)


def _marks(found: Found, blocks: Blocks) -> Iterator[Finding]:
    """Tracked changes and comments, each with who made it and when."""
    for mark in found.revisions:
        where = blocks.place_of(mark)
        author, date = mark.author, mark.date
        yield Finding(TRACKED_CHANGE, where, "", "", mark.text, mark.kind, author, date)
    for comment in found.comments:
        where, text = blocks.where(comment.block), comment.text
        yield Finding(COMMENT, where, "", "", text, "", comment.author, comment.date)


def _look(found: Found, blocks: Blocks) -> Iterator[Finding]:
    """What Word shows otherwise than the text reads."""
    for rule, spots in ((STRUCK, found.struck), (AUTOMATIC_NUMBER, found.numbered)):
        for spot in spots:
            yield Finding(rule, blocks.where(spot.block), after=spot.text)


def _beside(baseline: Baseline, found: Found) -> Iterator[Finding]:
    """What stands beside the text: hidden text, text boxes, pictures, headers and footers."""
    for text in found.hidden:
        yield Finding(HIDDEN_TEXT, "", before=text, note="隐藏的文字按删除看待")
    for text in found.floating:
        yield Finding(FLOATING_TEXT, "", after=text)
    if found.pictures > 0:
        note = f"正文里有{found.pictures}张图片或对象，其中的数没法核对"
        yield Finding(PICTURES, "", note=note)
    if found.embedded:
        note = f"正文里嵌入了{found.embedded}个别的文件，Word 会印出来，其中的数没法核对"
        yield Finding(EMBEDDED, "", note=note)
    if baseline.furniture is not None:
        # Page numbers differ from page to page and from save to save.
        ours = {_DIGITS.sub("0", text) for text in baseline.furniture}
        theirs = {_DIGITS.sub("0", text): text for text in found.furniture}
        for key in sorted(theirs.keys() - ours):
            yield Finding(FURNITURE, "页眉页脚", after=theirs[key])
        for key in sorted(ours - theirs.keys()):
            yield Finding(FURNITURE, "页眉页脚", before=key)
