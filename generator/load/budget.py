"""A year's folder to a Budget: which file holds what, and what must refer to what.

Paths in places are relative to the data root, so that outputs are the same on every machine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from generator.catalogue import Catalogue, load_catalogue
from generator.collector import collector_paused
from generator.fields import References, Unacceptable, place_of
from generator.load.completion import (
    completed,
    doubtful_codes,
    line_problems,
    missing_records,
    of_public_records,
    without_secrets,
)
from generator.load.files import is_there, read_file, with_public_excerpts
from generator.load.reader import Node, Scalar, Sequence, Unreadable, child, listed_texts
from generator.load.records import Converter
from generator.model import (
    Acknowledgement,
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
    Recode,
    RevenueLine,
)
from generator.problems import (
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
    "acknowledged.yaml": Acknowledgement,
    "recode.yaml": Recode,
}
MAPPING_FILES: Mapping[str, type] = {
    "department.yaml": Department,
    "performance.yaml": Performance,
    "assets.yaml": Assets,
}
# Files of a year that other stages read.
REQUIRED_FILES = ("department.yaml", "expenditure.yaml", "revenue.yaml")
# Of Windows, which refuses the most.
_NOT_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
# Most systems allow 255 bytes; the rest is for 2023年部门预算公开（草稿）.docx and the like.
_MOST_BYTES_OF_A_NAME = 195
_PLACES_TO_NAME = 3
# What every line of a unit, a code or a project would be told again.
_ONCE = frozenset(("unknown-unit", "unknown-code", "unknown-project"))
PUBLISHED_FILE = "published/facts.yaml"

Record = TypeVar("Record")


class Loaded(NamedTuple):
    """A budget, its catalogue, and the warnings found on the way."""

    budget: Budget
    catalogue: Catalogue
    warnings: tuple[Problem, ...]


@collector_paused()
def load_budget(data: Path, year: int) -> Loaded:
    """Read `data/<year>/`; ProblemsFound with everything that is wrong in it."""
    try:
        loaded = _YearLoader(data, year).load()
    except ProblemsFound as error:
        raise ProblemsFound(with_public_excerpts(_once(error.problems), data, year)) from None
    if not loaded.warnings:
        return loaded
    return loaded._replace(warnings=with_public_excerpts(loaded.warnings, data, year))


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """What many lines refer to and is not there is said once, with the first lines and their count."""
    alike: dict[tuple[object, ...], list[Problem]] = {}
    for number, problem in enumerate(problems):
        known = problem.rule in _ONCE
        alike.setdefault((problem.message,) if known else (number,), []).append(problem)
    for first, *others in alike.values():
        if others:
            message = f"{first.message}（共 {1 + len(others)} 处）"
            related = tuple(other.place for other in others[:_PLACES_TO_NAME])
            yield replace(first, message=message, related=related)
        else:
            yield first


def missing_year(data: Path, year: int) -> Problem:
    """There is nothing of `year`, or only what it published; the hint says what there is."""
    years = sorted(p.parent.name for p in data.glob("[12][0-9][0-9][0-9]/department.yaml"))
    message = f"没有 {year} 年的数据"
    if (data / str(year) / PUBLISHED_FILE).is_file():
        message += "，只有公布的数"
    hint = f"有数据的年度：{'、'.join(years)}" if years else f"在数据文件夹里建 {year}/"
    if str(year - 1) in years:
        hint += f"；照上一年建：new {year}"
    return Problem("missing-year", message, Place(f"{year}/"), hint)


class _YearLoader:
    """Reads the files of one year, collecting problems.

    Units, projects and the edition are read from the bare nodes first, so that a mistake in
    department.yaml does not make every line that refers to it look wrong.
    """

    def __init__(self, data: Path, year: int) -> None:
        self.data = data
        self.year = year
        self.problems: list[Problem] = []
        self.references = References()
        self.unreadable: set[str] = set()
        self.files = self._files()

    def load(self) -> Loaded:
        department_node = self._node("department.yaml")
        project_node = self._node("projects.yaml")
        catalogue = self._catalogue(department_node)
        self.references = references_of(
            catalogue,
            listed_texts(child(department_node, "单位"), "代码"),
            None
            if f"{self.year}/projects.yaml" in self.unreadable
            else listed_texts(project_node, "名称", "编码"),
            _secret_names(project_node),
        )
        department = self._mapping("department.yaml", Department, department_node)
        budget = Budget(
            department=department,  # type: ignore[arg-type]  # None is an error, raised below
            expenditure=self._list("expenditure.yaml", ExpenditureLine),
            revenue=self._list("revenue.yaml", RevenueLine),
            projects=self._converted("projects.yaml", Project, project_node),
            performance=self._optional("performance.yaml", Performance) or Performance(),
            procurement=self._list("procurement.yaml", ProcurementItem),
            assets=self._optional("assets.yaml", Assets),
            reasons=self._list("reasons.yaml", Reason),
            controls=self._list("controls.yaml", Control),
            acknowledged=self._list("acknowledged.yaml", Acknowledgement),
            recodes=self._list("recode.yaml", Recode),
            prior=self._published(),
        )
        if department is not None:
            self._department_agrees(department)
        self.problems += line_problems(budget)
        raise_errors(self.problems)
        assert catalogue is not None
        budget, found = completed(budget, catalogue)
        self.problems += found
        raise_errors(self.problems)
        self.problems = list(of_public_records(budget, self.problems))
        budget = without_secrets(budget)
        warnings = (
            *self.problems,
            *missing_records(budget),
            *doubtful_codes(budget, catalogue),
        )
        return Loaded(budget, catalogue, sort_problems(warnings))

    # Files

    def _files(self) -> frozenset[str]:
        """The names in the year's folder; required and unknown ones are complained about."""
        folder = self.data / str(self.year)
        if not any(folder.glob("*.y*ml")):
            raise ProblemsFound([missing_year(self.data, self.year)])
        files = frozenset(path.name for path in folder.iterdir())
        known = (*LIST_FILES, *MAPPING_FILES)
        for name in REQUIRED_FILES:
            if name not in files:
                self._wrong("missing-file", "缺少这个文件", self._place(name), "补上这个文件")
        for name in sorted(files.difference(known)):
            if name.lower().endswith((".yaml", ".yml")):
                hint = suggestion(name, known) or f"可用的文件：{'、'.join(known)}"
                self._wrong("unknown-file", "不认识的文件", self._place(name), hint)
        return files

    def _node(self, name: str) -> Node | None:
        """The content of a file of the year; None if it is absent, empty or unreadable."""
        return self._read(f"{self.year}/{name}") if name in self.files else None

    def _read(self, path: str) -> Node | None:
        try:
            node, doubts = read_file(self.data, path)
        except Unreadable as error:
            self.problems += error.problems
            self.unreadable.add(path)
            return None
        self.problems += doubts
        return node

    # Records

    def _list(self, name: str, cls: type[Record]) -> tuple[Record, ...]:
        return self._converted(name, cls, self._node(name))

    def _converted(self, name: str, cls: type[Record], node: Node | None) -> tuple[Record, ...]:
        converter = Converter(f"{self.year}/{name}", self.references)
        records = converter.records(cls, node)
        self.problems += converter.problems
        return records

    def _optional(self, name: str, cls: type[Record]) -> Record | None:
        return self._mapping(name, cls, self._node(name)) if name in self.files else None

    def _mapping(self, name: str, cls: type[Record], node: Node | None) -> Record | None:
        path = f"{self.year}/{name}"
        if node is None:
            if name in self.files and path not in self.unreadable:
                self._wrong("empty-file", "文件是空的", Place(path, 1), "写上内容")
            return None
        converter = Converter(path, self.references)
        record = converter.record(cls, node)
        self.problems += converter.problems
        return record

    def _published(self) -> Published | None:
        """What the year before published; None if nothing is there."""
        path = f"{self.year - 1}/{PUBLISHED_FILE}"
        if not is_there(self.data, path):
            return None
        node = self._read(path)
        if node is None:
            if path not in self.unreadable:
                self._wrong("empty-file", "文件是空的", Place(path, 1), "写上内容，或删掉这个文件")
            return None
        converter = Converter(path, self.references)
        published = converter.record(Published, node)
        self.problems += converter.problems
        if published is not None and published.year != self.year - 1:
            message = f"年度写的是 {published.year}，文件夹是 {self.year - 1}"
            self._wrong("wrong-year", message, published.place, "改成一致")
        return published

    # What must agree

    def _catalogue(self, department: Node | None) -> Catalogue | None:
        """The edition that department.yaml names, or that of the year."""
        node = child(department, "科目版本")
        edition = node.text if isinstance(node, Scalar) and node.text else str(self.year)
        for root in (self.data / "catalogue", SHIPPED_CATALOGUE):
            if (root / edition / "function.csv").is_file():
                own = self.data / "catalogue" / edition / "local.csv"
                return load_catalogue(root / edition, own if root is SHIPPED_CATALOGUE else None)
        if department is not None:
            editions = sorted({p.parent.name for p in SHIPPED_CATALOGUE.glob("*/function.csv")})
            hint = f'在 department.yaml 写 科目版本: "…"，现有：{"、".join(editions)}'
            where = node or department
            place = Place(f"{self.year}/department.yaml", where.line, where.column)
            self._wrong("unknown-edition", f"没有 {edition} 版政府收支分类科目", place, hint)
        return None

    def _department_agrees(self, department: Department) -> None:
        if department.year != self.year:
            message = f"年度写的是 {department.year}，文件夹是 {self.year}"
            self._wrong("wrong-year", message, department.place, "改成一致")
        self._names_fit_file_names(department)
        self._order_names_a_code_once(department)
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

    def _names_fit_file_names(self, department: Department) -> None:
        names = [(unit.name, unit.place) for unit in department.units]
        for name, place in ((department.name, department.place), *names):
            where = place_of(name) or place
            if match := _NOT_IN_FILE_NAMES.search(name):
                message = f"名称“{name}”里有文件名不能用的字符“{match[0]}”"
                hint = "名称要用作文件名，删掉或改成全角"
                self._wrong("bad-name", message, where, hint)
            if len(name.encode()) > _MOST_BYTES_OF_A_NAME:
                message = f"名称有 {len(name)} 个字，太长了，文件名放不下"
                hint = f"最多 {_MOST_BYTES_OF_A_NAME // 3} 个汉字；核对是不是粘贴了别的内容"
                self._wrong("bad-name", message, where, hint)

    def _order_names_a_code_once(self, department: Department) -> None:
        order = department.row_order
        for codes in (order.functions, order.economics):
            for code, count in Counter(codes).items():
                if count > 1:
                    message = f"排列次序里 {code} 写了 {count} 次"
                    self._wrong("duplicate-order", message, order.place, "每个编码只留一处")

    def _place(self, name: str) -> Place:
        return Place(f"{self.year}/{name}")

    def _wrong(self, rule: str, message: str, place: Place, hint: str) -> None:
        self.problems.append(Problem(rule, message, place, hint))


