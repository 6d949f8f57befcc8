"""Columns that the mapping does not know: named, and doubted where they hold amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generator.importing.amounts import number_in
from generator.importing.rows import SheetRows
from generator.problems import WARNING, Problem

# Numbers below such headers are no money.
_COUNTED = re.compile(r"号|码|年度|年份|日期|时间|电话|人数|数量|面积|比例|行次|[%％]")


def unused_amounts(rows: SheetRows) -> Iterator[Problem]:
    """Columns left out although the details have numbers there: money that goes nowhere."""
    sheet = rows.layout.sheet
    for column in rows.layout.unused:
        if _COUNTED.search(column.header):
            continue
        texts = [text for d in rows.details if (text := sheet.text(d.row, column.position))]
        numbers = [number for number in map(number_in, texts) if number]
        if len(numbers) * 2 > len(texts):
            total = sum(numbers, Decimal(0))
            message = (
                f"“{column.header}”这一列没有导入，明细行里有 {len(numbers)} 个数，"
                f"合计 {total.normalize():,f}"
            )
            hint = "是要导入的金额，就在列名对照文件里加上这一列；不用导入的，写进 不导入 的列名"
            cell = rows.layout.bottom, column.position
            yield sheet.problem("unused-amounts", message, cell, hint, WARNING)
