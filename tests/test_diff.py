"""`diff` as it is called: every kind of side, exit codes, layers, the same report every time."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from compare_tools import EXAMPLE_TEMPLATES, EXAMPLES
from docx_sample import part, with_part
from redline_tools import AS_IT_IS, require_uno, resolved_by_office

from generator.__main__ import main

SAME, DIFFERENT, TROUBLE = 0, 1, 2
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both example years, the second one built, and Word files: ours, another's and none."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(EXAMPLES, folder / "data")
    shutil.copytree(EXAMPLE_TEMPLATES, folder / "templates")
    options = ["--data", str(folder / "data"), "--templates", str(folder / "templates")]
    built = ["build", "2024", *options, "--out", str(folder / "out"), "--no-pages"]
    assert main(built) == 0
    ours = next((folder / "out" / "2024").glob("*.docx"))
    shutil.copyfile(ours, folder / "ours.docx")
    (folder / "foreign.docx").write_bytes(without_anchors(ours.read_bytes(), "办公", "日常办公"))
    (folder / "corrupt.docx").write_bytes(ours.read_bytes()[:5000])
    (folder / "undated.docx").write_bytes(without_dates(ours.read_bytes()))
    (folder / "ragged.docx").write_bytes(without_a_cell(ours.read_bytes()))
    docx.Document().save(str(folder / "plain.docx"))
    for name in ("甲", "乙"):
        (folder / "two" / name).mkdir(parents=True)
        (folder / "two" / name / "style.docx").write_bytes(ours.read_bytes())
    (folder / "text.docx").write_text("收入总计100万元", encoding="utf-8")
    (folder / "empty").mkdir()
    facts = EXAMPLES / "2023" / "published" / "facts.yaml"
    earlier = folder / "data" / "2021" / "published"
    earlier.mkdir(parents=True)
    text = facts.read_text(encoding="utf-8").replace("年度: 2023", "年度: 2021", 1)
    (earlier / "facts.yaml").write_text(text, encoding="utf-8")
    return folder


def without_dates(content: bytes) -> bytes:
    core = part(content, "docProps/core.xml").decode()
    dates = r"<dcterms:(created|modified).*?</dcterms:\1>"
    return with_part(content, "docProps/core.xml", re.sub(dates, "", core).encode())


def without_a_cell(content: bytes) -> bytes:
    """A table with a row that is shorter than the others."""
    body = part(content, "word/document.xml").decode()
    start = [match.start() for match in re.finditer("<w:tc>", body)][40]
    end = body.index("</w:tc>", start) + len("</w:tc>")
    return with_part(content, "word/document.xml", f"{body[:start]}{body[end:]}".encode())


def without_anchors(content: bytes, old: str, new: str) -> bytes:
    """A file that somebody else's program wrote: no bookmarks, and a word exchanged."""
    body = part(content, "word/document.xml").decode()
    assert old in body
    body = re.sub(r'<w:bookmark(Start|End) [^>]*w:name="_[FR][^>]*/>', "", body)
    starts = set(re.findall(r'<w:bookmarkStart w:id="(\d+)"', body))
    body = re.sub(r'<w:bookmarkEnd w:id="(\d+)"/>', lambda m: m[0] if m[1] in starts else "", body)
    written = with_part(content, "word/document.xml", body.replace(old, new, 1).encode())
    anchors = '<anchors xmlns="urn:none"/>'
    return with_part(written, "customXml/item1.xml", anchors.encode())


