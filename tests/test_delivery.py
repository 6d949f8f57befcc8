"""What reaches other machines: the offline bundle, start.py, consoles that are not UTF-8, batches."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from compare_tools import EXAMPLE_TEMPLATES
from departments import random_department, write_department
from years_tools import example, replace

import start
from generator.__main__ import main
from generator.commands.common import guarded
from generator.commands.output import Locked
from tools import bundle, smoke

ROOT = Path(__file__).resolve().parents[1]
SYSTEMS = {("Linux", "x86_64"): "linux-x86_64", ("Linux", "aarch64"): "linux-aarch64"}
SYSTEMS[("Windows", "AMD64")] = "windows-x86_64"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
NO_INDEX = {
    "PIP_NO_INDEX": "1",
    "PIP_INDEX_URL": "http://127.0.0.1:9/",
    "PIP_CONFIG_FILE": os.devnull,
}


def run(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python with `words`; its output is UTF-8 whatever the environment says of the console."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle for this machine's system and Python alone."""
    system = SYSTEMS.get((platform.system(), platform.machine()))
    if not (ROOT / ".git").exists():
        pytest.skip("NOT TESTED, a bundle is made from a git checkout")
    if system is None or HERE not in bundle.PYTHONS:
        pytest.skip(f"the bundle has no wheels for {platform.machine()}, Python {HERE}")
    out = tmp_path_factory.mktemp("dist")
    try:
        bundle.download(system, HERE, out / "wheels")
    except bundle.BundleError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"NOT TESTED, the package index cannot be reached: {error}")
    return bundle.write_bundle(out, bundle.contents_of(out / "wheels"))


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("预算 公开（离线）")
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    (root,) = folder.iterdir()
    return root


def test_the_bundle_installs_and_works_without_any_index(unpacked: Path) -> None:
    done = run("start.py", "--smoke", cwd=unpacked, **NO_INDEX)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "第一次运行，正在准备环境（只做一次）……\n环境已经准备好。\n完成："
    )
    assert done.stdout.endswith("试运行通过：2023 年的 docx、txt、html、xlsx 都能生成。\n")
    # The main job, from another folder: the environment is there and is not made again.
    done = run(str(unpacked / "start.py"), "2023", "--no-pages", cwd=unpacked.parent, **NO_INDEX)
    assert (done.returncode, "准备环境" in done.stdout) == (0, False)
    (text,) = (unpacked / "out/2023").glob("*.txt")
    assert text.read_bytes() == (ROOT / "tests/golden/2023.txt").read_bytes()
    done = run("start.py", "check", "1999", cwd=unpacked, **NO_INDEX)
    assert (done.returncode, "没有 1999 年的数据" in done.stderr) == (1, True)


def test_every_file_has_its_checksum(archive: Path) -> None:
    digest, _, name = archive.with_suffix(".zip.sha256").read_text(encoding="utf-8").partition("  ")
    assert (digest, name) == (hashlib.sha256(archive.read_bytes()).hexdigest(), f"{archive.name}\n")
    with zipfile.ZipFile(archive) as content:
        found = {
            entry.partition("/")[2]: hashlib.sha256(content.read(entry)).hexdigest()
            for entry in content.namelist()
        }
    with zipfile.ZipFile(archive) as content:
        sums = content.read(f"{archive.stem}/SHA256SUMS").decode()
    del found["SHA256SUMS"]
    listed = {line.partition("  ")[2]: line.partition("  ")[0] for line in sums.splitlines()}
    assert listed == found
    assert {"start.py", "install.sh", "install.bat", "docs/administrator.md"} <= listed.keys()
    assert not [name for name in listed if name.startswith(("out/", ".venv/", ".git/", "dist/"))]


def test_the_bundle_is_the_same_for_the_same_content(tmp_path: Path) -> None:
    contents = {"说明.txt": "甲".encode(), "install.sh": b"#!/bin/sh\n", "wheels/a.whl": b"PK"}
    bundles = []
    for name in ("一", "二"):
        (tmp_path / name).mkdir()
        bundles.append(bundle.write_bundle(tmp_path / name, contents).read_bytes())
    assert bundles[0] == bundles[1]


