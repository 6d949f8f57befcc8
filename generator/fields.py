"""Field types of the data files: how a scalar's text becomes a value, and what a schema says of it.

Every scalar arrives as text; a type parses it or raises ValueError with a Chinese message.
Types that need the year's codes and units take them from the `References` they are given.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from generator.money import Money
from generator.problems import Place

OWED_TEXT = "待填"


class OwedAmount(Enum):
    """The third state of an amount: a person must still fill it in."""

    OWED = OWED_TEXT


OWED_AMOUNT = OwedAmount.OWED
Amount = Money | OwedAmount


class PlacedText(str):
    """Text from a data file that knows its line: a complaint about the words names it."""

    __slots__ = ("place",)
    place: Place

    def __new__(cls, text: str, place: Place) -> PlacedText:
        placed = super().__new__(cls, text)
        placed.place = place
        return placed

    def __getnewargs__(self) -> tuple[str, Place]:  # type: ignore[override]  # for pickle
        return str(self), self.place


def place_of(text: str) -> Place | None:
    """The data line a text was read from; None for the program's own words."""
    return text.place if isinstance(text, PlacedText) else None


class Unacceptable(ValueError):
    """A scalar that is not of its type: a Chinese message, a hint, and the rule it breaks."""

    def __init__(self, message: str, hint: str = "", rule: str = "wrong-type") -> None:
        super().__init__(message)
        self.message, self.hint, self.rule = message, hint, rule


@dataclass(frozen=True, slots=True)
class References:
    """Names that scalars may refer to: allowed values by kind of reference (`单位`, `功能科目` …).

    `explain(kind, text)` says what is wrong with a value that is not known, or of another level.
    """

    known: Mapping[str, Container[str]] = field(default_factory=dict)
    explain: Callable[[str, str], Unacceptable] | None = None


@dataclass(frozen=True, slots=True)
class FieldType:
    """A named type: `parse(text, references)` and its JSON-schema fragment."""

    name: str
    parse: Callable[[str, References], Any]
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of scalars of one type, or of records of one class."""

    item: FieldType | type


@dataclass(frozen=True, slots=True)
class RecordOf:
    """A nested mapping described by a record class."""

    record: type


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a file says in one place; two that say the same are equal, wherever they stand."""

    place: Place = field(default=Place(""), compare=False)


def key(
    name: str,
    type_: FieldType | ListOf | RecordOf,
    meaning: str,
    default: object = ...,
) -> Any:
    """Declare a field: Chinese key, type, meaning for editors; required without a default."""
    metadata = {"key": name, "type": type_, "meaning": meaning}
    if default is ...:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def _text(text: str, _: References) -> str:
    return text


_NOT_NEGATIVE = "预算数不能是负数；要冲减，直接改被冲减的那一行"
# Words that people write behind an amount, in yuan; the longer ones first.
_YUAN = {"亿元": 10**8, "亿": 10**8, "万元": 10_000, "万": 10_000, "元": 1}


def _amount(text: str, _: References) -> Amount:
    if text == OWED_TEXT:
        return OWED_AMOUNT
    try:
        amount = Money.from_yuan(text)
    except ValueError:
        raise Unacceptable(
            f"金额“{text}”不是以元为单位的数", _amount_hint(text), "bad-amount"
        ) from None
    if amount < 0:
        raise Unacceptable(f"金额“{text}”是负数", _NOT_NEGATIVE, "negative-amount")
    return amount


def _amount_hint(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    plain = re.sub("[,、￥¥ ]", "", plain)
    written = re.fullmatch(rf"(-?[0-9]{{1,15}}(?:\.[0-9]{{1,10}})?)({'|'.join(_YUAN)})?", plain)
    if written is None:
        return "只写半角数字，单位是元，最多两位小数，例如 838200.00；还不知道就写 待填"
    if written[1].startswith("-"):
        return _NOT_NEGATIVE
    yuan = Decimal(written[1]) * _YUAN[written[2] or "元"]
    if yuan != round(yuan, 2):
        return "金额最多写到分（两位小数）"
    return f"只写半角数字，不带千分位和单位，例如 {yuan:.2f}（单位是元）"


def _decimal(text: str, _: References) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text, re.ASCII):
        raise Unacceptable(f"“{text}”不是数", "只写半角数字，例如 650.1", "bad-number")
    return Decimal(text)


def _quantity(text: str, references: References) -> Decimal:
    if text.startswith("-"):
        raise Unacceptable(f"“{text}”是负数", "数量不能是负数", "bad-number")
    return _decimal(text, references)


