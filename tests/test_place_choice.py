"""Which folder a department's templates come from; what is said where there is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.build import build_disclosure
from generator.narrative.place_loading import load_place
from generator.problems import ERROR, ProblemsFound

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "templates/henan", tmp_path / "henan")


def test_a_place_that_does_not_exist_is_named_where_it_is_asked_for(place: Path) -> None:
    own = place.parent / "own"
    own.mkdir()
    (own / "place.yaml").write_text("# 沿用\n沿用: henna\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as caught:
        load_place(own.parent, own.name)
    (problem,) = caught.value.problems
    assert (problem.rule, str(problem.place)) == ("missing-templates", "own/place.yaml:2:5")
    assert "是不是“henan”" in problem.hint


def edited(tmp_path: Path, old: str, new: str) -> Path:
    folder = shutil.copytree(ROOT / "data", tmp_path / "data")
    file = folder / "2023/department.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_mistakes_of_data_and_templates_are_reported_together(place: Path, tmp_path: Path) -> None:
    data = edited(tmp_path, "年度:", "年渡:")
    (place / "narrative/41.txt").write_text("收入总计5万元。\n", encoding="utf-8")
    (place / "style.docx").write_bytes(b"")
    with pytest.raises(ProblemsFound) as caught:
        build_disclosure(data, 2023, place.parent)
    rules = {(p.place.path, p.rule) for p in caught.value.problems}
    assert rules >= {
        ("2023/department.yaml", "unknown-key"),
        ("henan/narrative/41.txt", "typed-amount"),
        ("henan/style.docx", "style-unreadable"),
    }


def test_a_misspelt_place_is_reported_in_department_yaml(place: Path, tmp_path: Path) -> None:
    data = edited(tmp_path, "年度:", "模板: henna\n年度:")
    with pytest.raises(ProblemsFound) as caught:
        build_disclosure(data, 2023, place.parent)
    (problem,) = (p for p in caught.value.problems if p.severity == ERROR)
    assert (problem.rule, problem.place.path) == ("missing-templates", "2023/department.yaml")
    assert problem.place.line
    assert "是不是“henan”" in problem.hint


def test_a_place_that_is_elsewhere_is_asked_for_with_the_folder_above_it(tmp_path: Path) -> None:
    """With no --templates, and with one that goes a folder too far."""
    data = edited(tmp_path, "年度:", "模板: qinghe\n年度:")
    own = tmp_path / "own/qinghe"
    (own / "narrative").mkdir(parents=True)
    (own / "place.yaml").write_text("沿用: henan\n", encoding="utf-8")
    assert build_disclosure(data, 2023, own.parent)
    hints = []
    for templates in (ROOT / "templates", own):
        with pytest.raises(ProblemsFound) as caught:
            build_disclosure(data, 2023, templates)
        hints += [p.hint for p in caught.value.problems if p.rule == "missing-templates"]
    elsewhere, too_far = hints
    assert elsewhere.startswith("现有：henan；")
    assert elsewhere.endswith("在别处的，命令后面加 --templates 它的上一级文件夹")
    assert too_far == "--templates 写的是“qinghe”本身，改成它的上一级文件夹"


def test_a_place_that_is_not_among_the_own_templates_is_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shipped = build_disclosure(ROOT / "data", 2023)
    assert build_disclosure(ROOT / "data", 2023, own).document == shipped.document
    shutil.copytree(ROOT / "data", tmp_path / "甲")
    arguments = ["--templates", str(own), "--out", str(tmp_path / "out"), "--formats", "txt"]
    assert main(["batch", str(tmp_path / "甲"), *arguments]) == 0


def test_a_folder_of_templates_that_is_not_there_is_no_shipped_one(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        build_disclosure(ROOT / "data", 2023, tmp_path / "owm")
    (problem,) = (p for p in caught.value.problems if p.severity == ERROR)
    assert (problem.rule, str(problem.place)) == ("missing-templates", "owm")
    assert "核对 --templates" in problem.hint
