"""`figures YEAR`: every name with its value, last year's, the change and its meaning."""

from __future__ import annotations

import argparse
import csv
import io
import json

from generator.commands.common import DONE, add_year_arguments, telling_problems
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITIONS, Definition
from generator.figures.figure import NegativeBase
from generator.load.budget import load_budget
from generator.numerals import prose_text
from generator.problems import terminal_cells

_HEADER = ("名称", "今年", "上年", "增减", "增幅", "单位", "含义", "依据")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument("--csv", action="store_true", help="输出 CSV")


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    loaded = load_budget(arguments.data, arguments.year)
    book = FigureBook(loaded.budget, loaded.catalogue)
    rows = [_row(book, definition) for definition in DEFINITIONS]
    if arguments.json:
        listed = [dict(zip(_HEADER, row, strict=True)) for row in rows]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
    elif arguments.csv:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows([_HEADER, *rows])
        print(buffer.getvalue(), end="")
    else:
        _print_table(rows)
    return DONE


def _row(book: FigureBook, definition: Definition) -> tuple[str, ...]:
    figure = book.named(definition.name)
    value = "待填" if figure.owed else "" if figure.printed is None else prose_text(figure.printed)
    prior = difference = rate = ""
    try:
        change = book.change(figure)
    except NegativeBase:
        difference = "上年为负"
    else:
        prior = "" if change.prior is None else prose_text(change.prior)
        difference = change.said
        if change.difference is not None and change.difference.printed is not None:
            difference += prose_text(abs(change.difference.printed))
        if change.rate is not None and change.rate.printed is not None:
            rate = f"{prose_text(change.rate.printed)}%"
    name, meaning, basis = definition.name, definition.meaning, definition.basis
    return name, value, prior, difference, rate, figure.measure, meaning, basis


def _print_table(rows: list[tuple[str, ...]]) -> None:
    shown = [_HEADER[:7], *(row[:7] for row in rows)]
    widths = [max(terminal_cells(row[i]) for row in shown) for i in range(7)]
    for row in shown:
        filled = (text + " " * (widths[i] - terminal_cells(text)) for i, text in enumerate(row))
        print("  ".join(filled).rstrip())
