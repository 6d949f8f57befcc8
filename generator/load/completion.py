"""Valid records to a complete budget: what lines must say together, and what follows from it.

Projects of the same name in different units are different projects: a line refers to its own
unit's project, by name or by code.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from operator import attrgetter

from generator.catalogue import DOUBTFUL, Catalogue, Subject
from generator.model import Budget, ExpenditureLine, Project
from generator.problems import OWED, WARNING, Place, Problem
from generator.terms import BASIC_KINDS, PROJECT_KINDS

NO_PRIOR_YEAR = "no-prior-year"
NO_PERFORMANCE = "no-performance"
EMPTY_LIST = "empty-list"
DOUBTFUL_CODE = "doubtful-code"
_SURENESS = {"medium": "一般", "low": "不大"}

ProjectByReference = Mapping[tuple[str, str], Project]


def line_problems(budget: Budget) -> Iterator[Problem]:
    """What lines and projects say against one another."""
    projects = _project_by_reference(budget)
    for line in budget.expenditure:
        if line.kind not in PROJECT_KINDS:
            if line.project:
                nature = "是基本支出" if line.kind in BASIC_KINDS else "不是项目支出"
                message = f"{line.kind}{nature}，不应写项目“{line.project}”"
                yield Problem("project-in-basic", message, line.place, "删掉项目，或改类别")
        elif not line.project:
            message = f"{line.kind}是项目支出，没有写项目"
            yield Problem("missing-project", message, line.place, "补上 项目: 项目名称")
        else:
            yield from _project_agrees(line, projects, budget.projects)
    yield from _duplicate_projects(budget.projects)


def _project_by_reference(budget: Budget) -> ProjectByReference:
    """Projects by (unit, name) and (unit, code); a name wins over another project's code."""
    by_code = {(p.unit, p.code): p for p in budget.projects if p.code}
    return by_code | {(p.unit, p.name): p for p in budget.projects}


def _project_agrees(
    line: ExpenditureLine, projects: ProjectByReference, every: tuple[Project, ...]
) -> Iterator[Problem]:
    project = projects.get((line.unit, line.project))
    if project is None:
        project = next((p for p in every if line.project in (p.name, p.code)), None)
    if project is not None and (project.unit, project.kind) != (line.unit, line.kind):
        named = "这个涉密项目" if project.secret else f"项目“{project.name}”"
        yield Problem(
            "project-mismatch",
            f"{named}登记为单位 {project.unit}、{project.kind}，"
            f"这一行是单位 {line.unit}、{line.kind}",
            line.place,
            f"核对这一行和 {project.place}",
        )


def _duplicate_projects(projects: tuple[Project, ...]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Project] = {}
    for project in projects:
        for key in {(project.unit, project.name), ("编码", project.code or str(project.place))}:
            first = seen.setdefault(key, project)
            if first is not project:
                named = "涉密项目" if project.secret else f"项目“{project.name}”"
                message = f"{named}重复，先见于第 {first.place.line} 行"
                hint = "合并，或改名称、编码"
                yield Problem("duplicate-project", message, project.place, hint)


def completed(budget: Budget, catalogue: Catalogue) -> tuple[Budget, list[Problem]]:
    """Expenditure lines with their governmental economic code and their project's name."""
    kinds = {unit.code: unit.kind for unit in budget.department.units}
    projects = _project_by_reference(budget)
    lines, problems = [], []
    for line in budget.expenditure:
        government = line.government_economic or catalogue.government_economic_of(
            line.economic, kinds[line.unit]
        )
        project = projects[line.unit, line.project].name if line.project else ""
        if government is None:
            problems.append(
                Problem(
                    "no-government-economic",
                    f"对应表里没有 {line.economic} 在{kinds[line.unit]}单位的政府经济科目",
                    line.place,
                    '在这一行补上 政府经济科目: "5xxxx"',
                )
            )
        elif (government, project) != (line.government_economic, line.project):
            line = _filled(line, government, project)  # noqa: PLW2901  # it takes its place
        lines.append(line)
    return replace(budget, expenditure=tuple(lines)), problems


_NAMES = tuple(declared.name for declared in fields(ExpenditureLine) if declared.name != "place")
_VALUES = attrgetter(*_NAMES)
_GOVERNMENT, _PROJECT = map(_NAMES.index, ("government_economic", "project"))


def _filled(line: ExpenditureLine, government: str, project: str) -> ExpenditureLine:
    """The line with both values; dataclasses.replace() is four times as slow, for every line."""
    values = list(_VALUES(line))
    values[_GOVERNMENT], values[_PROJECT] = government, project
    return ExpenditureLine(*values, place=line.place)


