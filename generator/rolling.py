"""A new year's folder from the year before: structure and texts carried over, every amount owed.

The files are changed where amounts, dates and the year stand and nowhere else, so that comments,
order and layout stay as people keep them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from generator.fields import AMOUNT, DATE, OWED_TEXT, YEAR, FieldType, ListOf, RecordOf
from generator.load.budget import LIST_FILES, MAPPING_FILES, load_budget
from generator.load.editing import Edit, EditableText
from generator.load.reader import Mapping as MappingNode
from generator.load.reader import Node, Scalar, Sequence, child, read_yaml
from generator.load.records import declared_fields
from generator.load.units import UNIT_FILES, load_unit_records, unused_files
from generator.model import Budget
from generator.problems import Place, Problem, ProblemsFound
from generator.units import disclosed_units

# What belongs to its year: totals issued, findings acknowledged, the crosswalk from the year before.
_OF_ITS_YEAR = ("controls.yaml", "acknowledged.yaml", "recode.yaml")
_EDITION = "科目版本"
# 结转, a fiscal term, is what it said before 照抄.
_FORMER_HEAD = re.compile(r"\A# [0-9]{4}年数据，(?:由 [0-9]{4} 年结转|照 [0-9]{4} 年的建).*\n")


class Rolled(NamedTuple):
    """Name below data/<year>/ -> content; and what was left behind because nobody uses it."""

    files: dict[str, bytes]
    unused: tuple[str, ...]


def rolled_forward(data: Path, year: int, edition: str) -> Rolled:
    """data/<year>/ made from data/<year-1>/.

    ProblemsFound if the year exists already, or if the year before is not there or is wrong.
    """
    folder, source = data / str(year), data / str(year - 1)
    if any(folder.glob("*.yaml")) or any(folder.glob("units/*/*.yaml")):
        message, hint = f"{year} 年的数据已经有了", "要重来先移走这个文件夹"
        raise ProblemsFound([Problem("year-exists", message, Place(f"{year}/"), hint)])
    loaded = load_budget(data, year - 1)
    for unit in disclosed_units(loaded.budget.department):
        load_unit_records(data, loaded, unit)
    files = {
        name: _rolled(source / name, f"{year - 1}/{name}", record, year, edition)
        for name, record in _carried(source, loaded.budget)
    }
    return Rolled(files, unused_files(data, year - 1))


def unchecked_files(data: Path, year: int) -> tuple[str, ...]:
    """The files of a year that are used and say in their first line that they were copied."""
    folder = data / str(year)
    files = (*folder.glob("*.yaml"), *folder.glob("units/*/*.yaml"))
    copied = {
        file.relative_to(data).as_posix()
        for file in files
        if file.is_file() and _FORMER_HEAD.match(_text_of(file))
    }
    return tuple(sorted(copied.difference(unused_files(data, year))))


def unchecked_told(files: Iterable[str]) -> str:
    """One line about `unchecked_files`."""
    return f"照抄上年、还没有核对的（核对完删掉文件第一行）：{'、'.join(files)}"


def _text_of(file: Path) -> str:
    """Nothing if it cannot be read: loading it says so."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def edition_for(year: int, editions: tuple[str, ...]) -> str:
    """The newest edition not newer than the year, or else the oldest; there is at least one."""
    return max((e for e in editions if int(e) <= year), default=min(editions))


def _carried(source: Path, budget: Budget) -> Iterator[tuple[str, type]]:
    """The files that are carried over and the records they hold."""
    records = {**MAPPING_FILES, **LIST_FILES}
    for unit in disclosed_units(budget.department):
        records |= {f"units/{unit.code}/{name}": cls for name, cls in UNIT_FILES.items()}
    for name, record in records.items():
        if Path(name).name not in _OF_ITS_YEAR and (source / name).is_file():
            yield name, record


def _rolled(file: Path, path: str, record: type, year: int, edition: str) -> bytes:
    source = EditableText(path, file.read_bytes())
    node = read_yaml(source.content, path)
    former = _FORMER_HEAD.match(source.text)
    end = former.end() if former else 0
    head = f"# {year}年数据，照 {year - 1} 年的建：金额和原因待填，其余是照抄的，核对完删掉这一行"
    head += (
        f"；下面的说明是 {year - 1} 年写的，不合今年的一并删掉。\n"
        if source.text[end : end + 1] == "#"
        else "。\n"
    )
    edits = [(0, end, head)]
    if file.name == "department.yaml":
        edits.append(_edition_edit(node, source, edition))
    edits += ((*_span(source, scalar), new) for scalar, new in _new_texts(record, node, year))
    return source.edited(edits)


def _new_texts(record: type, node: Node | None, year: int) -> Iterator[tuple[Scalar, str]]:
    """Amounts and reasons become 待填, dates the same day a year later, the year the new one."""
    for key, type_, scalar in _scalars(record, node):
        if scalar.text in ("", "~", "null"):
            continue
        if type_ is AMOUNT or key == "原因":
            yield scalar, OWED_TEXT
        elif type_ is DATE:
            yield scalar, f'"{_year_later(scalar.text)}"'
        elif type_ is YEAR:
            yield scalar, str(year)


def _scalars(record: type, node: Node | None) -> Iterator[tuple[str, FieldType, Scalar]]:
    """The scalars of a record, or of a list of records, with their keys and types."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(record, item)
    if isinstance(node, MappingNode):
        declared = declared_fields(record)
        for key, value in node.pairs:
            type_ = declared[key.text].type
            inner = type_ if isinstance(type_, FieldType) else _record_of(type_)
            if isinstance(inner, type):
                yield from _scalars(inner, value)
            elif isinstance(value, Scalar):
                yield key.text, inner, value


def _record_of(nested: ListOf | RecordOf) -> FieldType | type:
    return nested.record if isinstance(nested, RecordOf) else nested.item


def _edition_edit(node: Node | None, source: EditableText, edition: str) -> Edit:
    """The catalogue edition, in its place or before the year."""
    assert isinstance(node, MappingNode)
    known = child(node, _EDITION)
    if isinstance(known, Scalar):
        return *_span(source, known), f'"{edition}"' if known.text else f' "{edition}"'
    year = next(key for key, _ in node.pairs if key.text == "年度")
    at = source.offset_of(year.line, year.column)
    flow = source.text[source.offset_of(node.line, node.column)] == "{"
    return at, at, f'{_EDITION}: "{edition}"{", " if flow else chr(10)}'


def _span(source: EditableText, scalar: Scalar) -> tuple[int, int]:
    """Where a value stands; ProblemsFound if it is on several lines."""
    at = source.offset_of(scalar.line, scalar.column)
    span = source.span_of(scalar) if scalar.text or not scalar.plain else (at, at)
    if span is None:
        place = Place(source.path, scalar.line, scalar.column)
        message = "这项内容写成了几行，照抄时认不出到哪里为止"
        raise ProblemsFound([Problem("several-lines", message, place, "改写在同一行里")])
    return span


def _year_later(date: str) -> str:
    """The same day of the next year; 29 February becomes the 28th."""
    day = datetime.date.fromisoformat(date)
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year + 1).isoformat()
