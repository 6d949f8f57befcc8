"""A layout as it is carried out: header cells, grid columns, and what each cell selects.

Everything that does not depend on a department is worked out and checked here, once per file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.figures.expressions import Select
from generator.figures.measures import EXPENDITURE, Filters
from generator.problems import Place, Problem, suggestion
from generator.tables.filters import filters_of, intersection, selection_of
from generator.tables.rows import MEASURE_DIMENSIONS, ROW_SOURCES, TOTAL_NAME
from generator.tables.spec import (
    AS_BLANK,
    AS_ZERO,
    ColumnSpec,
    FormBlockSpec,
    FormCellSpec,
    LayoutSpec,
    SideLineSpec,
    SideSpec,
)

LABEL = "标签"
NOTHING = "无"
ORIENTATION = {"纵向": "portrait", "横向": "landscape"}
_ALIGN = {"左": "left", "中": "center", "右": "right", "": ""}
_TEXT_WIDTH, _AMOUNT_WIDTH = 10.0, 8.0
_ALL_TEXTS = {name for s in ROW_SOURCES.values() for name in (*s.texts, *s.line_texts)}


class HeaderCell(NamedTuple):
    """A cell of the header: `name` may hold words in braces."""

    name: str
    column: int
    column_span: int
    row_span: int
    place: Place


class Amount(NamedTuple):
    """What an amount cell prints: a selection, or a registered figure by name; neither: nothing."""

    select: Select | None
    named: str
    blank: str
    zero: str


class LeafColumn(NamedTuple):
    """A grid column: its header path, and the texts or the amount its cells hold."""

    column: int
    path: tuple[str, ...]
    width: float
    align: str
    content: tuple[str, ...]
    per_line: bool
    merge: bool
    if_any: bool
    amount: Amount
    place: Place


class FormCell(NamedTuple):
    """A form cell at its grid column."""

    label: str
    content: tuple[str, ...]
    amount: Amount
    column: int
    span: int
    align: str
    place: Place


class FormLine(NamedTuple):
    rows: str
    if_any: bool
    cells: tuple[FormCell, ...]


class FormBlock(NamedTuple):
    label: str
    span: int
    lines: tuple[FormLine, ...]
    place: Place


class SideLine(NamedTuple):
    """A line of one side: one amount per column of that side (unused where it prints texts)."""

    label: str
    key: str
    amounts: tuple[Amount, ...]
    by_category: bool
    base: Select
    place: Place


class Side(NamedTuple):
    columns: tuple[LeafColumn, ...]
    lines: tuple[SideLine, ...]
    totals: tuple[SideLine, ...]
    category_names: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A planned layout; compared by identity, so that what depends on it can be cached."""

    id: str
    spec: LayoutSpec
    header: tuple[tuple[HeaderCell, ...], ...]
    columns: tuple[LeafColumn, ...]
    base: Select
    form: tuple[FormBlock, ...]
    sides: tuple[Side, ...]

    @property
    def orientation(self) -> str:
        """As documents say it: portrait or landscape."""
        return ORIENTATION[self.spec.paper]


Layouts = Mapping[str, Layout]


class _Inherited(NamedTuple):
    """What a column takes from the ones above it."""

    measure: str = ""
    filters: Filters = ()
    blank: str = AS_BLANK
    zero: str = AS_ZERO


# Where the value of a key stands in the record at a place.
PlaceOfKey = Callable[[Place, str], Place]


def plan_layout(
    name: str, spec: LayoutSpec, place_of_key: PlaceOfKey
) -> tuple[Layout | None, list[Problem]]:
    """The plan of a valid spec, or the problems that remain when its parts are put together."""
    planner = _Planner(spec, place_of_key)
    layout = planner.two_sided(name) if spec.left or spec.right else planner.listing(name)
    return (None if planner.problems else layout), planner.problems