def without_secrets(budget: Budget) -> Budget:
    """涉密 lines, and every line of a 涉密 project, enter no stage after this one."""
    secret = {(project.unit, project.name) for project in budget.projects if project.secret}
    public, hidden = list[ExpenditureLine](), list[ExpenditureLine]()
    for line in budget.expenditure:
        is_hidden = line.secret or (line.unit, line.project) in secret
        (hidden if is_hidden else public).append(line)
    return replace(
        budget,
        expenditure=tuple(public),
        secret_items=tuple(dict.fromkeys((line.unit, line.function) for line in hidden)),
        revenue=tuple(line for line in budget.revenue if not line.secret),
        projects=tuple(project for project in budget.projects if not project.secret),
        procurement=tuple(item for item in budget.procurement if not item.secret),
    )


def missing_records(budget: Budget) -> Iterator[Problem]:
    """What a department publishes every year, and nothing says: duties, assets, targets, last year."""
    year = budget.department.year
    if not budget.department.duties:
        yield Problem(
            "missing-duties",
            "缺少 主要职责，部门主要职责还没有填",
            budget.department.place,
            "在 department.yaml 写上 主要职责，一条一段",
            OWED,
        )
    if budget.assets is None:
        yield Problem(
            "missing-assets",
            "缺少 assets.yaml，国有资产占用情况还没有填",
            Place(f"{year}/assets.yaml"),
            "照随附的 data/2023/assets.yaml 新建这个文件：截至日期、车辆、设备；一辆一台也没有的也要写明截至日期",
            OWED,
        )
    overall = budget.performance
    if not (overall.annual_goal or overall.tasks or overall.indicators):
        yield Problem(
            NO_PERFORMANCE,
            "没有部门整体绩效目标，整体绩效目标表是空的",
            overall.place if overall.place.path else budget.department.place,
            "照随附的 data/2023/performance.yaml 写进 performance.yaml；确实没有编制，写进 acknowledged.yaml",
            WARNING,
        )
    elif not overall.annual_goal:
        yield Problem(
            NO_PERFORMANCE,
            "没有写年度履职目标，整体绩效目标表的这一格是空的",
            overall.place,
            "在 performance.yaml 写上 年度履职目标；确实没有编制，写进 acknowledged.yaml",
            WARNING,
        )
    if budget.prior is None:
        yield Problem(
            NO_PRIOR_YEAR,
            f"没有 {year - 1} 年公布的数，全文不写与上年相比的增减",
            Place(f"{year - 1}/published/facts.yaml"),
            f"补上 {year - 1} 年公布的数；今年新设的部门写进 acknowledged.yaml",
            WARNING,
        )


def of_public_records(budget: Budget, problems: Iterable[Problem]) -> Iterator[Problem]:
    """`problems` without what 涉密 records still owe: they are in no document.

    `budget` is the one with its secrets. A problem belongs to the record that begins last before it.
    """
    public = without_secrets(budget)
    starts: dict[str, list[tuple[int, int, bool]]] = {}
    for every, kept in (
        (budget.expenditure, public.expenditure),
        (budget.revenue, public.revenue),
        (budget.projects, public.projects),
        (budget.procurement, public.procurement),
    ):
        if len(every) > len(kept):
            places = {record.place for record in kept}
            for place in (record.place for record in every):
                start = place.line, place.column, place not in places
                starts.setdefault(place.path, []).append(start)
    for found in starts.values():
        found.sort()
    for problem in problems:
        path, line, column = problem.place
        found = starts.get(path, []) if problem.severity == OWED else []
        position = bisect_right(found, (line, column, True))
        if not (position and found[position - 1][2]):
            yield problem


def doubtful_codes(budget: Budget, catalogue: Catalogue) -> Iterator[Problem]:
    """One warning per printed code of doubtful confidence, at its first line."""
    seen: set[str] = set()
    for line in budget.expenditure:
        for code, subjects in (
            (line.function, catalogue.functions),
            (line.economic, catalogue.economics),
            (line.government_economic, catalogue.government_economics),
        ):
            if code not in seen:
                seen.add(code)
                yield from _doubt(subjects[code], line.place)
    for item in budget.procurement:
        if item.function not in seen:
            seen.add(item.function)
            yield from _doubt(catalogue.functions[item.function], item.place)


def _doubt(subject: Subject, place: Place) -> Iterator[Problem]:
    if subject.confidence in DOUBTFUL:
        message = f"科目 {subject.code} {subject.name} 尚未核实"
        sureness = _SURENESS[subject.confidence]
        hint = f"整理科目表时把握{sureness}；对照当年《政府收支分类科目》确认编码和名称"
        yield Problem(DOUBTFUL_CODE, message, place, hint, WARNING)
