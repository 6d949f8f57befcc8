"""Projects: the kinds that are counted and listed, and what they spend."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.figures.expressions import Select, select
from generator.model import Project

# Name in counts and in lists of templates -> whether a project is one.
IS_OF_KIND: Mapping[str, Callable[[Project], bool]] = {
    "项目": lambda _: True,
    "重点项目": lambda project: project.key_project,
    "有目标的重点项目": lambda project: project.key_project and bool(project.indicators),
    "没有目标的重点项目": lambda project: project.key_project and not project.indicators,
    "专项转移支付项目": lambda project: project.special_transfer,
}


def lines_of(project: Project) -> Select:
    """Its expenditure lines, of all funds."""
    return select("支出", 单位=project.unit, 项目=project.name)
