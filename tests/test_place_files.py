"""The files of a place: what is damaged, misnamed or left over is reported, and the rest checked."""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from docx_sample import STYLE, part, with_part

from generator.__main__ import main
from generator.narrative.place_loading import load_place
from generator.problems import ERROR, WARNING, Problem, ProblemsFound
from generator.writers.docx.style_check import problems_of_style

ROOT = Path(__file__).resolve().parents[1]
EXPLANATION = "narrative/30-explanation.txt"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "templates/henan", tmp_path / "henan")


def problems_of(place: Path) -> tuple[Problem, ...]:
    try:
        return load_place(place.parent, place.name).warnings
    except ProblemsFound as error:
        return error.problems


def found(place: Path) -> set[tuple[str, str]]:
    return {(problem.place.path, problem.rule) for problem in problems_of(place)}


def damaged(pattern: str, new: str, name: str = "document") -> bytes:
    xml, count = re.subn(pattern, new, part(STYLE, f"word/{name}.xml").decode())
    assert count
    return with_part(STYLE, f"word/{name}.xml", xml.encode())


def encrypted() -> bytes:
    """The flag of encryption set on every entry of the archive."""
    content = bytearray(STYLE)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(signature), STYLE):
            struct.pack_into("<H", content, match.start() + offset, 1)
    return bytes(content)


def scrambled() -> bytes:
    """The packed bytes of an entry overwritten: zlib's own error."""
    start = STYLE.index(b"word/document.xml") + len(b"word/document.xml")
    return STYLE[:start] + b"\xff" * 40 + STYLE[start + 40 :]


def undeclared_styles() -> bytes:
    """The part of the styles is there, but nothing says that it is one."""
    types = part(STYLE, "[Content_Types].xml").decode()
    changed, count = re.subn('[^"]*styles\\+xml', "application/xml", types)
    assert count
    return with_part(STYLE, "[Content_Types].xml", changed.encode())


@pytest.mark.parametrize(
    ("style", "rule", "words"),
    [
        (b"", "style-unreadable", "文件是空的"),
        (b"text", "style-unreadable", "不是 .docx 文件"),
        (b"\xd0\xcf\x11\xe0 old", "style-unreadable", "像旧的 .doc 文件，或加了密码"),
        (STYLE[:5000], "style-unreadable", "文件不完整"),
        (scrambled(), "style-unreadable", "样式文件打不开：文件"),
        (undeclared_styles(), "style-unreadable", "内容不完整或已损坏"),
        (encrypted(), "style-unreadable", "加了密码"),
        (damaged('r:id="rIdfooter3"', 'r:id="rId999"'), "style-footer", "正文节缺少奇数页的页脚"),
        (damaged('w:w="11906"', 'w:w="11906.5"'), "style-page-size", "不是整数：11906.5"),
        (damaged('w:left="[0-9]+"', 'w:left="11000"'), "style-page-size", "放不下正文"),
        (damaged("<w:pgMar [^>]*/>", ""), "style-page-size", "没有页面大小或页边距"),
    ],
)
def test_a_damaged_style_file_is_a_problem_of_the_place(
    place: Path, style: bytes, rule: str, words: str
) -> None:
    (place / "style.docx").write_bytes(style)
    problems = problems_of(place)
    assert {(p.place.path, p.rule) for p in problems} == {("henan/style.docx", rule)}
    assert any(words in problem.message for problem in problems)
    assert all(problem.hint for problem in problems)


def test_every_cut_of_a_style_file_is_a_problem() -> None:
    for length in range(0, len(STYLE), 997):
        assert problems_of_style(STYLE[:length], "henan/style.docx")


