"""`python -m benchmarks.batch`: 200 departments in one command, against the same work one at a time.

Realistic sizes: 1 to 8 units, 60 to 400 expenditure lines. Each department is loaded, checked and
written as docx and txt, and the written docx is opened again.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

from departments import random_department, write_department  # noqa: E402  # tests/ is no package

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


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="许多部门一次生成，计时")
    parser.add_argument("--departments", type=int, default=DEPARTMENTS)
    parser.add_argument("--alone", type=int, default=ALONE, help="单独做几份来比较")
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        roots = make_departments(Path(folder) / "data", arguments.departments)
        step = max(1, len(roots) // arguments.alone)
        sample = roots[::step][: arguments.alone]
        alone, _ = run_batch(sample, Path(folder) / "alone", "--jobs", "1")
        together, last_line = run_batch(roots, Path(folder) / "out")
    each_alone, each_together = alone / len(sample), together / len(roots)
    print(last_line)
    print(f"一份一份做（{len(sample)} 份）：每份 {each_alone * 1000:.0f} 毫秒")
    print(f"一次做 {len(roots)} 份：每份 {each_together * 1000:.0f} 毫秒，", end="")
    print(f"是单独做的 {each_together / each_alone:.2f} 倍")
    return 0 if each_together <= each_alone else 1


if __name__ == "__main__":
    sys.exit(main())
