"""Measuring: CPU time rather than the clock, alternatives in turn, medians.

The machine is rarely ours alone. What is compared is run in the same round, so that a slow minute
slows both, and ratios are the medians of the rounds' ratios.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from generator.kept import VARIABLE

PROJECT = Path(__file__).resolve().parents[1]
DATA, YEAR = PROJECT / "data", 2023


class Times(NamedTuple):
    """Seconds of the processor and of the clock, of every round."""

    cpu: tuple[float, ...]
    wall: tuple[float, ...]

    def __str__(self) -> str:
        return f"{median(self.cpu) * 1000:.1f} 毫秒"

    @property
    def clock(self) -> str:
        return f"实际时间 {median(self.wall) * 1000:.1f}"


def in_turn(actions: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Every action once a round; one round before is not counted."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in actions}
    for number in range(rounds + 1):
        for name, action in actions.items():
            cpu, wall = time.process_time(), time.perf_counter()
            action()
            if number:
                times = time.process_time() - cpu, time.perf_counter() - wall
                found[name].append(times)
    return {name: Times(*zip(*times, strict=True)) for name, times in found.items()}


def ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """How many times as long `slower` takes: the median over the rounds."""
    return median(one / other for one, other in zip(slower, faster, strict=True))


class Run(NamedTuple):
    """A process: seconds of the processor and of the clock, and its most memory in MB."""

    cpu: float
    wall: float
    peak: float


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command to its end; 1 is a document with something owed."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    complaints = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(complaints.decode())
    # Linux counts in KB, macOS in bytes.
    peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
    return Run(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, peak)


@contextmanager
def compiled_environment() -> Iterator[dict[str, str]]:
    """An environment in which Python and the generator keep what they compile, as for any user."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        yield environment | {
            "PYTHONPYCACHEPREFIX": cache,
            "PYTHONPATH": str(PROJECT),
            VARIABLE: str(Path(cache) / "kept"),
        }


def build_command(data: Path, year: int, out: Path) -> list[str]:
    """`build` without LibreOffice: docx, txt, model.json and facts.json."""
    where = ["--data", str(data), "--out", str(out), "--no-pages"]
    return [sys.executable, "-m", "generator", "build", str(year), *where]
