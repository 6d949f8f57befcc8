"""From a saved edit to the changed page of the preview, in a real browser."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.table import Row
from benchmarks.timing import DATA, PROJECT, YEAR
from generator.build import Built
from generator.preview.server import PreviewServer
from generator.preview.session import Session
from generator.writers.docx.document import write_docx

sys.path.insert(0, str(PROJECT / "tests"))

from browser import BINARY, chromium  # tests/ is no package

TIMES = 7
SENTENCE = "具体支出情况如下"


def word(built: Built) -> bytes:
    return write_docx(built.document, built.place.style)


def spread(seconds: list[float]) -> str:
    return f"{median(seconds):.2f} 秒（{min(seconds):.2f}—{max(seconds):.2f}）"


def measure(page, change: Callable[[str], None], selector: str) -> list[float]:
    """Seconds from each change to the moment the page shows it."""
    found = []
    for number in range(TIMES):
        words = f"第{number}次{time.monotonic_ns()}"
        begun = time.perf_counter()
        change(words)
        page.wait_for_function(
            "([selector, words]) => [...document.querySelectorAll(selector)]"
            ".some(e => e.textContent.includes(words))",
            arg=[selector, words],
        )
        found.append(time.perf_counter() - begun)
        time.sleep(0.5)
    return found


def replace_in(file: Path, old: str) -> Callable[[str], None]:
    text = file.read_text(encoding="utf-8")
    assert old in text, (file, old)

    def change(words: str) -> None:
        file.write_text(text.replace(old, words + old, 1), encoding="utf-8")

    return change


def rows() -> Iterator[Row]:
    if BINARY is None:
        yield Row("没有 Chromium", "没有测")
        return
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        data, templates = Path(folder) / "data", Path(folder) / "templates"
        shutil.copytree(DATA, data)
        shutil.copytree(PROJECT / "templates", templates)
        server = PreviewServer(Session(data, YEAR, templates), word)
        server.start()
        page = browser.new_page(viewport={"width": 1500, "height": 950})
        page.goto(server.address)
        page.locator("#pages p").filter(has_text=SENTENCE).first.click(position={"x": 5, "y": 5})
        page.locator(".cm-content").wait_for()

        def in_the_page(words: str) -> None:
            page.keyboard.insert_text(words)
            page.keyboard.press("Control+s")

        yield Row("网页里保存一句话，到文稿更新", spread(measure(page, in_the_page, "#pages p")))
        reasons = replace_in(data / f"{YEAR}/reasons.yaml", "城运中心已建成投入使用")
        yield Row("别处保存数据，到文稿更新", spread(measure(page, reasons, "#pages p")))
        layout = replace_in(templates / "henan/tables/08-three-public-expenses.yaml", "公务接待费,")
        yield Row("别处保存版式，到文稿更新", spread(measure(page, layout, "#pages th")))
        server.stop()
