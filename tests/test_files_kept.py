"""Nothing of other people is lost, nothing leaves its folder, and trouble with files is one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.commands.common import guarded
from generator.commands.output import FAILURE_NOTE, Locked, Replaced, write_all
from generator.load.budget import load_budget
from generator.problems import Problem, ProblemsFound

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def rules_of(data: Path) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        load_budget(data, 2023)
    return [problem.rule for problem in found.value.problems]


# Files that people changed


def test_an_edited_file_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    assert write_all(tmp_path, {"甲.docx": b"1", "甲.txt": b"1"}) == Replaced()
    (tmp_path / "甲.docx").write_bytes(b"edited")
    replaced = write_all(tmp_path, {"甲.docx": b"2", "甲.txt": b"2"})
    assert replaced == Replaced((("甲.docx", "甲（改过的1）.docx"),), ())
    (tmp_path / "甲.docx").write_bytes(b"again")
    assert write_all(tmp_path, {"甲.txt": b"3"}).kept == (("甲.docx", "甲（改过的2）.docx"),)
    assert (tmp_path / "甲（改过的1）.docx").read_bytes() == b"edited"
    assert (tmp_path / "甲（改过的2）.docx").read_bytes() == b"again"
    assert names_in(tmp_path) == {"甲.txt", "甲（改过的1）.docx", "甲（改过的2）.docx"}


def test_what_goes_is_named(tmp_path: Path) -> None:
    write_all(tmp_path, {"甲.docx": b"1", "甲.html": b"1"})
    replaced = write_all(tmp_path, {"甲.html": b"1"})
    assert replaced == Replaced((), ("甲.docx",))
    assert list(replaced.lines()) == ["已删除上次的：甲.docx（这次没有生成）"]


def test_what_is_put_aside_stays_as_long_as_it_is_asked_for(tmp_path: Path) -> None:
    """A file that people changed is kept as such, whatever it was to be called."""

    def aside(name: str) -> str:
        return "" if "草稿" in name else "甲（旧稿）.docx"

    write_all(tmp_path, {"甲.docx": b"1"})
    replaced = write_all(tmp_path, {"甲（草稿）.docx": b"2"}, aside=aside)
    assert replaced == Replaced(aside=(("甲.docx", "甲（旧稿）.docx"),))
    first = (tmp_path / "甲（旧稿）.docx").stat()
    assert write_all(tmp_path, {"甲（草稿）.docx": b"3"}, aside=aside) == Replaced()
    assert (tmp_path / "甲（旧稿）.docx").read_bytes() == b"1"
    assert (tmp_path / "甲（旧稿）.docx").stat() == first  # Word may have it open
    (tmp_path / "甲（旧稿）.docx").write_bytes(b"edited")
    replaced = write_all(tmp_path, {"甲（草稿）.docx": b"4"}, aside=aside)
    assert replaced == Replaced((("甲（旧稿）.docx", "甲（旧稿）（改过的1）.docx"),))
    write_all(tmp_path, {"甲.docx": b"5"})
    (tmp_path / "甲.docx").write_bytes(b"edited")
    assert write_all(tmp_path, {"甲（草稿）.docx": b"6"}, aside=aside).aside == ()
    kept = {"甲（改过的1）.docx", "甲（旧稿）（改过的1）.docx"}
    assert names_in(tmp_path) == {"甲（草稿）.docx", *kept}


def test_files_of_another_department_stay(tmp_path: Path) -> None:
    first = {"甲.docx": b"1", "甲.txt": b"1", "model.json": b"1"}
    assert write_all(tmp_path, first, owner="159") == Replaced()
    second = {"乙.docx": b"2", "model.json": b"2"}
    replaced = write_all(tmp_path, second, owner="301")
    assert replaced == Replaced((), (), ("model.json",))
    assert "其中 model.json 换成了这个部门的" in "".join(replaced.lines())
    assert names_in(tmp_path) == {*first, *second}
    assert write_all(tmp_path, {"乙.txt": b"2"}, owner="301").removed == ("model.json", "乙.docx")
    (tmp_path / "甲.txt").write_bytes(b"edited")
    replaced = write_all(tmp_path, {"甲（草稿）.docx": b"3"}, owner="159")
    assert replaced == Replaced((("甲.txt", "甲（改过的1）.txt"),), ("甲.docx",))
    assert names_in(tmp_path) == {"乙.txt", "甲（草稿）.docx", "甲（改过的1）.txt"}


def test_a_note_without_owners_is_anybodys(tmp_path: Path) -> None:
    write_all(tmp_path, {"甲.docx": b"1"})
    note = json.loads((tmp_path / ".written.json").read_bytes())
    (tmp_path / ".written.json").write_text(json.dumps(note[""]), "utf-8")
    assert write_all(tmp_path, {"甲.txt": b"1"}, owner="159") == Replaced((), ("甲.docx",))
    assert write_all(tmp_path, {"甲.txt": b"2"}, owner="159") == Replaced()


@pytest.mark.parametrize("note", [b"{", b"\xff\xfe", b"3", b'["x"]', b"[" * 100_000])
def test_a_damaged_note_of_what_was_written_is_none(tmp_path: Path, note: bytes) -> None:
    write_all(tmp_path, {"甲.docx": b"1"})
    (tmp_path / ".written.json").write_bytes(note)
    assert write_all(tmp_path, {"甲.docx": b"2"}).kept == (("甲.docx", "甲（改过的1）.docx"),)
    assert len(json.loads((tmp_path / ".written.json").read_bytes())) == 1


def test_a_failure_puts_the_edited_file_back(tmp_path: Path) -> None:
    write_all(tmp_path, {"甲.docx": b"1"})
    (tmp_path / "甲.docx").write_bytes(b"edited")
    (tmp_path / "b").write_bytes(b"a file where a folder should be")
    with pytest.raises(OSError, match="b"):
        write_all(tmp_path, {"甲.docx": b"2", "b/c": b"2"})
    assert (tmp_path / "甲.docx").read_bytes() == b"edited"
    assert names_in(tmp_path) == {"甲.docx", "b"}


def test_a_folder_in_the_way_of_a_file_is_not_taken_away(tmp_path: Path) -> None:
    write_all(tmp_path, {"甲.docx": b"1", "甲.html": b"1"})
    (tmp_path / "甲.txt").mkdir()
    (tmp_path / "甲.txt/别人的").write_bytes(b"kept")
    with pytest.raises((OSError, Locked)):
        write_all(tmp_path, {"甲.docx": b"2", "甲.txt": b"2"})
    assert (tmp_path / "甲.docx").read_bytes() == b"1"
    assert (tmp_path / "甲.txt/别人的").read_bytes() == b"kept"
    assert names_in(tmp_path) == {"甲.docx", "甲.html", "甲.txt"}
    assert [path.name for path in tmp_path.glob(".*")] == [".written.json"]


def test_a_build_says_what_it_kept(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["build", "2023", "--data", str(data), "--out", str(tmp_path / "out"), "--no-pages"]
    assert main(words) == 0
    (file,) = (tmp_path / "out/2023").glob("*.txt")
    file.write_text("领导改的", "utf-8")
    capsys.readouterr()
    assert main([*words, "--formats", "html"]) == 0
    said = capsys.readouterr().err
    assert f"{file.name} 不是上次生成的样子" in said
    assert f"已删除上次的：{file.stem}.docx" in said
    assert (tmp_path / f"out/2023/{file.stem}（改过的1）.txt").read_text("utf-8") == "领导改的"


# Names that lead elsewhere


@pytest.mark.parametrize("name", ["../甲.txt", "甲/../../乙", "/tmp/甲"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="leave the folder"):
        write_all(tmp_path / "out", {name: b"1"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../../escaped/甲局", "甲\\乙局", "甲:局", "甲*局", "甲|局", '"甲?"']
)
@pytest.mark.parametrize("whose", ["部门名称: ", '{代码: "159002", 名称: '])
def test_a_name_that_no_file_can_have_is_refused(data: Path, name: str, whose: str) -> None:
    file = data / "2023/department.yaml"
    text = file.read_text("utf-8")
    before, found, after = text.partition(whose)
    assert found
    end = min(after.index(sign) for sign in ",\n" if sign in after)
    quoted = "'" + name + "'"
    file.write_text(f"{before}{found}{quoted}{after[end:]}", "utf-8")
    assert rules_of(data) == ["bad-name"]


def test_a_unit_code_names_no_other_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_all(out / "2023", {"甲.txt": b"1"})
    (out / "2023/units").mkdir()
    words = ["build", "2023", "--out", str(out), "--no-pages"]
    assert main([*words, "--unit", "../..//2023"]) == 2
    assert not (out / "2023" / FAILURE_NOTE).exists()


@pytest.mark.parametrize("escape", ["\\u200b", "\\u202e", "\\n", "\\x07", "\\t", "e\\u0301"])
def test_an_escape_writes_no_forbidden_character(data: Path, escape: str) -> None:
    file = data / "2023/reasons.yaml"
    number = len(file.read_text("utf-8").split("\n"))
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f'- {{指标: 收入总计, 原因: "甲{escape}乙"}}\n')
    with pytest.raises(ProblemsFound) as found:
        load_budget(data, 2023)
    (problem,) = found.value.problems
    assert problem.rule in ("invisible-character", "not-normalised")
    assert (problem.place.path, problem.place.line) == ("2023/reasons.yaml", number)
    assert problem.place.column > 10


# Trouble with files


def test_trouble_with_files_is_one_chinese_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    year = ["2023", "--data", str(data)]
    (data / "2023/assets.yaml").unlink()
    for words in (
        ["build", *year, "--out", str(tmp_path / "file"), "--no-pages"],
        ["schema", "--out", str(tmp_path / "file")],
        ["schema", "--out", str(tmp_path / "file/below")],
    ):
        assert main(words) == 2
        assert capsys.readouterr().err.splitlines()[-1].startswith("读写文件没有成功：")
    (data / "2023/assets.yaml").mkdir()
    assert main(["check", *year]) == 1
    assert "2023/assets.yaml: 错误：这是文件夹" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["data", "templates"])
def test_trouble_with_inputs_is_told_from_their_folder(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Chinese, no path of this machine, JSON where it is asked for, old results marked as old."""
    file = tmp_path / folder / "2023/某.yaml"
    file.mkdir(parents=True)
    failed: list[Problem] = []
    for as_json in (False, True):
        arguments = Namespace(
            data=tmp_path / "data", templates=tmp_path / "templates", json=as_json
        )
        assert guarded(arguments, lambda: len(file.read_bytes()), failed.extend) == 2
    shown = capsys.readouterr()
    told = "2023/某.yaml：这是一个文件夹，不是文件"
    assert shown.err == f"读写文件没有成功：{told}\n"
    (problem,) = json.loads(shown.out)
    assert f"{problem['file']}：{problem['message']}" == told
    assert [str(found.place) for found in failed] == ["2023/某.yaml"] * 2


