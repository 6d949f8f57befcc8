"""The crosswalk of recoded function items: last year's facts as this year's codes would have them.

An old code's amount is shared out by largest remainder in the digits it was published with, so
that nothing is lost or gained; what crosses from one 类 or 款 to another moves between them too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from generator.model import Published, PublishedFact, Recode
from generator.money import printed_step
from generator.problems import ERROR, Finding, Place

Key = tuple[str, str]  # 指标, 功能科目
# The item within the name of a selection: 支出[功能科目=2010306,支出性质=项目支出].
_ITEM_IN_NAME = re.compile(r"(?<=[\[,]功能科目=)[0-9]{7}(?=[,\]])")
_LEVELS = (5, 3)


def recoded(prior: Published, recodes: Sequence[Recode]) -> tuple[PublishedFact, ...]:
    """Last year's facts; those of an old code are its new codes', whose own facts they add to.

    A fact that came about so stands at the crosswalk's line. A blank one stays blank.
    """
    if not recodes:
        return prior.facts
    lines_by_old = _by_old(recodes)
    facts = {(fact.figure, fact.function): fact for fact in prior.facts}
    moving = {key: facts.pop(key) for key in list(facts) if _item_of(key) in lines_by_old}
    for key, fact in moving.items():
        lines = lines_by_old[_item_of(key)]
        for line, amount in zip(lines, _shared_out(fact.amount, lines), strict=True):
            _add(facts, _with_item(key, line.new), amount, line.place)
            if key[1] and amount:
                _move_between_levels(facts, prior, key, line, amount)
    return tuple(facts.values())


def recode_problems(recodes: Sequence[Recode], prior: Published | None) -> Iterator[Finding]:
    """Shares that are none or do not add up to 100, lines said twice, codes not published.

    `prior` is what the department published; None if that cannot be asked.
    """
    known = {_item_of((f.figure, f.function)) for f in prior.facts} if prior is not None else None
    times = Counter((line.old, line.new) for line in recodes)
    for old, lines in _by_old(recodes).items():
        yield from _share_problems(old, lines)
        for line in lines:
            if times.pop((old, line.new), 1) > 1:
                message = f"旧科目 {old} 到新科目 {line.new} 写了不止一行"
                again = tuple(one.place for one in lines if one.new == line.new)[1:]
                yield _wrong(message, line, "合成一行，比例相加", again)
        if known is not None and old not in known:
            message = f"旧科目 {old} 上年没有公布过"
            yield _wrong(message, lines[0], "核对上年的科目编码，没有用过就删掉这一行")


def _share_problems(old: str, lines: Sequence[Recode]) -> Iterator[Finding]:
    for line in lines:
        if not 0 < line.share <= 100:
            message = f"旧科目 {old} 的比例是 {line.share}"
            yield _wrong(message, line, "比例是百分之几，大于 0，不大于 100")
    total = sum((line.share for line in lines), Decimal(0))
    if total != 100:
        message = f"旧科目 {old} 的比例合计是 {total}，不是 100"
        places = tuple(line.place for line in lines[1:])
        yield _wrong(message, lines[0], "几行的 比例 加起来要等于 100", places)


def _wrong(message: str, line: Recode, hint: str, again: tuple[Place, ...] = ()) -> Finding:
    return Finding(message, line.place, hint, ERROR, again)


def _by_old(recodes: Sequence[Recode]) -> Mapping[str, list[Recode]]:
    lines_by_old: dict[str, list[Recode]] = defaultdict(list)
    for recode in recodes:
        lines_by_old[recode.old].append(recode)
    return lines_by_old


def _item_of(key: Key) -> str:
    """The function item a fact is about, or an empty string."""
    name, function = key
    found = _ITEM_IN_NAME.search(name)
    return found[0] if found is not None else function if len(function) == 7 else ""


def _with_item(key: Key, item: str) -> Key:
    name, function = key
    return _ITEM_IN_NAME.sub(item, name), item if function else ""


def _shared_out(amount: Decimal | None, lines: Sequence[Recode]) -> list[Decimal | None]:
    """`amount` by the lines' shares, each in its digits: rounded down, then up where most is lost."""
    if amount is None:
        return [None] * len(lines)
    smallest = printed_step(amount)
    exact = [amount * line.share / 100 for line in lines]
    parts = [part // smallest * smallest for part in exact]
    missing = int((amount - sum(parts)) / smallest)
    most_lost = sorted(range(len(lines)), key=lambda n: parts[n] - exact[n])
    for number in most_lost[:missing]:
        parts[number] += smallest
    return list(parts)


def _add(facts: dict[Key, PublishedFact], key: Key, amount: Decimal | None, place: Place) -> None:
    known = facts.get(key)
    if known is not None and known.amount is not None:
        amount = known.amount + (amount or 0)
    facts[key] = PublishedFact(key[0], amount, key[1], place=place)


def _move_between_levels(
    facts: dict[Key, PublishedFact], prior: Published, key: Key, line: Recode, amount: Decimal
) -> None:
    """The 款 and 类 an item left have less, those it came to more, where that level was published."""
    name = key[0]
    for digits in _LEVELS:
        left, reached = (name, line.old[:digits]), (name, line.new[:digits])
        had = facts[left].amount if left in facts else None
        if left == reached or had is None:
            continue
        # Its items, each rounded by itself, may come to a little more than it had.
        _add(facts, left, -min(amount, had), line.place)
        if reached in facts or name in prior.complete:
            _add(facts, reached, amount, line.place)
