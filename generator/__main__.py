"""`python -m generator COMMAND …`: finds the command and runs it; see generator/commands."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from generator.commands.common import DONE, TO_MEND, WRONG_USE
from generator.commands.trouble import trouble_of

# Command -> (module, help). Modules are imported when needed: a cold start counts.
COMMANDS = {
    "build": ("generator.commands.build", "生成一个年度的部门预算公开文件"),
    "batch": ("generator.commands.batch", "许多部门一次生成，用满处理器"),
    "check": ("generator.commands.check", "只检查，不写文件"),
    "figures": (
        "generator.commands.figures",
        "列出模板里能写的指标（今年、上年、增减）、文字、清单、写法和判断",
    ),
    "why": ("generator.commands.why", "一个数是怎么来的：算法、明细行、上年数、印在哪里"),
    "status": ("generator.commands.status", "离公布还差什么，按先后列出"),
    "new": ("generator.commands.new", "由上一年建新一年的数据，金额和原因都是 待填"),
    "publish": ("generator.commands.publish", "公布：把这一年定稿存档，以后各年从它比"),
    "diff": ("generator.commands.diff", "比较两年或两个文件：数字、文字、版式分开列"),
    "verify": ("generator.commands.verify", "核对改过的 Word 文件：哪些数、哪些字改了"),
    "reconcile": ("generator.commands.reconcile", "领导改过的 Word 文件：把改的文字收回模板和数据"),
    "release": ("generator.commands.release", "写出要公布的文件：去掉内部标记、批注、姓名等"),
    "preview": ("generator.commands.preview", "在浏览器里边改边看整份文件"),
    "import": ("generator.commands.import_", "把系统导出的表格导入成一个年度的数据文件"),
    "schema": (
        "generator.commands.schema",
        "导出数据文件的 JSON Schema，供写数据的编辑软件补全和检查",
    ),
}

_OBJECTS_BETWEEN_COLLECTIONS = 200_000


class _Parser(argparse.ArgumentParser):
    """argparse with Chinese headings and error line."""

    def __init__(self, **settings: object) -> None:
        super().__init__(add_help=False, **settings)  # type: ignore[arg-type]  # passed through
        self.add_argument("-h", "--help", action="help", help="显示这段说明")
        self._optionals.title = "选项"
        self._positionals.title = "要写明的"

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> None:  # type: ignore[override]  # exits
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"用法不对：{_in_chinese(message)}\n看说明：{self.prog} --help\n")


_ARGPARSE_MESSAGES = (
    ("the following arguments are required:", "缺少"),
    ("unrecognized arguments:", "不认识的写法："),
    ("invalid choice:", "没有这个选择"),
    ("choose from", "可选"),
    ("invalid int value:", "不是整数"),
    ("expected one argument", "后面要写内容"),
    ("expected at least one argument", "后面要写内容"),
    ("not allowed with argument", "不能同时写"),
    ("ambiguous option:", "写得不全，认不出是哪个："),
    ("could match", "可能是"),
    ("ignored explicit argument", "后面不写内容，多了"),
    ("argument ", ""),
)


def _in_chinese(message: str) -> str:
    for english, chinese in _ARGPARSE_MESSAGES:
        message = message.replace(english, chinese)
    return message


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 something to mend or still owed, 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console is not UTF-8 by itself
            stream.reconfigure(encoding="utf-8", errors="replace")
    # A tenth of a cold build goes into looking for cycles, of which a build makes next to none.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help") or words[0] not in COMMANDS:
        return _overview(words)
    try:
        return _run(words)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("", "generator"):
            raise
        print(f"这个 Python 没有装好运行环境（缺 {error.name}）。", file=sys.stderr)
        print(f"  → 运行 python start.py {' '.join(words)}", file=sys.stderr)
        print(f"  → 或 .venv/bin/python -m generator {' '.join(words)}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("已中断。没有写完的不会留下；再运行一次就行。", file=sys.stderr)
        return TO_MEND
    except OSError as error:
        print(trouble_of(error), file=sys.stderr)
        return WRONG_USE


def _run(words: Sequence[str]) -> int:
    module = import_module(COMMANDS[words[0]][0])
    parser = _Parser(prog=f"python -m generator {words[0]}", description=COMMANDS[words[0]][1])
    module.add_arguments(parser)
    try:
        parsed = parser.parse_args(words[1:])
    except SystemExit as stop:
        return int(stop.code or 0)
    return int(module.run(parsed))


def _overview(words: list[str]) -> int:
    unknown = bool(words) and words[0] not in ("-h", "--help")
    stream = sys.stderr if unknown or not words else sys.stdout
    if unknown:
        print(f"没有“{words[0]}”这个命令。", file=stream)
    print("用法：python -m generator 命令 …（加 --help 看一个命令的说明）\n", file=stream)
    for name, (_, meaning) in COMMANDS.items():
        print(f"  {name:<10}{meaning}", file=stream)
    return WRONG_USE if unknown or not words else DONE


if __name__ == "__main__":
    sys.exit(main())
