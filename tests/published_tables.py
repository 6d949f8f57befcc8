"""The 11 published tables as grids of texts, cut out of the published text after true placement.

The extraction lost and shifted cells (audit §3). Every correction of a place is one line in
PLACEMENTS; no character is changed except white space, which the extraction put in at line ends.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

TEXT = Path(__file__).parent / "fixtures" / "published-2023.txt"

Grid = list[list[str]]

# Table id -> (title as published, header lines in the text, columns).
PUBLISHED = {
    "01-revenue-expenditure": ("2023年部门收支预算表", 2, 4),
    "02-revenue": ("2023年部门收入预算表", 3, 20),
    "03-expenditure": ("2023年部门支出预算表", 3, 14),
    "04-fiscal-appropriation": ("2023年财政拨款收支总体情况表", 3, 8),
    "05-general-public-budget": ("2023年一般公共预算支出预算表", 3, 14),
    "06-basic-expenditure": ("一般公共预算基本支出表", 2, 7),
    "08-three-public-expenses": ("2023年一般公共预算“三公”经费预算表", 2, 6),
    "10-projects": ("项目支出预算表", 2, 12),
    "11-overall-performance": ("本级部门(单位)整体绩效目标表", 0, 5),
    "12-project-performance": ("2023年度部门预算项目绩效目标表", 3, 14),
    "14-procurement": ("政府采购汇总表", 2, 10),
}


def published_grid(table: str) -> Grid:
    """The rows below the header of a published table, every cell in its true place."""
    title, header, columns = PUBLISHED[table]
    rows = _lines(title)[header:]
    grid = [["".join(text.split()) for text in row] for row in rows]
    grid = PLACEMENTS.get(table, lambda rows: rows)(grid)
    return [(row + [""] * columns)[:columns] for row in grid]


def published_note(table: str) -> str:
    lines = TEXT.read_text(encoding="utf-8").split("\n")
    return next(line for line in lines[_start(lines, PUBLISHED[table][0]) :] if line[:2] == "注：")


def _start(lines: list[str], title: str) -> int:
    annex = lines.index("2023年部门预算表")
    return lines.index(title, annex) + 1


def _lines(title: str) -> Grid:
    """The tab-separated lines from a title to the next one."""
    lines = TEXT.read_text(encoding="utf-8").split("\n")
    titles = {name for name, _, _ in PUBLISHED.values()}
    rows = []
    for line in lines[_start(lines, title) :]:
        if line in titles:
            break
        if "\t" in line:
            rows.append(line.split("\t"))
    return rows


def _expenditure(rows: Grid) -> Grid:
    # Audit §3 T3: the blank 资本性支出 cell was dropped, blanks were appended at the end.
    return [[*row[:10], "", *row[10:]] for row in rows]


def _project_targets(rows: Grid) -> Grid:
    # Audit §3 T12: the project's lines lost one blank (单位资金) …
    rows[2:-1] = [[*row[:5], "", *row[5:]] for row in rows[2:-1]]
    # … and 工资发放时效性 is six columns left.
    rows[-1] = [*[""] * 6, *rows[-1][:-6]]
    return rows


def _overall_targets(rows: Grid) -> Grid:
    names = [row[2] for row in rows]
    first, last = names.index("决算真实性"), names.index("资产管理规范性")
    # Audit §3 T11: the explanations slide one row up from 决算真实性 on …
    glued = "反映本部门决算工作情况"
    own, _, text = rows[first - 1][4].partition(glued)
    moved = [glued + text, *(row[4] for row in rows[first : last + 1])]
    rows[first - 1][4] = own
    for row, explanation in zip(rows[first : last + 1], moved, strict=False):
        row[4] = explanation
    # … 绩效目标编制完成率 slides two columns left, and its 二级指标 one row down.
    name, value = rows[last + 1][:2]
    rows[last + 1] = ["", rows[last + 2][1], name, value, moved[-1]]
    rows[last + 2][1] = ""
    return rows


PLACEMENTS: dict[str, Callable[[Grid], Grid]] = {
    "03-expenditure": _expenditure,
    "11-overall-performance": _overall_targets,
    "12-project-performance": _project_targets,
}
