"""Pairs of documents for the redline: a department, and the same after edits of many kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from compare_tools import side_of
from departments import change_amount, random_department

from generator.compare.sides import Side
from generator.document import (
    BODY,
    FIGURE,
    HEADER,
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

Edit = Callable[[Document, Random], Document]


def pair_of(seed: int, *, lines: int = 6) -> tuple[Side, Side]:
    """A department of this year and another state of it: other amounts, lines and words."""
    random = Random(seed)
    before = random_department(seed, units=random.randint(1, 2), lines=lines)
    after = before
    if random.random() < 0.6:
        number = random.randrange(len(before.expenditure))
        after = change_amount(before, number, random.randint(1, 10**9))[0]
    elif random.random() < 0.5:
        after = random_department(seed, units=len(before.units), lines=lines + 2)
    thin = _thinned(random)
    old, new = (_edited(side_of(state), thin, random) for state in (before, after))
    for edit in random.sample(EDITS, random.randint(0, 4)):
        new = _edited(new, edit, random)
    return (old, new) if random.random() < 0.7 else (new, old)


def _edited(side: Side, edit: Edit, random: Random) -> Side:
    assert side.document is not None
    return replace(side, document=edit(side.document, random))


def _thinned(random: Random) -> Edit:
    """Without two tables out of three: most of the time goes into tables, and few show as much."""
    dropped = frozenset(f"{number:02}" for number in range(1, 20) if random.random() < 0.67)

    def thin(document: Document, _: Random) -> Document:
        blocks = [
            [b for b in s.blocks if not isinstance(b, Table) or b.id[:2] not in dropped]
            for s in document.sections
        ]
        return _with_blocks(document, blocks)

    return thin


# Edits of documents


def other_words(document: Document, random: Random) -> Document:
    """A word put into, taken out of or exchanged in some sentences."""
    chance = random.choice([0.05, 0.3, 1.0])

    def edited(segment: Segment) -> Segment:
        if segment.kind != LITERAL or not segment.text or random.random() > chance:
            return segment
        at = random.randrange(len(segment.text))
        end = at + random.choice([0, 0, 2])
        more = random.choice(["", "进一步", " A&B <c>", "，3.5%", "\t"])
        return segment._replace(text=segment.text[:at] + more + segment.text[end:])

    def block(one: Block) -> Block:
        if isinstance(one, Heading | Paragraph):
            return replace(one, segments=tuple(map(edited, one.segments)))
        if isinstance(one, Table):
            notes = tuple(tuple(map(edited, note)) for note in one.notes)
            title = tuple(map(edited, one.title))
            return replace(one, title=title, notes=notes, corner_left=one.corner_left + "（改）")
        return one

    return _each_block(document, block)


def without_blocks(document: Document, random: Random) -> Document:
    """Some blocks gone; a section may lose all of them, and with it its page."""
    chance = random.choice([0.1, 0.5])
    blocks = [[b for b in s.blocks if random.random() > chance] for s in document.sections]
    blocks[0] = blocks[0] or list(document.sections[0].blocks)
    return _with_blocks(document, blocks)


def blocks_moved(document: Document, random: Random) -> Document:
    """Two blocks exchange their places, within a section or across."""
    blocks = [list(section.blocks) for section in document.sections]
    places = [(s, n) for s, some in enumerate(blocks) for n in range(len(some))]
    (s, n), (t, m) = random.sample(places, 2)
    blocks[s][n], blocks[t][m] = blocks[t][m], blocks[s][n]
    return _with_blocks(document, blocks)


def sections_moved(document: Document, random: Random) -> Document:
    sections = list(document.sections)
    random.shuffle(sections)
    return replace(document, sections=tuple(sections))


def sections_turned(document: Document, random: Random) -> Document:
    """Other orientation, or without a page number."""

    def turned(section: Section) -> Section:
        if random.random() < 0.5:
            return section
        other = "landscape" if section.orientation == "portrait" else "portrait"
        return replace(section, orientation=other, numbered=random.random() < 0.8)

    return replace(document, sections=tuple(map(turned, document.sections)))


def sections_joined(document: Document, random: Random) -> Document:
    """Two sections become one, or one two."""
    sections = list(document.sections)
    at = random.randrange(len(sections))
    section = sections[at]
    middle = random.randint(0, len(section.blocks))
    if middle in (0, len(section.blocks)) and at:
        joined = replace(sections[at - 1], blocks=sections[at - 1].blocks + section.blocks)
        sections[at - 1 : at + 1] = [joined]
    else:
        halves = section.blocks[:middle], section.blocks[middle:]
        sections[at : at + 1] = [replace(section, blocks=half) for half in halves if half]
    return replace(document, sections=tuple(sections))


def other_styles(document: Document, random: Random) -> Document:
    """A heading of another level, a paragraph of another role."""

    def block(one: Block) -> Block:
        if random.random() < 0.7:
            return one
        if isinstance(one, Heading):
            return replace(one, level=random.randint(0, 3))
        if isinstance(one, Paragraph):
            return replace(one, role=random.choice(["正文", "居中", "注"]))
        return one

    return _each_block(document, block)


def rows_moved(document: Document, random: Random) -> Document:
    def body(rows: list[Row]) -> list[Row]:
        source, target = random.randrange(len(rows)), random.randrange(len(rows))
        rows.insert(target, rows.pop(source))
        return rows

    return _each_table(document, lambda table: _with_body(table, body))


def rows_gone(document: Document, random: Random) -> Document:
    chance = random.choice([0.1, 0.5, 0.9])
    return _each_table(
        document,
        lambda table: _with_body(table, lambda rows: [r for r in rows if random.random() > chance]),
    )


def a_new_column(document: Document, random: Random) -> Document:
    def wider(table: Table) -> Table:
        if random.random() < 0.5 or not table.rows:
            return table
        width = len(table.columns)
        rows = []
        for part in table.parts():
            for number, row in enumerate(part.rows):
                cell = Cell("7.7", width, 1, 1, "right", FIGURE, f"新数[{row.key}]")
                if row.role == HEADER:
                    cell = Cell("新列", width, 1, part.header_rows, "center")
                more = (cell,) if row.role != HEADER or number == 0 else ()
                rows.append(row._replace(cells=(*row.cells, *more)))
        return replace(table, columns=(*table.columns, Column("新列", 5)), rows=tuple(rows))

    return _each_table(document, wider)


def other_cells(document: Document, random: Random) -> Document:
    """Other texts in some cells, headers too; some columns merged in one row."""

    def cell(one: Cell) -> Cell:
        if random.random() < 0.9:
            return one
        text = random.choice(["", "9.9", "甲乙", one.text + "（另）", "a\nb"])
        return one._replace(text=text, kind=LITERAL)  # no figure is printed in two lines

    def row(one: Row) -> Row:
        cells = list(map(cell, one.cells))
        if len(cells) > 1 and random.random() < 0.1:
            left, right = cells[-2:]
            if left.row_span == right.row_span and left.column + left.column_span == right.column:
                span = left.column_span + right.column_span
                cells[-2:] = [left._replace(column_span=span)]
        return one._replace(cells=tuple(cells))

    return _each_table(document, lambda t: replace(t, rows=tuple(map(row, t.rows))))


def other_notes(document: Document, random: Random) -> Document:
    notes = ((Segment("注：数据以万元计。"),), (Segment("　　第二条"),))[: random.randint(0, 2)]
    subtitle = random.choice(["", "（2023年度）"])
    return _each_table(document, lambda t: replace(t, notes=notes, subtitle=subtitle))


def without_contents(document: Document, random: Random) -> Document:
    blocks = [[b for b in s.blocks if not isinstance(b, Contents)] for s in document.sections]
    return _with_blocks(document, blocks)


EDITS: tuple[Edit, ...] = (
    other_words,
    without_blocks,
    blocks_moved,
    sections_moved,
    sections_turned,
    sections_joined,
    other_styles,
    rows_moved,
    rows_gone,
    a_new_column,
    other_cells,
    other_notes,
    without_contents,
)


def _with_blocks(document: Document, blocks: list[list[Block]]) -> Document:
    pairs = zip(document.sections, blocks, strict=True)
    sections = tuple(replace(section, blocks=tuple(some)) for section, some in pairs)
    return replace(document, sections=sections)


def _each_block(document: Document, edit: Callable[[Block], Block]) -> Document:
    return _with_blocks(document, [[edit(b) for b in s.blocks] for s in document.sections])


def _each_table(document: Document, edit: Callable[[Table], Table]) -> Document:
    return _each_block(document, lambda b: edit(b) if isinstance(b, Table) else b)


def _with_body(table: Table, edit: Callable[[list[Row]], list[Row]]) -> Table:
    """A table whose body rows can be taken apart: nothing merged over rows."""
    head = [row for row in table.rows if row.role == HEADER]
    body = [row for row in table.rows if row.role != HEADER]
    merged = any(cell.row_span > 1 for row in body for cell in row.cells)
    if merged or len(table.parts()) > 1 or BODY not in {row.role for row in body}:
        return table
    return replace(table, rows=(*head, *edit(body)))
