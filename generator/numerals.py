"""Rounded numbers to text. Babel separates thousands and never decides a digit: it rounds half even,
money rounds half up.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache


@lru_cache(maxsize=65536)
def prose_text(value: Decimal | None, grouped: bool = False) -> str:
    """As in sentences: trailing zeros stripped, no minus zero; a blank reads 0. 211.0 -> 211."""
    if value is None or value == 0:
        return "0"
    value = value.normalize()
    return _grouped(value, "#,##0.##########") if grouped else f"{value:f}"


def table_text(value: Decimal, grouped: bool = False) -> str:
    """As in tables: always with the published decimals. Decimal('211.0') -> 211.0."""
    # Cached by its digits: Decimal('0.0') == Decimal('0.00'), but they print differently.
    return _table_text(str(value), grouped)


@lru_cache(maxsize=65536)
def _table_text(digits: str, grouped: bool) -> str:
    value = Decimal(digits) + 0  # no minus zero
    if not grouped:
        return f"{value:f}"
    exponent = value.as_tuple().exponent
    zeros = "0" * -exponent if isinstance(exponent, int) and exponent < 0 else ""
    return _grouped(value, f"#,##0.{zeros}" if zeros else "#,##0")


def _grouped(value: Decimal, pattern: str) -> str:
    # With its dates and its locale a fifteenth of a cold build, which places without separators save.
    from babel import Locale  # noqa: PLC0415
    from babel.numbers import parse_pattern  # noqa: PLC0415

    return str(parse_pattern(pattern).apply(value, Locale("zh")))


_NUMERALS = "零一二三四五六七八九"
_LARGEST = 999


@lru_cache(maxsize=128)
def chinese_numeral(number: int) -> str:
    """1 -> 一, 12 -> 十二, 34 -> 三十四, 105 -> 一百零五; for 0 to 999, else ValueError."""
    if not 0 <= number <= _LARGEST:
        raise ValueError(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    hundred = f"{_NUMERALS[hundreds]}百" if hundreds else ""
    ten = "" if tens == 0 else "十" if tens == 1 and not hundreds else f"{_NUMERALS[tens]}十"
    zero = "零" if hundreds and not tens and ones else ""
    return hundred + ten + zero + (_NUMERALS[ones] if ones or not number else "")
