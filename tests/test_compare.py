"""What a comparison finds, as properties over departments made at random."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from compare_tools import TEMPLATES, counts, numbers, seen, side_of, with_table
from departments import Department, change_amount, random_department
from departments_drawn import departments
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from generator.compare.changes import CHANGED, FIGURES, GONE, INSERTED, LAYOUT, MOVED, NEW
from generator.compare.comparison import compare
from generator.compare.sides import Side
from generator.document import BODY, FIGURE, HEADER, Cell, Column, Row, Table

SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=12, deadline=None)
# Words of a template line outside braces.
PLAIN = re.compile(r"(?:\{[{%].*?[}%]\})|([\u4e00-\u9fff]{3,})")


@given(departments())
@FEW
def test_nothing_differs_from_itself(department: Department) -> None:
    side = side_of(department)
    assert compare(side, side).changes == ()


# Enough to be seen: a first fen lets sentences print about figures that still read 0.
@given(departments(min_lines=1), st.integers(2_000_000, 10**9), SEEDS)
@example(random_department(831877, units=3, lines=19), 37_114_241, 32)  # another frame
@FEW
def test_an_amount_changes_the_figures_it_is_part_of_and_nothing_else(
    department: Department, difference: int, seed: int
) -> None:
    number = Random(seed).randrange(len(department.expenditure))
    old = side_of(department)
    new = side_of(change_amount(department, number, difference)[0])
    found = compare(old, new)
    assert counts(found)[1:] == (0, 0)
    before, after = numbers(old), numbers(new)
    expected = {n for n in before.keys() & after.keys() if before[n] != after[n]}
    facts = {c.subject for c in found.changes if c.kind == CHANGED}
    assert facts == expected


@given(departments(), SEEDS)
@example(random_department(1, units=1, lines=0), 0)  # amounts in 元 and in 万元
@FEW
def test_seen_from_the_other_side_every_change_is_its_mirror(
    department: Department, seed: int
) -> None:
    old, new = side_of(department), side_of(random_department(seed, units=2, lines=8))
    assert seen(compare(old, new)) == seen(compare(new, old), mirrored=True)


@given(departments(), SEEDS)
@FEW
def test_one_word_of_a_template_is_one_entry_however_often_it_prints(
    department: Department, seed: int
) -> None:
    random = Random(seed)
    with TemporaryDirectory() as folder:
        templates = Path(folder) / "templates"
        shutil.copytree(TEMPLATES, templates)
        name = random.choice(["30-explanation.txt", "40-definitions.txt"])
        path = templates / "henan" / "narrative" / name
        lines = path.read_text(encoding="utf-8").split("\n")
        places = [
            (number, match.start(1))
            for number, line in enumerate(lines)
            if line and line[0] not in "#:{"
            for match in PLAIN.finditer(line)
            if match[1]
        ]
        number, at = random.choice(places)
        lines[number] = f"{lines[number][: at + 1]}又{lines[number][at + 1 :]}"
        path.write_text("\n".join(lines), encoding="utf-8")
        old, new = side_of(department), side_of(department, templates)
    printed = old.document != new.document and any(
        segment.place is not None and segment.place.line == number + 1 and "又" in segment.text
        for block in new.document.blocks()
        for segment in getattr(block, "segments", ())
    )
    found = compare(old, new)
    assert counts(found) == (0, 1 if printed else 0, 0), found.changes


def tables_with_rows(side: Side, least: int) -> list[Table]:
    """List tables with `least` rows of figures that no merged cell holds together."""
    assert side.document is not None
    return [
        block
        for block in side.document.blocks()
        if isinstance(block, Table)
        and not any("|" in row.key for row in block.rows)
        and all(cell.row_span == 1 for row in block.rows if row.role == BODY for cell in row.cells)
        and len(figure_rows(block)) >= least
    ]


def figure_rows(table: Table) -> list[int]:
    return [
        number
        for number, row in enumerate(table.rows)
        if row.role == BODY and any(cell.kind == FIGURE for cell in row.cells)
    ]


@given(departments(max_lines=20, min_lines=6), SEEDS)
@FEW
def test_a_moved_row_is_one_move_and_no_figure(department: Department, seed: int) -> None:
    side = side_of(department)
    tables = tables_with_rows(side, 3)
    assume(tables)
    random = Random(seed)
    table = random.choice(tables)
    source, target = random.sample(figure_rows(table), 2)
    rows = list(table.rows)
    rows.insert(target, rows.pop(source))
    found = compare(side, with_table(side, table.id, lambda t: with_rows(t, rows)))
    assert [(c.layer, c.kind) for c in found.changes] == [(LAYOUT, MOVED)]


def with_rows(table: Table, rows: list[Row]) -> Table:
    return replace(table, rows=tuple(rows))


@given(departments(max_lines=20, min_lines=2), SEEDS)
@FEW
def test_a_new_column_is_one_layout_entry(department: Department, seed: int) -> None:
    side = side_of(department)
    tables = [t for t in tables_with_rows(side, 1) if t.header_rows]
    assume(tables)
    table = Random(seed).choice(tables)
    width = len(table.columns)
    rows = []
    for number, row in enumerate(table.rows):
        if row.role == HEADER:
            more = [Cell("新列", width, 1, table.header_rows, "center")] if number == 0 else []
        else:
            more = [Cell("7.7", width, 1, 1, "right", FIGURE, f"新数[{row.key}]")]
        rows.append(row._replace(cells=(*row.cells, *more)))
    wider = replace(table, columns=(*table.columns, Column("新列", 5)), rows=tuple(rows))
    found = compare(side, with_table(side, table.id, lambda _: wider))
    assert [(c.layer, c.kind, c.title) for c in found.changes] == [(LAYOUT, INSERTED, "列“新列”")]


@given(departments(max_lines=20, min_lines=2), SEEDS)
@FEW
def test_the_same_name_and_amounts_under_another_code_are_another_item(
    department: Department, seed: int
) -> None:
    side = side_of(department)
    tables = tables_with_rows(side, 1)
    assume(tables)
    table = Random(seed).choice(tables)
    number = Random(seed).choice(figure_rows(table))
    row = table.rows[number]
    cells = tuple(
        cell._replace(figure=f"{cell.figure}[另]") if cell.figure else cell for cell in row.cells
    )
    rows = list(table.rows)
    rows[number] = Row("9999999", row.role, cells)
    found = compare(side, with_table(side, table.id, lambda t: with_rows(t, rows)))
    kinds = sorted((c.layer, c.kind, c.subject) for c in found.changes if c.layer == FIGURES)
    key = row.key.partition("#")[0]
    assert (FIGURES, NEW, "行/9999999") in kinds
    assert (FIGURES, GONE, f"行/{key}") in kinds
    assert all(kind in (NEW, GONE) for _, kind, _ in kinds)
