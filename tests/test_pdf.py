"""The PDF, the record of pages, and a LibreOffice that is absent, hangs or fails."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from docx_sample import STYLE, sample
from office import office
from printed_documents import DATA, printed
from pypdf import PdfReader

from generator.__main__ import main
from generator.build import build_disclosure
from generator.commands.paging import remember
from generator.document import contents_entries
from generator.office.fonts import font_problems, stand_ins, wanted_faces
from generator.office.pages import (
    MEASURED,
    MISSING,
    RECORDED,
    PageMap,
    Paging,
    page_numbers,
    print_pages,
    read_page_map,
    write_page_map,
)
from generator.office.pdf import fonts_of, with_fixed_bytes
from generator.office.soffice import FONTS_FILE, Office, convert_to_pdf
from generator.problems import WARNING, ProblemsFound
from generator.writers.docx.document import content_key, write_docx

needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="没有 sh：没有检查")


@pytest.mark.office
def test_pdf_is_tagged_titled_chinese_and_has_an_outline() -> None:
    document = printed("sample").document
    reader = PdfReader(io.BytesIO(printed("sample").pdf))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712  # a PDF object
    assert catalogue["/Lang"] == "zh-CN"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"/Lang(en-US)" not in printed("sample").pdf
    assert (reader.metadata.title, reader.metadata.author, reader.metadata.subject) == (
        document.title,
        document.author,
        document.subject,
    )
    assert reader.metadata.creation_date_raw.startswith("D:" + document.date.replace("-", ""))
    assert len(reader.outline) > 3


@pytest.mark.office
def test_links_of_the_contents_lead_to_the_pages_they_name() -> None:
    paging = printed("sample").paging
    reader = PdfReader(io.BytesIO(printed("sample").pdf))
    number_by_page = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}
    links = {
        number_by_page[link.get_object()["/Dest"][0].idnum]
        for page in reader.pages
        for link in page.get("/Annots", [])
        if "/Dest" in link.get_object()
    }
    assert links == set((paging.page_by_target or {}).values())


@pytest.mark.office
def test_same_document_gives_the_same_bytes() -> None:
    found = [print_pages(sample(), STYLE, None, office()).pdf for _ in range(2)]
    assert found[0] == found[1]


@pytest.mark.office
def test_many_files_in_one_call_each_get_their_own_pdf() -> None:
    documents = {"甲/乙": sample(), "2": sample(draft=True)}
    pdfs = convert_to_pdf(office(), {n: write_docx(d, STYLE) for n, d in documents.items()})
    assert list(pdfs) == ["甲/乙", "2"]
    assert [len(PdfReader(io.BytesIO(pdf)).pages) for pdf in pdfs.values()] == [5, 5]


def program(folder: Path, script: str) -> Office:
    file = folder / "soffice"
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return Office(file, seconds=1)


@needs_shell
def test_hung_conversion_is_ended_with_what_it_started(tmp_path: Path) -> None:
    hung = program(tmp_path, f"sleep 600 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(ProblemsFound) as found:
        convert_to_pdf(hung, {"a": b""})
    assert [problem.rule for problem in found.value.problems] == ["office-timeout"]
    child = int((tmp_path / "child").read_text())
    for _ in range(50):
        if not running(child):
            break
        time.sleep(0.1)
    assert not running(child)


def running(pid: int) -> bool:
    """Whether a process lives; one that is dead but not yet collected does not."""
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@needs_shell
def test_conversion_without_a_pdf_is_named_with_what_was_said(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        convert_to_pdf(program(tmp_path, "echo source file could not be loaded"), {"表": b""})
    assert [(p.rule, p.message) for p in found.value.problems] == [
        ("office-no-pdf", "LibreOffice 没有生成“表”的 PDF（source file could not be loaded）")
    ]


@needs_shell
def test_failing_office_costs_the_numbers_but_not_the_document(tmp_path: Path) -> None:
    paging = page_numbers(sample(), STYLE, None, program(tmp_path, "exit 1"))
    assert (paging.source, paging.page_map) == (MISSING, None)
    assert [(p.rule, p.severity) for p in paging.problems] == [("office-no-pdf", WARNING)]


def test_pdf_without_libreoffice_is_refused() -> None:
    with pytest.raises(ProblemsFound) as found:
        print_pages(sample(), STYLE, None, None)
    assert [problem.rule for problem in found.value.problems] == ["office-missing"]


def recorded(**changes: object) -> PageMap:
    pages = {entry.target: number for number, entry in enumerate(contents_entries(sample()), 1)}
    key = content_key(sample(), STYLE)
    return PageMap(**{"content": key, "fonts": ("A",), "page_by_target": pages, **changes})


def test_record_of_this_content_is_used_without_libreoffice() -> None:
    paging = page_numbers(sample(), STYLE, recorded(), None)
    assert (paging.source, paging.page_map) == (RECORDED, recorded())


def test_record_of_another_content_is_not_used() -> None:
    other = recorded(content=content_key(sample(draft=True), STYLE))
    assert page_numbers(sample(), STYLE, other, None).source == MISSING


def test_record_comes_back_as_it_was_written() -> None:
    assert read_page_map(write_page_map(recorded())) == recorded()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"\xe9\xa1\xb5\xe7\xa0\x81": 1}']
)
def test_damaged_record_is_no_record(content: bytes) -> None:
    assert read_page_map(content) is None


def test_record_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    built = build_disclosure(DATA, 2023, DATA.parent / "templates")
    (tmp_path / "2023/page-map.json").mkdir(parents=True)
    assert "没有记录下来" in remember(Paging(MEASURED, recorded()), built, tmp_path)
    assert [path.name for path in (tmp_path / "2023").iterdir()] == ["page-map.json"]


def test_stand_ins_are_told_from_fonts_proper_and_from_strays() -> None:
    used = ("FangSong", "FandolSong-Bold", "TimesNewRomanPSMT", "NotoSerifCJKjp-Regular")
    found = {"仿宋": "FangSong", "宋体": "FandolSong-Regular", "楷体": "FandolKai-Regular"}
    assert stand_ins(("仿宋", "宋体", "楷体", "Times New Roman"), used, found) == {
        "宋体": "FandolSong-Regular",
        "": "NotoSerifCJKjp-Regular",
    }


@pytest.mark.office
def test_substituted_fonts_are_named() -> None:
    if shutil.which("fc-match") is None:
        pytest.skip("没有 fc-match：没有检查")
    used = fonts_of(printed("sample").pdf)
    problems = font_problems(STYLE, used, FONTS_FILE)
    missing = [face for face in wanted_faces(STYLE) if f"“{face}”" in "".join(map(str, problems))]
    assert [problem.severity for problem in problems] == [WARNING] * bool(missing)
    own = ("FangSong", "KaiTi", "SimHei", "SimSun", "FZ", "TimesNewRoman")
    assert bool(missing) == any(not name.startswith(own) for name in used)


def test_fixed_bytes_keep_their_length() -> None:
    pdf = (
        b"%PDF-1.6\n/Lang(en-US)\n/CreationDate(D:20261124001740+08'00')>>\ntrailer\n"
        b"/ID [ <07D920CF733F91E8F0AC7059E393A8CA>\n<07D920CF733F91E8F0AC7059E393A8CA> ]\n"
        b"/DocChecksum /8DB39AA4733DC7F9A4D6A3BBC006B209\n"
    )
    fixed = with_fixed_bytes(pdf, "2023-02-15")
    assert len(fixed) == len(pdf)
    assert b"/Lang(zh-CN)\n/CreationDate(D:20230215000000+08'00')>>" in fixed
    assert b"07D920CF" not in fixed
    assert b"8DB39AA4" not in fixed
    later = (
        pdf.replace(b"20261124", b"20271124").replace(b"07D9", b"17D9").replace(b"8DB3", b"9DB3")
    )
    assert with_fixed_bytes(later, "2023-02-15") == fixed


@pytest.mark.office
def test_build_records_its_pages_and_repeats_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office()
    data, out = tmp_path / "data", tmp_path / "out"
    shutil.copytree(DATA, data)
    record = data / "2023" / "page-map.json"
    record.unlink(missing_ok=True)
    command = ["build", "2023", "--data", str(data), "--out", str(out)]
    assert main([*command, "--no-pages", "--formats", "docx"]) == 0
    assert "目录页码：没有" in capsys.readouterr().out
    assert not record.exists()
    assert main([*command, "--formats", "docx,pdf"]) == 0
    assert "目录页码：用 LibreOffice 排出，记录在 2023/page-map.json" in capsys.readouterr().out
    first = {file.name: file.read_bytes() for file in (out / "2023").glob("*公开.*")}
    assert sorted(name[-4:] for name in first) == [".pdf", "docx"]
    assert json.loads(record.read_bytes())["页码"]["01-revenue-expenditure"] > 1
    assert main([*command, "--no-pages", "--formats", "docx"]) == 0
    assert "目录页码：内容没有变，用记录的（2023/page-map.json）" in capsys.readouterr().out
    docx = next(name for name in first if name.endswith("docx"))
    assert (out / "2023" / docx).read_bytes() == first[docx]


@pytest.mark.office
def test_shipped_record_is_of_the_shipped_data() -> None:
    """`make 2023` writes it; commit it with what changed the pages."""
    shipped = read_page_map((DATA / "2023" / "page-map.json").read_bytes())
    measured = printed("sample").paging
    assert measured.source == MEASURED
    assert shipped is not None
    assert measured.page_map is not None
    assert (shipped.content, shipped.page_by_target) == (
        measured.page_map.content,
        measured.page_map.page_by_target,
    )
