"""The pipeline in one process, document after document, and docxtpl printing the same document.

Ours begins with the YAML files and ends with a Word file opened again and compared; docxtpl gets
every text ready. What both may keep between documents they keep: templates and styles here,
nothing there, as DocxTemplate compiles its template in every render.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from docxtpl import DocxTemplate

from benchmarks.docxtpl_template import Context, docxtpl_template
from benchmarks.table import Row
from benchmarks.timing import DATA, YEAR, ratio
from generator.build import build_disclosure, build_loaded
from generator.collector import collector_paused
from generator.load.budget import load_budget
from generator.writers.docx.document import write_docx
from generator.writers.docx.proof import problems_of_written
from generator.writers.evidence import write_facts, write_model
from generator.writers.text import write_text

ROUNDS = 12
# In a row, of each; one more before, not counted, finds the processor's caches with the other's.
OURS, THEIRS = 8, 4
REQUIRED = 5
DOCXTPL = "docxtpl：只打印（render、save）"
EVIDENCE = ("写 txt", "写 model.json", "写 facts.json")

Laps = dict[str, float]


def rows() -> Iterator[Row]:
    template, context = docxtpl_template(build_disclosure(DATA, YEAR))
    rounds = [
        (
            _medians(lambda: one_of_ours(DATA, YEAR), OURS),
            _medians(lambda: one_of_theirs(template, context), THEIRS),
        )
        for _ in range(ROUNDS + 1)
    ][1:]
    stages, theirs = [own for own, _ in rounds], [other[DOCXTPL] for _, other in rounds]
    for name in stages[0]:
        yield Row(name, f"{median(own[name] for own in stages) * 1000:.1f} 毫秒")
    yield Row(DOCXTPL, f"{median(theirs) * 1000:.1f} 毫秒", f"每秒 {1 / median(theirs):.1f} 份")
    word = [sum(own[name] for name in own if name not in EVIDENCE) for own in stages]
    whole = [sum(own.values()) for own in stages]
    for name, own in (("到核对过的 Word 为止", word), ("连 txt 和两份 JSON", whole)):
        times_as_many = ratio(theirs, own)
        met = times_as_many >= REQUIRED if own is word else None
        note = f"docxtpl 的 {times_as_many:.1f} 倍" + (
            f"，要求 {REQUIRED} 倍" if own is word else ""
        )
        yield Row(name, f"每秒 {1 / median(own):.1f} 份", note, met)


def _medians(document: Callable[[], Laps], count: int) -> Laps:
    """Of each stage over `count` documents in a row, in seconds of the processor."""
    laps = [document() for _ in range(count + 1)][1:]
    return {name: median(one[name] for one in laps) for name in laps[0]}


def one_of_ours(data: Path, year: int) -> Laps:
    """All stages in their order, each with what the one before it made."""
    laps: Laps = {}
    with collector_paused():  # as every command does
        begun = time.process_time()

        def lap(name: str) -> None:
            nonlocal begun
            now = time.process_time()
            laps[name] = now - begun
            begun = now

        loaded = load_budget(data, year)
        lap("读数据")
        built = build_loaded(loaded, data)
        lap("计算、检查、排成文档")
        docx = write_docx(built.document, built.place.style)
        lap("写 Word")
        assert not problems_of_written(built.document, docx)
        lap("重新打开 Word 核对")
        write_text(built.document)
        lap(EVIDENCE[0])
        write_model(built.document)
        lap(EVIDENCE[1])
        write_facts(built)
        lap(EVIDENCE[2])
    return laps


def one_of_theirs(template: bytes, context: Context) -> Laps:
    begun = time.process_time()
    printed = DocxTemplate(io.BytesIO(template))
    printed.render(context, autoescape=True)
    printed.save(io.BytesIO())
    return {DOCXTPL: time.process_time() - begun}
