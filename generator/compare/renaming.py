"""A document whose facts, rows and lines go by other names; what it prints stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from generator.document import Block, Cell, Contents, Document, Heading, Paragraph, Segment, Table

_Piece = TypeVar("_Piece", Cell, Segment)


def renamed(
    document: Document,
    figure: Callable[[str], str | None],
    key: Callable[[str], str] = lambda key: key,
) -> Document:
    """`figure` gives the names of facts, or none; `key` those of rows, headings and paragraphs."""

    def named(piece: _Piece) -> _Piece:
        return piece._replace(figure=figure(piece.figure)) if piece.figure else piece

    def renamed_block(block: Block) -> Block:
        match block:
            case Table():
                rows = (
                    row._replace(key=key(row.key), cells=tuple(map(named, row.cells)))
                    for row in block.rows
                )
                return replace(block, rows=tuple(rows))
            case Heading() | Paragraph():
                return replace(block, id=key(block.id), segments=tuple(map(named, block.segments)))
            case Contents():
                return block

    sections = (
        replace(section, blocks=tuple(map(renamed_block, section.blocks)))
        for section in document.sections
    )
    return replace(document, sections=tuple(sections))
