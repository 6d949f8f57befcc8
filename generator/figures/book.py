"""The figure book of a year: resolves names and selections to figures, changes and shares.

A figure is exact until printed and rounded once, half up. Differences, growth rates and shares are
computed from the printed figures (变动口径: 公布数), so that readers can recompute them, or from
the exact ones (变动口径: 元).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import attrgetter

from generator.catalogue import Catalogue
from generator.figures.definitions import DEFINITION_BY_NAME, Definition, name_of
from generator.figures.expressions import (
    Add,
    Count,
    Expression,
    Given,
    Ratio,
    Select,
    SelectOfKinds,
    Subtract,
    narrowed,
)
from generator.figures.figure import (
    BOTH_ZERO,
    DECREASE,
    GONE,
    INCREASE,
    NEW,
    NO_BASE,
    UNCHANGED,
    UNKNOWN,
    Change,
    Figure,
    NegativeBase,
)
from generator.figures.labels import label_of
from generator.figures.last_year import LastYear, qualified_name
from generator.figures.measures import Entry, Selection, measures_of, selection_of
from generator.figures.projects import IS_OF_KIND
from generator.model import Budget, PublishedFact
from generator.money import FEN_PER_MEASURE, Money, round_decimal
from generator.problems import Place
from generator.terms import GENERAL_PUBLIC_BUDGET


class FigureBook:
    """All figures of one budget, each computed once, on demand."""

    def __init__(self, budget: Budget, catalogue: Catalogue) -> None:
        self.budget = budget
        self.catalogue = catalogue
        self.department = budget.department
        self.measures = measures_of(budget)
        self.last_year = LastYear(budget)
        self.published_measure = budget.department.published_measure
        self.rate_decimals = int(budget.department.rate_decimals)
        self._figures: dict[str, Figure] = {}
        self._selected: dict[Select, Figure] = {}
        self._changes: dict[str, Change] = {}

    # Figures

    def named(self, name: str) -> Figure:
        """A registered figure; KeyError if there is none of that name."""
        figure = self._figures.get(name)
        if figure is None:
            definition = DEFINITION_BY_NAME[name]
            figure = self._figures[name] = self._compute(definition)
        return figure

    def select(self, expression: Select, entries: Sequence[Entry] | None = None) -> Figure:
        """The amount of a selection, under its one name. `entries` are the lines that match, if
        they are at hand.
        """
        figure = self._selected.get(expression)
        if figure is None:
            selection = self.lines(expression) if entries is None else selection_of(entries)
            figure = self._amount(name_of(expression), selection.fen, expression, selection.owed)
            self._selected[expression] = figure
            self._figures.setdefault(figure.name, figure)
        return figure

    def divided(
        self, whole: Select, **values: Sequence[str | tuple[str, ...]]
    ) -> tuple[Figure, ...]:
        """The parts of a selection that have these values of a dimension."""
        ((dimension, chosen),) = values.items()
        return tuple(self.select(narrowed(whole, **{dimension: value})) for value in chosen)

    def lines(self, expression: Select) -> Selection:
        """The raw lines that match a selection, with their exact sum."""
        return self.measures[expression.measure].select(expression.filters)

    def resolve(self, name: str) -> Figure:
        """A registered figure, or one of any name that has been asked for; else KeyError."""
        figure = self._figures.get(name)
        return self.named(name) if figure is None else figure

    def _compute(self, definition: Definition) -> Figure:
        expression = definition.expression
        name = definition.name
        if isinstance(expression, Select):
            return self.select(expression)
        if isinstance(expression, SelectOfKinds):
            selection = self.lines(self.calibre(expression))
            return self._amount(name, selection.fen, expression, selection.owed)
        if isinstance(expression, Add):
            return self._sum(definition, tuple(self.named(part) for part in expression.names))
        assert isinstance(expression, Count | Given)
        count = len(self.counted(expression.what)) if isinstance(expression, Count) else None
        if isinstance(expression, Given) and self.budget.assets is not None:
            count = attrgetter(expression.path)(self.budget.assets)
        printed = None if count is None else Decimal(count)
        return Figure(name, count, printed, definition.measure, expression)

    def _sum(self, definition: Definition, parts: tuple[Figure, ...]) -> Figure:
        values = [part.exact for part in parts if part.exact is not None]
        total = int(sum(values)) if values else None
        owed = any(part.owed for part in parts)
        if definition.measure:
            printed = None if total is None else Decimal(total)
            return Figure(
                definition.name, total, printed, definition.measure, definition.expression
            )
        return self._amount(definition.name, total, definition.expression, owed)

    def vanishing(self) -> Iterator[Figure]:
        """The amounts asked for so far that are not zero and are printed as zero."""
        for figure in self._figures.values():
            if figure.exact and not figure.printed and figure.is_amount and not figure.owed:
                yield figure

    def calibre(self, expression: SelectOfKinds) -> Select:
        """The selection of the units whose kind counts (department.yaml 机关运行经费口径)."""
        kinds = self.department.agency_running_cost_kinds
        units = tuple(unit.code for unit in self.department.units if unit.kind in kinds)
        return narrowed(Select(expression.measure, expression.filters), 单位=units)

    def _amount(self, name: str, fen: int | None, expression: Expression, owed: bool) -> Figure:
        exact = None if fen is None else Money(fen)
        printed = None if fen is None or owed else self.published_measure.round(fen)
        return Figure(name, exact, printed, self.published_measure.name, expression, owed)

    def counted(self, what: str) -> tuple[Place, ...]:
        """The data places of what a Count counts; projects count when they have a budget."""
        if what == "单位":
            return tuple(unit.place for unit in self.department.units)
        funded = {(entry.unit, entry.project) for entry in self.measures["支出"].entries}
        return tuple(
            project.place
            for project in self.budget.projects
            if (project.unit, project.name) in funded and IS_OF_KIND[what](project)
        )

    # Shares and changes

    def share(self, part: Figure, whole: Figure) -> Figure | None:
        """100 × part ÷ whole in percent, half up; None if the whole is zero or blank."""
        name = f"{part.name}.占比({whole.name})"
        expression = Ratio(part.name, whole.name)
        if part.owed or whole.owed:
            return Figure(name, None, None, "%", expression, owed=True)
        portion, base = self._comparable(part), self._comparable(whole)
        if base == 0:  # printed as nothing: only the exact amounts can still be compared
            portion, base = Decimal(part.exact or 0), Decimal(whole.exact or 0)
        if base == 0:
            return None
        return self._percentage(name, portion * 100 / base, expression)

    def change(self, figure: Figure) -> Change:
        """`figure` against what was published last year (see module docstring for the calibre)."""
        change = self._changes.get(figure.name)
        if change is None:
            change = self._changes[figure.name] = self._change(figure)
        return change

    def _change(self, figure: Figure) -> Change:
        fact = self.prior_fact(figure)
        if fact is None:
            return Change(NO_BASE, figure, None, None, None, None)
        prior = self.prior_amount(fact, figure)
        place = fact.place if fact.place.path else None
        if figure.owed:
            return Change(UNKNOWN, figure, prior, place, None, None)
        # The base is a published figure; under 变动口径 元 only this year's side is exact.
        current = figure.printed or Decimal(0)
        # What prints alike has not changed, even where the exact amount is half a step off.
        delta = Decimal(0) if current == prior else self._comparable(figure) - prior
        difference = self._difference(figure, delta)
        kind = _change_kind(current, prior, difference.printed or Decimal(0))
        if kind == GONE and figure.exact:  # too little to be printed
            kind = DECREASE
        if kind in (UNCHANGED, BOTH_ZERO):
            return Change(kind, figure, prior, place, None, None)
        rate = None
        if kind != NEW:
            expression = Ratio(difference.name, f"{figure.name}.上年")
            rate = self._percentage(f"{figure.name}.增幅", delta * 100 / prior, expression)
        return Change(kind, figure, prior, place, difference, rate)

    def _difference(self, figure: Figure, delta: Decimal) -> Figure:
        name = f"{figure.name}.增减额"
        expression = Subtract(figure.name)
        if not figure.is_amount:
            return self._remember(Figure(name, delta, delta, figure.measure, expression))
        exact = Money(int(delta * self.published_measure.fen))
        printed = round_decimal(delta, self.published_measure.decimals)
        return self._remember(Figure(name, exact, printed, figure.measure, expression))

    def _percentage(self, name: str, percent: Decimal, expression: Expression) -> Figure:
        printed = round_decimal(percent, self.rate_decimals)
        return self._remember(Figure(name, percent, printed, "%", expression))

    def _remember(self, figure: Figure) -> Figure:
        return self._figures.setdefault(figure.name, figure)

    def _comparable(self, figure: Figure) -> Decimal:
        """The value changes and shares are computed from, in the published measure."""
        if self._exactly and figure.is_amount and figure.exact is not None:
            return Decimal(figure.exact) / self.published_measure.fen
        return figure.printed or Decimal(0)

    # Last year

    def prior_fact(self, figure: Figure) -> PublishedFact | None:
        """What was published last year for this figure, or follows from last year's complete list
        of items: their sum, zero for an absent one; None if there is no base.
        """
        base = self.last_year.base_of(figure)
        return None if base is None else base.fact

    def prior_amount(self, fact: PublishedFact, figure: Figure) -> Decimal:
        """What was published last year, in this year's measure."""
        amount = fact.amount or Decimal(0)
        if self.budget.prior is None or not figure.is_amount:
            return amount
        return amount * FEN_PER_MEASURE[self.budget.prior.measure] / self.published_measure.fen

    def resolve_qualified(self, name: str, function: str = "") -> Figure:
        """The figure that a reason names, narrowed to a function item if it gives one.

        KeyError for an unknown figure, or one that has no function items.
        """
        if not function:
            return self.named(name)
        expression = DEFINITION_BY_NAME[name].expression
        if not isinstance(expression, Select):
            raise KeyError(qualified_name(name, function))
        return self.select(narrowed(expression, 功能科目=function))

    def label(self, figure: Figure) -> str:
        """How people would call a figure: 一般公共预算支出（2010301 行政运行）."""
        return label_of(figure, self.department, self.catalogue)

    # Where a figure comes from

    def entries(self, figure: Figure) -> tuple[Entry, ...]:
        """The raw lines an amount is the sum of."""
        expression = figure.expression
        if isinstance(expression, SelectOfKinds):
            expression = self.calibre(expression)
        if isinstance(expression, Select):
            return self.lines(expression).entries
        return ()

    def parts(self, figure: Figure) -> tuple[Figure, ...]:
        """The figures a figure is computed from."""
        expression = figure.expression
        if isinstance(expression, Add):
            names: tuple[str, ...] = expression.names
        elif isinstance(expression, Subtract):
            names = (expression.figure,)
        elif isinstance(expression, Ratio):
            names = (expression.part, expression.whole)
        else:
            names = ()
        return tuple(self.resolve(name) for name in names if not name.endswith(".上年"))

    def places(self, figure: Figure) -> tuple[Place, ...]:
        """Every data line a figure depends on, each once, in file order."""
        found = set(map(_place_of, self.entries(figure)))
        expression = figure.expression
        if isinstance(expression, Select):
            return tuple(sorted(found))
        if isinstance(expression, Count):
            found.update(self.counted(expression.what))
        if isinstance(expression, Given) and self.budget.assets is not None:
            record = getattr(self.budget.assets, expression.path.partition(".")[0])
            found.add(record.place if record.place.path else self.budget.assets.place)
        for part in self.parts(figure):
            found.update(self.places(part))
        if isinstance(expression, Subtract):
            place = self.change(self._figures[expression.figure]).prior_place
            if place is not None:
                found.add(place)
        return tuple(sorted(found))

    def first_place(self, figure: Figure) -> Place:
        """Where to look first: the first data line of a figure, else the department."""
        return next(iter(self.places(figure)), self.department.place)

    def formula(self, figure: Figure) -> str:
        """How a figure is computed, in Chinese."""
        expression = figure.expression
        if isinstance(expression, Add):
            return " + ".join(expression.names)
        if isinstance(expression, Subtract):
            now = "精确数" if self._exactly else "公布数"
            return f"{expression.figure}（{now}） - {expression.figure}.上年（公布数）"
        if isinstance(expression, Ratio):
            exactly = "（按精确数）" if self._exactly else ""
            return f"{expression.part} ÷ {expression.whole} × 100{exactly}"
        if isinstance(expression, Count):
            return f"计数：{expression.what}"
        if isinstance(expression, Given):
            return "assets.yaml 所列，没有列出的是零"
        if isinstance(expression, SelectOfKinds):
            expression = self.calibre(expression)
        filters = "，".join(f"{d} = {'、'.join(v)}" for d, v in expression.filters)
        return f"{expression.measure}明细之和" + (f"（{filters}）" if filters else "")

    # Rows that lists and tables walk over

    def functions(self, expression: Select, others: Sequence[str] = ()) -> tuple[str, ...]:
        """Function items (7 digits) with lines in the selection, and `others`, in the department's
        order.
        """
        found = self.measures[expression.measure].values("function", expression.filters)
        codes = tuple(sorted({*found, *others})) if others else found
        return _ordered(codes, self.department.row_order.functions)

    def economics(self, expression: Select) -> tuple[str, ...]:
        """Economic 款 with lines in the selection, in the department's order."""
        found = self.measures[expression.measure].values("economic", expression.filters)
        return _ordered(found, self.department.row_order.economics)

    @property
    def _exactly(self) -> bool:
        return self.department.change_basis == "元"

    @property
    def has_prior(self) -> bool:
        return self.budget.prior is not None

    @property
    def general_public_budget(self) -> Select:
        expression = DEFINITION_BY_NAME[f"{GENERAL_PUBLIC_BUDGET}支出"].expression
        assert isinstance(expression, Select)
        return expression


def _change_kind(current: Decimal, prior: Decimal, difference: Decimal) -> str:
    if prior < 0:
        raise NegativeBase(prior)
    if current == 0 and prior == 0:
        return BOTH_ZERO
    if difference == 0:
        return UNCHANGED
    if prior == 0:
        return NEW
    if current == 0:
        return GONE
    return INCREASE if difference > 0 else DECREASE


_place_of = attrgetter("place")


def _ordered(codes: tuple[str, ...], order: tuple[str, ...]) -> tuple[str, ...]:
    """Codes in the given order first, the others after them by code."""
    rank = {code: position for position, code in enumerate(order)}
    return tuple(sorted(codes, key=lambda code: (rank.get(code, len(rank)), code)))
