"""What is frozen of a published year: next year compares with this and with nothing else.

facts.yaml (figures and reasons, of the department and of every unit), model.json, facts.json, the
text, and the line items they were computed from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from generator.build import Built, build_loaded, build_unit, load_for, printed_figures
from generator.checks.units import department_equals_units, summable, values_in
from generator.fields import OWED_TEXT
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.expressions import Ratio, Select, Subtract
from generator.figures.figure import Figure
from generator.figures.last_year import family_name
from generator.load.units import stray_folders
from generator.money import Money
from generator.problems import OWED, ROUNDING, Problem, ProblemsFound, raise_errors
from generator.publishing.record import TEXT_FILE, quoted
from generator.units import disclosed_units, records_folder
from generator.writers.evidence import write_facts, write_model
from generator.writers.text import write_text

DEPARTMENT = ""  # in place of a unit's code
ACKNOWLEDGED_FILE = "acknowledged.yaml"
FACTS_FILE, MODEL_FILE, LINES_FILE = "facts.yaml", "model.json", "lines.csv"
# Families whose items are all printed: what is not listed was zero.
COMPLETE = ("一般公共预算支出", "政府性基金支出", "国有资本经营预算支出")

# Measures that hold the lines themselves; the others are made of these.
_MEASURES = ("支出", "收入", "财政拨款收入", "年终结转", "采购")
# Column of lines.csv -> attribute of an entry.
_COLUMNS: Mapping[str, str] = {
    "单位": "unit",
    "资金来源": "fund",
    "来源年度": "written_origin",
    "财政拨款": "fiscal",
    "类别": "kind",
    "项目": "project",
    "功能科目": "function",
    "经济科目": "economic",
    "政府经济科目": "government_economic",
    "采购目录": "procurement_category",
}
LINE_COLUMNS = ("明细", *_COLUMNS, "金额", "位置")


def refuses(problem: Problem) -> bool:
    """Whether an open problem keeps a document from being published: anything owed, every warning.

    A warning is a doubt that nobody has answered for; to acknowledge it takes one line. 尾差 are
    explained by the note in the text.
    """
    return problem.severity != ROUNDING


def refusals(built: Built) -> tuple[Problem, ...]:
    return tuple(filter(refuses, built.problems))


def open_problems(disclosures: Iterable[Built]) -> dict[Problem, str]:
    """What is open in any of them -> the file that can acknowledge it, or nothing if none can.

    A warning of the department's is not repeated for the units: it is answered for there.
    """
    found: dict[Problem, str] = {}
    told: set[str] = set()
    for number, built in enumerate(disclosures):
        file = f"{records_folder(built.book.budget)}/{ACKNOWLEDGED_FILE}"
        findings = {problem for entry in built.ledger.entries for problem in entry.findings}
        new = [p for p in built.problems if p.severity == OWED or p.fingerprint not in told]
        for problem in new:
            waivable = problem.severity != OWED and problem in findings
            found.setdefault(problem, file if waivable else "")
        if number == 0:
            told = {problem.fingerprint for problem in new}
    return found


class Disclosures(NamedTuple):
    """The department's own and that of every unit, by its code."""

    whole: Built
    units: Mapping[str, Built]

    @property
    def every(self) -> tuple[Built, ...]:
        return (self.whole, *self.units.values())


def build_every(data: Path, year: int, templates: Path) -> Disclosures:
    """All that is published of a year; ProblemsFound with what stops any of it."""
    built, problems = build_what_can_be(data, year, templates)
    raise_errors(problems)
    return Disclosures(built.pop(DEPARTMENT), built)


def build_what_can_be(
    data: Path, year: int, templates: Path
) -> tuple[dict[str, Built], tuple[Problem, ...]]:
    """The disclosures of a year by unit code, the department's first, and what stops the others.

    Units are built once the department is; they must add up to it.
    """
    built: dict[str, Built] = {}
    problems: list[Problem] = []
    try:
        loaded = load_for(data, year, templates)
        problems += stray_folders(data, loaded)
        built[DEPARTMENT] = build_loaded(loaded, data, templates)
    except ProblemsFound as error:
        return built, (*problems, *error.problems)
    units = disclosed_units(loaded.budget.department)
    for unit in units:
        try:
            built[unit.code] = build_unit(loaded, unit, data, templates)
        except ProblemsFound as error:
            problems += error.problems
    whole, *parts = built.values()
    if len(parts) == len(units):
        problems += sum_problems(whole, parts)
    return built, tuple(problems)


