"""200 departments in one command, against the same work one at a time.

Realistic sizes: 1 to 8 units, 60 to 400 expenditure lines. Each department is loaded, checked and
written as docx and txt, and the written docx is opened again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.table import Row
from benchmarks.timing import PROJECT

sys.path.insert(0, str(PROJECT / "tests"))

from departments import random_department, write_department  # tests/ is no package

DEPARTMENTS, ALONE = 200, 20


def make_departments(root: Path, count: int) -> list[Path]:
    """Data roots of `count` departments, always the same ones."""
    random = Random(2023)
    roots = []
    for number in range(count):
        folder = root / f"部门{number:03d}"
        units, lines = random.randint(1, 8), random.randint(60, 400)
        write_department(random_department(number, units=units, lines=lines, prior=True), folder)
        roots.append(folder)
    return roots


def run_batch(roots: list[Path], out: Path, *more: str) -> tuple[float, str]:
    """Seconds of one `batch` command, cold start included, and its last line."""
    command = [sys.executable, "-m", "generator", "batch", *map(str, roots), "--out", str(out)]
    begun = time.perf_counter()
    done = subprocess.run(
        [*command, *more], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(done.stdout)
    return seconds, done.stdout.strip().split("\n")[-1]


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        roots = make_departments(Path(folder) / "data", DEPARTMENTS)
        sample = roots[:: DEPARTMENTS // ALONE]
        alone, _ = run_batch(sample, Path(folder) / "alone", "--jobs", "1")
        together, last_line = run_batch(roots, Path(folder) / "out")
    alone, together = alone / len(sample), together / len(roots)
    yield Row(f"一个处理器，{len(sample)} 份", f"每秒 {1 / alone:.1f} 份", "含启动")
    yield Row(
        f"{os.cpu_count()} 个处理器，{len(roots)} 份",
        f"每秒 {1 / together:.1f} 份",
        f"每份用时是一个处理器的 {together / alone:.2f} 倍，要求不到 1 倍；{last_line}",
        together < alone,
    )
