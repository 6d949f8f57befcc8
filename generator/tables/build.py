"""A planned layout and a figure book to a table of the document: no amount is computed here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest

from generator.document import (
    BODY,
    HEADER,
    LITERAL,
    OWED,
    TOTAL,
    YEAR,
    Cell,
    Column,
    Row,
    Segment,
    Table,
)
from generator.fields import OWED_TEXT, place_of
from generator.figures.book import FigureBook
from generator.figures.measures import distinct
from generator.numerals import chinese_numeral
from generator.problems import Place
from generator.tables.amounts import NO_FILTER, PLAIN, AmountPrinter, PrintStyle, Spot, row_keys
from generator.tables.if_any import has_amount, with_amounts
from generator.tables.plan import (
    NOTHING,
    FormBlock,
    FormCell,
    FormLine,
    HeaderCell,
    Layout,
    LeafColumn,
    Side,
    SideLine,
)
from generator.tables.rows import (
    ROW_SOURCES,
    TOTAL_NAME,
    RowItem,
)

_WORD = re.compile(r"\{([^{}]*)\}")
_NO_ITEM = RowItem("", BODY, {})
# The number of a line of a form: （2）, (2).
_LINE_NUMBER = re.compile(r"[(（](\d{1,2})[)）]")

Words = tuple[tuple[str, str], ...]
KeyedCells = tuple[str, str, list[Cell]]


def build_table(layout: Layout, book: FigureBook, style: PrintStyle = PLAIN) -> Table:
    """The table of a department, with its header; a note says why it is empty if it is."""
    layout = with_amounts(layout, book)
    words = words_of(book)
    builder = _Sides(layout, book, style) if layout.sides else _List(layout, book, style)
    body = list(builder.rows())
    keys = distinct(key for key, _, _ in body)
    rows = [Row(key, role, tuple(cells)) for key, (_, role, cells) in zip(keys, body, strict=True)]
    columns, header = _frame(layout, words)
    spec = layout.spec
    notes = [*spec.notes, *([spec.empty_note] if builder.empty and spec.empty_note else [])]
    return Table(
        id=layout.id,
        title=_segments(spec.title, words, spec.place),
        columns=columns,
        rows=(*(() if layout.form else header), *rows),
        corner_left=_corner(spec.corner_left, words),
        corner_right=_corner(spec.corner_right, words),
        subtitle=_filled(spec.subtitle, words),
        notes=tuple(_segments(note, words, spec.place) for note in notes),
        contents_name=_filled(spec.contents_name, words),
        place=spec.place,
    )


def words_of(book: FigureBook) -> Words:
    """What stands for the words in braces of a layout's texts."""
    department = book.department
    return (
        ("年", str(department.year)),
        ("上年", str(department.year - 1)),
        ("部门名称", department.name),
        ("部门代码", department.code),
        ("部门或单位", "单位" if book.budget.unit_alone else "部门"),
        ("公布单位", book.published_measure.name),
    )


def _filled(text: str, words: Words) -> str:
    if "{" not in text:
        return text
    by_name = dict(words)
    return _WORD.sub(lambda match: by_name[match[1]], text)


def _corner(text: str, words: Words) -> str:
    return "" if text == NOTHING else _filled(text, words)


def _segments(text: str, words: Words, place: Place) -> tuple[Segment, ...]:
    by_name = dict(words)
    segments = []
    for number, part in enumerate(_WORD.split(text)):
        if number % 2:
            kind = YEAR if part in ("年", "上年") else LITERAL
            segments.append(Segment(by_name[part], kind, None, place))
        elif part:
            segments.append(Segment(part, LITERAL, None, place))
    return tuple(segments)


@lru_cache(maxsize=256)
def _frame(layout: Layout, words: Words) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """The grid columns and the header rows."""
    columns = tuple(
        Column("/".join(_filled(name, words) for name in leaf.path), leaf.width)
        for leaf in layout.columns
    )
    rows = tuple(
        Row(f"表头{number}", HEADER, tuple(_header_cell(cell, words) for cell in cells))
        for number, cells in enumerate(layout.header, 1)
    )
    return columns, rows


def _header_cell(cell: HeaderCell, words: Words) -> Cell:
    text = _filled(cell.name, words)
    spans = cell.column_span, cell.row_span
    return Cell(text, cell.column, *spans, "center", LITERAL, None, cell.place)


