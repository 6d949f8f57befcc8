"""The department's figures against its units' own disclosures: they add up exactly, before rounding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITIONS
from generator.figures.expressions import Given, Ratio, Select, Subtract
from generator.figures.figure import Figure
from generator.money import Money
from generator.problems import Problem

Values = Mapping[str, int | None]


def summable(book: FigureBook, printed: Iterable[str]) -> tuple[Figure, ...]:
    """The figures of a department that are sums over its units: defined ones, and those printed."""
    names = dict.fromkeys((*(definition.name for definition in DEFINITIONS), *printed))
    figures = (book.resolve(name) for name in names)
    return tuple(f for f in figures if not isinstance(f.expression, Ratio | Subtract))


def values_in(book: FigureBook, figures: Iterable[Figure]) -> Values:
    """The same figures in a unit's book: fen or a count by name; None is blank, or still owed."""
    values: dict[str, int | None] = {}
    for figure in figures:
        expression = figure.expression
        own = book.select(expression) if isinstance(expression, Select) else book.named(figure.name)
        values[figure.name] = None if own.exact is None or own.owed else int(own.exact)
    return values


def department_equals_units(
    book: FigureBook, figures: Iterable[Figure], units: Iterable[Values]
) -> Iterator[Problem]:
    """Every figure equals the sum of its units'. Assets are compared if every unit states its own."""
    parts = list(units)
    for figure in figures:
        values = [part[figure.name] for part in parts]
        stated = figure.exact is not None and not figure.owed
        if _is_given(book, figure) and not (stated and None not in values):
            continue
        added = sum(value or 0 for value in values)
        if not figure.owed and added != int(figure.exact or 0):
            yield Problem(
                "units-sum",
                f"{figure.name}：部门是 {_shown(figure, int(figure.exact or 0))}，"
                f"各单位之和是 {_shown(figure, added)}",
                book.first_place(figure),
                "核对部门和各单位的这项数",
            )


def _is_given(book: FigureBook, figure: Figure) -> bool:
    """Whether a number stands in assets.yaml, or is the sum of such numbers."""
    parts = (figure, *book.parts(figure))
    return any(isinstance(part.expression, Given) for part in parts)


def _shown(figure: Figure, value: int) -> str:
    return f"{Money(value).yuan}元" if figure.is_amount else f"{value}{figure.measure}"
