"""What cannot be meant: an amount as a count, a share of another measure or of a part.

Names of figures; what is no registered figure (科目.预算数) is an amount.
"""

from __future__ import annotations

from generator.figures.definitions import DEFINITION_BY_NAME, Definition
from generator.figures.expressions import Add, Select
from generator.figures.measures import within
from generator.narrative.linting.scanner import Source
from generator.narrative.phrasing import SHARE_REVERSED
from generator.narrative.vocabulary import AMOUNT_FILTERS, COUNT_FILTER, measure_of, printing_filter
from generator.problems import WARNING


def check_measure(source: Source, name: str, filter_name: str, offset: int) -> None:
    """Report `{{ name | filter_name }}` if it prints an amount as a count, or a count as an amount.

    Other filters print figures of every measure.
    """
    measure = measure_of(name)
    wrong = AMOUNT_FILTERS if measure else (COUNT_FILTER,)
    if filter_name in wrong:
        kind = f"个数（{measure}）" if measure else "金额"
        message = f"“{name}”是{kind}，不用“{filter_name}”"
        hint = f"写成 {{{{ {name} | {printing_filter(name)} }}}}"
        source.report("wrong-measure", message, offset, hint)


def check_share(source: Source, part: str, whole: str, offset: int) -> None:
    """Report `{{ part | 占比(whole) }}` if the definitions of both say that it is wrong."""
    parts, wholes = DEFINITION_BY_NAME.get(part), DEFINITION_BY_NAME.get(whole)
    measures = [measure_of(name) or "金额" for name in (part, whole)]
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
        and large.expression.filters != small.expression.filters
        and within(small.expression.filters, large.expression.filters)
    )
