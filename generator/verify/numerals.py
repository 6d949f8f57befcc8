"""Texts as words: a numeral is one word, so that 15 is never 5 with a digit before it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

# Full-width digits are numerals too: they are what an editor's input method may type.
_DIGIT = "0-9０-９"
_NUMERAL = rf"(?:(?<![{_DIGIT}A-Za-z])[-−－])?[{_DIGIT}]+(?:[.,．，](?=[{_DIGIT}])[{_DIGIT}]+)*"
_WORD = re.compile(rf"{_NUMERAL}|[A-Za-z]+|.", re.DOTALL)
_IS_NUMERAL = re.compile(rf"[-−－]?[{_DIGIT}]")
_MEASURES = (
    "万元",
    "亿元",
    "个百分点",
    "元",
    "%",
    "％",
    "‰",
    "倍",
    "个",
    "辆",
    "台",
    "人",
    "年",
    "月",
    "日",
)
_MEASURE = re.compile("|".join(_MEASURES))
_ASCII = str.maketrans("０１２３４５６７８９．−－％", "0123456789.--%")
_VALUE = re.compile(r"(-?[0-9][0-9.]*)(.*)", re.DOTALL)


def words_of(text: str, breaks: tuple[int, ...] = ()) -> list[str]:
    """`text` in words; none of them crosses one of `breaks` (character positions, ascending)."""
    if not breaks:
        return _WORD.findall(text)
    words: list[str] = []
    start = 0
    for end in (*breaks, len(text)):
        if end > start:
            words += _WORD.findall(text[start:end])
            start = end
    return words


def is_numeral(word: str) -> bool:
    return _IS_NUMERAL.match(word) is not None


def measure_at(text: str, position: int) -> str:
    """The measure that stands at `position`, or nothing."""
    match = _MEASURE.match(text, position)
    return match[0] if match else ""


def value_of(text: str) -> tuple[Decimal | None, str]:
    """832.3万元 -> (832.3, 万元); 1,234.0 -> (1234, ""); None where no numeral comes first."""
    plain = text.translate(_ASCII).replace(",", "").replace("，", "")
    match = _VALUE.match(plain)
    if match is None:
        return None, ""
    try:
        return Decimal(match[1].rstrip(".")).normalize() + 0, match[2]
    except InvalidOperation:
        return None, ""
