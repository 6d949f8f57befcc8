"""Departments as files, in the format of data/2023 (one record a line), and planted defects."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from departments_random import Department, Record, fen, group_of, yuan

_NUMBER_KEYS = (
    "金额",
    "其中财政拨款",
    "数值",
    "采购数量",
    "年度",
    "一般公务用车",
    "其他用车",
    "通用设备",
    "专用设备",
)
_PLAIN = re.compile(r"[一-鿿（）、；，。“”0-9%％]*[一-鿿][一-鿿（）、；，。“”0-9]*")

LIST_FILES = ("expenditure", "revenue", "projects", "procurement", "reasons", "controls")

# (file name, number of the record) -> its line
Lines = dict[tuple[str, int], int]


def write_department(department: Department, data_root: Path) -> Lines:
    """Write the year (and what was published the year before); gives the line of every record."""
    folder = data_root / str(department.year)
    folder.mkdir(parents=True, exist_ok=True)
    lines: Lines = {}
    for name in LIST_FILES:
        records: list[Record] = getattr(department, name)
        if records or name in ("expenditure", "revenue"):
            text = [f"# {name}"]
            for number, record in enumerate(records):
                lines[f"{name}.yaml", number] = len(text) + 1
                text += _listed(record)
            text += [] if records else ["[]"]
            _write(folder / f"{name}.yaml", text)
    for name in ("performance", "assets"):
        record = getattr(department, name)
        if record is not None:
            _write(folder / f"{name}.yaml", list(_block(record)))
    head = list(_block(department.head))
    for number, unit in enumerate(department.units):
        lines["department.yaml", number] = head.index(f"  - {_flow(unit)}") + 1
    _write(folder / "department.yaml", head)
    if department.prior is not None:
        published = data_root / str(department.year - 1) / "published"
        published.mkdir(parents=True)
        _write(published / "facts.yaml", list(_block(department.prior)))
    return lines


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _listed(record: Record) -> Iterator[str]:
    """A record of a list file: one line, or a block where it holds records itself."""
    if any(isinstance(value, list) for value in record.values()):
        first, *rest = _block(record)
        yield f"- {first}"
        yield from (f"  {line}" for line in rest)
    else:
        yield f"- {_flow(record)}"


def _block(record: Record) -> Iterator[str]:
    for key, value in record.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{key}:"
            yield from (f"  - {_flow(item)}" for item in value)
        elif isinstance(value, list):
            yield f"{key}: [{', '.join(_scalar('', text) for text in value)}]"
        else:
            yield f"{key}: {_flow(value) if isinstance(value, dict) else _scalar(key, value)}"


def _flow(record: Record) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(key, value)}" for key, value in record.items()) + "}"


def _scalar(key: str, value: object) -> str:
    text = str(value)
    if key in _NUMBER_KEYS or _PLAIN.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def change_amount(
    department: Department, number: int, difference: int
) -> tuple[Department, set[tuple[str, int]]]:
    """Expenditure line `number` with `difference` fen more, and the revenue line that pays for it.

    Gives the changed records as (file name, number).
    """
    expenditure = copy.deepcopy(department.expenditure)
    revenue = copy.deepcopy(department.revenue)
    line = expenditure[number]
    line["金额"] = yuan(fen(line["金额"]) + difference)
    payer = next(n for n, candidate in enumerate(revenue) if _pays(candidate, line))
    revenue[payer]["金额"] = yuan(fen(revenue[payer]["金额"]) + difference)
    if "其中财政拨款" in revenue[payer] and line.get("财政拨款") != "否":
        revenue[payer]["其中财政拨款"] = yuan(fen(revenue[payer]["其中财政拨款"]) + difference)
    changed = replace(department, expenditure=expenditure, revenue=revenue)
    return changed, {("expenditure.yaml", number), ("revenue.yaml", payer)}


def _pays(revenue: Record, expenditure: Record) -> bool:
    return all(
        (
            revenue["单位"] == expenditure["单位"],
            group_of(revenue["资金来源"]) == group_of(expenditure["资金来源"]),
            revenue.get("来源年度") == expenditure.get("来源年度"),
            revenue.get("涉密") == expenditure.get("涉密"),
        )
    )


def replace_line(path: Path, number: int, old: str, new: str) -> None:
    """Plant a defect: `old` becomes `new` in one line of a file, which must hold it."""
    lines = path.read_text(encoding="utf-8").split("\n")
    assert old in lines[number - 1], (old, lines[number - 1])
    lines[number - 1] = lines[number - 1].replace(old, new, 1)
    path.write_text("\n".join(lines), encoding="utf-8")
