"""Finds the files of a place and makes them into a Place, again only when one of them changes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from generator.fields import TEXT, PlacedText, Record, References, key, place_of
from generator.kept import kept
from generator.load.files import is_left_behind
from generator.load.reader import Scalar, Unreadable, child, read_yaml
from generator.load.records import Converter
from generator.narrative.environment import ENGINE
from generator.narrative.place import Place
from generator.narrative.place_strays import (
    INHERITS,
    SINGLE_FILES,
    SUFFIX_BY_FOLDER,
    copy_problems,
    stray_problems,
)
from generator.problems import Place as FilePlace
from generator.problems import Problem, ProblemsFound, suggestion
from generator.terms import USUAL_PLACE

SHIPPED_TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

# When a file or folder was changed, and its size.
Stamp = tuple[int, int]
# Path as problems show it (henan/phrases.yaml) by path within a place (phrases.yaml).
Files = Mapping[str, tuple[str, Path]]


@dataclass(frozen=True, slots=True)
class Inheritance(Record):
    """place.yaml: a place that holds only what differs from another one."""

    base: str = key("沿用", TEXT, "没有的文件用哪个模板文件夹的")


class _Found(NamedTuple):
    """The files of a place, and what is wrong before any of them is read."""

    files: Files
    problems: tuple[Problem, ...]


def load_place(templates: Path, name: str) -> Place:
    """The folder `templates/<name>/`; ProblemsFound with every mistake of its editors."""
    found = _found(templates, name)
    stamped = tuple((w, shown, file, _stamp(file)) for w, (shown, file) in found.files.items())
    return _load(str(name), stamped, found.problems)


def place_problems(templates: Path, name: str) -> tuple[Problem, ...]:
    """What is wrong in a place that cannot be printed with yet, because the data are wrong."""
    try:
        return load_place(templates, name).warnings
    except ProblemsFound as error:
        return error.problems


def place_named(department: Path, shown: str) -> str:
    """The place that a department.yaml names, whatever else is wrong in it; "" if unknown."""
    try:
        node = read_yaml(department.read_bytes(), shown)
    except (OSError, Unreadable):
        return ""
    named = child(node, "模板")
    if not isinstance(named, Scalar) or not named.text:
        return USUAL_PLACE
    return PlacedText(named.text, FilePlace(shown, named.line, named.column))


def _stamp(path: Path) -> Stamp:
    """Changes whenever a file is written, or a file of a folder is added, renamed or removed."""
    try:
        status = path.stat()
    except OSError:  # reading it says why
        return 0, 0
    return status.st_mtime_ns, status.st_size


def place_files(templates: Path, name: str) -> Files:
    """The files of a place: its own, then those of the place it inherits from (place.yaml)."""
    return _found(templates, name).files


def _found(templates: Path, name: str) -> _Found:
    chain: list[tuple[str, Path, tuple[Stamp, ...]]] = []
    current: str | None = name
    while current is not None:
        seen = [known for known, _, _ in chain]
        if current in seen:
            where = place_of(current) or FilePlace(f"{seen[-1]}/{INHERITS}")
            raise _refused("inherits-itself", f"“{current}”沿用了自己", where, "改正 沿用")
        folder = _folder(templates, current, seen)
        folders = (folder, *(folder / kind for kind in SUFFIX_BY_FOLDER))
        chain.append((str(current), folder, tuple(map(_stamp, folders))))
        current = _base(folder)
    return _gathered(tuple(chain))


@lru_cache(maxsize=64)
def _gathered(chain: tuple[tuple[str, Path, tuple[Stamp, ...]], ...]) -> _Found:
    """The files of folders of these names and stamps, the first that has one."""
    files: dict[str, tuple[str, Path]] = {}
    problems: list[Problem] = []
    for name, folder, _ in chain:
        for within, file in _own_files(folder):
            files.setdefault(within, (f"{name}/{within}", file))
        problems += stray_problems(folder)
    files = dict(sorted(files.items()))
    problems += copy_problems(tuple((within, shown) for within, (shown, _) in files.items()))
    return _Found(files, tuple(problems))


def _folder(templates: Path, name: str, seen: list[str]) -> Path:
    """The folder of a place among the department's own templates, else among the shipped ones."""
    if not templates.is_dir():
        message, hint = f"没有文件夹“{templates}”", "核对 --templates；不写就用随附的模板"
        raise _refused("missing-templates", message, FilePlace(templates.name), hint)
    roots = (templates, SHIPPED_TEMPLATES)
    if Path(name).name == name != "..":
        for root in roots:
            if (root / name).is_dir():
                return root / name
    known = sorted({p.name for root in roots for p in root.iterdir() if _is_place(p)})
    where = place_of(name) or FilePlace(f"{seen[-1]}/{INHERITS}" if seen else f"{name}/")
    listed = f"现有：{'、'.join(known)}；在 {'place.yaml 里写 沿用' if seen else 'department.yaml 里写 模板'}: …"
    new = f"要新建，就建文件夹 {name}，里面放一个 {INHERITS}，写 沿用: {USUAL_PLACE}"
    hint = f"{suggestion(name, known) or f'{listed}。'}{new}；在别处的，命令后面加 --templates 它的上一级文件夹"
    if templates.resolve().name == name and _is_place(templates):
        hint = f"--templates 写的是“{name}”本身，改成它的上一级文件夹"
    raise _refused("missing-templates", f"没有模板文件夹“{name}”", where, hint)


