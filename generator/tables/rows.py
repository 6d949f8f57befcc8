"""What the rows of a list table can be: one function per kind of row, in one visible dict.

A row gives texts by attribute name and filters; the columns of a layout give filters too, and a
cell is the one figure that both select. To add a kind of row, write a function and enter it in
ROW_SOURCES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from generator.document import BODY, TOTAL
from generator.figures.book import FigureBook
from generator.figures.expressions import Select, narrowed
from generator.figures.measures import (
    EXPENDITURE,
    PROCUREMENT,
    PROCUREMENT_ITEMS,
    SPENT_OR_CARRIED_OUT,
    Filters,
)
from generator.model import Project, Unit
from generator.numerals import prose_text
from generator.terms import INDICATOR_GROUPS

TOTAL_NAME = "合计"

_REVENUE_DIMENSIONS = ("单位", "资金来源", "来源年度")
_EXPENDITURE_DIMENSIONS = (
    *("单位", "资金来源", "来源年度", "财政拨款", "功能科目", "经济科目", "政府经济科目"),
    *("类别", "支出性质", "项目"),
)
_PROCUREMENT_DIMENSIONS = ("单位", "功能科目", "采购目录", "项目")

# What a layout may take its amounts from (取自), and the conditions its lines can meet.
MEASURE_DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    EXPENDITURE: _EXPENDITURE_DIMENSIONS,
    "收入": _REVENUE_DIMENSIONS,
    "财政拨款收入": _REVENUE_DIMENSIONS,
    "年终结转": ("单位", "资金来源"),
    SPENT_OR_CARRIED_OUT: _EXPENDITURE_DIMENSIONS,
    PROCUREMENT: _PROCUREMENT_DIMENSIONS,
}


class RowItem(NamedTuple):
    """A row to print: `filters` narrow every amount column, `measure` replaces theirs if given.

    `lines` are the texts of a grouped row's lines; its other cells are merged down over them.
    """

    key: str
    role: str
    texts: Mapping[str, str]
    filters: Filters = ()
    measure: str = ""
    lines: tuple[Mapping[str, str], ...] = ()


class RowSource(NamedTuple):
    """A kind of rows: `rows(book, selection)` yields them for the lines the layout selects.

    `texts` are the attributes its rows may have, `line_texts` those of their lines, `dimensions`
    what they filter by, `measure` the only one that has amounts for them. A table whose only rows
    are summaries is an empty table.
    """

    meaning: str
    rows: Callable[[FigureBook, Select], Iterable[RowItem]]
    texts: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    line_texts: tuple[str, ...] = ()
    summary: bool = False
    measure: str = ""


def _total(_book: FigureBook, _: Select) -> Iterator[RowItem]:
    yield RowItem(TOTAL_NAME, TOTAL, {TOTAL_NAME: TOTAL_NAME})


def _department(book: FigureBook, _: Select) -> Iterator[RowItem]:
    department = book.department
    texts = {
        "部门代码": department.code,
        "部门名称": department.name,
        "年度履职目标": book.budget.performance.annual_goal,
    }
    yield RowItem(department.code, TOTAL, texts)


def _units(book: FigureBook, _: Select) -> Iterator[RowItem]:
    return (_unit_row(unit, BODY) for unit in book.department.units)


def _unit_row(unit: Unit, role: str, filters: Filters = ()) -> RowItem:
    texts = {"单位代码": unit.code, "单位名称": unit.name}
    return RowItem(unit.code, role, texts, (("单位", (unit.code,)), *filters))


def _functions(book: FigureBook, selection: Select) -> Iterator[RowItem]:
    return (_function_row(book, code) for code in book.functions(selection))


def _function_row(book: FigureBook, code: str, unit: str = "") -> RowItem:
    texts = {**_function_codes(code), "功能科目名称": book.catalogue.function_name(code)}
    filters: Filters = (("功能科目", (code,)),)
    if unit:
        return RowItem(f"{unit}/{code}", BODY, texts, (*filters, ("单位", (unit,))))
    return RowItem(code, BODY, texts, filters)


def _function_codes(code: str) -> dict[str, str]:
    return {"功能类": code[:3], "功能款": code[3:5], "功能项": code[5:]}


def _units_and_functions(book: FigureBook, selection: Select) -> Iterator[RowItem]:
    measure = book.measures[selection.measure]
    funded = set(measure.values("unit", selection.filters))
    for unit in book.department.units:
        if unit.code in funded:
            yield _unit_row(unit, TOTAL)
            for code in book.functions(narrowed(selection, 单位=unit.code)):
                yield _function_row(book, code, unit.code)


def _economic_pairs(book: FigureBook, selection: Select) -> Iterator[RowItem]:
    pairs: dict[str, set[str]] = {}
    for entry in book.lines(selection).entries:
        pairs.setdefault(entry.economic, set()).add(entry.government_economic)
    catalogue = book.catalogue
    for code in book.economics(selection):
        for government in sorted(pairs[code]):
            texts = {
                "经济科目编码": code,
                "经济科目类": code[:3],
                "经济科目款": code[3:],
                "经济科目名称": catalogue.economic_name(code),
                "政府经济科目编码": government,
                "政府经济科目类": government[:3],
                "政府经济科目款": government[3:],
                "政府经济科目名称": catalogue.government_economic_name(government),
            }
            filters: Filters = (("政府经济科目", (government,)), ("经济科目", (code,)))
            yield RowItem(f"{code}/{government}", BODY, texts, filters)


def _funded_projects(book: FigureBook, selection: Select) -> Iterator[Project]:
    funded = {(entry.unit, entry.project) for entry in book.lines(selection).entries}
    return (p for p in book.budget.projects if (p.unit, p.name) in funded)


def _projects(book: FigureBook, selection: Select) -> Iterator[RowItem]:
    units = book.budget.unit_by_code
    for project in _funded_projects(book, selection):
        yield _project_row(project, units[project.unit])


def _project_row(project: Project, unit: Unit) -> RowItem:
    texts = {
        "项目类别": project.kind,
        "项目编码": project.code,
        "项目名称": project.name,
        "项目单位": unit.name,
    }
    filters: Filters = (("单位", (unit.code,)), ("项目", (project.name,)))
    return RowItem(project.code or f"{unit.code}/{project.name}", BODY, texts, filters)


def _project_targets(book: FigureBook, selection: Select) -> Iterator[RowItem]:
    """The department, its units and their projects that publish targets; sums are over those."""
    funded = tuple(_funded_projects(book, selection))
    projects_by_unit: dict[str, list[Project]] = {}
    for project in funded:
        if project.indicators:
            projects_by_unit.setdefault(project.unit, []).append(project)
    if not projects_by_unit:
        return
    if not book.budget.unit_alone:  # else the unit below is all there is
        (department,) = _department(book, selection)
        yield department._replace(filters=_limit(funded))
    for unit in book.department.units:
        if unit.code in projects_by_unit:
            own = [project for project in funded if project.unit == unit.code]
            yield _unit_row(unit, TOTAL, _limit(own))
            for project in projects_by_unit[unit.code]:
                yield _project_row(project, unit)._replace(lines=_indicator_lines(project))


def _limit(funded: Sequence[Project]) -> Filters:
    """The filter of those that publish targets; none if all do."""
    listed = [project for project in funded if project.indicators]
    if len(listed) == len(funded):
        return ()
    names = {project.name for project in listed}
    if names.isdisjoint(project.name for project in funded if not project.indicators):
        return (("项目", tuple(sorted(names))),)
    return (("单位和项目", tuple(sorted(f"{p.unit}/{p.name}" for p in listed))),)


def _indicator_lines(project: Project) -> tuple[Mapping[str, str], ...]:
    """Line n holds the nth indicator of each group."""
    groups = [
        [
            {
                f"{group}二级指标": indicator.subgroup,
                f"{group}名称": indicator.name,
                f"{group}值": indicator.target,
            }
            for indicator in project.indicators
            if indicator.group == group
        ]
        for group in INDICATOR_GROUPS
    ]
    return tuple(
        {name: text for texts in line if texts for name, text in texts.items()}
        for line in zip_longest(*groups)
    )


def _procurement_items(book: FigureBook, _: Select) -> Iterator[RowItem]:
    units = book.budget.unit_by_code
    entries = book.measures[PROCUREMENT_ITEMS].entries
    for item, entry in zip(book.budget.procurement, entries, strict=True):
        texts = {
            **_function_codes(item.function),
            "单位名称": units[item.unit].name,
            "采购项目": item.name,
            "采购目录": item.category,
            "规格": item.specification,
            "计量单位": item.measure,
            "采购数量": "" if item.quantity is None else prose_text(item.quantity),
        }
        filters: Filters = (("单位", (item.unit,)), ("项目", (entry.project,)))
        key = f"{item.unit}/{entry.project}"
        yield RowItem(key, BODY, texts, filters, PROCUREMENT_ITEMS)


def _annual_tasks(book: FigureBook, _: Select) -> Iterator[RowItem]:
    for task in book.budget.performance.tasks:
        yield RowItem(task.name, BODY, {"任务名称": task.name, "主要内容": task.content})


def _overall_indicators(book: FigureBook, _: Select) -> Iterator[RowItem]:
    for indicator in book.budget.performance.indicators:
        texts = {
            "一级指标": indicator.group,
            "二级指标": indicator.subgroup,
            "三级指标": indicator.name,
            "指标值": indicator.target,
            "指标值说明": indicator.note,
        }
        key = f"{indicator.group}/{indicator.subgroup}/{indicator.name}"
        yield RowItem(key, BODY, texts)


_FUNCTION_TEXTS = ("功能类", "功能款", "功能项", "功能科目名称")
_UNIT_TEXTS = ("单位代码", "单位名称")
_DEPARTMENT_TEXTS = ("部门代码", "部门名称", "年度履职目标")
_PROJECT_TEXTS = ("项目类别", "项目编码", "项目名称", "项目单位")

ROW_SOURCES: Mapping[str, RowSource] = {
    "合计": RowSource("全表的合计，一行", _total, (TOTAL_NAME,), summary=True),
    "部门": RowSource("部门，一行", _department, _DEPARTMENT_TEXTS, summary=True),
    "单位": RowSource("部门的各个单位，一个单位一行", _units, _UNIT_TEXTS, ("单位",)),
    "功能科目": RowSource("有数的功能科目，一项一行", _functions, _FUNCTION_TEXTS, ("功能科目",)),
    "单位及功能科目": RowSource(
        "有数的单位，各单位下面是它的功能科目",
        _units_and_functions,
        (*_UNIT_TEXTS, *_FUNCTION_TEXTS),
        ("单位", "功能科目"),
    ),
    "经济科目": RowSource(
        "有数的部门经济科目和对应的政府经济科目，一对一行",
        _economic_pairs,
        (
            *("经济科目编码", "经济科目类", "经济科目款", "经济科目名称"),
            *("政府经济科目编码", "政府经济科目类", "政府经济科目款", "政府经济科目名称"),
        ),
        ("经济科目", "政府经济科目"),
    ),
    "项目": RowSource("有预算的项目，一个项目一行", _projects, _PROJECT_TEXTS, ("单位", "项目")),
    "项目绩效": RowSource(
        "部门、单位和填报绩效目标的项目，一个指标一行",
        _project_targets,
        (*_DEPARTMENT_TEXTS, *_UNIT_TEXTS, *_PROJECT_TEXTS),
        ("单位", "项目"),
        tuple(f"{g}{part}" for g in INDICATOR_GROUPS for part in ("二级指标", "名称", "值")),
    ),
    "采购项目": RowSource(
        "政府采购项目，一项一行",
        _procurement_items,
        (
            *("功能类", "功能款", "功能项", "单位名称"),
            *("采购项目", "采购目录", "规格", "计量单位", "采购数量"),
        ),
        ("单位", "项目"),
        measure=PROCUREMENT,
    ),
    "年度任务": RowSource("年度主要任务，一项一行", _annual_tasks, ("任务名称", "主要内容")),
    "整体绩效指标": RowSource(
        "整体绩效指标，一个指标一行",
        _overall_indicators,
        ("一级指标", "二级指标", "三级指标", "指标值", "指标值说明"),
    ),
}
