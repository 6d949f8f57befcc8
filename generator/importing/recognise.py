"""Where a sheet's header is and which column is which field: by names, never by positions.

A header may have several rows with merged cells; a column's name is then its path from the outside
in (支出功能分类/科目编码), and a mapping names as much of the end of the path as it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from generator.importing.amounts import declared_measure, header_key, header_measure
from generator.importing.headers import (
    HEADER_ROWS,
    HEADER_WITHIN,
    header_paths,
    match_headers,
    merged_bottom,
)
from generator.importing.mapping import ColumnRule, ImportMapping, SheetRule
from generator.importing.sheets import Sheet
from generator.importing.targets import (
    AMOUNT,
    AMOUNT_FIELDS,
    IGNORED,
    PRICE,
    TARGETS,
    UNIT,
)
from generator.problems import ERROR, WARNING, Place, Problem

_COMPLETE = 3
_UNIT_CAPTION = re.compile(r"(?:预算|编制|填报|申报|项目)?单位(?:名称|代码|编码)?[:：]\s*(.*)")


class UnusedColumn(NamedTuple):
    """A column with a header that no rule of the mapping knows."""

    position: int
    header: str


class Column(NamedTuple):
    """A recognised column: its position, rule, header as shown, and measure if it holds amounts."""

    position: int
    rule: ColumnRule
    header: str
    measure: str = ""

    @property
    def field(self) -> str:
        return self.rule.field_name


@dataclass(frozen=True)
class Layout:
    """A sheet as a table of one kind; `constants` stand above the header or in the mapping."""

    sheet: Sheet
    rule: SheetRule
    top: int
    bottom: int
    columns: tuple[Column, ...]
    constants: Mapping[str, str]
    measure_declared: bool
    unused: tuple[UnusedColumn, ...] = ()

    @cached_property
    def _by_field(self) -> Mapping[str, Column]:
        return {column.field: column for column in reversed(self.columns)}

    def of(self, field: str) -> Column | None:
        """The first column of a field."""
        return self._by_field.get(field)

    @cached_property
    def amounts(self) -> tuple[Column, ...]:
        """The columns that hold amounts, in order; every row's amounts are aligned to them."""
        return tuple(column for column in self.columns if column.field in AMOUNT_FIELDS)


class Candidate(NamedTuple):
    """What a header may be: the columns it has of a rule, by position, and what that rule misses."""

    rule: SheetRule
    top: int
    bottom: int
    matched: Mapping[int, ColumnRule]
    missing: tuple[str, ...]
    paths: list[tuple[str, ...]]
    ambiguous: tuple[tuple[int, int], ...]

    @property
    def rank(self) -> tuple[int, int, int]:
        """How well the rule fits: columns explained, then the smaller and earlier header.

        Completeness weighs as much as three columns: an expenditure table with one column renamed
        must be reported, not taken for the revenue table whose few columns it also has.
        """
        explained = sum(rule.field_name != IGNORED for rule in self.matched.values())
        complete = 0 if self.missing else _COMPLETE
        return explained + complete, self.top - self.bottom, -self.top

    @property
    def amounts(self) -> dict[int, str]:
        """The names of the columns that hold amounts, by position."""
        return {
            position: "/".join(self.paths[position])
            for position, rule in self.matched.items()
            if rule.field_name in AMOUNT_FIELDS
        }


def recognise(sheet: Sheet, mapping: ImportMapping) -> tuple[Layout | None, list[Problem]]:
    """The sheet's layout, or why it has none."""
    candidates = list(_candidates(sheet, mapping))
    if not candidates:
        return None, [_unknown_sheet(sheet)]
    best = max(candidates, key=lambda candidate: candidate.rank)
    if best.missing:
        return None, [_missing_columns(sheet, best)]
    problems = [_ambiguous(sheet, best, pair) for pair in best.ambiguous]
    corner, found = _corner_measure(sheet, best.bottom)
    problems += found
    columns, declared = _with_measures(sheet, best, corner, mapping, problems)
    unused = tuple(
        UnusedColumn(index, "/".join(path))
        for index, path in enumerate(best.paths)
        if index not in best.matched and path
    )
    layout = Layout(
        sheet, best.rule, best.top, best.bottom, columns, _constants(sheet, best), declared, unused
    )
    return layout, problems


def _candidates(sheet: Sheet, mapping: ImportMapping) -> Iterator[Candidate]:
    title = sheet.name + "".join(text for row in sheet.rows[:3] for text in row)
    rules = [
        rule
        for rule in mapping.sheets
        if not rule.title or any(word in title for word in rule.title)
    ]
    for top in range(min(HEADER_WITHIN, len(sheet.rows))):
        yield from _candidates_at(sheet, top, rules)


def _candidates_at(sheet: Sheet, top: int, rules: Sequence[SheetRule]) -> Iterator[Candidate]:
    """What the header may be that begins in the row `top`."""
    if sum(bool(text) for text in sheet.rows[top]) < 2:
        return
    for bottom in range(top, min(top + HEADER_ROWS, len(sheet.rows))):
        paths = header_paths(sheet, top, bottom)
        keys = [tuple(map(header_key, path)) for path in paths]
        for rule in rules:
            matched, ambiguous = match_headers(rule, keys)
            if len({column.field_name for column in matched.values()}) >= 2:
                missing = _missing(sheet, rule, matched, top)
                bottom_row = max(bottom, merged_bottom(sheet, top, bottom))
                yield Candidate(rule, top, bottom_row, matched, missing, paths, ambiguous)


