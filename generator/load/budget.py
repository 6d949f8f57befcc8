"""A year's folder to a Budget: which file holds what, and what must refer to what.

Paths in places are relative to the data root, so that outputs are the same on every machine.
"""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from generator.catalogue import Catalogue, load_catalogue
from generator.collector import collector_paused
from generator.fields import References, Unacceptable, place_of
from generator.load.completion import (
    EMPTY_LIST,
    completed,
    doubtful_codes,
    line_problems,
    missing_records,
    of_public_records,
    without_secrets,
)
from generator.load.files import with_public_excerpts
from generator.load.folder import FilesReader
from generator.load.reader import Node, Scalar, Sequence, child, listed_texts
from generator.load.records import AnyRecord
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
    "acknowledged.yaml": Acknowledgement,
    "recode.yaml": Recode,
}
MAPPING_FILES: Mapping[str, type] = {
    "department.yaml": Department,
    "performance.yaml": Performance,
    "assets.yaml": Assets,
}
# What a year cannot do without.
_HOW_TO_BEGIN = {
    "department.yaml": "照随附的 data/2023/department.yaml 写一份",
    "expenditure.yaml": "导出的表用 import 导入，没有就一笔一行地写",
    "revenue.yaml": "导出的表用 import 导入，没有就一笔一行地写",
}
REQUIRED_FILES = tuple(_HOW_TO_BEGIN)
# What the document denies where the file says nothing.
_PRINTED_AS_NONE = {"projects.yaml": "项目", "procurement.yaml": "政府采购"}
# Of Windows, which refuses the most.
_NOT_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
# Most systems allow 255 bytes; the rest is for 2023年部门预算公开（草稿）.docx and the like.
_MOST_BYTES_OF_A_NAME = 195
_PLACES_TO_NAME = 3
# What every line of a unit, a code or a project would be told again.
_ONCE = frozenset(("unknown-unit", "unknown-code", "unknown-project"))
PUBLISHED_FILE = "published/facts.yaml"
MISSING_YEAR = "missing-year"


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
    if not data.is_dir():
        message = f"没有数据文件夹“{data}”"
        return Problem(
            MISSING_YEAR, message, Place(f"{year}/"), "核对 --data；不写就用程序的 data/"
        )
    years = sorted(p.parent.name for p in data.glob("[12][0-9][0-9][0-9]/department.yaml"))
    message = f"没有 {year} 年的数据"
    if (data / str(year) / PUBLISHED_FILE).is_file():
        message += "，只有公布的数"
    hint = f"有数据的年度：{'、'.join(years)}" if years else f"在数据文件夹里建 {year}/"
    if str(year - 1) in years:
        hint += f"；照上一年建：new {year}"
    return Problem(MISSING_YEAR, message, Place(f"{year}/"), hint)


