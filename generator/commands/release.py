"""`release YEAR` or `release FILE.docx`: the Word file to publish, with nothing private in it."""

from __future__ import annotations

import argparse
import sys
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from generator.build import Built
from generator.commands.common import TO_MEND, WRONG_USE, done, guarded, say, show
from generator.commands.output import put_all
from generator.commands.paging import paging_of, remember
from generator.commands.sources import add_source_arguments, build_for, bytes_of, sources_of
from generator.document import Document
from generator.office.pages import Paging
from generator.problems import Place, Problem, ProblemsFound, raise_errors
from generator.publishing.changes import changed_since
from generator.publishing.freezing import build_every, refusals
from generator.release.copying import draft_problem, problems_of_released, release_file
from generator.release.undecided import undecided
from generator.units import records_folder
from generator.verify.baseline import baseline_of
from generator.verify.choice import choose
from generator.verify.comparison import compare
from generator.verify.package import UnusableFile
from generator.verify.reading import read_returned
from generator.writers.docx.document import write_docx
from generator.writers.docx.proof import problems_of_written

FOLDER = "公布"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", metavar="年度或文件.docx", help="四位年度：由数据生成；文件：改过的 Word 文件"
    )
    add_source_arguments(parser)
    parser.add_argument(
        "--all", action="store_true", help="部门的和每个单位的都写出；有一份不能公布就都不写"
    )
    parser.add_argument(
        "--with-differences",
        action="store_true",
        help="文件里有改过的数也照样写出（已经确认就这样公布）",
    )
    parser.add_argument("--json", action="store_true", help="问题写成 JSON，供别的程序读")


def run(arguments: argparse.Namespace) -> int:
    what = arguments.what
    is_year = what.isascii() and what.isdigit() and len(what) == 4 and not Path(what).is_file()
    if is_year and arguments.year not in (None, int(what)):
        print(f"年度写了两个：{what} 和 --year {arguments.year}", file=sys.stderr)
        return WRONG_USE
    if arguments.all and (arguments.unit or not is_year):
        print("--all 和年度一起用，不再写 --unit：release 年度 --all", file=sys.stderr)
        return WRONG_USE
    arguments.file = Path(what)
    try:
        if is_year:
            return guarded(arguments, lambda: _release_year(arguments, int(what)))
        return guarded(arguments, lambda: _release_file(arguments))
    except UnusableFile as error:
        if arguments.json:
            show((Problem("unusable-file", str(error), Place(what)),), as_json=True)
        else:
            print(f"{what}：{error}", file=sys.stderr)
        return WRONG_USE


def _release_year(arguments: argparse.Namespace, year: int) -> int:
    data, templates = arguments.data, arguments.templates
    every = (
        build_every(data, year, templates).every if arguments.all else (build_for(arguments, year),)
    )
    drafts = [built for built in every if built.document.draft]
    if drafts:
        owed = dict.fromkeys(problem for built in drafts for problem in built.owed)
        raise ProblemsFound([*owed, draft_problem(str(year))])
    open_in = [(*refusals(built), *changed_since(built, data)) for built in every]
    if stopping := tuple(dict.fromkeys(chain.from_iterable(open_in))):
        show(stopping, arguments.json)
        print(
            "不能写出要公布的文件：警告要先处理，或在 acknowledged.yaml 确认（与 publish 同样要求）。",
            file=sys.stderr,
        )
        return TO_MEND
    ready = []
    for number, built in enumerate(every, 1):
        ready.append(_released(built, arguments))
        if arguments.all:
            print(f"[{number}/{len(every)}] {built.document.title}", file=sys.stderr)
    for released in ready:
        folder = arguments.out / records_folder(released.built.book.budget) / FOLDER
        document = released.built.document
        _write(folder, f"{document.title}.docx", released.content, arguments)
        remember(released.paging, released.built, data)
        _say_left_out(arguments, _left_out(document))
    return done(arguments)


class _Released(NamedTuple):
    """A disclosure and the Word file to publish."""

    built: Built
    content: bytes
    paging: Paging


def _released(built: Built, arguments: argparse.Namespace) -> _Released:
    paging = paging_of(built, arguments.data, pdf=False, measure=True)
    pages = paging.page_by_target
    content = write_docx(built.document, built.place.style, pages=pages, anchors=False)
    raise_errors(problems_of_written(built.document, content))
    raise_errors(problems_of_released(content))
    if not arguments.json:
        show((*built.problems, *paging.problems), as_json=False)
    return _Released(built, content, paging)


def _left_out(document: Document) -> tuple[str, ...]:
    """What the working copy has and a release has not."""
    baseline = baseline_of(document)
    figures, rows = len(baseline.figure_anchors), len(baseline.row_anchors)
    return (
        f"数的内部标记 {figures} 个、表格行的内部标记 {rows} 个",
        "内部标记与指标名称的对照",
        "model.json、facts.json 留在办公室，不公布",
    )


def _release_file(arguments: argparse.Namespace) -> int:
    content = bytes_of(arguments.file)
    found = read_returned(content)
    sources = sources_of(arguments, found)
    chosen = choose(found, sources.candidates)
    released = release_file(content, chosen.baseline.document, str(arguments.file))
    # What is published is compared, not what it was made from: nothing may be lost on the way.
    published = read_returned(released.content)
    differences = compare(chosen.baseline, published, sources.current).findings
    if not arguments.with_differences:
        raise_errors(undecided(differences, str(arguments.file)))
    name = arguments.file.with_suffix(".docx").name
    _write(arguments.file.parent / FOLDER, name, released.content, arguments)
    for remark in sources.remarks:
        say(arguments, remark)
    _say_left_out(arguments, released.removed)
    if differences:
        found_other = f"要公布的文件与{chosen.name}有 {len(differences)} 处不同"
        say(arguments, f"注意：{found_other}，公布前先看 verify 的结果。")
    return done(arguments)


def _write(folder: Path, name: str, content: bytes, arguments: argparse.Namespace) -> None:
    put_all(folder, {name: content})
    say(arguments, f"要公布的文件：{folder / name}（{len(content) / 1024:.0f} KB）")


def _say_left_out(arguments: argparse.Namespace, left_out: tuple[str, ...]) -> None:
    say(arguments, "没有带出去的：", *(f"  {line}" for line in left_out))
