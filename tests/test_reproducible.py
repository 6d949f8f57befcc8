"""Two builds of the same input are identical to the byte, wherever and whenever they run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from departments import random_department, write_department

ROOT = Path(__file__).resolve().parents[1]
PLACES = (
    {"TZ": "Asia/Shanghai", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "zh_CN.GB18030", "PYTHONHASHSEED": "987654321"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"},
)


def outputs(data: Path, year: int, out: Path, environment: dict[str, str]) -> dict[str, bytes]:
    """Every file a build in a process of its own writes, by name."""
    run = subprocess.run(
        [sys.executable, "-m", "generator", "build", str(year), "--data", str(data), "--out", str(out)],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False,
    )  # fmt: skip
    assert b"Traceback" not in run.stderr, run.stderr.decode(errors="replace")
    return {path.name: path.read_bytes() for path in sorted((out / str(year)).iterdir())}


@pytest.mark.parametrize("which", ["shipped", "random"])
def test_time_zone_locale_and_hash_seed_change_no_byte(which: str, tmp_path: Path) -> None:
    data, year = ROOT / "data", 2023
    if which == "random":
        department = random_department(11, units=4, lines=60)
        data, year = tmp_path / "data", department.year
        write_department(department, data)
    first, *others = (
        outputs(data, year, tmp_path / str(number), environment)
        for number, environment in enumerate(PLACES)
    )
    assert {name.rpartition(".")[2] for name in first} >= {"docx", "txt", "json"}
    for other in others:
        assert other.keys() == first.keys()
        assert [name for name in first if other[name] != first[name]] == []


def test_the_place_of_the_data_root_changes_no_byte(tmp_path: Path) -> None:
    """Paths in outputs are relative to the data root."""
    department = random_department(12, units=2, lines=20)
    roots = [tmp_path / "甲", tmp_path / "b" / "c"]
    for root in roots:
        write_department(department, root)
    one, two = (outputs(root, department.year, root / "out", {}) for root in roots)
    assert one == two
    assert not [name for name, content in one.items() if str(tmp_path).encode() in content]
