"""What last year's list of items says of a code that was not published by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from test_figures import small

from generator.document import Document
from generator.explain import explain
from generator.figures.expressions import narrowed
from generator.figures.figure import DECREASE, INCREASE, NEW, NO_BASE
from generator.figures.last_year import qualified_name

GENERAL = "一般公共预算支出"
COMPLETE = [GENERAL]
EMPTY = Document("", "", "", "", ())
ITEMS = {GENERAL: "250", f"{GENERAL}/2010301": "150.5", f"{GENERAL}/2010350": "99.5"}


@pytest.mark.parametrize(
    ("code", "published", "complete", "kind", "prior"),
    [
        # This year: 100 for item 2010301 and nothing else.
        ("2010301", ITEMS, COMPLETE, DECREASE, "150.5"),
        ("20103", ITEMS, COMPLETE, DECREASE, "250.0"),
        ("201", ITEMS, COMPLETE, DECREASE, "250.0"),
        ("201", ITEMS | {f"{GENERAL}/2080501": "7"}, COMPLETE, DECREASE, "250.0"),
        ("201", ITEMS | {f"{GENERAL}/201": "251.0"}, COMPLETE, DECREASE, "251.0"),
        # Items that are not all there are no sum.
        ("201", ITEMS, [], NO_BASE, None),
        ("2010301", {f"{GENERAL}/2010350": "99.5"}, [], NO_BASE, None),
        # What is in no item was nothing; what was published without its items is not known.
        ("2010301", {f"{GENERAL}/2080501": "7"}, COMPLETE, NEW, "0"),
        ("201", {f"{GENERAL}/2080501": "7"}, COMPLETE, NEW, "0"),
        ("2010301", {f"{GENERAL}/201": "90"}, COMPLETE, NO_BASE, None),
        ("20103", {f"{GENERAL}/201": "90"}, COMPLETE, NO_BASE, None),
        ("201", {f"{GENERAL}/20103": "90"}, COMPLETE, NO_BASE, None),
        ("201", {"支出[功能科目=2010301,资金来源=一般公共预算]": "70"}, COMPLETE, INCREASE, "70"),
    ],
)
def test_only_an_item_was_zero_because_it_is_absent(
    code: str, published: dict[str, str], complete: list[str], kind: str, prior: str | None
) -> None:
    book = small(prior=published, complete=complete)
    change = book.change(book.resolve_qualified(GENERAL, code))
    assert (change.kind, change.prior) == (kind, None if prior is None else Decimal(prior))


def test_several_items_of_a_complete_list_are_added_up() -> None:
    book = small(prior=ITEMS, complete=COMPLETE)
    both = narrowed(book.general_public_budget, 功能科目=("2010301", "2010350", "2080501"))
    assert book.change(book.select(both)).prior == 250


def test_why_says_that_the_base_was_added_up() -> None:
    book = small(prior=ITEMS, complete=COMPLETE)
    prior = explain(book, EMPTY, f"{GENERAL} 201").prior
    assert prior is not None
    assert prior.formula == "上年没有单独公布；各科目已全部公布（完整），这是其中各项之和"
    assert [(node.printed, node.place is not None) for node in prior.children] == [
        (Decimal("150.5"), True),
        (Decimal("99.5"), True),
    ]


@pytest.mark.parametrize("name", ["收入总计", "三公经费", "机关运行经费", "项目个数", "车辆"])
def test_what_has_no_items_is_not_narrowed_to_one(name: str) -> None:
    """Neither by a reason, nor by `why`, nor by a published fact that says so."""
    book = small(prior={f"{name}/2010301": "7"})
    assert book.resolve_qualified(name) == book.named(name)
    assert qualified_name(name, "2010301") != name
    assert book.prior_fact(book.named(name)) is None
    with pytest.raises(KeyError):
        book.resolve_qualified(name, "2010301")
    with pytest.raises(KeyError):
        explain(book, EMPTY, f"{name} 2010301")
