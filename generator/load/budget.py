"""A year's folder to a Budget: which file holds what, and what must refer to what.

Paths in places are relative to the data root, so that outputs are the same on every machine.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from generator.catalogue import DOUBTFUL, Catalogue, Subject, load_catalogue
from generator.fields import References, Unacceptable
from generator.load.reader import Unreadable, read_yaml
from generator.load.records import Converter
from generator.model import (
    PROJECT_KINDS,
    Assets,
    Budget,
    Control,
    Department,
    ExpenditureLine,
    Performance,
    ProcurementItem,
    Project,
    Published,
    Reason,
    RevenueLine,
)
from generator.problems import (
    WARNING,
    Place,
    Problem,
    ProblemsFound,
    raise_errors,
    sort_problems,
    suggestion,
)

SHIPPED_CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "catalogue"

# File name -> record class; a list file holds one record per line, the others one mapping.
LIST_FILES: Mapping[str, type] = {
    "expenditure.yaml": ExpenditureLine,
    "revenue.yaml": RevenueLine,
    "projects.yaml": Project,
    "procurement.yaml": ProcurementItem,
    "reasons.yaml": Reason,
    "controls.yaml": Control,
}
MAPPING_FILES: Mapping[str, type] = {
    "department.yaml": Department,
    "performance.yaml": Performance,
    "assets.yaml": Assets,
}
REQUIRED_FILES = ("department.yaml", "expenditure.yaml", "revenue.yaml")
PUBLISHED_FILE = "published/facts.yaml"

Record = TypeVar("Record")


class Loaded:
    """A budget, its catalogue, and the warnings found on the way."""

    def __init__(self, budget: Budget, catalogue: Catalogue, warnings: tuple[Problem, ...]) -> None:
        self.budget = budget
        self.catalogue = catalogue
        self.warnings = warnings


def load_budget(data: Path, year: int) -> Loaded:
    """Read `data/<year>/`; ProblemsFound with everything that is wrong in it."""
    with _collector_paused():
        return _YearLoader(data, year).load()


class _YearLoader:
    """Reads the files of one year in the order of their references, collecting problems."""

    def __init__(self, data: Path, year: int) -> None:
        self.data = data
        self.year = year
        self.folder = data / str(year)
        self.problems: list[Problem] = []
        self.references = References()

    def load(self) -> Loaded:
        self._files_exist()
        department = self._read_mapping(f"{self.year}/department.yaml", Department)
        if department is None:
            self._read_remaining_without_references()
            raise ProblemsFound(self.problems)
        catalogue = self._catalogue(department)
        self.references = _references(department, catalogue, ())
        # Once more: row orders and carried-out funds refer to codes known only now.
        department = self._read_mapping(f"{self.year}/department.yaml", Department) or department
        self._department_agrees(department)
        projects = self._read_list("projects.yaml", Project)
        self.references = _references(department, catalogue, projects)
        budget = Budget(
            department=department,
            expenditure=self._read_list("expenditure.yaml", ExpenditureLine),
            revenue=self._read_list("revenue.yaml", RevenueLine),
            projects=projects,
            performance=self._read_optional("performance.yaml", Performance) or Performance(),
            procurement=self._read_list("procurement.yaml", ProcurementItem),
            assets=self._read_optional("assets.yaml", Assets),
            reasons=self._read_list("reasons.yaml", Reason),
            controls=self._read_list("controls.yaml", Control),
            prior=self._published(),
        )
        self.problems += _line_problems(budget)
        raise_errors(self.problems)
        budget = _without_secrets(_completed(budget, catalogue, self.problems))
        raise_errors(self.problems)
        warnings = (*self.problems, *_doubtful_codes(budget, catalogue))
        return Loaded(budget, catalogue, sort_problems(warnings))

    def _files_exist(self) -> None:
        if not self.folder.is_dir():
            years = sorted(p.name for p in self.data.glob("[12][0-9][0-9][0-9]") if p.is_dir())
            hint = f"现有年度：{'、'.join(years)}" if years else f"在数据文件夹里建 {self.year}/"
            raise ProblemsFound(
                [Problem("missing-year", f"没有 {self.year} 年的数据", Place(f"{self.year}/"), hint)]
            )
        for name in REQUIRED_FILES:
            if not (self.folder / name).is_file():
                place = Place(f"{self.year}/{name}")
                self.problems.append(Problem("missing-file", "缺少这个文件", place, "补上这个文件"))
        known = {*LIST_FILES, *MAPPING_FILES, "acknowledged.yaml", "recode.yaml"}
        for path in sorted(self.folder.glob("*.y*ml")):
            if path.name not in known:
                hint = suggestion(path.name, known)
                place = Place(f"{self.year}/{path.name}")
                self.problems.append(Problem("unknown-file", "不认识的文件", place, hint))

    def _read_mapping(self, path: str, cls: type[Record]) -> Record | None:
        node, converter = self._node(path)
        if converter is None or node is None:
            if converter is not None:
                self.problems.append(Problem("empty-file", "文件是空的", Place(path, 1)))
            return None
        record = converter.record(cls, node)
        self.problems += [p for p in converter.problems if p not in self.problems]
        return record

    def _read_optional(self, name: str, cls: type[Record]) -> Record | None:
        path = f"{self.year}/{name}"
        return self._read_mapping(path, cls) if (self.data / path).is_file() else None

    def _read_list(self, name: str, cls: type[Record]) -> tuple[Record, ...]:
        path = f"{self.year}/{name}"
        if not (self.data / path).is_file():
            return ()
        node, converter = self._node(path)
        if converter is None:
            return ()
        records = converter.records(cls, node)
        self.problems += converter.problems
        return records

    def _node(self, path: str) -> tuple[Any, Converter | None]:
        file = self.data / path
        if not file.is_file():
            return None, None
        try:
            return read_yaml(file.read_bytes(), path), Converter(path, self.references)
        except Unreadable as error:
            self.problems += [p for p in error.problems if p not in self.problems]
            return None, None

    def _read_remaining_without_references(self) -> None:
        """department.yaml is unusable: still report what is wrong in the other files."""
        for name, cls in LIST_FILES.items():
            self._read_list(name, cls)
        for name in ("performance.yaml", "assets.yaml"):
            self._read_optional(name, MAPPING_FILES[name])

    def _published(self) -> Published | None:
        return self._read_mapping(f"{self.year - 1}/{PUBLISHED_FILE}", Published)

    def _catalogue(self, department: Department) -> Catalogue:
        edition = department.catalogue_edition or str(department.year)
        for root in (self.data / "catalogue", SHIPPED_CATALOGUE):
            if (root / edition / "function.csv").is_file():
                return load_catalogue(root / edition)
        editions = sorted({p.parent.name for p in SHIPPED_CATALOGUE.glob("*/function.csv")})
        self.problems.append(
            Problem(
                "unknown-edition",
                f"没有 {edition} 版政府收支分类科目",
                department.place,
                f"在 department.yaml 写 科目版本: \"…\"，现有：{'、'.join(editions)}",
            )
        )
        raise ProblemsFound(self.problems)

    def _department_agrees(self, department: Department) -> None:
        if department.year != self.year:
            self._wrong(
                "wrong-year",
                f"年度写的是 {department.year}，文件夹是 {self.year}",
                department.place,
                "改成一致",
            )
        seen: dict[str, Place] = {}
        for unit in department.units:
            if not unit.code.startswith(department.code):
                message = f"单位代码 {unit.code} 不以部门代码 {department.code} 开头"
                self._wrong("foreign-unit", message, unit.place, "核对单位代码")
            if unit.code in seen:
                message = f"单位代码 {unit.code} 重复，先见于第 {seen[unit.code].line} 行"
                self._wrong("duplicate-unit", message, unit.place, "核对单位代码")
            seen.setdefault(unit.code, unit.place)
        if not department.units:
            self._wrong("no-units", "一个单位也没有", department.place, "在 单位 下列出预算单位")

    def _wrong(self, rule: str, message: str, place: Place, hint: str) -> None:
        self.problems.append(Problem(rule, message, place, hint))


def _references(
    department: Department, catalogue: Catalogue, projects: tuple[Project, ...]
) -> References:
    known: dict[str, Mapping[str, Any]] = {
        "单位": {unit.code: unit for unit in department.units},
        "功能科目": {code: s for code, s in catalogue.functions.items() if len(code) == 7},
        "功能科目类款项": catalogue.functions,
        "经济科目": {code: s for code, s in catalogue.economics.items() if len(code) == 5},
        "政府经济科目": {
            code: s for code, s in catalogue.government_economics.items() if len(code) == 5
        },
        "项目": {name: p for p in projects for name in (p.name, p.code) if name},
    }
    declare = f"核对编码；确是地方新增科目的，写进 catalogue/{catalogue.edition}/local.csv"

    def explain(kind: str, text: str) -> Unacceptable:
        if kind == "单位":
            hint = f"department.yaml 里的单位有：{'、'.join(known[kind])}"
            return Unacceptable(f"没有代码为“{text}”的单位", hint, "unknown-unit")
        if kind == "项目":
            hint = suggestion(text, known[kind]) or "先在 projects.yaml 里登记这个项目"
            return Unacceptable(f"没有名为“{text}”的项目", hint, "unknown-project")
        near = suggestion(text, known[kind])
        return Unacceptable(
            f"{catalogue.edition} 版{kind}里没有“{text}”", declare + (f"。{near}" if near else ""), "unknown-code"
        )

    return References(known, explain)


def _line_problems(budget: Budget) -> Iterator[Problem]:
    """What a line must say that depends on its other fields."""
    projects = {name: p for p in budget.projects for name in (p.name, p.code) if name}
    for line in budget.expenditure:
        project = projects.get(line.project)
        if line.kind in PROJECT_KINDS and not line.project:
            message = f"{line.kind}是项目支出，没有写项目"
            yield Problem("missing-project", message, line.place, "补上 项目: 项目名称")
        elif line.kind not in PROJECT_KINDS and line.project:
            message = f"{line.kind}是基本支出，不应写项目“{line.project}”"
            yield Problem("project-in-basic", message, line.place, "删掉项目，或改类别")
        elif project is not None and (project.unit, project.kind) != (line.unit, line.kind):
            yield Problem(
                "project-mismatch",
                f"项目“{project.name}”登记为单位 {project.unit}、{project.kind}，"
                f"这一行是 {line.unit}、{line.kind}",
                line.place,
                f"核对这一行和 {project.place}",
            )
    seen: dict[tuple[str, str], Project] = {}
    for project in budget.projects:
        first = seen.setdefault((project.unit, project.name), project)
        if first is not project:
            message = f"项目“{project.name}”重复，先见于第 {first.place.line} 行"
            yield Problem("duplicate-project", message, project.place, "合并，或改名称")


def _completed(budget: Budget, catalogue: Catalogue, problems: list[Problem]) -> Budget:
    """Expenditure lines with their governmental economic code and their project's name."""
    kinds = {unit.code: unit.kind for unit in budget.department.units}
    names = {key: p.name for p in budget.projects for key in (p.name, p.code) if key}
    lines = []
    for line in budget.expenditure:
        government = line.government_economic or catalogue.government_economic_of(
            line.economic, kinds[line.unit]
        )
        if government is None:
            problems.append(
                Problem(
                    "no-government-economic",
                    f"对应表里没有 {line.economic} 在{kinds[line.unit]}单位的政府经济科目",
                    line.place,
                    "在这一行补上 政府经济科目: \"5xxxx\"",
                )
            )
        elif government != line.government_economic or line.project != names.get(line.project, ""):
            line = replace(
                line, government_economic=government, project=names.get(line.project, "")
            )
        lines.append(line)
    return replace(budget, expenditure=tuple(lines))


