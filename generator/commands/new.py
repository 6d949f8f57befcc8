"""`new YEAR`: a new year's folder from the year before, every amount and reason 待填."""

from __future__ import annotations

import argparse

from generator.commands.common import DONE, add_year_arguments, guarded
from generator.commands.output import write_all
from generator.load.budget import SHIPPED_CATALOGUE
from generator.rolling import rolled_forward


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    def action() -> int:
        roots = (arguments.data / "catalogue", SHIPPED_CATALOGUE)
        editions = {p.parent.name for root in roots for p in root.glob("[12]???/function.csv")}
        files = rolled_forward(arguments.data, arguments.year, tuple(sorted(editions)))
        folder = arguments.data / str(arguments.year)
        write_all(folder, files, remember=False)
        print(f"建好了 {folder}，共 {len(files)} 个文件。")
        print("下一步：填金额和原因，核对单位、职责、指标和日期；随时可以生成草稿，")
        print(f"      还欠什么看 python -m generator status {arguments.year}")
        return DONE

    return guarded(arguments, action)