def test_a_damaged_wheel_is_refused(unpacked: Path, tmp_path: Path) -> None:
    root = tmp_path / "损坏"
    root.mkdir()
    for name in ("start.py", "requirements.lock", "SHA256SUMS"):
        shutil.copy(unpacked / name, root)
    shutil.copytree(unpacked / "wheels", root / "wheels")
    wheel = min((root / "wheels").iterdir())
    wheel.write_bytes(wheel.read_bytes()[:-1])
    done = run("start.py", "2023", cwd=root)
    assert done.returncode == 1
    assert done.stderr.startswith(f"安装包不完整或被改动：wheels/{wheel.name}\n  → 重新复制")
    assert not (root / ".venv").exists()


def test_start_says_how_it_is_used() -> None:
    assert run("start.py").returncode == 2
    done = run("start.py", "--help")
    assert (done.returncode, done.stdout.split("\n")[0]) == (0, "用法：")
    assert not start.READY.exists() or "  reconcile " in done.stdout


def test_an_interrupted_start_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(start, "prepare", lambda: 0)
    monkeypatch.setattr(start, "run", interrupted)
    assert (start.main(["2023"]), capsys.readouterr().err) == (1, "")  # the generator tells
    monkeypatch.setattr(start, "prepare", interrupted)
    told = "已中断。\n  → 没有装完；再运行一次就行\n"
    assert (start.main(["2023"]), capsys.readouterr().err) == (1, told)


