"""`status YEAR`: what is still to do before the year can be published, in order."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import groupby

from generator.build import build_disclosure
from generator.commands.common import DONE, TO_MEND, add_year_arguments, guarded
from generator.problems import OWED, WARNING, Problem, problems_as_json
from generator.publishing import changed_since, read_record

_STEPS: tuple[tuple[str, Callable[[Problem], bool]], ...] = (
    ("一、填数和文字", lambda p: p.severity == OWED and p.rule != "missing-reason"),
    ("二、写增减原因", lambda p: p.severity == OWED and p.rule == "missing-reason"),
    ("三、处理或确认警告", lambda p: p.severity == WARNING),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    def action() -> int:
        built = build_disclosure(arguments.data, arguments.year, arguments.templates)
        problems = (*built.problems, *changed_since(built, arguments.data))
        if arguments.json:
            print(problems_as_json(problems), end="")
        else:
            for title, belongs in _STEPS:
                _print_step(title, [problem for problem in problems if belongs(problem)])
            record = read_record(arguments.data, arguments.year)
            state = f"已于 {record.date} 公布" if record else "还没有公布（publish）"
            print(f"四、公布：{state}")
        return TO_MEND if any(belongs(p) for p in problems for _, belongs in _STEPS) else DONE

    return guarded(arguments, action)


def _print_step(title: str, problems: list[Problem]) -> None:
    print(f"{title}：{f'还有 {len(problems)} 处' if problems else '没有'}")
    for path, group in groupby(problems, key=lambda problem: problem.place.path):
        print(f"  {path}")
        for problem in group:
            print(f"    第 {problem.place.line} 行  {problem.message}")
