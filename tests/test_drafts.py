"""What is owed makes a draft, what is wrong makes nothing, and no older file looks current."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.writers.docx.reader import ReadParagraph, read_docx

ROOT = Path(__file__).parents[1]
CLEAN = "平顶山市政务服务和大数据管理局2023年部门预算公开"
DRAFT = f"{CLEAN}（草稿）"
OWED = "【待填：公务接待费增加的原因】"


@pytest.fixture
def reasons(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data/2023/reasons.yaml"


def build(root: Path) -> int:
    out, data = str(root / "out"), str(root / "data")
    return main(["build", "2023", "--data", data, "--out", out, "--no-pages"])


def files(root: Path) -> set[str]:
    return {path.name for path in (root / "out/2023").iterdir() if path.name[0] != "."}


def evidence(*names: str) -> set[str]:
    return {"model.json", "facts.json", *names}


def test_an_owed_reason_makes_a_draft_and_the_reason_makes_it_clean(
    tmp_path: Path, reasons: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    complete = reasons.read_text(encoding="utf-8")
    lines = complete.splitlines(keepends=True)
    without = "".join(line for line in lines if "指标: 公务接待费" not in line)
    assert without != complete
    reasons.write_text(without, encoding="utf-8")
    assert build(tmp_path) == 1
    said = capsys.readouterr()
    listed = [line for line in said.err.splitlines() if "待填：" in line and "公务接待费" in line]
    assert len(listed) == 1
    assert listed[0].startswith("2023/reasons.yaml:")
    assert "还欠 1 处" in said.out
    assert files(tmp_path) == evidence(f"{DRAFT}.docx", f"{DRAFT}.txt")
    word = read_docx((tmp_path / f"out/2023/{DRAFT}.docx").read_bytes())
    owed = [b.text for b in word.blocks if isinstance(b, ReadParagraph) and "【待填" in b.text]
    assert [text.count(OWED) for text in owed] == [1]
    assert OWED in (tmp_path / f"out/2023/{DRAFT}.txt").read_text(encoding="utf-8")
    reasons.write_text(complete, encoding="utf-8")
    assert build(tmp_path) == 0
    assert files(tmp_path) == evidence(f"{CLEAN}.docx", f"{CLEAN}.txt")
    assert "待填" not in (tmp_path / f"out/2023/{CLEAN}.txt").read_text(encoding="utf-8")


def test_the_last_clean_word_file_stays_beside_drafts_until_the_next_one(
    tmp_path: Path, reasons: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(tmp_path) == 0
    clean = (tmp_path / f"out/2023/{CLEAN}.docx").read_bytes()
    complete = reasons.read_text(encoding="utf-8")
    for reason in ("待填", "待填 # 再问"):
        text = re.sub("(指标: 公务接待费, 原因: )[^}]*", rf"\1{reason.partition(' ')[0]}", complete)
        reasons.write_text(f"{text}# {reason}\n", encoding="utf-8")
        assert build(tmp_path) == 1
        assert files(tmp_path) == evidence(f"{DRAFT}.docx", f"{DRAFT}.txt", f"{CLEAN}（旧稿）.docx")
        assert (tmp_path / f"out/2023/{CLEAN}（旧稿）.docx").read_bytes() == clean
    said = capsys.readouterr().err
    assert said.count(f"上次的正式稿留作：{CLEAN}（旧稿）.docx") == 1
    assert f"已删除上次的：{CLEAN}.txt（" in said
    reasons.write_text(complete, encoding="utf-8")
    assert build(tmp_path) == 0
    assert files(tmp_path) == evidence(f"{CLEAN}.docx", f"{CLEAN}.txt")


def test_the_last_clean_word_file_stays_under_a_former_title(tmp_path: Path, reasons: Path) -> None:
    assert build(tmp_path) == 0
    text = re.sub("(指标: 公务接待费, 原因: )[^}]*", r"\1待填", reasons.read_text(encoding="utf-8"))
    reasons.write_text(text, encoding="utf-8")
    department = reasons.with_name("department.yaml")
    head = department.read_text(encoding="utf-8")
    department.write_text(re.sub("(?m)^部门名称: .*", "部门名称: 甲局", head), encoding="utf-8")
    assert build(tmp_path) == 1
    assert f"{CLEAN}（旧稿）.docx" in files(tmp_path)


def test_after_a_failed_build_the_older_files_are_said_to_be_old(
    tmp_path: Path, reasons: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(tmp_path) == 0
    right = reasons.read_bytes()
    before = {name: (tmp_path / "out/2023" / name).read_bytes() for name in files(tmp_path)}
    reasons.write_bytes(right + "- {指标: 没有这个, 原因: 某事}\n".encode())
    assert build(tmp_path) == 1
    assert "什么也没有写" in capsys.readouterr().err
    assert files(tmp_path) == {*before, "生成失败.txt"}
    assert {name: (tmp_path / "out/2023" / name).read_bytes() for name in before} == before
    note = (tmp_path / "out/2023/生成失败.txt").read_text(encoding="utf-8")
    line = right.count(b"\n") + 1
    assert f"2023/reasons.yaml:{line}:" in note
    reasons.write_bytes(right)
    assert build(tmp_path) == 0
    assert files(tmp_path) == set(before)


def test_a_department_without_its_duties_is_a_draft(
    tmp_path: Path, reasons: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = reasons.with_name("department.yaml")
    text = head.read_text(encoding="utf-8")
    head.write_text(re.sub(r"主要职责:\n(?:  - .*\n)+", "", text), encoding="utf-8")
    assert build(tmp_path) == 1
    said = capsys.readouterr().err
    told = re.findall(r"2023/department\.yaml:\d+:1: 待填：.*\[(.*)\]", said)
    assert told == ["missing-duties"]
    assert files(tmp_path) == evidence(f"{DRAFT}.docx", f"{DRAFT}.txt")
    draft = (tmp_path / f"out/2023/{DRAFT}.txt").read_text(encoding="utf-8")
    assert "主要职责\n\n（一）【待填：主要职责】\n" in draft
