"""One document by a new process: `build` against docxtpl and PyYAML's SafeLoader."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.docxtpl_template import docxtpl_template
from benchmarks.table import Row
from benchmarks.timing import DATA, YEAR, build_command, compiled_environment, ratio, run
from generator.build import build_disclosure

ROUNDS = 12

# The same data read, then the same document printed from a context that is ready.
_DOCXTPL = """
import json, sys
from pathlib import Path
import yaml
from docxtpl import DocxTemplate
folder, *files = map(Path, sys.argv[1:])
for file in files:
    yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
template = DocxTemplate(folder / "template.docx")
context = json.loads((folder / "context.json").read_text(encoding="utf-8"))
template.render(context, autoescape=True)
template.save(folder / "printed.docx")
"""


def rows() -> Iterator[Row]:
    template, context = docxtpl_template(build_disclosure(DATA, YEAR))
    files = (*sorted((DATA / str(YEAR)).glob("*.yaml")), DATA / f"{YEAR - 1}/published/facts.yaml")
    with tempfile.TemporaryDirectory() as name, compiled_environment() as environment:
        folder = Path(name)
        (folder / "template.docx").write_bytes(template)
        (folder / "context.json").write_text(json.dumps(context), encoding="utf-8")
        ours = build_command(DATA, YEAR, folder / "out")
        theirs = [sys.executable, "-c", _DOCXTPL, str(folder), *map(str, files)]
        rounds = [(run(ours, environment), run(theirs, environment)) for _ in range(ROUNDS + 1)][1:]
    own, other = zip(*rounds, strict=True)
    for what, runs in (("build", own), ("docxtpl 加 SafeLoader", other)):
        cpu, wall = (median(times) * 1000 for times in list(zip(*runs, strict=True))[:2])
        peak = median(one.peak for one in runs)
        yield Row(what, f"{cpu:.0f} 毫秒", f"实际时间 {wall:.0f}，内存 {peak:.0f} MB")
    times_as_long = ratio([one.cpu for one in own], [one.cpu for one in other])
    yield Row("build 用时", f"{times_as_long:.2f} 倍", "要求少于 1 倍", times_as_long < 1)
