"""Totals in the sheet as control totals: each must equal the sum of the rows it stands for.

What a total stands for is read from its own cells (159001 小计), else from where it stands.
Sums are looked up, not searched: the work grows with the rows, however many totals there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, product
from operator import add

from generator.importing.labels import GRAND, IMPLICIT
from generator.importing.rows import Detail, Scope, SheetRows, Total
from generator.importing.targets import AMOUNT, FISCAL_PART, ROW_TOTAL
from generator.money import Money
from generator.problems import Problem

_PREFIXED = ("功能科目", "经济科目")
_TEN_THOUSAND = 10_000
_EXPLAINED = 20

Sums = tuple[int, ...]
# (first, last): details counted from the top of the sheet, the last not included.
Block = tuple[int, int]


def problems_of_totals(rows: SheetRows) -> list[Problem]:
    """Totals that are not the sum of their rows, and rows that do not add up to their own total."""
    return [*_row_totals(rows), *_Totals(rows).problems()]


class _Totals:
    def __init__(self, rows: SheetRows) -> None:
        self.rows = rows
        self.sheet = rows.layout.sheet
        self.columns = rows.layout.amounts
        self.details = rows.details
        self.zero = (0,) * len(self.columns)
        self.vectors = [tuple(int(amount or 0) for amount in d.amounts) for d in self.details]
        self.running = list(accumulate(self.vectors, _plus, initial=self.zero))
        self._by_dimensions: dict[tuple[tuple[str, int], ...], dict[tuple[str, ...], Sums]] = {}

    def problems(self) -> Iterator[Problem]:
        explained = 0
        for total, above, below in self._with_blocks():
            if all(amount is None for amount in total.amounts):
                continue
            candidates = [c for c in self._candidates(total, above, below) if c is not None]
            if any(_agrees(total, sums) for sums, _ in candidates):
                continue
            sums, block = next((c for c in candidates if any(c[0])), candidates[0])
            yield from self._mismatch(total, sums)
            explained += 1
            if explained <= _EXPLAINED:
                yield from self._explanation(total, sums, block)

    def _with_blocks(self) -> list[tuple[Total, Block, Block]]:
        """Each total with the rows above it and below it, to the next as far out."""
        last: dict[int, int] = {}
        starts: list[tuple[Total, int, int]] = []
        count = 0
        for entry in self.rows.entries:
            if isinstance(entry, Detail):
                count += 1
                continue
            start = max((n for column, n in last.items() if column <= entry.column), default=0)
            starts.append((entry, start, count))
            last[entry.column] = count
        following: dict[int, int] = {}
        found = []
        for total, start, position in reversed(starts):
            ends = (n for column, n in following.items() if column <= total.column)
            end = min(ends, default=len(self.details))
            found.append((total, (start, position), (position, end)))
            following[total.column] = position
        return found[::-1]

    def _candidates(
        self, total: Total, above: Block, below: Block
    ) -> Iterator[tuple[Sums, Block] | None]:
        """What the total may stand for, the likeliest first."""
        everything = (0, len(self.details))
        scope, context = total.scope, total.context
        if scope:
            yield self.sum_of({**context, **scope}), everything
            yield self.sum_of(scope), everything
        elif total.kind == GRAND:
            yield self._block(everything)
        for block in (above, below):
            if self._is_within(block, scope):
                yield self._block(block)
        if context and not scope:
            yield self.sum_of(context), everything
            for field in context:
                yield self.sum_of({field: context[field]}), everything
        if total.kind == IMPLICIT and not scope:
            yield self._block(everything)

    def _block(self, block: Block) -> tuple[Sums, Block] | None:
        first, last = block
        if first == last:
            return (self.zero, block) if not self.details else None
        return _minus(self.running[last], self.running[first]), block

    def _is_within(self, block: Block, scope: Scope) -> bool:
        """Whether every detail of a block is what the total says it sums up."""
        return all(
            detail.values.get(field, "").startswith(values)
            for detail in (self.details[slice(*block)] if scope else ())
            for field, values in scope.items()
        )

    def sum_of(self, scope: Scope) -> Sums:
        """The sum of the details within a scope; codes match by their first digits."""
        total = self.zero
        fields = sorted(scope)
        for values in product(*(scope[field] for field in fields)):
            dimensions = tuple(
                (field, len(value) if field in _PREFIXED else 0)
                for field, value in zip(fields, values, strict=True)
            )
            total = _plus(total, self._index(dimensions).get(values, self.zero))
        return total

    def _index(self, dimensions: tuple[tuple[str, int], ...]) -> dict[tuple[str, ...], Sums]:
        index = self._by_dimensions.get(dimensions)
        if index is None:
            index = {}
            for detail, vector in zip(self.details, self.vectors, strict=True):
                key = tuple(
                    detail.values.get(field, "")[: length or None] for field, length in dimensions
                )
                index[key] = _plus(index.get(key, self.zero), vector)
            self._by_dimensions[dimensions] = index
        return index

    def _mismatch(self, total: Total, sums: Sums) -> Iterator[Problem]:
        for column, stated, found in zip(self.columns, total.amounts, sums, strict=True):
            if stated is not None and stated != found:
                what = f"{total.kind}与明细不符：明细相加是"
                hint = "核对这一格，或核对它所合计的各行"
                if total.kind == IMPLICIT:
                    what = "这一行没有明细科目，像是小计行；其下明细合计"
                    hint = "是小计就核对金额，是明细就补上科目"
                off_by = _off_by(stated, found)
                message = f"{what} {_yuan(found)} 元，这里是 {_yuan(stated)} 元，{off_by}"
                cell = total.row, column.position
                yield self.sheet.problem("wrong-total", message, cell, hint)

    def _explanation(self, total: Total, sums: Sums, block: Block) -> Iterator[Problem]:
        """The one row that, read in the other measure, would make the total agree."""
        first, last = block
        for position, column in enumerate(self.columns):
            stated = total.amounts[position]
            if stated is None or stated == sums[position]:
                continue
            difference = stated - sums[position]
            guilty = [
                detail
                for detail in self.details[first:last]
                if (amount := detail.amounts[position])
                and (
                    amount * (_TEN_THOUSAND - 1) == difference
                    or amount * (1 - _TEN_THOUSAND) == difference * _TEN_THOUSAND
                )
            ]
            if len(guilty) == 1:
                cell = guilty[0].row, column.position
                message = f"这一格的单位像是与别的行不同：按万元与元换算后，{total.kind}正好相符"
                yield self.sheet.problem("mixed-measures", message, cell, "把单位统一")


def _row_totals(rows: SheetRows) -> Iterator[Problem]:
    """A row's own total is the sum of its amounts; 其中 is not more than its whole."""
    columns = rows.layout.amounts
    checks = []
    for position, column in enumerate(columns):
        if column.field in (ROW_TOTAL, FISCAL_PART):
            parts = [
                other
                for other, candidate in enumerate(columns)
                if candidate.field == AMOUNT
                and column.rule.constants.items() <= candidate.rule.constants.items()
            ]
            checks.append((position, column, parts))
    for detail in rows.details if checks else ():
        for position, column, parts in checks:
            stated = detail.amounts[position]
            found = sum(detail.amounts[part] or 0 for part in parts)
            if stated is None:
                continue
            if stated != found if column.field == ROW_TOTAL else stated > found:
                message = (
                    f"“{column.header}”是 {_yuan(stated)} 元，这一行各栏相加是 {_yuan(found)} 元，"
                    f"{_off_by(stated, found)}"
                )
                cell = detail.row, column.position
                yield rows.layout.sheet.problem("wrong-total", message, cell, "核对这一行")


def _agrees(total: Total, sums: Sums) -> bool:
    pairs = zip(total.amounts, sums, strict=True)
    return all(stated is None or stated == found for stated, found in pairs)


def _plus(one: Sequence[int], other: Sequence[int]) -> Sums:
    return tuple(map(add, one, other))


def _minus(one: Sequence[int], other: Sequence[int]) -> Sums:
    return tuple(a - b for a, b in zip(one, other, strict=True))


def _off_by(stated: int, found: int) -> str:
    """How much more or less than the details a total says."""
    return f"这里{'多' if stated > found else '少'} {_yuan(abs(stated - found))} 元"


def _yuan(fen: int) -> str:
    return f"{Money(fen).yuan:,.2f}"