class _YearLoader(FilesReader):
    """Reads the files of one year, collecting problems.

    Units, projects and the edition are read from the bare nodes first, so that a mistake in
    department.yaml does not make every line that refers to it look wrong.
    """

    def __init__(self, data: Path, year: int) -> None:
        super().__init__(data)
        self.year = year
        self._files_are_known()

    def load(self) -> Loaded:
        department_node = self.node_ahead(self._path("department.yaml"))
        project_node = self.node_ahead(self._path("projects.yaml"))
        catalogue = self._catalogue(department_node)
        self.references = references_of(
            catalogue,
            listed_texts(child(department_node, "单位"), "代码"),
            None
            if self._path("projects.yaml") in self.unreadable
            else listed_texts(project_node, "名称", "编码"),
            _secret_names(project_node),
        )
        department = self._record("department.yaml", Department)
        budget = Budget(
            department=department,  # type: ignore[arg-type]  # None is an error, raised below
            expenditure=self._records("expenditure.yaml", ExpenditureLine),
            revenue=self._records("revenue.yaml", RevenueLine),
            projects=self._records("projects.yaml", Project),
            performance=self._record("performance.yaml", Performance) or Performance(),
            procurement=self._records("procurement.yaml", ProcurementItem),
            assets=self._record("assets.yaml", Assets),
            reasons=self._records("reasons.yaml", Reason),
            controls=self._records("controls.yaml", Control),
            acknowledged=self._records("acknowledged.yaml", Acknowledgement),
            recodes=self._records("recode.yaml", Recode),
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

    def _files_are_known(self) -> None:
        """Required files that are missing and unknown ones are complained about."""
        files = self.names(str(self.year))
        if not fnmatch.filter(files, "*.y*ml*"):
            raise ProblemsFound([missing_year(self.data, self.year)])
        misnamed = self.names_are_known(str(self.year), files, (*LIST_FILES, *MAPPING_FILES))
        for name in REQUIRED_FILES:
            if name not in files and name not in misnamed:
                hint = f"{_HOW_TO_BEGIN[name]}；见 docs/guide.md 从零开始一个部门"
                self._wrong("missing-file", "缺少这个文件", self._place(name), hint)

    def _path(self, name: str) -> str:
        return f"{self.year}/{name}"

    def _place(self, name: str) -> Place:
        return Place(self._path(name))

    def _records(self, name: str, cls: type[AnyRecord]) -> tuple[AnyRecord, ...]:
        required = name in REQUIRED_FILES
        if_empty = "一笔一行地写；确实一笔也没有就写 []" if required else ""
        records = self.records_at(self._path(name), cls, if_empty)
        if not records and name in _PRINTED_AS_NONE:
            self._says_that_there_is_none(name)
        return records

    def _says_that_there_is_none(self, name: str) -> None:
        """A list that is left empty is doubted; one that says [] or is not there is meant so."""
        path = self._path(name)
        if self._is_there(path) and self._node(path) is None and path not in self.unreadable:
            message = f"文件是空的，文件里会写没有{_PRINTED_AS_NONE[name]}"
            hint = "把内容写上；确实没有就写 []，或删掉这个文件"
            self.problems.append(Problem(EMPTY_LIST, message, Place(path, 1), hint, WARNING))

    def _record(self, name: str, cls: type[AnyRecord]) -> AnyRecord | None:
        return self.record_at(self._path(name), cls, "写上内容，或删掉这个文件")

    def _published(self) -> Published | None:
        """What the year before published; None if nothing is there."""
        path = f"{self.year - 1}/{PUBLISHED_FILE}"
        return self.published_at(path, self.year - 1, "写上内容，或删掉这个文件")

    # What must agree

    def _catalogue(self, department: Node | None) -> Catalogue | None:
        """The edition that department.yaml names, or that of the year."""
        node = child(department, "科目版本")
        edition = node.text if isinstance(node, Scalar) and node.text else str(self.year)
        self._local_codes_have_an_edition()
        for root in (self.data / "catalogue", SHIPPED_CATALOGUE):
            if (root / edition / "function.csv").is_file():
                own = self.data / "catalogue" / edition / "local.csv"
                return load_catalogue(root / edition, own if root is SHIPPED_CATALOGUE else None)
        if department is not None:
            hint = f'在 department.yaml 写 科目版本: "…"，现有：{"、".join(self._editions())}'
            where = node or department
            place = Place(f"{self.year}/department.yaml", where.line, where.column)
            self._wrong("unknown-edition", f"没有 {edition} 版政府收支分类科目", place, hint)
        return None

    def _local_codes_have_an_edition(self) -> None:
        """No local.csv stands beside an edition that is not there: no year would read it."""
        editions = self._editions()
        for file in sorted((self.data / "catalogue").glob("[0-9]*/local.csv")):
            if (name := file.parent.name) not in editions:
                message = f"没有 {name} 版科目表，不会用这个文件"
                hint = f"按 科目版本 放：{'、'.join(f'catalogue/{e}/local.csv' for e in editions)}"
                self._wrong("unknown-file", message, Place(f"catalogue/{name}/local.csv"), hint)

    def _editions(self) -> list[str]:
        """The editions that are shipped, and those of the data folder."""
        roots = (self.data / "catalogue", SHIPPED_CATALOGUE)
        return sorted({p.parent.name for root in roots for p in root.glob("*/function.csv")})

    def _department_agrees(self, department: Department) -> None:
        self.year_agrees(department.year, self.year, department.place)
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


def _secret_names(projects: Node | None) -> frozenset[str]:
    """Names and codes of the projects that say 涉密: 是."""
    items = projects.items if isinstance(projects, Sequence) else []
    return frozenset(
        name
        for item in items
        if listed_texts(Sequence([item], 1, 1), "涉密") not in ((), ("否",))
        for name in listed_texts(Sequence([item], 1, 1), "名称", "编码")
    )


def _other_side(catalogue: Catalogue, kind: str, text: str) -> Unacceptable | None:
    """A code of the other economic classification: 部门预算 and 政府预算 have one each."""
    sides = {
        "经济科目": ("部门预算", "政府预算", catalogue.government_economics),
        "政府经济科目": ("政府预算", "部门预算", catalogue.economics),
    }
    own, other, codes = sides.get(kind, ("", "", {}))
    if text not in codes:
        return None
    pairs = (
        (economic, subject.code)
        for (economic, _), subjects in catalogue.government_by_economic.items()
        for subject in subjects
    )
    meant = sorted({e if kind == "经济科目" else g for e, g in pairs if text in (e, g)})
    hint = f"写{own}支出经济科目编码"
    message = f"{text} {codes[text].name} 是{other}支出经济科目，不是{own}的"
    return Unacceptable(message, f"{hint}，例如 {meant[0]}" if meant else hint, "wrong-side")


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
        if other := _other_side(catalogue, kind, text):
            return other
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