def test_trouble_elsewhere_keeps_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failed: list[Problem] = []
    loop = tmp_path / "绕"
    loop.symlink_to(loop)
    arguments = Namespace(data=tmp_path / "data", json=False)
    assert guarded(arguments, lambda: len(loop.read_bytes()), failed.extend) == 2
    assert capsys.readouterr().err == f"读写文件没有成功：{loop}：这个链接绕了一圈又指回自己\n"
    assert failed == []


@pytest.mark.parametrize("words", [("why", "2023", "三公经费"), ("build", "2023")])
def test_a_python_without_the_environment_is_told_what_to_run(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "generator", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert f"python start.py {' '.join(words)}\n" in done.stderr
    assert "Traceback" not in done.stderr


# Codes of a place


def local_csv(data: Path, encoding: str) -> None:
    content = "kind,code,name,document\nfunction,2010377,某某事务,某财预〔2023〕1号\n"
    file = data / "catalogue/2023/local.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_local_codes_alone_add_to_the_shipped_edition(data: Path, encoding: str) -> None:
    shutil.rmtree(data / "catalogue")
    local_csv(data, encoding)
    catalogue = load_budget(data, 2023).catalogue
    assert catalogue.function_name("2010377") == "某某事务"
    assert catalogue.function_name("2010301") == "行政运行"


def test_local_codes_saved_by_excel_are_a_problem_with_a_hint(data: Path) -> None:
    local_csv(data, "gbk")
    with pytest.raises(ProblemsFound) as found:
        load_budget(data, 2023)
    (problem,) = found.value.problems
    assert (problem.rule, str(problem.place)) == ("not-utf-8", "catalogue/2023/local.csv:2")
    assert "UTF-8" in problem.hint


def test_one_department_does_not_stop_a_batch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "甲乙丙":
        shutil.copytree(ROOT / "data", tmp_path / name)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/甲").write_text("a file where a folder is to be")
    local_csv(tmp_path / "乙", "gbk")
    roots = [str(tmp_path / name) for name in "甲乙丙"]
    words = ["batch", *roots, "--out", str(tmp_path / "out"), "--formats", "txt", "--jobs", "1"]
    assert main(words) == 1
    out = capsys.readouterr().out
    assert "完成　　　1" in out
    assert "有错　　　2" in out
    assert "没有做完" in out
    assert "Errno" not in out
    assert [path.parts[-3] for path in (tmp_path / "out").glob("*/2023/*.txt")] == ["丙"]
