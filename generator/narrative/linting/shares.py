"""Shares that cannot be meant: of another measure, or of a part in place of the whole."""

from __future__ import annotations

from generator.figures.definitions import DEFINITION_BY_NAME, Definition
from generator.figures.expressions import Add, Select
from generator.narrative.linting.scanner import Source
from generator.narrative.phrasing import SHARE_REVERSED
from generator.problems import WARNING


def check_share(source: Source, part: str, whole: str, offset: int) -> None:
    """Report `{{ part | 占比(whole) }}` if the definitions of both say that it is wrong.

    Names of figures; what is no registered figure (科目.预算数) is an amount.
    """
    parts, wholes = DEFINITION_BY_NAME.get(part), DEFINITION_BY_NAME.get(whole)
    measures = [(one.measure or "金额") if one else "金额" for one in (parts, wholes)]
    if measures[0] != measures[1]:
        message = f"“{part}”是{measures[0]}，“{whole}”是{measures[1]}，算不出占比"
        source.report("different-measures", message, offset, "括号里写同一种计量单位的总数")
    elif parts and wholes and _contains(parts, wholes):
        message = f"“{part}”里包含“{whole}”，占比会超过100%"
        hint = f"是不是 {{{{ {whole} | 占比({part}) }}}}？"
        source.report(SHARE_REVERSED, message, offset, hint, WARNING)


def _contains(large: Definition, small: Definition) -> bool:
    if isinstance(large.expression, Add):
        return small.name in large.expression.names
    return (
        isinstance(large.expression, Select)
        and isinstance(small.expression, Select)
        and large.expression.measure == small.expression.measure
        and set(large.expression.filters) < set(small.expression.filters)
    )
