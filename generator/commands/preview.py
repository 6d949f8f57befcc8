"""`preview YEAR`: a local web page that shows the document while its sources are edited."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from contextlib import redirect_stderr
from io import StringIO

from generator.build import Built, unknown_unit
from generator.commands.common import (
    DONE,
    WRONG_USE,
    add_year_arguments,
    show,
    telling_problems,
    unit_code,
)
from generator.commands.paging import paging_of
from generator.load.budget import MISSING_YEAR, load_budget
from generator.outputs import file_stem, render_outputs
from generator.preview.server import PreviewServer
from generator.preview.session import Session
from generator.problems import Problem, ProblemsFound


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument(
        "--unit", type=unit_code, metavar="单位代码", help="看这个单位自己的预算公开"
    )
    parser.add_argument(
        "--port", type=_port, default=0, metavar="端口", help="不写就自动选一个空闲的"
    )
    parser.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    nothing_to_show = _nothing_to_show(arguments)
    if nothing_to_show:
        show(nothing_to_show, arguments.json)
        return WRONG_USE

    def word(built: Built) -> bytes:
        paging = paging_of(built, arguments.data, pdf=False, measure=True)
        return render_outputs(built, ("docx",), paging.page_by_target)[f"{file_stem(built)}.docx"]

    unit = arguments.unit or ""
    session = Session(arguments.data, arguments.year, arguments.templates, unit)
    try:
        with redirect_stderr(StringIO()):  # werkzeug explains a port that is taken in English
            server = PreviewServer(session, word, arguments.port)
    except (OSError, SystemExit):  # and exits
        print(f"端口 {arguments.port} 用不了，换一个，或者不写 --port。", file=sys.stderr)
        return WRONG_USE
    server.start()
    print(f"预览：{server.address}")
    print("改模板、版式、数据，保存后网页就更新。按 Ctrl+C 结束。", flush=True)
    if not arguments.no_browser:
        webbrowser.open(server.address)
    try:
        server.wait()
    except KeyboardInterrupt:
        print("\n预览结束。")
    finally:
        server.stop()
    return DONE


def _port(text: str) -> int:
    """0 for any that is free; what is greater than the greatest would be another one, unasked."""
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"“{text}”不是端口，写 1024 到 65535 之间的数")
    return int(text)


def _nothing_to_show(arguments: argparse.Namespace) -> tuple[Problem, ...]:
    """A year or a unit that is not there; other mistakes are what the page is for."""
    try:
        budget = load_budget(arguments.data, arguments.year).budget
    except ProblemsFound as error:
        return tuple(problem for problem in error.problems if problem.rule == MISSING_YEAR)
    return tuple(unknown_unit(budget, arguments.unit)) if arguments.unit else ()
