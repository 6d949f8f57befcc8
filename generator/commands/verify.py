"""`verify FILE.docx`: which figures and words people changed in a file since it was built.

Exit codes: 0 the same, 1 differences, 2 the file cannot be used.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.commands.sources import add_source_arguments, read_file, sources_of, told_unusable
from generator.verify.choice import choose
from generator.verify.comparison import compare
from generator.verify.package import UnusableFile
from generator.verify.report import Compared, report_json, report_text

SAME, DIFFERENT = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="文件.docx", type=Path, help="改过以后交回来的 Word 文件")
    add_source_arguments(parser)
    parser.add_argument("--json", action="store_true", help="结果写成 JSON，供别的程序读")


def run(arguments: argparse.Namespace) -> int:
    try:
        found = read_file(arguments.file)
        sources = sources_of(arguments, found)
        chosen = choose(found, sources.candidates)
    except UnusableFile as error:
        return told_unusable(arguments, error)
    comparison = compare(chosen.baseline, found, sources.current)
    compared = Compared(str(arguments.file), chosen.name, sources.remarks)
    write = report_json if arguments.json else report_text
    print(write(comparison, compared), end="")
    return DIFFERENT if comparison.differs else SAME
