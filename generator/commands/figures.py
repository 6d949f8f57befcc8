"""`figures YEAR`: every name a sentence may print, with its value and meaning; figures with last
year's value and the change too.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.commands.common import DONE, add_year_arguments, telling_problems
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITIONS, Definition
from generator.figures.figure import NegativeBase
from generator.load.budget import load_budget
from generator.narrative.names import context_of, named_texts
from generator.narrative.place_loading import load_place
from generator.numerals import prose_text
from generator.problems import ProblemsFound, terminal_cells

_HEADER = ("名称", "今年", "上年", "增减", "增幅", "单位", "含义", "依据")
_TEXT_HEADER = ("名称", "今年", "含义")
_FIGURES, _TEXTS = "指标", "文字"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument("--csv", action="store_true", help="输出 CSV")


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    loaded = load_budget(arguments.data, arguments.year)
    book = FigureBook(loaded.budget, loaded.catalogue)
    rows = [_row(book, definition) for definition in DEFINITIONS]
    texts = _texts(book, arguments.templates)
    if arguments.json:
        parts = {
            _FIGURES: [dict(zip(_HEADER, row, strict=True)) for row in rows],
            _TEXTS: [dict(zip(_TEXT_HEADER, text, strict=True)) for text in texts],
        }
        print(json.dumps(parts, ensure_ascii=False, indent=2))
    elif arguments.csv:
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, _HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(dict(zip(_HEADER, row, strict=True)) for row in rows)
        writer.writerows(dict(zip(_TEXT_HEADER, text, strict=True)) for text in texts)
        print(buffer.getvalue(), end="")
    else:
        _print_table([_HEADER[:7], *(row[:7] for row in rows)])
        print("\n文字：模板里写 {{ 部门名称 }}，印出来是下面“今年”一栏的字")
        _print_table([_TEXT_HEADER, *texts])
    return DONE


def _texts(book: FigureBook, templates: Path) -> list[tuple[str, str, str]]:
    """Templates that are wrong cost the values: whoever mends them looks for a name here."""
    context: Mapping[str, object] = {}
    constants: Mapping[str, str] = {}
    try:
        phrases = load_place(templates, book.department.templates).phrases
    except ProblemsFound:
        print("模板里有错（check 列出），文字这次只列名称和含义。", file=sys.stderr)
    else:
        context, constants = context_of(book, phrases), phrases.constants
    return list(named_texts(context, constants))


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


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(terminal_cells, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        filled = (text + " " * (width - terminal_cells(text)) for text, width in cells)
        print("  ".join(filled).rstrip())
