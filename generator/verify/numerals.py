"""Texts as words: a numeral is one word, so that 15 is never 5 with a digit before it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

# Full-width digits are numerals too: they are what an editor's input method may type.
_DIGIT = "0-9０-９"
_NUMERAL = rf"(?:(?<![{_DIGIT}A-Za-z])[-−－])?[{_DIGIT}]+(?:[.,．，](?=[{_DIGIT}])[{_DIGIT}]+)*"
_WORD = re.compile(rf"{_NUMERAL}|[A-Za-z]+|.", re.DOTALL)
_IS_NUMERAL = re.compile(rf"[-−－]?[{_DIGIT}]")
_DATED = ("年", "月", "日")
# After blanks only what begins no other word: 表3 人员经费, 12 个人所得税.
_MEASURE = re.compile(
    r"\s*([余多]?\s*(?:[百千万亿]*元(?![化旦])|[百千]*[万亿]+|个百分点|[%％‰]|辆))"
    r"|([余多]?[倍个台人年月日])"
)
_ASCII = str.maketrans("０１２３４５６７８９．−－％", "0123456789.--%")
_MEASURED = re.compile(r"单位：\s*([万亿]?元)")
_CODE = re.compile(r"[0０][0-9０-９]+")
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
    """The measure that stands at `position` or after blanks (余万元 of 300 余万元), or nothing."""
    match = _MEASURE.match(text, position)
    return "".join(match[0].split()) if match else ""


def measure_of_table(corner: str) -> str:
    """The measure of a table's amounts: the corner above it says 单位：万元."""
    match = _MEASURED.search(corner)
    return match[1] if match else ""


def with_measure(text: str, measure: str) -> str:
    """A numeral in a table's amounts with the table's measure; anything else as it is."""
    value, own = value_of(text)
    return text + measure if value is not None and not own.strip() else text


def is_amount(text: str) -> bool:
    """Whether a numeral with its measure tells how much, and is no code, date or number of a list."""
    value, measure = value_of(text)
    return value is not None and bool(measure) and measure.lstrip("余多") not in _DATED


def is_code(word: str) -> bool:
    """Whether a numeral begins with a zero: a code such as 03, never an amount."""
    return _CODE.fullmatch(word) is not None


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
