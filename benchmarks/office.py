"""What takes LibreOffice: `make 2023` and PDFs, alone and in one call."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.table import Row
from benchmarks.timing import DATA, PROJECT, YEAR
from generator.build import build_disclosure
from generator.office.pages import page_map_file
from generator.office.soffice import convert_to_pdf, find_office
from generator.writers.docx.document import write_docx

FILES, TIMES = 20, 3


def seconds_of(action: Callable[[], object]) -> str:
    """Median and range of several runs, in seconds."""
    found = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        action()
        found.append(time.perf_counter() - begun)
    return f"{median(found):.2f} 秒（{min(found):.2f}—{max(found):.2f}）"


def build(data: Path, out: Path, *more: str) -> None:
    command = [sys.executable, "-m", "generator", "build", str(YEAR)]
    where = ["--data", str(data), "--out", str(out)]
    subprocess.run([*command, *where, *more], cwd=PROJECT, check=True, capture_output=True)


def rows() -> Iterator[Row]:
    office = find_office()
    if office is None:
        yield Row("没有 LibreOffice", "没有测")
        return
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data", Path(folder) / "out"
        shutil.copytree(DATA, data)
        record = page_map_file(data, str(YEAR))

        def first_time() -> None:
            record.unlink(missing_ok=True)
            build(data, out)

        yield Row(f"make {YEAR}，第一次", seconds_of(first_time), "排两遍页码")
        again = seconds_of(lambda: build(data, out))
        yield Row(f"make {YEAR}，内容没有变", again, "用记录的页码")
        pdf = seconds_of(lambda: build(data, out, "--formats", "docx,pdf"))
        yield Row("连 PDF 一起，内容没有变", pdf)
    built = build_disclosure(DATA, YEAR)
    docx = write_docx(built.document, built.place.style, anchors=False)
    yield Row("PDF 单独一份", seconds_of(lambda: convert_to_pdf(office, {"a": docx})))
    many = {str(number): docx for number in range(FILES)}
    begun = time.perf_counter()
    convert_to_pdf(office, many)
    seconds = time.perf_counter() - begun
    yield Row(f"PDF 一次 {FILES} 份", f"每份 {seconds / FILES:.2f} 秒")