def test_a_console_that_is_not_utf8_changes_nothing(tmp_path: Path) -> None:
    console = {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    words = ("-m", "generator", "build", "2023", "--no-pages", "--out", str(tmp_path / "输出 甲"))
    # No file is read or written in the encoding of the machine: such a use is an error here.
    strict = {"PYTHONWARNDEFAULTENCODING": "1", "PYTHONWARNINGS": "error::EncodingWarning"}
    done = run(*words, **console, **strict)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("完成：平顶山市政务服务和大数据管理局2023年部门预算公开\n")
    (text,) = (tmp_path / "输出 甲/2023").glob("*.txt")
    assert text.read_bytes() == (ROOT / "tests/golden/2023.txt").read_bytes()


def test_a_file_open_in_word_is_reported_kindly(capsys: pytest.CaptureFixture[str]) -> None:
    def action() -> int:
        raise Locked("out/2023/某局.docx")

    assert guarded(argparse.Namespace(json=False), action) == 1
    assert capsys.readouterr().err == (
        "文件正被别的程序打开：out/2023/某局.docx；在 Word 或 WPS 里关掉它再试，什么也没有改。\n"
    )


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    """Three departments: one as it should be, one that owes an amount, one that is wrong."""
    folders = []
    for number, name in enumerate(("甲 局", "乙局", "丙局")):
        department = random_department(number, units=2, lines=12, prior=False)
        write_department(department, tmp_path / name)
        folders.append(tmp_path / name)
    for folder, word in ((folders[1], "待填"), (folders[2], "很多")):
        (file,) = folder.glob("*/expenditure.yaml")
        lines = file.read_text(encoding="utf-8").split("\n")
        head, _, _ = lines[1].partition("金额: ")
        lines[1] = f"{head}金额: {word}}}"
        file.write_text("\n".join(lines), encoding="utf-8")
    return folders


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_batch_writes_what_is_right_and_lists_what_is_not(
    roots: list[Path], tmp_path: Path, jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "结果"
    assert main(["batch", *map(str, roots), "--out", str(out), "--jobs", jobs]) == 1
    written = {p.parent.parent.name: "（草稿）" in p.name for p in out.rglob("*.docx")}
    assert written == {"甲 局": False, "乙局": True}
    shown = capsys.readouterr()
    assert sorted(line.split("：")[0][6:] for line in shown.err.splitlines()) == [
        "丙局",
        "乙局",
        "甲 局",
    ]
    assert "：有错\n" in shown.out
    assert "错误：金额“很多”不是以元为单位的数 [bad-amount]" in shown.out
    assert "\n完成　　　1\n草稿　　　1\n有错　　　1\n" in shown.out
    assert main(["batch", str(roots[0]), "--out", str(out), "--jobs", jobs]) == 0


@pytest.mark.parametrize("told", [True, False])
def test_a_batch_tells_its_memory_where_the_system_does(
    roots: list[Path],
    tmp_path: Path,
    told: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Windows does not, and has no module `resource`."""
    if not told:
        monkeypatch.setitem(sys.modules, "resource", None)
    assert main(["batch", str(roots[0]), "--out", str(tmp_path / "结果"), "--jobs", "1"]) == 0
    assert ("每份最多用内存" in capsys.readouterr().out) == told


def test_a_batch_does_not_mix_departments_up(roots: list[Path], tmp_path: Path) -> None:
    twin = tmp_path / "另一处" / roots[0].name
    shutil.copytree(roots[0], twin)
    assert main(["batch", str(roots[0]), str(twin), "--out", str(tmp_path / "结果")]) == 2
    assert main(["batch", str(tmp_path / "没有"), "--out", str(tmp_path / "结果")]) == 2
    assert not (tmp_path / "结果").exists()


def test_a_batch_goes_on_past_what_is_no_department(
    roots: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `batch 文件夹/*` names them: an empty folder, a file, a department without its own file."""
    (tmp_path / "空的").mkdir()
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    (headless,) = (file.parent for file in roots[1].glob("*/department.yaml"))
    (headless / "department.yaml").unlink()
    (earlier := headless.with_name(str(int(headless.name) - 1))).mkdir(exist_ok=True)
    shutil.copy(next(roots[0].glob("*/department.yaml")), earlier)
    out = tmp_path / "结果"
    named = [tmp_path / "空的", tmp_path / "说明.txt", *roots[:2]]
    assert main(["batch", *map(str, named), "--out", str(out), "--jobs", "2"]) == 1
    assert {p.parent.parent.name for p in out.rglob("*.docx")} == {"甲 局"}
    shown = capsys.readouterr()
    assert "\n完成　　　1\n有错　　　3\n" in shown.out
    assert shown.out.count("[no-department]") == 2
    assert f"{headless.name}/department.yaml: 错误：缺少这个文件" in shown.out
    assert "[4/4]" in shown.err


def test_a_batch_makes_the_bytes_of_a_single_build(roots: list[Path], tmp_path: Path) -> None:
    (year,) = (folder.name for folder in roots[0].iterdir())
    words = ["--out", str(tmp_path / "单独"), "--data", str(roots[0]), "--no-pages"]
    assert main(["build", year, *words]) == 0
    assert main(["batch", str(roots[0]), "--out", str(tmp_path / "一批")]) == 0
    names = ("单独", f"一批/{roots[0].name}")
    alone, batch = (
        {p.name: p.read_bytes() for p in (tmp_path / name / year).iterdir()} for name in names
    )
    assert alone == batch


def test_a_batch_needs_no_fork(roots: list[Path], tmp_path: Path) -> None:
    """Windows starts every process anew."""
    program = (
        "import multiprocessing, sys; from generator.__main__ import main; "
        "multiprocessing.set_start_method('spawn'); sys.exit(main(sys.argv[1:]))"
    )
    words = ["batch", *map(str, roots[:2]), "--jobs", "2", "--formats", "txt"]
    done = run("-c", program, *words, "--out", str(tmp_path / "out"))
    assert "Traceback" not in done.stderr
    assert sorted(file.parts[-3] for file in (tmp_path / "out").glob("*/*/*.txt")) == sorted(
        root.name for root in roots[:2]
    )


@pytest.mark.parametrize("words", [("build", "2023"), ("batch", "data")])
def test_a_format_that_does_not_exist_is_told_beside_the_usage(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--formats", "txt，pptx、doc"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "没有格式：pptx、doc；可用：docx、txt、" in shown.err


@pytest.mark.parametrize(
    ("old", "new", "passes"),
    [("金额: 1901850.00", "金额: 待填", True), ("金额: 1901850.00", "金頟: 1901850.00", False)],
    ids=["draft", "wrong"],
)
def test_a_trial_run_passes_with_a_draft_and_not_with_wrong_data(
    old: str, new: str, passes: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = example(tmp_path)
    shutil.copytree(EXAMPLE_TEMPLATES, tmp_path / "templates")
    replace(data / "2024/expenditure.yaml", old, new)
    assert smoke.main(tmp_path) == (0 if passes else 1)
    shown = capsys.readouterr()
    assert ("都能生成（还有待填的，是草稿）。\n" in shown.out) is passes
    assert ("2024 年没有生成" in shown.err) is not passes


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(("target", "words"), [("2031", "2031"), ("2031-all", "2031 --all")])
def test_make_hands_any_year_on_to_the_program(target: str, words: str) -> None:
    command = ["make", "--no-print-directory", "--dry-run", target]  # perhaps inside `make test`
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.endswith(f"-m generator build {words}\n")
