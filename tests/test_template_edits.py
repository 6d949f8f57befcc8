"""Edits of a place's files that no single file shows to be wrong, or that used to stop with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from sentence_desk import build, data, refused, replace, templates

__all__ = ["data", "templates"]  # fixtures

TABLES = "henan/narrative/50-tables.txt"


@pytest.mark.parametrize(
    ("placed", "line", "which"),
    [
        (":::全部表\n\n:::全部表", 9, "表“01-revenue-expenditure”等 14 张在"),
        (":::全部表\n:::表 02-revenue", 8, "表“02-revenue”在"),
        (":::表 02-revenue\n:::全部表", 8, "表“02-revenue”在"),
        ("{% for 单位 in 支出功能科目 %}\n:::表 02-revenue\n{% endfor %}", 8, "表“02-revenue”在"),
    ],
)
def test_a_table_has_one_place(
    data: Path, templates: Path, placed: str, line: int, which: str
) -> None:
    replace(templates / TABLES, ":::全部表", placed)
    replace(data / "2024/expenditure.yaml", "1000000}\n", "500000}\n")
    more = (data / "2024/expenditure.yaml").read_text("utf-8").replace("2070807", "2070808")
    with (data / "2024/expenditure.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    (problem,) = refused(data, templates)
    assert (problem.rule, problem.place[:2]) == ("table-twice", (TABLES, line))
    assert which in problem.message
    assert problem.excerpt.startswith(":::")


def test_a_table_of_each_branch_is_placed_once(data: Path, templates: Path) -> None:
    each = "{% if 三公经费 %}\n:::全部表\n{% else %}\n:::全部表\n{% endif %}"
    replace(templates / TABLES, ":::全部表", each)
    assert build(data, templates).document


def test_a_heading_may_be_called_as_a_table_is(data: Path, templates: Path) -> None:
    replace(templates / TABLES, ":::全部表", "## 02-revenue\n\n:::全部表")
    ids = [block.id for block in build(data, templates).document.blocks() if hasattr(block, "id")]
    assert len(ids) == len(set(ids))