def _without_secrets(budget: Budget) -> Budget:
    """涉密 lines, and every line of a 涉密 project, enter no stage after this one."""
    secret = {project.name for project in budget.projects if project.secret}
    return replace(
        budget,
        expenditure=tuple(
            x for x in budget.expenditure if not x.secret and x.project not in secret
        ),
        revenue=tuple(line for line in budget.revenue if not line.secret),
        projects=tuple(project for project in budget.projects if not project.secret),
        procurement=tuple(item for item in budget.procurement if not item.secret),
    )


def _doubtful_codes(budget: Budget, catalogue: Catalogue) -> Iterator[Problem]:
    """One warning per used code of doubtful confidence, at its first line."""
    seen: set[str] = set()
    for line in budget.expenditure:
        for code, subjects in (
            (line.function, catalogue.functions),
            (line.economic, catalogue.economics),
            (line.government_economic, catalogue.government_economics),
        ):
            if code not in seen:
                seen.add(code)
                yield from _doubt(code, subjects, line.place)


def _doubt(code: str, subjects: Mapping[str, Subject], place: Place) -> Iterator[Problem]:
    subject = subjects[code]
    if subject.confidence in DOUBTFUL:
        message = f"科目 {code} {subject.name} 尚未核实（{subject.confidence}）"
        hint = "对照当年《政府收支分类科目》确认编码和名称"
        yield Problem("doubtful-code", message, place, hint, WARNING)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Loading makes only objects that stay: the cyclic collector would scan them over and over."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
