"""The files of a data folder: reading one, and the lines that problems in it are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from os.path import lexists
from pathlib import Path

from generator.load.reader import Node, Unreadable, decode, read_yaml
from generator.load.syntax import CUT_RULE, cut_values
from generator.problems import Place, Problem

_SECRET = re.compile(r"涉密[\"']?\s*[:：](?!\s*[\"']?否)")
_NAMES = re.compile(r"(?:名称|编码)[\"']?\s*[:：]\s*[\"']?([^,\"'}\n]+)")


def is_there(data: Path, path: str) -> bool:
    """Whether something of that name is there, be it a folder or a link to nothing."""
    return lexists(data / path)


def read_file(data: Path, path: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The content of a file, None if it is empty, and what is doubtful in it; Unreadable."""
    try:
        content = (data / path).read_bytes()
    except OSError as error:
        folder = (data / path).is_dir()
        message = "这是文件夹，不是文件" if folder else f"文件读不出来：{error.strerror}"
        hint = "移走这个文件夹，放上文件" if folder else "检查文件的权限、链接，或重新复制一份"
        raise Unreadable(Problem("unreadable-file", message, Place(path), hint)) from None
    node = read_yaml(content, path)
    return node, tuple(cut_values(decode(content, path), path)) if b" #" in content else ()


def with_public_excerpts(problems: Iterable[Problem], data: Path, year: int) -> tuple[Problem, ...]:
    """Each problem with the line it is about; nothing that a 涉密 record says is shown."""

    @cache
    def lines_of(path: str) -> Sequence[str]:
        file = data / path
        try:
            return file.read_text("utf-8", errors="replace").split("\n")
        except OSError:
            return ()

    @cache
    def secret_names() -> tuple[str, ...]:
        return tuple(_secret_names(lines_of(f"{year}/projects.yaml")))

    def told(problem: Problem) -> Problem | None:
        lines, number = lines_of(problem.place.path), problem.place.line
        if not 1 <= number <= len(lines):
            return problem
        record = _record_around(lines, number)
        if _SECRET.search(record) or any(name in record for name in secret_names()):
            return None if problem.rule == CUT_RULE else replace(problem, excerpt="")
        return replace(problem, excerpt=problem.excerpt or lines[number - 1])

    return tuple(filter(None, map(told, problems)))


def _record_around(lines: Sequence[str], number: int) -> str:
    """The lines from the one at the margin at or above to before the next at the margin."""
    first = number - 1
    while first > 0 and not _at_margin(lines[first]):
        first -= 1
    last = number
    while last < len(lines) and not _at_margin(lines[last]):
        last += 1
    return "\n".join(lines[first:last])


def _at_margin(line: str) -> bool:
    return bool(line) and line[0] not in " \t#"


def _secret_names(projects: Sequence[str]) -> Iterator[str]:
    """Names and codes of the secret projects, whatever else is wrong with the file."""
    for number, line in enumerate(projects, 1):
        if _at_margin(line) and _SECRET.search(record := _record_around(projects, number)):
            yield from (name.strip() for name in _NAMES.findall(record) if name.strip())
