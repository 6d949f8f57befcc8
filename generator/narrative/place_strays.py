"""What lies in the folder of a place and is none of its files: nothing would say it is ignored."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from generator.load.files import is_left_behind
from generator.problems import ERROR, WARNING, Place, Problem

SUFFIX_BY_FOLDER = {
    "narrative": ".txt",
    "tables": ".yaml",
    "duties": ".yaml",
    "duties/units": ".yaml",
}
SINGLE_FILES = ("phrases.yaml", "constants.yaml", "style.docx")
INHERITS = "place.yaml"
_KNOWN = (*SINGLE_FILES, INHERITS, *SUFFIX_BY_FOLDER)
# What Explorer, Finder and WPS call a copy: 30 - 副本.txt, 30 - 副本 (2).txt, 30 copy.txt, 30(1).txt.
_COPY = re.compile(
    r"(.+?)(?:[ _-]*[(（]?(?:副本|复件|拷贝)|[ _-]+copy|[ _]*[(（][0-9]+[)）])[ 0-9()（）]*",
    re.IGNORECASE,
)

_NUMBERED = re.compile("[0-9]{2}-")  # as templates are
_NEAR = 0.7  # styles and phrases - old are near; template (0.62 to place) and notes are not


def stray_problems(folder: Path) -> Iterator[Problem]:
    """Everything in `folder` that has no meaning there, with the name that would have one.

    What nearly has such a name was meant to be used: an error. Anything else is a warning.
    """
    for name, is_folder in _entries(folder):
        shown = f"{folder.name}/{name}"
        if name not in _KNOWN:
            yield _unknown_at_top(shown, name)
        elif name in SUFFIX_BY_FOLDER and not is_folder:
            yield _unknown(shown, f"{name} 应当是文件夹", ERROR)
    for kind, suffix in SUFFIX_BY_FOLDER.items():
        if not (folder / kind).is_dir():
            continue
        shown = f"{folder.name}/{kind}"
        inside = [inner for inner, _ in _entries(folder / kind)]
        for inner in inside:
            if PurePosixPath(inner).suffix != suffix and f"{kind}/{inner}" not in SUFFIX_BY_FOLDER:
                yield _unknown_inside(f"{shown}/{inner}", inner, suffix, inside)
        if not (folder / INHERITS).exists():
            yield from _set_aside(folder / kind, shown, suffix)


def copy_problems(files: tuple[tuple[str, str], ...]) -> tuple[Problem, ...]:
    """Copies beside the file they were made of: everything in them would be printed twice.

    `files` are paths within the place, and as problems show them.
    """
    problems = []
    names = {within for within, _ in files}
    for within, shown in files:
        path = PurePosixPath(within)
        match = _COPY.fullmatch(path.stem)
        if match and str(path.with_stem(match[1])) in names:
            message = f"像是 {match[1]}{path.suffix} 的副本，内容会再印一遍"
            hint = "删掉副本，或移到模板文件夹外面"
            problems.append(Problem("copied-file", message, Place(shown), hint))
    return tuple(problems)


def _entries(folder: Path) -> list[tuple[str, bool]]:
    with os.scandir(folder) as entries:
        found = [(entry.name, _is_folder(entry)) for entry in entries]
    return sorted(entry for entry in found if not is_left_behind(entry[0]))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _unknown(shown: str, hint: str, severity: str) -> Problem:
    message = "模板文件夹里没有叫这个名字的文件，不会用它"
    return Problem("unknown-file", message, Place(shown), hint, severity)


def _unknown_at_top(shown: str, name: str) -> Problem:
    if near := "、".join(f"“{known}”" for known in _nearest(name)):
        return _unknown(shown, f"是不是{near}？", ERROR)
    folder = next((f for f, s in SUFFIX_BY_FOLDER.items() if name.lower().endswith(s)), "")
    hint = (
        f"要用就移进 {folder}/，不用就移出模板文件夹"
        if folder
        else f"移出模板文件夹；这里只放 {'、'.join(_KNOWN)}"
    )
    return _unknown(shown, hint, WARNING)


def _nearest(name: str) -> list[str]:
    """The known names that this may be meant for, whatever the case, ending or mark of a copy."""
    stem = name.partition(".")[0].lower()  # phrases.yaml.txt: Explorer hides the second ending
    copy = _COPY.fullmatch(stem)
    meant = copy[1] if copy else stem
    return [k for k in _KNOWN if get_close_matches(meant, [PurePosixPath(k).stem], cutoff=_NEAR)]


def _unknown_inside(shown: str, name: str, suffix: str, beside: list[str]) -> Problem:
    ending = rf"(.+?)(?:{re.escape(suffix)}|\.yml)(?:\.txt)?"
    if meant := re.fullmatch(ending, name, re.IGNORECASE):
        return _unknown(shown, f"改名为“{meant[1]}{suffix}”", ERROR)
    how = "用记事本另存为 UTF-8 文本" if suffix == ".txt" else "改好内容"
    wanted = f"{PurePosixPath(name).stem}{suffix}"
    hint = f"{how}，名为“{wanted}”；不是模板就移出这个文件夹"
    in_its_place = _NUMBERED.match(name) and wanted not in beside
    return _unknown(shown, hint, ERROR if in_its_place else WARNING)


def _set_aside(folder: Path, shown: str, suffix: str) -> Iterator[Problem]:
    """Files that were given the name of a backup, and nothing stands in their place."""
    names = {file.name for file in folder.iterdir()}
    ending = re.compile(rf"(.+{re.escape(suffix)})(?:~|\.(?:bak|tmp|swp))", re.IGNORECASE)
    for name in sorted(filter(_NUMBERED.match, names)):
        backup = ending.fullmatch(name)
        if backup and backup[1] not in names:
            yield _unknown(f"{shown}/{name}", f"改名为“{backup[1]}”，或移出模板文件夹", ERROR)
