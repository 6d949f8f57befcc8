"""A place's template folder: read, checked and compiled once, again when a file changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from generator.load.reader import Unreadable, decode
from generator.narrative.environment import Compiled, compile_template
from generator.narrative.lint import template_problems
from generator.narrative.phrases import Phrases, parse_phrases
from generator.narrative.vocabulary import Vocabulary
from generator.problems import Place as FilePlace
from generator.problems import Problem, ProblemsFound, raise_errors
from generator.tables.layout import Layouts, load_layouts


class Place(NamedTuple):
    """What a city or finance bureau decides. `sources` are the narrative's texts by path."""

    name: str
    phrases: Phrases
    narrative: tuple[Compiled, ...]
    sources: dict[str, str]
    layouts: Layouts
    style: bytes
    warnings: tuple[Problem, ...]


def load_place(templates: Path, name: str) -> Place:
    """The folder `templates/<name>/`; ProblemsFound with every mistake of its editors."""
    folder = templates / name
    if not folder.is_dir():
        known = "、".join(sorted(p.name for p in templates.iterdir() if p.is_dir()))
        raise ProblemsFound(
            [
                Problem(
                    "missing-templates",
                    f"没有模板文件夹“{name}”",
                    FilePlace(f"{name}/"),
                    f"现有：{known}；在 department.yaml 里写 模板: …",
                )
            ]
        )
    stamp = tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in _files(folder))
    return _load(folder, stamp)


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("narrative/*.txt"))
    yield from sorted(folder.glob("tables/*.yaml"))
    yield from (p for n in ("phrases.yaml", "constants.yaml", "style.docx") if (p := folder / n).exists())


@lru_cache(maxsize=16)
def _load(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Place:
    problems: list[Problem] = []
    name = folder.name
    phrases, found = parse_phrases(
        _bytes(folder / "phrases.yaml", problems), _bytes(folder / "constants.yaml", problems), name
    )
    problems += found
    layouts: Layouts | None = None
    try:
        layouts = load_layouts(folder / "tables", folder.parent)
    except ProblemsFound as error:
        problems += error.problems
    vocabulary = Vocabulary(
        phrases.constants if phrases else {},
        tuple(phrases.frames) if phrases else (),
        tuple(path.stem for path in sorted((folder / "tables").glob("*.yaml"))),
    )
    sources = _sources(folder, problems)
    for path, source in sources.items():
        problems += template_problems(source, path, vocabulary)
    if not sources:
        where = FilePlace(f"{name}/narrative/")
        problems.append(Problem("missing-file", "没有说明书模板（*.txt）", where, "补上模板文件"))
    style = _bytes(folder / "style.docx", problems)
    raise_errors(problems)
    assert phrases is not None
    assert layouts is not None
    narrative = tuple(compile_template(source, path) for path, source in sources.items())
    return Place(name, phrases, narrative, sources, layouts, style, tuple(problems))


def _sources(folder: Path, problems: list[Problem]) -> dict[str, str]:
    sources = {}
    for file in sorted(folder.glob("narrative/*.txt")):
        path = f"{folder.name}/narrative/{file.name}"
        try:
            sources[path] = decode(file.read_bytes(), path)
        except Unreadable as error:
            problems += error.problems
    return sources


def _bytes(file: Path, problems: list[Problem]) -> bytes:
    if file.is_file():
        return file.read_bytes()
    where = FilePlace(f"{file.parent.name}/{file.name}")
    problems.append(Problem("missing-file", "缺少这个模板文件", where, "从别的模板文件夹复制一份"))
    return b""
