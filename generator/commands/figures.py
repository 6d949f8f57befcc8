"""`figures YEAR`: all a template may name, with its meaning; figures and texts with their values,
figures with last year's and the change too.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from generator.commands.common import DONE, add_year_arguments, telling_problems
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITIONS, Definition
from generator.figures.figure import NegativeBase
from generator.load.budget import load_budget
from generator.narrative.names import context_of, named_texts
from generator.narrative.place_loading import load_place
from generator.narrative.vocabulary import FILTERS, LISTS, TESTS
from generator.numerals import prose_text
from generator.problems import ProblemsFound, terminal_cells

_HEADER = ("名称", "今年", "上年", "增减", "增幅", "单位", "含义", "依据")
_SHOWN_COLUMNS = 7


class _Part(NamedTuple):
    """What one kind of name is listed as; `use` says how a template writes it."""

    name: str
    use: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def records(self) -> list[dict[str, str]]:
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument("--csv", action="store_true", help="输出 CSV")


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    loaded = load_budget(arguments.data, arguments.year)
    book = FigureBook(loaded.budget, loaded.catalogue)
    figures = _Part("指标", "", _HEADER, [_row(book, definition) for definition in DEFINITIONS])
    others = _other_parts(_texts(book, arguments.templates))
    parts = (figures, *others)
    if arguments.json:
        records = {part.name: part.records() for part in parts}
        print(json.dumps(records, ensure_ascii=False, indent=2))
    elif arguments.csv:
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, _HEADER, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for part in parts:
            writer.writerows(part.records())
        print(buffer.getvalue(), end="")
    else:
        _print_table([row[:_SHOWN_COLUMNS] for row in (_HEADER, *figures.rows)])
        for part in others:
            print(f"\n{part.name}：{part.use}")
            _print_table([part.header, *part.rows])
    return DONE


def _other_parts(texts: Sequence[tuple[str, ...]]) -> tuple[_Part, ...]:
    lists = [(name, "、".join(kinds), meaning) for name, (meaning, kinds) in LISTS.items()]
    filters = [(name, rule.meaning) for name, rule in FILTERS.items()]
    return (
        _Part(
            "文字",
            "模板里写 {{ 部门名称 }}，印出来是下面“今年”一栏的字",
            ("名称", "今年", "含义"),
            texts,
        ),
        _Part(
            "清单",
            "模板里写 {% for 一项 in 收入来源 %}{{ 一项.名称 }}{% endfor %}",
            ("名称", "每项有", "含义"),
            lists,
        ),
        _Part("写法", "写在指标后面，如 {{ 三公经费 | 增减 }}", ("名称", "含义"), filters),
        _Part("判断", "如 {% if 三公经费 is 增加 %}", ("名称", "含义"), [*TESTS.items()]),
    )


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
