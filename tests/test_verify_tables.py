"""Every figure of the tables of the 2023 file changed, deleted, doubled, swapped; and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from docx_editing import (
    Editable,
    Place,
    another,
    compared,
    found_in,
    sample_baseline,
    sample_docx,
    without_anchors,
)

from generator.verify.findings import (
    FIGURE_CHANGED,
    FIGURE_DUPLICATED,
    FIGURE_MOVED,
    FIGURE_REMOVED,
    MOVED,
    NEW_NUMERAL,
    REMOVED,
    ROW_ADDED,
    ROW_MOVED,
    ROW_REMOVED,
    TABLE_ADDED,
    TABLES_REJOINED,
    TRACKED_CHANGE,
    UNCHANGED,
    WORDING_CHANGED,
)
from generator.verify.report import said


@pytest.fixture(scope="module")
def anchored() -> Editable:
    return Editable(sample_docx())


@pytest.fixture(scope="module", params=["anchored", "without anchors"])
def editable(request: pytest.FixtureRequest) -> Editable:
    content = sample_docx()
    return Editable(content if request.param == "anchored" else without_anchors(content))


def cells(editable: Editable) -> list[Place]:
    return [p for p in editable.places(sample_baseline()) if not p.printed.anchor]


def batches(editable: Editable) -> Iterator[list[Place]]:
    """All cells, a tenth of them at a time, so that each has many rows between it and the next."""
    for first in range(10):
        yield cells(editable)[first::10]


def test_each_changed_cell_is_named(anchored: Editable) -> None:
    places = cells(anchored)
    assert {"211.0", "4.0", "0.0"} <= {place.printed.text for place in places}
    for place in places:
        printed = place.printed
        new = another(printed.text)
        found = compared(anchored.edited(place.becomes(new))).findings
        assert [(f.rule, f.figure, f.before, f.after, f.where) for f in found] == [
            (FIGURE_CHANGED, printed.figure, printed.text, new, printed.where)
        ]


def test_changed_cells_are_named_without_anchors() -> None:
    editable = Editable(without_anchors(sample_docx()))
    for places in batches(editable):
        found = found_in(editable.edited(*(p.becomes(another(p.printed.text)) for p in places)))
        assert found == sorted(
            (FIGURE_CHANGED, p.printed.figure, p.printed.text, another(p.printed.text))
            for p in places
        )


def test_deleted_cells_are_named(editable: Editable) -> None:
    for places in batches(editable):
        found = found_in(editable.edited(*(place.becomes("") for place in places)))
        assert found == sorted(
            (FIGURE_REMOVED, p.printed.figure, p.printed.text, "") for p in places
        )


def test_doubled_cells_are_named(editable: Editable) -> None:
    for places in batches(editable):
        content = editable.edited(*(p.followed_by(f" {p.printed.text}") for p in places))
        assert found_in(content) == sorted(
            (FIGURE_DUPLICATED, p.printed.figure, "", p.printed.text) for p in places
        )


def test_swapped_cells_are_named(editable: Editable) -> None:
    places = cells(editable)
    half = len(places) // 2
    for first in range(10):
        pairs = [
            (places[n], places[n + half])
            for n in range(first, half, 10)
            if places[n].printed.text != places[n + half].printed.text
        ]
        edits = [
            one.becomes(other.printed.text) for a, b in pairs for one, other in ((a, b), (b, a))
        ]
        assert found_in(editable.edited(*edits)) == sorted(
            (FIGURE_CHANGED, one.printed.figure, one.printed.text, other.printed.text)
            for a, b in pairs
            for one, other in ((a, b), (b, a))
        )


def test_a_measure_added_in_a_cell_changes_its_figure(editable: Editable) -> None:
    place = cells(editable)[20]
    printed = place.printed
    found = found_in(editable.edited(place.becomes(f"{printed.text}万元")))
    assert found == [(FIGURE_CHANGED, printed.figure, printed.text, f"{printed.text}万元")]


def test_a_number_in_a_blank_cell_is_new(anchored: Editable) -> None:
    blank = "</w:pPr></w:p></w:tc>"
    first = anchored.xml.index(blank, anchored.xml.index("二、外交"))
    filled = (
        f"</w:pPr><w:r><w:t>77777.7</w:t></w:r></w:p></w:tc>{anchored.xml[first + len(blank) :]}"
    )
    found = found_in(anchored.with_xml(anchored.xml[:first] + filled))
    assert found == [(NEW_NUMERAL, "", "", "77777.7")]


def test_an_amount_put_into_another_cell_has_moved(anchored: Editable) -> None:
    place = next(p for p in cells(anchored) if p.printed.text == "73.8")
    emptied = Editable(anchored.edited(place.becomes("")))
    blank = "</w:pPr></w:p></w:tc>"
    first = emptied.xml.index(blank, emptied.xml.index("七、文化旅游体育与传媒"))
    rest = emptied.xml[first + len(blank) :]
    filled = f"</w:pPr><w:r><w:t>73.8</w:t></w:r></w:p></w:tc>{rest}"
    comparison = compared(emptied.with_xml(emptied.xml[:first] + filled))
    rules = [(f.rule, f.figure) for f in comparison.findings]
    assert (FIGURE_MOVED, place.printed.figure) in rules
    assert comparison.count(MOVED) == 1


ROW = re.compile(r"<w:tr>.*?</w:tr>")


def row_with(xml: str, words: str) -> str:
    return next(row for row in ROW.findall(xml) if words in row)


def test_a_deleted_row_and_its_figures(editable: Editable) -> None:
    row = row_with(editable.xml, "福利费")
    comparison = compared(editable.with_xml(editable.xml.replace(row, "", 1)))
    rules = [f.rule for f in comparison.findings]
    assert rules.count(ROW_REMOVED) == 1
    assert set(rules) == {ROW_REMOVED, FIGURE_REMOVED}
    assert rules.count(FIGURE_REMOVED) == comparison.count(REMOVED) == 2


def test_a_moved_row(editable: Editable) -> None:
    row, after = row_with(editable.xml, "福利费"), row_with(editable.xml, "公务接待费")
    xml = editable.xml.replace(row, "", 1).replace(after, after + row, 1)
    comparison = compared(editable.with_xml(xml))
    assert {f.rule for f in comparison.findings} == {ROW_MOVED}
    assert (comparison.count(REMOVED), comparison.count(MOVED)) == (0, 2)


def test_an_added_row_and_its_numbers(editable: Editable) -> None:
    row = row_with(editable.xml, "福利费")
    added = re.sub(r"<w:bookmark[^>]*/>", "", row)
    added = added.replace("福利费", "培训费").replace("5.9", "6666.6")
    comparison = compared(editable.with_xml(editable.xml.replace(row, row + added, 1)))
    rules = [(f.rule, f.after) for f in comparison.findings]
    assert (NEW_NUMERAL, "6666.6") in rules
    assert [rule for rule, _ in rules].count(ROW_ADDED) == 1
    assert comparison.count(REMOVED) == 0


def test_a_table_pasted_into_a_cell_is_text_of_that_cell(anchored: Editable) -> None:
    pasted = (
        '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="900"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>'
        "另有6666.6万元</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc>"
    )
    row = row_with(anchored.xml, "福利费")
    comparison = compared(
        anchored.with_xml(anchored.xml.replace(row, row.replace("</w:tc>", pasted, 1), 1))
    )
    assert [(f.rule, f.after) for f in comparison.findings] == [
        (NEW_NUMERAL, "6666.6万元"),
        (WORDING_CHANGED, "30229\n另有6666.6万元\n"),
    ]
    assert comparison.count(UNCHANGED) == len(comparison.states)


def test_a_divided_table_keeps_its_figures(editable: Editable) -> None:
    row = row_with(editable.xml, "福利费")
    cut = "</w:tbl><w:p/><w:tbl><w:tblPr/><w:tblGrid/>"
    comparison = compared(editable.with_xml(editable.xml.replace(row, cut + row, 1)))
    (finding,) = comparison.findings
    assert finding.rule == TABLES_REJOINED
    assert said(finding) == "表拆开或合并了（原来1张，现在2张，内容没有变）"
    assert comparison.count(UNCHANGED) == len(comparison.states)


def test_a_divided_table_that_was_edited_keeps_its_figures(editable: Editable) -> None:
    row = row_with(editable.xml, "福利费")
    cut = "</w:tbl><w:p/><w:tbl><w:tblPr/><w:tblGrid/>"
    edited = cut + row.replace("<w:t>5.9</w:t>", "<w:t>6.9</w:t>")
    comparison = compared(editable.with_xml(editable.xml.replace(row, edited, 1)))
    assert [(f.rule, f.before, f.after) for f in comparison.findings] == [
        (FIGURE_CHANGED, "5.9", "6.9"),
        (FIGURE_CHANGED, "5.9", "6.9"),
        (TABLES_REJOINED, "", ""),
    ]
    assert said(comparison.findings[-1]) == "表拆开或合并了（原来1张，现在2张，内容也改了）"
    assert comparison.count(REMOVED) == 0


@pytest.mark.parametrize("beside", ["its copy", "another"])
def test_an_edited_table_with_a_new_one_beside_it_was_not_divided(
    editable: Editable, beside: str
) -> None:
    table = next(t for t in re.findall(r"<w:tbl>.*?</w:tbl>", editable.xml) if "福利费" in t)
    new = re.sub(r"<w:bookmark[^>]*/>", "", table).replace("<w:t>2.5</w:t>", "<w:t>3.5</w:t>")
    if beside == "another":
        cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
        row = f"<w:tr>{cell.format('甲')}{cell.format('12.5')}</w:tr>"
        new = f"<w:tbl><w:tblPr/><w:tblGrid/>{row}</w:tbl>"
    row = row_with(editable.xml, "福利费")
    edited = table.replace(row, row.replace("<w:t>5.9</w:t>", "<w:t>6.9</w:t>"))
    content = editable.with_xml(editable.xml.replace(table, f"{edited}<w:p/>{new}"))
    rules = [finding.rule for finding in compared(content).findings]
    assert {TABLE_ADDED, FIGURE_CHANGED} <= set(rules)
    assert TABLES_REJOINED not in rules


def test_a_table_pasted_once_more_repeats_its_figures(anchored: Editable) -> None:
    """Of its codes, and of the targets of projects, nothing is said."""
    tables = re.findall(r"<w:tbl>.*?</w:tbl>", anchored.xml)
    for table in tables:
        pasted = "<w:p/>" + re.sub(r"<w:bookmark[^>]*/>", "", table)
        found = compared(anchored.with_xml(anchored.xml.replace(tables[-1], tables[-1] + pasted)))
        assert found.count(UNCHANGED) == len(found.states)
        assert {f.rule for f in found.findings} <= {TABLE_ADDED, FIGURE_DUPLICATED}
        (added,) = (f for f in found.findings if f.rule == TABLE_ADDED)
        assert added.after.split()[0] in table


def test_what_a_pasted_table_prints_otherwise_is_new(anchored: Editable) -> None:
    tables = re.findall(r"<w:tbl>.*?</w:tbl>", anchored.xml)
    table = next(t for t in tables if "福利费" in t)
    pasted = re.sub(r"<w:bookmark[^>]*/>", "", table).replace("30229", "30777")
    pasted = pasted.replace("<w:t>5.9</w:t>", "<w:t>6666.6</w:t>")
    content = anchored.with_xml(anchored.xml.replace(table, f"{table}<w:p/>{pasted}", 1))
    new = [f.after for f in compared(content).findings if f.rule == NEW_NUMERAL]
    assert new == ["30777", "6666.6", "6666.6"]


CELL = re.compile(r"<w:tc>.*?</w:tc>")
DELETED_CELL = '<w:cellDel w:id="9" w:author="张三" w:date="2023-02-20T10:00:00Z"/></w:tcPr>'


def cell_edits(row: str) -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """The row with a cell more or less, and (rule, before, after) of what is found in it."""
    cells = CELL.findall(row)
    label, amount = (next(c for c in cells if text in c) for text in ("福利费", "5.9"))
    more = amount.replace("5.9", "77.7")
    gone = (FIGURE_REMOVED, "5.9", "")
    return {
        "amount gone": (row.replace(amount, "", 1), [gone]),
        "label gone": (row.replace(label, "", 1), [(WORDING_CHANGED, "福利费", "")]),
        "one more": (
            row.replace(amount, amount + more, 1),
            [(NEW_NUMERAL, "", "77.7"), (WORDING_CHANGED, "", "77.7")],
        ),
        "tracked": (
            row.replace(amount, amount.replace("</w:tcPr>", DELETED_CELL), 1),
            [gone, (TRACKED_CHANGE, "", "")],
        ),
    }


@pytest.mark.parametrize("case", ["amount gone", "label gone", "one more", "tracked"])
def test_a_cell_more_or_less_leaves_the_others_as_they_are(editable: Editable, case: str) -> None:
    row = row_with(editable.xml, "福利费")
    edited, expected = cell_edits(row)[case]
    comparison = compared(editable.with_xml(editable.xml.replace(row, edited, 1)))
    assert sorted((f.rule, f.before, f.after) for f in comparison.findings) == expected
    assert comparison.count(REMOVED) == [rule for rule, *_ in expected].count(FIGURE_REMOVED)


def test_a_changed_row_that_moved_keeps_its_figures() -> None:
    editable = Editable(sample_docx())
    row, after = row_with(editable.xml, "福利费"), row_with(editable.xml, "公务接待费")
    assert row.count("5.9") == 2
    xml = editable.xml.replace(row, "", 1)
    xml = xml.replace(after, after + row.replace("<w:t>5.9</w:t>", "<w:t>5.8</w:t>", 1), 1)
    found = [f.rule for f in compared(editable.with_xml(xml)).findings]
    assert FIGURE_CHANGED in found
    assert FIGURE_REMOVED not in found
