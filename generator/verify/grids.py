"""Compares a table with what it should read: rows first, then the cells of rows that correspond."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from generator.verify import findings as rules
from generator.verify.alignment import (
    Pairs,
    Unpaired,
    equal_pairs,
    gaps_between,
    likeness,
    scored_pairs,
)
from generator.verify.baseline import Grid, GridCell, GridRow, Line
from generator.verify.findings import FigureState, Finding, LooseNumeral, Outcome
from generator.verify.numerals import is_code, is_numeral, measure_at, words_of
from generator.verify.reading import FoundGrid, FoundRow
from generator.verify.texts import FOLLOWING, compare_text

# The score of a row whose words are all there, with some more in common.
_SURE = 3.4
# The likeness of a table and its parts; one pasted twice has 0.67.
_DIVIDED = 0.8
Names = tuple[tuple[str, str], ...]


def states_of(grid: Grid, state: str = rules.UNCHANGED) -> Iterator[FigureState]:
    """The same of every figure of a table."""
    for row in grid.rows:
        yield from _states(row.cells, state)


class GridComparison:
    """`outcomes` are what became of every figure of `grid`, and every other difference of its texts.

    `pairs` are the rows that correspond.
    """

    def __init__(self, grid: Grid, found: FoundGrid, row_by_mark: Mapping[str, int]) -> None:
        self.grid = grid
        self.found = found
        self.row_by_mark = row_by_mark
        self.pairs: Pairs = []
        self.outcomes = tuple(self._outcomes())

    def _outcomes(self) -> Iterator[Outcome]:
        theirs = [row.texts for row in self.found.rows]
        rest = Unpaired(self.grid.texts, theirs)
        moved = rest.moved()
        similar = [pair for gap in rest.gaps() for pair in rest.take(self._similar(*gap))]
        strays = rest.strays(self._score, _SURE)
        for i, j in (*moved, *strays):
            after = " ".join(filter(None, theirs[j]))
            yield Finding(
                rules.ROW_MOVED, self.grid.where(i), after=after, note=f"现在是第{j + 1}行"
            )
        for i, _ in moved:
            yield from _states(self.grid.rows[i].cells, rules.MOVED)
        for i, _ in rest.equal:
            yield from _states(self.grid.rows[i].cells)
        for i, j in (*similar, *strays):
            yield from self._row(i, self.found.rows[j])
        self.pairs = sorted([*rest.equal, *moved, *similar, *strays])
        for i in sorted(rest.left):
            yield from self._gone(i)
        for j in sorted(rest.right):
            yield from self._added(j)

    def _similar(self, some: list[int], others: list[int]) -> Pairs:
        """Rows that read otherwise in their place."""
        if len(some) == len(others) == 1:
            return [(some[0], others[0])]
        return scored_pairs(some, others, self._score)

    def _score(self, i: int, j: int) -> float:
        """How surely a found row is row `i`: its bookmark decides, else its label and its cells."""
        ours, theirs = self.grid.rows[i], self.found.rows[j]
        marked = {self.row_by_mark.get(name, 0) for name in theirs.marks} - {0}
        if marked:
            return 10.0 if ours.anchor in marked else 0.0
        words = Counter(c.text for c in ours.cells if c.text and c.printed is None)
        common = (words & Counter(theirs.texts)).total()
        score = 3 * common / max(words.total(), 1) + likeness(ours.texts, theirs.texts)
        same_place = len(ours.texts) == len(theirs.texts) and sum(
            a == b for a, b in zip(ours.texts, theirs.texts, strict=True)
        ) / max(len(ours.texts), 1)
        return score + same_place if score + same_place > 1 else 0.0

    def _row(self, number: int, found: FoundRow) -> Iterator[Outcome]:
        row = self.grid.rows[number]
        near = _printed(row.cells)
        measure = self.grid.measure
        for cell, text in cell_pairs(row, found.texts):
            if cell is None:
                yield from _added_text(text or "", self.grid.where(number), near, measure)
            elif text == cell.text:
                yield from _states((cell,))
            elif text is None:
                yield from _states((cell,), rules.REMOVED)
                if cell.text and cell.printed is None:
                    yield Finding(rules.WORDING_CHANGED, cell.where, before=cell.text)
            else:
                yield from _cell(cell, text, (*_printed((cell,)), *near), measure)

    def _gone(self, number: int) -> Iterator[Outcome]:
        row = self.grid.rows[number]
        if not any(row.texts):
            return
        yield Finding(
            rules.ROW_REMOVED, self.grid.where(number), before=" ".join(filter(None, row.texts))
        )
        yield from _states(row.cells, rules.REMOVED)

    def _added(self, number: int) -> Iterator[Outcome]:
        texts = self.found.rows[number].texts
        if not any(texts):
            return
        where = f"表“{self.grid.title}”现在的第{number + 1}行"
        yield Finding(rules.ROW_ADDED, where, after=" ".join(filter(None, texts)))
        yield from _numerals_of_row(texts, self.grid, where)


def score_of(grid: Grid, found: FoundGrid) -> float:
    """How surely a found table is this one, by its rows and its cells; 0 if it is not."""
    score = likeness(grid.texts, [row.texts for row in found.rows])
    score += likeness(_words(grid.texts), _words(row.texts for row in found.rows))
    return 10 * score if score > 0.6 else 0.0


def numerals_of_table(
    found: FoundGrid, grids: Iterable[Grid], where: str
) -> Iterator[LooseNumeral]:
    """The numerals of a new table; of one that repeats a table only figures, and what is new."""
    scores = {score_of(grid, found): grid for grid in grids}
    best = max(scores, default=0.0)
    if not best:
        for row in found.rows:
            yield from (one for text in row.texts for one in numerals_of(text, where))
        return
    like = scores[best]
    row_repeated = {j: like.rows[i] for i, j in GridComparison(like, found, {}).pairs}
    for number, row in enumerate(found.rows):
        if number not in row_repeated:
            yield from _numerals_of_row(row.texts, like, where)
            continue
        for cell, text in cell_pairs(row_repeated[number], row.texts):
            if text and (cell is None or cell.printed or cell.text != text):
                near = _printed([cell] if cell else [])
                amounts = cell is not None and cell.for_amounts
                yield from numerals_of(text, where, near, like.measure, in_amounts=amounts)


def _numerals_of_row(texts: Sequence[str], grid: Grid, where: str) -> Iterator[LooseNumeral]:
    """The numerals of a new row of `grid`, or of a table like it: none of its codes."""
    # Not the header, which has no anchor: its words tell nothing of what a column holds.
    rows = [row for row in grid.rows if row.anchor and len(row.cells) == len(texts)]
    rows.sort(key=lambda row: -sum(map(str.__eq__, row.texts, texts)))
    others = _printed([cell for row in grid.rows for cell in row.cells])
    for place, text in enumerate(texts):
        column = [row.cells[place] for row in rows]
        if _is_label(column):
            continue
        near = (*_printed(column), *others)
        for_amounts = bool(column) and all(cell.for_amounts for cell in column)
        yield from numerals_of(text, where, near, grid.measure, in_amounts=for_amounts)


def is_divided(grid: Grid, tables: Sequence[FoundGrid]) -> bool:
    """Whether tables are the parts of one, edited or not: nearly its words, and none another's."""
    ours = _words(grid.texts)
    theirs = [_words(row.texts for row in table.rows) for table in tables]
    whole = sum(theirs, Counter[str]())
    return likeness(ours, whole) > _DIVIDED and all(
        2 * (ours & words).total() > words.total() for words in theirs
    )


