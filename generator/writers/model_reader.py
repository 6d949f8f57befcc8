"""Reads model.json back: the document as it was built, for `verify` and the year diff.

The inverse of `evidence.write_model`; columns of places and places of cells are not in the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from generator.document import (
    LITERAL,
    Block,
    Cell,
    Column,
    Contents,
    Document,
    Heading,
    Paragraph,
    Row,
    Section,
    Segment,
    Table,
)
from generator.problems import Place
from generator.writers.evidence import MODEL_VERSION


class UnreadableModel(ValueError):
    """Not a model.json of this program; the message says why, in Chinese."""


def read_model(content: bytes) -> Document:
    """The document that model.json holds; UnreadableModel."""
    try:
        model = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableModel("model.json 不是完整的 JSON") from error
    version = model.get("version") if isinstance(model, dict) else None
    if version != MODEL_VERSION:
        message = f"model.json 的版本是 {version}，本程序读的是 {MODEL_VERSION}；请重新生成一次"
        raise UnreadableModel(message)
    try:
        return _document(model)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnreadableModel("model.json 的内容不全") from error


def _document(model: Mapping[str, Any]) -> Document:
    sections = (
        Section(
            section["orientation"],
            tuple(_block(block) for block in section["blocks"]),
            section["numbered"],
        )
        for section in model["sections"]
    )
    return Document(
        title=model["title"],
        author=model["author"],
        subject=model["subject"],
        date=model["date"],
        sections=tuple(sections),
        draft=model["draft"],
    )


def _block(entry: Mapping[str, Any]) -> Block:
    match entry["type"]:
        case "heading":
            return Heading(
                entry["id"],
                entry["level"],
                _segments(entry["segments"]),
                _place(entry["place"]),
                entry.get("listed", True),
            )
        case "paragraph":
            segments = _segments(entry["segments"])
            return Paragraph(entry["id"], entry["role"], segments, _place(entry["place"]))
        case "contents":
            return Contents(entry["id"])
        case "table":
            return _table(entry)
    raise ValueError(entry["type"])


def _table(entry: Mapping[str, Any]) -> Table:
    columns = tuple(Column(_text(column["key"]), column["width"]) for column in entry["columns"])
    rows = tuple(_row(row) for row in entry["rows"])
    for row in rows:
        for cell in row.cells:
            if not 0 <= cell.column < cell.column + cell.column_span <= len(columns):
                raise ValueError(f"{row.key}：第 {cell.column} 列")
    return Table(
        id=entry["id"],
        title=_segments(entry["title"]),
        columns=columns,
        rows=rows,
        corner_left=entry["corner_left"],
        corner_right=entry["corner_right"],
        subtitle=entry["subtitle"],
        notes=tuple(_segments(note) for note in entry["notes"]),
        contents_name=entry["contents_name"],
        place=_place(entry["place"]),
    )


def _row(entry: Mapping[str, Any]) -> Row:
    return Row(_text(entry["key"]), entry["role"], tuple(_cell(cell) for cell in entry["cells"]))


def _cell(entry: Mapping[str, Any]) -> Cell:
    get = entry.get
    return Cell(
        _text(entry["text"]),
        entry["column"],
        get("column_span", 1),
        get("row_span", 1),
        get("align", "left"),
        get("kind", LITERAL),
        get("figure"),
        None,
        get("header", False),
    )


def _segments(entries: Iterable[Mapping[str, Any]]) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            _text(entry["text"]), entry["kind"], entry.get("figure"), _place(entry.get("place"))
        )
        for entry in entries
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _place(text: str | None) -> Place | None:
    if text is None:
        return None
    path, _, line = text.rpartition(":")
    return Place(path, int(line))
