"""`schema`: the JSON Schema of every data file, from the same declarations that validate them."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.commands.build import say_replaced
from generator.commands.common import DONE, PROJECT, telling_problems
from generator.commands.output import write_all
from generator.load.schema import schema_files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=PROJECT / "out" / "schema", metavar="文件夹", help="写到哪里"
    )
    parser.set_defaults(json=False)


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    files = schema_files()
    say_replaced(write_all(arguments.out, files))
    print(f"写了 {len(files)} 个 JSON Schema 文件到 {arguments.out}")
    return DONE
