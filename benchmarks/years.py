"""Two years compared, with the redline: by the command, by length, and against other engines.

Ours begins with the frozen year and the other year's YAML files; the other engines get two Word
files ready, know nothing of figures and rows, and give a redline only.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.table import Row
from benchmarks.timing import PROJECT, compiled_environment, in_turn, ratio, run
from generator.build import build_disclosure
from generator.compare.comparison import compare
from generator.compare.redline.document import write_redline
from generator.compare.sides import Side, side_of_built, side_of_year
from generator.writers.docx.document import write_docx
from generator.writers.text import write_text

sys.path.insert(0, str(PROJECT / "tests"))

from departments import (  # tests/ is no package
    Department,
    change_amount,
    random_department,
    write_department,
)

EXAMPLES, TEMPLATES = PROJECT / "examples/data", PROJECT / "examples/templates"
OLD, NEW = 2023, 2024
REQUIRED_SECONDS = 1
ROUNDS, COLD_ROUNDS = 3, 5
# Lines of expenditure whose document is about 8 times as long as the example.
LONG = 620
# python-redlines: class -> how it is called here. Its packages bring the engines as binaries.
ENGINES = {"DocxodusEngine": "Docxodus", "XmlPowerToolsEngine": "Open-Xml-PowerTools"}
# The npm package docxodus, in a folder of its own or in the project's.
MODULES = Path(os.environ.get("NODE_MODULES", PROJECT / "node_modules"))
_SCRIPT = """
import { readFile, writeFile } from "node:fs/promises";
import { docxDiffCompare, initialize } from "docxodus/core";
await initialize();
const [old, edited, redline] = process.argv.slice(2);
const read = async (name) => new Uint8Array(await readFile(name));
await writeFile(redline, await docxDiffCompare(await read(old), await read(edited)));
process.exit(0);
"""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name, compiled_environment() as environment:
        folder = Path(name)
        ours = _own_command(folder)
        commands = {"diff --format docx": ours, **dict(_engines(folder))}
        for what in _absent(commands):
            print(f"没有装 {what}，这次不和它比", file=sys.stderr)
            yield Row(what, "没有装", "这次不比")
        runs = {what: [] for what in commands}
        for _ in range(COLD_ROUNDS + 1):  # the first compiles the modules
            for what, command in commands.items():
                runs[what].append(run(command, environment))
        assert (folder / "ours.docx").is_file()
    cpu = {what: [one.cpu for one in found[1:]] for what, found in runs.items()}
    own = cpu.pop("diff --format docx")
    note = f"一个新进程：读数据、生成 {NEW} 年、比较、写修订稿；要求少于 {REQUIRED_SECONDS} 秒"
    seconds = median(own)
    yield Row("diff 2023 2024 带修订稿", f"{seconds:.2f} 秒", note, seconds < REQUIRED_SECONDS)
    for what, times in cpu.items():
        note = f"我们的 {ratio(times, own):.1f} 倍，只做修订稿"
        yield Row(what, f"{median(times):.2f} 秒", note)
    yield from _growth()


def _own_command(folder: Path) -> list[str]:
    where = ["--data", str(EXAMPLES), "--templates", str(TEMPLATES)]
    how = ["--format", "docx", "--out", str(folder / "ours.docx")]
    return [sys.executable, "-m", "generator", "diff", str(OLD), str(NEW), *where, *how]


def _engines(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Name -> command of every other engine that is installed."""
    files = []
    for year in (OLD, NEW):
        built = build_disclosure(EXAMPLES, year, TEMPLATES)
        file = folder / f"{year}.docx"
        file.write_bytes(write_docx(built.document, built.place.style, anchors=False))
        files.append(str(file))
    for name, called in ENGINES.items():
        binary = _binary(name)
        if binary:
            yield called, [binary, "bench", *files, str(folder / f"{name}.docx")]
    node = shutil.which("node")
    if node and (MODULES / "docxodus").is_dir():
        (folder / "node_modules").symlink_to(MODULES)  # Node looks beside the script
        script = folder / "compare.mjs"
        script.write_text(_SCRIPT, encoding="utf-8")
        yield "docxodus（npm）", [node, str(script), *files, str(folder / "npm.docx")]


def _binary(engine: str) -> str | None:
    try:
        module = importlib.import_module("python_redlines")
        path: str = getattr(module, engine)().extracted_binaries_path
    except ImportError:  # also when only the engine's own package is absent
        return None
    return path


def _absent(commands: Mapping[str, object]) -> list[str]:
    return [name for name in (*ENGINES.values(), "docxodus（npm）") if name not in commands]


def _growth() -> Iterator[Row]:
    """The comparison and its redline alone: of the example, and of a document 8 times as long."""
    example = tuple(side_of_year(year, EXAMPLES, TEMPLATES) for year in (OLD, NEW))
    pairs = {"例子": example, "长": _pair(LONG)}
    times = in_turn({name: partial(_redline, *pair) for name, pair in pairs.items()}, ROUNDS)
    lengths = {name: _length(new) for name, (_, new) in pairs.items()}
    yield Row("只比较、写修订稿", str(times["例子"]), f"热机，例子的两年，{lengths['例子']:,} 字")
    longer = lengths["长"] / lengths["例子"]
    times_as_long = ratio(times["长"].cpu, times["例子"].cpu)
    note = f"{lengths['长']:,} 字，三分之一的明细改了，用 {times['长']}；要求少于文件的倍数"
    what = f"文件长到 {longer:.1f} 倍"
    yield Row(what, f"{times_as_long:.1f} 倍", note, times_as_long < longer)


def _pair(lines: int) -> tuple[Side, Side]:
    """A department, and the same with every third line changed."""
    before = random_department(5, units=4, lines=lines, prior=True, measure=("万元", "1"))
    after = before
    random = Random(lines)
    for number in range(0, len(before.expenditure), 3):
        after = change_amount(after, number, random.randint(1, 10**8))[0]
    return _side(before), _side(after)


def _side(department: Department) -> Side:
    with tempfile.TemporaryDirectory() as name:
        write_department(department, Path(name))
        built = build_disclosure(Path(name), department.year)
    return side_of_built(built, str(department.year))


def _length(side: Side) -> int:
    assert side.document is not None
    return len(write_text(side.document).decode())


def _redline(old: Side, new: Side) -> bytes:
    assert new.style is not None
    return write_redline(old, new, compare(old, new), new.style, author="bench", date="2024-01-01")
