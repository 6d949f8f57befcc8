"""How much of what goes wrong by hand the intervals tell from rounding, and that they never err.

Each slip is made in a true sum, share or rate of random amounts printed at 0.1万元.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random

from benchmarks.table import Row
from generator.money import PublishedMeasure, round_decimal
from generator.review.rounding import MISMATCH, OK, judge, judge_ratio, judge_shares

CASES = 100_000
SLIPS = 20_000
STEP = Decimal("0.1")
DECIMALS = {Decimal("0.1"): 1, Decimal("0.01"): 2}


def rows() -> Iterator[Row]:
    for step in DECIMALS:
        random = Random(2023)
        for what, judged in (
            ("合计", _true_sum),
            ("占比、增幅", _true_ratio),
            ("各比例", _true_shares),
        ):
            wrong = sum(judged(random, step) == MISMATCH for _ in range(CASES))
            note = f"{CASES:,} 个正确的{what}里误报的，要求没有"
            yield Row(f"误报：{what}，印到 {step} 万元", f"{wrong} 个", note, wrong == 0)
    for units in (1, 2, 5):
        yield _caught(f"合计差 {units} 个最小单位", lambda r, n=units: _slipped(r, n))  # type: ignore[misc]  # n is a default
    yield _caught("合计里两个数字颠倒", _transposed)
    yield _caught("漏了一行", _dropped)
    for units in (1, 2, 5):
        yield _caught(f"增幅差 {units} 个最小单位", lambda r, n=units: _slipped_rate(r, n))  # type: ignore[misc]  # n is a default
    yield _caught("增幅用错了年度的基数", _wrong_base)


def _caught(what: str, judged: Callable[[Random], str]) -> Row:
    random = Random(what)
    verdicts = [judged(random) for _ in range(SLIPS)]
    wrong = verdicts.count(MISMATCH) / SLIPS
    listed = 1 - verdicts.count(OK) / SLIPS
    return Row(f"查出：{what}", f"{wrong:.1%}", f"判为不符；连同列为尾差的 {listed:.1%}")


def _amounts(random: Random, least: int = 2) -> list[int]:
    """2 to 15 amounts in fen, from some hundred yuan to some million."""
    return [int(10 ** random.uniform(4.5, 8.5)) for _ in range(random.randint(least, 15))]


def _printed(step: Decimal, fen: list[int]) -> tuple[list[Decimal], Decimal]:
    measure = PublishedMeasure("万元", DECIMALS[step])
    return [measure.round(one) for one in fen], measure.round(sum(fen))


def _true_sum(random: Random, step: Decimal) -> str:
    parts, total = _printed(step, _amounts(random))
    return judge(total, parts, step)


def _true_ratio(random: Random, step: Decimal) -> str:
    fen = _amounts(random)
    parts, total = _printed(step, fen)
    return judge_ratio(_percent(fen[0], sum(fen)), parts[0], total, step, STEP)


def _true_shares(random: Random, step: Decimal) -> str:
    fen = _amounts(random)
    parts, total = _printed(step, fen)
    return judge_shares([_percent(one, sum(fen)) for one in fen], parts, total, STEP)


def _percent(part: int, whole: int) -> Decimal:
    return round_decimal(Decimal(part) * 100 / whole, 1)


def _slipped(random: Random, units: int) -> str:
    parts, total = _printed(STEP, _amounts(random))
    return judge(total + random.choice([1, -1]) * units * STEP, parts, STEP)


def _transposed(random: Random) -> str:
    """Two neighbouring digits of the total, which differ."""
    while True:
        parts, total = _printed(STEP, _amounts(random))
        digits = list(str(total).replace(".", ""))
        places = [n for n in range(len(digits) - 1) if digits[n] != digits[n + 1]]
        if places:
            place = random.choice(places)
            digits[place : place + 2] = reversed(digits[place : place + 2])
            return judge(Decimal("".join(digits)).scaleb(-1), parts, STEP)


def _dropped(random: Random) -> str:
    """A row that prints more than nothing."""
    while True:
        parts, total = _printed(STEP, _amounts(random, least=3))
        dropped = random.randrange(len(parts))
        if parts[dropped]:
            return judge(total, parts[:dropped] + parts[dropped + 1 :], STEP)


def _change(random: Random) -> tuple[Decimal, Decimal]:
    """Last year's printed amount and the printed difference, 1 % to 60 % of it."""
    measure = PublishedMeasure("万元", 1)
    base = int(10 ** random.uniform(6.5, 9))
    now = int(base * (1 + random.choice([1, -1]) * random.uniform(0.01, 0.6)))
    return measure.round(base), measure.round(now) - measure.round(base)


def _slipped_rate(random: Random, units: int) -> str:
    base, difference = _change(random)
    rate = round_decimal(difference * 100 / base, 1) + random.choice([1, -1]) * units * STEP
    return judge_ratio(rate, difference, base, STEP, STEP)


def _wrong_base(random: Random) -> str:
    """The rate of the same difference on this year's amount, not on last year's."""
    base, difference = _change(random)
    rate = round_decimal(difference * 100 / (base + difference), 1)
    return judge_ratio(rate, difference, base, STEP, STEP)
