"""The official classification of an edition: codes, names, the mapping between the economic sides.

Source: 政府收支分类科目 (MOF, yearly). Each entry keeps its `confidence` (seen, high, medium, low).
A place declares codes of its own in `local.csv` beside the edition: kind, code, name, document (文号).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from generator.problems import NOT_UTF_8, Place, Problem, ProblemsFound
from generator.terms import ADMINISTRATIVE, CIVIL_SERVICE_MANAGED, PUBLIC_INSTITUTION

DOUBTFUL = ("low", "medium")
_MAPPING_COLUMN = {
    "行政单位/参公": (ADMINISTRATIVE, CIVIL_SERVICE_MANAGED),
    "事业单位": (PUBLIC_INSTITUTION,),
}
_LEVEL_FILES = ("function.csv", "dept_economic.csv", "gov_economic.csv")
_MAPPING_FILE = "dept_to_gov_economic.csv"
# The columns a file cannot do without.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_LEVEL_FILES, ("code", "name", "confidence")),
    _MAPPING_FILE: ("dept_code", "unit_kind", "gov_code", "gov_name", "confidence"),
    "local.csv": ("kind", "code", "name", "document"),
    "abolished.csv": ("abolished", "name"),
}
_LOCAL_KINDS = {"function": 0, "economic": 1, "government_economic": 2}
# By kind: the lengths of its codes, and what they are written like.
_LOCAL_CODES = (
    ("[0-9]{3}([0-9]{2}){0,2}", "功能科目编码是三位、五位或七位数字，例如 2010377"),
    *(("[0-9]{3}([0-9]{2})?", "经济科目编码是三位或五位数字，例如 30177"),) * 2,
)
_CATEGORY_DIGITS = 3


class Subject(NamedTuple):
    """A classification entry (类, 款 or 项); functions name the fund they belong to.

    It is in force from `first_year` to `last_year`, both included; None leaves that side open.
    """

    code: str
    name: str
    confidence: str
    fund: str = ""
    first_year: int | None = None
    last_year: int | None = None

    def in_force(self, year: int) -> bool:
        return (self.first_year or year) <= year <= (self.last_year or year)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One edition. Names by code; governmental economic codes by (economic code, unit kind)."""

    edition: str
    functions: Mapping[str, Subject]
    economics: Mapping[str, Subject]
    government_economics: Mapping[str, Subject]
    government_by_economic: Mapping[tuple[str, str], tuple[Subject, ...]]

    def function_name(self, code: str) -> str:
        return self.functions[code].name

    def economic_name(self, code: str) -> str:
        return self.economics[code].name

    def government_economic_name(self, code: str) -> str:
        return self.government_economics[code].name

    def government_economic_of(self, economic: str, unit_kind: str) -> str | None:
        """The governmental 款 an economic 款 maps to for a kind of unit; None if not one-to-one."""
        candidates = self.government_by_economic.get((economic, unit_kind), ())
        return candidates[0].code if candidates else None


def load_catalogue(folder: Path, local: Path | None = None) -> Catalogue:
    """Read an edition's CSV files; the result is cached as long as the files do not change.

    `local` is a further local.csv, of a data folder without an edition of its own. ProblemsFound
    with what is wrong in any of them.
    """
    own = _stamped([local]) if local is not None and local.is_file() else ()
    return _load(folder, _stamped(sorted(folder.glob("*.csv"))), own)


# Each file with its time and size.
_Stamp = tuple[tuple[Path, int, int], ...]


def _stamped(files: Iterable[Path]) -> _Stamp:
    states = ((file, file.stat()) for file in files)
    return tuple((file, state.st_mtime_ns, state.st_size) for file, state in states)


@lru_cache(maxsize=8)
def _load(folder: Path, stamp: _Stamp, own: _Stamp) -> Catalogue:
    if not own:
        return _edition(folder)
    edition = _load(folder, stamp, ())  # departments with codes of their own share the rest
    levels = (edition.functions, edition.economics, edition.government_economics)
    subjects = [dict(level) for level in levels]
    for path, _, _ in own:
        _add_local(path, subjects)
    functions, economics, government_economics = subjects
    return replace(
        edition,
        functions=functions,
        economics=economics,
        government_economics=government_economics,
    )


def _edition(folder: Path) -> Catalogue:
    subjects = [_subjects(folder / name) for name in _LEVEL_FILES]
    local = folder / "local.csv"
    if local.is_file():
        _add_local(local, subjects)
    mapping: dict[tuple[str, str], tuple[Subject, ...]] = {}
    path = folder / _MAPPING_FILE
    for line, row in _rows(path):
        if row["unit_kind"] not in _MAPPING_COLUMN:
            message = f"单位性质没有“{row['unit_kind']}”这一项"
            raise ProblemsFound(
                [_bad_row(path, line, message, f"可写：{'、'.join(_MAPPING_COLUMN)}")]
            )
        entry = Subject(row["gov_code"], row["gov_name"], row["confidence"])
        for kind in _MAPPING_COLUMN[row["unit_kind"]]:
            pair = row["dept_code"], kind
            mapping[pair] = (*mapping.get(pair, ()), entry)
    return Catalogue(folder.name, subjects[0], subjects[1], subjects[2], mapping)


