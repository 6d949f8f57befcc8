"""Duties of disclosure: what must be there, from a versioned list in data.

A duty is a section (a heading), a table, a note, the note of an empty table, a printed figure or
its comparison with last year inside a section, or words; it is done, not applicable (with its
basis), still owed, or missing. Duties inside a missing one are missing with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from generator.document import BODY, OWED, WORD, Document, Heading, Segment, Table, text_of
from generator.fields import TEXT, Record, References, choice, key
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.load.reader import read_yaml
from generator.load.records import Converter
from generator.problems import WARNING, Place, Problem, ProblemsFound, suggestion
from generator.units import records_folder

DONE, NOT_APPLICABLE, MISSING, UNFILLED = "已公开", "不适用", "缺少", "待填"
SECTION, TABLE, NOTE, EMPTY_NOTE = "章节", "表", "表注", "空表说明"
FIGURE, CHANGE, WORDS = "数", "增减", "文字"
_KINDS = (SECTION, TABLE, NOTE, EMPTY_NOTE, FIGURE, CHANGE, WORDS)
# The one section that is nothing but a text of department.yaml or unit.yaml.
_WRITTEN_DUTIES = "主要职责"
_CHANGE_SUFFIX = ".增减额"
_OF_A_YEAR = re.compile(r"[12][0-9]{3}\.yaml")


@dataclass(frozen=True, slots=True)
class Duty(Record):
    """One line of duties/<edition>.yaml, of the data, of a place, or the shipped one."""

    id: str = key("编号", TEXT, "编号，上级编号加点号：5.1 属于 5")
    name: str = key("名称", TEXT, "要公开什么")
    kind: str = key("类型", choice("类型", *_KINDS), "怎么认出来")
    match: str = key("查找", TEXT, "标题、表名或文字里要有的字样；数和增减写指标名称")
    basis: str = key("依据", TEXT, "文件和条款")
    without: str = key("不适用时", TEXT, "这个指标没有数时不适用", "")


class Fulfilment(NamedTuple):
    """A duty and how it stands.

    `basis` says why a duty does not apply; `place` is where a missing one belongs, if that is known.
    """

    duty: Duty
    state: str
    basis: str = ""
    place: Place | None = None


def load_duties(data: Path, folder: str, year: int) -> tuple[Duty, ...]:
    """The list below `data`/`folder`, as `duties_among` chooses it."""
    names = (f"{folder}/{file.name}" for file in (data / folder).glob("*.yaml"))
    return duties_among({name: (name, (data / name).read_bytes()) for name in names}, folder, year)


def duties_among(
    files: Mapping[str, tuple[str, bytes]], folder: str, year: int
) -> tuple[Duty, ...]:
    """The newest list of `folder` that is not newer than `year`; ProblemsFound if a list has no year
    for a name, or the chosen one is not well formed.

    `files`: path below a root -> (path as problems show it, content).
    """
    within = [path for path in files if PurePosixPath(path).parent == PurePosixPath(folder)]
    unnamed = [path for path in within if not _OF_A_YEAR.fullmatch(PurePosixPath(path).name)]
    if unnamed:
        raise ProblemsFound(_without_a_year(files[path][0]) for path in unnamed)
    usable = [path for path in within if int(PurePosixPath(path).stem) <= year]
    return _read(*files[max(usable)]) if usable else ()


def _without_a_year(shown: str) -> Problem:
    message, hint = "公开内容清单的文件名不是年份，不会用它", "改名为从哪年起用，如 2016.yaml"
    return Problem("unknown-file", message, Place(shown), hint)


@lru_cache(maxsize=8)
def _read(path: str, content: bytes) -> tuple[Duty, ...]:
    converter = Converter(path, References())
    node = read_yaml(content, path)
    duties = converter.records(Duty, node) if node is not None else ()
    problems = [*converter.problems, *_list_problems(duties)]
    if problems:
        raise ProblemsFound(problems)
    return duties


def _list_problems(duties: tuple[Duty, ...]) -> Iterator[Problem]:
    """Numbers given twice, and figures that are not registered."""
    seen: dict[str, Place] = {}
    for duty in duties:
        first = seen.setdefault(duty.id, duty.place)
        if first is not duty.place:
            message = f"编号 {duty.id} 写了两次"
            yield Problem("duplicate-duty", message, duty.place, "改编号", related=(first,))
        named = [duty.match] if duty.kind in (FIGURE, CHANGE) else []
        for name in filter(None, (*named, duty.without)):
            if name not in DEFINITION_BY_NAME:
                hint = suggestion(name, DEFINITION_BY_NAME) or "make figures 列出全部指标"
                yield Problem("unknown-figure", f"没有名为“{name}”的指标", duty.place, hint)


def fulfilments(
    duties: tuple[Duty, ...], document: Document, book: FigureBook
) -> tuple[Fulfilment, ...]:
    """How each duty stands; a part of a missing whole is missing."""
    found: dict[str, Fulfilment] = {}
    content = _content(document)
    for duty in duties:
        whole = found.get(duty.id.rpartition(".")[0])
        if whole is not None and whole.state != DONE:
            found[duty.id] = whole._replace(duty=duty)
        else:
            found[duty.id] = _judge(duty, content, book, whole)
    return tuple(found.values())


def duty_problems(states: tuple[Fulfilment, ...], book: FigureBook) -> Iterator[Problem]:
    """A problem per missing duty, where it is to be mended, else at the line that demands it."""
    who = book.department.name if book.budget.unit_alone else ""
    for state in states:
        if state.state == MISSING:
            duty = state.duty
            yield Problem(
                "duty-missing",
                f"{who}缺少应当公开的内容：{duty.id} {duty.name}（{duty.kind}“{duty.match}”）",
                state.place or duty.place,
                f"{_how_to_mend(duty, book)}；依据：{duty.basis}",
                WARNING,
                related=(duty.place,) if state.place else (),
            )


def _how_to_mend(duty: Duty, book: FigureBook) -> str:
    if _is_unwritten(duty, book):
        return f"写上 {duty.match}，一条一段"
    if duty.kind in (SECTION, TABLE):
        name = "标题" if duty.kind == SECTION else "表名"
        return f"在模板里补上；有这一项、只是{name}不同，改 {duty.place.path} 的 查找"
    return "在模板里补上"


@dataclass(slots=True)
class _Section:
    """A heading, and what stands below it down to the next one that is not inside it."""

    title: str
    level: int
    place: Place | None
    texts: list[str] = field(default_factory=list)
    figures: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)  # figures whose change is spoken of
    stated: bool = False  # something else stands there than what is owed


class _Content(NamedTuple):
    """What can be found: the sections, and the tables with their titles."""

    sections: tuple[_Section, ...]
    tables: tuple[tuple[str, Table], ...]

    def sections_of(self, words: str) -> list[_Section]:
        """Those whose heading has these words."""
        return [section for section in self.sections if words in section.title]

    def tables_of(self, words: str) -> list[Table]:
        return [table for title, table in self.tables if words in title]


def _content(document: Document) -> _Content:
    sections: list[_Section] = []
    still_open: list[_Section] = []
    tables = []
    for block in document.blocks():
        if isinstance(block, Heading):
            section = _Section(text_of(block.segments), block.level, block.place)
            still_open = [outer for outer in still_open if outer.level < block.level] + [section]
            sections.append(section)
            continue
        if isinstance(block, Table):
            text = text_of(block.title)
            tables.append((text, block))
            figures, compared, stated = set[str](), set[str](), True
        else:
            text = text_of(block.segments)
            figures, compared, stated = _said(block.segments)
        for section in still_open:
            section.texts.append(text)
            section.figures |= figures
            section.compared |= compared
            section.stated |= stated
    return _Content(tuple(sections), tuple(tables))


def _said(segments: tuple[Segment, ...]) -> tuple[set[str], set[str], bool]:
    """The figures that are printed and those whose change is spoken of; whether more stands there than what is owed."""
    names: set[str] = set()
    words: set[str] = set()
    says_something = False
    for text, kind, figure, _ in segments:
        if figure and kind != WORD:
            names.add(figure)
            if figure.endswith(_CHANGE_SUFFIX):
                words.add(figure.removesuffix(_CHANGE_SUFFIX))
        if figure and kind in (WORD, OWED):
            # Words about a figure say how it changed; so does what is owed in their place.
            words.add(figure)
        if kind != OWED and not says_something:
            says_something = bool(text.strip("，。；"))
    return names, words, says_something


def _judge(duty: Duty, content: _Content, book: FigureBook, whole: Fulfilment | None) -> Fulfilment:
    basis = _not_applicable(duty, content, book)
    if basis:
        return Fulfilment(duty, NOT_APPLICABLE, basis)
    if not _present(duty, content, whole):
        return Fulfilment(duty, MISSING, place=_belongs(duty, content, book, whole))
    return Fulfilment(duty, UNFILLED if _only_owed(duty, content) else DONE)


def _is_unwritten(duty: Duty, book: FigureBook) -> bool:
    """Whether it is the data, not the template, that does not say it."""
    return duty.match == _WRITTEN_DUTIES and not book.department.duties


def _belongs(
    duty: Duty, content: _Content, book: FigureBook, whole: Fulfilment | None
) -> Place | None:
    """The file to write it in, else the table or the heading of the whole it is a part of."""
    if _is_unwritten(duty, book):
        name = "unit.yaml" if book.budget.unit_alone else "department.yaml"
        return Place(f"{records_folder(book.budget)}/{name}", 1)
    if whole is None:
        return None
    tables = content.tables_of(whole.duty.match) if whole.duty.kind == TABLE else []
    places = [table.place for table in tables]
    places += [section.place for section in content.sections_of(whole.duty.match)]
    return next(iter(places), None)


def _only_owed(duty: Duty, content: _Content) -> bool:
    """A section of which nothing is written yet."""
    if duty.kind != SECTION:
        return False
    written = [section for section in content.sections_of(duty.match) if any(section.texts)]
    return bool(written) and not any(section.stated for section in written)


def _not_applicable(duty: Duty, content: _Content, book: FigureBook) -> str:
    """Why a duty does not apply to these data, or nothing."""
    if duty.without and not book.named(duty.without):
        return f"没有{duty.without}"
    if duty.kind == CHANGE and book.prior_fact(book.named(duty.match)) is None:
        return "没有上年公布的数"
    tables = content.tables_of(duty.match) if duty.kind == EMPTY_NOTE else []
    if tables and all(any(row.role == BODY for row in table.rows) for table in tables):
        return "表里有数"
    return ""


def _present(duty: Duty, content: _Content, whole: Fulfilment | None) -> bool:
    if duty.kind == SECTION:
        return any(any(section.texts) for section in content.sections_of(duty.match))
    if duty.kind in (TABLE, NOTE, EMPTY_NOTE):
        tables = content.tables_of(duty.match)
        return bool(tables) if duty.kind == TABLE else any(table.notes for table in tables)
    sections = content.sections_of(whole.duty.match if whole is not None else "")
    if duty.kind == FIGURE:
        return any(duty.match in section.figures for section in sections)
    if duty.kind == CHANGE:
        return any(duty.match in section.compared for section in sections)
    return any(duty.match in text for section in sections for text in section.texts)
