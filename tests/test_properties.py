"""Properties of whole builds over departments made at random."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from departments import (
    Department,
    change_amount,
    fen,
    random_department,
    totals_of,
    write_department,
    yuan,
)
from departments_drawn import departments
from hypothesis import given, settings
from hypothesis import strategies as st
from test_planted_defects import errors_in

from generator.build import Built, build_disclosure
from generator.document import FIGURE, Block, Contents, Document, Paragraph, Segment, Table
from generator.figures.expressions import narrowed, select
from generator.problems import ERROR, OWED
from generator.writers.docx.document import write_docx
from generator.writers.docx.reader import read_docx
from generator.writers.evidence import write_facts
from generator.writers.text import write_text

Fact = dict[str, object]
Lines = dict[tuple[str, int], int]


@contextmanager
def written(department: Department) -> Iterator[tuple[Path, Lines]]:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        yield root, write_department(department, root)


def build(department: Department) -> Built:
    with written(department) as (root, _):
        return build_disclosure(root, department.year)


def facts_of(built: Built) -> dict[str, Fact]:
    return {str(fact["name"]): fact for fact in json.loads(write_facts(built))["facts"]}


@given(departments(max_units=5, max_lines=30))
@settings(max_examples=40)
def test_every_consistent_department_builds(department: Department) -> None:
    """Nothing is wrong, nothing is owed, and the totals are those added up by another hand."""
    built = build(department)
    assert not [p for p in built.problems if p.severity in (ERROR, OWED)]
    assert not built.document.draft
    exact = {
        (name, function): int(built.book.resolve_qualified(name, function).exact or 0)
        for name, function in totals_of(department)
    }
    assert exact == totals_of(department)


def test_a_large_department_builds() -> None:
    """20 units and 2,000 lines of all funds, kinds and origins."""
    department = random_department(20, units=20, lines=2000)
    built = build(department)
    totals = totals_of(department)
    assert built.book.named("支出合计").exact == totals["支出合计", ""]
    assert built.book.named("收入总计").exact == totals["支出总计", ""]
    assert len(built.book.measures["支出"].entries) >= 2000


@given(departments(max_units=5, max_lines=30))
@settings(max_examples=20)
def test_every_sum_is_exact_before_rounding(department: Department) -> None:
    """Both sides are equal to the fen; parts by any dimension add up to the whole."""
    book = build(department).book
    named = {name: book.named(name).exact or 0 for name in ("收入总计", "支出总计", "支出合计")}
    assert named["收入总计"] == named["支出总计"]
    whole = book.named("支出合计")
    for dimension, attribute in (
        ("单位", "unit"),
        ("功能科目", "function"),
        ("功能科目", "function_section"),
        ("功能科目", "function_category"),
        ("经济科目", "economic"),
        ("政府经济科目", "government_economic"),
        ("资金来源", "fund_group"),
        ("来源年度", "origin"),
        ("类别", "kind"),
        ("支出性质", "nature"),
    ):
        values = book.measures["支出"].values(attribute)
        parts = (
            book.select(narrowed(select("支出"), **{dimension: value})).exact or 0
            for value in values
        )
        assert sum(parts) == (whole.exact or 0), attribute
    assert (book.named("基本支出").exact or 0) == sum(
        book.named(name).exact or 0 for name in ("人员经费", "公用经费")
    )


@given(departments())
@settings(max_examples=20)
def test_every_fact_has_sources_that_exist(department: Department) -> None:
    with written(department) as (root, _):
        facts = facts_of(build_disclosure(root, department.year))
        length = {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8").count("\n")
            for path in root.rglob("*.yaml")
        }
    for fact in facts.values():
        for source in fact["sources"]:  # type: ignore[attr-defined]  # a list
            path, _, line = source.rpartition(":")
            assert 1 <= int(line) <= length[path], fact
        if fact["exact"] not in (None, "0.00", "0"):
            assert fact["sources"], fact


def _is_of_slight_share(before: Segment, names: set[str]) -> bool:
    """Whether the next segment is the 0.1% of 不足0.1%, which is there only after that word."""
    return before.text == "不足" and before.figure in names


def masked(document: Document, names: set[str]) -> Document:
    """The document with the named figures blotted out, said in words or not, and without the note on
    rounding, which speaks of all figures at once."""

    def blot(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
        kept = segments[:1] + tuple(
            one for before, one in pairwise(segments) if not _is_of_slight_share(before, names)
        )
        return tuple(s._replace(text="■", kind=FIGURE) if s.figure in names else s for s in kept)

    def block(one: Block) -> Block:
        if isinstance(one, Contents):
            return one
        if not isinstance(one, Table):
            return replace(one, segments=blot(one.segments))
        rows = tuple(
            row._replace(
                cells=tuple(c._replace(text="■") if c.figure in names else c for c in row.cells)
            )
            for row in one.rows
        )
        return replace(one, rows=rows, notes=tuple(map(blot, one.notes)))

    sections = tuple(
        replace(
            section,
            blocks=tuple(
                block(one)
                for one in section.blocks
                if not (isinstance(one, Paragraph) and one.role == "注")
            ),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)


def changed_and_dependent(
    department: Department, number: int, difference: int
) -> tuple[Built, Built, set[str], set[str]]:
    """Builds before and after a change, the facts that differ, and those that depend on it."""
    changed, records = change_amount(department, number, difference)
    with written(department) as (root, lines):
        before = build_disclosure(root, department.year)
    after = build(changed)
    sources = {f"{department.year}/{file}:{lines[file, record]}" for file, record in records}
    old, new = facts_of(before), facts_of(after)
    different = {
        name
        for name in old.keys() | new.keys()
        if (old.get(name, {}).get("exact"), old.get(name, {}).get("printed"))
        != (new.get(name, {}).get("exact"), new.get(name, {}).get("printed"))
    }
    dependent = {
        name
        for facts in (old, new)
        for name, fact in facts.items()
        if sources.intersection(fact["sources"])  # type: ignore[call-overload]  # a list
    }
    return before, after, different, dependent


def changeable(department: Department) -> list[int]:
    """Lines whose change changes amounts only: nothing appears that was zero before."""
    zero = {
        (line["单位"], line["资金来源"]) for line in department.revenue if not fen(line["金额"])
    }
    return [
        number
        for number, line in enumerate(department.expenditure)
        if "涉密" not in line and fen(line["金额"]) and not any(line["单位"] == u for u, _ in zero)
    ]


@given(st.data(), st.integers(0, 2**32), st.sampled_from([1, 50_000, 10**9]))
@settings(max_examples=15)
def test_a_change_changes_what_depends_on_it_and_nothing_else(
    data: st.DataObject, seed: int, difference: int
) -> None:
    """Without last year no word depends on a figure: blotted out, both texts and both Word files
    are equal to the byte; every dependent amount did change."""
    department = random_department(seed, units=3, lines=15, prior=False)
    numbers = changeable(department)
    if not numbers:
        return
    number = data.draw(st.sampled_from(numbers))
    before, after, different, dependent = changed_and_dependent(department, number, difference)
    assert different <= dependent
    facts = facts_of(before)
    amounts = {n for n in dependent if n in facts and facts[n]["exact_measure"] == "元"}
    if department.expenditure[number].get("财政拨款") == "否":  # its revenue line has another part
        amounts = {name for name in amounts if "财政拨款收入" not in name}
    assert amounts <= different
    one, two = (masked(built.document, dependent) for built in (before, after))
    assert write_text(one) == write_text(two)
    assert write_docx(one, before.place.style) == write_docx(two, after.place.style)
    if difference == 10**9:
        assert write_text(before.document) != write_text(after.document)
        texts = [read_docx(write_docx(b.document, b.place.style)) for b in (before, after)]
        assert texts[0] != texts[1]


@given(st.data(), st.integers(0, 2**32))
@settings(max_examples=15)
def test_a_change_with_a_base_changes_only_what_depends_on_it(
    data: st.DataObject, seed: int
) -> None:
    """With last year words and rates may change too, in blocks that print the figure."""
    department = random_department(seed, units=3, lines=15, prior=True)
    numbers = changeable(department)
    if not numbers:
        return
    number = data.draw(st.sampled_from(numbers))
    before, after, different, dependent = changed_and_dependent(department, number, 10**9)
    assert different <= dependent
    old, new = (
        {getattr(block, "id", ""): block for block in masked(built.document, set()).blocks()}
        for built in (before, after)
    )
    for identity in old.keys() | new.keys():
        if old.get(identity) != new.get(identity):
            figures = {f for b in (old, new) if identity in b for f in figures_in(b[identity])}
            assert figures & dependent, identity


def figures_in(block: Block) -> set[str | None]:
    if isinstance(block, Table):
        return {cell.figure for row in block.rows for cell in row.cells}
    return {segment.figure for segment in getattr(block, "segments", ())}


@pytest.mark.parametrize("off", [0, 1])
def test_a_control_is_met_to_the_fen(off: int) -> None:
    department = random_department(7, units=3, lines=20)
    total = totals_of(department)["支出合计", ""] + off
    control: dict[str, object] = {"指标": "支出合计", "金额": yuan(total), "文号": "财预1号"}
    found = _errors(replace(department, controls=[control]))
    assert found == ([("control-total", f"{department.year}/controls.yaml", 2)] if off else [])


def _errors(department: Department) -> list[tuple[str, str, int]]:
    with written(department) as (root, _):
        return errors_in(root, department.year)


def test_the_published_measure_changes_printing_only() -> None:
    """The same lines in 元 and 万元: the same exact figures, printed half up to the measure."""
    for measure in (("元", "2"), ("元", "0"), ("万元", "0"), ("万元", "1"), ("万元", "2")):
        department = random_department(5, units=2, lines=20, prior=False, measure=measure)
        figure = build(department).book.named("支出合计")
        assert figure.exact == totals_of(department)["支出合计", ""]
        scale = Decimal(100 if measure[0] == "元" else 1_000_000)
        assert figure.printed is not None
        assert abs(figure.printed - Decimal(figure.exact or 0) / scale) * 2 <= Decimal(1).scaleb(
            -int(measure[1])
        )
        assert figure.measure == measure[0]
