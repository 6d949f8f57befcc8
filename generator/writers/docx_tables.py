"""Annexed tables: title, corner line, grid and notes, row by row so that length costs no memory."""

from __future__ import annotations

from collections.abc import Iterator

from generator.document import HEADER, OWED, TOTAL, Cell, Row, Table, text_of
from generator.writers import docx_roles as roles
from generator.writers.docx_text import Pen, paragraph, runs_of
from generator.writers.docx_xml import escape, field_mark, run

# Points per column from which 五号 and 小五 hold an amount such as 12345.6 on one line.
_ROOMY, _TIGHT = 52, 38


def table_texts(
    table: Table, pen: Pen, orientation: str, width: int, *, same_page: bool, section: str = ""
) -> Iterator[str]:
    """A table in chunks. `width` in twips; `section` is the w:sectPr if it ends one, else ""."""
    ids = pen.style_ids
    title_style = roles.TABLE_TITLE_SAME_PAGE if same_page else roles.TABLE_TITLE
    mark = field_mark(_contents_mark(table)) if table.contents_name else ""
    title = pen.target(table.id, runs_of(pen, table.title))
    yield paragraph(ids[title_style], mark + title)
    if table.subtitle:
        yield paragraph(ids[roles.TABLE_SUBTITLE], run(table.subtitle))
    if table.corner_left or table.corner_right:
        corner = run(f"{table.corner_left}\t{table.corner_right}")
        yield paragraph(ids[roles.TABLE_CORNER[orientation]], corner)
    yield from _Grid(table, pen, width).texts()
    for number, note in enumerate(table.notes, 1):
        last = number == len(table.notes)
        yield paragraph(ids[roles.TABLE_NOTE], runs_of(pen, note), section if last else "")
    if section and not table.notes:
        yield paragraph(ids[roles.SECTION_END], "", section)


def _contents_mark(table: Table) -> str:
    """The TC field that gives a refreshed table of contents the same entry as ours."""
    name = table.contents_name.replace("\\", "\\\\").replace('"', "\u201d")
    return f'TC "{name}" \\f t \\l 2'


def cell_size(columns: int, width: int) -> roles.CellSize:
    """The largest of the sizes at which `columns` columns share `width` twips readably."""
    points = width / 20 / max(columns, 1)
    big, middle, small = roles.CELL_SIZES
    if points >= _ROOMY:
        return big
    return middle if points >= _TIGHT else small


class _Grid:
    """The w:tbl of one table. Strings of cells are kept, as most cells differ in text only."""

    def __init__(self, table: Table, pen: Pen, width: int) -> None:
        self.table = table
        self.pen = pen
        self.edges = _edges(table, width)
        self.size = cell_size(len(table.columns), width)
        self.header_style = pen.style_ids[self.size.header]
        self.body_style = {align: pen.style_ids[self.size.body(align)] for align in roles.ALIGNS}
        self.total_text = pen.style_ids[roles.TOTAL_TEXT]
        self.owed_text = pen.style_ids[roles.OWED_TEXT]
        self.row_opening = _row_opening(self.size, "")
        self.header_row_opening = _row_opening(self.size, "<w:tblHeader/>")
        self.opening_by_shape: dict[tuple[int, int, str, str], str] = {}
        # Column of each cell that goes on into the next row -> rows left, columns, style.
        self.open_spans: dict[int, tuple[int, int, str]] = {}

    def texts(self) -> Iterator[str]:
        yield self._opening()
        in_header = True
        for number, row in enumerate(self.table.rows, 1):
            if in_header and row.role != HEADER:
                in_header = False
                self._expect_no_open_span(number)
            yield self._row(row, number)
        self._expect_no_open_span(len(self.table.rows) + 1)
        yield "</w:tbl>"

    def _opening(self) -> str:
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
        pieces = [self.header_row_opening if is_header else self.row_opening]
        anchored = self.pen.anchors and not is_header
        column = 0
        for cell in row.cells:
            while column < cell.column:
                column = self._covered(column, number, pieces)
            if column != cell.column:
                raise ValueError(f"{self.table.id}: row {number}: cells overlap at {cell.column}")
            content = self._content(cell, row.role) if cell.text else ""
            if anchored:
                content = self.pen.row(self.table.id, row.key, content)
                anchored = False
            pieces.append(f"{self._cell_opening(cell, is_header)}{content}</w:p></w:tc>")
            column += cell.column_span
        while column < len(self.edges) - 1:
            column = self._covered(column, number, pieces)
        pieces.append("</w:tr>")
        return "".join(pieces)

    def _content(self, cell: Cell, role: str) -> str:
        if cell.kind == OWED:
            return run(cell.text, self.owed_text)
        return run(cell.text, self.total_text if role == TOTAL else "")

    def _cell_opening(self, cell: Cell, is_header: bool) -> str:
        """The cell up to its text; remembers a cell that goes on into the rows below."""
        _, column, column_span, row_span, align, _, _, _, is_label = cell
        style = self.header_style if is_header or is_label else self.body_style[align]
        merge = ""
        if row_span > 1:
            self.open_spans[column] = (row_span - 1, column_span, style)
            merge = '<w:vMerge w:val="restart"/>'
        shape = (column, column_span, style, merge)
        opening = self.opening_by_shape.get(shape)
        if opening is None:
            opening = self.opening_by_shape[shape] = self._opening_of(*shape)
        return opening

    def _opening_of(self, column: int, column_span: int, style: str, merge: str) -> str:
        right = column + column_span
        if right >= len(self.edges):
            raise ValueError(f"{self.table.id}: a cell at {column} is wider than the table")
        span = f'<w:gridSpan w:val="{column_span}"/>' if column_span > 1 else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{self.edges[right] - self.edges[column]}" w:type="dxa"/>'
            f'{span}{merge}</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        )

    def _covered(self, column: int, number: int, pieces: list[str]) -> int:
        """The cell that goes on from the row above, where `column` has none; the next column."""
        span = self.open_spans.pop(column, None)
        if span is None:
            raise ValueError(f"{self.table.id}: row {number}: no cell at column {column}")
        rows, columns, style = span
        if rows > 1:
            self.open_spans[column] = (rows - 1, columns, style)
        pieces.append(f"{self._opening_of(column, columns, style, '<w:vMerge/>')}</w:p></w:tc>")
        return column + columns

    def _expect_no_open_span(self, number: int) -> None:
        # Word repairs, and loses, a cell merged from the header into the body.
        if self.open_spans:
            raise ValueError(f"{self.table.id}: a cell goes on into row {number}, past its part")


def _row_opening(size: roles.CellSize, header_mark: str) -> str:
    """A row that is not cut by the end of a page and grows with its text: exact heights hide it."""
    return (
        "<w:tr><w:trPr><w:cantSplit/>"
        f'<w:trHeight w:val="{size.row_height}" w:hRule="atLeast"/>{header_mark}</w:trPr>'
    )


def _edges(table: Table, width: int) -> tuple[int, ...]:
    """Left edges of the columns in twips, and the right edge: weights scaled to `width` exactly."""
    total = sum(column.width for column in table.columns)
    edges, sum_so_far = [0], 0.0
    for column in table.columns:
        sum_so_far += column.width
        edges.append(round(width * sum_so_far / total))
    return tuple(edges)