def sum_problems(whole: Built, units: Iterable[Built]) -> Iterator[Problem]:
    """The figures of the department that are not the sum of those of its units, if they are made."""
    parts = tuple(units)
    if not parts:
        return
    figures = summable(whole.book, (name for name, _, _ in printed_figures(whole.document)))
    values = (values_in(built.book, figures) for built in parts)
    yield from department_equals_units(whole.book, figures, values)


def published_files(built: Built, units: Mapping[str, Built]) -> dict[str, bytes]:
    """Name below published/ -> content, without the record."""
    return {
        FACTS_FILE: facts_yaml(built).encode(),
        MODEL_FILE: write_model(built.document),
        "facts.json": write_facts(built),
        TEXT_FILE: write_text(built.document),
        LINES_FILE: _lines_csv(built.book).encode(),
        **{unit_facts_file(code): facts_yaml(unit).encode() for code, unit in units.items()},
    }


def unit_facts_file(code: str) -> str:
    return f"units/{code}/{FACTS_FILE}"


def facts_yaml(built: Built) -> str:
    """The figures and reasons a document was published with, a line each."""
    book, department = built.book, built.book.department
    names = dict.fromkeys(name for name, _, _ in printed_figures(built.document))
    names |= dict.fromkeys(DEFINITION_BY_NAME)
    lines = [
        f"# {department.year}年公布的数，由 publish 写成；不要手改，更正用 publish --correct。",
        f"年度: {department.year}",
        f"部门名称: {quoted(department.name)}",
        f"公布单位: {department.measure_name}",
        f"完整: [{', '.join(COMPLETE)}]",
        "数据:",
    ]
    lines += [
        f"  - {{{_target(book, figure)}, 数值: {_printed(book, figure)}}}"
        for figure in map(book.resolve, names)
        if not isinstance(figure.expression, Ratio | Subtract)
    ]
    reasons = [
        reason
        for reason in book.budget.reasons
        if reason.figure and reason.reason not in ("", OWED_TEXT)
    ]
    lines += ["原因:"] if reasons else []
    for reason in reasons:
        function = f', 功能科目: "{reason.function}"' if reason.function else ""
        lines.append(
            f"  - {{指标: {quoted(reason.figure)}{function}, 原因: {quoted(reason.reason)}}}"
        )
    return "\n".join(lines) + "\n"


def _printed(book: FigureBook, figure: Figure) -> Decimal:
    """As printed in a sentence: a figure without any line reads 0."""
    if figure.printed is not None:
        return figure.printed
    return book.published_measure.round(0) if figure.is_amount else Decimal(0)


def _target(book: FigureBook, figure: Figure) -> str:
    """指标 (and 功能科目, for an item of a named family) of a fact's line."""
    expression = figure.expression
    if isinstance(expression, Select):
        family = family_name(figure, "功能科目")
        code = next((v for d, v in expression.filters if d == "功能科目"), ())
        if family != figure.name and family in DEFINITION_BY_NAME and len(code) == 1:
            return f'指标: {quoted(family)}, 功能科目: "{code[0]}"'
    return f"指标: {quoted(figure.name)}"


def line_rows(book: FigureBook) -> Iterator[tuple[str, ...]]:
    """The line items behind the figures, in the columns of LINE_COLUMNS; secret ones are not there."""
    for measure in _MEASURES:
        for entry in book.measures[measure].entries:
            values = (getattr(entry, attribute) for attribute in _COLUMNS.values())
            yield measure, *values, str(Money(entry.fen).yuan), entry.place.file_line


def _lines_csv(book: FigureBook) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(LINE_COLUMNS)
    writer.writerows(line_rows(book))
    return text.getvalue()
