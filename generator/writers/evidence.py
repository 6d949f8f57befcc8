"""model.json and facts.json: the evidence that stays with the office beside the working copy.

model.json is the document, block by block, for the year diff and `verify`; facts.json lists every
printed figure with its exact value, formula and the data lines it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from generator.build import Built, printed_figures
from generator.document import (
    Block,
    Cell,
    Contents,
    Document,
    Heading,
    Row,
    Segment,
    Table,
)
from generator.figures.book import FigureBook
from generator.figures.figure import Figure
from generator.money import Money
from generator.problems import Place

MODEL_VERSION = 1
FACTS_VERSION = 1
# An item a line: json's own indentation is done by Python code and takes 30 times as long.
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_quoted = json.encoder.encode_basestring

# Up to this many lines are listed one by one: of 50,000 lines that alone would take 40 MB.
LISTED_SOURCES = 500


def write_model(document: Document) -> bytes:
    """The document as JSON: sections of blocks with ids, typed segments, tables with keys and spans."""
    properties = {
        "version": MODEL_VERSION,
        "title": document.title,
        "author": document.author,
        "subject": document.subject,
        "date": document.date,
        "draft": document.draft,
    }
    sections = [
        _object(
            {"orientation": section.orientation, "numbered": section.numbered},
            "blocks",
            [_block(block) for block in section.blocks],
        )
        for section in document.sections
    ]
    return (_object(properties, "sections", sections) + "\n").encode()


def write_facts(built: Built) -> bytes:
    """Every printed figure once, in the order of first printing."""
    printed: dict[str, list[tuple[str, str]]] = {}
    for name, text, where in printed_figures(built.document):
        printed.setdefault(name, []).append((text, where))
    book = built.book
    facts = _encoded([_fact(book, name, uses) for name, uses in printed.items()])
    head: dict[str, object] = {"version": FACTS_VERSION, "year": book.department.year}
    return (_object(head, "facts", facts) + "\n").encode()


def _fact(book: FigureBook, name: str, uses: list[tuple[str, str]]) -> dict[str, object]:
    figure = book.resolve(name)
    fact: dict[str, object] = {
        "name": figure.name,
        "exact": exact_text(figure),
        "exact_measure": "元" if isinstance(figure.exact, Money) else figure.measure,
        "printed": None if figure.printed is None else str(figure.printed),
        "measure": figure.measure,
        "formula": book.formula(figure),
        "sources": sources(book.places(figure)),
        "printed_as": sorted({text for text, _ in uses}),
        "places": [where for _, where in uses],
    }
    if figure.owed:
        fact["owed"] = True
    return fact


def exact_text(figure: Figure) -> str | None:
    """Yuan with two decimals for amounts, the plain number otherwise."""
    if figure.exact is None:
        return None
    if isinstance(figure.exact, Money):
        return str(figure.exact.yuan)
    if isinstance(figure.exact, Decimal):
        return str(figure.exact.normalize())
    return str(figure.exact)


def sources(places: Sequence[Place]) -> list[str]:
    """file:line of each place, which are in file order; very many as file:2-9,12,15-20 of each file."""
    if len(places) <= LISTED_SOURCES:
        return list(dict.fromkeys([f"{path}:{line}" for path, line, _ in places]))
    lines_by_path: dict[str, list[int]] = {}
    for path, line, _ in places:
        lines_by_path.setdefault(path, []).append(line)
    return [f"{path}:{_ranges(lines)}" for path, lines in lines_by_path.items()]


def _ranges(lines: list[int]) -> str:
    """2, 3, 4, 7 -> 2-4,7"""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line <= runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)


def _block(block: Block) -> str:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Contents):
        return _encode({"type": "contents", "id": block.id})
    own: dict[str, object]
    if isinstance(block, Heading):
        listed = {} if block.listed else {"listed": False}
        own = {"type": "heading", "id": block.id, "level": block.level, **listed}
    else:
        own = {"type": "paragraph", "id": block.id, "role": block.role}
    return _encode({**own, "place": _place(block.place), "segments": _segments(block.segments)})


def _table(table: Table) -> str:
    """The rows are put together as text: 2,000 cells as dicts are half the time of the file."""
    before = {
        "type": "table",
        "id": table.id,
        "title": _segments(table.title),
        "subtitle": table.subtitle,
        "corner_left": table.corner_left,
        "corner_right": table.corner_right,
        "contents_name": table.contents_name,
        "place": _place(table.place),
        "columns": [{"key": column.key, "width": column.width} for column in table.columns],
    }
    after = {"notes": [_segments(note) for note in table.notes]}
    rows = ", ".join([_row(row) for row in table.rows])
    return f'{_encode(before)[:-1]}, "rows": [{rows}], {_encode(after)[1:]}'


def _row(row: Row) -> str:
    cells = ", ".join([_cell(cell) for cell in row.cells])
    return f'{{"key": {_quoted(row.key)}, "role": {_quoted(row.role)}, "cells": [{cells}]}}'


def _cell(cell: Cell) -> str:
    """Only what differs from a plain single cell is written: 2,000 cells are most of the file."""
    text, column, columns, rows, align, kind, figure, _, header = cell
    entry = f'{{"column": {column}, "text": {_quoted(text)}'
    if columns != 1:
        entry += f', "column_span": {columns}'
    if rows != 1:
        entry += f', "row_span": {rows}'
    if align != "left":
        entry += f', "align": "{align}"'
    if figure:
        entry += f', "figure": {_quoted(figure)}'
    if kind != "literal":
        entry += f', "kind": "{kind}"'
    if header:
        entry += ', "header": true'
    return entry + "}"


def _segments(segments: Iterable[Segment]) -> list[dict[str, object]]:
    return [
        {
            "kind": segment.kind,
            "text": segment.text,
            **({"figure": segment.figure} if segment.figure else {}),
            **({"place": _place(segment.place)} if segment.place else {}),
        }
        for segment in segments
    ]


def _place(place: Place | None) -> str | None:
    return place.file_line if place else None


def _encoded(items: list[dict[str, object]]) -> list[str]:
    """The JSON of each item, encoded all at once: one by one takes half as long again."""
    if not items:
        return []
    # No text of the data or of a template contains this character: the loader refuses it.
    marked = [part for item in items for part in (item, "\0")]
    return _encode(marked[:-1])[1:-1].split(', "\\u0000", ')


def _object(properties: dict[str, object], name: str, items: list[str]) -> str:
    """An object whose last member is a list with an item a line."""
    head = _encode(properties)[:-1]
    return f'{head}, "{name}": [\n' + ",\n".join(items) + "\n]}"