def _words(rows: Iterable[Sequence[str]]) -> Counter[str]:
    return Counter(text for row in rows for text in row if text)


def _printed(cells: Iterable[GridCell]) -> Names:
    return tuple((c.printed.figure, c.printed.measured) for c in cells if c.printed)


def _is_label(column: Sequence[GridCell]) -> bool:
    """Whether a column holds codes: numerals, and never a figure."""
    return not _printed(column) and any(is_numeral(c.text) for c in column if c.text)


def _states(cells: Sequence[GridCell], state: str = rules.UNCHANGED) -> Iterator[FigureState]:
    for cell in cells:
        if cell.printed:
            yield FigureState(cell.printed, state, None if state == rules.REMOVED else cell.text)


def cell_pairs(row: GridRow, texts: Sequence[str]) -> Iterator[tuple[GridCell | None, str | None]]:
    """Cells with the texts found in their place; None where a cell came or went."""
    if len(row.cells) == len(texts):
        yield from zip(row.cells, texts, strict=True)
        return
    equal = equal_pairs(row.texts, texts)
    for i, _ in equal:
        yield row.cells[i], row.texts[i]
    for gap in gaps_between(equal, len(row.texts), len(texts)):
        for cell, text in zip_longest(row.cells[gap.left : gap.right], texts[gap.low : gap.high]):
            if text or (cell and cell.text):
                yield cell, text


def _cell(cell: GridCell, text: str, near: Names, measure: str) -> Iterator[Outcome]:
    printed = (cell.printed,) if cell.printed else ()
    change = compare_text(Line(cell.text, printed, cell.where), text)
    if cell.printed and text.strip() and not change.numerals:
        # The whole cell is the figure: a measure or a mark beside it is a change of it.
        yield FigureState(cell.printed, rules.CHANGED, text)
        return
    yield from (figure.state for figure in change.figures)
    for one in change.numerals:
        yield one._replace(near=near, table_measure=measure, in_amounts=cell.for_amounts)
    yield from change.rewordings


def _added_text(text: str, where: str, near: Names, measure: str) -> Iterator[Outcome]:
    if text:
        yield Finding(rules.WORDING_CHANGED, where, after=text, note="新增的单元格")
        yield from numerals_of(text, where, near, measure, in_amounts=bool(near))


def numerals_of(
    text: str, where: str, near: Names = (), measure: str = "", *, in_amounts: bool = False
) -> Iterator[LooseNumeral]:
    """Every numeral of a text that stands nowhere in the baseline, but for codes."""
    start = 0
    for word in words_of(text):
        start += len(word)
        if is_numeral(word) and not is_code(word):
            following = text[start - len(word) : start + FOLLOWING]
            text_with_measure = word + measure_at(text, start)
            yield LooseNumeral(text_with_measure, following, where, "", near, measure, in_amounts)
