"""From files to a plan of what would be written: nothing is written here.

A plan holds every problem, the accounting of each sheet, and each data file as it would become.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from generator.importing.doubts import doubts_of
from generator.importing.mapping import ImportMapping
from generator.importing.merge import SECRET, YES, Canonical, Merge, existing_records, merge
from generator.importing.recognise import Layout, recognise
from generator.importing.records import Gathered, Gatherer, Imported, Values, drop_derived
from generator.importing.resolve import Resolver
from generator.importing.rows import SheetRows, read_rows
from generator.importing.sheets import Sheet, read_sheets
from generator.importing.staging import load_context, problems_of_loading
from generator.importing.targets import (
    IS_PROCUREMENT,
    PROCUREMENT,
    PROJECTS,
    TARGETS,
)
from generator.importing.totals import problems_of_totals
from generator.load.budget import Loaded
from generator.load.reader import Unreadable
from generator.money import Money
from generator.problems import ERROR, WARNING, Place, Problem, ProblemsFound

Progress = Callable[[str], None]


class LeftOut(NamedTuple):
    """A sheet that was not read row by row, and what became of it."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole import, ready to be shown and written; `left_out` counts rows without a record."""

    merges: tuple[Merge, ...]
    accounts: tuple[SheetRows | LeftOut, ...]
    records: Mapping[str, Sequence[Imported]]
    problems: tuple[Problem, ...]
    left_out: int = 0

    @property
    def errors(self) -> int:
        return sum(problem.severity == ERROR for problem in self.problems)

    @property
    def layouts(self) -> list[Layout]:
        return [account.layout for account in self.accounts if isinstance(account, SheetRows)]

    @property
    def unused(self) -> tuple[str, ...]:
        """Headers that no rule of the mapping knows, each once."""
        headers = (column.header for layout in self.layouts for column in layout.unused)
        return tuple(dict.fromkeys(headers))


def plan_import(
    paths: Iterable[Path],
    data: Path,
    year: int,
    mapping: ImportMapping,
    *,
    only: tuple[str, ...] = (),
    keep_missing: bool = False,
    progress: Progress = lambda _: None,
) -> Plan:
    """Read the files and say what they would make of `data/<year>`; ProblemsFound if unusable."""
    loaded = load_context(data, year)
    resolver = Resolver(loaded.budget.department, loaded.catalogue, mapping)
    problems: list[Problem] = []
    accounts: list[SheetRows | LeftOut] = []
    wanted = wanted_sheets(paths, only, problems, accounts, progress)
    for sheet in (sheet for sheet in wanted if any(map(any, sheet.rows))):
        layout, found = recognise(sheet, mapping)
        problems += found
        if layout is None:
            accounts.append(LeftOut(sheet.title, "没有认出，没有导入"))
            continue
        rows = read_rows(layout, resolver, mapping)
        problems += [*rows.problems, *problems_of_totals(rows), *doubts_of(rows, year)]
        accounts.append(rows)
        progress(f"{sheet.title}：{len(sheet.rows)} 行")
    sheets = [account for account in accounts if isinstance(account, SheetRows)]
    existing = _existing_projects(data, year, problems)
    gathered = Gatherer(loaded.budget.department, loaded.catalogue, existing).gather(sheets)
    problems += [*gathered.problems, *_procurement_differs(sheets, gathered)]
    merge_into = partial(
        merge,
        canonical=_canonical(loaded, existing),
        keep_missing=keep_missing,
        secret_projects=_secret_projects(existing),
    )
    merges = _merges(data / str(year), gathered.records, merge_into, problems)
    progress("核对将要写入的数据")
    problems += problems_of_loading(data, year, merges)
    told = tuple(dict.fromkeys(problems))
    return Plan(tuple(merges), tuple(accounts), gathered.records, told, gathered.left_out)


