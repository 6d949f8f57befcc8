"""`import FILE… --year YEAR`: exported spreadsheets into the year's data files, or why not."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from generator.collector import collector_paused
from generator.commands.common import (
    DONE,
    TO_MEND,
    WRONG_USE,
    add_folder,
    say,
    show,
    telling_problems,
    year_number,
)
from generator.commands.output import put_all
from generator.fields import OWED_TEXT
from generator.importing.cell_names import row_names
from generator.importing.mapping import DEFAULT_MAPPING, load_mapping
from generator.importing.merge import Merge
from generator.importing.plan import LeftOut, Plan, Progress, plan_import
from generator.importing.published import plan_published
from generator.importing.rows import SheetRows
from generator.importing.targets import AMOUNT
from generator.money import Money

_ALTERED = ("改前", "改后")
_SHOWN = 40  # lines of a difference, rows of a kind
_SHOWN_PROBLEMS = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="文件",
        help="导出的表：.xlsx .xls .ods .csv，可以几个",
    )
    parser.add_argument("--year", required=True, type=year_number, metavar="年度", help="四位数字")
    parser.add_argument(
        "--mapping",
        default=DEFAULT_MAPPING,
        metavar="对照文件",
        help="列名对照：写文件，或写自带的名称",
    )
    parser.add_argument(
        "--sheet", action="append", default=[], metavar="工作表", help="只导入这张工作表，可写几次"
    )
    parser.add_argument("--dry-run", action="store_true", help="只看会怎样，不写文件")
    parser.add_argument("--replace", action="store_true", help="现有文件有不同时，照导入的改")
    parser.add_argument(
        "--keep", action="store_true", help="导入里没有的行留着不删（与 --replace 一起用）"
    )
    parser.add_argument("--force", action="store_true", help="明知有错也写（读不出的行不写）")
    parser.add_argument("--all", action="store_true", help="全部差异和问题都列出来")
    parser.add_argument(
        "--published", action="store_true", help="导入上年公布的附表，写入 published/facts.yaml"
    )
    add_folder(parser, "data")
    parser.add_argument("--json", action="store_true", help="问题写成 JSON，供别的程序读")


@telling_problems
@collector_paused()  # every row stays until the end: it would be looked at for nothing
def run(arguments: argparse.Namespace) -> int:
    if arguments.keep and not arguments.replace and not arguments.dry_run:
        print("--keep 要与 --replace 一起用。", file=sys.stderr)
        return WRONG_USE
    mapping = load_mapping(arguments.mapping)
    planner = plan_published if arguments.published else plan_import
    plan = planner(
        arguments.files,
        arguments.data,
        arguments.year,
        mapping,
        only=tuple(arguments.sheet),
        keep_missing=arguments.keep,
        progress=_progress(),
    )
    limit = None if arguments.all else _SHOWN_PROBLEMS
    show(plan.problems[:limit], arguments.json)
    if limit is not None and len(plan.problems) > limit and not arguments.json:
        print(f"还有 {len(plan.problems) - limit} 处没有列出，加 --all 全部列出。", file=sys.stderr)
    _summary(plan, arguments)
    for merged in plan.merges:
        _difference(merged, arguments)
    return _decide(plan, arguments)


def _decide(plan: Plan, arguments: argparse.Namespace) -> int:
    if plan.errors and not arguments.force:
        forced = "确要照样写入，加 --force（明知有错也写）。" if plan.merges else ""
        say(arguments, f"\n有 {plan.errors} 处要改，什么也没有写。{forced}")
        return TO_MEND
    pending = [merged for merged in plan.merges if merged.differs]
    if arguments.dry_run:
        say(arguments, "\n这是试运行，什么也没有写。")
        return TO_MEND if plan.errors else DONE
    if any(merged.exists for merged in pending) and not arguments.replace:
        say(arguments, "\n现有文件与导入的不同，什么也没有写。看过上面的差异，加 --replace 照改。")
        return TO_MEND
    folder = arguments.data / str(arguments.year)
    write_plan(plan, folder)
    for merged in pending:
        say(arguments, f"写了 {folder / merged.target}")
    if not pending:
        say(arguments, "\n与现有文件一致，没有要写的。")
    return TO_MEND if plan.errors else DONE


def _summary(plan: Plan, arguments: argparse.Namespace) -> None:
    for account in plan.accounts:
        say(arguments, _account_text(account))
    for layout in plan.layouts:
        if not layout.measure_declared:
            measure = layout.amounts[0].measure
            say(arguments, f"  {layout.sheet.title} 没有注明金额单位，按{measure}导入")
    if plan.unused:
        say(arguments, f"  没有导入的列：{'、'.join(plan.unused)}")
    if plan.left_out:
        say(arguments, f"  有 {plan.left_out} 行读不完整，不会写入")
    for target, records in plan.records.items():
        amount = sum(record.fen for record in records)
        summed = f"，共 {Money(amount).yuan:,.2f} 元" if amount else ""
        say(arguments, f"{target}：{len(records)} 条{summed}")


def _account_text(account: SheetRows | LeftOut) -> str:
    if isinstance(account, LeftOut):
        return f"{account.title}：{account.note}"
    counted = (
        (len(account.totals), "行合计、小计", ()),
        (len(account.repeated_headers), "行重复的表头", ()),
        (len(account.notes), "行附注", account.notes),
        (len(account.empty_rows), "行没有金额，没有导入", account.empty_rows),
    )
    others = "".join(
        f"，{number} {what}{_numbered(rows)}" for number, what, rows in counted if number
    )
    details, amounts = account.details, account.layout.amounts
    positions = [n for n, column in enumerate(amounts) if column.field == AMOUNT]
    fen = sum(detail.amounts[n] or 0 for detail in details for n in positions)
    text = (
        f"{account.title}（{account.layout.rule.name}）：{len(details)} 行明细，"
        f"共 {Money(fen).yuan:,.2f} 元{others}"
    )
    if account.filled:
        shown = "、".join(account.filled[:10]) + ("…" if len(account.filled) > 10 else "")
        text += f"\n  {len(account.filled)} 个空白格沿用了上一行：{shown}"
    return text


def _numbered(rows: tuple[int, ...]) -> str:
    """（第 7—9、12 行）, the first few of many."""
    more = "…" if len(rows) > _SHOWN else ""
    return f"（第 {row_names(rows[:_SHOWN])}{more} 行）" if rows else ""


def _difference(merged: Merge, arguments: argparse.Namespace) -> None:
    """Removed, changed and added lines of an existing file; a new file only by its size."""
    if not merged.exists:
        say(arguments, f"\n{merged.target}：新文件，{len(merged.added)} 行")
        return
    if not merged.differs:
        kept = f"，另有 {merged.kept} 行导入里没有" if merged.kept else ""
        say(arguments, f"\n{merged.target}：{merged.unchanged} 行没有变化{kept}")
        return
    filled = sum(_fills(pair) for pair in merged.changed)
    say(
        arguments,
        f"\n{merged.target}：增加 {len(merged.added)} 行，删除 {len(merged.removed)} 行，"
        + (f"填上 {filled} 行，" if filled else "")
        + f"修改 {len(merged.changed) - filled} 行，不变 {merged.unchanged} 行"
        + (f"，导入里没有而保留 {merged.kept} 行" if merged.kept else ""),
    )
    lines = list(_marked_lines(merged))
    limit = len(lines) if arguments.all else _SHOWN
    say(arguments, *lines[:limit])
    if len(lines) > limit:
        say(arguments, f"…… 还有 {len(lines) - limit} 行差异，加 --all 全部列出")


def _fills(pair: tuple[str, str]) -> bool:
    """Whether what was owed in a line is now there: nothing is lost by it."""
    before, after = pair
    return OWED_TEXT in before and OWED_TEXT not in after


def _marked_lines(merged: Merge) -> Iterator[str]:
    """The lines as they stand in the file, behind what becomes of them; filled ones last."""
    changed = [pair for pair in merged.changed if not _fills(pair)]
    altered = ((mark, text) for pair in changed for mark, text in zip(_ALTERED, pair, strict=True))
    removed = (("删除", text) for text in merged.removed)
    added = (("增加", text) for text in merged.added)
    filled = (("填上", after) for before, after in merged.changed if _fills((before, after)))
    for mark, text in chain(removed, altered, added, filled):
        for line in text.split("\n"):
            yield f"  {mark}  {line}"


def write_plan(plan: Plan, folder: Path) -> None:
    """The files that differ, all or none."""
    put_all(folder, {m.target: m.content for m in plan.merges if m.differs})


def _progress() -> Progress:
    """Says on stderr what is being done, once the work has taken more than a second."""
    started = time.monotonic()

    def progress(text: str) -> None:
        if time.monotonic() - started > 1:
            print(f"……{text}", file=sys.stderr, flush=True)

    return progress
