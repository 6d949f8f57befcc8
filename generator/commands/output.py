"""Writing a set of files: all of them or none, and never an old file that looks current."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import NamedTuple

from generator.problems import Problem

# What builds wrote, by owner and name with its SHA-256, so that the owner's next one can take it
# away and knows what people changed since; other files are never touched.
_MANIFEST = ".written.json"
FAILURE_NOTE = "生成失败.txt"

_NOBODY = ""  # whose files are anybody's
_Written = dict[str, dict[str, str]]  # owner -> name -> SHA-256


class Locked(Exception):
    """A file cannot be replaced because another program holds it open."""


class Replaced(NamedTuple):
    """What became of the former files: (name, its copy) of those people had changed; names gone;
    names that were another owner's; (name, its new one) of those put aside.
    """

    kept: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    aside: tuple[tuple[str, str], ...] = ()

    def lines(self) -> Iterator[str]:
        """In words for the people who would look for them."""
        for name, copy in self.kept:
            yield f"注意：{name} 不是上次生成的样子（被改过），原来的留作：{copy}"
        for _, other in self.aside:
            yield f"这次是草稿，上次的正式稿留作：{other}（再生成正式稿时删掉）"
        if self.removed:
            yield f"已删除上次的：{'、'.join(self.removed)}（这次没有生成）"
        if self.taken:
            yield (
                f"注意：这个文件夹里还有别的部门的文件，其中 {'、'.join(self.taken)} 换成了这个部门的。"
                "几个部门的分开放，用 --out 各写一个文件夹"
            )


def write_all(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    owner: str = _NOBODY,
    aside: Callable[[str], str] | None = None,
) -> Replaced:
    """Put `files` into `folder`, all or none; files of the owner's former build that are not among
    them go.

    Names may lead into folders below, never out of it. A file that somebody changed since it was
    written is kept under another name. `owner` is the code of a department: files of others stay,
    as far as they have names of their own. `aside` gives the name under which a former file stays
    that would go, if any.
    """
    _refuse_leaving(files)
    written_by = _written(folder)
    others = {name: own for name, own in written_by.items() if name not in (owner, _NOBODY)}
    taken = {name: own[name] for own in others.values() for name in own if name in files}
    before = taken | written_by.get(_NOBODY, {}) | written_by.get(owner, {})
    asides = _asides(folder, files, before, aside) if aside else {}
    files = {**dict(asides.values()), **files}
    copies = dict(_copies(folder, files, before))
    written = {**files, **{copy: (folder / name).read_bytes() for name, copy in copies.items()}}
    written[_MANIFEST] = _manifest(others, owner, files)
    gone = [n for n in {**before, FAILURE_NOTE: ""} if n not in written and (folder / n).is_file()]
    staying = {name for name, (other, _) in asides.items() if name == other}  # perhaps open in Word
    put_all(folder, {name: c for name, c in written.items() if name not in staying}, gone)
    told = {*copies, *asides}
    removed = tuple(name for name in gone if name in before and name not in told)
    renamed = tuple((name, other) for name, (other, _) in asides.items() if name != other)
    return Replaced(tuple(copies.items()), removed, tuple(taken), renamed)


def _refuse_leaving(names: Iterable[str]) -> None:
    leaving = [name for name in names if Path(name).is_absolute() or ".." in Path(name).parts]
    if leaving:
        raise ValueError(f"names that leave the folder: {leaving}")


def _asides(
    folder: Path,
    files: Mapping[str, bytes],
    before: Mapping[str, str],
    aside: Callable[[str], str],
) -> dict[str, tuple[str, bytes]]:
    """Name -> (the name it stays under, its content), of what nobody changed since a build."""
    found = {}
    for name, digest in before.items():
        other, file = aside(name), folder / name
        if other and name not in files and file.is_file():
            content = file.read_bytes()
            if sha256(content).hexdigest() == digest:
                found[name] = other, content
    return found


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


def put_all(folder: Path, files: Mapping[str, bytes], gone: Iterable[str] = ()) -> None:
    """Put `files` into `folder` and take away those that are `gone`, all or none."""
    contents = {folder / name: content for name, content in files.items()}
    replace_all(contents, [folder / name for name in gone])


def replace_all(contents: Mapping[Path, bytes], removed: Iterable[Path] = ()) -> None:
    """Give files new contents and take the `removed` away, all or none.

    Everything is staged beside its place first; a failure gives the files their former contents.
    """
    staged: dict[Path, Path] = {}
    try:
        for number, (path, content) in enumerate(contents.items()):
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = path.with_name(f".writing-{os.getpid()}-{number}")
            _write_beside(staged[path], content, path)
        _swap(staged, removed)
    finally:
        for beside in staged.values():
            beside.unlink(missing_ok=True)


def _write_beside(beside: Path, content: bytes, path: Path) -> None:
    """An error names the file that people know."""
    try:
        beside.write_bytes(content)
    except OSError as error:
        error.filename = str(path)
        raise


def _swap(staged: Mapping[Path, Path], removed: Iterable[Path]) -> None:
    before: dict[Path, bytes | None] = {}
    try:
        # First those that go: one of them may have the name of a new one in other letters.
        for path in removed:
            before[path] = path.read_bytes()
            path.unlink()
        for path, beside in staged.items():
            before[path] = path.read_bytes() if path.is_file() else None
            beside.replace(path)
    except BaseException as error:
        for path, content in reversed(before.items()):
            _put_back(path, content)
        if isinstance(error, PermissionError):
            raise Locked(str(error.filename2 or error.filename or "")) from error
        raise


def _put_back(path: Path, content: bytes | None) -> None:
    now = path.read_bytes() if path.is_file() else None
    if content is None and now is not None:
        path.unlink()
    elif content is not None and content != now:
        path.write_bytes(content)


def note_failure(folder: Path, problems: Iterable[Problem]) -> None:
    """Beside files of an earlier build: say that they are not the current data's."""
    if _written(folder):
        text = "最近一次生成没有成功，这个文件夹里是以前生成的文件，与现在的数据不一致。\n\n"
        text += "\n".join(str(problem) for problem in problems) + "\n"
        (folder / FAILURE_NOTE).write_text(text, encoding="utf-8")


def _manifest(others: _Written, owner: str, files: Mapping[str, bytes]) -> bytes:
    """What is the owner's now is nobody else's."""
    by_owner = {
        other: {name: digest for name, digest in sums.items() if name not in files}
        for other, sums in others.items()
    }
    by_owner = {other: sums for other, sums in by_owner.items() if sums}
    by_owner[owner] = {n: sha256(content).hexdigest() for n, content in sorted(files.items())}
    return json.dumps(by_owner, ensure_ascii=False, indent=1).encode()


def _written(folder: Path) -> _Written:
    """What builds wrote; a damaged note is none."""
    manifest = folder / _MANIFEST
    try:
        by_owner = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(by_owner, dict):
        return {}
    if by_owner and not any(isinstance(sums, dict) for sums in by_owner.values()):
        by_owner = {_NOBODY: by_owner}  # as it was before owners were noted
    return {
        owner: {name: str(digest) for name, digest in sums.items() if Path(name).name == name}
        for owner, sums in by_owner.items()
        if isinstance(sums, dict)
    }
