"""Writing a set of files: all of them or none, and never an old file that looks current."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.problems import Problem

# What the last build wrote, so that the next one can take it away; other files are never touched.
_MANIFEST = ".written.json"
FAILURE_NOTE = "生成失败.txt"


class Locked(Exception):
    """A file cannot be replaced because another program holds it open."""


def write_all(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    remember: bool = True,
    former: Iterable[str] = (),
) -> None:
    """Put `files` into `folder`, all or none; files of the former build that are not among them go.

    Everything is staged beside its destination first; a failure puts the former files back. Names
    may lead into folders below. Without `remember` nothing is noted of what was written; `former`
    names what is taken away besides.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".staged-", dir=folder))
    retired = Path(tempfile.mkdtemp(prefix=".retired-", dir=folder))
    moved: list[str] = []
    placed: list[str] = []
    try:
        written = {**files}
        if remember:
            written[_MANIFEST] = json.dumps(sorted(files), ensure_ascii=False).encode()
        for name, content in written.items():
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            (staged / name).write_bytes(content)
        for name in (*_written(folder), FAILURE_NOTE, *former, *written):
            if name not in moved and (folder / name).exists():
                (retired / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(folder / name, retired / name)
                moved.append(name)
        for name in written:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged / name, folder / name)
            placed.append(name)
    except BaseException as error:
        for name in placed:
            (folder / name).unlink()
        for name in moved:
            os.replace(retired / name, folder / name)
        if isinstance(error, PermissionError):
            raise Locked(str(error.filename or folder)) from error
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        shutil.rmtree(retired, ignore_errors=True)


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


def _written(folder: Path) -> tuple[str, ...]:
    manifest = folder / _MANIFEST
    if not manifest.is_file():
        return ()
    names = json.loads(manifest.read_text(encoding="utf-8"))
    return tuple(name for name in names if Path(name).name == name)
