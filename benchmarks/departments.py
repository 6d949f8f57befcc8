"""The warm pipeline where every document is another department's, as in a bureau.

What is remembered of one department (texts, widths, selections) helps the next only as far as they
are alike: here each is made once. `warm` makes the same one again and again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.batch import make_departments
from benchmarks.docxtpl_template import docxtpl_template
from benchmarks.table import Row
from benchmarks.timing import ratio
from benchmarks.warm import DOCXTPL, EVIDENCE, one_of_ours, one_of_theirs
from generator.build import build_disclosure

# The first ones load templates and catalogues, which all of them share.
DEPARTMENTS, FIRST = 30, 6


def rows() -> Iterator[Row]:
    word, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(make_departments(Path(folder), DEPARTMENTS)):
            year = int(next(data.glob("*/department.yaml")).parent.name)
            laps = one_of_ours(data, year)
            template, context = docxtpl_template(build_disclosure(data, year))
            printed = one_of_theirs(template, context)[DOCXTPL]
            if number >= FIRST:
                word.append(sum(time for name, time in laps.items() if name not in EVIDENCE))
                theirs.append(printed)
    yield Row(DOCXTPL, f"{median(theirs) * 1000:.1f} 毫秒", f"每秒 {1 / median(theirs):.1f} 份")
    yield Row(
        "到核对过的 Word 为止",
        f"每秒 {1 / median(word):.1f} 份",
        f"docxtpl 的 {ratio(theirs, word):.1f} 倍，{len(word)} 个部门各一份",
    )
