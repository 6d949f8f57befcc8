"""`batch ROOT…`: many departments in one command, on all processors; each folder is a data root.

Departments do not depend on each other: one that is wrong is listed, and the others are written.
LibreOffice is not started; page numbers are those on record, if there are any.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from generator.build import Built, build_disclosure
from generator.commands.common import DONE, TO_MEND, WRONG_USE, add_folder, add_formats, year_number
from generator.commands.output import Locked, note_failure, write_all
from generator.commands.paging import paging_of
from generator.commands.trouble import trouble_of
from generator.office.pages import page_map_file
from generator.outputs import FORMATS, put_aside, render_outputs
from generator.problems import ERROR, OWED, WARNING, Place, Problem, ProblemsFound

COMPLETE, DRAFT, WRONG, LOCKED = "完成", "草稿", "有错", "文件被占用"


class Order(NamedTuple):
    """One department to be made: its name is that of its data folder."""

    name: str
    data: Path
    year: int
    templates: Path
    folder: Path
    formats: tuple[str, ...]


class Result(NamedTuple):
    """What became of an order: `stopping` are its errors and what it owes, `warned` counts the rest.

    `peak` is the most memory its process has held so far, in MB. Plain texts, as it is sent from
    one process to another.
    """

    order: Order
    state: str
    stopping: tuple[str, ...]
    warned: int
    seconds: float
    peak: float
    note: str = ""
    replaced: tuple[str, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "roots",
        nargs="+",
        type=Path,
        metavar="数据文件夹",
        help="一个部门一个，里面一年一个子文件夹",
    )
    parser.add_argument("--year", type=year_number, metavar="年度", help="不写就是各部门最近的年度")
    add_folder(parser, "out", "输出到 文件夹/部门/年度")
    add_folder(parser, "templates")
    add_formats(parser, FORMATS, f"逗号分开：{'、'.join(FORMATS)}")
    parser.add_argument(
        "--jobs", type=_jobs, default=0, metavar="个数", help="同时做几个，不写就用满处理器"
    )


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"“{text}”不是个数，写 1 或更大的整数")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    twins = list(_twins(arguments.roots))
    orders = [_order(arguments, root) for root in arguments.roots]
    usable = [order for order in orders if order.year]
    if twins or not usable:
        print("\n".join(twins or map(_not_a_department, orders)), file=sys.stderr)
        return WRONG_USE
    begun = time.perf_counter()
    results = []
    unusable = (_unusable(order) for order in orders if not order.year)
    made = _made(usable, arguments.jobs or _processors())
    for number, result in enumerate(chain(unusable, made), 1):
        results.append(result)
        line = f"[{number}/{len(orders)}] {result.order.name}：{result.state}"
        print(f"{line} {result.seconds:.2f} 秒", file=sys.stderr)
        for said in result.replaced:
            print(f"  {said}", file=sys.stderr)
    results.sort(key=lambda result: result.order.name)
    _print_summary(results, time.perf_counter() - begun)
    return DONE if all(result.state == COMPLETE for result in results) else TO_MEND


def _twins(roots: Sequence[Path]) -> Iterator[str]:
    """Folders of the same name: their results would be written over one another."""
    by_name: dict[str, Path] = {}
    for root in roots:
        before = by_name.setdefault(_name_of(root), root)
        if before is not root:
            yield f"{root} 与 {before} 同名，结果会写到一起；改一个文件夹名"


def _order(arguments: argparse.Namespace, root: Path) -> Order:
    """What is to be made of a folder; without a year if there is none in it."""
    years = sorted(file.parent.name for file in root.glob("[12][0-9][0-9][0-9]/*.yaml"))
    year = (arguments.year or int(years[-1])) if years else 0
    name = _name_of(root)
    folder = arguments.out / name / str(year)
    return Order(name, root, year, arguments.templates, folder, arguments.formats)


def _name_of(root: Path) -> str:
    return Path(os.path.abspath(root)).name  # noqa: PTH100  # resolve() fails on a loop of links


def _not_a_department(order: Order) -> str:
    return f"{order.data} 里没有年度文件夹（年度/department.yaml）"


def _unusable(order: Order) -> Result:
    """One of many folders is no department: `batch 文件夹/*` names whatever is there."""
    hint = "不是部门的，不用管；是部门的，建年度文件夹和 department.yaml"
    problem = Problem("no-department", _not_a_department(order), Place(order.name), hint)
    return Result(order, WRONG, (str(problem),), 0, 0.0, 0.0)


def _processors() -> int:
    """Those this process may use, which in a container are fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _made(orders: list[Order], jobs: int) -> Iterator[Result]:
    """The results as they come in."""
    if min(jobs, len(orders)) <= 1:
        yield from map(make, orders)
        return
    # Windows cannot wait for more than 61 processes.
    with ProcessPoolExecutor(max_workers=min(jobs, len(orders), 61)) as pool:
        for future in as_completed([pool.submit(make, order) for order in orders]):
            yield future.result()


