"""The HTML report of a comparison in a real browser: it asks nobody, and its filters work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from compare_tools import EXAMPLE_TEMPLATES, EXAMPLES

from generator.compare.changes import CAUTIONS, FIGURES, LAYERS, Comparison
from generator.compare.comparison import compare
from generator.compare.normal import is_derived
from generator.compare.reports.digest import entries_of, summary_of
from generator.compare.reports.html import html_report
from generator.compare.sides import open_side
from tests.browser import chromium, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    old, new = (open_side(year, EXAMPLES, EXAMPLE_TEMPLATES) for year in ("2023", "2024"))
    return compare(old, new)


@pytest.fixture(scope="module")
def address(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("report") / "比较.html"
    file.write_text(html_report(comparison), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def page(browser, address: str):
    page = browser.new_page()
    page.asked = []
    page.said = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(address)
    return page


@pytest.fixture(autouse=True)
def fresh(page) -> None:
    page.reload()


def seen(page, layer: str) -> int:
    """Entries of a layer that a reader sees, who has unfolded all."""
    page.locator(".alike").evaluate_all("lists => lists.forEach(list => { list.open = true; })")
    return page.locator(f"section[data-layer={layer}] [data-kind]:visible").count()


def all_seen(page) -> dict[str, int]:
    return {layer: seen(page, layer) for layer in (*LAYERS, CAUTIONS)}


def status(page) -> str:
    return page.locator("#shown").inner_text()


def test_every_entry_shows_and_no_network_is_asked(page, comparison: Comparison) -> None:
    assert all_seen(page) == comparison.counts()
    total = sum(comparison.counts().values())
    assert status(page) == f"显示 {total} 条，共 {total} 条"
    assert {url.partition(":")[0] for url in page.asked} == {"file"}
    assert len({url for url in page.asked if not url.endswith("favicon.ico")}) == 1
    assert page.said == []


def test_a_family_is_folded_until_it_is_asked_for(page, comparison: Comparison) -> None:
    entries = page.locator("section[data-layer=figures] [data-kind]:visible")
    arranged = entries_of(comparison.layer(FIGURES))
    assert entries.count() == sum(1 + len(entry.derived) for entry in arranged)
    page.fill("[name=words]", "支出·2210201住房公积金·基本支出·301·一般公共预算")
    assert entries.count() == 2  # the entry, and the figure that stands with it
    page.fill("[name=words]", "")
    assert page.locator(".alike[open]").count() == 0


def test_a_rate_found_alone_names_its_figure(page) -> None:
    clipped = "element => getComputedStyle(element).clipPath !== 'none'"
    page.fill("[name=words]", "增幅")
    figure = page.locator(".under:visible .of").first
    assert (figure.inner_text().strip(), figure.evaluate(clipped)) == ("收入总计", False)
    page.fill("[name=words]", "")
    assert figure.evaluate(clipped)


def test_main_points_stay_whatever_is_filtered(page, comparison: Comparison) -> None:
    points = page.locator("section[aria-labelledby=summary] tbody tr:visible")
    count = points.count()
    page.fill("[name=words]", "没有这样的字")
    assert points.count() == count == len(summary_of(comparison))


def test_layers_can_be_put_away(page, comparison: Comparison) -> None:
    page.uncheck("[name=layer][value=figures]")
    expected = comparison.counts() | {FIGURES: 0}
    assert all_seen(page) == expected
    assert status(page).startswith(f"显示 {sum(expected.values())} 条")
    page.check("[name=layer][value=figures]")
    assert all_seen(page) == comparison.counts()


def test_a_kind_can_be_chosen(page, comparison: Comparison) -> None:
    for kind in {change.kind for change in comparison.changes}:
        page.select_option("[name=kind]", kind)
        expected = {
            layer: sum(change.kind == kind for change in comparison.layer(layer))
            for layer in LAYERS
        }
        assert all_seen(page) == expected | {CAUTIONS: 0}


def test_words_find_entries(page) -> None:
    page.fill("[name=words]", "住房公积金 2210201")
    rows = page.locator("tr[data-kind]:visible")
    assert 0 < rows.count() < page.locator("tr[data-kind]").count()
    assert all("2210201" in text and "住房公积金" in text for text in rows.all_text_contents())
    page.fill("[name=words]", "没有这样的字")
    assert sum(all_seen(page).values()) == 0
    assert status(page).startswith("显示 0 条")


def test_changes_and_shares_can_be_left_out(page, comparison: Comparison) -> None:
    page.check("[name=derived]")
    kept = sum(not is_derived(change.subject) for change in comparison.layer(FIGURES))
    assert 0 < kept < comparison.counts()[FIGURES]
    assert all_seen(page) == comparison.counts() | {FIGURES: kept}


def test_everything_shows_without_a_script(browser, address: str, comparison: Comparison) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    items = page.locator(".alike").first.locator("li[data-kind]:visible")
    assert items.count() == 0
    page.locator(".alike > summary").first.click()
    assert items.count() > 0
    assert all_seen(page) == comparison.counts()


def test_everything_shows_on_paper(page, comparison: Comparison) -> None:
    page.emulate_media(media="print")
    shown = "element => element.checkVisibility({contentVisibilityAuto: true})"
    items = page.locator(".alike > ul > li")
    assert items.count() == sum(len(e.alike) for e in entries_of(comparison.layer(FIGURES)))
    assert all(item.evaluate(shown) for item in items.all())
    page.emulate_media(media="screen")
    assert not any(item.evaluate(shown) for item in items.all())


def test_no_barrier_is_found(page) -> None:
    assert violations(page) == []
