"""A place (templates/<name>/): what a city or finance bureau decides, ready to be printed with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.narrative.environment import Compiled
from generator.narrative.phrases import Phrases
from generator.problems import Problem
from generator.tables.plan import Layouts


class Place(NamedTuple):
    """`sources` are the narrative's texts by path, `style` the bytes of style.docx, `duties` the lists
    of what must be disclosed: path within the place -> (path as problems show it, bytes).
    """

    name: str
    phrases: Phrases
    narrative: tuple[Compiled, ...]
    sources: dict[str, str]
    layouts: Layouts
    style: bytes
    warnings: tuple[Problem, ...]
    duties: Mapping[str, tuple[str, bytes]]