def make(order: Order) -> Result:
    """Build one department and write its files; everything that is wrong is in the result."""
    begun = time.perf_counter()

    def result(state: str, problems: tuple[Problem, ...], note: str = "") -> Result:
        stopping = tuple(str(p) for p in problems if p.severity in (ERROR, OWED))
        warned = sum(p.severity == WARNING for p in problems)
        seconds = time.perf_counter() - begun
        return Result(order, state, stopping, warned, seconds, peak_memory(), note)

    try:
        built = build_disclosure(order.data, order.year, order.templates)
        files = render_outputs(built, order.formats, _recorded_pages(order, built))
        owner = built.book.department.code
        replaced = write_all(order.folder, files, owner=owner, aside=partial(put_aside, built))
    except ProblemsFound as error:
        note_failure(order.folder, error.problems)
        return result(WRONG, error.problems)
    except Locked as error:
        return result(LOCKED, (), str(error))
    except Exception as error:  # one department must not take the others with it
        message = f"没有做完：{_reason(error, order)}"
        hint = f"单独生成看详情：build {order.year} --data {order.data}"
        place = Place(f"{order.year}/")
        return result(WRONG, (Problem("not-finished", message, place, hint),))
    state = DRAFT if built.document.draft else COMPLETE
    return result(state, built.problems)._replace(replaced=tuple(replaced.lines()))


def _reason(error: Exception, order: Order) -> str:
    if isinstance(error, OSError):
        return str(trouble_of(error, (order.data, order.templates)))
    return " ".join(str(error).split()) or type(error).__name__


def _recorded_pages(order: Order, built: Built) -> Mapping[str, int] | None:
    """The page numbers on record, if they are of this content."""
    if not page_map_file(order.data, str(order.year)).is_file():
        return None  # else the Word file would be made once more, to be compared with nothing
    return paging_of(built, order.data, pdf=False, measure=False).page_by_target


def peak_memory() -> float:
    """The most memory this process has held, in MB; 0 where the system does not say."""
    try:
        import resource  # noqa: PLC0415  # Windows has none
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _print_summary(results: list[Result], seconds: float) -> None:
    for result in results:
        if result.state != COMPLETE:
            year = f" {result.order.year} 年" if result.order.year else ""
            print(f"\n{result.order.name}{year}：{result.state}{_note(result)}")
            for text in result.stopping:
                print("  " + text.replace("\n", "\n  "))
    print("\n状态      份数")
    for state in (COMPLETE, DRAFT, WRONG, LOCKED):
        count = sum(result.state == state for result in results)
        if count:
            print(f"{state}{'　' * (5 - len(state))}{count}")
    warned = sum(result.warned for result in results)
    print(
        f"\n共 {len(results)} 份，用时 {seconds:.1f} 秒，每份 {seconds / len(results):.2f} 秒；",
        end="",
    )
    peak = max(result.peak for result in results)
    memory = f"每份最多用内存 {peak:.0f} MB。" if peak else ""
    print(f"警告 {warned} 条，用 check 看。{memory}")


def _note(result: Result) -> str:
    return f"（{result.note}，在 Word 或 WPS 里关掉它再试）" if result.note else ""
