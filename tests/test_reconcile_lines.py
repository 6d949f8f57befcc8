"""A paragraph of several template lines, edited."""

from __future__ import annotations

from pathlib import Path

import pytest
from reconcile_desk import Desk
from test_reconcile import DEFINITIONS, INCOME, NEW, paragraph_with, with_paragraph

from generator.reconcile.report import report_text
from generator.verify.report import Compared


@pytest.fixture
def many_lines(tmp_path: Path) -> Desk:
    """The sample with a paragraph whose template goes over three lines."""
    desk = Desk(tmp_path)
    file = desk.templates / DEFINITIONS
    text = file.read_text(encoding="utf-8")
    start = text.index(INCOME)
    line = text[start : text.index("\n", start)]
    parts = line.replace("是指", "是指\n").replace("所取得", "\n所取得")
    file.write_text(text.replace(line, parts), encoding="utf-8")
    desk.built = desk.build()
    return desk


def test_a_paragraph_of_several_template_lines_is_changed_in_its_lines(many_lines: Desk) -> None:
    desk = many_lines
    paragraph = paragraph_with(desk, INCOME)
    edited = paragraph.replace("是指", "就是指").replace("所取得", "取得")
    found = desk.reconciled(with_paragraph(desk, INCOME, edited))
    report = report_text(found, desk.files(), Compared("改.docx", "现在的数据", ()))
    for line in (f"{DEFINITIONS}:7（模板）", "改的字：“” → “就”", f"{DEFINITIONS}:9（模板）"):
        assert line in report
    source = (desk.templates / DEFINITIONS).read_text(encoding="utf-8").split("\n")
    deleted = "\n".join([*source[6:9], "", ""])
    found = desk.reconciled(with_paragraph(desk, INCOME, ""))
    assert desk.changed(found) == [(f"{DEFINITIONS}:7", deleted, "")]
    found = desk.reconciled(with_paragraph(desk, INCOME, paragraph + NEW.format("补充一句。")))
    assert desk.changed(found) == [(f"{DEFINITIONS}:9", "", "\n\n补充一句。")]
    report = report_text(found, desk.files(), Compared("改.docx", "现在的数据", ()))
    assert [
        line.strip() for line in report.splitlines() if line.strip().startswith(("+", "-"))
    ] == ["+ 补充一句。"]
