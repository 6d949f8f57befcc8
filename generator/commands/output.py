"""Writing a set of files: all of them or none, and never an old file that looks current."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import NamedTuple

from generator.problems import Problem

# What the last build wrote, by name with its SHA-256, so that the next one can take it away and
# knows what people changed since; other files are never touched.
_MANIFEST = ".written.json"
FAILURE_NOTE = "生成失败.txt"


class Locked(Exception):
    """A file cannot be replaced because another program holds it open."""


class Replaced(NamedTuple):
    """What became of the former files: (name, its copy) of those people had changed; names gone."""

    kept: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """In words for the people who would look for them."""
        for name, copy in self.kept:
            yield f"注意：{name} 不是上次生成的样子（被改过），原来的留作：{copy}"
        if self.removed:
            yield f"已删除上次的：{'、'.join(self.removed)}（这次没有生成）"


def write_all(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    remember: bool = True,
    former: Iterable[str] = (),
) -> Replaced:
    """Put `files` into `folder`, all or none; files of the former build that are not among them go.

    Everything is staged beside its destination first; a failure puts the former files back. Names
    may lead into folders below, never out of it. Without `remember` nothing is noted of what was
    written; `former` names what is taken away besides. A file that somebody changed since it was
    written is kept under another name.
    """
    _refuse_leaving(files)
    folder.mkdir(parents=True, exist_ok=True)
    before = _written(folder)
    copies = dict(_copies(folder, files, before)) if remember else {}
    staged = Path(tempfile.mkdtemp(prefix=".staged-", dir=folder))
    retired = Path(tempfile.mkdtemp(prefix=".retired-", dir=folder))
    moved: dict[str, Path] = {}
    placed: list[str] = []
    try:
        written = {**files}
        if remember:
            written[_MANIFEST] = _manifest(files)
        _stage(staged, written)
        for name in (*before, FAILURE_NOTE, *former, *written):
            if name not in moved and (folder / name).exists():
                (retired / name).parent.mkdir(parents=True, exist_ok=True)
                aside = folder / copies[name] if name in copies else retired / name
                os.replace(folder / name, aside)
                moved[name] = aside
        for name in written:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged / name, folder / name)
            placed.append(name)
    except BaseException as error:
        for name in placed:
            (folder / name).unlink()
        for name, aside in moved.items():
            os.replace(aside, folder / name)
        if isinstance(error, PermissionError):
            raise Locked(str(error.filename or folder)) from error
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        shutil.rmtree(retired, ignore_errors=True)
    gone = tuple(n for n in before if n in moved and n not in files and n not in copies)
    return Replaced(tuple(copies.items()), gone)


def _refuse_leaving(names: Iterable[str]) -> None:
    leaving = [name for name in names if Path(name).is_absolute() or ".." in Path(name).parts]
    if leaving:
        raise ValueError(f"names that leave the folder: {leaving}")


def _stage(staged: Path, written: Mapping[str, bytes]) -> None:
    for name, content in written.items():
        (staged / name).parent.mkdir(parents=True, exist_ok=True)
        (staged / name).write_bytes(content)


def _copies(
    folder: Path, files: Mapping[str, bytes], before: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """(name, name of its copy) of the files that are in the way and that nobody here wrote so."""
    for name in dict.fromkeys((*before, *files)):
        file = folder / name
        if not file.is_file():
            continue
        content = file.read_bytes()
        if content != files.get(name) and sha256(content).hexdigest() != before.get(name):
            numbered = (file.with_stem(f"{file.stem}（改过的{number}）") for number in count(1))
            free = next(copy for copy in numbered if not copy.exists())
            yield name, free.relative_to(folder).as_posix()


def replace_all(contents: Mapping[Path, bytes]) -> None:
    """Give files new contents, all or none: staged beside their places, then moved over the old."""
    staged: list[tuple[Path, Path]] = []
    before: dict[Path, bytes | None] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.writing")
            staged.append((beside, path))
            beside.write_bytes(content)
            before[path] = path.read_bytes() if path.is_file() else None
        for beside, path in staged:
            beside.replace(path)
    except BaseException as error:
        _put_back(before)
        if isinstance(error, PermissionError):
            raise Locked(str(error.filename or "")) from error
        raise
    finally:
        for beside, _ in staged:
            beside.unlink(missing_ok=True)


def _put_back(before: Mapping[Path, bytes | None]) -> None:
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)
        elif path.read_bytes() != content:
            path.write_bytes(content)


def note_failure(folder: Path, problems: Iterable[Problem]) -> None:
    """Beside files of an earlier build: say that they are not the current data's."""
    if _written(folder):
        text = "最近一次生成没有成功，这个文件夹里是以前生成的文件，与现在的数据不一致。\n\n"
        text += "\n".join(str(problem) for problem in problems) + "\n"
        (folder / FAILURE_NOTE).write_text(text, encoding="utf-8")


def _manifest(files: Mapping[str, bytes]) -> bytes:
    sums = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    return json.dumps(sums, ensure_ascii=False, indent=1).encode()


def _written(folder: Path) -> dict[str, str]:
    """Name -> SHA-256 of what the last build wrote; a damaged note is none."""
    manifest = folder / _MANIFEST
    try:
        sums = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(sums, dict):
        return {}
    return {name: str(digest) for name, digest in sums.items() if Path(name).name == name}
