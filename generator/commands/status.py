"""`status YEAR`: what is still to do before the year can be published, in the order to do it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from generator.build import Built, build_disclosure
from generator.commands.common import (
    DONE,
    TO_MEND,
    acknowledging,
    add_year_arguments,
    telling_problems,
    unused_told,
)
from generator.load.files import TO_BE_MADE, is_to_be_made
from generator.load.units import unused_files
from generator.narrative.phrasing import REASON_LINE
from generator.problems import ERROR, OWED, ROUNDING, Problem, ProblemsFound, told_together
from generator.publishing.changes import changed_since
from generator.publishing.freezing import build_what_can_be, open_problems
from generator.publishing.record import FOLDER, PublicationRecord, read_record
from generator.rolling import unchecked_files, unchecked_told
from generator.spans import span_names

VERSION = 1
_CHANGED = "公布以后的改动"
_REASON, _PUBLISHED = "missing-reason", ("published-changed", "published-altered")
# The files in the order in which people fill them.
_FILES = (
    "department.yaml",
    "revenue.yaml",
    "expenditure.yaml",
    "projects.yaml",
    "procurement.yaml",
    "performance.yaml",
    "assets.yaml",
    "recode.yaml",
    "reasons.yaml",
)


class Step(NamedTuple):
    """A step of the work, and what is still to do in it."""

    title: str
    problems: tuple[Problem, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    data, year = arguments.data, arguments.year
    record = read_record(data, year)
    built, stopping = build_what_can_be(data, year, arguments.templates)
    answered_in = open_problems(built.values())
    found = (*stopping, *answered_in, *_changed(built, data))
    steps = _steps((*found, *_of_the_year_before(arguments, year - 1)))
    unused = unused_files(data, year)
    copied = unchecked_files(data, year)
    if arguments.json:
        status = {**_as_json(year, steps, record), "unchecked": copied}
        print(json.dumps(status, ensure_ascii=False, indent=2))
    else:
        _print(arguments, steps, record, answered_in)
        if copied:
            print(unchecked_told(copied))
        if unused:
            print(f"不用 {unused_told(unused)}")
    return TO_MEND if any(step.problems for step in steps) else DONE


def _changed(built: Mapping[str, Built], data: Path) -> Iterator[Problem]:
    """What changed since it was published, in the department's disclosure and in those of units."""
    try:
        for one in built.values():
            yield from changed_since(one, data)
    except ProblemsFound as error:
        yield from error.problems


def _of_the_year_before(arguments: argparse.Namespace, year: int) -> Iterator[Problem]:
    """Data of the year before that changed since it was published: the wrong folder, most likely.

    That the templates have gone on since is as it should be.
    """
    data = arguments.data
    if read_record(data, year) is None or not (data / str(year) / "department.yaml").is_file():
        return
    try:
        built = build_disclosure(data, year, arguments.templates)
        found = (*built.problems, *changed_since(built, data))
    except ProblemsFound as error:
        found = error.problems
    for problem in found:
        folder = problem.place.path.partition("/")[0]
        in_data = folder == str(year) and f"/{FOLDER}/" not in problem.place.path
        if problem.severity == ERROR or (problem.rule in _PUBLISHED and in_data):
            yield problem


def _steps(problems: Sequence[Problem]) -> tuple[Step, ...]:
    """Every problem once, in the first step it belongs to; 尾差 are explained by the text."""
    left = [p for p in dict.fromkeys(problems) if p.severity != ROUNDING]
    steps = []
    rules: tuple[tuple[str, Callable[[Problem], bool]], ...] = (
        (_CHANGED, lambda p: p.rule in _PUBLISHED),
        ("改正错误", lambda p: p.severity == ERROR),
        ("填数和文字", lambda p: p.severity == OWED and p.rule != _REASON),
        ("写增减原因", lambda p: p.severity == OWED),
        ("处理或确认警告", lambda _: True),
    )
    for title, belongs in rules:
        found = tuple(sorted(filter(belongs, left), key=_order))
        left = [problem for problem in left if problem not in found]
        steps.append(Step(title, found))
    return tuple(steps)


def _order(problem: Problem) -> tuple[str, int, str, int]:
    """By year or unit, then by the order of the files, then by line."""
    folder, _, name = problem.place.path.rpartition("/")
    number = _FILES.index(name) if name in _FILES else len(_FILES)
    return folder, number, name, problem.place.line


def _as_json(
    year: int, steps: Sequence[Step], record: PublicationRecord | None
) -> dict[str, object]:
    published = {"date": record.date, "last": record.last_date} if record is not None else None
    return {
        "version": VERSION,
        "year": year,
        "published": published,
        "steps": [
            {"title": step.title, "problems": [p.as_json() for p in step.problems]}
            for step in steps
        ],
    }


def _print(
    arguments: argparse.Namespace,
    steps: Sequence[Step],
    record: PublicationRecord | None,
    answered_in: Mapping[Problem, str],
) -> None:
    # What cannot be built cannot be compared with what was published.
    uncompared = record is not None and any(p.severity == ERROR for s in steps for p in s.problems)
    for number, step in enumerate(steps, 1):
        nothing = "改正错误以后才能比较" if step.title == _CHANGED and uncompared else "没有"
        print(f"{number}. {step.title}：{f'{len(step.problems)} 处' if step.problems else nothing}")
        for path, found in groupby(step.problems, key=lambda problem: problem.place.path):
            problems = tuple(found)
            absent = is_to_be_made(arguments.data, path)
            print(f"   {path}{f'（{TO_BE_MADE}）' if absent else ''}")
            for group in told_together(problems):
                for line in _told(group, answered_in.get(group[0], "")):
                    print(f"     {line}")
            for line in _reasons_to_write(problems):
                print(f"     {line}")
    print(f"{len(steps) + 1}. 公布：{_state(arguments.year, steps, record)}")


def _told(group: Sequence[Problem], file: str) -> Iterator[str]:
    """The message, after the lines it is about, and the line that acknowledges it in `file`."""
    lines = {problem.place.line for problem in group} - {0}
    where = f"第 {span_names(lines)} 行  " if lines else ""
    yield f"{where}{group[0].message}" + (f"（{len(group)} 处）" if len(group) > 1 else "")
    yield from (f"  {line}" for line in acknowledging(group[0], file))


def _reasons_to_write(problems: Sequence[Problem]) -> Iterator[str]:
    """The lines of the reasons that a file lacks, together: they are copied into it as they stand."""
    lines = [line for problem in problems if (line := problem.hint.partition(REASON_LINE)[2])]
    if lines:
        yield "抄进这个文件，再把 待填 换成原因："
        yield from lines


def _state(year: int, steps: Sequence[Step], record: PublicationRecord | None) -> str:
    if record is not None:
        corrections = len(record.corrections)
        more = f"，更正 {corrections} 次，最近 {record.last_date}" if corrections else ""
        return f"已于 {record.date} 公布{more}"
    owed = any(step.problems for step in steps)
    return "还没有公布" + ("" if owed else f"，可以 publish {year} 了")
