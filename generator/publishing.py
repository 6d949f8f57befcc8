"""Freezing a year as it was published, and noticing when it changes afterwards.

`data/<year>/published/` holds facts.yaml (what next year compares with), model.json, facts.json, the
text, and record.yaml: date, document number, fingerprint, and every correction with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from generator.build import Built, printed_figures
from generator.fields import DATE, TEXT, ListOf, References, key
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.expressions import Ratio, Select, Subtract
from generator.figures.figure import Figure
from generator.load.budget import PUBLISHED_FILE
from generator.load.reader import Unreadable, read_yaml
from generator.load.records import Converter
from generator.model import Published
from generator.problems import WARNING, Place, Problem, ProblemsFound
from generator.writers.evidence import write_facts, write_model
from generator.writers.text import write_text

RECORD_FILE = "published/record.yaml"
# Families whose items are all printed: what is not listed was zero.
COMPLETE = ("一般公共预算支出", "政府性基金支出", "国有资本经营预算支出")


@dataclass(frozen=True, slots=True)
class Correction:
    """更正: an explicit change of what was published."""

    date: str = key("日期", DATE, "更正日期")
    reason: str = key("原因", TEXT, "为什么更正")
    fingerprint: str = key("指纹", TEXT, "更正以后的指纹")
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """record.yaml: when and as what the year was published."""

    date: str = key("日期", DATE, "公布日期")
    fingerprint: str = key("指纹", TEXT, "公布时文档模型的指纹")
    document: str = key("文号", TEXT, "批复或公布的文号", "")
    corrections: tuple[Correction, ...] = key("更正", ListOf(Correction), "以后的更正", ())
    place: Place = field(default=Place(""), compare=False)

    @property
    def current(self) -> str:
        return self.corrections[-1].fingerprint if self.corrections else self.fingerprint


def fingerprint(built: Built) -> str:
    """SHA-256 of the document's text: another figure, word or row is another fingerprint."""
    return sha256(write_text(built.document)).hexdigest()


def read_record(data: Path, year: int) -> PublicationRecord | None:
    """The record of a published year, or None; ProblemsFound if it is damaged."""
    path = f"{year}/{RECORD_FILE}"
    if not (data / path).is_file():
        return None
    try:
        node = read_yaml((data / path).read_bytes(), path)
    except Unreadable as error:
        raise ProblemsFound(error.problems) from None
    converter = Converter(path, References())
    record = converter.record(PublicationRecord, node)
    if converter.problems or record is None:
        raise ProblemsFound(converter.problems)
    return record


def refusals(built: Built) -> tuple[Problem, ...]:
    """What keeps a build from being published: anything owed, any open warning."""
    return tuple(p for p in built.problems if p.severity != "尾差")


def published_files(built: Built, record: PublicationRecord) -> Mapping[str, bytes]:
    """File name below published/ -> content."""
    return {
        "facts.yaml": _facts_yaml(built).encode(),
        "record.yaml": _record_yaml(record).encode(),
        "model.json": write_model(built.document),
        "facts.json": write_facts(built),
        "text.txt": write_text(built.document),
    }


def changed_since(built: Built, data: Path) -> Iterator[Problem]:
    """A published year whose document is no longer what was published; the figures are named."""
    year = built.book.department.year
    record = read_record(data, year)
    if record is None or record.current == fingerprint(built):
        return
    figures = _changed_figures(built.book, data, year)
    listed = "；".join(figures[:5]) + ("…" if len(figures) > 5 else "")
    yield Problem(
        "published-changed",
        f"{year} 年已经公布（{record.date}），现在生成的和公布的不一样"
        + (f"：{listed}" if figures else "：数没有变，文字或排列变了"),
        record.place,
        f"恢复原样；确要更正，用 publish {year} --correct “原因” 写明",
        WARNING,
    )


def _changed_figures(book: FigureBook, data: Path, year: int) -> list[str]:
    path = f"{year}/{PUBLISHED_FILE}"
    file = data / path
    if not file.is_file():
        return []
    converter = Converter(path, References())
    published = converter.record(Published, read_yaml(file.read_bytes(), path))
    changed = []
    for fact in published.facts if published is not None else ():
        name = book.qualified_name(fact.figure, fact.function)
        try:
            now = book.resolve(name).printed
        except KeyError:
            now = None
        if (now or Decimal(0)) != (fact.amount or Decimal(0)):
            changed.append(f"{name} 公布 {fact.amount}，现在 {'空' if now is None else now}")
    return changed


def _facts_yaml(built: Built) -> str:
    book, department = built.book, built.book.department
    names = dict.fromkeys(name for name, _, _ in printed_figures(built.document))
    names |= dict.fromkeys(DEFINITION_BY_NAME)
    lines = [
        f"# {department.year}年公布的数，由 publish 写成；不要手改，更正用 publish --correct。",
        f"年度: {department.year}",
        f"部门名称: {_quoted(department.name)}",
        f"公布单位: {department.measure_name}",
        f"完整: [{', '.join(COMPLETE)}]",
        "数据:",
    ]
    lines += [
        f"  - {{{_target(book, figure)}, 数值: {_printed(book, figure)}}}"
        for figure in map(book.resolve, names)
        if not isinstance(figure.expression, Ratio | Subtract)
    ]
    reasons = [reason for reason in book.budget.reasons if reason.figure and reason.reason]
    if reasons:
        lines.append("原因:")
    for reason in reasons:
        function = f', 功能科目: "{reason.function}"' if reason.function else ""
        lines.append(
            f"  - {{指标: {_quoted(reason.figure)}{function}, 原因: {_quoted(reason.reason)}}}"
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
        family = book.family_name(figure, "功能科目")
        code = next((v for d, v in expression.filters if d == "功能科目"), ())
        if family != figure.name and family in DEFINITION_BY_NAME and len(code) == 1:
            return f'指标: {_quoted(family)}, 功能科目: "{code[0]}"'
    return f"指标: {_quoted(figure.name)}"


def _record_yaml(record: PublicationRecord) -> str:
    lines = [
        "# 公布记录，由 publish 写成。",
        f'日期: "{record.date}"',
        f"指纹: {record.fingerprint}",
    ]
    if record.document:
        lines.append(f"文号: {_quoted(record.document)}")
    if record.corrections:
        lines.append("更正:")
    lines += [
        f'  - {{日期: "{item.date}", 原因: {_quoted(item.reason)}, 指纹: {item.fingerprint}}}'
        for item in record.corrections
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar: any text is safe in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
