"""What must agree before anything is written: a visible list of plain functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.checks.lines import (
    controls_are_met,
    fiscal_within_general_budget,
    government_economic_fits_unit,
    kind_fits_economic,
    own_fund_source_is_named,
    revenue_equals_expenditure,
)
from generator.figures.book import FigureBook
from generator.problems import Problem

Check = Callable[[FigureBook], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    revenue_equals_expenditure,
    own_fund_source_is_named,
    fiscal_within_general_budget,
    kind_fits_economic,
    government_economic_fits_unit,
    controls_are_met,
)


def check_budget(book: FigureBook) -> list[Problem]:
    """Every check, every finding."""
    return [problem for check in CHECKS for problem in check(book)]
