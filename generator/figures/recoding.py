"""The crosswalk of recoded function items: last year's facts as this year's codes would have them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from generator.model import PublishedFact, Recode
from generator.money import round_decimal
from generator.problems import Problem


def recoded(
    facts: tuple[PublishedFact, ...], recodes: tuple[Recode, ...], decimals: int
) -> tuple[PublishedFact, ...]:
    """Facts of an old code become facts of its new codes, by shares, half up to `decimals`.

    A new code that was published itself gets the sum; its place is then the crosswalk's line.
    """
    if not recodes:
        return facts
    old = {recode.old for recode in recodes}
    result = {(f.figure, f.function): f for f in facts if f.function not in old}
    for fact in facts:
        for recode in recodes:
            if fact.function != recode.old or fact.amount is None:
                continue
            amount = round_decimal(fact.amount * recode.share / 100, decimals)
            known = result.get((fact.figure, recode.new))
            total = amount + (known.amount or Decimal(0) if known is not None else 0)
            moved = PublishedFact(fact.figure, total, recode.new, recode.place)
            result[fact.figure, recode.new] = moved
    return tuple(result.values())


def recode_problems(recodes: tuple[Recode, ...]) -> Iterator[Problem]:
    """The shares of an old code add up to 100."""
    by_old: dict[str, list[Recode]] = {}
    for recode in recodes:
        by_old.setdefault(recode.old, []).append(recode)
    for old, lines in by_old.items():
        total = sum((line.share for line in lines), Decimal(0))
        if total != 100:
            yield Problem(
                "recode-share",
                f"旧科目 {old} 的比例合计是 {total}，不是 100",
                lines[0].place,
                "几行的 比例 加起来要等于 100",
                related=tuple(line.place for line in lines[1:]),
            )
