"""What people call a figure that has no name of its own: its parts, with the names of codes."""

from __future__ import annotations

from collections.abc import Mapping

from generator.catalogue import Catalogue, Subject
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.expressions import Select
from generator.figures.figure import Figure
from generator.figures.last_year import family_name
from generator.model import Department, Unit


def label_of(figure: Figure, department: Department, catalogue: Catalogue) -> str:
    """一般公共预算支出（2010301 行政运行）; 收入（159001 …局，本年）."""
    expression = figure.expression
    if not isinstance(expression, Select) or figure.name in DEFINITION_BY_NAME:
        return figure.name
    family, filters = family_name(figure, "功能科目"), expression.filters
    if family in DEFINITION_BY_NAME:
        filters = tuple(f for f in filters if f[0] == "功能科目")
    else:
        family = expression.measure
    subjects: Mapping[str, Mapping[str, Subject | Unit]] = {
        "功能科目": catalogue.functions,
        "经济科目": catalogue.economics,
        "政府经济科目": catalogue.government_economics,
        "单位": {unit.code: unit for unit in department.units},
    }
    words = []
    for dimension, values in filters:
        named = subjects.get(dimension, {})
        plain = {"是": dimension, "否": f"非{dimension}"}
        words += [
            f"{value} {named[value].name}" if value in named else plain.get(value, value)
            for value in values
        ]
    return f"{family}（{'，'.join(words)}）" if words else family
