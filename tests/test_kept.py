"""What is kept between runs saves work, and nothing depends on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator import kept as module
from generator.fields import PlacedText, place_of
from generator.kept import VARIABLE, kept
from generator.problems import Place

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own for what is kept."""
    chosen = tmp_path / "kept"
    monkeypatch.setenv(VARIABLE, str(chosen))
    module._folder.cache_clear()
    yield chosen
    module._folder.cache_clear()


def counted() -> tuple[Callable[[], list[str]], list[int]]:
    calls: list[int] = []

    def make() -> list[str]:
        calls.append(1)
        return [PlacedText("甲", Place("a.yaml", 3, 5))]

    return make, calls


def test_the_same_content_is_made_once(folder: Path) -> None:
    make, calls = counted()
    first, second = kept("x", b"content", make), kept("x", b"content", make)
    assert (first, second, len(calls)) == (["甲"], ["甲"], 1)
    assert place_of(second[0]) == Place("a.yaml", 3, 5)


def test_other_content_or_another_kind_is_made_again(folder: Path) -> None:
    make, calls = counted()
    for kind, content in (("x", b"1"), ("x", b"2"), ("y", b"1"), ("x", b"1")):
        kept(kind, content, make)
    assert len(calls) == 3


@pytest.mark.parametrize("damage", [b"", b"\x80", b"not a pickle", b"cnowhere\nnothing\n."])
def test_a_damaged_file_is_made_again(folder: Path, damage: bytes) -> None:
    make, calls = counted()
    kept("x", b"content", make)
    (file,) = folder.iterdir()
    file.write_bytes(damage)
    assert kept("x", b"content", make) == ["甲"]
    assert kept("x", b"content", make) == ["甲"]
    assert len(calls) == 2


def test_a_folder_that_cannot_be_written_costs_only_time(folder: Path) -> None:
    folder.write_text("a file in its place", encoding="utf-8")
    make, calls = counted()
    assert kept("x", b"content", make) == kept("x", b"content", make) == ["甲"]
    assert len(calls) == 2


def test_an_empty_variable_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    module._folder.cache_clear()
    make, calls = counted()
    kept("x", b"content", make)
    kept("x", b"content", make)
    module._folder.cache_clear()
    assert (len(calls), list(tmp_path.iterdir())) == (2, [])


def test_the_oldest_files_go(folder: Path) -> None:
    for number in range(200):
        kept("x", str(number).encode(), list)
    assert len(list(folder.iterdir())) <= 64


def test_files_of_others_stay(folder: Path) -> None:
    folder.mkdir()
    others = [folder / name for name in ("预算.docx", "x-1", "x", *map("{}.txt".format, range(90)))]
    for file in others:
        file.write_text("keep")
        os.utime(file, (1, 1))
    for number in range(70):
        kept("x", str(number).encode(), list)
    assert all(file.read_text() == "keep" for file in others)
    assert len(list(folder.iterdir())) <= 64 + len(others)


def test_a_failure_is_not_kept(folder: Path) -> None:
    def fail() -> str:
        raise ValueError("cannot be made")

    with pytest.raises(ValueError, match="cannot be made"):
        kept("x", b"content", fail)
    assert kept("x", b"content", lambda: "well") == "well"


def test_builds_with_and_without_what_was_kept_are_the_same(tmp_path: Path) -> None:
    """Also: the templates are neither checked nor compiled a second time."""
    outputs = []
    for number, cache in enumerate((str(tmp_path / "cache"), str(tmp_path / "cache"), "")):
        out = tmp_path / str(number)
        command = [sys.executable, "-X", "importtime", "-m", "generator", "build", "2023"]
        done = subprocess.run(
            [*command, "--out", str(out), "--no-pages"],
            cwd=ROOT,
            env=os.environ | {VARIABLE: cache},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        outputs.append(
            (
                "generator.narrative.lint" in done.stderr,
                {p.name: p.read_bytes() for p in (out / "2023").iterdir()},
            )
        )
    (first, files), (second, again), (third, without) = outputs
    assert (first, second, third) == (True, False, True)
    assert files == again == without