@pytest.fixture
def run(
    office_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    monkeypatch.chdir(office_folder)

    def called(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["diff", "--data", "data", "--templates", "templates", *arguments])
        except SystemExit as exit_:  # argparse
            code = int(str(exit_.code))
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


SIDES = ("2024", "out/2024", "ours.docx")


@pytest.mark.parametrize("old", SIDES)
@pytest.mark.parametrize("new", SIDES)
def test_one_document_in_any_form_is_the_same(run: Run, old: str, new: str) -> None:
    code, said, _ = run(old, new)
    assert "数字 0 处，文字 0 处，版式 0 处" in said
    assert code == SAME


@pytest.mark.parametrize("new", [*SIDES, "2021", "foreign.docx"])
def test_another_year_is_different(run: Run, new: str) -> None:
    assert run("2023", new)[0] == DIFFERENT
    assert run(new, "2023")[0] == DIFFERENT


@pytest.mark.parametrize(
    ("side", "complaint"),
    [
        ("1999", "没有 1999 年的数据"),
        ("empty", "没有 model.json"),
        ("nowhere", "没有“nowhere”可比较"),
        ("nowhere.docx", "没有“nowhere.docx”可比较"),
        ("corrupt.docx", "corrupt.docx"),
        ("text.docx", "不是完整的 .docx 文件"),
    ],
)
def test_what_cannot_be_compared_is_trouble_and_named(run: Run, side: str, complaint: str) -> None:
    for sides in (("2024", side), (side, "2024")):
        code, said, error = run(*sides)
        assert (code, said) == (TROUBLE, "")
        assert complaint in error


def test_a_foreign_file_is_compared_by_text_and_the_report_says_so(run: Run) -> None:
    code, said, _ = run("2024", "foreign.docx", "--format", "json")
    report = json.loads(said)
    assert code == DIFFERENT
    assert report["counts"] == {"figures": 0, "wording": 1, "layout": 0, "warnings": 0}
    assert "按文字比较" in report["new"]["origin"]
    assert any("按读出的文字比较" in remark for remark in report["remarks"])


def test_a_year_with_published_facts_only_is_compared_by_them(run: Run) -> None:
    code, said, _ = run("2021", "2023")
    assert code == DIFFERENT  # the year, and nothing else: the facts are the same
    assert "数字 0 处，文字 1 处，版式 0 处" in said
    assert "2021：只有公布过的数，没有当时的全文：只比较数字，不比较文字和版式" in said
    assert run("2021", "2021")[0] == SAME
    code, _, error = run("2021", "2023", "--format", "docx", "--out", "redline.docx")
    assert code == TROUBLE
    assert "有一方只有公布过的数、没有全文" in error
    assert not Path("redline.docx").exists()


@pytest.mark.parametrize(
    ("sides", "options", "complaint"),
    [
        (("2023", "2024"), (), "docx 要写到文件：加上 --out 比较.docx"),
        (("2023", "2024"), ("--out", "ours.docx/r.docx"), "这里已经有一个同名的文件，不是文件夹"),
        (("2023", "2024"), ("--out", "r.docx", "--style", "无.docx"), "没有这个文件或文件夹"),
        (("2023", "2024"), ("--out", "r.docx", "--style", "plain.docx"), "缺少样式“预算表”"),
        (("out/2024", "ours.docx"), ("--out", "r.docx"), "不知道用哪个模板的样式"),
        (("out/2024", "out/2024"), ("--out", "r.docx"), "不知道用哪个模板的样式"),
        (("undated.docx", "undated.docx"), ("--out", "r.docx"), "不知道修订的日期"),
        (("ours.docx", "ragged.docx"), ("--out", "r.docx"), "有的表格单元格排不成行列"),
    ],
)
def test_a_redline_that_cannot_be_made_is_named(
    run: Run, sides: tuple[str, str], options: tuple[str, ...], complaint: str
) -> None:
    two_styles = ("--templates", "two") if "out/2024" in sides else ()
    code, said, error = run(*sides, "--format", "docx", *options, *two_styles)
    assert (code, said) == (TROUBLE, "")
    assert complaint in error
    assert not Path("r.docx").exists()


def test_a_redline_is_in_the_style_that_was_given(run: Run, tmp_path: Path) -> None:
    out, style = tmp_path / "r.docx", next(EXAMPLE_TEMPLATES.parents[1].glob("templates/*/*.docx"))
    options = ("--templates", "two", "--style", str(style), "--format", "docx", "--out", str(out))
    assert run("out/2024", "ours.docx", *options)[0] == SAME
    assert run("ours.docx", str(out))[0] == SAME


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("model.json", "{", "damaged/model.json: 错误：model.json 不是完整的 JSON"),
        ("model.json", "{}", "damaged/model.json: 错误：model.json 的版本是 None"),
        ("facts.json", "[1]", "damaged/facts.json: 错误：facts.json 的内容不全"),
        ("facts.json", '{"facts": [{"name": "三公经费"}]}', "facts.json 的内容不全"),
        ("facts.json", '{"facts": [{"name": "a", "printed": "b"}]}', "facts.json 的内容不全"),
    ],
)
def test_a_damaged_result_is_named(run: Run, file: str, content: str, complaint: str) -> None:
    shutil.copytree("out/2024", "damaged", dirs_exist_ok=True)
    Path("damaged", file).write_text(content, encoding="utf-8")
    code, said, error = run("damaged", "2024")
    assert (code, said) == (TROUBLE, "")
    assert complaint in error


