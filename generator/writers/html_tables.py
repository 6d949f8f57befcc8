"""Annexed tables as real HTML tables: caption, scoped headers, merged cells as spans.

`scope="col"` also where a header spans columns: by HTML's own rules it then heads each of them, at
every level of a merged header, which `colgroup` does for the outermost level only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from generator.document import HEADER, OWED, TOTAL, WORD, Cell, Row, Table
from generator.writers.html_text import (
    Pen,
    attributes_html,
    place_attributes,
    segments_html,
    tag,
    text_html,
)

# From so many columns on a table is set smaller on paper.
_MANY, _VERY_MANY = 10, 16
# The narrowest that a column may get on a screen, in em; beyond it the table scrolls by itself.
_COLUMN_WIDTH = 3.6


def table_html(table: Table, pen: Pen) -> str:
    """The table inside a box that scrolls by itself, and its notes."""
    identity = pen.targets[table.id]
    label = f"{identity}-title"
    size = len(table.columns)
    width = "very-wide" if size >= _VERY_MANY else "wide" if size >= _MANY else "narrow"
    notes = "".join(
        tag("p", segments_html(note, pen, table.place), _note_attributes(table, pen)) + "\n"
        for note in table.notes
    )
    least = f"{size * _COLUMN_WIDTH:.0f}em"
    return (
        f'<div class="annex {width}" id="{identity}">\n'
        f'<div class="scroll" role="region" aria-labelledby="{label}" tabindex="0">\n'
        f'<table style="min-width:{least}">\n'
        f"{_caption(table, pen, label)}{_columns(table)}{_rows(table, pen)}"
        f"</table>\n</div>\n{notes}</div>\n"
    )


def _note_attributes(table: Table, pen: Pen) -> dict[str, str]:
    return {"class": "note", **place_attributes(pen, table.place)}


def _caption(table: Table, pen: Pen, label: str) -> str:
    places = place_attributes(pen, table.place)
    title = segments_html(table.title, pen, table.place)
    parts = [tag("h3", title, {"id": label, **places})]
    if table.subtitle:
        parts.append(tag("p", text_html(table.subtitle), {"class": "subtitle"}))
    corners = [text_html(corner) for corner in (table.corner_left, table.corner_right)]
    if any(corners):
        parts.append('<p class="corners">' + "".join(f"<span>{c}</span>" for c in corners) + "</p>")
    return f"<caption>{''.join(parts)}</caption>\n"


def _columns(table: Table) -> str:
    total = sum(column.width for column in table.columns)
    columns = (f'<col style="width:{100 * column.width / total:.2f}%">' for column in table.columns)
    return f"<colgroup>{''.join(columns)}</colgroup>\n"


def _rows(table: Table, pen: Pen) -> str:
    header = list(takewhile(lambda row: row.role == HEADER, table.rows))
    body = table.rows[len(header) :]
    parts = []
    if header:
        parts.append(f"<thead>\n{''.join(_row(row, pen) for row in header)}</thead>\n")
    if body:
        parts.append(f"<tbody>\n{''.join(_row(row, pen) for row in body)}</tbody>\n")
    return "".join(parts)


def _row(row: Row, pen: Pen) -> str:
    scopes = _scopes(row)
    cells = "".join(_cell(cell, scope, pen) for cell, scope in zip(row.cells, scopes, strict=True))
    opening = '<tr class="total">' if row.role == TOTAL else "<tr>"
    return f"{opening}{cells}</tr>\n"


def _scopes(row: Row) -> list[str]:
    """The scope of each cell of a row, "" for a cell that is no header."""
    if row.role == HEADER:
        return ["col" if cell.text else "" for cell in row.cells]
    if any(cell.header for cell in row.cells):
        below = all(cell.header for cell in row.cells)
        scope = "col" if below and len(row.cells) > 1 else "row"
        return [scope if cell.header and cell.text else "" for cell in row.cells]
    scopes = [""] * len(row.cells)
    for run in _runs_of_text(row.cells):
        scopes[_name_among(run, row.cells)] = "row"
    return scopes


def _runs_of_text(cells: Sequence[Cell]) -> Iterator[list[int]]:
    """Positions of neighbouring cells with text that is no amount: the left side's label, the
    right side's. Amounts, and what is blank instead of one, stand at the right edge.
    """
    run: list[int] = []
    for position, cell in enumerate(cells):
        if cell.align != "right":
            run += [position] if cell.text else []
        elif run:
            yield run
            run = []
    if run:
        yield run


def _name_among(run: list[int], cells: Sequence[Cell]) -> int:
    """Names stand at the left edge of their cell, codes in the middle."""
    return next((position for position in run if cells[position].align == "left"), run[0])


def _cell(cell: Cell, scope: str, pen: Pen) -> str:
    attributes = {"class": cell.align} if cell.align != "left" or scope else {}
    if scope:
        attributes["scope"] = scope
    if cell.column_span > 1:
        attributes["colspan"] = str(cell.column_span)
    if cell.row_span > 1:
        attributes["rowspan"] = str(cell.row_span)
    figure = cell.figure if cell.kind != WORD else None
    content = text_html(cell.text)
    if cell.kind == OWED:
        content = f"<mark>{content}</mark>"
    name = "th" if scope else "td"
    places = place_attributes(pen, cell.place, figure)
    return f"<{name}{attributes_html({**attributes, **places})}>{content}</{name}>"