def _is_place(folder: Path) -> bool:
    """Whether it looks like the folder of a place, not like a folder within one."""
    return (folder / INHERITS).is_file() or any(
        (folder / kind).is_dir() for kind in SUFFIX_BY_FOLDER
    )


def _own_files(folder: Path) -> Iterator[tuple[str, Path]]:
    for kind, suffix in SUFFIX_BY_FOLDER.items():
        inner = folder / kind
        for file in inner.iterdir() if inner.is_dir() else ():
            if file.suffix == suffix and not is_left_behind(file.name):
                yield f"{kind}/{file.name}", file
    for name in SINGLE_FILES:
        file = folder / name
        if os.path.lexists(file):
            yield name, file


def _base(folder: Path) -> str | None:
    file = folder / INHERITS
    if not os.path.lexists(file):
        return None
    path = f"{folder.name}/{INHERITS}"
    content = _read(path, file)
    if isinstance(content, Problem):
        raise ProblemsFound([content])
    converter = Converter(path, References())
    inheritance = converter.record(Inheritance, read_yaml(content, path))
    if inheritance is None:
        raise ProblemsFound(converter.problems)
    return inheritance.base


def _refused(rule: str, message: str, place: FilePlace, hint: str) -> ProblemsFound:
    return ProblemsFound([Problem(rule, message, place, hint)])


def _read(shown: str, file: Path) -> bytes | Problem:
    """The bytes of a file, or why there are none."""
    try:
        if stat.S_ISREG(file.stat().st_mode):  # reading a device or a pipe may never end
            return file.read_bytes()
        reason = "这是文件夹，不是文件" if file.is_dir() else "这不是普通文件"
    except PermissionError:
        reason = "没有权限读这个文件"
    except OSError:
        reason = "这是链接，指向的文件不在了" if file.is_symlink() else "文件读不出来"
    hint = "换成文件本身，或删掉它"
    return Problem("unreadable-file", reason, FilePlace(shown), hint)


@lru_cache(maxsize=16)
def _load(
    name: str,
    stamped: tuple[tuple[str, str, Path, Stamp], ...],
    found: tuple[Problem, ...],
) -> Place:
    read = {within: (shown, _read(shown, file)) for within, shown, file, _ in stamped}
    files = {w: (shown, data) for w, (shown, data) in read.items() if isinstance(data, bytes)}
    problems = (*found, *(data for _, data in read.values() if isinstance(data, Problem)))

    def make() -> Place:
        # What checks and compiles is a fifth of a cold build.
        from generator.narrative.place_making import make_place  # noqa: PLC0415

        return make_place(name, files, problems)

    return kept("place", repr((name, ENGINE, files, problems)).encode(), make)
