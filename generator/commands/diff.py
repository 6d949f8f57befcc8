"""`diff OLD NEW`: figures, wording and layout of two disclosures compared, each change once.

Exit codes: 0 the same (or nothing of what --fail-on names), 1 different, 2 trouble.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generator.commands.common import (
    PROJECT,
    add_folder,
    calendar_date,
    listed_names,
    locked_message,
    show,
)
from generator.commands.output import Locked, replace_all
from generator.commands.trouble import trouble_of
from generator.compare.changes import CAUTION_NAME, CAUTIONS, LAYER_NAMES, LAYERS, Comparison
from generator.compare.comparison import compare
from generator.compare.redline.document import write_redline
from generator.compare.reports.html import html_report
from generator.compare.reports.json import json_report
from generator.compare.reports.markdown import markdown_report
from generator.compare.reports.text import text_report
from generator.compare.sides import Side, alike, open_side
from generator.problems import Place, Problem, ProblemsFound

SAME, DIFFERENT, TROUBLE = 0, 1, 2
REPORTS = {
    "text": text_report,
    "markdown": markdown_report,
    "html": html_report,
    "json": json_report,
}
REDLINE = "docx"
_NAMES = {**{name: layer for layer, name in LAYER_NAMES.items()}, CAUTION_NAME: CAUTIONS}
_CHOICES = "、".join(f"{name}（{layer}）" for name, layer in _NAMES.items())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    side = "年度（2023）、生成结果的文件夹（out/2023）或 .docx 文件"
    parser.add_argument("old", metavar="旧", help=side)
    parser.add_argument("new", metavar="新", help=side)
    parser.add_argument(
        "--layer",
        type=_named,
        default=frozenset(_NAMES.values()),
        metavar="类,…",
        help=f"只列出这几类：{_CHOICES}",
    )
    parser.add_argument("--ignore-year", action="store_true", help="不列年度和封面日期的不同")
    parser.add_argument(
        "--fail-on",
        type=_failures,
        default=frozenset(LAYERS),
        metavar="类,…",
        help=f"有这几类不同时退出码是 1：{_CHOICES}；都不算写 无，不写就是前三类",
    )
    parser.add_argument(
        "--format",
        choices=(*REPORTS, REDLINE),
        default="text",
        help="报告格式；docx 是带修订标记的 Word 文件，要写 --out",
    )
    parser.add_argument("--out", type=Path, metavar="文件", help="写到文件，不写就显示")
    parser.add_argument("--author", default="", metavar="姓名", help="修订的作者，不写就是部门名称")
    parser.add_argument(
        "--date", type=calendar_date, metavar="日期", help="修订的日期，不写就是公布日期"
    )
    parser.add_argument("--style", type=Path, metavar="文件", help="style.docx，不写就用模板的")
    add_folder(parser, "data")
    add_folder(parser, "templates")


def run(arguments: argparse.Namespace) -> int:
    if arguments.format == REDLINE and arguments.out is None:
        print("docx 要写到文件：加上 --out 比较.docx", file=sys.stderr)
        return TROUBLE
    try:
        old, new = (
            open_side(name, arguments.data, arguments.templates)
            for name in (arguments.old, arguments.new)
        )
        style = _style(arguments, old, new)
        old, new = alike(old, new, style)
        found = compare(old, new, ignore_year=arguments.ignore_year).only(arguments.layer)
        content = _report(arguments, (old, new), found, style)
        _deliver(content, arguments.out)
    except ProblemsFound as error:
        show(error.problems, as_json=False)
        return TROUBLE
    except Locked as error:
        print(f"{locked_message(error)}什么也没有写。", file=sys.stderr)
        return TROUBLE
    except OSError as error:
        print(trouble_of(error), file=sys.stderr)
        return TROUBLE
    counts = found.counts()
    return DIFFERENT if any(counts[name] for name in arguments.fail_on) else SAME


def _report(
    arguments: argparse.Namespace,
    sides: tuple[Side, Side],
    found: Comparison,
    style: bytes | None,
) -> bytes:
    if arguments.format != REDLINE:
        return REPORTS[arguments.format](found).encode()
    old, new = sides
    if old.document is None or new.document is None:
        raise _refused(
            "有一方只有公布过的数、没有全文，做不成修订稿", "改用 --format text、html 或 json"
        )
    if style is None:
        raise _refused("不知道用哪个模板的样式", "用 --style 指明 style.docx")
    date = arguments.date or new.document.date or old.document.date
    if not date:
        raise _refused("不知道修订的日期", "用 --date 2024-02-09 写明")
    author = arguments.author or new.department or old.department
    try:
        return write_redline(old, new, found, style, author=author, date=date)
    except ValueError as error:
        if not (old.by_text or new.by_text):
            raise
        hint = "在 Word 里把表格改整齐，或用 --format html"
        raise _refused("Word 文件里有的表格单元格排不成行列", hint) from error


def _style(arguments: argparse.Namespace, old: Side, new: Side) -> bytes | None:
    """The style file: the one given, a side's own, or the only one of the templates, which may
    build on those shipped.
    """
    if arguments.style is not None:
        return bytes(arguments.style.read_bytes())
    if own := new.style or old.style:
        return own
    found = (sorted(f.glob("*/style.docx")) for f in (arguments.templates, PROJECT / "templates"))
    files = next(filter(None, found), [])
    return files[0].read_bytes() if len(files) == 1 else None


def _deliver(content: bytes, out: Path | None) -> None:
    """To the terminal, or to a file that is replaced whole."""
    if out is None:
        print(content.decode(), end="")
        return
    replace_all({out: content})
    print(f"写了 {out}")


def _refused(message: str, hint: str) -> ProblemsFound:
    return ProblemsFound([Problem("no-redline", message, Place("diff"), hint)])


def _failures(text: str) -> frozenset[str]:
    return frozenset() if text == "无" else _named(text)


def _named(text: str) -> frozenset[str]:
    """Layers, and the warnings, by their Chinese or English names."""
    names = listed_names(text)
    unknown = [name for name in names if name not in _NAMES and name not in _NAMES.values()]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"没有“{'、'.join(unknown)}”，可用：{_CHOICES}")
    return frozenset(_NAMES.get(name, name) for name in names)
