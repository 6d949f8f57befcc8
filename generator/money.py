"""Exact money and the one place where a figure is rounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

# \d and Decimal() would also accept full-width digits and "Infinity".
_YUAN = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,2}))?", re.ASCII)


class Money(int):
    """An exact amount of money in fen (分). The sum of Money values is an int of fen."""

    __slots__ = ()

    @classmethod
    def from_yuan(cls, text: str) -> Money:
        """Parse an amount in yuan with at most two decimals; ValueError if it is anything else."""
        match = _YUAN.fullmatch(text)
        if match is None:
            raise ValueError(text)
        sign, yuan, fen = match.groups()
        amount = int(yuan) * 100 + int((fen or "").ljust(2, "0"))
        return cls(-amount if sign else amount)

    @property
    def yuan(self) -> Decimal:
        return Decimal(int(self)).scaleb(-2)


def round_half_up(numerator: int, denominator: int) -> int:
    """Nearest integer to numerator/denominator (denominator > 0), halves away from zero (四舍五入)."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def round_decimal(value: Decimal, decimals: int) -> Decimal:
    """`value` with exactly `decimals` decimals, half away from zero."""
    numerator, denominator = value.as_integer_ratio()
    return Decimal(round_half_up(numerator * 10**decimals, denominator)).scaleb(-decimals)


def printed_step(value: Decimal) -> Decimal:
    """One of the last digit of a number as it is printed: 832.3 -> 0.1."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)


def rounding_slack(parts: int, step: Decimal) -> Decimal:
    """What a total and the sum of its `parts`, all printed in steps of `step`, are less than apart.

    Each stands for v ± ½ step. (parts + 1)·½ step itself is out of reach: halves round away from
    zero, so that parts that are each ½ step too large are positive, and their positive total is
    not ½ step too small.
    """
    return step * (parts + 1) / 2


@dataclass(frozen=True, slots=True)
class PublishedMeasure:
    """The measure amounts are published in: its name, size in fen, and decimals (`公布单位`, `小数位数`)."""

    name: str = "万元"
    decimals: int = 1

    @property
    def fen(self) -> int:
        return FEN_PER_MEASURE[self.name]

    @property
    def step(self) -> Decimal:
        """One of the last digit that is printed: Decimal('0.1')."""
        return Decimal(1).scaleb(-self.decimals)

    def round(self, fen: int) -> Decimal:
        """Fen to the published measure, half up: 66480400 fen -> Decimal('664.8') wan."""
        return _round_fen(fen, self.fen, self.decimals)


FEN_PER_MEASURE = {"元": 100, "万元": 1_000_000}


@lru_cache(maxsize=65536)
def _round_fen(fen: int, measure_fen: int, decimals: int) -> Decimal:
    return Decimal(round_half_up(fen * 10**decimals, measure_fen)).scaleb(-decimals)
