"""The kinds of projects: what is counted is what the lists of templates hold."""

from __future__ import annotations

import pytest
from compare_tools import EXAMPLE_TEMPLATES, EXAMPLES

from generator.build import Built, build_disclosure
from generator.figures.definitions import DEFINITIONS
from generator.figures.expressions import Count
from generator.figures.projects import IS_OF_KIND
from generator.narrative.names import context_of
from generator.narrative.vocabulary import LISTS


@pytest.fixture(scope="module")
def built() -> Built:
    return build_disclosure(EXAMPLES, 2023, EXAMPLE_TEMPLATES)


def test_every_kind_that_is_counted_is_known() -> None:
    counted = {d.expression.what for d in DEFINITIONS if isinstance(d.expression, Count)}
    assert counted - {"单位"} <= IS_OF_KIND.keys() <= LISTS.keys()


def test_a_kind_is_counted_as_it_is_listed(built: Built) -> None:
    book, context = built.book, context_of(built.book, built.place.phrases)
    listed = {kind: len(context[kind]) for kind in IS_OF_KIND}  # type: ignore[arg-type]  # lists
    assert {kind: len(book.counted(kind)) for kind in IS_OF_KIND} == listed
    assert 0 < listed["有目标的重点项目"] <= listed["重点项目"] <= listed["项目"]
    assert listed["重点项目"] == listed["有目标的重点项目"] + listed["没有目标的重点项目"]


def test_an_unknown_kind_is_our_mistake(built: Built) -> None:
    with pytest.raises(KeyError):
        built.book.counted("另一种重点项目")