def _subjects(path: Path) -> dict[str, Subject]:
    """The subjects of a file by code; ProblemsFound with the rows that cannot be one."""
    line_by_code: dict[str, int] = {}
    subjects, problems = {}, []
    for line, row in _rows(path):
        code = row["code"]
        first = line_by_code.setdefault(code, line)
        years = [row.get(column) or "" for column in ("valid_from", "valid_to")]
        if first != line:
            message, hint = f"科目 {code} 写了两次，先见于第 {first} 行", "核对编码，只留一行"
        elif not code or not row["name"]:
            message, hint = "科目这一行没有编码或名称", "补上 code 和 name，或删掉这一行"
        elif any(years) and not all(re.fullmatch("([0-9]{4})?", year, re.ASCII) for year in years):
            message, hint = (
                f"科目 {code} 的起止年份不是年份",
                "valid_from、valid_to 写四位数字或空着",
            )
        else:
            subjects[code] = _subject(row, years)
            continue
        problems.append(_bad_row(path, line, message, hint))
    if problems:
        raise ProblemsFound(problems)
    return subjects


def _subject(row: Mapping[str, str], years: Iterable[str]) -> Subject:
    span = (int(year) if year else None for year in years)
    return Subject(row["code"], row["name"], row["confidence"], row.get("fund") or "", *span)


def _bad_row(path: Path, line: int, message: str, hint: str) -> Problem:
    return Problem("bad-catalogue", message, _place(path, line), hint)


def _place(path: Path, line: int = 0) -> Place:
    """A file of an edition, or beside the editions, as problems show it."""
    folder = "" if path.parent.name == "catalogue" else f"{path.parent.name}/"
    return Place(f"catalogue/{folder}{path.name}", line)


def _add_local(path: Path, subjects: list[dict[str, Subject]]) -> None:
    """Add the codes of a local.csv; parents may stand anywhere in the file."""
    added: dict[tuple[int, str], int] = {}
    problems = []
    for number, row in _rows(path):
        kind = _LOCAL_KINDS.get(row["kind"])
        if kind is None or not row["code"] or not row["name"] or not row["document"]:
            message, hint = (
                "地方科目这一行不完整",
                "四列都要写：kind（function、economic 或 government_economic）,"
                "code,name,document（文号）",
            )
        elif first := added.get((kind, row["code"])):
            message = f"地方科目 {row['code']} 写了两次，先见于第 {first} 行"
            hint = "核对编码，只留一行"
        elif wrong := _wrong_local(kind, row["code"], row["name"], subjects[kind]):
            message, hint = wrong
        else:
            subjects[kind].setdefault(row["code"], Subject(row["code"], row["name"], "local"))
            added[kind, row["code"]] = number
            continue
        problems.append(Problem("bad-local-code", message, _place(path, number), hint))
    for (kind, code), number in added.items():
        missing = [p for p in _parents(code) if p not in subjects[kind]]
        if missing:
            message = f"地方科目 {code} 的上级 {'、'.join(missing)} 不在科目表里"
            hint = "核对编码；上级也是地方增设的，同样写进这个文件"
            problems.append(Problem("bad-local-code", message, _place(path, number), hint))
    if problems:
        raise ProblemsFound(problems)


def _wrong_local(
    kind: int, code: str, name: str, known: Mapping[str, Subject]
) -> tuple[str, str] | None:
    """Message and hint, if a local code cannot be one or is another subject's."""
    pattern, shape = _LOCAL_CODES[kind]
    if not re.fullmatch(pattern, code, re.ASCII):
        return f"“{code}”不是科目编码", shape
    if code in known and known[code].name != name:
        return (
            f"科目 {code} 已经有名称“{known[code].name}”，不能改成“{name}”",
            "官方科目照官方名称用，删掉这一行；要增设，另编一个编码",
        )
    return None


def _parents(code: str) -> tuple[str, ...]:
    """The 类 and the 款 above a code."""
    return tuple(code[:digits] for digits in range(_CATEGORY_DIGITS, len(code), 2))


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a file with their lines, what is absent as ""; ProblemsFound if it has none."""
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), restval="")
        rows = [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        raise ProblemsFound(
            [Problem("missing-file", "缺少这个文件", _place(path), "补上这个文件")]
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        hint = "用记事本打开，另存为时编码选“UTF-8”；Excel 里另存为“CSV UTF-8”"
        message = "文件不是 UTF-8 编码，看起来是 Excel 存的 GBK（ANSI）"
        raise ProblemsFound([Problem(NOT_UTF_8, message, _place(path, line), hint)]) from None
    except csv.Error as error:
        message, hint = f"不是完好的 CSV：{error}", "用 Excel 打开，另存为“CSV UTF-8”"
        raise ProblemsFound([_bad_row(path, 0, message, hint)]) from None
    needed = _COLUMNS[path.name]
    if missing := [column for column in needed if column not in (reader.fieldnames or ())]:
        message = f"表头缺少 {'、'.join(missing)}"
        hint = f"第一行是列名，照原样写：{','.join(needed)}"
        raise ProblemsFound([_bad_row(path, 1, message, hint)])
    return rows


@lru_cache(maxsize=4)
def load_abolished(root: Path) -> tuple[tuple[str, str], ...]:
    """(abolished class name, name in force) from abolished.csv beside the editions."""
    file = root / "abolished.csv"
    return (
        tuple((row["abolished"], row["name"]) for _, row in _rows(file)) if file.is_file() else ()
    )
