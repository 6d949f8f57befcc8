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
    Paragraph,
    Row,
    Segment,
    Table,
)
from generator.figures.book import Figure, FigureBook
from generator.money import Money
from generator.problems import Place

MODEL_VERSION = 1
FACTS_VERSION = 1
# An item a line: json's own indentation is done by Python code and takes 30 times as long.
_encode = json.JSONEncoder(ensure_ascii=False).encode

# Up to this many lines are listed one by one; beyond it runs of neighbouring lines become file:a-b.
LISTED_SOURCES = 2000


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
            [_encode(_block(block)) for block in section.blocks],
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
    facts = [_encode(_fact(book, name, uses)) for name, uses in printed.items()]
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
    """file:line of each place, in the order given; long lists as runs file:first-last."""
    if len(places) <= LISTED_SOURCES:
        return list(dict.fromkeys([f"{path}:{line}" for path, line, _ in places]))
    runs: list[tuple[str, int, int]] = []
    for path, line in dict.fromkeys([place[:2] for place in places]):
        if runs and runs[-1][0] == path and runs[-1][2] == line - 1:
            runs[-1] = (path, runs[-1][1], line)
        else:
            runs.append((path, line, line))
    return [f"{path}:{first}" + (f"-{last}" if last > first else "") for path, first, last in runs]


def _block(block: Block) -> dict[str, object]:
    if isinstance(block, Heading):
        return {
            "type": "heading",
            "id": block.id,
            "level": block.level,
            **({} if block.listed else {"listed": False}),
            "place": _place(block.place),
            "segments": _segments(block.segments),
        }
    if isinstance(block, Paragraph):
        return {
            "type": "paragraph",
            "id": block.id,
            "role": block.role,
            "place": _place(block.place),
            "segments": _segments(block.segments),
        }
    if isinstance(block, Contents):
        return {"type": "contents", "id": block.id}
    return _table(block)


def _table(table: Table) -> dict[str, object]:
    return {
        "type": "table",
        "id": table.id,
        "title": _segments(table.title),
        "subtitle": table.subtitle,
        "corner_left": table.corner_left,
        "corner_right": table.corner_right,
        "contents_name": table.contents_name,
        "place": _place(table.place),
        "columns": [{"key": column.key, "width": column.width} for column in table.columns],
        "rows": [_row(row) for row in table.rows],
        "notes": [_segments(note) for note in table.notes],
    }


def _row(row: Row) -> dict[str, object]:
    return {"key": row.key, "role": row.role, "cells": [_cell(cell) for cell in row.cells]}


def _cell(cell: Cell) -> dict[str, object]:
    """Only what differs from a plain single cell is written: 2,000 cells are most of the file."""
    entry: dict[str, object] = {"column": cell.column, "text": cell.text}
    if cell.column_span != 1:
        entry["column_span"] = cell.column_span
    if cell.row_span != 1:
        entry["row_span"] = cell.row_span
    if cell.align != "left":
        entry["align"] = cell.align
    if cell.figure:
        entry["figure"] = cell.figure
    if cell.kind != "literal":
        entry["kind"] = cell.kind
    if cell.header:
        entry["header"] = True
    return entry


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


def _object(properties: dict[str, object], name: str, items: list[str]) -> str:
    """An object whose last member is a list with an item a line."""
    head = _encode(properties)[:-1]
    return f'{head}, "{name}": [\n' + ",\n".join(items) + "\n]}"
