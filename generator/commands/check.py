"""`check YEAR`: the ledger of everything that is checked; writes nothing but the page asked for."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from generator.build import Stopped, build_disclosure
from generator.commands.common import DONE, TO_MEND, add_year_arguments, guarded
from generator.problems import OWED, ROUNDING, WARNING, Problem, ProblemsFound
from generator.publishing.changes import changed_since
from generator.review.ledger import NOTHING_RUN, Ledger, stopped_ledger
from generator.review.ledger_page import ledger_page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument("--strict", action="store_true", help="有没确认的警告也算不通过")
    parser.add_argument(
        "--page", type=Path, metavar="文件.html", help="另写一页可以打印签字的检查台账"
    )


def run(arguments: argparse.Namespace) -> int:
    def action() -> int:
        try:
            built = build_disclosure(arguments.data, arguments.year, arguments.templates)
        except ProblemsFound as error:
            ledger = stopped_ledger(error.ledger if isinstance(error, Stopped) else NOTHING_RUN)
            if not arguments.json:
                findings = tuple(p for entry in ledger.entries for p in entry.findings)
                _print_ledger(Checked(f"{arguments.year}年", ledger, findings))
                raise
            _print_record(arguments.year, "", ledger, error.problems)
            return TO_MEND
        problems = (*built.problems, *changed_since(built, arguments.data))
        if arguments.page:
            arguments.page.parent.mkdir(parents=True, exist_ok=True)
            page = ledger_page(replace(built, problems=problems))
            arguments.page.write_text(page, encoding="utf-8", newline="\n")
        if arguments.json:
            department = built.book.department
            _print_record(department.year, department.name, built.ledger, problems)
        else:
            _print_ledger(Checked(built.document.title, built.ledger, problems))
        warned = any(problem.severity == WARNING for problem in problems)
        return TO_MEND if built.owed or (arguments.strict and warned) else DONE

    return guarded(arguments, action)


class Checked(NamedTuple):
    """What is printed; `problems` are those still open."""

    title: str
    ledger: Ledger
    problems: tuple[Problem, ...]


def _print_record(
    year: int, department: str, ledger: Ledger, problems: tuple[Problem, ...]
) -> None:
    record = ledger_record(year, department, ledger, problems)
    print(json.dumps(record, ensure_ascii=False, indent=2))


def ledger_record(
    year: int, department: str, ledger: Ledger, problems: tuple[Problem, ...]
) -> dict[str, object]:
    """The ledger as JSON: every rule with its state and findings, every duty, what else is open.

    `department` is empty if its data could not be read.
    """
    return {
        "version": 1,
        "year": year,
        "department": department,
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
        "problems": [problem.as_json() for problem in problems],
    }


def _answered(ledger: Ledger, problem: Problem) -> dict[str, object]:
    answer = ledger.answered[problem.fingerprint]
    return problem.as_json() | {"person": answer.person, "reason": answer.reason}


def _print_ledger(checked: Checked) -> None:
    print(f"{checked.title}：检查台账")
    for entry in checked.ledger.entries:
        note = f"（{entry.not_run}）" if entry.not_run else ""
        count = f" {len(entry.findings)} 条" if entry.findings else ""
        print(f"  [{entry.state}]{count} {entry.title}{note}  {entry.id} {entry.basis}")
        for problem in entry.findings:
            print(_indented(problem))
        for problem in entry.acknowledged:
            answer = checked.ledger.answered[problem.fingerprint]
            print(f"      {problem.place}: {problem.message}")
            print(f"          {answer.person}确认（{answer.place.file_line}）：{answer.reason}")
    in_ledger = {p for entry in checked.ledger.entries for p in entry.findings}
    others = [problem for problem in checked.problems if problem not in in_ledger]
    if others:
        print("其他：")
        for problem in others:
            print(_indented(problem))
    if checked.ledger.duties:
        print("公开内容：")
    for state in checked.ledger.duties:
        basis = f"（{state.basis}）" if state.basis else ""
        print(f"  [{state.state}] {state.duty.id} {state.duty.name}{basis}")
    print(_totals(checked))


def _indented(problem: Problem) -> str:
    text = str(problem)
    if problem.severity in (WARNING, ROUNDING):
        text += f"\n    编号 {problem.fingerprint}：确认无误可写进 acknowledged.yaml"
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
