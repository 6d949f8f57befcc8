"""What a .docx of a document must say, block by block."""

from __future__ import annotations

from collections.abc import Iterator

from generator.document import (
    Contents,
    Document,
    Heading,
    Paragraph,
    Table,
    contents_entries,
    text_of,
)
from generator.problems import Place

Expected = tuple[Place | None, str | Table]


def expected_blocks(document: Document) -> Iterator[Expected]:
    """The texts of all paragraphs, and the tables, in the order they must have in the file."""
    for block in document.blocks():
        match block:
            case Heading() | Paragraph():
                yield block.place, text_of(block.segments)
            case Contents():
                for entry in contents_entries(document):
                    yield None, entry.text
            case Table():
                yield block.place, text_of(block.title)
                yield block.place, block.subtitle
                yield block.place, block.corner
                yield from ((block.place, part) for part in block.parts())
                for note in block.notes:
                    yield block.place, text_of(note)