def wanted_sheets(
    paths: Iterable[Path],
    only: tuple[str, ...],
    problems: list[Problem],
    accounts: list[SheetRows | LeftOut],
    progress: Progress,
) -> Iterable[Sheet]:
    """The sheets to be imported, of all that are not hidden or of those in `only`.

    `problems` and `accounts` say what was not found and why the others are left out.
    """
    seen: set[str] = set()
    for path in paths:
        progress(f"读 {path.name}")
        sheets, found = read_sheets(path)
        problems += found
        for sheet in sheets:
            seen.add(sheet.name)
            if only and sheet.name not in only:
                accounts.append(LeftOut(sheet.title, "没有选，没有导入"))
            elif sheet.hidden and sheet.name not in only:
                note = "隐藏的工作表，没有导入（要导入写 --sheet）"
                accounts.append(LeftOut(sheet.title, note))
            else:
                yield sheet
    for name in only:
        if name not in seen:
            hint = f"工作表有：{'、'.join(sorted(seen))}"
            problems.append(Problem("unknown-sheet", f"没有工作表“{name}”", Place(name), hint))


def _existing_projects(data: Path, year: int, problems: list[Problem]) -> list[Values]:
    path = data / str(year) / PROJECTS
    if not path.is_file():
        return []
    try:
        return existing_records(path.read_bytes(), f"{year}/{PROJECTS}")
    except Unreadable as error:
        problems += error.problems
        return []


def _secret_projects(existing: list[Values]) -> frozenset[tuple[str, str]]:
    """Unit and name of the projects that say 涉密: 是."""
    secret = (project for project in existing if project.get(SECRET) == YES)
    return frozenset((project.get("单位", ""), project.get("名称", "")) for project in secret)


def _merges(
    folder: Path,
    records: Mapping[str, list[Imported]],
    merge_into: Callable[..., Merge],
    problems: list[Problem],
) -> list[Merge]:
    merges = []
    for target, kind in TARGETS.items():
        if target not in records:
            continue
        path, shown = folder / target, f"{folder.name}/{target}"
        old = path.read_bytes() if path.is_file() else None
        try:
            merges.append(merge_into(target, shown, old, records[target], header=kind.head))
        except Unreadable as error:
            problems += error.problems
    if not merges and not any(problem.severity == ERROR for problem in problems):
        place, hint = Place(f"{folder.name}/"), "核对文件和工作表"
        problem = Problem("nothing-to-import", "没有可导入的行", place, hint)
        raise ProblemsFound([*problems, problem])
    return merges


def _canonical(loaded: Loaded, existing: list[Values]) -> Canonical:
    """Lines that say the same in two ways compare equal: project codes, derived economic codes."""
    names = {(p.get("单位"), p.get("编码", "")): p.get("名称", "") for p in existing}
    kinds = {unit.code: unit.kind for unit in loaded.budget.department.units}

    def canonical(values: Values) -> Values:
        project = values.get("项目", "")
        if project and (name := names.get((values.get("单位"), project))):
            values["项目"] = name
        drop_derived(values, kinds, loaded.catalogue)
        return values

    return canonical


def _procurement_differs(sheets: list[SheetRows], gathered: Gathered) -> list[Problem]:
    """Lines marked 是否政府采购 and the procurement table, imported together, should agree."""
    marked = [
        (rows.layout, column) for rows in sheets if (column := rows.layout.of(IS_PROCUREMENT))
    ]
    items = gathered.records.get(PROCUREMENT)
    if not marked or not items:
        return []
    total = sum(item.fen for item in items)
    if total == gathered.procurement_fen:
        return []
    layout, column = marked[0]
    message = (
        f"标为政府采购的支出合计 {Money(gathered.procurement_fen).yuan:,.2f} 元，"
        f"采购表合计 {Money(total).yuan:,.2f} 元"
    )
    place = layout.sheet.place(layout.bottom, column.position)
    return [Problem("procurement-differs", message, place, "核对两张表", WARNING)]
