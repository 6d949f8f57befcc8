"""Makes docs/pictures/ from the real thing: the preview in Chromium, Word's pages by LibreOffice.

Works on a copy of data/ and templates/: what is typed for a picture stays in no file of ours.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.shared import Pt

from generator.build import Built, build_disclosure
from generator.commands.paging import paging_of
from generator.office.soffice import convert_to_pdf, find_office
from generator.preview.server import PreviewServer
from generator.preview.session import Session
from generator.writers.docx.document import write_docx
from tests.browser import BINARY, chromium

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
YEAR = 2023
SENTENCE = "具体支出情况如下"
OWED = "指标: 公务接待费"
WINDOW = {"width": 1360, "height": 820}


def main() -> int:
    missing = [
        name
        for name, found in (
            ("Chromium", BINARY),
            ("LibreOffice", find_office()),
            ("poppler-utils", shutil.which("pdftoppm")),
        )
        if not found
    ]
    if missing:
        print(f"没有 {'、'.join(missing)}，图没有做")
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data, templates = Path(folder) / "data", Path(folder) / "templates"
        shutil.copytree(ROOT / "data", data)
        shutil.copytree(ROOT / "templates", templates)
        word_pages(build_disclosure(data, YEAR, templates), data)
        changed_font(templates, data)
        draft_page(templates, data)
        with Desk(data, templates) as desk:
            preview_pictures(desk)
    for file in sorted(PICTURES.iterdir()):
        print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1024:.0f} KB")
    return 0


# Word's pages


def word_pages(built: Built, data: Path) -> None:
    """A page of text and a wide table, as they are printed."""
    paging = paging_of(built, data, pdf=False, measure=True)
    pdf = pdf_of(write_docx(built.document, built.place.style, pages=paging.page_by_target))
    save_page(pdf, page_with(pdf, "一、收入支出预算总体情况说明"), "word-text")
    save_page(pdf, page_with(pdf, "部门支出预算表"), "word-table")


def changed_font(templates: Path, data: Path) -> None:
    """The same page after the style 标题 1 was changed in style.docx, as one would in Word."""
    file = templates / "henan" / "style.docx"
    before = file.read_bytes()
    style = docx.Document(io.BytesIO(before))
    heading = style.styles["heading 2"]
    heading.font.size = Pt(20)
    fonts = heading.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), "楷体_GB2312")
    style.save(str(file))
    built = build_disclosure(data, YEAR, templates)
    pdf = pdf_of(write_docx(built.document, built.place.style))
    save_page(pdf, page_with(pdf, "一、收入支出预算总体情况说明"), "word-font")
    file.write_bytes(before)


def draft_page(templates: Path, data: Path) -> None:
    """A page with a gap, after a reason was taken away."""
    file = data / str(YEAR) / "reasons.yaml"
    before = file.read_bytes()
    kept = [line for line in before.splitlines(keepends=True) if OWED.encode() not in line]
    file.write_bytes(b"".join(kept))
    built = build_disclosure(data, YEAR, templates)
    assert built.document.draft
    pdf = pdf_of(write_docx(built.document, built.place.style))
    save_page(pdf, page_with(pdf, "【待填"), "draft")
    file.write_bytes(before)


def pdf_of(word: bytes) -> bytes:
    office = find_office()
    assert office is not None
    return convert_to_pdf(office, {"a": word})["a"]


def page_with(pdf: bytes, text: str) -> int:
    """The last page with a text: the first may be the contents."""
    read = ["pdftotext", "-raw", "-", "-"]
    ran = subprocess.run(read, input=pdf, capture_output=True, check=True)  # noqa: S603  # constant
    pages = ran.stdout.decode()
    found = [n for n, page in enumerate(pages.split("\f"), 1) if text in "".join(page.split())]
    return found[-1]


def save_page(pdf: bytes, number: int, name: str) -> None:
    page = ["-f", str(number), "-l", str(number), "-singlefile", "-r", "72", "-png"]
    command = ["pdftoppm", *page, "-", str(PICTURES / name)]
    subprocess.run(command, input=pdf, check=True)  # noqa: S603  # constant


# The preview


class Desk:
    """A preview of copied folders and a browser that looks at it, with a clock that stands still."""

    def __init__(self, data: Path, templates: Path) -> None:
        self.server = PreviewServer(Session(data, YEAR, templates), _no_word)
        self._chromium = chromium()

    def __enter__(self) -> Desk:
        self.server.start()
        browser = self._chromium.__enter__()
        self.page = browser.new_page(viewport=WINDOW, locale="zh-CN")
        self.page.clock.set_fixed_time("2023-02-15T09:30:00")
        self.page.goto(self.server.address)
        self.page.locator("#pages article").wait_for()
        return self

    def __exit__(self, *error: object) -> None:
        self._chromium.__exit__(None, None, None)
        self.server.stop()

    def shoot(self, name: str) -> None:
        self.page.wait_for_timeout(300)
        file = PICTURES / f"{name}.png"
        self.page.screenshot(path=file, animations="disabled", caret="hide")

    def save(self, met: Callable[[], object]) -> None:
        self.page.keyboard.press("Control+s")
        met()


def _no_word(_: Built) -> bytes:
    raise NotImplementedError


def preview_pictures(desk: Desk) -> None:
    page = desk.page
    desk.shoot("preview")
    sentence = page.locator("#pages p").filter(has_text=SENTENCE)
    sentence.click(position={"x": 5, "y": 5})
    page.locator(".cm-content").wait_for()
    page.locator("#pages span[data-figure='公务接待费']").first.hover()
    page.locator("#figure-title").filter(has_text="公务接待费").wait_for()
    desk.shoot("figure")
    add_a_sentence(desk)
    make_a_mistake(desk)
    change_a_header(desk)


def add_a_sentence(desk: Desk) -> None:
    page = desk.page
    page.locator("#editor .cm-content").focus()
    for _ in range(8):  # the line is broken on the screen
        page.keyboard.press("End")
    page.keyboard.insert_text("其中公务用车运行费")
    page.click("#insert")
    page.fill("#filter", "公务用车运行")
    page.locator("#name-list li").first.wait_for()
    desk.shoot("names")
    page.locator("#name-list button", has_text="公务用车运行费").first.click()
    page.keyboard.insert_text("。")
    page.click("#insert")
    page.locator("#editor .cm-content").focus()
    desk.save(page.locator("#pages p").filter(has_text="其中公务用车运行费4万元。").wait_for)
    desk.shoot("sentence")


def make_a_mistake(desk: Desk) -> None:
    page = desk.page
    page.keyboard.insert_text("{{ 三公经废 | 金额 }}")
    desk.save(page.locator("#problems .error").first.wait_for)
    desk.shoot("mistake")
    page.click("#undo")
    page.locator("#problems .error").first.wait_for(state="detached")


def change_a_header(desk: Desk) -> None:
    page = desk.page
    page.locator("#pages thead th", has_text="公务接待费").click()
    page.locator("#file").filter(has_text="08-three-public-expenses").wait_for()
    page.locator(".cm-activeLine").filter(has_text="公务接待费").wait_for()
    page.locator("#pages thead th", has_text="公务接待费").hover()
    desk.shoot("header")


if __name__ == "__main__":
    sys.exit(main())