class _Planner:
    """Plans one layout; `problems` collects what does not fit together."""

    def __init__(self, spec: LayoutSpec, place_of_key: PlaceOfKey) -> None:
        self.spec = spec
        self.place_of_key = place_of_key
        self.problems: list[Problem] = []
        self.sided = bool(spec.left or spec.right)
        self.sources = [ROW_SOURCES[name] for name in spec.rows]
        self.leaves: list[LeafColumn] = []
        self.header: list[list[HeaderCell]] = []

    def listing(self, name: str) -> Layout:
        spec = self.spec
        filters = filters_of(spec.conditions)
        self._columns(spec.columns, _Inherited(spec.measure, filters))
        self._total_label()
        return Layout(
            name,
            spec,
            self._header(),
            tuple(self.leaves),
            Select(spec.measure or EXPENDITURE, filters),
            tuple(self._form_block(block) for block in spec.form),
            (),
        )

    def two_sided(self, name: str) -> Layout:
        spec = self.spec
        sides = [side for side in (spec.left, spec.right) if side]
        if len(sides) == 1:
            key = "左" if spec.left else "右"
            self._wrong("one-side", "两侧的表要有“左”和“右”", spec.place, "补上另一侧", key)
        if spec.columns or spec.rows or spec.form or spec.measure or spec.conditions.place.path:
            message = "两侧的表不能再写 列、行、表单、取自、条件"
            self._wrong("two-shapes", message, spec.place, "写在 左 和 右 里面")
        planned = []
        for side in sides:
            start = len(self.leaves)
            whole = ColumnSpec(side.name, columns=side.columns, place=side.place)
            self._columns((whole,), _Inherited())
            planned.append(self._side(side, tuple(self.leaves[start:])))
        base = Select(EXPENDITURE, ())
        return Layout(name, spec, self._header(), tuple(self.leaves), base, (), tuple(planned))

    # Columns

    def _columns(
        self,
        specs: Sequence[ColumnSpec],
        inherited: _Inherited,
        path: tuple[str, ...] = (),
    ) -> None:
        depth = len(path)
        if len(self.header) <= depth:
            self.header.append([])
        for spec in specs:
            start = len(self.leaves)
            narrower = self._inherit(spec, inherited)
            if spec.columns:
                self._columns(spec.columns, narrower, (*path, spec.name))
                if spec.content or spec.figure or spec.width or spec.merge or spec.if_any:
                    message = f"“{spec.name}”下面有列，不能再写 内容、指标、宽、合并、有数才印"
                    self._wrong("group-with-content", message, spec.place, "写在下面的列里")
            else:
                self._leaf(spec, narrower, (*path, spec.name))
            span = len(self.leaves) - start
            row_span = 1 if spec.columns else 0  # 0: down to the last header row
            self.header[depth].append(HeaderCell(spec.name, start, span, row_span, spec.place))

    def _inherit(self, spec: ColumnSpec, above: _Inherited) -> _Inherited:
        filters = intersection(above.filters, filters_of(spec.conditions))
        if filters is None:
            message = f"“{spec.name}”的条件与上级的条件没有共同的明细"
            self._wrong("contradiction", message, spec.conditions.place, "核对条件")
        return _Inherited(
            spec.measure or above.measure,
            filters or (),
            spec.blank or above.blank,
            spec.zero or above.zero,
        )

    def _leaf(self, spec: ColumnSpec, inherited: _Inherited, path: tuple[str, ...]) -> None:
        if spec.content and (spec.figure or spec.measure or spec.conditions.place.path):
            message = f"列“{spec.name}”既印内容又印金额"
            self._wrong("text-and-amount", message, spec.place, "内容 与 指标、取自、条件 只写一种")
        if spec.content:
            amount = Amount(None, "", AS_BLANK, AS_ZERO)
            self._texts_are_offered(spec)
        elif self.sided:
            if spec.figure or spec.measure:
                message = f"两侧的表里，列“{spec.name}”不写 指标、取自"
                self._wrong("amount-in-column", message, spec.place, "写在各行里，列只写 条件")
            amount = Amount(Select("", inherited.filters), "", inherited.blank, inherited.zero)
        else:
            amount = self._amount(spec, inherited)
        if spec.if_any and (spec.content or self.sided or self.spec.form):
            message = f"列“{spec.name}”总要印，不能写 有数才印"
            self._wrong("column-if-any", message, spec.place, "只写在清单的金额列里", "有数才印")
        per_line = any(name in s.line_texts for s in self.sources for name in spec.content)
        width = float(spec.width) if spec.width else _TEXT_WIDTH if spec.content else _AMOUNT_WIDTH
        align = _ALIGN[spec.align] or ("left" if spec.content else "right")
        self.leaves.append(
            LeafColumn(
                *(len(self.leaves), path, width, align, spec.content),
                *(per_line, spec.merge, spec.if_any, amount, spec.place),
            )
        )

    def _texts_are_offered(self, spec: ColumnSpec) -> None:
        """Each name exists for some kind of rows, and at least one for the rows of this table."""
        offered = {LABEL} if self.sided else set()
        for source in self.sources:
            offered.update(source.texts, source.line_texts)
        unknown = [name for name in spec.content if name not in offered | _ALL_TEXTS]
        if offered.isdisjoint(spec.content):
            unknown = unknown or list(spec.content)
        for name in unknown:
            self._unknown_text(name, offered, self.place_of_key(spec.place, "内容"))

    def _unknown_text(self, name: str, offered: set[str], place: Place) -> None:
        hint = suggestion(name, offered) or f"可用：{'、'.join(sorted(offered))}"
        self._wrong("unknown-text", f"这些行没有“{name}”可印", place, hint)

    def _amount(self, spec: ColumnSpec, inherited: _Inherited) -> Amount:
        shown = inherited.blank, inherited.zero
        dimensions = {name for source in self.sources for name in source.dimensions}
        if spec.figure:
            select = selection_of(spec.figure)
            if select is None:
                if dimensions:
                    by = "、".join(sorted(dimensions))
                    message = f"指标“{spec.figure}”由几个指标相加，不能按{by}细分"
                    self._wrong("figure-by-row", message, spec.place, "改写 取自 和 条件")
                return Amount(None, spec.figure, *shown)
        elif not inherited.measure:
            message = f"列“{spec.name}”没有写印什么"
            self._wrong("no-content", message, spec.place, "写 内容、指标，或 取自 和 条件")
            return Amount(None, "", *shown)
        else:
            select = Select(inherited.measure, inherited.filters)
        place, key = (spec.place, "") if spec.figure or spec.measure else (self.spec.place, "取自")
        for wanted in {source.measure for source in self.sources} - {"", select.measure}:
            message = f"这些行只有{wanted}的金额，不能取自{select.measure}"
            self._wrong("other-measure", message, place, f"写成 取自: {wanted}", key)
        self._measure_has(select, dimensions, spec.place)
        return Amount(select, "", *shown)

    def _measure_has(self, select: Select, dimensions: set[str], place: Place) -> None:
        known = MEASURE_DIMENSIONS[select.measure]
        for name in sorted({name for name, _ in select.filters} | dimensions):
            if name not in known:
                message = f"{select.measure}的明细不分{name}"
                self._wrong("no-such-dimension", message, place, f"可用：{'、'.join(known)}")

    def _total_label(self) -> None:
        span = self.spec.total_span
        if span and any(not leaf.content for leaf in self.leaves[:span]):
            message = f"合计的名称占 {span} 列，其中有金额"
            self._wrong("total-over-amounts", message, self.spec.place, "减少", "合计跨列")
        if span and TOTAL_NAME not in self.spec.rows:
            message, hint = "写了 合计跨列，行里没有合计", "在 行 里加上 合计"
            self._wrong("no-total", message, self.spec.place, hint, "合计跨列")

    def _header(self) -> tuple[tuple[HeaderCell, ...], ...]:
        rows = len(self.header)
        return tuple(
            tuple(c._replace(row_span=c.row_span or rows - number) for c in cells)
            for number, cells in enumerate(self.header)
        )

    # Forms

    def _form_block(self, spec: FormBlockSpec) -> FormBlock:
        start = spec.span if spec.label else 0
        lines = []
        for line in spec.lines:
            offered = set(ROW_SOURCES[line.rows].texts)
            column = start
            cells = []
            for cell in line.cells:
                cells.append(self._form_cell(cell, column, offered))
                column += cell.span
            if column != len(self.leaves):
                message = f"这一行的单元格共占 {column} 列，表有 {len(self.leaves)} 列"
                self._wrong("bad-span", message, line.place, "改 跨列，使合计等于表的列数")
            if line.if_any and not any(cell.figure for cell in line.cells):
                message = "这一行没有写 指标，不能写 有数才印"
                self._wrong("line-if-any", message, line.place, "删掉它，或写上 指标", "有数才印")
            lines.append(FormLine(line.rows, line.if_any, tuple(cells)))
        return FormBlock(spec.label, spec.span, tuple(lines), spec.place)

    def _form_cell(self, spec: FormCellSpec, column: int, offered: set[str]) -> FormCell:
        if bool(spec.label) + bool(spec.content) + bool(spec.figure) != 1:
            message = "单元格要写 标签、内容、指标 中的一种"
            self._wrong("bad-cell", message, spec.place, "只留一种")
        for name in spec.content:
            if name not in offered:
                self._unknown_text(name, offered, self.place_of_key(spec.place, "内容"))
        amount = Amount(None, spec.figure, spec.blank, spec.zero)
        usual = "center" if spec.label else "right" if spec.figure else "left"
        align = _ALIGN[spec.align] or usual
        place = spec.place
        return FormCell(spec.label, spec.content, amount, column, max(spec.span, 1), align, place)

    # Sides

    def _side(self, spec: SideSpec, columns: tuple[LeafColumn, ...]) -> Side:
        return Side(
            columns,
            tuple(self._side_line(line, columns) for line in spec.lines),
            tuple(self._side_line(line, columns) for line in spec.totals),
            {category.code: category.name for category in spec.categories},
        )

    def _side_line(self, spec: SideLineSpec, columns: tuple[LeafColumn, ...]) -> SideLine:
        if bool(spec.figure) == bool(spec.measure):
            message = f"“{spec.label}”要写 指标，或写 取自 和 条件"
            self._wrong("no-content", message, spec.place, "两种只写一种")
        base = selection_of(spec.figure) if spec.figure else None
        if base is None:
            base = Select(spec.measure or EXPENDITURE, filters_of(spec.conditions))
        if spec.measure:
            by = {"功能科目"} if spec.by_category else set()
            self._measure_has(base, by, spec.place)
        named = spec.figure if spec.figure and selection_of(spec.figure) is None else ""
        amounts = []
        for column in columns:
            shown = column.amount.blank, column.amount.zero
            select = column.amount.select
            if named and select is not None and select.filters:
                message = f"指标“{named}”由几个指标相加，不能按列“{column.path[-1]}”细分"
                self._wrong("figure-by-column", message, spec.place, "改写 取自 和 条件")
            filters = intersection(base.filters, select.filters) if select else None
            chosen = None if named or filters is None else Select(base.measure, filters)
            amounts.append(Amount(chosen, named if select else "", *shown))
        key = spec.figure or spec.label
        return SideLine(spec.label, key, tuple(amounts), spec.by_category, base, spec.place)

    def _wrong(self, rule: str, message: str, place: Place, hint: str, key: str = "") -> None:
        """Complain about the record at `place`, or about the value of one of its keys."""
        where = self.place_of_key(place, key) if key else place
        self.problems.append(Problem(rule, message, where, hint))
