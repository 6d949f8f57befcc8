"""Departments of 500, 5,000 and 50,000 expenditure lines in 20 units, through the whole `build`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.growth import growth_rows
from benchmarks.table import Row
from benchmarks.timing import PROJECT

sys.path.insert(0, str(PROJECT / "tests"))

from departments import random_department, write_department  # tests/ is no package

SIZES = (500, 5_000, 50_000)


def rows() -> Iterator[Row]:
    yield from growth_rows(SIZES, "行", _written)


def _written(lines: int, data: Path) -> int:
    department = random_department(7, units=20, lines=lines)
    write_department(department, data)
    return department.year
