"""Amounts that people typed into a file are not released unnoticed, however they are written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx_editing import Editable, sample_docx
from test_verify_tables import row_with

from generator.__main__ import main
from generator.verify.numerals import is_amount, measure_at


@pytest.fixture(scope="module")
def editable() -> Editable:
    return Editable(sample_docx())


def released(content: bytes, folder: Path, *options: str) -> int:
    file = folder / "改过.docx"
    file.write_bytes(content)
    return main(["release", str(file), "--out", str(folder / "none"), *options])


@pytest.mark.parametrize(
    "amount",
    ["9876 万元", "9876 万", "300余万元", "300 余万元", "三百余万元", "三百多万", "3千万元"],
)
def test_an_amount_in_a_sentence_is_refused(
    amount: str, editable: Editable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    xml = editable.xml.replace("根据实际", f"其中专项安排{amount}。根据实际", 1)
    assert released(editable.with_xml(xml), tmp_path) == 1
    said = capsys.readouterr().err
    assert said.count("[new-numeral]") == 1
    assert f"新的数 {amount.replace(' ', '')}（" in said


@pytest.mark.parametrize("words", ["第3 人民医院", "2023 年", "千千万万。", "一、二、三"])
def test_other_words_with_numerals_are_released(
    words: str, editable: Editable, tmp_path: Path
) -> None:
    xml = editable.xml.replace("根据实际", f"按{words}根据实际", 1)
    assert released(editable.with_xml(xml), tmp_path) == 0


@pytest.mark.parametrize("amount", ["123.4", "123", "832.3"])
def test_a_numeral_in_a_blank_cell_for_amounts_is_refused(
    amount: str, editable: Editable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = row_with(editable.xml, "事业运行")
    head, blank, rest = row.rpartition("</w:pPr></w:p>")
    assert blank
    typed = f"{head}</w:pPr><w:r><w:t>{amount}</w:t></w:r></w:p>{rest}"
    assert released(editable.with_xml(editable.xml.replace(row, typed, 1)), tmp_path) == 1
    assert f"{amount}（" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["福利费", "收入总计"])
def test_an_added_row_of_amounts_is_refused(
    words: str, editable: Editable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = row_with(editable.xml, words)
    added = re.sub(r"<w:bookmark[^>]*/>", "", row)
    added = re.sub(r"<w:t>[0-9.]+\.[0-9]</w:t>", "<w:t>6666.6</w:t>", added)
    xml = editable.xml.replace(row, row + added, 1)
    assert released(editable.with_xml(xml), tmp_path) == 1
    assert "6666.6（" in capsys.readouterr().err


def test_a_text_that_no_reader_sees_is_refused_until_a_person_says_so(
    editable: Editable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    white = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>'
    content = editable.with_xml(editable.xml.replace("<w:r><w:t>28%", f"{white}28%", 1))
    assert released(content, tmp_path) == 1
    said = capsys.readouterr().err
    assert said.count("[unseen-text]") == 1
    assert "印出来看不见的字（和底色一样，或者太小）：28%（在第二部分" in said
    assert released(content, tmp_path, "--with-differences") == 0


def test_a_pasted_table_is_refused_until_a_person_says_so(
    editable: Editable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = (
        '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="900"/></w:tblGrid><w:tr><w:tc><w:p><w:r>'
        "<w:t>6666.6</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    content = editable.with_xml(editable.xml.replace("</w:p><w:p>", f"</w:p>{table}<w:p>", 1))
    assert released(content, tmp_path) == 1
    assert "新增表：6666.6（在新增的表） [table-added]" in capsys.readouterr().err
    assert released(content, tmp_path, "--with-differences") == 0


def test_a_renamed_file_is_released_as_docx(tmp_path: Path) -> None:
    for name in ("改过.doc", "改过"):
        (tmp_path / name).write_bytes(sample_docx())
        assert main(["release", str(tmp_path / name), "--out", str(tmp_path / "none")]) == 0
    assert [file.name for file in (tmp_path / "公布").iterdir()] == ["改过.docx"]


def test_a_code_typed_into_a_table_is_no_amount(editable: Editable, tmp_path: Path) -> None:
    row = row_with(editable.xml, "事业运行")
    assert "<w:t>201<" in row
    typed = row.replace("<w:t>201<", "<w:t>204<", 1)
    assert released(editable.with_xml(editable.xml.replace(row, typed, 1)), tmp_path) == 0


@pytest.mark.parametrize(
    ("text", "measure", "amount"),
    [
        ("5 万元", "万元", True),
        ("5\u3000亿。", "亿", True),
        ("5 余 万元", "余万元", True),
        ("5余年", "余年", False),
        ("5 个人所得税", "", False),
        ("5 元旦", "", False),
        ("5辆", "辆", True),
    ],
)
def test_measures_behind_a_numeral(text: str, measure: str, amount: bool) -> None:
    assert measure_at(text, 1) == measure
    assert is_amount("5" + measure) is amount