def make_folder(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.mkdir()


def link_nowhere(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.symlink_to("/nowhere/at/all")


def link_to_itself(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.symlink_to(file.name)


@pytest.mark.parametrize("spoil", [make_folder, link_nowhere, link_to_itself])
@pytest.mark.parametrize(
    "name", ["phrases.yaml", "style.docx", "narrative/99.txt", "tables/99.yaml"]
)
def test_what_is_no_file_is_reported_and_the_rest_checked(
    place: Path, spoil: Callable[[Path], None], name: str
) -> None:
    spoil(place / name)
    (place / "narrative/41.txt").write_text("收入总计5万元。\n", encoding="utf-8")
    assert found(place) == {
        (f"henan/{name}", "unreadable-file"),
        ("henan/narrative/41.txt", "typed-amount"),
    }


@pytest.mark.parametrize(
    ("name", "severity", "hint"),
    [
        ("narrative/41.TXT", ERROR, "改名为“41.txt”"),
        ("narrative/41.docx", WARNING, "名为“41.txt”"),
        ("narrative/README.md", WARNING, "不是模板就移出这个文件夹"),
        ("tables/03-expenditure.yml", ERROR, "改名为“03-expenditure.yaml”"),
        ("tables/03-expenditure.YAML", ERROR, "改名为“03-expenditure.yaml”"),
        ("tables/03-expenditure.yaml.txt", ERROR, "改名为“03-expenditure.yaml”"),
        ("phrase.yaml", ERROR, "是不是“phrases.yaml”？"),
        ("phrases.yml", ERROR, "是不是“phrases.yaml”？"),
        ("CONSTANTS.YAML", ERROR, "是不是“constants.yaml”？"),
        ("place.yaml.txt", ERROR, "是不是“place.yaml”？"),
        ("style - 副本 (2).docx", ERROR, "是不是“style.docx”？"),
        ("41-more.txt", WARNING, "要用就移进 narrative/"),
        ("README.md", WARNING, "移出模板文件夹"),
        ("LICENSE", WARNING, "移出模板文件夹"),
        ("notes.md", WARNING, "移出模板文件夹"),
        ("说明.docx", WARNING, "移出模板文件夹"),
    ],
)
def test_only_a_name_near_a_known_one_is_an_error(
    place: Path, name: str, severity: str, hint: str
) -> None:
    (place / name).write_text("甲\n", encoding="utf-8")
    (problem,) = problems_of(place)
    assert (problem.rule, problem.place.path) == ("unknown-file", f"henan/{name}")
    assert problem.severity == severity
    assert hint in problem.hint


@pytest.mark.parametrize(
    "name", ["phrases.yaml", "constants.yaml", "tables/03-expenditure.yaml", EXPLANATION]
)
def test_a_line_in_another_encoding_is_not_shown_as_noise(place: Path, name: str) -> None:
    file = place / name
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    (problem,) = (p for p in problems_of(place) if p.place.path == f"henan/{name}")
    assert (problem.rule, problem.excerpt) == ("not-utf-8", "")


@pytest.mark.parametrize(
    ("name", "severity"), [("table", ERROR), ("Narrative ", ERROR), ("备份", WARNING)]
)
def test_a_folder_of_another_name_is_reported(place: Path, name: str, severity: str) -> None:
    (place / name).mkdir()
    (problem,) = problems_of(place)
    assert (problem.rule, problem.place.path) == ("unknown-file", f"henan/{name}")
    assert problem.severity == severity


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_file_without_meaning_is_told_and_stops_nothing(
    place: Path, tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "README.md").write_text("甲\n", encoding="utf-8")
    arguments = [command, "2023", "--data", str(ROOT / "data"), "--templates", str(place.parent)]
    if command == "build":
        arguments += ["--out", str(tmp_path / "out"), "--formats", "txt"]
    assert main(arguments) == 0
    told = "".join(capsys.readouterr())
    assert "henan/README.md: 警告：" in told
    assert "[unknown-file]" in told


def test_a_file_without_meaning_does_not_stand_for_templates(place: Path) -> None:
    for file in (place / "narrative").iterdir():
        file.unlink()
    (place / "narrative/README.md").write_text("甲\n", encoding="utf-8")
    assert ("henan/narrative/", "missing-file") in found(place)


def test_what_programs_leave_behind_is_neither_read_nor_reported(place: Path) -> None:
    for name in ("~$30.txt", "._30-explanation.txt", ".DS_Store", "Thumbs.db", "30.txt.bak"):
        (place / "narrative" / name).write_bytes(b"\x00\xff {{")
    assert problems_of(place) == ()


@pytest.mark.parametrize("copy", [" - 副本", " - 副本 (2)", " copy", " 副本", "(1)", "（复件）"])
def test_a_copy_beside_its_file_is_reported_once(place: Path, copy: str) -> None:
    file = place / EXPLANATION
    shutil.copy(file, file.with_stem(file.stem + copy))
    name = f"henan/narrative/30-explanation{copy}.txt"
    assert found(place) == {(name, "copied-file")}


def test_a_part_in_two_files_is_reported(place: Path) -> None:
    shutil.copy(place / EXPLANATION, place / "narrative/31-new.txt")
    (problem,) = problems_of(place)
    assert (problem.rule, str(problem.place)) == ("part-twice", "henan/narrative/31-new.txt:1:1")


@pytest.mark.parametrize("minus", ["", "-"])
@pytest.mark.parametrize("tag", ["if 三公经费", "for 科目 in 支出功能科目"])
def test_a_part_that_may_not_be_printed_is_not_in_two_files(
    place: Path, tag: str, minus: str
) -> None:
    end = f"end{tag.partition(' ')[0]}"
    branch = f"{{# endif、endfor 在下面 #}}\n\n# 多印的部分\n\n甲。\n{{%{minus} {end} %}}\n"
    for name in ("61.txt", "62.txt"):
        text = f"{{%{minus} {tag} %}}\n{branch}"
        (place / "narrative" / name).write_text(text, encoding="utf-8")
    assert "part-twice" not in {rule for _, rule in found(place)}


@pytest.mark.parametrize(
    "comment", ["{# {% if 三公经费 %} #}", "{#\n{% for %}\n#}", "{# # 乙 #}\n"]
)
def test_a_part_below_a_comment_is_in_two_files(place: Path, comment: str) -> None:
    for name in ("61.txt", "62.txt"):
        text = f"{comment}# 多印的部分\n\n甲。\n"
        (place / "narrative" / name).write_text(text, encoding="utf-8")
    (problem,) = problems_of(place)
    line = comment.count("\n") + 1
    assert (problem.rule, str(problem.place)) == ("part-twice", f"henan/narrative/62.txt:{line}:1")


def test_a_heading_in_a_comment_is_no_part(place: Path) -> None:
    for name in ("61.txt", "62.txt"):
        (place / "narrative" / name).write_text("甲。\n\n{#\n# 旧的部分\n#}\n", encoding="utf-8")
    assert problems_of(place) == ()


WRITTEN = {
    "tables/03-expenditure.yaml": ("# 还没有写\n", "empty-file"),
    "tables/02-revenue.yaml": ("标题: [", "yaml-syntax"),
    "phrases.yaml": ("句式: [", "yaml-syntax"),
    "constants.yaml": ("- 甲\n", "wrong-shape"),
    "place.yaml": ("沿用: henan\n", "inherits-itself"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_of_a_place_that_cannot_be_used_is_named(place: Path, name: str) -> None:
    content, rule = WRITTEN[name]
    (place / name).write_text(content, encoding="utf-8")
    assert (f"henan/{name}", rule) in found(place)


@pytest.mark.parametrize("name", ["phrases.yaml", "constants.yaml", "style.docx"])
def test_a_file_that_a_place_must_have_is_missed(place: Path, name: str) -> None:
    (place / name).unlink()
    assert found(place) == {(f"henan/{name}", "missing-file")}


def test_a_folder_s_place_is_not_taken_by_a_file(place: Path) -> None:
    shutil.rmtree(place / "tables")
    (place / "tables").write_text("", encoding="utf-8")
    (place / "place.yaml").mkdir()
    assert ("henan/place.yaml", "unreadable-file") in found(place)
    (place / "place.yaml").rmdir()
    assert ("henan/tables", "unknown-file") in found(place)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("基数名称:\n  上年年初预算: 预算\n", "基数名称:\n  前年预算: 预算\n", "unknown-key"),
        ("基数名称:\n  上年年初预算: 预算\n", "基数名称: 预算\n其他:\n", "missing-key"),
        ("  增加: 增加{差额}，", "  增加: 增加{差额}｛，", "bad-slot"),
    ],
)
def test_phrases_that_cannot_be_used_are_named(place: Path, old: str, new: str, rule: str) -> None:
    file = place / "phrases.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert ("henan/phrases.yaml", rule) in found(place)


def test_an_empty_template_is_doubted(place: Path) -> None:
    (place / EXPLANATION).write_text(" \n", encoding="utf-8")
    (problem,) = problems_of(place)
    assert (problem.rule, str(problem.place)) == ("empty-file", f"henan/{EXPLANATION}:1")
    assert problem.severity == WARNING
    (place / EXPLANATION).write_text("{# 不要这一部分 #}\n", encoding="utf-8")
    assert problems_of(place) == ()


@pytest.mark.parametrize(
    "name", ["30-explanation.docx", "30-explanation.txt.bak", "30-explanation.txt~"]
)
def test_a_template_of_another_name_is_the_cause_of_all_that_is_missing(
    place: Path, name: str
) -> None:
    file = place / EXPLANATION
    kept = file.read_bytes()
    file.rename(file.with_name(name))
    (problem,) = problems_of(place)
    assert (problem.rule, problem.severity) == ("unknown-file", ERROR)
    assert problem.place.path == f"henan/narrative/{name}"
    assert "30-explanation.txt" in problem.hint
    file.write_bytes(kept)
    assert {p.severity for p in problems_of(place)} <= {WARNING}


def test_a_backup_in_a_place_that_inherits_is_left_alone(place: Path) -> None:
    own = place.with_name("own")
    (own / "narrative").mkdir(parents=True)
    (own / "place.yaml").write_text("沿用: henan\n", encoding="utf-8")
    shutil.copy(place / EXPLANATION, own / "narrative/30-explanation.txt.bak")
    assert problems_of(own) == ()
