"""Every figure of the narrative of the 2023 file changed, deleted, doubled, swapped, one at a time.

Whatever alters the text is found, and the right figure is named: with the anchors of the working
copy, and without any.
"""

from __future__ import annotations

import pytest
from docx_editing import (
    Editable,
    Place,
    another,
    compared,
    found_in,
    sample_baseline,
    sample_docx,
    without_anchors,
)

from generator.verify.findings import (
    FIGURE_CHANGED,
    FIGURE_DUPLICATED,
    FIGURE_REMOVED,
    UNCHANGED,
)


@pytest.fixture(scope="module", params=["anchored", "without anchors"])
def editable(request: pytest.FixtureRequest) -> Editable:
    content = sample_docx()
    return Editable(content if request.param == "anchored" else without_anchors(content))


def narrative(editable: Editable) -> list[Place]:
    return [p for p in editable.places(sample_baseline()) if p.printed.anchor]


def test_the_narrative_prints_the_figures_people_look_at(editable: Editable) -> None:
    texts = {place.printed.text for place in narrative(editable)}
    assert {"28%", "211万元", "4万元", "0万元"} <= texts
    assert len(narrative(editable)) == len(sample_baseline().figure_anchors) > 80


def test_an_untouched_file_has_no_differences(editable: Editable) -> None:
    comparison = compared(editable.edited(), sample_baseline())
    assert comparison.findings == ()
    assert comparison.count(UNCHANGED) == len(editable.places(sample_baseline())) > 300


def test_each_changed_figure_is_named(editable: Editable) -> None:
    for place in narrative(editable):
        printed = place.printed
        new = another(printed.text)
        found = found_in(editable.edited(place.becomes(new)))
        assert found == [(FIGURE_CHANGED, printed.figure, printed.text, new)]


def test_each_deleted_figure_is_named(editable: Editable) -> None:
    for place in narrative(editable):
        printed = place.printed
        found = found_in(editable.edited(place.becomes("")))
        assert found == [(FIGURE_REMOVED, printed.figure, printed.text, "")]


def test_each_doubled_figure_is_named(editable: Editable) -> None:
    for place in narrative(editable):
        found = compared(editable.edited(place.followed_by(place.printed.text))).findings
        assert (found[0].rule, found[0].figure) == (FIGURE_DUPLICATED, place.printed.figure)


def test_both_of_two_swapped_figures_are_named(editable: Editable) -> None:
    places = narrative(editable)
    swapped = 0
    for number, one in enumerate(places):
        other = places[(number * 7 + 11) % len(places)]
        if one.printed.text == other.printed.text:
            continue
        swapped += 1
        edits = one.becomes(other.printed.text), other.becomes(one.printed.text)
        assert found_in(editable.edited(*edits)) == sorted(
            (FIGURE_CHANGED, a.printed.figure, a.printed.text, b.printed.text)
            for a, b in ((one, other), (other, one))
        )
    assert swapped > 70
