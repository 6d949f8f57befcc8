"""`new YEAR`: a new year's folder from the year before, every amount and reason 待填."""

from __future__ import annotations

import argparse
import sys

from generator.commands.common import (
    TO_MEND,
    add_year_arguments,
    done,
    say,
    show,
    telling_problems,
    unused_told,
)
from generator.commands.output import put_all
from generator.load.budget import PUBLISHED_FILE, SHIPPED_CATALOGUE, load_budget
from generator.problems import ProblemsFound
from generator.rolling import Rolled, edition_for, rolled_forward

# What is carried over as it was and may have changed since.
_TO_REVIEW = {
    "department.yaml": "部门名称、单位和性质、主要职责、内设机构、公布日期、模板",
    "projects.yaml": "项目是否继续，绩效指标（里面的数也是上年的）",
    "performance.yaml": "年度履职目标、主要任务、绩效指标",
    "procurement.yaml": "采购项目、规格和数量",
    "assets.yaml": "截至日期，车辆和设备的数量",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    data, year = arguments.data, arguments.year
    roots = (data / "catalogue", SHIPPED_CATALOGUE)
    editions = {p.parent.name for r in roots for p in r.glob("[12][0-9][0-9][0-9]/function.csv")}
    edition = edition_for(year, tuple(editions))
    rolled = rolled_forward(data, year, edition)
    put_all(data / str(year), rolled.files)
    published = (data / str(year - 1) / PUBLISHED_FILE).is_file()
    say(arguments, *_told(arguments, rolled, edition, published=published))
    try:
        load_budget(data, year)
    except ProblemsFound as error:
        show(error.problems, arguments.json)
        print(
            f"\n文件已经建好，但有 {len(error.problems)} 处要先改，才能生成草稿；"
            f"科目编码变了的，再在 {year}/recode.yaml 写明旧科目和新科目。",
            file=sys.stderr,
        )
        return TO_MEND
    return done(arguments)


def _told(
    arguments: argparse.Namespace, rolled: Rolled, edition: str, *, published: bool
) -> list[str]:
    """What was made, what to look through, what comes next."""
    year, files = arguments.year, rolled.files
    lines = [
        f"建好了 {arguments.data / str(year)}，共 {len(files)} 个文件；科目用 {edition} 版。",
        "照抄上年、请逐项核对的：",
    ]
    lines += [f"  {year}/{name}  {what}" for name, what in _TO_REVIEW.items() if name in files]
    lines += [f"  {year}/{name}" for name in files if name.startswith("units/")]
    if rolled.unused:
        lines.append(f"  没有照抄 {unused_told(rolled.unused)}")
    lines += [
        "  模板里的说明文字和名词解释",
        f"部门改名：改 department.yaml 的 部门名称。功能科目改了编码：在 {year}/recode.yaml 写一行",
        '  - {旧科目: "2010306", 新科目: "2010302", 比例: 100}',
        "单位改名、撤销、合并：先改 department.yaml 的 单位，见 docs/units.md",
    ]
    if not published:
        lines.append(f"注意：{year - 1} 年还没有公布（publish），{year} 年没有上年的数可以比较。")
    lines.append(
        f"下一步：填金额（导出的表用 import --replace）和原因，随时可以生成草稿；还欠什么看 status {year}。"
    )
    return lines
