"""Bringing edits back as properties: random departments, random edits of random texts."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random

from departments import Department, write_department
from departments_drawn import departments
from docx_editing import Edit, another
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from reconcile_desk import Desk, texts

from generator.document import FIGURE
from generator.reconcile.pieces import WORDS, Piece
from generator.reconcile.printed import PrintedText
from generator.reconcile.reconciliation import Reconciliation

RANDOMS = st.randoms(use_true_random=False)
# An example is a department built several times: to look for a smaller one takes minutes.
UNSHRUNK = (Phase.generate,)


@contextmanager
def desk_of(department: Department) -> Iterator[Desk]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_department(department, folder / "data")
        desk = Desk(folder, folder / "data", department.year)
        yield desk
        shutil.rmtree(folder, ignore_errors=True)


def spans(text: PrintedText) -> list[tuple[Piece, int, int]]:
    """The likeliest pieces of a text, with where they begin and end."""
    pieces = text.ways[0] if text.ways else ()
    edges = pairwise([0, *accumulate(len(piece.text) for piece in pieces)])
    return [(piece, *edge) for piece, edge in zip(pieces, edges, strict=True)]


def reworded(random: Random, start: int, end: int) -> tuple[int, int, str]:
    """Something put in, taken out or replaced between two ends; at least a character stays."""
    first = random.randint(start + 1, end)
    last = min(first + random.randint(0, 3), end)
    return (first, last, random.choice(["某些", "，并且", "", "甲"]) if last > first else "某些")


@settings(max_examples=6, phases=UNSHRUNK)
@given(departments(), RANDOMS)
def test_reworded_texts_come_out_of_the_sources_as_they_were_edited(
    department: Department, random: Random
) -> None:
    with desk_of(department) as desk:
        printed = desk.printed()
        origins = Counter(p.origin for text, _ in printed for p in (text.ways or ((),))[0])
        editable = [
            (t, at) for t, at in printed if any(p.editable and p.text for p, *_ in spans(t))
        ]
        wanted: dict[int, str] = {}
        edits: list[Edit] = []
        sure = True
        for text, paragraph in random.sample(editable, min(len(editable), 4)):
            piece, start, end = random.choice(
                [one for one in spans(text) if one[0].editable and one[0].text]
            )
            first, last, new = reworded(random, start, end)
            edits.append(Edit(paragraph, first, last, new))
            wanted[paragraph] = text.text[:first] + new + text.text[last:]
            sure &= piece.kind == WORDS and origins[piece.origin] == 1 and new != ""
        found = desk.reconciled(desk.editable.edited(*edits))
        assert found.figures == ()
        before, after = texts(desk.built.document), desk.rebuilt(found)
        came_out = {
            e.number: e.after for v in found.verdicts if v.accepted for e in v.proposal.edits
        }
        assert [came_out.get(n, text) for n, text in enumerate(before)] == [
            text if n in came_out or text == before[n] else _computed(found, n, text)
            for n, text in enumerate(after)
        ]
        assert set(came_out.values()) <= set(wanted.values())
        refused = [v.reason for v in found.verdicts if not v.accepted]
        assert all(refused)
        if sure:
            assert sorted(came_out.values()) == sorted(wanted.values())


def _computed(found: Reconciliation, number: int, text: str) -> str:
    """A line of the contents follows its heading."""
    assert found.printed[number].contents, text
    return found.printed[number].text


@settings(max_examples=4, phases=UNSHRUNK)
@given(departments(min_lines=3), RANDOMS)
def test_overtyped_figures_are_reported_and_nothing_is_patched(
    department: Department, random: Random
) -> None:
    with desk_of(department) as desk:
        figures = [
            (piece, start, end, paragraph)
            for text, paragraph in desk.printed()
            for piece, start, end in spans(text)
            if piece.kind == FIGURE and piece.text[:1].isdigit()
        ]
        for piece, start, end, paragraph in random.sample(figures, min(len(figures), 4)):
            new = another(piece.text)
            found = desk.reconciled(desk.editable.edited(Edit(paragraph, start, end, new)))
            assert [f[1:2] + f[3:5] for f in found.figures] == [(piece.figure, piece.text, new)]
            assert (found.verdicts, found.conflicts) == ((), ())


@settings(max_examples=4, phases=UNSHRUNK)
@given(departments(min_lines=3), RANDOMS)
def test_edits_across_a_figure_are_conflicts(department: Department, random: Random) -> None:
    with desk_of(department) as desk:
        crossings = [
            (one, other, edge, paragraph)
            for text, paragraph in desk.printed()
            for (one, _, edge), (other, _, _) in pairwise(spans(text))
            if {one.kind, other.kind} == {FIGURE, WORDS} and one.text and other.text
        ]
        for one, other, edge, paragraph in random.sample(crossings, min(len(crossings), 4)):
            first = edge - random.randint(1, min(len(one.text), 3))
            last = edge + random.randint(1, min(len(other.text), 3))
            found = desk.reconciled(desk.editable.edited(Edit(paragraph, first, last, "")))
            assert len(found.conflicts) == 1, (one.text, other.text, first - edge, last - edge)
            assert (found.verdicts, found.figures) == ((), ())
