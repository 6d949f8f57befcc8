"""`check YEAR`: everything a build would complain about; writes nothing."""

from __future__ import annotations

import argparse

from generator.build import build_disclosure
from generator.commands.common import DONE, TO_MEND, add_year_arguments, guarded, show
from generator.problems import OWED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    def action() -> int:
        built = build_disclosure(arguments.data, arguments.year, arguments.templates)
        show(built.problems, arguments.json)
        owed = sum(problem.severity == OWED for problem in built.problems)
        if not arguments.json:
            print(f"检查完毕：没有错误，{len(built.problems) - owed} 条警告，还欠 {owed} 处。")
        return TO_MEND if owed else DONE

    return guarded(arguments, action)
