"""The files of a data folder: reading one, and the lines that problems in it are about."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from generator.load.reader import Node, Unreadable, read_with_doubts
from generator.load.syntax import CUT_RULE
from generator.problems import NOT_UTF_8, Place, Problem, reason_of

_SECRET = re.compile(r"涉密[\"']?\s*[:：](?!\s*[\"']?否)")
_NAMES = re.compile(r"(?:名称|编码)[\"']?\s*[:：]\s*[\"']?([^,\"'}\n]+)")

# What Office, editors and systems leave beside a file: ~$30.docx, ._30.txt, .DS_Store, Thumbs.db.
_LEFT_BEHIND = re.compile(
    r"~\$.*|\..*|.*~|.*\.(?:bak|tmp|swp)|thumbs\.db|desktop\.ini", re.IGNORECASE
)

# 2024/reasons.yaml, 2024/units/159001/unit.yaml.
_PEOPLE_WRITE = re.compile(r"[0-9]{4}/(?:units/[0-9]+/)?[a-z]+\.yaml")
TO_BE_MADE = "还没有这个文件，新建"


def is_left_behind(name: str) -> bool:
    """Whether a file is none that an editor wrote, so that it is neither read nor reported."""
    return _LEFT_BEHIND.fullmatch(name) is not None


def read_file(data: Path, path: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The content of a file, None if it is empty, and what is doubtful in it; Unreadable."""
    try:
        content = (data / path).read_bytes()
    except OSError as error:
        folder = (data / path).is_dir()
        message = "这是文件夹，不是文件" if folder else f"文件读不出来：{reason_of(error)}"
        hint = "移走这个文件夹，放上文件" if folder else "检查文件的权限、链接，或重新复制一份"
        raise Unreadable(Problem("unreadable-file", message, Place(path), hint)) from None
    return read_with_doubts(content, path)


def is_to_be_made(data: Path, path: str) -> bool:
    """Whether a file of a year is not there and people write it; published/ is the program's."""
    written = _PEOPLE_WRITE.fullmatch(path) is not None
    return written and not os.path.lexists(data / path)


def telling_what_is_to_be_made(problem: Problem, to_be_made: Callable[[str], bool]) -> Problem:
    """A problem of a file that is not there: it has no lines, and the hint says to make it."""
    path = problem.place.path
    if not problem.place.line or not to_be_made(path):
        return problem
    hint = f"{TO_BE_MADE} {path}，{problem.hint}"
    return replace(problem, place=Place(path), hint=hint)


def with_public_excerpts(problems: Iterable[Problem], data: Path, year: int) -> tuple[Problem, ...]:
    """Each problem with the line it is about; nothing that a 涉密 record says is shown."""

    @cache
    def file_of(path: str) -> _Records:
        file = data / path
        try:
            return _records_of(file.read_text("utf-8", errors="replace"))
        except OSError:
            return _records_of("")

    projects = file_of(f"{year}/projects.yaml")
    secret_names = tuple(_secret_names(projects))

    def told(problem: Problem) -> Problem | None:
        file, number = file_of(problem.place.path), problem.place.line
        if problem.rule == NOT_UTF_8 or not 1 <= number <= len(file.lines):
            return problem
        record = _record_around(file, number)
        hidden = projects.may_be_secret or file.may_be_secret or _SECRET.search(record)
        if hidden or any(name in record for name in secret_names):
            return None if problem.rule == CUT_RULE else replace(problem, excerpt="")
        return replace(problem, excerpt=problem.excerpt or file.lines[number - 1])

    return tuple(filter(None, map(told, problems)))


class _Records(NamedTuple):
    """The lines of a file, whose records begin at `margin`.

    `may_be_secret`: something in it is 涉密, and where its record begins and ends cannot be told.
    """

    lines: Sequence[str]
    margin: int
    may_be_secret: bool


def _records_of(text: str) -> _Records:
    lines = text.split("\n")
    margin = next((_indent(line) for line in lines if _says_something(line)), 0)
    told_apart = all(
        _indent(line) == margin and f"{line} ".startswith("- ", margin)
        for line in lines
        if _says_something(line) and _indent(line) <= margin
    )
    return _Records(lines, margin, not told_apart and _SECRET.search(text) is not None)


def _record_around(file: _Records, number: int) -> str:
    """The lines from the one at the margin at or above to before the next at the margin."""
    lines, first, last = file.lines, number - 1, number
    while first > 0 and not _at_margin(lines[first], file.margin):
        first -= 1
    while last < len(lines) and not _at_margin(lines[last], file.margin):
        last += 1
    return "\n".join(lines[first:last])


def _at_margin(line: str, margin: int) -> bool:
    return _says_something(line) and _indent(line) <= margin


def _says_something(line: str) -> bool:
    return line.lstrip()[:1] not in ("", "#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _secret_names(projects: _Records) -> Iterator[str]:
    """Names and codes of the secret projects, whatever else is wrong with the file."""
    for number, line in enumerate(projects.lines, 1):
        if _at_margin(line, projects.margin):
            record = _record_around(projects, number)
            if _SECRET.search(record):
                yield from (name.strip() for name in _NAMES.findall(record) if name.strip())
