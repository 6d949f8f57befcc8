"""What the commands share: the usual arguments, and showing problems."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from generator.commands.output import Locked
from generator.commands.trouble import trouble_of
from generator.fields import DATE, References, Unacceptable
from generator.problems import (
    ERROR,
    OWED,
    ROUNDING,
    WARNING,
    Place,
    Problem,
    ProblemsFound,
    problems_as_json,
    told_together,
)
from generator.spans import span_names

PROJECT = Path(__file__).resolve().parents[2]
DONE, TO_MEND, WRONG_USE = 0, 1, 2
_DEFAULT_FORMATS = "docx,txt"
_MEANING_BY_FOLDER = {"data": "数据文件夹，里面一年一个子文件夹", "templates": "模板文件夹"}


def add_year_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("year", metavar="年度", type=year_number, help="四位数字，如 2023")
    add_folder(parser, "data")
    add_folder(parser, "templates")
    parser.add_argument("--json", action="store_true", help="问题写成 JSON，供别的程序读")


def add_folder(parser: argparse.ArgumentParser, name: str, meaning: str = "") -> None:
    """--data, --templates or --out: the folder of that name in the project if none is given."""
    parser.add_argument(
        f"--{name}",
        type=Path,
        default=PROJECT / name,
        metavar="文件夹",
        help=meaning or _MEANING_BY_FOLDER[name],
    )


def add_whose(parser: argparse.ArgumentParser, done: str) -> None:
    """--unit or --all: whose disclosure; `done` is what the command does with it."""
    whose = parser.add_mutually_exclusive_group()
    only = f"只{done}这个单位自己的预算公开"
    whose.add_argument("--unit", type=unit_code, metavar="单位代码", help=only)
    every = f"{done}部门的和每个单位的，并核对合计"
    whose.add_argument("--all", action="store_true", help=every)


def add_formats(parser: argparse.ArgumentParser, known: tuple[str, ...], meaning: str) -> None:
    """--formats: those of `known` that are to be written."""

    def formats(text: str) -> tuple[str, ...]:
        names = listed_names(text)
        unknown = [name for name in names if name not in known]
        if unknown:
            message = f"没有格式：{'、'.join(unknown)}；可用：{'、'.join(known)}"
            raise argparse.ArgumentTypeError(message)
        return names

    parser.add_argument(
        "--formats", type=formats, default=_DEFAULT_FORMATS, metavar="格式,…", help=meaning
    )


def year_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise argparse.ArgumentTypeError(f"“{text}”不是四位年份")
    return int(text)


def unit_code(text: str) -> str:
    """It names a folder, also of a unit that is not known."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"“{text}”不是单位代码，单位代码只有数字")
    return text


def listed_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split("[,，、]", text) if name.strip())


def calendar_date(text: str) -> str:
    try:
        DATE.parse(text, References())
    except Unacceptable as error:
        raise argparse.ArgumentTypeError(f"{error.message}；{error.hint}") from error
    return text


def guarded(
    arguments: argparse.Namespace,
    action: Callable[[], int],
    on_failure: Callable[[tuple[Problem, ...]], None] = lambda _: None,
) -> int:
    """Run `action`; problems found on the way are shown, all of them, and make the exit code 1."""
    try:
        return action()
    except Locked as error:
        print(f"{locked_message(error)}什么也没有改。", file=sys.stderr)
        return TO_MEND
    except ProblemsFound as error:
        on_failure(error.problems)
        if arguments.json:
            show(error.problems, as_json=True)
        else:
            show_stopping(error.problems)
        return TO_MEND
    except BrokenPipeError:
        raise
    except OSError as error:
        return _files_failed(arguments, error, on_failure)


def telling_problems(
    run: Callable[[argparse.Namespace], int],
) -> Callable[[argparse.Namespace], int]:
    """A command that is `guarded` as a whole."""
    return lambda arguments: guarded(arguments, lambda: run(arguments))


def _files_failed(
    arguments: argparse.Namespace,
    error: OSError,
    on_failure: Callable[[tuple[Problem, ...]], None],
) -> int:
    """A file that cannot be read or written is no problem of what it says: wrong use."""
    given = vars(arguments)
    trouble = trouble_of(error, (given[name] for name in ("data", "templates") if name in given))
    problem = Problem("file-trouble", trouble.reason, Place(trouble.path), "核对这个文件或文件夹")
    if trouble.inside:
        on_failure((problem,))
    if arguments.json:
        show((problem,), as_json=True)
    else:
        print(trouble, file=sys.stderr)
    return WRONG_USE


def locked_message(error: Locked) -> str:
    return f"文件正被别的程序打开：{error}；在 Word 或 WPS 里关掉它再试，"


def show(
    problems: Iterable[Problem], as_json: bool, answered_in: Mapping[Problem, str] = {}
) -> None:
    """Problems to stderr for people, or as a JSON list to stdout.

    Those that can be acknowledged say by which 编号, if the file for it is in `answered_in`.
    """
    found = list(problems)
    if as_json:
        print(problems_as_json(found), end="")
        return
    for severity in (WARNING, OWED, ERROR):
        for group in told_together(p for p in found if p.severity == severity):
            print(told(group, answered_in), file=sys.stderr)


def show_stopping(problems: Sequence[Problem]) -> None:
    """What keeps a command from writing anything, and how much of it there is to mend."""
    show(problems, as_json=False)
    count = sum(problem.severity == ERROR for problem in problems)
    print(f"\n有 {count} 处要改，什么也没有写。", file=sys.stderr)


def say(arguments: argparse.Namespace, *lines: str) -> None:
    """Tell people; with --json stdout is for programs."""
    if not arguments.json:
        print("\n".join(lines))


def done(arguments: argparse.Namespace) -> int:
    """All is well: for programs, an empty list of problems."""
    if arguments.json:
        show((), as_json=True)
    return DONE


def told(group: Sequence[Problem], answered_in: Mapping[Problem, str]) -> str:
    """The first problem of a group in full, and the lines of all if it is not alone."""
    text = with_number(group[0], answered_in.get(group[0], ""))
    if len(group) == 1:
        return text
    lines = span_names({problem.place.line for problem in group})
    return f"{text}\n    这个文件里这样的共 {len(group)} 处：第 {lines} 行"


def unused_told(files: Sequence[str]) -> str:
    """The files of units that are not used, and why: 2023/units/ 里的 3 个文件：…"""
    year = files[0].partition("/")[0]
    return f"{year}/units/ 里的 {len(files)} 个文件：department.yaml 写明 单位预算公开: 否"


def with_number(problem: Problem, file: str) -> str:
    """The problem, and the line that acknowledges it in `file`, if it can be."""
    return "\n".join([str(problem), *(f"    {line}" for line in acknowledging(problem, file))])


def acknowledging(problem: Problem, file: str) -> Iterator[str]:
    """What to write into `file` to acknowledge a problem; nothing without a file. 尾差 need none."""
    if file and problem.severity != ROUNDING:
        number = problem.fingerprint
        yield f"编号 {number}：确认无误可写进 {file}"
        # These very words are refused when the line is read (own_words in the model).
        yield f'  - {{发现: "{number}", 确认人: 姓名, 原因: 为什么没有问题}}'
