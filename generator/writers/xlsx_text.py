"""What spreadsheets ask of text: sheet names, numbers, and words that look like formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

LONGEST_NAME = 31
_FORBIDDEN = str.maketrans("[]:*?/\\", "［］：＊？／＼")
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.([0-9]+))?", re.ASCII)


class Number(NamedTuple):
    """A printed number and the format that prints it the same way."""

    value: Decimal
    format: str


def number_of(text: str) -> Number | None:
    """832.30 -> the number, shown as 0.00; None if the text is not a number (a dash, a blank)."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    decimals = f".{'0' * len(match[1])}" if match[1] else ""
    grouped = "#,##0" if "," in text else "0"
    return Number(Decimal(text.replace(",", "")), f"{grouped}{decimals}")


def begins_a_formula(text: str) -> bool:
    return text.startswith(("=", "+", "-", "@", "\t", "\r"))


def sheet_names(titles: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A sheet name for each title: legal, at most 31 characters, and unlike the others in any case."""
    used = {name.casefold() for name in taken} | {"history"}  # a name Excel keeps for itself
    names = []
    for title in titles:
        plain = title.translate(_FORBIDDEN).strip("'").strip() or "表"
        name, number = _cut(plain, ""), 1
        while name.casefold() in used:
            number += 1
            name = _cut(plain, f"（{number}）")
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, ending: str) -> str:
    """`text` and `ending` in 31 UTF-16 units, which is what Excel counts."""
    while len((text + ending).encode("utf-16-le")) > 2 * LONGEST_NAME:
        text = text[:-1]
    return text.rstrip("'") + ending