def _integer(text: str, _: References) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise Unacceptable(f"“{text}”不是整数", "只写半角数字，例如 3", "bad-number")
    return int(text)


def _year(text: str, _: References) -> int:
    if not re.fullmatch(r"(19|20)[0-9]{2}", text, re.ASCII):
        raise Unacceptable(f"“{text}”不是年份", "写四位半角数字，例如 2023", "bad-year")
    return int(text)


def _date(text: str, _: References) -> str:
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            raise ValueError(text)
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unacceptable(
            f"“{text}”不是日期", "写成 年-月-日，例如 2023-02-24", "bad-date"
        ) from None


def _yes_no(text: str, _: References) -> bool:
    if text not in ("是", "否"):
        raise Unacceptable(f"“{text}”不是“是”或“否”", "写 是 或 否", "bad-choice")
    return text == "是"


TEXT = FieldType("文字", _text, {"type": "string"})
AMOUNT = FieldType(
    "金额",
    _amount,
    {
        "description": "元，最多两位小数；还不知道写 待填",
        "oneOf": [
            {"type": "number", "minimum": 0},
            {"type": "string", "pattern": r"^([0-9]{1,15}(\.[0-9]{1,2})?|待填)$"},
        ],
    },
)
NUMBER = FieldType("数", _decimal, {"type": ["number", "string"]})
QUANTITY = FieldType("数量", _quantity, {"type": ["number", "string"]})
COUNT = FieldType("整数", _integer, {"type": ["integer", "string"]})
YEAR = FieldType("年份", _year, {"type": ["integer", "string"]})
DATE = FieldType("日期", _date, {"type": "string", "format": "date"})
YES_NO = FieldType("是否", _yes_no, {"enum": ["是", "否"]})


def own_words(sample: str) -> FieldType:
    """Text of a line that people copy from a message: they replace `sample`, and owe nothing."""

    def parse(text: str, _: References) -> str:
        if text == sample:
            raise Unacceptable(f"“{sample}”还是照抄的样子", "换成真实的内容", "sample-kept")
        return text

    return FieldType("文字", parse, {"type": "string", "not": {"const": sample}})


def choice(name: str, *values: str) -> FieldType:
    """One of a closed list of words."""

    def parse(text: str, _: References) -> str:
        if text not in values:
            raise Unacceptable(
                f"{name}没有“{text}”这一项", f"可写：{'、'.join(values)}", "bad-choice"
            )
        return text

    return FieldType(name, parse, {"enum": list(values)})


_LENGTHS = re.compile(r"\[0-9\]\{([0-9]+)(?:,([0-9]+))?\}").findall


def code(name: str, digits: str, example: str) -> FieldType:
    """A code made of ASCII digits, of the lengths in the regular expression `digits`."""
    pattern = re.compile(digits, re.ASCII)
    made_of = "半角数字" if example.isdigit() else "半角数字和小写字母"

    def parse(text: str, _: References) -> str:
        if not pattern.fullmatch(text):
            raise Unacceptable(
                f"“{text}”不是{name}",
                f'{_what_is_wrong(text, digits) or f"写成带引号的{made_of}"}，例如 "{example}"',
                "bad-code",
            )
        return text

    return FieldType(name, parse, {"type": "string", "pattern": f"^{digits}$"})


def _what_is_wrong(text: str, digits: str) -> str:
    """Of a code that is nearly one, or an empty string."""
    if text != text.strip():
        return "前后多了空格，删掉"
    if text.isascii() and text.isdigit():
        lengths = (least + (f"至{most}" if most else "") for least, most in _LENGTHS(digits))
        return f"应当是{'、'.join(lengths)}位数字，这里是{len(text)}位"
    letter = re.fullmatch("[0-9]*([OoIl])[0-9OoIl]*", text)
    return f"里面有字母“{letter[1]}”，换成数字" if letter else ""


def reference(name: str, digits: str, example: str) -> FieldType:
    """A code or name that must be among the year's known ones of that kind."""
    shape = code(name, digits, example) if digits else TEXT
    fits = re.compile(digits or ".*", re.ASCII | re.DOTALL).fullmatch

    def parse(text: str, references: References) -> str:
        known = references.known.get(name)
        if known is None or text not in known:
            shape.parse(text, references)
        elif fits(text):
            return text
        if known is not None and references.explain is not None:
            raise references.explain(name, text)
        return text

    return FieldType(name, parse, shape.schema)
