"""Whether time and memory grow in proportion to a size: what an item costs between two sizes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.table import Row
from benchmarks.timing import build_command, compiled_environment, run

# An item of the large size may cost this much more than one of the small size: caches get colder.
TOLERANCE = 1.5


def growth_rows(
    sizes: Sequence[int], unit: str, written: Callable[[int, Path], int]
) -> Iterator[Row]:
    """Build each size in a process of its own; `written` writes the data and gives the year."""
    runs = []
    with tempfile.TemporaryDirectory() as name, compiled_environment() as environment:
        folder = Path(name)
        first = written(sizes[0], folder / "first")
        # Not counted: compiles the modules, and keeps the templates that it has checked.
        run(build_command(folder / "first", first, folder / "first-out"), environment)
        for size in sizes:
            data, out = folder / f"data-{size}", folder / f"out-{size}"
            year = written(size, data)
            one = run(build_command(data, year, out), environment)
            runs.append(one)
            kept = sum(file.stat().st_size for file in (out / str(year)).iterdir()) / 1e6
            note = f"内存 {one.peak:.0f} MB，输出 {kept:.1f} MB"
            yield Row(f"{size:,} {unit}", f"{one.cpu:.2f} 秒", note)
        cpu, peak = [one.cpu * 1e3 for one in runs], [one.peak * 1e3 for one in runs]
    for what, measure, costs in (("时间", "毫秒", cpu), ("内存", "KB", peak)):
        first, second = _per_item(sizes, costs)
        note = f"{sizes[0]:,} 到 {sizes[1]:,} 每{unit} {first:.2f} {measure}，要求不超过它的 {TOLERANCE} 倍"
        value = f"每{unit} {second:.2f} {measure}"
        yield Row(f"{what}：{sizes[1]:,} 到 {sizes[2]:,}", value, note, second <= first * TOLERANCE)


def _per_item(sizes: Sequence[int], costs: Sequence[float]) -> tuple[float, float]:
    """What one more item costs, between the first two sizes and between the last two."""
    return (
        (costs[1] - costs[0]) / (sizes[1] - sizes[0]),
        (costs[2] - costs[1]) / (sizes[2] - sizes[1]),
    )
