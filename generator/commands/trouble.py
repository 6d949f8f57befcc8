"""Trouble with files and folders in one Chinese line; places below known folders are told from there."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_REASONS = {
    errno.EACCES: "没有权限，或者正被别的程序占用",
    errno.EPERM: "没有权限",
    errno.EROFS: "这个位置是只读的",
    errno.EEXIST: "这里已经有一个同名的文件，不是文件夹",
    errno.ENOTDIR: "路径中间有一级是文件，不是文件夹",
    errno.EISDIR: "这是一个文件夹，不是文件",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOSPC: "磁盘满了",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ELOOP: "这个链接绕了一圈又指回自己",
    errno.EIO: "磁盘或网络读写出错",
}


class Trouble(NamedTuple):
    """What an OSError says; `inside` tells whether it is about a file of the known folders."""

    path: str
    reason: str
    inside: bool

    def __str__(self) -> str:
        return f"读写文件没有成功：{self.path or '（没有文件名）'}：{self.reason}"


def trouble_of(error: OSError, roots: Iterable[Path] = ()) -> Trouble:
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if _is_path(name)]
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    known = tuple(roots)
    told = [_below(name, known) or name for name in names]
    return Trouble("、".join(told), reason, told != names)


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
