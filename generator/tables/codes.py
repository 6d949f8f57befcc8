"""The codes a layout selects by, against the catalogue of a year: a code nobody has selects nothing.

Layouts are read without a catalogue, because one place serves departments of several editions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache

from generator.catalogue import Catalogue
from generator.problems import Problem, suggestion
from generator.tables.plan import Layout
from generator.tables.spec import Conditions


def code_problems(layouts: Iterable[Layout], catalogue: Catalogue) -> Iterator[Problem]:
    """An error per code in a 条件 that is not in the catalogue, at the layout's line."""
    for layout in layouts:
        yield from _unknown_categories(layout, catalogue)
        for conditions in _selecting(layout):
            for name, codes, known in (
                ("功能科目", conditions.function, catalogue.functions),
                ("经济科目", conditions.economic, catalogue.economics),
                ("政府经济科目", conditions.government_economic, catalogue.government_economics),
            ):
                for code in codes:
                    if code not in known:
                        alike = [c for c in known if len(c) == len(code)]
                        declare = (
                            f"核对编码；地方新增的写进 catalogue/{catalogue.edition}/local.csv"
                        )
                        yield Problem(
                            "unknown-code",
                            f"{catalogue.edition} 版{name}里没有“{code}”，这里什么也选不出来",
                            conditions.place,
                            suggestion(code, alike) or declare,
                        )


def _unknown_categories(layout: Layout, catalogue: Catalogue) -> Iterator[Problem]:
    """类 that are always listed, and of which the catalogue has no name and no line."""
    sides = (side for side in (layout.spec.left, layout.spec.right) if side)
    for category in (category for side in sides for category in side.categories):
        if category.code not in catalogue.functions:
            message = f"{catalogue.edition} 版功能科目里没有类“{category.code}”，这一行总是空的"
            alike = [code for code in catalogue.functions if len(code) == len(category.code)]
            hint = suggestion(category.code, alike) or "核对编码，或删掉这一行"
            yield Problem("unknown-code", message, category.place, hint)


@lru_cache(maxsize=256)
def _selecting(layout: Layout) -> tuple[Conditions, ...]:
    """The conditions of a layout that name codes."""
    return tuple(
        found
        for found in _conditions(layout.spec)
        if found.function or found.economic or found.government_economic
    )


def _conditions(part: object) -> Iterator[Conditions]:
    """Every 条件 of a layout, however deep it stands."""
    if isinstance(part, Conditions):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _conditions(item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _conditions(getattr(part, field.name))
