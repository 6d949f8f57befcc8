"""A new year's folder from the year before: structure and texts carried over, every amount owed.

The files are rewritten line by line, so that comments, order and layout stay as people keep them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from generator.problems import Place, Problem, ProblemsFound

# Files carried over; findings acknowledged and controls issued belong to their year.
CARRIED = (
    "department.yaml",
    "expenditure.yaml",
    "revenue.yaml",
    "projects.yaml",
    "performance.yaml",
    "procurement.yaml",
    "assets.yaml",
    "reasons.yaml",
)
_AMOUNT = re.compile(
    r"((?:金额|其中财政拨款)\s*:\s*)(\"?)-?[0-9]+(?:\.[0-9]{1,2})?\2(?=\s*[,}#]|\s*$)"
)
_TEXT_VALUE = re.compile(r"(原因\s*:\s*)(\"(?:[^\"\\]|\\.)*\"|[^,}#\n]*[^,}#\s])")
_YEAR = re.compile(r"^(年度\s*:\s*)\"?[0-9]{4}\"?", re.MULTILINE)
_EDITION = re.compile(r"^(科目版本\s*:\s*)\"?[0-9]{4}\"?", re.MULTILINE)
_DATE = re.compile(r"((?:公布日期|截至日期)\s*:\s*)\"?([0-9]{4})(-[0-9]{2}-[0-9]{2})\"?")
_RECONSTRUCTED = re.compile(r"\A(?:#[^\n]*\n)+")


def rolled_forward(data: Path, year: int, editions: tuple[str, ...]) -> Mapping[str, bytes]:
    """File name -> content of data/<year>/, made from data/<year-1>/.

    `editions` are the catalogue editions at hand; the newest not newer than `year` is chosen.
    ProblemsFound if the year exists already or there is nothing to start from.
    """
    folder, source = data / str(year), data / str(year - 1)
    if folder.exists() and any(folder.glob("*.yaml")):
        raise _refused(
            "year-exists", f"{year} 年的数据已经有了", f"{year}/", "要重来先移走这个文件夹"
        )
    if not (source / "department.yaml").is_file():
        raise _refused(
            "missing-year", f"没有 {year - 1} 年的数据", f"{year - 1}/", "先建上一年的数据"
        )
    edition = max((e for e in editions if int(e) <= year), default=min(editions, default=str(year)))
    return {
        name: _rolled(name, (source / name).read_text(encoding="utf-8-sig"), year, edition).encode()
        for name in CARRIED
        if (source / name).is_file()
    }


def _rolled(name: str, text: str, year: int, edition: str) -> str:
    head = f"# {year}年数据，由 {year - 1} 年结转：金额和原因都是 待填，其余内容请逐项核对。\n"
    text = _RECONSTRUCTED.sub("", text, count=1)
    text = _AMOUNT.sub(r"\1待填", text)
    if name == "reasons.yaml":
        text = _TEXT_VALUE.sub(r"\1待填", text)
    if name == "department.yaml":
        text = _YEAR.sub(rf"\g<1>{year}", text)
        if _EDITION.search(text):
            text = _EDITION.sub(rf'\g<1>"{edition}"', text)
        else:
            text = text.rstrip("\n") + f'\n科目版本: "{edition}"\n'
    if name in ("department.yaml", "assets.yaml"):
        text = _DATE.sub(lambda m: f'{m[1]}"{int(m[2]) + 1}{m[3]}"', text)
    return head + text


def _refused(rule: str, message: str, path: str, hint: str) -> ProblemsFound:
    return ProblemsFound([Problem(rule, message, Place(path), hint)])