class _List:
    """Rows of a list table, a form above its header included."""

    def __init__(self, layout: Layout, book: FigureBook, style: PrintStyle) -> None:
        self.layout = layout
        self.book = book
        self.words = words_of(book)
        self.printer = AmountPrinter(book, style)
        self.blank = [Cell("", leaf.column, 1, 1, leaf.align) for leaf in layout.columns]
        self.empty = False

    def rows(self) -> Iterator[KeyedCells]:
        layout = self.layout
        for block in layout.form:
            yield from self._form_block(block)
        if layout.form:
            _, header = _frame(layout, self.words)
            yield from ((row.key, row.role, list(row.cells)) for row in header)
        sources = [ROW_SOURCES[name] for name in layout.spec.rows]
        groups = [list(source.rows(self.book, layout.base)) for source in sources]
        with_lines = [items for s, items in zip(sources, groups, strict=True) if not s.summary]
        self.empty = bool(with_lines) and not any(with_lines)
        if self.empty:
            if not layout.form:
                yield self._empty_total()
            return
        yield from self._items([item for items in groups for item in items])

    def _items(self, items: list[RowItem]) -> Iterator[KeyedCells]:
        """The rows below the header, drawn column by column."""
        keys = row_keys(items)
        heights = [len(item.lines) or 1 for item in items]
        spans = self._merged(items)
        columns: list[list[Cell | None]] = []
        for leaf in self.layout.columns:
            if not leaf.content:
                spot = Spot(leaf.column, 1, leaf.align, leaf.place)
                columns.append([*self.printer.cells(leaf.amount, keys, spot, heights)])
            else:
                columns.append(self._text_column(leaf, items, spans.get(leaf.column, heights)))
        lined = [leaf for leaf in self.layout.columns if leaf.per_line]
        for item, row in zip(items, zip(*columns, strict=True), strict=True):
            total_span = self.layout.spec.total_span if item.key == TOTAL_NAME else 0
            cells = [cell for cell in row[total_span:] if cell is not None]
            if total_span:
                cells.insert(0, self._total_label(total_span))
            yield item.key, item.role, cells
            for line in item.lines[1:]:
                texts = [self._text_cell(leaf, _text(leaf.content, line), 1) for leaf in lined]
                yield item.key, item.role, texts

    def _text_column(
        self, leaf: LeafColumn, items: list[RowItem], heights: Sequence[int]
    ) -> list[Cell | None]:
        """The texts of a column; None where the cell above goes on."""
        names = leaf.content
        if leaf.per_line:
            firsts = (item.lines[0] if item.lines else {} for item in items)
            return [self._text_cell(leaf, _text(names, texts), 1) for texts in firsts]
        return [
            self._text_cell(leaf, _text(names, item.texts), height) if height else None
            for item, height in zip(items, heights, strict=True)
        ]

    def _text_cell(self, leaf: LeafColumn, text: str, rows: int) -> Cell:
        if not text and rows == 1:
            return self.blank[leaf.column]
        place = place_of(text) or leaf.place
        if text == OWED_TEXT:
            words = self.printer.style.owed_words(leaf.path[-1])
            return Cell(words, leaf.column, 1, rows, leaf.align, OWED, None, place)
        # As in amounts.py: a third of the time of Cell(…), for every text of the tables.
        values = text, leaf.column, 1, rows, leaf.align, LITERAL, None, place, False
        return tuple.__new__(Cell, values)

    def _total_label(self, span: int) -> Cell:
        spec = self.layout.spec
        return Cell(spec.total_label, 0, span, 1, "center", LITERAL, None, spec.place)

    def _empty_total(self) -> KeyedCells:
        """The 合计 row of an empty table: its label, in the place where it stands in a full one."""
        span = self.layout.spec.total_span
        if span:
            return TOTAL_NAME, TOTAL, [self._total_label(span), *self.blank[span:]]
        texts = [leaf for leaf in self.layout.columns if leaf.content]
        labelled = [leaf for leaf in texts if TOTAL_NAME in leaf.content] or texts
        cells = list(self.blank)
        if labelled:
            cells[labelled[0].column] = self._text_cell(labelled[0], TOTAL_NAME, 1)
        return TOTAL_NAME, TOTAL, cells

    def _merged(self, items: list[RowItem]) -> dict[int, list[int]]:
        """Rows each merged cell spans, by column; 0 where the cell above goes on."""
        spans: dict[int, list[int]] = {}
        before: list[tuple[str, ...]] = [() for _ in items]
        for leaf in self.layout.columns:
            if not leaf.merge:
                continue
            texts = [(*b, _text(leaf.content, i.texts)) for b, i in zip(before, items, strict=True)]
            heights = [0] * len(items)
            start = 0
            for number, text in enumerate(texts):
                if not text[-1] or text != texts[start]:
                    start = number
                heights[start] += 1
            spans[leaf.column] = heights
            before = texts
        return spans

    # Forms

    def _form_block(self, block: FormBlock) -> Iterator[KeyedCells]:
        rows: list[KeyedCells] = []
        label = _filled(block.label, self.words)
        lines = [line for line in block.lines if self._is_printed(line)]
        number = 0
        for line in lines:
            for item in ROW_SOURCES[line.rows].rows(self.book, self.layout.base):
                cells = [self._form_cell(cell, item, number + 1) for cell in line.cells]
                names = [cell.text for cell in cells if cell.header][:1]
                number = next((int(n[1]) for n in map(_LINE_NUMBER.search, names) if n), number)
                if not ROW_SOURCES[line.rows].summary:
                    names = [item.key]
                rows.append(("/".join(filter(None, [label, *names])), BODY, cells))
        if lines and not rows:
            blank = [self._form_cell(cell, _NO_ITEM, 1) for cell in lines[0].cells]
            rows.append((label, BODY, blank))
        if label and rows:
            spans = block.span, len(rows)
            rows[0][2].insert(0, Cell(label, 0, *spans, "center", LITERAL, None, block.place, True))
        yield from rows

    def _is_printed(self, line: FormLine) -> bool:
        return not line.if_any or any(has_amount(self.book, cell.amount) for cell in line.cells)

    def _form_cell(self, cell: FormCell, item: RowItem, number: int) -> Cell:
        """`number` is the one after that of the line above, for a label that leaves it open."""
        at = cell.column, cell.span
        if cell.label:
            text = _filled(cell.label, (*self.words, ("序号", str(number))))
            return Cell(text, *at, 1, cell.align, LITERAL, None, cell.place, True)
        if cell.content:
            text = _text(cell.content, item.texts)
            place = place_of(text) or cell.place
            if text == OWED_TEXT:
                words = self.printer.style.owed_words(cell.content[0])
                return Cell(words, *at, 1, cell.align, OWED, None, place)
            return Cell(text, *at, 1, cell.align, LITERAL, None, place)
        spot = Spot(*at, cell.align, cell.place)
        return self.printer.cells(cell.amount, [NO_FILTER], spot, [1])[0]


