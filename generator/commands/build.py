"""`build YEAR`: the whole disclosure, written completely or not at all."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from generator.build import Built, build_disclosure
from generator.commands.common import (
    DONE,
    PROJECT,
    TO_MEND,
    WRONG_USE,
    add_year_arguments,
    guarded,
    show,
)
from generator.commands.output import note_failure, write_all
from generator.outputs import FORMATS, render_outputs
from generator.publishing import changed_since

DEFAULT_FORMATS = "docx,txt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument(
        "--out",
        type=Path,
        default=PROJECT / "out",
        metavar="文件夹",
        help="输出文件夹，里面一年一个子文件夹",
    )
    parser.add_argument(
        "--formats",
        default=DEFAULT_FORMATS,
        metavar="格式,…",
        help=f"要写的格式，逗号分开：{'、'.join(FORMATS)}（另外总写 model.json、facts.json）",
    )


def run(arguments: argparse.Namespace) -> int:
    formats = tuple(name.strip() for name in arguments.formats.split(",") if name.strip())
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        print(f"没有格式：{'、'.join(unknown)}；可用：{'、'.join(FORMATS)}")
        return WRONG_USE
    folder = arguments.out / str(arguments.year)

    def action() -> int:
        built = build_disclosure(arguments.data, arguments.year, arguments.templates)
        built = replace(built, problems=(*built.problems, *changed_since(built, arguments.data)))
        files = render_outputs(built, formats)
        write_all(folder, files)
        show(built.problems, arguments.json)
        if not arguments.json:
            _summary(built, folder, files)
        return TO_MEND if built.document.draft else DONE

    return guarded(arguments, action, lambda problems: note_failure(folder, problems))


def _summary(built: Built, folder: Path, files: dict[str, bytes]) -> None:
    state = "草稿" if built.document.draft else "完成"
    print(f"{state}：{built.document.title}")
    for name, content in files.items():
        print(f"  {folder / name}（{len(content) / 1024:.0f} KB）")
    if built.document.draft:
        print(f"还欠 {len(built.owed)} 处，见上面的清单；补齐后重新生成就是正式文件。")