def header_at(sheet: Sheet, top: int, mapping: ImportMapping) -> Candidate | None:
    """The header of a table with amounts that begins in the row `top`, if it is one."""
    found = [
        candidate
        for candidate in _candidates_at(sheet, top, mapping.sheets)
        if candidate.amounts and (not candidate.missing or len(candidate.matched) > 2)
    ]
    return max(found, key=lambda candidate: candidate.rank, default=None)


def _missing(
    sheet: Sheet, rule: SheetRule, matched: Mapping[int, ColumnRule], top: int
) -> tuple[str, ...]:
    present = {column.field_name for column in matched.values()}
    present |= {default.field_name for default in rule.defaults}
    amounts = [column for column in matched.values() if column.field_name == AMOUNT]
    if amounts and "单位" not in present and _unit_caption(sheet, top):
        present.add("单位")
    for field in ("资金来源", "来源年度", "类别"):
        if amounts and all(field in column.constants for column in amounts):
            present.add(field)
    return tuple(
        group[0] for group in TARGETS[rule.target].needed if not present.intersection(group)
    )


def _corner_measure(sheet: Sheet, bottom: int) -> tuple[str | None, list[Problem]]:
    """The measure declared above or in the header; declared twice differently is a mistake."""
    found: dict[str, Place] = {}
    for row in range(bottom + 1):
        for column, text in enumerate(sheet.rows[row]):
            if measure := declared_measure(text):
                found.setdefault(measure, sheet.place(row, column))
    if len(found) > 1:
        (first, first_place), (second, place), *_ = found.items()
        message = f"这里写单位是{second}，{first_place} 写的是{first}"
        return None, [Problem("mixed-measures", message, place, "改成一致")]
    return next(iter(found), None), []


def _with_measures(
    sheet: Sheet,
    best: Candidate,
    corner: str | None,
    mapping: ImportMapping,
    problems: list[Problem],
) -> tuple[tuple[Column, ...], bool]:
    """The columns with the measure of each amount; whether all of them were declared."""
    columns = []
    all_declared = True
    for index, rule in sorted(best.matched.items()):
        path = best.paths[index]
        header, measure = "/".join(path), ""
        if rule.field_name in (*AMOUNT_FIELDS, PRICE):
            cell = best.bottom, index
            own = header_measure("".join(path))
            if own and corner and own != corner and rule.field_name != PRICE:
                message = f"表头“{header}”的单位是{own}，表上写的单位是{corner}"
                problems.append(sheet.problem("mixed-measures", message, cell, "改成一致"))
            measure = own or corner or mapping.measure
            if not (own or corner):
                all_declared = False
            if measure == "报错":
                message = f"没有注明“{header}”的单位是元还是万元"
                hint = "在表头写（元）或（万元），或在列名对照文件写 未注明单位时: 元"
                problems.append(sheet.problem("no-measure", message, cell, hint))
                measure = "元"
        columns.append(Column(index, rule, header, measure))
    return tuple(columns), all_declared


def _constants(sheet: Sheet, best: Candidate) -> dict[str, str]:
    constants = {default.field_name: default.value for default in best.rule.defaults}
    if not any(column.field_name in UNIT for column in best.matched.values()):
        constants["单位"] = _unit_caption(sheet, best.top)
    present = {column.field_name for column in best.matched.values()}
    return {field: value for field, value in constants.items() if field not in present}


def _unit_caption(sheet: Sheet, top: int) -> str:
    """The unit of a sheet made for one unit: `预算单位：159001 …` above the header."""
    for cells in sheet.rows[:top]:
        for column, text in enumerate(cells):
            match = _UNIT_CAPTION.fullmatch(text)
            if match and not declared_measure(text):
                following = (cell for cell in cells[column + 1 :] if cell)
                value = match[1].strip() or next(following, "")
                if value:
                    return value
    return ""


def _unknown_sheet(sheet: Sheet) -> Problem:
    message = "没有认出这张表的表头，没有导入"
    hint = "要导入的话，在列名对照文件里加上它的列名"
    return Problem("unknown-sheet", message, Place(sheet.title), hint, WARNING)


def _missing_columns(sheet: Sheet, best: Candidate) -> Problem:
    known = "、".join("/".join(path) for path in best.paths if path)
    shown = "、".join(best.missing)
    message = f"像是“{best.rule.name}”，但没有找到这些列：{shown}"
    hint = f"表头有：{known}；列名不同的，在列名对照文件的“列名”里加上"
    severity = WARNING if len(best.matched) < 3 else ERROR
    cell = best.bottom, min(best.matched)
    return sheet.problem("missing-column", message, cell, hint, severity)


def _ambiguous(sheet: Sheet, best: Candidate, pair: tuple[int, int]) -> Problem:
    first, second = pair
    header = "/".join(best.paths[second])
    message = f"有两列都叫“{header}”，另一列在 {sheet.place(best.bottom, first)}"
    hint = "在表格里改名，或删掉一列"
    return sheet.problem("ambiguous-column", message, (best.bottom, second), hint)
