"""The loader's own judgement of files before they are written: it reads them from a staged copy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from generator.importing.merge import Merge
from generator.load.budget import LIST_FILES, REQUIRED_FILES, Loaded, load_budget
from generator.load.records import parse_record
from generator.model import Published
from generator.problems import ERROR, Problem, ProblemsFound

_EMPTY = b"[]\n"


def load_context(data: Path, year: int) -> Loaded:
    """The year's department and catalogue, whatever else its folder holds; else ProblemsFound."""
    with _staged(data, year, ("department.yaml",), {}) as root:
        return load_budget(root, year)


def problems_of_loading(data: Path, year: int, merges: Iterable[Merge]) -> list[Problem]:
    """What the loader says of the merged files; places are cells where a line was imported."""
    by_path = {f"{year}/{merged.target}": merged for merged in merges}
    contents = {merged.target: merged.content for merged in by_path.values()}
    others = (*LIST_FILES, "department.yaml")
    try:
        with _staged(data, year, others, contents) as root:
            load_budget(root, year)
        return []
    except ProblemsFound as error:
        found = error.problems
    problems = []
    for problem in found:
        merged = by_path.get(problem.place.path)
        if merged is None or problem.severity != ERROR:
            continue
        place = merged.place_of(problem.place.line)
        if place is not None:
            problems.append(replace(problem, place=place, excerpt=""))
        elif problem.place.line not in merged.source_by_line:
            problems.append(problem)
    return problems


def problems_of_published(merged: Merge, path: str) -> list[Problem]:
    """What the loader says of a year's published facts, shown as `path`."""
    try:
        parse_record(Published, merged.content, path)
    except ProblemsFound as error:
        return [
            replace(problem, place=merged.place_of(problem.place.line) or problem.place)
            for problem in error.problems
        ]
    return []


@contextmanager
def _staged(
    data: Path, year: int, names: Iterable[str], contents: Mapping[str, bytes]
) -> Iterator[Path]:
    """A data root with the year's files of these names, `contents` in place of some of them."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        folder = root / str(year)
        folder.mkdir()
        for name in names:
            source = data / str(year) / name
            if source.is_file() and name not in contents:
                shutil.copyfile(source, folder / name)
        for name in REQUIRED_FILES:
            if name in LIST_FILES and not (folder / name).exists():
                (folder / name).write_bytes(_EMPTY)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        if (data / "catalogue").is_dir():
            shutil.copytree(data / "catalogue", root / "catalogue")
        yield root
