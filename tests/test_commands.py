"""The commands as they are called: what they print for programs, and what stops them kindly."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import shutil
import socket
from pathlib import Path

import pytest
from departments import random_department, write_department

from generator.__main__ import COMMANDS, main
from generator.figures.definitions import DEFINITIONS
from generator.narrative.vocabulary import FILTERS, LISTS, TESTS, TEXTS

ROOT = Path(__file__).resolve().parents[1]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


def code_of(*words: str) -> int:
    return main(list(words))


def test_without_a_command_they_are_listed(capsys: Capture) -> None:
    assert code_of("--help") == 0
    listed = capsys.readouterr().out
    assert all(f"  {name} " in listed for name in COMMANDS)
    assert code_of() == 2
    assert capsys.readouterr().err == listed
    assert code_of("biuld", "2023") == 2
    assert capsys.readouterr().err == f"没有“biuld”这个命令。\n{listed}"


@pytest.mark.parametrize("year", ["23", "二〇二三", "20230"])
def test_a_year_has_four_digits(year: str, capsys: Capture) -> None:
    assert code_of("build", year) == 2
    assert f"“{year}”不是四位年份" in capsys.readouterr().err


def test_figures_are_listed_for_people_and_for_programs(capsys: Capture) -> None:
    names = [definition.name for definition in DEFINITIONS]
    assert code_of("figures", "2023", "--json") == 0
    parts = json.loads(capsys.readouterr().out)
    assert list(parts) == ["指标", "文字", "清单", "写法", "判断"]
    vocabulary = [name for part in parts.values() for name in (line["名称"] for line in part)]
    assert {*LISTS, *FILTERS, *TESTS} <= {*vocabulary}
    listed = parts["指标"]
    assert [figure["名称"] for figure in listed] == names
    total = listed[names.index("收入总计")]
    assert list(total.values())[1:6] == ["832.3", "650.1", "增加182.2", "28%", "万元"]
    assert code_of("figures", "2023", "--csv") == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[: 1 + len(listed)] == [list(total), *(list(figure.values()) for figure in listed)]
    assert [row[0] for row in rows[1:]] == vocabulary
    assert code_of("figures", "2023") == 0
    line = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("收入总计 "))
    assert line.split()[:6] == ["收入总计", "832.3", "650.1", "增加182.2", "28%", "万元"]


def test_the_texts_a_template_may_print_are_listed_too(tmp_path: Path, capsys: Capture) -> None:
    constants = [("通用设备单价起点", "50万元"), ("专用设备单位价值起点", "100万元")]
    shutil.copytree(ROOT / "templates", tmp_path, dirs_exist_ok=True)
    words = ("figures", "2023", "--templates", str(tmp_path))
    assert code_of(*words, "--json") == 0
    texts = json.loads(capsys.readouterr().out)["文字"]
    assert [text["名称"] for text in texts] == [*TEXTS, *(name for name, _ in constants)]
    assert [text["含义"] for text in texts[: len(TEXTS)]] == list(TEXTS.values())
    value_by_name = {text["名称"]: text["今年"] for text in texts}
    assert value_by_name.items() >= {("年", "2023"), ("公布日期", "2023年2月24日"), *constants}
    assert value_by_name["有尾差"] == "（生成时才知道）"
    assert code_of(*words) == 0
    part = capsys.readouterr().out.partition("\n\n文字：")[2].splitlines()
    assert part[3].split() == ["上年", "2022", "上一年度，如", "2022"]
    (tmp_path / "henan/phrases.yaml").write_text("变动: 坏了\n", encoding="utf-8")
    assert code_of(*words, "--json") == 0  # whoever mends a template looks for a name here
    shown = capsys.readouterr()
    texts = json.loads(shown.out)["文字"]
    assert [(text["名称"], text["今年"]) for text in texts][:2] == [("年", ""), ("上年", "")]
    assert shown.err == "模板里有错（check 列出），文字这次只列名称和含义。\n"


def test_figures_of_a_year_before_that_was_negative_or_owes(data: Path, capsys: Capture) -> None:
    facts = data / "2022/published/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    assert text.count("指标: 公务接待费, 数值: 2") == 1
    facts.write_text(
        text.replace("指标: 公务接待费, 数值: 2", "指标: 公务接待费, 数值: -2"), "utf-8"
    )
    revenue = data / "2023/revenue.yaml"
    owed = revenue.read_text(encoding="utf-8").replace("金额: 3414550.00", "金额: 待填")
    revenue.write_text(owed, encoding="utf-8")
    assert code_of("figures", "2023", "--json", "--data", str(data)) == 0
    listed = {figure["名称"]: figure for figure in json.loads(capsys.readouterr().out)["指标"]}
    assert listed["公务接待费"]["增减"] == "上年为负"
    assert listed["收入总计"]["今年"] == "待填"


def test_schemas_are_written(tmp_path: Path, capsys: Capture) -> None:
    assert code_of("schema", "--out", str(tmp_path)) == 0
    files = list(tmp_path.glob("*.schema.json"))
    assert capsys.readouterr().out == f"写了 {len(files)} 个 JSON Schema 文件到 {tmp_path}\n"
    assert all("properties" in file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("words", [("build", "2023"), ("build", "2023", "--all")])
def test_a_build_says_nothing_but_json_to_programs(
    words: tuple[str, ...], tmp_path: Path, capsys: Capture
) -> None:
    options = ["--no-pages", "--json", "--out", str(tmp_path)]
    assert code_of(*words, *options) == 0
    assert all(problem["severity"] != "错误" for problem in json.loads(capsys.readouterr().out))
    assert code_of(*words, *options, "--data", str(tmp_path)) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert problem["rule"] == "missing-year"


def test_drafts_among_all_units_are_named(data: Path, tmp_path: Path, capsys: Capture) -> None:
    reasons = data / "2023/reasons.yaml"
    lines = reasons.read_text(encoding="utf-8").splitlines(keepends=True)
    reasons.write_text("".join(x for x in lines if "指标: 公务接待费" not in x), encoding="utf-8")
    options = ["--no-pages", "--data", str(data), "--out", str(tmp_path / "out")]
    assert code_of("build", "2023", "--all", *options) == 1
    title = "平顶山市政务服务和大数据管理局2023年部门预算公开"
    assert f"草稿：{title}，还欠 1 处\n" in capsys.readouterr().out


def test_a_new_year_says_nothing_but_json_to_programs(data: Path, capsys: Capture) -> None:
    assert code_of("new", "2024", "--json", "--data", str(data)) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert (data / "2024/department.yaml").is_file()


def test_a_release_says_nothing_but_json_to_programs(tmp_path: Path, capsys: Capture) -> None:
    assert code_of("release", "2023", "--json", "--out", str(tmp_path)) == 0
    assert json.loads(capsys.readouterr().out) == []
    (file,) = tmp_path.glob("2023/*/*.docx")
    assert code_of("release", str(file), "--json", "--year", "2023") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert code_of("release", "2023", "--year", "2022") == 2
    assert capsys.readouterr().err == "年度写了两个：2023 和 --year 2022\n"


def test_a_port_that_is_taken(capsys: Capture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert code_of("preview", "2023", "--port", str(port), "--no-browser") == 2
    assert capsys.readouterr().err == f"端口 {port} 用不了，换一个，或者不写 --port。\n"
    assert code_of("preview", "2023", "--port", "99999", "--no-browser") == 2
    assert "“99999”不是端口，写 1024 到 65535 之间的数\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("build 2023 --all --unit 159001", "--unit: 不能同时写 --all"),
        ("publish 2023 --d 2023-02-24", "写得不全，认不出是哪个： --d 可能是 --data, --date, "),
        ("check 2023 --strict=1", "--strict: 后面不写内容，多了 '1'"),
        ("build 2023 --unit", "--unit: 后面要写内容"),
        ("build 2023 2024", "不认识的写法： 2024"),
    ],
)
def test_wrong_use_is_told_in_chinese(words: str, said: str, capsys: Capture) -> None:
    assert code_of(*words.split()) == 2
    assert f"\n用法不对：{said}" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["build 2023", "new 2024", "check 2023", "preview 2023"])
def test_a_data_folder_that_is_not_there_is_named(
    words: str, tmp_path: Path, capsys: Capture
) -> None:
    assert code_of(*words.split(), "--data", str(tmp_path / "没有")) in (1, 2)
    shown = capsys.readouterr().err
    assert f"没有数据文件夹“{tmp_path / '没有'}”" in shown
    assert "→ 核对 --data" in shown


def test_a_folder_cannot_be_imported(data: Path, capsys: Capture) -> None:
    assert code_of("import", str(data), "--year", "2023", "--data", str(data)) == 1
    assert "data: 错误：这是文件夹，不是文件" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named_as_people_know_it(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, _: bytes) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert code_of("diff", "2023", "2023", "--out", str(tmp_path / "报告.txt")) == 2
    assert capsys.readouterr().err == (
        f"读写文件没有成功：{tmp_path / '报告.txt'}：没有权限，或者正被别的程序占用\n"
    )


def test_status_lists_a_file_that_cannot_be_read(
    data: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(name: str) -> None:
        read = getattr(Path, name)

        def reading(self: Path, *settings: object, **named: object) -> object:
            if self == data / "2023/revenue.yaml":
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
            return read(self, *settings, **named)

        monkeypatch.setattr(Path, name, reading)

    refused("read_bytes")
    refused("read_text")
    assert code_of("status", "2023", "--data", str(data)) == 1
    shown = capsys.readouterr().out
    assert "   2023/revenue.yaml\n     文件读不出来：没有权限" in shown


def test_an_interrupted_command_says_so_in_a_line(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.commands.figures.load_budget", interrupted)
    assert code_of("figures", "2023") == 1
    assert capsys.readouterr().err == "已中断。没有写完的不会留下；再运行一次就行。\n"


def test_a_preview_of_nothing_is_refused_at_once(data: Path, capsys: Capture) -> None:
    words = ("--no-browser", "--data", str(data))
    assert code_of("preview", "2023", "--unit", "999999", *words) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (
        "",
        "2023/department.yaml:2:1: 错误：没有代码为“999999”的单位 [unknown-unit]\n"
        "    → 单位代码有：159001、159002\n",
    )
    assert code_of("preview", "2031", *words) == 2
    assert "没有 2031 年的数据" in capsys.readouterr().err


@pytest.mark.parametrize("jobs", ["-3", "0", "两"])
def test_a_number_of_jobs_that_is_none(jobs: str, capsys: Capture) -> None:
    assert code_of("batch", "data", "--jobs", jobs) == 2
    assert f"“{jobs}”不是个数" in capsys.readouterr().err


LOCKED = {
    "build": (["build", "2023", "--no-pages", "--out", "out"], "什么也没有改。"),
    "build all": (["build", "2023", "--all", "--no-pages", "--out", "out"], "这次只写好 0 份。"),
    "diff": (["diff", "2023", "2023", "--out", "报告.txt"], "什么也没有写。"),
    "schema": (["schema", "--out", "out"], "什么也没有改。"),
    "batch": (["batch", "部门", "--out", "out", "--jobs", "1"], ""),
}


@pytest.mark.parametrize("case", LOCKED)
def test_files_that_another_program_has_open_stay(
    case: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace an open file; elsewhere nothing does, so it is played here."""
    words, tail = LOCKED[case]
    if case == "batch":
        write_department(random_department(3, units=2, prior=False), tmp_path / "部门")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self), None, str(target))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "replace", refuse)
    assert code_of(*words) in (1, 2)
    said = "".join(capsys.readouterr())
    assert "文件正被别的程序打开：" in said or "文件被占用（out" in said
    assert tail in said
    written = [file for file in tmp_path.rglob("*") if file.is_file() and "部门" not in str(file)]
    assert [file for file in written if not file.name.startswith(".")] == []