def test_layers_have_chinese_and_english_names(run: Run) -> None:
    for chinese, english in (("数字", "figures"), ("文字", "wording"), ("版式", "layout")):
        said = [
            run("2023", "2024", "--layer", name, "--format", "json")[1]
            for name in (chinese, english)
        ]
        assert said[0] == said[1]
        counts = json.loads(said[0])["counts"]
        assert counts.pop(english) > 0
        assert set(counts.values()) == {0}
    warned = json.loads(run("2023", "2024", "--layer", "提醒", "--format", "json")[1])
    assert warned["counts"] == {"figures": 0, "wording": 0, "layout": 0, "warnings": 1}


def test_fail_on_decides_what_counts_as_different(run: Run) -> None:
    sides = "2024", "foreign.docx"  # one wording entry
    expected = {"数字": SAME, "figures,layout": SAME, "warnings": SAME, "无": SAME}
    expected |= {"文字": DIFFERENT, "数字，wording": DIFFERENT, "数字、文字、版式": DIFFERENT}
    for names, code in expected.items():
        assert run(*sides, "--fail-on", names)[0] == code, names
    code, _, error = run(*sides, "--fail-on", "字")
    assert code == TROUBLE
    assert "没有“字”，可用：数字（figures）、文字（wording）" in error


def test_ignore_year_leaves_out_what_differs_every_year(run: Run) -> None:
    assert run("2021", "2023", "--ignore-year")[0] == SAME


FORMATS = ("text", "markdown", "html", "json", "docx")


def test_reports_are_the_same_again_and_the_inputs_untouched(
    run: Run, office_folder: Path, tmp_path: Path
) -> None:
    before = fingerprint(office_folder)
    for name in FORMATS:
        written = []
        for number in (1, 2):
            target = tmp_path / f"{number}.{name}"
            run("2023", "out/2024", "--format", name, "--out", str(target))
            written.append(target.read_bytes())
        assert written[0] == written[1], name
    assert fingerprint(office_folder) == before


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_counts_agree_in_every_report(run: Run, tmp_path: Path) -> None:
    counts = json.loads(run("2023", "2024", "--format", "json")[1])["counts"]
    names = {"figures": "数字", "wording": "文字", "layout": "版式"}
    line = "，".join(f"{names[layer]} {counts[layer]} 处" for layer in names)
    line += f"，提醒 {counts['warnings']} 条"
    target = tmp_path / "redline.docx"
    run("2023", "2024", "--format", "docx", "--out", str(target))
    said = {name: run("2023", "2024", "--format", name)[1] for name in ("text", "markdown", "html")}
    said["docx"] = part(target.read_bytes(), "docProps/core.xml").decode()
    assert [name for name, text in said.items() if line not in text] == []
    assert said["html"].count("data-kind=") == sum(counts.values())
    told = len(json.loads(run("2023", "2024", "--format", "json")[1])["summary"])
    under = said["html"].count('class="under"')
    listed = sum(counts.values()) - under - sum(folded_in(said["html"]))
    assert len(re.findall(r"^  (?! )", said["text"], re.MULTILINE)) == told + listed
    rows = re.findall(r"^(?:\| (?!类别)|- \*\*)", said["markdown"], re.MULTILINE)
    assert len(rows) == told + listed + under
    assert folded_in(said["text"]) == folded_in(said["markdown"]) == folded_in(said["html"])


def folded_in(report: str) -> list[int]:
    """How many figures stand with another, entry by entry."""
    return [int(number) for number in re.findall(r"数额相同的还有 (\d+) 处", report)]


@pytest.mark.office
def test_a_save_in_libreoffice_changes_nothing(
    run: Run, office_folder: Path, tmp_path: Path
) -> None:
    require_uno()
    files = [(office_folder / f"{name}.docx").read_bytes() for name in ("ours", "foreign")]
    saved = resolved_by_office([(content, AS_IT_IS) for content in files], tmp_path)
    for name, content in zip(("ours", "foreign"), saved, strict=True):
        target = tmp_path / f"{name}-saved.docx"
        target.write_bytes(content)
        code, said, _ = run(f"{name}.docx", str(target))
        assert "数字 0 处，文字 0 处，版式 0 处" in said
        assert code == SAME
