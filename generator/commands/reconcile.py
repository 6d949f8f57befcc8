"""`reconcile FILE.docx`: wording edited in Word back into the templates and texts that printed it.

Exit codes: 0 nothing to bring back, 1 something proposed, reported or in conflict, 2 the file
cannot be used, or nothing could be written.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from generator.build import Built
from generator.commands.common import locked_message
from generator.commands.output import Locked, replace_all
from generator.commands.sources import (
    Sources,
    add_source_arguments,
    build_for,
    read_file,
    sources_of,
    told_unusable,
)
from generator.reconcile.destination import SHARED, THIS_YEAR, NoOwnFolder, contents_of, is_own
from generator.reconcile.files import SourceFiles
from generator.reconcile.reconciliation import Reconciliation, reconcile
from generator.reconcile.report import report_json, report_text
from generator.reconcile.workbench import Workbench
from generator.verify.choice import Candidate, choose
from generator.verify.package import UnusableFile
from generator.verify.reading import Found
from generator.verify.report import CURRENT, Compared

NOTHING, SOMETHING, UNUSABLE = 0, 1, 2
_UNSURE = (
    "注意：这份文件生成以后，模板和数据里改过的字，也会当成是在 Word 里改回去的：逐条看过再写。"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="文件.docx", type=Path, help="改过以后交回来的 Word 文件")
    add_source_arguments(parser)
    parser.add_argument(
        "--to",
        choices=(SHARED, THIS_YEAR),
        help="模板的改动写到哪里：模板（共用的，以后各年也这样）或 本年（只给本年用的模板文件夹）",
    )
    parser.add_argument("--repeats", action="store_true", help="同一行模板在别处也印的，同意一起改")
    parser.add_argument("--write", action="store_true", help="把可以收回的写进去；不写就只是看")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON，供别的程序读")


def run(arguments: argparse.Namespace) -> int:
    try:
        found = read_file(arguments.file)
        sources = sources_of(arguments, found)
        built = _buildable(sources)
        chosen = choose(found, sources.candidates)
    except UnusableFile as error:
        return told_unusable(arguments, error)
    files = SourceFiles(arguments.data, arguments.templates, built.place.name)
    reconciled = _reconciled(arguments, found, chosen, built, files)
    remarks = (*sources.remarks, _UNSURE) if chosen.name == CURRENT else sources.remarks
    compared = Compared(str(arguments.file), chosen.name, remarks)
    write = report_json if arguments.json else report_text
    print(write(reconciled, files, compared), end="")
    if not reconciled.accepted:
        return NOTHING if reconciled.nothing else SOMETHING
    return _finish(arguments, reconciled, files, built.book.department.year)


def _buildable(sources: Sources) -> Built:
    if sources.built is None:
        raise UnusableFile("；".join(sources.remarks) or "现在的数据生成不了文件")
    return sources.built


def _reconciled(
    arguments: argparse.Namespace, found: Found, chosen: Candidate, built: Built, files: SourceFiles
) -> Reconciliation:
    year = built.book.department.year

    def rebuild(data: Path, templates: Path) -> Built:
        copied = argparse.Namespace(data=data, templates=templates, unit=arguments.unit)
        return build_for(copied, year, found.title)

    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(Path(folder), files, year, rebuild)
        return reconcile(found, chosen.baseline, built, files, bench, repeats=arguments.repeats)


def _finish(
    arguments: argparse.Namespace, reconciled: Reconciliation, files: SourceFiles, year: int
) -> int:
    """Write what was accepted, if asked to; the report has been shown."""
    shared = [
        change.path
        for change in reconciled.accepted
        if files.is_template(change.path) and not is_own(files, change.path, year)
    ]
    if not arguments.to and shared:
        _tell(
            f"\n其中 {len(set(shared))} 个是共用的模板文件。写进去时要选："
            f"--to {SHARED}（以后各年也这样）或 --to {THIS_YEAR}（只改本年）。"
        )
        if arguments.write:
            _tell("还没有选，什么也没有写。")
            return UNUSABLE
    if arguments.to != THIS_YEAR:
        for path in dict.fromkeys(shared):
            if (place := path.partition("/")[0]) != files.place:
                _tell(
                    f"\n注意：{path} 是 {files.place} 沿用 {place} 的，改了它，用 {place} 的部门都跟着变。"
                    f"只改 {files.place} 的，先把这个文件复制到 {files.place}/ 的同样位置，再运行一次。"
                )
    try:
        contents = contents_of(files, reconciled.accepted, arguments.to or SHARED, year)
    except NoOwnFolder as error:
        _tell(f"\n{error}" + ("\n什么也没有写。" if arguments.write else ""))
        return UNUSABLE if arguments.write else SOMETHING
    if not arguments.write:
        _tell("\n这是试运行，什么也没有写。要写进去，加 --write。")
        return SOMETHING
    try:
        replace_all(contents)
    except Locked as error:
        _tell(f"{locked_message(error)}什么也没有写。")
        return UNUSABLE
    _tell("")
    for file in contents:
        _tell(f"写了 {file}")
    return SOMETHING


def _tell(message: str) -> None:
    """Beside the report, so that JSON on stdout stays whole."""
    print(message, file=sys.stderr)
