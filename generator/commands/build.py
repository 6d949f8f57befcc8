"""`build YEAR`: the whole disclosure, written completely or not at all."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from generator.build import Built, build_disclosure, build_loaded, build_unit, load_for
from generator.commands.common import (
    DONE,
    TO_MEND,
    add_folder,
    add_formats,
    add_whose,
    add_year_arguments,
    guarded,
    locked_message,
    show,
)
from generator.commands.output import Locked, Replaced, note_failure, write_all
from generator.commands.paging import paging_of, pdf_problems, remember, width_problems
from generator.load.budget import Loaded
from generator.load.units import stray_folders
from generator.model import Unit
from generator.office.pages import NOT_NEEDED, Paging
from generator.outputs import FORMATS, file_stem, put_aside, render_outputs
from generator.problems import WARNING, Problem, ProblemsFound, raise_errors
from generator.publishing.changes import changed_since
from generator.publishing.freezing import sum_problems
from generator.units import disclosed_units

PDF = "pdf"  # made from the Word file by LibreOffice
ALL_FORMATS = (*FORMATS, PDF)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    add_folder(parser, "out", "输出文件夹，里面一年一个子文件夹")
    add_whose(parser, "生成")
    listed = "、".join(ALL_FORMATS)
    meaning = f"要写的格式，逗号分开：{listed}（另外总写 model.json、facts.json）"
    add_formats(parser, ALL_FORMATS, meaning)
    parser.add_argument(
        "--no-pages",
        action="store_true",
        help="目录页码只用记录的，不启动 LibreOffice 去排（要 PDF 时总要启动）",
    )


def run(arguments: argparse.Namespace) -> int:
    folder = arguments.out / str(arguments.year)
    if arguments.unit:
        folder = folder / "units" / arguments.unit
    build = _build_all if arguments.all else _build_one
    return guarded(
        arguments,
        lambda: build(arguments, folder),
        lambda problems: note_failure(folder, problems),
    )


def _build_one(arguments: argparse.Namespace, folder: Path) -> int:
    unit = arguments.unit or ""
    built = build_disclosure(arguments.data, arguments.year, arguments.templates, unit)
    made = _made(arguments, built)
    replaced = made.write(folder)
    pages_note = remember(made.paging, made.built, arguments.data)
    show(made.built.problems, arguments.json)
    say_replaced(replaced)
    if not arguments.json:
        _summary(made.built, folder, made.files)
        print(pages_note, end="")
    return TO_MEND if made.built.document.draft else DONE


class Made(NamedTuple):
    """A disclosure with its files, ready to be written."""

    built: Built
    files: dict[str, bytes]
    paging: Paging

    def write(self, folder: Path) -> Replaced:
        owner, aside = self.built.book.department.code, partial(put_aside, self.built)
        return write_all(folder, self.files, owner=owner, aside=aside)


def _made(arguments: argparse.Namespace, built: Built) -> Made:
    paging = _paging(arguments, built)
    changed = changed_since(built, arguments.data)
    found = (*built.problems, *paging.problems, *changed)
    of_pages = (*width_problems(paging, built), *pdf_problems(paging, built))
    built = replace(built, problems=(*found, *of_pages))
    pure = tuple(name for name in arguments.formats if name != PDF)
    files = render_outputs(built, pure, paging.page_by_target)
    if paging.pdf is not None:
        files[f"{file_stem(built)}.{PDF}"] = paging.pdf
    return Made(built, files, paging)


def _build_all(arguments: argparse.Namespace, folder: Path) -> int:
    """The department's disclosure and every unit's: all of them are written, or none."""
    loaded = load_for(arguments.data, arguments.year, arguments.templates)
    raise_errors(stray_folders(arguments.data, loaded))
    whole = build_loaded(loaded, arguments.data, arguments.templates)
    made = {folder: _made(arguments, whole)}
    for unit, one in _every_unit(arguments, loaded, whole):
        made[folder / "units" / unit.code] = one
    replaced = list[Replaced]()
    for number, (place, one) in enumerate(made.items()):
        try:
            replaced.append(one.write(place))
        except Locked as error:
            print(f"{locked_message(error)}这次只写好 {number} 份。", file=sys.stderr)
            return TO_MEND
        remember(one.paging, one.built, arguments.data)
    show([p for one in made.values() for p in one.built.problems], arguments.json)
    for former in replaced:
        say_replaced(former)
    if not arguments.json:
        _summary_of_all(made)
    return TO_MEND if any(one.built.document.draft for one in made.values()) else DONE


def _every_unit(
    arguments: argparse.Namespace, loaded: Loaded, whole: Built
) -> Iterator[tuple[Unit, Made]]:
    """Each unit's disclosure, with progress; ProblemsFound after the last with those of all."""
    units = disclosed_units(loaded.budget.department)
    parts, problems = list[Built](), list[Problem]()
    for number, unit in enumerate(units, 1):
        try:
            built = build_unit(loaded, unit, arguments.data, arguments.templates)
            parts.append(built)
            yield unit, _made(arguments, built)
            state = "草稿" if built.document.draft else "完成"
        except ProblemsFound as error:
            problems += error.problems
            state = "有错"
        print(f"[{number}/{len(units)}] {unit.code} {unit.name}：{state}", file=sys.stderr)
    if not problems:
        problems += sum_problems(whole, parts)
    raise_errors(problems)


def _paging(arguments: argparse.Namespace, built: Built) -> Paging:
    """The pages of the formats that have pages."""
    pdf = PDF in arguments.formats
    if not pdf and "docx" not in arguments.formats:
        return Paging(NOT_NEEDED)
    return paging_of(built, arguments.data, pdf=pdf, measure=not arguments.no_pages)


def say_replaced(replaced: Replaced) -> None:
    for line in replaced.lines():
        print(line, file=sys.stderr)


def _summary(built: Built, folder: Path, files: dict[str, bytes]) -> None:
    state = "草稿" if built.document.draft else "完成"
    print(f"{state}：{built.document.title}")
    for name, content in files.items():
        print(f"  {folder / name}（{len(content) / 1024:.0f} KB）")
    if built.document.draft:
        print(f"还欠 {len(built.owed)} 处，见上面的清单；补齐后重新生成就是正式文件。")
    warned = sum(problem.severity == WARNING for problem in built.ledger.problems)
    if warned:
        print(f"另有 {warned} 条警告，公布以前要处理；status 列出离公布还差什么。")


def _summary_of_all(made: dict[Path, Made]) -> None:
    drafts = [one.built for one in made.values() if one.built.document.draft]
    units = len(made) - 1
    added = "各单位之和等于部门的数" if units else "department.yaml 写明不做单位预算公开"
    print(f"共 {len(made)} 份（部门 1 份，单位 {units} 份），{added}。")
    for place, one in made.items():
        print(f"  {place}{os.sep}{file_stem(one.built)}")
    for built in drafts:
        print(f"草稿：{built.document.title}，还欠 {len(built.owed)} 处")
