"""The same disclosure as a docxtpl template and its context: what `make bench` measures against.

The template is written by our own Word writer, so that both documents have the same styles, runs,
bookmarks and cells. It has no branches and gets every text ready: all that is left to docxtpl is to
print, and to escape, as a name may have & or < for both. Rows below the header of a table are one
`{%tr for %}`, and have their bookmark all alike.
"""

from __future__ import annotations

from dataclasses import replace

from generator.build import Built
from generator.document import (
    FIGURE,
    HEADER,
    YEAR,
    Block,
    Cell,
    Heading,
    Paragraph,
    Row,
    Segment,
    Table,
)
from generator.writers.docx.document import write_docx

Context = dict[str, str | list[list[str]]]


def docxtpl_template(built: Built) -> tuple[bytes, Context]:
    """The bytes of the template, and the context that makes it the document of `built`."""
    context: Context = {}
    document = built.document
    sections = tuple(
        replace(section, blocks=tuple(_block(block, context) for block in section.blocks))
        for section in document.sections
    )
    template = replace(document, sections=sections)
    return write_docx(template, built.place.style), context


def _block(block: Block, context: Context) -> Block:
    if isinstance(block, Heading | Paragraph):
        return replace(block, segments=_placeholders(block.segments, context))
    if isinstance(block, Table):
        return replace(block, rows=_loop(block, context))
    return block


def _placeholders(segments: tuple[Segment, ...], context: Context) -> tuple[Segment, ...]:
    """Figures and years become {{ vN }}."""
    placed = []
    for segment in segments:
        if segment.kind in (FIGURE, YEAR):
            name = f"v{len(context)}"
            context[name] = segment.text
            placed.append(segment._replace(text=f"{{{{ {name} }}}}"))
        else:
            placed.append(segment)
    return tuple(placed)


def _loop(table: Table, context: Context) -> tuple[Row, ...]:
    """The header as it is; the other rows as a loop over lists of texts, a cell per column."""
    name, width = f"t{len(context)}", len(table.columns)
    header = [row for row in table.rows if row.role == HEADER]
    rows = []
    for row in table.rows[len(header) :]:
        texts = [""] * width
        for cell in row.cells:
            texts[cell.column] = cell.text
        rows.append(texts)
    context[name] = rows
    cells = tuple(Cell(f"{{{{ r[{number}] }}}}", number) for number in range(width))
    begin, end = (
        Row(key, "body", (Cell(f"{{%tr {key} %}}", 0, width),))
        for key in (f"for r in {name}", "endfor")
    )
    return (*header, begin, Row("", "body", cells), end)
