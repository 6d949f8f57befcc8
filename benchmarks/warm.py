"""The pipeline in one process, document after document, and docxtpl printing the same document.

Ours begins with the YAML files and ends with a Word file opened again and compared; docxtpl gets
every text ready. What both may keep between documents they keep: templates and styles here,
nothing there, as DocxTemplate compiles its template in every render.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from statistics import median

from docxtpl import DocxTemplate

from benchmarks.docxtpl_template import Context, docxtpl_template
from benchmarks.table import Row
from benchmarks.timing import DATA, YEAR, in_turn, ratio
from generator.build import build_disclosure, build_loaded
from generator.load.budget import load_budget
from generator.writers.docx import write_docx
from generator.writers.docx_proof import problems_of_written
from generator.writers.evidence import write_facts, write_model
from generator.writers.text import write_text

ROUNDS = 40
REQUIRED = 5
DOCXTPL = "docxtpl：只打印（render、save）"
EVIDENCE = ("写 txt", "写 model.json", "写 facts.json")


def rows() -> Iterator[Row]:
    loaded = load_budget(DATA, YEAR)
    built = build_disclosure(DATA, YEAR)
    document, style = built.document, built.place.style
    docx = write_docx(document, style)
    assert not problems_of_written(document, docx)
    template, context = docxtpl_template(built)
    stages = {
        "读数据": partial(load_budget, DATA, YEAR),
        "计算、检查、排成文档": partial(build_loaded, loaded, DATA),
        "写 Word": partial(write_docx, document, style),
        "重新打开 Word 核对": partial(problems_of_written, document, docx),
        "写 txt": partial(write_text, document),
        "写 model.json": partial(write_model, document),
        "写 facts.json": partial(write_facts, built),
    }
    times = in_turn({**stages, DOCXTPL: partial(_print, template, context)}, ROUNDS)
    word = [sum(times[n].cpu[i] for n in stages if n not in EVIDENCE) for i in range(ROUNDS)]
    whole = [sum(times[n].cpu[i] for n in stages) for i in range(ROUNDS)]
    for name in (*stages, DOCXTPL):
        yield Row(name, str(times[name]), times[name].clock)
    theirs = times[DOCXTPL].cpu
    for name, own in (("到核对过的 Word 为止", word), ("连 txt 和两份 JSON", whole)):
        times_as_many = ratio(theirs, own)
        note = f"docxtpl 的 {times_as_many:.1f} 倍，要求 {REQUIRED} 倍"
        value = f"每秒 {1 / median(own):.1f} 份"
        yield Row(name, value, note, times_as_many >= REQUIRED)
    yield Row("docxtpl", f"每秒 {1 / median(theirs):.1f} 份")


def _print(template: bytes, context: Context) -> bytes:
    printed = DocxTemplate(io.BytesIO(template))
    printed.render(context)
    output = io.BytesIO()
    printed.save(output)
    return output.getvalue()
