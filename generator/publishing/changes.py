"""What is no longer as it was published: figures, line items, words, and where they stand now."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from generator.build import Built
from generator.document import (
    FIGURE,
    WORD,
    Block,
    Cell,
    Document,
    Segment,
    Table,
    text_of,
)
from generator.figures.book import FigureBook
from generator.figures.last_year import qualified_name
from generator.load.records import parse_record
from generator.model import Published
from generator.numerals import prose_text
from generator.problems import WARNING, Place, Problem, ProblemsFound
from generator.publishing.freezing import (
    FACTS_FILE,
    LINES_FILE,
    MODEL_FILE,
    line_rows,
    unit_facts_file,
)
from generator.publishing.record import (
    FOLDER,
    PublicationRecord,
    altered_files,
    read_record,
)
from generator.writers.evidence import write_model
from generator.writers.model_reader import UnreadableModel, read_model

# More changed lines or paragraphs than this are counted, not listed.
LISTED = 20
# Characters of a paragraph that are quoted.
OPENING = 24
# What a reader does not see of the model.
_UNSEEN = frozenset(("version", "id", "key", "figure", "place"))

Found = tuple[str, Place]  # what changed, and where it stands


class Line(NamedTuple):
    """An amount in yuan and where it stands, as file:line."""

    amount: str
    where: str


def changed_since(built: Built, data: Path) -> Iterator[Problem]:
    """Warnings: a published year that is no longer what was published, or a base that was altered.

    Of a unit's own disclosure only the figures are frozen. ProblemsFound if published/ is damaged.
    """
    year = built.book.department.year
    yield from altered_files(data, year - 1)
    record = read_record(data, year)
    if record is None:
        return
    altered = tuple(altered_files(data, year))
    yield from altered or differences(built, data, record)


def differences(built: Built, data: Path, record: PublicationRecord) -> Iterator[Problem]:
    """How the disclosure differs from the frozen one: in all, then line by line."""
    book = built.book
    figures = changed_figures(book, data)
    found: list[Found] = []
    if book.budget.unit_alone:
        differs = bool(figures)
    else:
        content, frozen = _frozen_model(book, data)
        differs = _as_printed(content) != _as_printed(write_model(built.document))
        if figures or differs:
            found += _changed_lines(book, data)
            words = _changed_words(frozen, built.document)
            # Another figure may print another sentence of the template: that is no edit.
            own = f"{book.department.year}/"
            found += (w for w in words if not figures or w[1].path.startswith(own))
    if figures or differs:
        yield _changed(book, _in_all(book, record, figures), record.place)
    yield from (_changed(book, message, place) for message, place in found[:LISTED])
    if len(found) > LISTED:
        message, place = found[LISTED]
        yield _changed(book, f"{message}（连这一处还有 {len(found) - LISTED} 处改动）", place)


def changed_figures(book: FigureBook, data: Path) -> tuple[str, ...]:
    """收入总计 公布 1553.3，现在 1563.3: the frozen figures that are others now."""
    changed = []
    for fact in _frozen_facts(book, data).facts:
        name = qualified_name(fact.figure, fact.function)
        try:
            now = book.resolve(name).printed
        except KeyError:
            now = None
        if (now or Decimal(0)) != (fact.amount or Decimal(0)):
            before, after = (
                "空" if value is None else prose_text(value) for value in (fact.amount, now)
            )
            changed.append(f"{name} 公布 {before}，现在 {after}")
    return tuple(changed)


def _in_all(book: FigureBook, record: PublicationRecord, figures: tuple[str, ...]) -> str:
    who = book.department.name if book.budget.unit_alone else ""
    listed = "；".join(figures[:5]) + ("…" if len(figures) > 5 else "")
    what = f"{len(figures)} 个数不同：{listed}" if figures else "数没有变，文字或版式变了"
    published = f"{book.department.year} 年已经公布（{record.last_date}）"
    return f"{published}，现在生成的{who}和公布的不一样，{what}"


def _changed(book: FigureBook, message: str, place: Place) -> Problem:
    hint = f"恢复原样；确要更正，用 publish {book.department.year} --correct “原因” 写明"
    return Problem("published-changed", message, place, hint, WARNING)


# What was frozen


def _frozen_facts(book: FigureBook, data: Path) -> Published:
    unit = book.budget.unit_alone
    name = unit_facts_file(book.department.code) if unit else FACTS_FILE
    path = f"{book.department.year}/{FOLDER}/{name}"
    if unit and not (data / path).is_file():
        return Published(book.department.year, "")  # a unit that was none when this was published
    return parse_record(Published, _frozen(book, data, name), path)


def _frozen_model(book: FigureBook, data: Path) -> tuple[bytes, Document]:
    content = _frozen(book, data, MODEL_FILE)
    try:
        return content, read_model(content)
    except UnreadableModel as error:
        place = Place(f"{book.department.year}/{FOLDER}/{MODEL_FILE}", 1)
        hint = "从备份恢复 published/"
        raise ProblemsFound([Problem("published-damaged", str(error), place, hint)]) from error


def _frozen(book: FigureBook, data: Path, name: str) -> bytes:
    return (data / str(book.department.year) / FOLDER / name).read_bytes()


# Line items


def _changed_lines(book: FigureBook, data: Path) -> Iterator[Found]:
    """Lines with another amount, new ones, and those that are gone, in file order."""
    text = _frozen(book, data, LINES_FILE).decode()
    before = _by_identity([tuple(row) for row in csv.reader(io.StringIO(text))][1:])
    after = _by_identity(line_rows(book))
    found: dict[Place, tuple[str, str]] = {}
    for identity in {**after, **before}:
        old, new = before.get(identity, []), after.get(identity, [])
        for had, has in zip_longest(_without(old, new), _without(new, old)):
            line = has or had
            assert line is not None
            place = _place(line.where)
            kind, message = _line_change(identity, had, has)
            # A line that was one thing and is another has gone and come at the same place.
            same = found.setdefault(place, (kind, message))[0] == kind
            found[place] = found[place] if same else (kind, "这一行公布以后改过")
    for place, (_, message) in sorted(found.items()):
        yield message, place


def _by_identity(rows: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, ...], list[Line]]:
    """Amounts and places by everything else that a line says."""
    lines: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for *identity, amount, where in rows:
        lines[tuple(identity)].append(Line(amount, where))
    return lines


def _without(lines: list[Line], others: list[Line]) -> list[Line]:
    """The lines whose amount the others do not have, or not as often."""
    left = Counter(line.amount for line in others)
    kept = []
    for line in lines:
        if left[line.amount] > 0:
            left[line.amount] -= 1
        else:
            kept.append(line)
    return kept


def _line_change(identity: tuple[str, ...], had: Line | None, has: Line | None) -> tuple[str, str]:
    """The kind of a change, and how it is told."""
    named = "、".join(value for value in identity[1:] if value)
    if had is None:
        assert has is not None
        return "come", f"公布以后新加的一行：{named}，{has.amount} 元"
    if has is None:
        return "gone", f"公布时这里的一行没有了：{named}，{had.amount} 元"
    return "amount", f"公布以后改了金额：公布时 {had.amount} 元，现在 {has.amount} 元"


def _place(where: str) -> Place:
    path, _, line = where.rpartition(":")
    return Place(path, int(line))


# Words and layout


def _as_printed(model: bytes) -> object:
    """What a reader sees of a model.json."""
    return _seen(json.loads(model))


def _seen(value: object) -> object:
    if isinstance(value, dict):
        return {name: _seen(item) for name, item in value.items() if name not in _UNSEEN}
    return [_seen(item) for item in value] if isinstance(value, list) else value


def _changed_words(old: Document, new: Document) -> Iterator[Found]:
    """Paragraphs and tables whose words are others, by their identity; figures do not count.

    A line of a template that was edited in what it does not print has another identity, but says
    the same.
    """
    before = {block.id: block for block in old.blocks()}
    after = {block.id: block for block in new.blocks()}
    said = Counter(_said(block) for identity, block in before.items() if identity not in after)
    for identity, block in after.items():
        had, has = _words(before.get(identity)), _words(block)
        if identity not in before and said[_said(block)]:
            said[_said(block)] -= 1
        elif [words for words, _ in had] != [words for words, _ in has]:
            place = next((p for words, p in has if words not in {w for w, _ in had}), None)
            yield f"公布以后改了文字：{_opening(block)}", place or block.place or Place("")
    for identity, block in before.items():
        if identity not in after and said[_said(block)]:
            said[_said(block)] -= 1
            yield f"公布的这一段没有了：{_opening(block)}", block.place or Place("")


def _said(block: Block) -> tuple[str, ...]:
    return tuple(words for words, _ in _words(block))


def _words(block: Block | None) -> list[tuple[str, Place | None]]:
    """The words of a block that are no figures or computed, each with its place."""
    pieces: Iterable[Segment | Cell]
    if isinstance(block, Table):
        notes = (segment for note in block.notes for segment in note)
        pieces = (*block.title, *(cell for row in block.rows for cell in row.cells), *notes)
    else:
        pieces = block.segments if block else ()
    return [(p.text, p.place) for p in pieces if p.text and p.kind not in (FIGURE, WORD)]


def _opening(block: Block) -> str:
    text = text_of(block.title if isinstance(block, Table) else block.segments)
    return text if len(text) <= OPENING else text[:OPENING] + "…"
