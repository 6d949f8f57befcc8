"""The document as plain text: the golden file, the review copy, and what `git diff` shows.

A sentence or a table row is a line; cells are parted by tabs, spanned positions are empty,
nothing is padded, so that a change of one figure is a change of one line.
"""

from __future__ import annotations

import re

from generator.document import (
    Block,
    Contents,
    Document,
    Heading,
    Row,
    Table,
    contents_entries,
    text_of,
)

_SPACES = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=。)(?=[^”’）】])")


def write_text(document: Document) -> bytes:
    """UTF-8, LF, one blank line between blocks, an empty line pair between pages."""
    pages = [
        "\n\n".join(_block(block, document) for block in section.blocks)
        for section in document.sections
    ]
    return ("\n\n\n".join(pages) + "\n").encode()


def _block(block: Block, document: Document) -> str:
    if isinstance(block, Heading):
        return f"{'#' * (block.level + 1)} {text_of(block.segments)}"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Contents):
        return "\n".join(entry.text for entry in contents_entries(document))
    return "\n".join(_SENTENCE_END.split(text_of(block.segments)))


def _table(table: Table) -> str:
    lines = [f"# {text_of(table.title)}"]
    lines += [line for line in (table.subtitle,) if line]
    corners = [corner for corner in (table.corner_left, table.corner_right) if corner]
    if corners:
        lines.append("\t".join(corners))
    lines += [_row(row, len(table.columns)) for row in table.rows]
    lines += [text_of(note) for note in table.notes]
    return "\n".join(lines)


def _row(row: Row, width: int) -> str:
    cells = [""] * width
    for cell in row.cells:
        if cell.text:
            cells[cell.column] = _SPACES.sub(" ", cell.text)
    return "\t".join(cells)
