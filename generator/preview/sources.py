"""The files an editor may change from the preview: existing .txt and .yaml below two folders.

A save names the version it started from: what somebody else has saved since is never overwritten.
Files are replaced whole, so that no reader sees half a text.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import deque
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from generator.load.reader import Unreadable, decode

EDITABLE = (".txt", ".yaml")
PUBLISHED = "published"
# So many saves of a file can be undone.
_UNDO_DEPTH = 100


class SourceText(NamedTuple):
    """A file as it is on disk: LF line ends; `version` identifies its bytes."""

    path: str
    text: str
    version: str
    read_only: bool = False
    undoable: bool = False


class Refused(Exception):
    """A request that is not carried out: an HTTP status and a Chinese reason."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Stale(Exception):
    """The file is no longer what the editor started from; carries it as it is now."""

    def __init__(self, current: SourceText) -> None:
        super().__init__(current.path)
        self.current = current


class Sources:
    """Reads, saves and restores files by the paths that problems and places use."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(root.resolve() for root in roots)
        self._lock = Lock()
        self._former: dict[str, deque[bytes]] = {}

    def read(self, path: str) -> SourceText:
        with self._lock:
            return self._source(path, _bytes_of(self._locate(path)))

    def save(self, path: str, text: str, version: str) -> SourceText:
        """Replace the file by `text`; Stale if it is no longer `version`. Line ends stay its own."""
        with self._lock:
            file = self._writable(path)
            before = self._expect(path, file, version)
            content = _encoded(text, before)
            if content != before:
                _replace(file, content)
                self._history(path).append(before)
            return self._source(path, content)

    def undo(self, path: str, version: str) -> SourceText:
        """Put back what the last save replaced; Stale if the file is no longer `version`."""
        with self._lock:
            file = self._writable(path)
            self._expect(path, file, version)
            history = self._history(path)
            if not history:
                raise Refused(409, "没有可以撤销的保存")
            _replace(file, history[-1])
            return self._source(path, history.pop())

    def _history(self, path: str) -> deque[bytes]:
        return self._former.setdefault(path, deque(maxlen=_UNDO_DEPTH))

    def _source(self, path: str, content: bytes) -> SourceText:
        try:
            text = decode(content, path)
        except Unreadable as error:
            problem = error.problems[0]
            raise Refused(415, f"{problem.message}：{problem.hint}") from None
        frozen = PUBLISHED in path.split("/")
        return SourceText(path, text, version_of(content), frozen, bool(self._former.get(path)))

    def _expect(self, path: str, file: Path, version: str) -> bytes:
        content = _bytes_of(file)
        if version_of(content) != version:
            raise Stale(self._source(path, content))
        return content

    def _writable(self, path: str) -> Path:
        if PUBLISHED in path.split("/"):
            raise Refused(403, "这是已公布的数，不在这里改")
        return self._locate(path)

    def _locate(self, path: str) -> Path:
        """The file of a path; Refused unless it is an existing, editable file below a root."""
        parts = path.split("/")
        if any(_is_unsafe(part) for part in parts):
            raise Refused(403, "只能打开模板和数据文件夹里的文件")
        if not path.endswith(EDITABLE):
            raise Refused(403, "这里只能改 .txt 和 .yaml 文件")
        for root in self._roots:
            file = root.joinpath(*parts)
            if not file.is_file():
                continue
            if file.resolve() != file:  # a symbolic link on the way
                raise Refused(403, "不能通过链接改文件")
            return file
        raise Refused(404, "没有这个文件")


def version_of(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _is_unsafe(part: str) -> bool:
    return not part or part.startswith(".") or any(char in "\\:\0" for char in part)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(423, "文件打不开，可能正被别的程序占用") from error


def _encoded(text: str, before: bytes) -> bytes:
    lines = text.replace("\r\n", "\n")
    if b"\r\n" in before:
        lines = lines.replace("\n", "\r\n")
    try:
        return lines.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(400, "文字里有不能存成 UTF-8 的字符，没有保存") from None


def _replace(file: Path, content: bytes) -> None:
    """Write beside the file, then swap: the file is never half written."""
    try:
        handle, name = tempfile.mkstemp(prefix=".saving-", suffix=".tmp", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            shutil.copymode(file, name)
            os.replace(name, file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = "没有保存：文件正被别的程序占用，或者不能写"
        raise Refused(423, f"{reason}。文字还在编辑框里，关掉那个程序再保存") from error