class _Sides:
    """Rows of a two-sided table: each side's lines one under the other, totals side by side."""

    def __init__(self, layout: Layout, book: FigureBook, style: PrintStyle) -> None:
        self.layout = layout
        self.book = book
        self.words = words_of(book)
        self.printer = AmountPrinter(book, style)
        self.empty = False

    def rows(self) -> Iterator[KeyedCells]:
        left, right = self.layout.sides
        rows = [
            *self._side_by_side(left.lines, right.lines, BODY),
            *self._side_by_side(left.totals, right.totals, TOTAL),
        ]
        cells = (cell for _, _, cells in rows for cell in cells)
        self.empty = not any(cell.figure or cell.kind == OWED for cell in cells)
        yield from rows

    def _side_by_side(
        self, left: tuple[SideLine, ...], right: tuple[SideLine, ...], role: str
    ) -> Iterator[KeyedCells]:
        sides = self.layout.sides
        pairs = zip_longest(
            *(
                [row for line in lines for row in self._line(line, side)]
                for lines, side in zip((left, right), sides, strict=True)
            )
        )
        blank = [[Cell("", c.column, 1, 1, c.align) for c in side.columns] for side in sides]
        for some, others in pairs:
            key, cells = some or ("", blank[0])
            other_key, other_cells = others or ("", blank[1])
            yield f"{key}|{other_key}", role, [*cells, *other_cells]

    def _line(self, line: SideLine, side: Side) -> Iterator[tuple[str, list[Cell]]]:
        """The rows of a line: one, or one per 类."""
        if line.by_category:
            codes = self._categories(line, side)
            labels = [self._label(line, side, code) for code in codes]
            items = [RowItem(code, BODY, {}, (("功能科目", (code,)),)) for code in codes]
        else:
            codes, labels, items = [line.key], [_filled(line.label, self.words)], [_NO_ITEM]
        keys, heights = row_keys(items), [1] * len(items)
        columns = []
        for leaf, amount in zip(side.columns, line.amounts, strict=True):
            if leaf.content:
                at = leaf.column, 1, 1, leaf.align, LITERAL, None, line.place
                columns.append([Cell(label, *at) for label in labels])
            else:
                spot = Spot(leaf.column, 1, leaf.align, line.place)
                columns.append(self.printer.cells(amount, keys, spot, heights))
        for code, cells in zip(codes, zip(*columns, strict=True), strict=True):
            yield code, list(cells)

    def _label(self, line: SideLine, side: Side, code: str) -> str:
        subject = self.book.catalogue.functions.get(code)
        name = side.category_names.get(code) or (subject.name if subject else code)
        label = line.label.replace("{序号}", _ordinal(code)).replace("{名称}", name)
        return _filled(label, self.words)

    def _categories(self, line: SideLine, side: Side) -> list[str]:
        """The 类 that are listed and in the edition, and any other with money: none is lost."""
        funded = self.book.measures[line.base.measure].values(
            "function_category", line.base.filters
        )
        known = self.book.catalogue.functions
        listed = {code for code in side.category_names if code in known}
        return sorted(listed.union(code for code in funded if code))


def _text(names: tuple[str, ...], texts: Mapping[str, str]) -> str:
    """The first of the named texts that the row has."""
    for name in names:
        if name in texts:
            return texts[name]
    return ""


def _ordinal(code: str) -> str:
    """201 -> 一, 220 -> 二十, 234 -> 三十四: the 类's place in the classification."""
    number = int(code) - 200
    return chinese_numeral(number) if 0 <= number <= 99 else code
