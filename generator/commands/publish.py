"""`publish YEAR`: freeze the year as published; the next year compares with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from generator.build import Built
from generator.commands.common import (
    TO_MEND,
    add_year_arguments,
    calendar_date,
    done,
    say,
    show,
    telling_problems,
)
from generator.commands.output import put_all
from generator.load.reader import character_problems
from generator.outputs import render_outputs
from generator.problems import WARNING, Problem, ProblemsFound
from generator.publishing.changes import changed_figures, differences
from generator.publishing.freezing import (
    Disclosures,
    build_every,
    open_problems,
    published_files,
    refuses,
)
from generator.publishing.record import (
    FOLDER,
    Correction,
    PublicationRecord,
    altered_files,
    fingerprint_of,
    read_record,
    with_record,
)
from generator.rolling import unchecked_files, unchecked_told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument(
        "--date",
        type=calendar_date,
        metavar="日期",
        help="公布日期，不写就用 department.yaml 的；更正时是更正日期",
    )
    parser.add_argument("--document", type=_words, metavar="文号", help="批复或公布的文号")
    parser.add_argument(
        "--correct", type=_words, metavar="原因", help="已经公布过：写明更正的原因，重新存档"
    )


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    data, year = arguments.data, arguments.year
    disclosures = build_every(data, year, arguments.templates)
    built, units = disclosures
    answered_in = open_problems(disclosures.every)
    stopping = (*filter(refuses, answered_in), *altered_files(data, year - 1))
    if stopping:
        show(stopping, arguments.json, answered_in)
        what = f"还有 {len(stopping)} 处没有解决，待填的要填，警告要处理，属实的按编号确认"
        print(f"不能公布：{what}。", file=sys.stderr)
        return TO_MEND
    render_outputs(built, ("docx",))  # opened again: Word's copy must say the same
    files = published_files(built, units)
    record = read_record(data, year)
    if record is None:
        if arguments.correct:
            return _refused(arguments, (), f"{year} 年还没有公布，没有什么可更正。")
        date = arguments.date or built.document.date
        if date[:7] != built.document.date[:7]:
            cover = f"封面的公布日期是 {built.document.date}"
            return _refused(
                arguments, (), f"{cover}，写的是 {date}：先改 department.yaml 的 公布日期。"
            )
        record = PublicationRecord(date, fingerprint_of(files), arguments.document or "")
        return _freeze(arguments, record, files)
    changed = tuple(_changes(arguments, disclosures, record))
    if not changed:
        say(arguments, f"{year} 年已经公布（{record.last_date}），内容没有变，什么也没有写。")
        return done(arguments)
    if not arguments.correct:
        hint = f"用 publish {year} --correct “原因” 写明更正，或恢复原样"
        return _refused(arguments, changed, f"{year} 年已经公布过，内容变了：{hint}。")
    correction = Correction(
        _date_of_correction(arguments, built, record),
        arguments.correct,
        fingerprint_of(files),
        arguments.document or "",
        _listed(built, data, changed),
    )
    corrected = replace(record, corrections=(*record.corrections, correction))
    return _freeze(arguments, corrected, files, record)


def _changes(
    arguments: argparse.Namespace, disclosures: Disclosures, record: PublicationRecord
) -> Iterator[Problem]:
    """What is not as it was published: the frozen files themselves, the documents, the 文号."""
    altered = tuple(altered_files(arguments.data, arguments.year))
    yield from altered
    for one in () if altered else disclosures.every:
        yield from differences(one, arguments.data, record)
    if arguments.document not in (None, record.last_document):
        message = f"文号公布时是“{record.last_document}”，现在是“{arguments.document}”"
        hint = "核对文号；确要更正，写明 --correct"
        yield Problem("published-changed", message, record.place, hint, WARNING)


def _date_of_correction(
    arguments: argparse.Namespace, built: Built, record: PublicationRecord
) -> str:
    """The date given, or that of the corrected document; ProblemsFound if it cannot be."""
    last = record.last_date
    date: str = arguments.date or built.document.date
    if date < last or (date == last and not arguments.date):
        message = f"更正日期 {date} 不在上一次公布（{last}）以后"
        hint = "写明更正日期：--date 年-月-日，或改 department.yaml 的 公布日期"
        raise ProblemsFound([Problem("correction-date", message, record.place, hint)])
    return date


def _listed(built: Built, data: Path, changed: tuple[Problem, ...]) -> tuple[str, ...]:
    """What the record says of a correction: the figures it changed, or else what was noticed."""
    readable = all(problem.rule == "published-changed" for problem in changed)
    figures = changed_figures(built.book, data) if readable else ()
    return figures or tuple(dict.fromkeys(problem.message for problem in changed))


def _freeze(
    arguments: argparse.Namespace,
    record: PublicationRecord,
    files: Mapping[str, bytes],
    former: PublicationRecord | None = None,
) -> int:
    folder = arguments.data / str(arguments.year) / FOLDER
    written = with_record(files, record)
    names = {file.name for file in former.files} if former is not None else set()
    put_all(folder, written, [n for n in names - written.keys() if (folder / n).is_file()])
    what = "更正并重新存档了" if former is not None else "已存档"
    say(arguments, f"{what} {arguments.year} 年公布的内容（{record.last_date}）：{folder}")
    copied = unchecked_files(arguments.data, arguments.year)
    if copied:
        say(arguments, f"注意：{unchecked_told(copied)}")
    return done(arguments)


def _refused(arguments: argparse.Namespace, found: tuple[Problem, ...], message: str) -> int:
    show(found, arguments.json)
    print(message, file=sys.stderr)
    return TO_MEND


def _words(text: str) -> str:
    """One line of words that a data file may hold."""
    words = " ".join(text.split())
    if not words or character_problems(words, ""):
        raise argparse.ArgumentTypeError(f"{text!r} 是空的，或者有看不见的字符")
    return words
