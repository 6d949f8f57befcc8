"""`python -m benchmarks.preview`: from a saved edit to the changed page, in a real browser."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from generator.build import Built  # noqa: E402
from generator.preview.server import PreviewServer  # noqa: E402
from generator.preview.session import Session  # noqa: E402
from generator.writers.docx import write_docx  # noqa: E402
from tests.browser import BINARY, chromium  # noqa: E402

YEAR, TIMES = 2023, 7
SENTENCE = "具体支出情况如下"


def word(built: Built) -> bytes:
    return write_docx(built.document, built.place.style)


def spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} 秒（{min(seconds):.2f}—{max(seconds):.2f}）"


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


def main() -> int:
    if BINARY is None:
        print("没有 Chromium，没有测")
        return 1
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        data, templates = Path(folder) / "data", Path(folder) / "templates"
        shutil.copytree(PROJECT / "data", data)
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

        print(f"网页里保存一句话，到文稿更新：{spread(measure(page, in_the_page, '#pages p'))}")
        reasons = replace_in(data / f"{YEAR}/reasons.yaml", "城运中心已建成投入使用")
        print(f"别处保存数据，到文稿更新：{spread(measure(page, reasons, '#pages p'))}")
        layout = replace_in(templates / "henan/tables/08-three-public-expenses.yaml", "公务接待费,")
        print(f"别处保存版式，到文稿更新：{spread(measure(page, layout, '#pages th'))}")
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
