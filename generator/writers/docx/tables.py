"""Annexed tables: title, corner line, grid and notes, row by row so that length costs no memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from generator.document import FIGURE, HEADER, OWED, TOTAL, Row, Segment, Table, text_of
from generator.writers.docx import roles
from generator.writers.docx.fit import Fit, Page, fit_table, header_heights
from generator.writers.docx.text import Pen, paragraph, runs_of
from generator.writers.docx.xml import escape, field_mark, is_plain, run, run_opening

GRID_END = "</w:tbl>"
_GOES_ON = 0
_MERGE, _MERGED = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"

# Column, columns, rows (_GOES_ON for a cell that continues the one above), alignment, label or not.
_Shape = tuple[int, int, int, str, bool]


def table_texts(
    table: Table, pen: Pen, orientation: str, page: Page, *, same_page: bool, section: str = ""
) -> Iterator[str]:
    """A table in chunks; `section` is the w:sectPr if it ends one, else ""."""
    ids = pen.style_ids
    (title_style, title), *captions = captions_of(table, orientation, same_page=same_page)
    mark = field_mark(_contents_mark(table)) if table.contents_name else ""
    yield paragraph(ids[title_style], mark + pen.target(table.id, runs_of(pen, title)))
    for style, segments in captions:
        yield paragraph(ids[style], runs_of(pen, segments))
    for number, (opening, rows) in enumerate(grids_of(table, pen, page, same_page=same_page)):
        if number:  # neighbouring tables would become one
            yield paragraph(ids[roles.SECTION_END], "")
        yield opening
        yield from rows
        yield GRID_END
    for number, note in enumerate(table.notes, 1):
        last = number == len(table.notes)
        yield paragraph(ids[roles.TABLE_NOTE], runs_of(pen, note), section if last else "")
    if section and not table.notes:
        yield paragraph(ids[roles.SECTION_END], "", section)


def captions_of(
    table: Table, orientation: str, *, same_page: bool
) -> Iterator[tuple[str, tuple[Segment, ...]]]:
    """What stands above the grid, with the roles of its paragraphs: the title first."""
    yield roles.TABLE_TITLE_SAME_PAGE if same_page else roles.TABLE_TITLE, table.title
    if table.subtitle:
        yield roles.TABLE_SUBTITLE, (Segment(table.subtitle),)
    if table.corner_left or table.corner_right:
        corner = f"{table.corner_left}\t{table.corner_right}"
        yield roles.TABLE_CORNER[orientation], (Segment(corner),)


def grids_of(
    table: Table, pen: Pen, page: Page, *, same_page: bool
) -> Iterator[tuple[str, Iterator[str]]]:
    """Each part of a table up to its rows, and the rows; GRID_END ends it."""
    fit = fit_table(table, page, same_page=same_page)
    for part in table.parts():
        grid = _Grid(part, pen, fit)
        yield grid.opening(), grid.rows()


def _contents_mark(table: Table) -> str:
    """The TC field that gives a refreshed table of contents the same entry as ours."""
    name = table.contents_name.replace("\\", "\\\\").replace('"', "\u201d")
    return f'TC "{name}" \\f t \\l 2'


class _Grid:
    """The w:tbl of one table. Strings of cells are kept, as most cells differ in text only."""

    def __init__(self, table: Table, pen: Pen, fit: Fit) -> None:
        self.table = table
        self.pen = pen
        self.edges = fit.edges
        self.header_style = pen.style_ids[fit.size.header]
        self.body_style = {align: pen.style_ids[fit.size.body(align)] for align in roles.ALIGNS}
        self.total_text = pen.style_ids[roles.TOTAL_TEXT]
        self.owed_text = pen.style_ids[roles.OWED_TEXT]
        self.row_opening = _row_opening(fit.row_height, "")
        self.header_row_openings = [
            _row_opening(height, "<w:tblHeader/>")
            for height in header_heights(table.rows[: table.header_rows], fit)
        ]
        self.opening_by_shape: dict[_Shape, str] = {}
        # Column of each cell that goes on into the next row -> rows left, its shape.
        self.open_spans: dict[int, tuple[int, _Shape]] = {}

    def rows(self) -> Iterator[str]:
        in_header = True
        for number, row in enumerate(self.table.rows, 1):
            if in_header and row.role != HEADER:
                in_header = False
                self._expect_no_open_span(number)
            yield self._row(row, number)
        self._expect_no_open_span(len(self.table.rows) + 1)

    def opening(self) -> str:
        widths = [right - left for left, right in zip(self.edges, self.edges[1:], strict=False)]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        title = escape(text_of(self.table.title))
        rows, header = len(self.table.rows), self.table.header_rows
        description = f"{title}，共{len(widths)}列{rows}行，其中表头{header}行"
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.pen.style_ids[roles.TABLE]}"/>'
            f'<w:tblW w:w="{self.edges[-1]}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            'w:lastColumn="0" w:noHBand="0" w:noVBand="0"/>'
            f'<w:tblCaption w:val="{title}"/><w:tblDescription w:val="{description}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>"
        )

    def _row(self, row: Row, number: int) -> str:
        is_header = row.role == HEADER
        pieces = [self.header_row_openings[number - 1] if is_header else self.row_opening]
        anchored = self.pen.anchors and not is_header
        character_style = self.total_text if row.role == TOTAL else ""
        text_opening = run_opening(character_style)
        column = 0
        for text, at, columns, rows, align, kind, _, _, is_label in row.cells:
            while column < at:
                column = self._covered(column, number, pieces)
            if column != at:
                raise ValueError(f"{self.table.id}: row {number}: cells overlap at {at}")
            shape = (at, columns, rows, align, is_header or is_label)
            opening = self.opening_by_shape.get(shape) or self._new_opening(shape)
            if rows > 1:
                self.open_spans[at] = (rows - 1, shape)
            if not text:
                content = ""
            elif kind == OWED:
                content = run(text, self.owed_text)
            elif kind == FIGURE or is_plain(text):  # run() without the call: most cells
                content = f"{text_opening}{text}</w:t></w:r>"
            else:
                content = run(text, character_style)
            if anchored:
                content = self.pen.row(self.table.id, row.key, content)
                anchored = False
            pieces.append(f"{opening}{content}</w:p></w:tc>")
            column += columns
        while column < len(self.edges) - 1:
            column = self._covered(column, number, pieces)
        pieces.append("</w:tr>")
        return "".join(pieces)

    def _new_opening(self, shape: _Shape) -> str:
        """A cell up to its text, kept for the others of its shape."""
        column, columns, rows, align, is_label = shape
        right = column + columns
        if right >= len(self.edges):
            raise ValueError(f"{self.table.id}: a cell at {column} is wider than the table")
        style = self.header_style if is_label else self.body_style[align]
        width = self.edges[right] - self.edges[column]
        opening = self.opening_by_shape[shape] = _cell_opening(width, columns, rows, style)
        return opening

    def _covered(self, column: int, number: int, pieces: list[str]) -> int:
        """The cell that goes on from the row above, where `column` has none; the next column."""
        span = self.open_spans.pop(column, None)
        if span is None:
            raise ValueError(f"{self.table.id}: row {number}: no cell at column {column}")
        rows, (_, columns, _, align, is_label) = span
        shape = (column, columns, _GOES_ON, align, is_label)
        if rows > 1:
            self.open_spans[column] = (rows - 1, shape)
        opening = self.opening_by_shape.get(shape) or self._new_opening(shape)
        pieces.append(f"{opening}</w:p></w:tc>")
        return column + columns

    def _expect_no_open_span(self, number: int) -> None:
        # Word repairs, and loses, a cell merged from the header into the body.
        if self.open_spans:
            raise ValueError(f"{self.table.id}: a cell goes on into row {number}, past its part")


@lru_cache(maxsize=4096)
def _cell_opening(width: int, columns: int, rows: int, style: str) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    merge = "" if rows == 1 else _MERGED if rows == _GOES_ON else _MERGE
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
    )


def _row_opening(height: int, header_mark: str) -> str:
    """A row that is not cut by the end of a page and grows with its text: exact heights hide it."""
    return (
        "<w:tr><w:trPr><w:cantSplit/>"
        f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>{header_mark}</w:trPr>'
    )
