"""The preview in a real browser: edit, see it, be told what is wrong, with mouse or keys alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from tests.browser import chromium, violations
from tests.preview_desk import LAYOUT, NARRATIVE, REASONS, Desk, desk_in

pytestmark = pytest.mark.browser
WAIT = 20_000  # milliseconds, for a machine that does much else
TITLE = "“三公”经费支出情况说明"
SENTENCE = "具体支出情况如下"


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with chromium() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as running:
        yield running


class Visitor:
    """One browser looking at the preview; every request and error of its page is recorded."""

    def __init__(self, browser, desk: Desk) -> None:
        self.desk = desk
        self.context = browser.new_context(viewport={"width": 1500, "height": 950}, bypass_csp=True)
        self.context.set_default_timeout(WAIT)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(desk.server.address)
        self.page.locator("#pages article").wait_for()

    def line_of(self, path: str, text: str) -> int:
        lines = self.desk.text(path).split("\n")
        return next(number for number, line in enumerate(lines, 1) if text in line)

    def shows(self, selector: str, text: str) -> None:
        self.page.locator(selector).filter(has_text=text).first.wait_for()

    def opened(self, path: str, line: int) -> None:
        self.shows("#file", f"{path}:{line}")

    def type_at_start(self, text: str) -> None:
        self.page.keyboard.press("Home")
        self.page.keyboard.insert_text(text)

    def save(self) -> None:
        self.page.keyboard.press("Control+s")

    def close(self) -> None:
        own = f"http://127.0.0.1:{self.desk.port}/"
        assert [url for url in self.asked if not url.startswith((own, "data:"))] == []
        assert self.errors == []
        self.page.close(run_before_unload=False)
        self.context.close()


@pytest.fixture
def visitor(browser, desk: Desk) -> Iterator[Visitor]:
    one = Visitor(browser, desk)
    yield one
    one.close()


def test_an_edited_sentence_is_shown_and_undone(desk: Desk, visitor: Visitor) -> None:
    before = desk.text(NARRATIVE)
    visitor.page.locator("#pages p").filter(has_text=SENTENCE).click(position={"x": 5, "y": 5})
    visitor.opened(NARRATIVE, visitor.line_of(NARRATIVE, SENTENCE))
    visitor.type_at_start("新写的一句。")
    visitor.save()
    visitor.shows("#pages p", "新写的一句。")
    assert "新写的一句。" in desk.text(NARRATIVE)
    visitor.page.click("#undo")
    visitor.page.locator("#pages p").filter(has_text="新写的一句。").wait_for(state="detached")
    assert desk.text(NARRATIVE) == before
    assert "新写的一句。" not in visitor.page.inner_text(".cm-content")


def test_a_mistake_names_its_line_and_the_old_page_stays(desk: Desk, visitor: Visitor) -> None:
    visitor.page.locator("#pages p").filter(has_text=SENTENCE).click(position={"x": 5, "y": 5})
    line = visitor.line_of(NARRATIVE, SENTENCE)
    visitor.opened(NARRATIVE, line)
    pages = visitor.page.inner_text("#pages")
    visitor.type_at_start("{{ 三公经废 | 金额 }}")
    visitor.save()
    problem = visitor.page.locator("#problems .error").first
    problem.wait_for()
    assert "三公经废" in problem.inner_text()
    assert "三公经费" in problem.inner_text(), "a suggestion"
    assert visitor.page.inner_text("#pages") == pages
    assert "上一次成功" in visitor.page.inner_text("#status")
    visitor.page.locator(".cm-lint-marker-error").wait_for()
    visitor.page.locator("#pages h1 span").first.click()
    visitor.opened("henan/narrative/10-cover.txt", 2)
    problem.locator("button").click()
    visitor.opened(NARRATIVE, line)
    visitor.page.click("#undo")
    problem.wait_for(state="detached")


def test_a_figure_leads_to_its_lines(desk: Desk, visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#pages span[data-figure='公务接待费']").first.hover()
    visitor.shows("#figure-title", "公务接待费")
    panel = page.inner_text("#figure")
    for part in (
        "2.5万元",
        "2万元",
        "增加0.5万元，25%",
        "经济科目 = 30217",
        "2023/expenditure.yaml:",
    ):
        assert part in panel
    assert page.locator("#editor").is_hidden(), "pointing opens nothing"
    page.locator("#figure .lines button").first.click()
    place = page.locator("#figure .lines button").first.inner_text()
    visitor.shows("#file", place)
    assert "30217" in page.inner_text(".cm-activeLine")


def test_cells_lead_to_their_layout_and_reasons_to_their_data(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#pages td[data-figure='公务接待费']").click()
    visitor.opened(LAYOUT, visitor.line_of(LAYOUT, "公务接待费"))
    visitor.shows("#figure-title", "公务接待费")
    page.locator("#pages span", has_text="城运中心已建成投入使用").click()
    visitor.opened(REASONS, visitor.line_of(REASONS, "城运中心已建成投入使用"))


def test_layout_and_data_are_edited_too(desk: Desk, visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#pages thead th", has_text="公务接待费").click()
    visitor.opened(LAYOUT, visitor.line_of(LAYOUT, "公务接待费"))
    for path, old, new in (
        (LAYOUT, "名称: 公务接待费", "名称: 公务接待费用"),
        (REASONS, "城运中心已建成", "城市运行中心已建成"),
    ):
        desk.file(path).write_text(desk.text(path).replace(old, new), encoding="utf-8")
    visitor.shows("#pages thead th", "公务接待费用")
    visitor.shows("#pages span", "城市运行中心已建成")
    visitor.shows(".cm-content", "名称: 公务接待费用")


def test_names_are_found_and_inserted(desk: Desk, visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#pages p").filter(has_text=SENTENCE).click(position={"x": 5, "y": 5})
    visitor.opened(NARRATIVE, visitor.line_of(NARRATIVE, SENTENCE))
    for _ in range(8):  # to the end of a line that is broken on the screen
        page.keyboard.press("End")
    page.click("#insert")
    page.fill("#filter", "公务用车运行费")
    visitor.shows("#name-list li", "4万元")
    page.locator("#name-list button", has_text="公务用车运行费").first.click()
    visitor.save()
    visitor.shows("#pages p", f"{SENTENCE}：4万元")
    page.keyboard.type("{{ 收入总")
    page.locator(".cm-tooltip-autocomplete").wait_for()
    assert "832.3万元" in page.inner_text(".cm-tooltip-autocomplete")


def test_keyboard_alone(desk: Desk, visitor: Visitor) -> None:
    page, keys = visitor.page, visitor.page.keyboard
    for _ in range(4):  # skip link, download, the document
        keys.press("Tab")
        if page.evaluate("document.activeElement.closest('#pages') !== null"):
            break
    for _ in range(200):
        keys.press("ArrowDown")
        if SENTENCE in page.evaluate("document.activeElement.textContent"):
            break
    keys.press("ArrowRight")
    visitor.shows("#figure-title", "三公经费")
    keys.press("Enter")
    visitor.opened(NARRATIVE, visitor.line_of(NARRATIVE, SENTENCE))
    visitor.type_at_start("只用键盘。")
    visitor.save()
    visitor.shows("#pages p", "只用键盘。")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cm-editor')") is None, "Tab leaves"
    keys.press("Shift+Tab")
    keys.press("Escape")
    assert page.evaluate("document.activeElement.closest('#pages p').textContent").startswith(
        "只用键盘。"
    )
    keys.press("Escape")
    assert page.evaluate("document.activeElement.id") == "problems"
    cell = page.locator("#pages td[data-figure='公务接待费']")
    cell.focus()
    keys.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.figure") == "公务用车运行费"
    keys.press("ArrowUp")
    assert page.evaluate("document.activeElement.tagName") == "TH"


def test_accessibility_scan_is_clean(desk: Desk, visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#pages span[data-figure='公务接待费']").first.click()
    page.locator(".cm-content").wait_for()
    page.click("#insert")
    page.locator("#name-list li").first.wait_for()
    assert violations(page) == []
    page.click("#insert")
    page.locator(".cm-content").focus()
    visitor.type_at_start("{{ 没有 }}")
    desk.file(NARRATIVE).write_text(desk.text(NARRATIVE) + "\n{{ 也没有 }}\n", encoding="utf-8")
    page.locator("#problems .error").wait_for()
    page.locator(".cm-content").focus()
    visitor.save()
    page.locator("#conflict pre").wait_for()
    assert violations(page) == []


def test_two_browsers_at_once(browser, desk: Desk, visitor: Visitor) -> None:
    other = Visitor(browser, desk)
    for one, words in ((visitor, "甲写的。"), (other, "乙写的。")):
        one.page.locator("#pages p").filter(has_text=SENTENCE).click(position={"x": 5, "y": 5})
        one.opened(NARRATIVE, one.line_of(NARRATIVE, SENTENCE))
        one.type_at_start(words)
    visitor.save()
    for one in (visitor, other):
        one.shows("#pages p", "甲写的。")
    other.page.locator(".cm-content").focus()
    other.save()
    other.page.locator("#conflict pre").wait_for()
    assert "甲写的。" in other.page.inner_text("#conflict pre"), "their text"
    assert "乙写的。" in other.page.inner_text(".cm-content"), "and mine"
    assert "乙写的。" not in desk.text(NARRATIVE)
    other.page.get_by_role("button", name="用对方的文字").click()
    other.shows(".cm-content", "甲写的。")
    other.page.keyboard.press("Control+z")
    other.shows(".cm-content", "乙写的。")
    other.save()
    for one in (visitor, other):
        one.shows("#pages p", "乙写的。")
    visitor.shows(".cm-content", "乙写的。")
    visitor.page.click("#undo")
    for one in (visitor, other):
        one.shows("#pages p", "甲写的。")
    other.close()


def test_unsaved_text_survives_another_file(desk: Desk, visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#pages p").filter(has_text=SENTENCE).click(position={"x": 5, "y": 5})
    visitor.opened(NARRATIVE, visitor.line_of(NARRATIVE, SENTENCE))
    visitor.type_at_start("没有保存的话。")
    page.locator("#pages h1 span").first.click()
    visitor.opened("henan/narrative/10-cover.txt", 2)
    page.locator("#pages p").filter(has_text=SENTENCE).click(position={"x": 5, "y": 5})
    visitor.shows(".cm-content", "没有保存的话。")
    assert "unsaved" in page.get_attribute("#file", "class")


def test_word_file_is_downloaded(visitor: Visitor) -> None:
    with visitor.page.expect_download() as waiting:
        visitor.page.click("#download")
    download = waiting.value
    assert download.suggested_filename.endswith("2023年部门预算公开.docx")
    content = Path(download.path()).read_bytes()
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert any(SENTENCE in text for text in texts)
