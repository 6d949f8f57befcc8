"""Unusable files are refused in one line, whatever they try; and the command's exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import re
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from compare_tools import EXAMPLE_TEMPLATES, EXAMPLES
from docx_editing import (
    DATA,
    DOCUMENT,
    Editable,
    another,
    sample_baseline,
    sample_built,
    sample_docx,
)

from generator.__main__ import main
from generator.build import build_unit
from generator.load.budget import load_budget
from generator.verify.package import UnusableFile
from generator.verify.reading import read_returned
from generator.writers.docx.document import write_docx
from generator.writers.evidence import write_model

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OPENING = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>'
CLOSING = "</w:body></w:document>"


def with_document(xml: bytes) -> bytes:
    """The sample with another main document, compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in {**Editable(sample_docx()).parts, DOCUMENT: xml}.items():
            package.writestr(name, part)
    return buffer.getvalue()


def with_body(xml: str) -> bytes:
    return with_document(f"{OPENING}{xml}{CLOSING}".encode())


def other_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("a.txt", "text")
    return buffer.getvalue()


def twice_the_same_part() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for _ in range(2):
            package.writestr(DOCUMENT, OPENING + CLOSING)
    return buffer.getvalue()


def with_parts(count: int) -> bytes:
    editable = Editable(sample_docx())
    return editable.with_xml(editable.xml, {f"word/{n}.xml": b"" for n in range(count)})


def lying_directory() -> bytes:
    """A part that unpacks to far more than the directory says."""
    content = bytearray(with_body(" " * 60_000_000))
    small = struct.pack("<I", 100)
    large = struct.pack("<I", len(f"{OPENING}{CLOSING}".encode()) + 60_000_000)
    return bytes(content.replace(large, small))


ENGLISH = re.compile("[A-Za-z]+ [a-z]+")
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE w:document [<!ENTITY a0 "lol">{LAUGHS}]>'
DTD = f'<?xml version="1.0"?>{BOMB}<w:document xmlns:w="{W}"><w:body>&a11;</w:body></w:document>'
UTF16_DTD = (
    f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w:document [<!ENTITY a "lol">]>'
    f'<w:document xmlns:w="{W}"><w:body/></w:document>'
).encode("utf-16")
FILE_ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>'
)

