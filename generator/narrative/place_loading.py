"""Finds the files of a place and makes them into a Place, again only when one of them changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from generator.fields import TEXT, References, key
from generator.kept import kept
from generator.load.reader import Unreadable, read_yaml
from generator.load.records import Converter
from generator.narrative.environment import ENGINE
from generator.narrative.place import Place
from generator.problems import Place as FilePlace
from generator.problems import Problem, ProblemsFound

SHIPPED_TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
INHERITS = "place.yaml"
_SUFFIX_BY_FOLDER = {"narrative": ".txt", "tables": ".yaml"}
_SINGLE_FILES = ("phrases.yaml", "constants.yaml", "style.docx")

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
    stamp = tuple(_stamped(within, *where) for within, where in files.items())
    return _load(name, stamp)


def _stamped(within: str, shown: str, file: Path) -> tuple[str, str, str, int, int]:
    stat = file.stat()
    return within, shown, str(file), stat.st_mtime_ns, stat.st_size


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
        for within, file in _own_files(folder):
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


def _own_files(folder: Path) -> Iterator[tuple[str, Path]]:
    for kind, suffix in _SUFFIX_BY_FOLDER.items():
        inner = folder / kind
        for file in inner.iterdir() if inner.is_dir() else ():
            if file.suffix == suffix:
                yield f"{kind}/{file.name}", file
    for name in _SINGLE_FILES:
        file = folder / name
        if file.is_file():
            yield name, file


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
    files = {within: (shown, Path(file).read_bytes()) for within, shown, file, _, _ in stamp}

    def make() -> Place:
        # What checks and compiles is a fifth of a cold build.
        from generator.narrative.place_making import make_place  # noqa: PLC0415

        return make_place(name, files)

    return kept("place", repr((name, ENGINE, files)).encode(), make)
