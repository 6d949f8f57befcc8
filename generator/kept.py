"""Results that depend only on the content of files, kept on disk from one run to the next.

Compiling and checking the templates of a place takes longer than making a document; as with
Python's own .pyc files, a new run takes what an earlier one found. Nothing depends on it: a folder
that cannot be written, or a file that cannot be read, only costs time.
"""

from __future__ import annotations

import os
import pickle
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

# The folder; empty to keep nothing.
VARIABLE = "BUDGET_DISCLOSURE_CACHE"

_MOST_FILES = 64
_WRITING = ".keeping-"
# What this module writes, and nothing else in a folder that somebody chose, is its own to remove.
_is_own = re.compile(rf"[\w-]+-[0-9a-f]{{32}}|{re.escape(_WRITING)}\w+").fullmatch
_PROGRAM = Path(__file__).resolve().parent
_Result = TypeVar("_Result")


def kept(kind: str, content: bytes, make: Callable[[], _Result]) -> _Result:
    """What `make` gives for `content`: from the disk if an earlier run of this program kept it.

    The result must be made of what pickle can store; an exception of `make` is not kept.
    """
    folder = _folder()
    if folder is None:
        return make()
    key = blake2b(_version() + kind.encode() + b"\0" + content, digest_size=16).hexdigest()
    file = folder / f"{kind}-{key}"
    try:
        # The folder is the user's own, like the .pyc files beside the program.
        result: _Result = pickle.loads(file.read_bytes())  # noqa: S301
        os.utime(file)  # the ones used longest ago go first
    except Exception:  # missing, cut off, of another Python: all the same
        result = make()
        _keep(file, result)
    return result


def _keep(file: Path, result: object) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = [other for other in file.parent.iterdir() if _is_own(other.name)]
        for old in sorted(own, key=_age)[: -_MOST_FILES + 1]:
            old.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=_WRITING, delete=False) as written:
            pickle.dump(result, written, pickle.HIGHEST_PROTOCOL)
        Path(written.name).replace(file)
    except OSError:
        return


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another run removed it
        return 0.0


@cache
def _folder() -> Path | None:
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    parent = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    try:
        return Path(parent or Path.home() / ".cache") / "budget-disclosure"
    except RuntimeError:  # no home
        return None


@cache
def _version() -> bytes:
    """Of Python and of every file of the program: a change of either finds nothing kept."""
    files = sorted((entry.path, entry.stat()) for entry in _sources(str(_PROGRAM)))
    stamps = [(path, stat.st_mtime_ns, stat.st_size) for path, stat in files]
    return repr((sys.version, stamps)).encode()


def _sources(folder: str) -> list[os.DirEntry[str]]:
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            found += _sources(entry.path)
        elif entry.name.endswith(".py"):
            found.append(entry)
    return found