def _secret_names(projects: Node | None) -> frozenset[str]:
    """Names and codes of the projects that say 涉密: 是."""
    items = projects.items if isinstance(projects, Sequence) else []
    return frozenset(
        name
        for item in items
        if listed_texts(Sequence([item], 1, 1), "涉密") not in ((), ("否",))
        for name in listed_texts(Sequence([item], 1, 1), "名称", "编码")
    )


def references_of(
    catalogue: Catalogue | None,
    units: tuple[str, ...],
    projects: tuple[str, ...] | None,
    unnamed: frozenset[str] = frozenset(),
) -> References:
    """What scalars may refer to; where that is not known, only the shape of codes is checked.

    `unnamed` projects are not offered in hints.
    """
    known: dict[str, Mapping[str, Any]] = {}
    if projects is not None:
        known["项目"] = dict.fromkeys(projects)
    if units:
        known["单位"] = dict.fromkeys(units)
    if catalogue is not None:
        known["功能科目"] = known["功能科目类款项"] = catalogue.functions
        known["经济科目"] = catalogue.economics
        known["政府经济科目"] = catalogue.government_economics

    def explain(kind: str, text: str) -> Unacceptable:
        if kind == "单位":
            hint = f"department.yaml 里的单位有：{'、'.join(known[kind])}"
            return Unacceptable(f"没有代码为“{text}”的单位", hint, "unknown-unit")
        if kind == "项目":
            offered = (name for name in known[kind] if name not in unnamed)
            hint = suggestion(text, offered) or "先在 projects.yaml 里登记这个项目"
            return Unacceptable(f"没有名为“{text}”的项目", hint, "unknown-project")
        assert catalogue is not None
        if text in known[kind]:
            below = [s for code, s in known[kind].items() if code[:-2].startswith(text)]
            below.sort(key=lambda subject: (-len(subject.code), subject.code))
            hint = f"写到最末级，例如 {below[0].code} {below[0].name}" if below else "核对编码"
            message = f"{kind} {text} {known[kind][text].name} 不是最末级科目"
            return Unacceptable(message, hint, "wrong-level")
        alike = (c for c in known[kind] if len(c) == len(text) and c[:3] == text[:3])
        near = suggestion(text, alike)
        declare = (
            f"核对编码；随附的科目表可能不全，确有这个科目（全国的或地方增设的）就写进"
            f" catalogue/{catalogue.edition}/local.csv"
        )
        return Unacceptable(
            f"{catalogue.edition} 版{kind}里没有“{text}”",
            f"{declare}。{near}" if near else declare,
            "unknown-code",
        )

    return References(known, explain)
