"""`preview YEAR`: a local web page that shows the document while its sources are edited."""

from __future__ import annotations

import argparse
import sys
import webbrowser

from generator.build import Built
from generator.commands.common import DONE, WRONG_USE, add_year_arguments
from generator.commands.paging import paging_of
from generator.outputs import file_stem, render_outputs
from generator.preview.server import PreviewServer
from generator.preview.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument("--unit", default="", metavar="单位代码", help="看这个单位自己的预算公开")
    parser.add_argument(
        "--port", type=int, default=0, metavar="端口", help="不写就自动选一个空闲的"
    )
    parser.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")


def run(arguments: argparse.Namespace) -> int:
    def word(built: Built) -> bytes:
        paging = paging_of(built, arguments.data, pdf=False, measure=True)
        return render_outputs(built, ("docx",), paging.page_by_target)[f"{file_stem(built)}.docx"]

    session = Session(arguments.data, arguments.year, arguments.templates, arguments.unit)
    try:
        server = PreviewServer(session, word, arguments.port)
    except (OSError, SystemExit):  # werkzeug exits when a port is taken
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
