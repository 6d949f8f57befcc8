"""`publish YEAR`: freeze the year as published; the next year compares with it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from generator.build import build_disclosure
from generator.commands.common import DONE, TO_MEND, add_year_arguments, guarded, show
from generator.commands.output import write_all
from generator.publishing import (
    Correction,
    PublicationRecord,
    fingerprint,
    published_files,
    read_record,
    refusals,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument("--date", metavar="日期", help="公布日期，不写就用 department.yaml 的")
    parser.add_argument("--document", default="", metavar="文号", help="批复或公布的文号")
    parser.add_argument("--correct", metavar="原因", help="已经公布过：写明更正的原因，重新冻结")


def run(arguments: argparse.Namespace) -> int:
    def action() -> int:
        year = arguments.year
        built = build_disclosure(arguments.data, year, arguments.templates)
        record = read_record(arguments.data, year)
        stopping = refusals(built)
        if stopping:
            show(stopping, arguments.json)
            print(
                f"不能公布：还有 {len(stopping)} 处没有解决（待填、警告都要先处理或确认）。",
                file=sys.stderr,
            )
            return TO_MEND
        mark = fingerprint(built)
        date = arguments.date or built.document.date
        if record is not None and record.current == mark:
            print(f"{year} 年已经公布（{record.date}），内容没有变，什么也没有写。")
            return DONE
        if record is not None and not arguments.correct:
            show(built.problems, arguments.json)
            print(
                "已经公布过，内容变了：用 --correct “原因” 写明更正，或恢复原样。", file=sys.stderr
            )
            return TO_MEND
        if record is None:
            record = PublicationRecord(date, mark, arguments.document)
        else:
            correction = Correction(date, arguments.correct, mark)
            record = replace(record, corrections=(*record.corrections, correction))
        folder = arguments.data / str(year) / "published"
        write_all(folder, published_files(built, record), remember=False)
        print(f"已冻结 {year} 年公布的内容：{folder}")
        return DONE

    return guarded(arguments, action)
