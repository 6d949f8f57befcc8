"""`reconcile` on the command line: dry by default, what --write changes, where it writes."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

import pytest
from docx_editing import Edit, Editable
from reconcile_desk import ROOT, Desk, texts

from generator.__main__ import main
from generator.build import build_unit
from generator.document import Document
from generator.load.budget import load_budget
from generator.writers.docx.document import write_docx
from generator.writers.evidence import write_model

DEFINITIONS = "henan/narrative/40-definitions.txt"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def run(desk: Desk, content: bytes, *more: str) -> int:
    file = desk.folder / "改过.docx"
    file.write_bytes(content)
    folders = [f"--{name}={desk.folder / name}" for name in ("data", "templates", "out")]
    return main(["reconcile", str(file), *folders, *more])


def reworded(desk: Desk) -> bytes:
    edits = (
        desk.edit("三、事业收入：", "不包括", "不含"),
        desk.edit("公务接待费2.5", "因此增加预算", "故增加预算"),
        desk.edit("2023年收入合计", "832.3", "833.3"),
    )
    return desk.editable.edited(*edits)


def reworded_in(content: bytes, paragraph: str, old: str, new: str) -> bytes:
    editable = Editable(content)
    number = max(n for n, text in enumerate(editable.texts) if paragraph in text)
    start = editable.texts[number].index(old)
    return editable.edited(Edit(number, start, start + len(old), new))


def texts_without_contents(content: bytes) -> list[str]:
    return [text for text in Editable(content).texts if "\t" not in text]


def changed_files(desk: Desk, before: dict[str, bytes]) -> dict[str, tuple[bytes, bytes]]:
    after = desk.contents()
    return {
        name: (before.get(name, b""), after[name])
        for name in after
        if before.get(name) != after[name]
    }


def test_nothing_to_bring_back(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(desk, desk.docx, "--write", "--to", "模板") == 0
    assert "没有要收回的改动" in capsys.readouterr().out


def test_without_write_nothing_is_written(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    before = desk.contents()
    assert run(desk, reworded(desk)) == 1
    assert desk.contents() == before
    said = capsys.readouterr()
    assert f"{DEFINITIONS}:7（模板）" in said.out
    assert "2023/reasons.yaml:16（数据）" in said.out
    assert "2023/revenue.yaml:3、2023/revenue.yaml:4" in said.out
    assert "这是试运行" in said.err


def test_a_shared_template_is_not_written_before_somebody_chose(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = desk.contents()
    assert run(desk, reworded(desk), "--write") == 2
    assert desk.contents() == before
    assert "--to 模板" in capsys.readouterr().err


def test_write_changes_the_words_and_no_other_byte(desk: Desk) -> None:
    before = desk.contents()
    assert run(desk, reworded(desk), "--write", "--to", "模板") == 1
    changed = changed_files(desk, before)
    words = {
        f"templates/{DEFINITIONS}": ("所取得的收入，不包括", "所取得的收入，不含"),
        "data/2023/reasons.yaml": ("因此增加预算", "故增加预算"),
    }
    assert changed.keys() == words.keys()
    for name, (old, new) in changed.items():
        one, other = (word.encode() for word in words[name])
        assert new == old.replace(one, other)
    # What is built now reads as it was edited, but for the figure.
    edited = texts_without_contents(reworded(desk))
    built = write_docx(desk.build().document, desk.built.place.style)
    assert texts_without_contents(built) == [text.replace("833.3", "832.3") for text in edited]


def test_a_source_that_another_program_has_open_stays(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, replace = desk.contents(), Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "reasons.yaml":
            raise PermissionError(errno.EACCES, "", str(self), None, str(target))
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        assert run(desk, reworded(desk), "--write", "--to", "模板") == 2
    assert "什么也没有写。" in capsys.readouterr().err
    assert desk.contents() == before


def test_windows_line_ends_and_comments_stay(desk: Desk) -> None:
    for name in (f"templates/{DEFINITIONS}", "data/2023/reasons.yaml"):
        file = desk.folder / name
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    before = desk.contents()
    assert run(desk, reworded(desk), "--write", "--to", "模板") == 1
    for old, new in changed_files(desk, before).values():
        assert new.count(b"\r\n") == old.count(b"\r\n") == new.count(b"\n")


def test_this_year_needs_a_folder_of_its_own(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = desk.contents()
    assert run(desk, reworded(desk), "--write", "--to", "本年") == 2
    assert desk.contents() == before
    said = capsys.readouterr().err
    assert "沿用: henan" in said
    assert "模板: 159-2023" in said


def own_folder(desk: Desk) -> None:
    """What the message above says to do."""
    own = desk.templates / "159-2023"
    own.mkdir()
    (own / "place.yaml").write_text("沿用: henan\n", encoding="utf-8")
    department = desk.data / "2023/department.yaml"
    text = department.read_text(encoding="utf-8")
    department.write_text(
        text.replace("年度: 2023", "年度: 2023\n模板: 159-2023"), encoding="utf-8"
    )


def test_this_year_gets_its_own_copy_of_the_changed_file(desk: Desk) -> None:
    own_folder(desk)
    before = desk.contents()
    assert run(desk, reworded(desk), "--write", "--to", "本年") == 1
    changed = changed_files(desk, before)
    assert changed.keys() == {
        "templates/159-2023/narrative/40-definitions.txt",
        "data/2023/reasons.yaml",
    }
    built = desk.build()
    assert "不含教育收费" in _text(built.document)
    # What is edited next goes into the copy, and needs no choice any more.
    content = write_docx(built.document, built.place.style)
    before = desk.contents()
    assert run(desk, reworded_in(content, "八、项目支出：", "是指", "指"), "--write") == 1
    assert list(changed_files(desk, before)) == ["templates/159-2023/narrative/40-definitions.txt"]


def test_a_folder_that_another_year_uses_too_is_shared(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    own_folder(desk)
    (desk.data / "2021").mkdir()
    (desk.data / "2021/department.yaml").write_text("模板: 159-2023\n", encoding="utf-8")
    before = desk.contents()
    assert run(desk, reworded(desk), "--write", "--to", "本年") == 2
    assert desk.contents() == before
    assert "2021/department.yaml 也用它" in capsys.readouterr().err


def test_who_else_uses_a_file_is_said_before_it_is_written(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(desk, reworded(desk)) == 1
    assert "用 henan 的部门都跟着变" not in capsys.readouterr().err
    own_folder(desk)
    for options in ((), ("--write", "--to", "模板")):
        assert run(desk, reworded(desk), *options) == 1
        said = capsys.readouterr().err
        assert f"{DEFINITIONS} 是 159-2023 沿用 henan 的，改了它，用 henan 的部门都跟着变" in said


def test_what_is_shipped_is_not_written_from_a_folder_of_own_templates(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    content = reworded(desk)
    shutil.rmtree(desk.templates / "henan")
    before = (ROOT / "templates" / DEFINITIONS).read_bytes()
    assert run(desk, content, "--write", "--to", "模板") == 2
    assert f"{DEFINITIONS} 是程序随附的模板" in capsys.readouterr().err
    assert (ROOT / "templates" / DEFINITIONS).read_bytes() == before
    shutil.copytree(ROOT / "templates/henan", desk.templates / "henan")
    assert run(desk, content, "--write", "--to", "模板") == 1


def test_a_file_built_before_the_amounts_changed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "out/2023").mkdir(parents=True)
    (desk.folder / "out/2023/model.json").write_bytes(write_model(desk.built.document))
    for name, old, new in (
        ("expenditure", "金额: 838200.00", "金额: 848200.00"),
        ("revenue", "3414550.00", "3424550.00"),
    ):
        file = desk.data / f"2023/{name}.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
    content = desk.editable.edited(
        desk.edit("2023年收入合计", "，其中：", "，包括："),
        desk.edit("2023年支出合计", "，占74.6", "，约占74.6"),
    )
    before = desk.contents()
    assert run(desk, content, "--write", "--to", "模板") == 1
    assert list(changed_files(desk, before)) == ["templates/henan/narrative/30-explanation.txt"]
    assert "年收入合计833.3万元，包括：" in _text(desk.build().document)
    assert "改了程序算出的内容" not in capsys.readouterr().out


def test_a_text_that_changed_since_the_file_was_built(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "out/2023").mkdir(parents=True)
    (desk.folder / "out/2023/model.json").write_bytes(write_model(desk.built.document))
    file = desk.templates / DEFINITIONS
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("开展专业活动", "从事专业活动"), encoding="utf-8")
    before = desk.contents()
    assert run(desk, reworded(desk), "--write", "--to", "模板") == 1
    assert list(changed_files(desk, before)) == ["data/2023/reasons.yaml"]
    assert "在生成这份文件以后改过" in capsys.readouterr().out


def test_a_unit_s_own_file(desk: Desk) -> None:
    loaded = load_budget(desk.data, 2023)
    unit = loaded.budget.department.units[1]
    built = build_unit(loaded, unit, desk.data, desk.templates)
    content = write_docx(built.document, built.place.style)
    assert run(desk, content) == 0
    before = desk.contents()
    edited = reworded_in(content, "三、事业收入：", "不包括", "不含")
    assert run(desk, edited, "--write", "--to", "模板") == 1
    assert list(changed_files(desk, before)) == [f"templates/{DEFINITIONS}"]


def test_json_says_the_same(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(desk, reworded(desk), "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert [patch["accepted"] for patch in found["patches"]] == [True, True]
    assert [hunk["file"] for patch in found["patches"] for hunk in patch["hunks"]] == [
        "2023/reasons.yaml",
        DEFINITIONS,
    ]
    assert [(f["name"], f["after"]) for f in found["figures"]] == [("收入总计", "833.3万元")]
    assert found["conflicts"] == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text" * 100])
def test_an_unusable_file(desk: Desk, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    before = desk.contents()
    assert run(desk, content, "--write", "--to", "模板", "--year", "2023") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert run(desk, content, "--json", "--year", "2023") == 2
    assert json.loads(capsys.readouterr().out)["usable"] is False
    assert desk.contents() == before


def test_wrong_data_are_named(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.data / "2023/revenue.yaml").write_text("[", encoding="utf-8")
    assert run(desk, desk.docx) == 2
    assert "check 2023" in capsys.readouterr().err


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile", "--help"]) == 0
    assert "领导改过的 Word 文件" in capsys.readouterr().out


def _text(document: Document) -> str:
    return "\n".join(texts(document))
