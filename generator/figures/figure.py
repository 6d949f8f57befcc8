"""A computed number and its change against last year: the records everything else passes around."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from generator.figures.expressions import Expression
from generator.money import FEN_PER_MEASURE
from generator.problems import Place

# The classes of a change.
INCREASE, DECREASE, UNCHANGED = "增加", "减少", "持平"
NEW, GONE, BOTH_ZERO, NO_BASE = "新增", "取消", "均为零", "无基数"
UNKNOWN = "待填"  # this year's amount is still owed


class Figure(NamedTuple):
    """A computed number. `exact`: fen for amounts, a count, or a percentage; None is blank.

    `printed` is rounded half up to the decimals it is published with (None: blank or 待填);
    `measure` is what stands behind it: 万元, 个, 辆, %.
    """

    name: str
    exact: int | Decimal | None
    printed: Decimal | None
    measure: str
    expression: Expression
    owed: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to speak of: {% if 政府性基金支出 %}."""
        return self.owed or bool(self.printed) or bool(self.exact)

    @property
    def is_amount(self) -> bool:
        """Whether it is money; a blank count is none."""
        return self.measure in FEN_PER_MEASURE


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against last year's published one. `difference` keeps its sign; `rate` is None
    where a percentage would be meaningless (new, unchanged, no base).
    """

    kind: str
    figure: Figure
    prior: Decimal | None
    prior_place: Place | None
    difference: Figure | None
    rate: Figure | None

    @property
    def said(self) -> str:
        """The class as people are told of it; 无基数 is its name in templates."""
        return "没有上年数" if self.kind == NO_BASE else self.kind


class NegativeBase(ValueError):
    """Last year's figure is negative: no sentence can be generated, a person must write it."""
