"""What an editor did wrong, as values: a place, a message, a hint. Nothing here prints."""

from __future__ import annotations

import difflib
import errno
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from operator import ne
from typing import NamedTuple


class Place(NamedTuple):
    """A position in a file; `path` is relative to the data root or the template root."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])

    @property
    def file_line(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def opening(self) -> str:
        """How a message about this place begins: no colon after a folder (2025/ 错误：…)."""
        return str(self) if self.path.endswith("/") else f"{self}:"


ERROR = "错误"
WARNING = "警告"
ROUNDING = "尾差"
OWED = "待填"

NOT_UTF_8 = "not-utf-8"  # its line would be shown as noise


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint: the rule it breaks, what is wrong, where, and what to do about it.

    `severity` is ERROR (stops the build), WARNING, ROUNDING (尾差, explained by a note), or OWED
    (makes the document a draft). `excerpt` is the guilty source line; a caret is drawn under
    `place.column`. `related` are the other places the complaint is about.
    """

    rule: str
    message: str
    place: Place
    hint: str = ""
    severity: str = ERROR
    excerpt: str = ""
    related: tuple[Place, ...] = ()
    version: int = 1  # of the rule

    @property
    def fingerprint(self) -> str:
        """Identifies the finding by rule and content, wherever it stands: acknowledging needs it.

        Another value in the message, or another version of the rule, is another finding.
        """
        text = f"{self.rule}@{self.version}\n{self.message}"
        return blake2b(text.encode(), digest_size=4).hexdigest()

    def __str__(self) -> str:
        parts = [f"{self.place.opening} {self.severity}：{_visible(self.message)} [{self.rule}]"]
        if self.excerpt:
            parts += (f"    {line}" for line in _shown_excerpt(self.excerpt, self.place.column))
        if self.related:
            others = (str(place._replace(column=0)) for place in self.related)
            parts.append("    另见：" + "、".join(others))
        if self.hint:
            parts.append(f"    → {_visible(self.hint)}")
        return "\n".join(parts)

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "file": self.place.path,
            "line": self.place.line,
            "column": self.place.column,
            "excerpt": self.excerpt,
            "related": [place.file_line for place in self.related],
            "fingerprint": self.fingerprint,
        }


class Finding(NamedTuple):
    """What breaks a rule of the ledger; the rule makes a Problem of it. A doubt if nothing else is said."""

    message: str
    place: Place
    hint: str
    severity: str = WARNING
    related: tuple[Place, ...] = ()


class ProblemsFound(Exception):
    """A stage cannot go on; carries every problem it saw, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sort_problems(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in the order of files and lines."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.place, p.severity, p.message)))


# So many of one kind in a file are told one by one.
_TOLD_SINGLY = 3


def told_together(problems: Iterable[Problem]) -> Iterator[tuple[Problem, ...]]:
    """What is owed in many lines of a file, in one group where its first one stands; all else alone.

    The groups of one have no other like it, or only a few.
    """
    found = tuple(problems)
    alike: dict[tuple[str, ...], list[Problem]] = {}
    for problem in found:
        alike.setdefault(_kind(problem), []).append(problem)
    for problem in found:
        group = alike[_kind(problem)]
        if problem.severity != OWED or len(group) <= _TOLD_SINGLY:
            yield (problem,)
        elif problem is group[0]:
            yield tuple(group)


def _kind(problem: Problem) -> tuple[str, ...]:
    return problem.place.path, problem.rule, problem.message, problem.hint


def raise_errors(problems: Iterable[Problem]) -> None:
    """Raise ProblemsFound with all of `problems` if any of them is an error."""
    found = tuple(problems)
    if any(problem.severity == ERROR for problem in found):
        raise ProblemsFound(found)


_MOST_NEAR = 3


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """「是不是“…”？」 for the known words nearest to `wrong`, or an empty string.

    Of codes those come first that one slip makes of it: difflib sees as much in 2013950 as in
    2010350 of 2010390.
    """
    words = sorted(set(known))
    slips = [word for word in words if is_slip(wrong, word)] if wrong.isdecimal() else []
    alike = difflib.get_close_matches(wrong, words, n=_MOST_NEAR, cutoff=0.5)
    near = list(dict.fromkeys((*slips, *alike)))[:_MOST_NEAR]
    return "是不是" + "、".join(f"“{word}”" for word in near) + "？" if near else ""


def is_slip(some: str, other: str) -> bool:
    """Whether two words of one length differ in one character, or in two that changed places."""
    if len(some) != len(other):
        return False
    return sum(map(ne, some, other)) == 1 or is_swap(some, other)


def is_swap(some: str, other: str) -> bool:
    """Whether two words differ in that two neighbouring characters changed places."""
    places = range(len(some) - 1)
    swapped = (some[:n] + some[n + 1] + some[n] + some[n + 2 :] for n in places)
    return some != other and other in swapped


def problems_as_json(problems: Iterable[Problem]) -> str:
    return json.dumps([p.as_json() for p in problems], ensure_ascii=False, indent=2) + "\n"


# What steers a terminal (ESC, NUL, C1) or turns its text round.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_EXCERPT = 60  # characters around the guilty one: a paragraph is one line, often of 800


def _visible(text: str) -> str:
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _shown_excerpt(excerpt: str, column: int) -> list[str]:
    """The part of a line around `column`, with … where it is cut, and a caret below it."""
    excerpt = excerpt.replace("\t", " ")
    guilty = max(column - 1, 0)
    start = max(min(guilty - _EXCERPT // 2, len(excerpt) - _EXCERPT), 0)
    end = start + _EXCERPT
    before = ("…" if start else "") + _visible(excerpt[start:guilty])
    rest = _visible(excerpt[max(guilty, start) : end]) + ("…" if end < len(excerpt) else "")
    shown = [before + rest]
    if column:
        shown.append("".join("\u3000" if _is_wide(char) else " " for char in before) + "^")
    return shown


def terminal_cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return len(text) + sum(map(_is_wide, text))


def _is_wide(char: str) -> bool:
    """Whether a terminal shows a character over two cells."""
    return unicodedata.east_asian_width(char) in "WF"


def with_excerpts(problems: Iterable[Problem], content: bytes) -> tuple[Problem, ...]:
    """Problems of one readable file with the lines they are about."""
    lines = content.decode("utf-8", "replace").splitlines()
    return tuple(
        replace(problem, excerpt=lines[problem.place.line - 1])
        if not problem.excerpt
        and problem.rule != NOT_UTF_8
        and 1 <= problem.place.line <= len(lines)
        else problem
        for problem in problems
    )


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


def reason_of(error: OSError) -> str:
    """Why a file could not be read or written, in Chinese as far as it is known."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
