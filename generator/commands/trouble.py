"""Trouble with files and folders in one Chinese line; places below known folders are told from there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from generator.problems import reason_of


class Trouble(NamedTuple):
    """What an OSError says; `inside` tells whether it is about a file of the known folders."""

    path: str
    reason: str
    inside: bool

    def __str__(self) -> str:
        return f"读写文件没有成功：{self.path or '（没有文件名）'}：{self.reason}"


def trouble_of(error: OSError, roots: Iterable[Path] = ()) -> Trouble:
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if _is_path(name)]
    known = tuple(roots)
    told = [_below(name, known) or name for name in names]
    return Trouble("、".join(told), reason_of(error), told != names)


def _is_path(name: object) -> bool:
    return isinstance(name, str | bytes | os.PathLike) and bool(name)


def _below(name: str, roots: tuple[Path, ...]) -> str:
    """The path below the first root that it is in, as problems write it; nothing if it is in none."""
    whole = Path(os.path.abspath(name))  # noqa: PTH100  # resolve() fails on a loop of links
    for root in roots:
        start = Path(os.path.abspath(root))  # noqa: PTH100
        if whole != start and whole.is_relative_to(start):
            return whole.relative_to(start).as_posix()
    return ""
