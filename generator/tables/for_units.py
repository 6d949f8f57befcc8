"""The layouts of a place as a unit publishes them in its own disclosure."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from generator.numerals import chinese_numeral
from generator.tables.plan import Layout, Layouts

_NUMBER = re.compile("[一二三四五六七八九十]+(?=、)")
_ROWS_OF_UNITS = ("单位", "单位及功能科目")


def unit_layouts(layouts: Layouts) -> Layouts:
    """The tables that units publish, numbered without gaps."""
    published = [layout for layout in layouts.values() if layout.spec.for_units]
    return {layout.id: _for_unit(layout, n) for n, layout in enumerate(published, 1)}


@lru_cache(maxsize=256)
def _for_unit(layout: Layout, number: int) -> Layout:
    """`layout` as the table of that number; a row of the department above its one unit goes."""
    spec = layout.spec
    numbered = _NUMBER.match(spec.contents_name)
    name = spec.contents_name
    if numbered:
        name = chinese_numeral(number) + name[numbered.end() :]
    rows = spec.rows
    if not set(rows).isdisjoint(_ROWS_OF_UNITS):
        rows = tuple(row for row in rows if row != "部门")
    return replace(layout, spec=replace(spec, contents_name=name, rows=rows))
