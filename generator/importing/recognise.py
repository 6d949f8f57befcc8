"""Where a sheet's header is and which column is which field: by names, never by positions.

A header may have several rows with merged cells; a column's name is then its path from the outside
in (支出功能分类/科目编码), and a mapping names as much of the end of the path as it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from generator.importing.amounts import declared_measure, header_key, header_measure
from generator.importing.mapping import (
    AMOUNT,
    AMOUNT_FIELDS,
    ECONOMIC_NAME,
    EXPENDITURE,
    FUNCTION_NAME,
    FUNCTION_PARTS,
    PRICE,
    PROCUREMENT,
    PROCUREMENT_SUBJECT,
    REVENUE,
    ROW_TOTAL,
    UNIT_NAME,
    ColumnRule,
    ImportMapping,
    SheetRule,
)
from generator.importing.sheets import Sheet
from generator.problems import WARNING, Place, Problem

HEADER_WITHIN = 40
HEADER_ROWS = 4
_UNIT_CAPTION = re.compile(r"(?:预算|编制|填报|申报|项目)?单位(?:名称|代码|编码)?[:：]\s*(.*)")

# For each target: groups of fields of which a sheet must have one.
_FUNCTION = ("功能科目", FUNCTION_NAME, FUNCTION_PARTS[2])
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    EXPENDITURE: (
        ("单位", UNIT_NAME),
        ("类别",),
        _FUNCTION,
        ("经济科目", ECONOMIC_NAME),
        ("资金来源",),
        (AMOUNT,),
    ),
    REVENUE: (("单位", UNIT_NAME), ("资金来源",), (AMOUNT,)),
    PROCUREMENT: (
        ("单位", UNIT_NAME),
        _FUNCTION,
        ("采购项目",),
        ("采购目录", PROCUREMENT_SUBJECT),
        (AMOUNT,),
    ),
}


class Column(NamedTuple):
    """A recognised column: its position, rule, header as shown, and measure if it holds amounts."""

    index: int
    rule: ColumnRule
    header: str
    measure: str = ""

    @property
    def field(self) -> str:
        return self.rule.field_name


class Layout(NamedTuple):
    """A sheet as a table of one kind; `constants` are values given above the header or by default."""

    sheet: Sheet
    rule: SheetRule
    top: int
    bottom: int
    columns: tuple[Column, ...]
    constants: Mapping[str, str]
    measure_declared: bool
    unused: tuple[str, ...] = ()

    def of(self, field: str) -> Column | None:
        return next((column for column in self.columns if column.field == field), None)

    @property
    def amounts(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.field in AMOUNT_FIELDS)


class _Candidate(NamedTuple):
    rule: SheetRule
    top: int
    bottom: int
    matched: Mapping[int, ColumnRule]
    missing: tuple[str, ...]
    paths: list[tuple[str, ...]]
    ambiguous: tuple[tuple[int, int], ...]

    @property
    def rank(self) -> tuple[int, int, int, int]:
        return (-len(self.missing), len(self.matched), self.top - self.bottom, -self.top)


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
        "/".join(path)
        for index, path in enumerate(best.paths)
        if index not in best.matched and path
    )
    layout = Layout(
        sheet, best.rule, best.top, best.bottom, columns, _constants(sheet, best), declared, unused
    )
    return layout, problems


def _candidates(sheet: Sheet, mapping: ImportMapping) -> Iterator[_Candidate]:
    title = sheet.name + "".join(text for row in sheet.rows[:3] for text in row)
    rules = [
        (rule, _index(rule))
        for rule in mapping.sheets
        if not rule.title or any(word in title for word in rule.title)
    ]
    for top in range(min(HEADER_WITHIN, len(sheet.rows))):
        if sum(bool(text) for text in sheet.rows[top]) < 2:
            continue
        for bottom in range(top, min(top + HEADER_ROWS, len(sheet.rows))):
            paths = header_paths(sheet, top, bottom)
            keys = [tuple(map(header_key, path)) for path in paths]
            for rule, index in rules:
                matched, ambiguous = _match(rule, index, keys)
                if len({column.field_name for column in matched.values()}) >= 2:
                    missing = _missing(sheet, rule, matched, top)
                    bottom_row = max(bottom, _merged_bottom(sheet, top, bottom))
                    yield _Candidate(rule, top, bottom_row, matched, missing, paths, ambiguous)


_Index = dict[tuple[str, ...], list[tuple[int, int]]]


def _index(rule: SheetRule) -> _Index:
    """Header path -> (which column rule, how preferred) of a rule."""
    index: _Index = {}
    for position, column in enumerate(rule.columns):
        for preference, path in enumerate(column.header_keys):
            index.setdefault(path, []).append((position, preference))
    return index


def header_paths(sheet: Sheet, top: int, bottom: int) -> list[tuple[str, ...]]:
    """Each column's header from the outside in; merged and blank cells to the right repeat."""
    width = max(len(row) for row in sheet.rows[top : bottom + 1])
    grid = [[sheet.text(row, column) for column in range(width)] for row in range(top, bottom + 1)]
    for merged in sheet.merged or ():
        if top <= merged.top <= bottom and merged.left < width:
            text = sheet.text(merged.top, merged.left)
            for row in range(merged.top, min(merged.bottom, bottom) + 1):
                for column in range(merged.left, min(merged.right + 1, width)):
                    grid[row - top][column] = text
    for upper, cells in enumerate(grid[:-1]):
        for column in range(1, width):
            below = any(grid[lower][column] for lower in range(upper + 1, len(grid)))
            if not cells[column] and below and not any(grid[r][column] for r in range(upper)):
                cells[column] = cells[column - 1]
    paths = []
    for column in range(width):
        parts: list[str] = []
        for cells in grid:
            text = re.sub(r"\s+", "", cells[column])
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        paths.append(tuple(parts))
    return paths


