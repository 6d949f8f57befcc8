"""Money: exact fen, parsed strictly, rounded half up in one place."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.money import Money, PublishedMeasure, round_decimal, round_half_up
from generator.numerals import prose_text, table_text

FEN = st.integers(-(10**17), 10**17)
MEASURES = st.builds(PublishedMeasure, st.sampled_from(["元", "万元"]), st.sampled_from([0, 1, 2]))


def half_up(value: Decimal, decimals: int) -> Decimal:
    """The same by another hand: the decimal module's half up, which is half away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@given(FEN, MEASURES)
def test_a_published_amount_is_rounded_half_up(fen: int, measure: PublishedMeasure) -> None:
    expected = half_up(Decimal(fen) / measure.fen, measure.decimals)
    assert measure.round(fen) == expected
    assert measure.round(fen).as_tuple().exponent == -measure.decimals


@given(st.integers(-(10**12), 10**12), MEASURES)
def test_exact_halves_go_away_from_zero(count: int, measure: PublishedMeasure) -> None:
    step = measure.fen // 10**measure.decimals
    if step % 2 == 0:
        rounded = measure.round(count * step + (step // 2 if count >= 0 else -(step // 2)))
        further = count + (1 if count >= 0 else -1)
        assert rounded == Decimal(further).scaleb(-measure.decimals)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_round_half_up_is_the_nearest_integer(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)
    assert abs(2 * (rounded * denominator - numerator)) <= denominator
    assert rounded == -round_half_up(-numerator, denominator)


@given(st.decimals(-(10**9), 10**9, places=8), st.integers(0, 4))
def test_round_decimal_is_half_up(value: Decimal, decimals: int) -> None:
    assert round_decimal(value, decimals) == half_up(value, decimals)


@given(st.integers(0, 10**15), st.integers(0, 99))
def test_money_reads_back_what_it_prints(yuan: int, fen: int) -> None:
    money = Money.from_yuan(f"{yuan % 10**15}.{fen:02d}")
    assert money == yuan % 10**15 * 100 + fen
    assert Money.from_yuan(str(money.yuan)) == money


@pytest.mark.parametrize(
    ("text", "fen"),
    [("0", 0), ("838200.00", 83820000), ("0.5", 50), ("0.05", 5), ("007", 700), ("-1.25", -125)],
)
def test_money_is_read_exactly(text: str, fen: int) -> None:
    assert Money.from_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "", " 1", "1 ", "1.", ".1", "1.005", "1,000", "1e3", "+1", "--1", "１", "1．0", "٣", "NaN",
        "Infinity", "1_000", "0x1", "1元", "1\n", "1234567890123456",
    ],
)  # fmt: skip
def test_what_is_not_plain_yuan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        Money.from_yuan(text)


@pytest.mark.parametrize(
    ("value", "prose", "table", "grouped"),
    [
        ("832.3", "832.3", "832.3", "832.3"),
        ("211.0", "211", "211.0", "211.0"),
        ("0.0", "0", "0.0", "0.0"),
        ("-0.0", "0", "0.0", "0.0"),
        ("1234567.89", "1234567.89", "1234567.89", "1,234,567.89"),
        ("100", "100", "100", "100"),
        ("0.25", "0.25", "0.25", "0.25"),
        ("664.85", "664.85", "664.85", "664.85"),
        ("-5.30", "-5.3", "-5.30", "-5.30"),
    ],
)
def test_numbers_print_every_digit_they_have(
    value: str, prose: str, table: str, grouped: str
) -> None:
    assert prose_text(Decimal(value)) == prose
    assert table_text(Decimal(value)) == table
    assert table_text(Decimal(value), grouped=True) == grouped
    assert prose_text(None) == "0"


@given(FEN, MEASURES)
def test_printing_decides_no_digit(fen: int, measure: PublishedMeasure) -> None:
    rounded = measure.round(fen)
    assert Decimal(prose_text(rounded)) == rounded
    assert Decimal(table_text(rounded)) == rounded
    assert Decimal(table_text(rounded, grouped=True).replace(",", "")) == rounded
