"""`check YEAR`: the ledger of everything that is checked; writes nothing but the page asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from generator.build import Built, Stopped, build_disclosure, build_loaded, build_unit, load_for
from generator.commands.common import (
    DONE,
    TO_MEND,
    WRONG_USE,
    add_whose,
    add_year_arguments,
    show_stopping,
    telling_problems,
    told,
)
from generator.load.units import stray_folders
from generator.problems import OWED, ROUNDING, WARNING, Problem, ProblemsFound, told_together
from generator.publishing.changes import changed_since
from generator.publishing.freezing import open_problems, sum_problems
from generator.publishing.record import altered_files
from generator.review.ledger import NOTHING_RUN, STOPPED, Ledger, stopped_ledger
from generator.review.ledger_page import ledger_page
from generator.units import disclosed_units


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    add_whose(parser, "检查")
    parser.add_argument("--strict", action="store_true", help="有没确认的警告也算不通过")
    parser.add_argument(
        "--page", type=Path, metavar="文件.html", help="另写一页可以打印签字的检查台账"
    )


class Checked(NamedTuple):
    """A disclosure as it was checked; `problems` are those still open.

    `built` is None if data or templates stopped it: then `problems` are why.
    """

    title: str
    code: str  # of the unit; empty for the department's
    ledger: Ledger
    problems: tuple[Problem, ...]
    answered_in: Mapping[Problem, str]
    built: Built | None

    @property
    def fails(self) -> bool:
        return self.built is None or bool(self.built.owed)


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    if arguments.all and arguments.page:
        print("--page 一次写一份台账：不写 --all，或用 --unit 写明哪个单位。", file=sys.stderr)
        return WRONG_USE
    checked = list(_checked(arguments))
    if arguments.page and checked[0].built is not None:
        arguments.page.parent.mkdir(parents=True, exist_ok=True)
        page = ledger_page(replace(checked[0].built, problems=checked[0].problems))
        arguments.page.write_text(page, encoding="utf-8", newline="\n")
    if arguments.json:
        print(json.dumps(_as_json(arguments.year, checked), ensure_ascii=False, indent=2))
    else:
        for one in checked:
            _print_ledger(one)
        stopped = (one.problems for one in checked if one.built is None)
        if stopping := list(dict.fromkeys(chain.from_iterable(stopped))):
            show_stopping(stopping)
    warned = any(p.severity == WARNING for one in checked for p in one.problems)
    failed = any(one.fails for one in checked)
    return TO_MEND if failed or (arguments.strict and warned) else DONE


def _checked(arguments: argparse.Namespace) -> Iterator[Checked]:
    """The disclosure that was asked for; with --all the department's and then every unit's."""
    data, year, templates = arguments.data, arguments.year, arguments.templates
    if not arguments.all:
        code = arguments.unit or ""
        yield _check_one(arguments, code, partial(build_disclosure, data, year, templates, code))
        return
    try:
        loaded = load_for(data, year, templates)
    except ProblemsFound as error:
        yield _stopped(arguments, "", error)
        return
    whole = _check_one(arguments, "", lambda: build_loaded(loaded, data, templates))
    units = [
        _check_one(arguments, unit.code, partial(build_unit, loaded, unit, data, templates))
        for unit in disclosed_units(loaded.budget.department)
    ]
    together = list(stray_folders(data, loaded))
    built = [unit.built for unit in units if unit.built is not None]
    if whole.built is not None and len(built) == len(units):
        together += sum_problems(whole.built, built)
    yield whole._replace(
        problems=(*whole.problems, *together), built=None if together else whole.built
    )
    yield from units


def _check_one(arguments: argparse.Namespace, code: str, build: Callable[[], Built]) -> Checked:
    try:
        built = build()
    except ProblemsFound as error:
        return _stopped(arguments, code, error)
    problems = (*built.problems, *changed_since(built, arguments.data))
    answered_in = open_problems((built,))
    return Checked(built.document.title, code, built.ledger, problems, answered_in, built)


def _stopped(arguments: argparse.Namespace, code: str, error: ProblemsFound) -> Checked:
    """With what was altered in the year before: it may be why nothing fits."""
    ledger = stopped_ledger(error.ledger if isinstance(error, Stopped) else NOTHING_RUN)
    try:
        altered = tuple(altered_files(arguments.data, arguments.year - 1))
    except ProblemsFound as damaged:
        altered = damaged.problems
    problems = (*error.problems, *altered)
    title = f"{arguments.year}年" + (f"单位 {code}" if code else "")
    return Checked(title, code, ledger, problems, {}, None)


def _as_json(year: int, checked: list[Checked]) -> dict[str, object]:
    """The first one's record; with --all the units' are in it."""
    first, *others = checked
    units = [{"unit": one.code, **_record(year, one)} for one in others]
    return _record(year, first) | ({"units": units} if units else {})


def _record(year: int, checked: Checked) -> dict[str, object]:
    """The ledger as JSON: every rule with its state and findings, every duty, what else is open."""
    built, ledger = checked.built, checked.ledger
    return {
        "version": 1,
        "year": year,
        "department": built.book.department.name if built is not None else "",
        "rules": [
            {
                "id": entry.id,
                "title": entry.title,
                "basis": entry.basis,
                "state": entry.state,
                "not_run": entry.not_run,
                "findings": [problem.as_json() for problem in entry.findings],
                "acknowledged": [_answered(ledger, problem) for problem in entry.acknowledged],
            }
            for entry in ledger.entries
        ],
        "duties": [
            {
                "id": s.duty.id,
                "name": s.duty.name,
                "state": s.state,
                "basis": s.basis or s.duty.basis,
            }
            for s in ledger.duties
        ],
        "problems": [problem.as_json() for problem in checked.problems],
    }


def _answered(ledger: Ledger, problem: Problem) -> dict[str, object]:
    answer = ledger.answered[problem.fingerprint]
    return problem.as_json() | {"person": answer.person, "reason": answer.reason}


def _print_ledger(checked: Checked) -> None:
    print(f"{checked.title}：检查台账")
    for entry in checked.ledger.entries:
        if entry.not_run == STOPPED:
            continue
        note = f"（{entry.not_run}）" if entry.not_run else ""
        count = f" {len(entry.findings)} 条" if entry.findings else ""
        print(f"  [{entry.state}]{count} {entry.title}{note}  {entry.id} {entry.basis}")
        for group in told_together(entry.findings):
            print(_indented(checked, group))
        for problem in entry.acknowledged:
            answer = checked.ledger.answered[problem.fingerprint]
            print(f"      {problem.place.opening} {problem.message}")
            print(f"          {answer.person}确认（{answer.place.file_line}）：{answer.reason}")
    if stopped := sum(entry.not_run == STOPPED for entry in checked.ledger.entries):
        print(f"  [未运行] {stopped} 条规则（{STOPPED}）")
    in_ledger = {p for entry in checked.ledger.entries for p in entry.findings}
    others = [problem for problem in checked.problems if problem not in in_ledger]
    if others and checked.built is not None:
        print("其他：")
        for group in told_together(others):
            print(_indented(checked, group))
    if checked.ledger.duties:
        print("公开内容：")
    for state in checked.ledger.duties:
        basis = f"（{state.basis}）" if state.basis else ""
        print(f"  [{state.state}] {state.duty.id} {state.duty.name}{basis}")
    print(_totals(checked))


def _indented(checked: Checked, group: Sequence[Problem]) -> str:
    text = told(group, checked.answered_in)
    return "\n".join(f"      {line}" for line in text.split("\n"))


def _totals(checked: Checked) -> str:
    entries = checked.ledger.entries
    not_run = sum(1 for entry in entries if entry.not_run)
    counts = {s: sum(p.severity == s for p in checked.problems) for s in (WARNING, ROUNDING, OWED)}
    acknowledged = sum(len(entry.acknowledged) for entry in entries)
    return (
        f"共 {len(entries)} 条规则，运行 {len(entries) - not_run} 条，未运行 {not_run} 条（不算通过）；"
        f"警告 {counts[WARNING]}，尾差 {counts[ROUNDING]}，待填 {counts[OWED]}，已确认 {acknowledged}。"
    )
