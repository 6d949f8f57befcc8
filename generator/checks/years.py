"""Checks of what belongs to the budget year: codes in force in it, and the dates around it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.fields import place_of
from generator.figures.book import FigureBook
from generator.model import ExpenditureLine, ProcurementItem
from generator.problems import ERROR, WARNING, Finding, Place

_LAST_QUARTER = "10-01"  # budgets of the next year are drawn up and may already be published


def codes_are_in_force(book: FigureBook) -> Iterator[Finding]:
    """Function codes are of the budget year; one finding per code, at its first line."""
    year = book.department.year
    first_by_code: dict[str, Place] = {}
    lines: tuple[ExpenditureLine | ProcurementItem, ...]
    lines = (*book.budget.expenditure, *book.budget.procurement)
    for line in lines:
        first_by_code.setdefault(line.function, line.place)
    for code, place in first_by_code.items():
        subject = book.catalogue.functions[code]
        if not subject.in_force(year):
            since = f"从 {subject.first_year} 年起才有" if subject.first_year else ""
            until = f"只用到 {subject.last_year} 年" if subject.last_year else ""
            certain = subject.confidence == "seen"
            verify = "" if certain else "；科目表的这个年份没有核实过，对照当年的科目确认"
            yield Finding(
                f"科目 {code} {subject.name} {'，'.join(filter(None, (since, until)))}，"
                f"这是 {year} 年的预算",
                place,
                f"改用 {year} 年的科目{verify}",
                ERROR if certain else WARNING,
            )


def assets_are_of_last_years_end(book: FigureBook) -> Iterator[Finding]:
    """State assets are those held at the end of the year before the budget year. Rule C17."""
    assets = book.budget.assets
    expected = f"{book.department.year - 1}-12-31"
    if assets is not None and assets.as_of != expected:
        yield Finding(
            f"资产的截至日期是 {assets.as_of}，不是上年年末",
            place_of(assets.as_of) or assets.place,
            f'写成 截至日期: "{expected}"，车辆和设备按那一天的填',
            ERROR,
        )


def published_in_the_season(book: FigureBook) -> Iterator[Finding]:
    """A budget is published in its year, at the earliest in the last quarter of the year before."""
    year, date = book.department.year, book.department.date
    if not f"{year - 1}-{_LAST_QUARTER}" <= date <= f"{year}-12-31":
        yield Finding(
            f"公布日期是 {date}，这是 {year} 年的预算",
            place_of(date) or book.department.place,
            f"核对公布日期：在 {year} 年内，最早在上年第四季度",
        )