UNUSABLE = {
    "empty": (lambda: b"", "空的"),
    "text": (lambda: b"not a zip", "不是完整的"),
    "old word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 .doc"),
    "pdf": (lambda: b"%PDF-1.7", "PDF"),
    "cut off": (lambda: sample_docx()[:20_000], "不是完整的"),
    "another zip": (other_zip, "没有 Word 正文"),
    "doubled part": (twice_the_same_part, "重名"),
    "zip bomb": (lambda: with_body(" " * 200_000_000), "解压后太大"),
    "lying directory": (lying_directory, "损坏"),
    "many parts": (lambda: with_parts(3_000), "个内部文件"),
    "no body": (lambda: with_document(f'<w:document xmlns:w="{W}"/>'.encode()), "正文是空的"),
    "DTD": (lambda: with_document(DTD.encode()), "DTD"),
    "DTD in UTF-16": (lambda: with_document(UTF16_DTD), "DTD"),
    "file entity": (lambda: with_document(FILE_ENTITY.encode()), "DTD"),
    "deep nesting": (lambda: with_body("<w:sdt>" * 9_000 + "</w:sdt>" * 9_000), "已损坏"),
    "broken XML": (lambda: with_body("<w:p>"), "已损坏，读不出“word/document.xml”"),
    "strict": (
        lambda: with_document(
            b'<d:document xmlns:d="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'
        ),
        "另存为普通的 .docx",
    ),
    "endless paragraph": (lambda: with_body(f"<w:p><w:r><w:t>{'1 ' * 60_000}</w:t></w:r></w:p>"), "一段文字"),
    "endless text": (
        lambda: with_body(f"<w:p><w:r><w:t>{'甲' * 49_000}</w:t></w:r></w:p>" * 70),
        "正文超过",
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_file_is_refused_in_one_line(case: str) -> None:
    make, words = UNUSABLE[case]
    with pytest.raises(UnusableFile) as refused:
        read_returned(make())
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert ENGLISH.search(str(refused.value)) is None


def test_any_damaged_byte_is_refused_or_read_as_it_was() -> None:
    """The checksums of the zip leave no third possibility but in names, times and unread parts."""
    content = sample_docx()
    whole = read_returned(content)
    read = 0
    for place in range(0, len(content), len(content) // 60):
        damaged = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        with contextlib.suppress(UnusableFile):
            assert read_returned(damaged).blocks == whole.blocks, place
            read += 1
    assert read < 30  # a damage to the parts that are read is noticed


@pytest.mark.parametrize(
    "look", ['<w:color w:val="FFFFFF"/>', '<w:color/><w:sz w:val="2.5x"/><w:shd/><w:highlight/>']
)
def test_looks_that_no_program_writes_do_no_harm(look: str) -> None:
    run = f"<w:r><w:rPr>{look}</w:rPr><w:t>28%</w:t></w:r>"
    for around in ("{}", "<w:tc>{}</w:tc>", "<w:sdt>{}</w:sdt>"):
        found = read_returned(with_body(around.format(f"<w:p>{run}</w:p>")))
        assert [spot.text for spot in found.unseen] == ["28%"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file beside the model it was built from."""
    (tmp_path / "公开.docx").write_bytes(sample_docx())
    (tmp_path / "model.json").write_bytes(write_model(sample_built().document))
    return tmp_path


def verify(file: Path, *more: str) -> int:
    return main(["verify", str(file), "--out", str(file.parent / "none"), *more])


def test_the_same_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder / "公开.docx") == 0
    out = capsys.readouterr().out
    assert "没有不同。" in out
    assert "生成时的内容" in out


def test_a_changed_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    editable = Editable(sample_docx())
    place = next(p for p in editable.places(sample_baseline()) if p.printed.text == "28%")
    file = folder / "改.docx"
    file.write_bytes(editable.edited(place.becomes(another("28%"))))
    assert verify(file) == 1
    out = capsys.readouterr().out
    assert "改动 收入总计.增幅：28% → 38%" in out
    assert "在：第二部分 → 一、收入支出预算总体情况说明 第1段" in out
    assert verify(file, "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["findings"][0]["figure"] == "收入总计.增幅"
    assert [f["state"] for f in report["figures"]].count("改动") == 1


def test_without_a_model_the_current_data_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = sample_built()
    file = tmp_path / "改.docx"
    file.write_bytes(write_docx(built.document, built.place.style, anchors=False))
    assert verify(file) == 0
    out = capsys.readouterr().out
    assert f"没有找到生成时的 model.json（找过 {tmp_path}、" in out
    assert "生成时写了 --out 的，这里也要写。" in out
    assert "没有内部标记" in out


def test_the_file_of_one_unit_is_compared_with_that_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = load_budget(DATA, 2023)
    built = build_unit(loaded, loaded.budget.department.units[1], DATA)
    file = tmp_path / "单位.docx"
    file.write_bytes(write_docx(built.document, built.place.style))
    assert verify(file) == 0
    assert "没有不同。" in capsys.readouterr().out
    assert verify(file, "--unit", loaded.budget.department.units[0].code) == 1
    assert verify(file, "--unit", "999999") == 2
    assert "没有代码为“999999”的单位；单位代码有：159001、159002" in capsys.readouterr().err


def test_unusable_files_exit_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04")
    foreign = tmp_path / "2023年部门预算.docx"
    foreign.write_bytes(with_body("<w:p><w:r><w:t>今天天气很好。</w:t></w:r></w:p>"))
    anchorless = Editable(foreign.read_bytes())
    for name in [name for name in anchorless.parts if name.startswith("customXml")]:
        del anchorless.parts[name]
    foreign.write_bytes(anchorless.edited())
    for file in (broken, foreign, tmp_path / "没有.docx", tmp_path):
        assert verify(file) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert ENGLISH.search(captured.err.removeprefix(str(file))) is None
        assert verify(file, "--json") == 2
        assert json.loads(capsys.readouterr().out)["usable"] is False


@pytest.mark.parametrize("case", ["a folder", "no year", "model.json is a folder"])
def test_what_cannot_be_read_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    file = tmp_path / "改.docx"
    (tmp_path / "model.json").mkdir()
    if case == "a folder":
        file.mkdir()
        assert verify(file) == 2
        assert capsys.readouterr().err.endswith("打不开：这是一个文件夹，不是文件\n")
    elif case == "no year":
        other = Editable(with_body("<w:p><w:r><w:t>今天天气很好。</w:t></w:r></w:p>"))
        file.write_bytes(other.with_xml(other.xml, {"docProps/core.xml": b"<none/>"}))
        assert verify(file) == 2
        assert "看不出是哪一年的文件；用 --year 写明" in capsys.readouterr().err
    else:
        file.write_bytes(sample_docx())
        assert verify(file) == 0
        assert "model.json 没有用上：这是一个文件夹，不是文件" in capsys.readouterr().out


def test_a_year_without_usable_data_is_still_compared_with_the_model(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(folder / "公开.docx", "--data", str(folder)) == 0
    assert "没有和现在的数据核对" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"text": "', '"text": 5, "was": "'),
        ('{"column": 0, "text": "', '{"column": 0, "text": [], "was": "'),
        ('"column": 1,', '"column": 99,'),
        ('"column": 1,', '"column": -3,'),
        ('"column": 1,', '"column": null,'),
    ],
)
def test_a_wrong_model_is_not_used_and_named(
    folder: Path, capsys: pytest.CaptureFixture[str], right: str, wrong: str
) -> None:
    model = folder / "model.json"
    text = model.read_text(encoding="utf-8")
    assert right in text
    model.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert verify(folder / "公开.docx") == 0
    said = capsys.readouterr().out
    assert "model.json 没有用上：model.json 的内容不全" in said


def test_nothing_to_compare_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "公开.docx").write_bytes(sample_docx())
    assert verify(tmp_path / "公开.docx", "--data", str(tmp_path)) == 2
    said = capsys.readouterr().err
    assert "没有可以对照的内容" in said
    assert "生成时写了 --data、--templates、--out 的，这里也要写" in said


def test_what_was_built_of_another_department_is_not_used(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = sample_built().document
    other = replace(own, title="青石市数据局2023年部门预算公开", author="青石市数据局")
    (folder / "model.json").write_bytes(write_model(other))
    assert verify(folder / "公开.docx") == 0
    said = capsys.readouterr().out
    assert f"没有用上：它是“{other.title}”的，这份文件是“{own.title}”。" in said
    assert "没有不同。" in said
    assert verify(folder / "公开.docx", "--data", str(folder)) == 2
    assert "没有可以对照的内容" in capsys.readouterr().err


def test_data_of_another_department_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = "--data", str(EXAMPLES), "--templates", str(EXAMPLE_TEMPLATES)
    assert verify(folder / "公开.docx", *places) == 1
    said = capsys.readouterr().out
    assert "注意：现在的数据是“青石市大数据中心2023年部门预算公开”的" in said
    assert "别的部门的文件，写上它的 --data" in said
