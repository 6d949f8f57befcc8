"""Amounts as people type them in spreadsheets, and the measure (元, 万元) a sheet declares.

A cell is either an exact amount, blank, or refused with the reason: nothing is rounded.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from generator.fields import Unacceptable
from generator.money import FEN_PER_MEASURE, Money
from generator.typed_figures import MONEY

FEN_PER_CELL_MEASURE = {**FEN_PER_MEASURE, "千元": 100_000, "亿元": 10_000_000_000}

# A dash alone is how forms print "none".
DASHES = frozenset("-—–―－")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,10})?", re.ASCII)
_MEASURE_WORD = "(?:人民币)?(万元|元|亿元|千元)(?:人民币)?"
_DECLARED = re.compile(rf"(?:金额)?(?:计量)?单位[:：为是]?\s*{_MEASURE_WORD}")
_IN_BRACKETS = re.compile(rf"[(（\[【]\s*(?:单位[:：]?)?\s*{_MEASURE_WORD}\s*[)）\]】]")
_SUFFIX = re.compile(r"(万元|千元|亿元|元)$")


@lru_cache(maxsize=65536)
def parse_amount(text: str, measure: str) -> Money | None:
    """`text` in `measure` as exact fen; None for a blank or a dash; Unacceptable otherwise."""
    plain = _plain(text)
    if not plain or _is_dash(plain):
        return None
    suffix = _SUFFIX.search(plain)
    if suffix:
        if suffix[1] != measure:
            message = f"这一格写的是“{text}”，这一列的单位是{measure}"
            raise Unacceptable(message, "把单位统一，一列只用一种单位", "mixed-measures")
        plain = plain.removesuffix(suffix[1])
    number = _decimal(plain)
    if number is None:
        raise _not_a_number(text)
    fen = number * FEN_PER_CELL_MEASURE[measure]
    if fen != fen.to_integral_value():
        hint = "核对这一列的单位是不是万元" if measure == "元" else "金额最多写到分"
        raise Unacceptable(f"“{text}”{measure}不到一分钱", hint, "bad-amount")
    return Money(int(fen))


def number_in(text: str) -> Decimal | None:
    """The number a cell is, whatever its measure; None for words, a blank or a dash."""
    return _decimal(_SUFFIX.sub("", _plain(text)))


def plain_number(text: str) -> str:
    """A cell for a number, without blanks and the commas between thousands; no other commas go."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def is_dash(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    return text[-1:] in DASHES and _is_dash(_plain(text))


def mentions_number(text: str) -> bool:
    """Whether a cell is a number, or speaks of an amount: 人员经费 5000 元, 三万元."""
    normal = unicodedata.normalize("NFKC", text)
    return number_in(text) is not None or MONEY.search(normal) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").lstrip("¥")


def _is_dash(plain: str) -> bool:
    return 0 < len(plain) <= 2 and set(plain) <= DASHES


def _decimal(plain: str) -> Decimal | None:
    negative = plain.startswith("(") and plain.endswith(")")
    digits = plain[1:-1] if negative else plain.replace("−", "-")
    if not _NUMBER.fullmatch(digits):
        return None
    number = Decimal(digits.replace(",", ""))
    return -number if negative else number


def _not_a_number(text: str) -> Unacceptable:
    what, hint = "不是金额", "只写数字，可以有千分位逗号和小数点"
    if text.startswith("#"):
        what, hint = "是公式的错误值", "在表格里改好公式，打开保存一次再导入"
    elif "e" in text.lower():
        hint = "数太大，表格里只剩 15 位有效数字"
    return Unacceptable(f"“{text}”{what}", hint, "bad-amount")


def declared_measure(text: str) -> str | None:
    """元, 万元 … declared by a corner such as `单位：万元` or `金额单位:元`."""
    match = _DECLARED.search(text) if "元" in text else None
    return match[1] if match else None


def header_measure(text: str) -> str | None:
    """The measure in a header's brackets: `预算金额（万元）`."""
    match = _IN_BRACKETS.search(text)
    return match[1] if match else None


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A header for comparing: no blanks, marks of required columns, or measure in brackets."""
    plain = unicodedata.normalize("NFKC", _IN_BRACKETS.sub("", text))
    return re.sub(r"[\s*:“”\"]|[(](?:必填|选填|可选)[)]", "", plain)
