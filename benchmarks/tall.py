"""A table of 500, 5,000 and 50,000 rows: that many procurement items, through the whole `build`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.growth import growth_rows
from benchmarks.table import Row
from benchmarks.timing import PROJECT

sys.path.insert(0, str(PROJECT / "tests"))

from departments import random_department, write_department  # tests/ is no package

SIZES = (500, 5_000, 50_000)


def rows() -> Iterator[Row]:
    yield from growth_rows(SIZES, "行", _written)


def _written(items: int, data: Path) -> int:
    department = random_department(7, units=20, lines=500)
    procurement = [
        {
            "单位": line["单位"],
            "功能科目": line["功能科目"],
            "采购项目": f"第{number}批办公设备",
            "采购目录": "货物",
            "规格": "详见采购文件",
            "计量单位": "批",
            "采购数量": "1",
            "金额": f"{number}.00",
        }
        for number, line in zip(range(1, items + 1), _again(department.expenditure), strict=False)
    ]
    write_department(replace(department, procurement=procurement), data)
    return department.year


def _again(lines: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    while True:
        yield from (line for line in lines if "涉密" not in line)
