"""What was published last year, looked up by figure, and what may be concluded from its absence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from generator.figures.definitions import DEFINITION_BY_NAME, name_of, selection_named
from generator.figures.expressions import Select, narrowed, widened
from generator.figures.figure import Figure
from generator.figures.measures import EXPENDITURE, PROCUREMENT
from generator.figures.recoding import recoded
from generator.model import Budget, PublishedFact
from generator.problems import Place

FUNCTION = "功能科目"
ITEM_DIGITS = 7


class Base(NamedTuple):
    """What a figure is compared with: `fact` itself was published, or is the sum of `items`.

    No place and no items: the list of items is complete (完整) and has none of this code.
    """

    fact: PublishedFact
    items: tuple[PublishedFact, ...] = ()


class LastYear:
    """Last year's facts, recoded (recode.yaml); no fact at all where nothing was published."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._prior = budget.prior
        self._by_family: dict[Select, Mapping[str, PublishedFact]] = {}

    @cached_property
    def facts(self) -> tuple[PublishedFact, ...]:
        """Last year's facts; recoded function items under their new codes, but no hidden ones."""
        if self._prior is None:
            return ()
        facts = recoded(self._prior, self._budget.recodes)
        hidden = self.hidden
        return tuple(fact for fact in facts if fact.function not in hidden) if hidden else facts

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Function items that have 涉密 lines and no others: they have not gone, and are not told of."""
        if not self._budget.secret_items:
            return frozenset()
        units = {unit.code for unit in self._budget.department.units}
        items = {function for unit, function in self._budget.secret_items if unit in units}
        return frozenset(items.difference(line.function for line in self._budget.expenditure))

    def base_of(self, figure: Figure) -> Base | None:
        """The published fact of this figure, else what the complete list of items says of it.

        None if there is no base: a blank cell is none.
        """
        if self._prior is None:
            return None
        fact = self._by_name.get(figure.name)
        if fact is None or fact.amount is None:
            return self._from_items(figure)
        return Base(fact)

    def is_of_crosswalk(self, fact: PublishedFact) -> bool:
        """Whether the crosswalk made the fact: its code is not the one it was published under."""
        return any(recode.place == fact.place for recode in self._budget.recodes)

    def is_recoded(self, figure: Figure) -> bool:
        """Whether the figure is not compared with what was published under its own code."""
        base = self.base_of(figure)
        if base is None:
            return False
        filters = figure.expression.filters if isinstance(figure.expression, Select) else ()
        left = {recode.old for recode in self._budget.recodes}
        return not left.isdisjoint(dict(filters).get(FUNCTION, ())) or any(
            map(self.is_of_crosswalk, base.items or (base.fact,))
        )

    def _from_items(self, figure: Figure) -> Base | None:
        """The sum of the published items of a function code; of an absent item it is zero, as of
        a list without items.

        A 类 or 款 is no item: it was not zero because only its items were published. Where a code
        was published without its items, the list of items says nothing of it; nor is anything said
        of an item that is blank, or of a sum with such an item.
        """
        assert self._prior is not None
        expression = figure.expression
        family = family_name(figure, FUNCTION)
        if family not in self._prior.complete:
            return None
        if family == figure.name:  # of its items not one was published: there was none
            nothing = all(fact.figure != family for fact in self.facts)
            return Base(PublishedFact(family, Decimal(0), place=Place(""))) if nothing else None
        assert isinstance(expression, Select)
        codes = dict(expression.filters)[FUNCTION]
        published = self._published_of(widened(expression, FUNCTION))
        items = {code: fact for code, fact in published.items() if len(code) == ITEM_DIGITS}
        for code in published.keys() - items.keys():
            related = any(code.startswith(c) or c.startswith(code) for c in codes)
            if (
                related
                and published[code].amount != 0
                and not any(i.startswith(code) for i in items)
            ):
                return None
        found = tuple(fact for code, fact in items.items() if code.startswith(codes))
        amounts = [fact.amount for fact in found if fact.amount is not None]
        if len(amounts) < len(found):
            return None
        total = sum(amounts, Decimal(0))
        place = found[0].place if found else Place("")
        return Base(PublishedFact(figure.name, total, place=place), found)

    def _published_of(self, family: Select) -> Mapping[str, PublishedFact]:
        """What was published for the function codes of a family of figures, by code."""
        published = self._by_family.get(family)
        if published is None:
            names = {code: name_of(narrowed(family, 功能科目=code)) for code in sorted(self._codes)}
            published = self._by_family[family] = {
                code: self._by_name[name] for code, name in names.items() if name in self._by_name
            }
        return published

    @cached_property
    def _by_name(self) -> Mapping[str, PublishedFact]:
        return {qualified_name(fact.figure, fact.function): fact for fact in self.facts}

    @cached_property
    def _codes(self) -> frozenset[str]:
        """Every function code something was published for."""
        return frozenset(filter(None, chain.from_iterable(map(_codes_of, self.facts))))


def _codes_of(fact: PublishedFact) -> Iterator[str]:
    yield fact.function
    selection = selection_named(fact.figure)
    if selection is not None:
        yield from dict(selection.filters).get(FUNCTION, ())


def qualified_name(name: str, function: str = "") -> str:
    """一般公共预算支出 + 2010301 -> the name of that item's figure.

    What has no function items (三公经费, 收入总计, 一般公共预算收支) has no such figure: the name is
    nobody's.
    """
    definition = DEFINITION_BY_NAME.get(name)
    if not function or definition is None:
        return name
    if has_items(name):
        assert isinstance(definition.expression, Select)
        return name_of(narrowed(definition.expression, 功能科目=function))
    return f"{name}[{FUNCTION}={function}]"


def has_items(name: str) -> bool:
    """Whether a registered figure can be narrowed to a function item: revenue has none."""
    selection = selection_named(name) if name in DEFINITION_BY_NAME else None
    return selection is not None and selection.measure in (EXPENDITURE, PROCUREMENT)


def family_name(figure: Figure, dimension: str) -> str:
    """The name of the figure without its filter on `dimension`."""
    if not isinstance(figure.expression, Select):
        return figure.name
    return name_of(widened(figure.expression, dimension))