def _merged_bottom(sheet: Sheet, top: int, bottom: int) -> int:
    """A header ends where the merged cells that begin in its rows end."""
    ends = [m.bottom for m in sheet.merged or () if top <= m.top <= bottom]
    return min(max(ends, default=bottom), top + HEADER_ROWS - 1)


def _match(
    rule: SheetRule, index: _Index, keys: list[tuple[str, ...]]
) -> tuple[dict[int, ColumnRule], tuple[tuple[int, int], ...]]:
    """Columns to column rules: the longest path decides, then the rule's order of preference."""
    offers: dict[int, list[tuple[int, int]]] = {}
    for column, path in enumerate(keys):
        for length in range(len(path), 0, -1):
            found = index.get(path[-length:])
            if found:
                for position, preference in found:
                    offers.setdefault(position, []).append((preference, column))
                break
    matched: dict[int, ColumnRule] = {}
    ambiguous = []
    for position, column_rule in enumerate(rule.columns):
        free = sorted(offer for offer in offers.get(position, ()) if offer[1] not in matched)
        if column_rule.field_name == ROW_TOTAL:
            free.sort(key=lambda offer: (len(keys[offer[1]]), offer))
            same = [o for o in free if len(keys[o[1]]) == len(keys[free[0][1]])]
            free = same if len(same) == 1 or same[0][0] != same[1][0] else []
        if not free:
            continue
        preference, column = free[0]
        if len(free) > 1 and free[1][0] == preference and column_rule.field_name != "不导入":
            ambiguous.append((column, free[1][1]))
        matched[column] = column_rule
    if any(column.field_name == AMOUNT and column.fund for column in matched.values()):
        # Beside one column a fund, an amount without a fund is the sum of the row.
        for index_, column in matched.items():
            if column.field_name == AMOUNT and not column.fund:
                matched[index_] = replace(column, field_name=ROW_TOTAL)
    return matched, tuple(ambiguous)


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
    return tuple(group[0] for group in NEEDED[rule.target] if not present.intersection(group))


def _corner_measure(sheet: Sheet, bottom: int) -> tuple[str | None, list[Problem]]:
    """The measure declared above or in the header; declared twice differently is a mistake."""
    found: dict[str, Place] = {}
    for row in range(bottom + 1):
        for column, text in enumerate(sheet.rows[row]):
            if "元" in text and (measure := declared_measure(text)):
                found.setdefault(measure, sheet.place(row, column))
    if len(found) > 1:
        (first, first_place), (second, place), *_ = found.items()
        message = f"这里写单位是{second}，{first_place} 写的是{first}"
        return None, [Problem("mixed-measures", message, place, "改成一致")]
    return next(iter(found), None), []


def _with_measures(
    sheet: Sheet,
    best: _Candidate,
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
            place = sheet.place(best.bottom, index)
            own = header_measure("".join(path))
            if own and corner and own != corner and rule.field_name != PRICE:
                message = f"表头“{header}”的单位是{own}，表上写的单位是{corner}"
                problems.append(Problem("mixed-measures", message, place, "改成一致"))
            measure = own or corner or mapping.measure
            if not (own or corner):
                all_declared = False
            if measure == "报错":
                message = f"没有注明“{header}”的单位是元还是万元"
                hint = "在表头写（元）或（万元），或在映射文件写 未注明单位时: 元"
                problems.append(Problem("no-measure", message, place, hint))
                measure = "元"
        columns.append(Column(index, rule, header, measure))
    return tuple(columns), all_declared


def _constants(sheet: Sheet, best: _Candidate) -> dict[str, str]:
    constants = {default.field_name: default.value for default in best.rule.defaults}
    if not any(column.field_name in ("单位", UNIT_NAME) for column in best.matched.values()):
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
    hint = "要导入的话，在映射文件里加上它的列名"
    return Problem("unknown-sheet", message, Place(sheet.title), hint, WARNING)


def _missing_columns(sheet: Sheet, best: _Candidate) -> Problem:
    place = sheet.place(best.bottom, min(best.matched))
    known = "、".join("/".join(path) for path in best.paths if path)
    shown = "、".join(best.missing)
    message = f"像是“{best.rule.name}”，但没有找到这些列：{shown}"
    hint = f"表头有：{known}；列名不同的，在映射文件的“列名”里加上"
    severity = WARNING if len(best.matched) < 3 else "错误"
    return Problem("missing-column", message, place, hint, severity)


def _ambiguous(sheet: Sheet, best: _Candidate, pair: tuple[int, int]) -> Problem:
    first, second = (sheet.place(best.bottom, column) for column in pair)
    header = "/".join(best.paths[pair[1]])
    message = f"有两列都叫“{header}”，另一列在 {first}"
    return Problem("ambiguous-column", message, second, "在表格里改名，或删掉一列")


def unused_headers(layouts: Iterable[Layout]) -> list[str]:
    """Headers that no rule knows, each once."""
    return list(dict.fromkeys(name for layout in layouts for name in layout.unused))
