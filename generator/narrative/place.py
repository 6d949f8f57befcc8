"""A place's template folder: read, checked and compiled once, again when a file changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from generator.fields import TEXT, References, key
from generator.load.reader import Unreadable, decode, read_yaml
from generator.load.records import Converter
from generator.narrative.environment import Compiled, compile_template
from generator.narrative.lint import template_problems
from generator.narrative.phrases import Phrases, parse_phrases
from generator.narrative.vocabulary import Vocabulary
from generator.problems import Place as FilePlace
from generator.problems import Problem, ProblemsFound, raise_errors
from generator.tables.layout import Layouts, parse_layouts


class Place(NamedTuple):
    """What a city or finance bureau decides. `sources` are the narrative's texts by path."""

    name: str
    phrases: Phrases
    narrative: tuple[Compiled, ...]
    sources: dict[str, str]
    layouts: Layouts
    style: bytes
    warnings: tuple[Problem, ...]


SHIPPED_TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
INHERITS = "place.yaml"

# Path as problems show it (henan/phrases.yaml) by path within a place (phrases.yaml).
Files = Mapping[str, tuple[str, Path]]


@dataclass(frozen=True, slots=True)
class Inheritance:
    """place.yaml: a place that holds only what differs from another one."""

    base: str = key("沿用", TEXT, "没有的文件用哪个模板文件夹的")
    place: FilePlace = field(default=FilePlace(""), compare=False)


def load_place(templates: Path, name: str) -> Place:
    """The folder `templates/<name>/`; ProblemsFound with every mistake of its editors."""
    files = place_files(templates, name)
    stamp = tuple(
        (within, shown, str(file), file.stat().st_mtime_ns, file.stat().st_size)
        for within, (shown, file) in files.items()
    )
    return _load(name, stamp)


def place_files(templates: Path, name: str) -> Files:
    """The files of a place: its own, then those of the place it inherits from (place.yaml)."""
    files: dict[str, tuple[str, Path]] = {}
    seen: list[str] = []
    current: str | None = name
    while current is not None:
        if current in seen:
            raise _refused("inherits-itself", f"“{current}”沿用了自己", f"{seen[-1]}/{INHERITS}")
        folder = _folder(templates, current, seen)
        seen.append(current)
        for file in _own_files(folder):
            within = file.relative_to(folder).as_posix()
            files.setdefault(within, (f"{current}/{within}", file))
        current = _base(folder)
    return dict(sorted(files.items()))


def _folder(templates: Path, name: str, seen: list[str]) -> Path:
    roots = (templates, SHIPPED_TEMPLATES) if seen else (templates,)
    if Path(name).name == name:
        for root in roots:
            if (root / name).is_dir():
                return root / name
    known = sorted(
        {p.name for root in roots if root.is_dir() for p in root.iterdir() if p.is_dir()}
    )
    where = f"{seen[-1]}/{INHERITS}" if seen else f"{name}/"
    hint = f"现有：{'、'.join(known)}；在 department.yaml 里写 模板: …"
    raise _refused("missing-templates", f"没有模板文件夹“{name}”", where, hint)


def _own_files(folder: Path) -> Iterator[Path]:
    yield from folder.glob("narrative/*.txt")
    yield from folder.glob("tables/*.yaml")
    names = ("phrases.yaml", "constants.yaml", "style.docx")
    yield from (folder / name for name in names if (folder / name).is_file())


def _base(folder: Path) -> str | None:
    file = folder / INHERITS
    if not file.is_file():
        return None
    path = f"{folder.name}/{INHERITS}"
    try:
        node = read_yaml(file.read_bytes(), path)
    except Unreadable as error:
        raise ProblemsFound(error.problems) from None
    converter = Converter(path, References())
    inheritance = converter.record(Inheritance, node)
    if inheritance is None:
        raise ProblemsFound(converter.problems)
    return inheritance.base


def _refused(rule: str, message: str, path: str, hint: str = "改正 沿用") -> ProblemsFound:
    return ProblemsFound([Problem(rule, message, FilePlace(path), hint)])


@lru_cache(maxsize=16)
def _load(name: str, stamp: tuple[tuple[str, str, str, int, int], ...]) -> Place:
    problems: list[Problem] = []
    content = {within: (shown, Path(file).read_bytes()) for within, shown, file, _, _ in stamp}
    for required in ("phrases.yaml", "constants.yaml", "style.docx"):
        if required not in content:
            place = FilePlace(f"{name}/{required}")
            hint = "从别的模板文件夹复制一份，或在 place.yaml 里写 沿用"
            problems.append(Problem("missing-file", "缺少这个模板文件", place, hint))
    raise_errors(problems)
    phrases, found = parse_phrases(content["phrases.yaml"], content["constants.yaml"])
    problems += found
    layouts: Layouts | None = None
    tables = tuple(content[within] for within in content if within.startswith("tables/"))
    try:
        layouts = parse_layouts(tables)
    except ProblemsFound as error:
        problems += error.problems
    vocabulary = Vocabulary(
        phrases.constants if phrases else {},
        tuple(phrases.frames) if phrases else (),
        tuple(Path(shown).stem for shown, _ in tables),
    )
    narrative = [content[within] for within in content if within.startswith("narrative/")]
    sources = _sources(narrative, problems)
    for path, source in sources.items():
        problems += template_problems(source, path, vocabulary)
    if not narrative:
        where = FilePlace(f"{name}/narrative/")
        problems.append(Problem("missing-file", "没有说明书模板（*.txt）", where, "补上模板文件"))
    raise_errors(problems)
    assert phrases is not None
    assert layouts is not None
    compiled = tuple(compile_template(source, path) for path, source in sources.items())
    style = content["style.docx"][1]
    return Place(name, phrases, compiled, sources, layouts, style, tuple(problems))


def _sources(narrative: list[tuple[str, bytes]], problems: list[Problem]) -> dict[str, str]:
    sources = {}
    for path, data in narrative:
        try:
            sources[path] = decode(data, path)
        except Unreadable as error:
            problems += error.problems
    return sources
