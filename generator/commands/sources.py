"""What a returned file can be compared with: the model it was built from, and the current data."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.build import Built, build_loaded, build_unit, unknown_unit
from generator.commands.common import PROJECT, WRONG_USE, add_folder, year_number
from generator.document import Document
from generator.load.budget import load_budget
from generator.problems import ERROR, ProblemsFound, reason_of
from generator.units import DEPARTMENT_DISCLOSURE, UNIT_DISCLOSURE, disclosure_title, records_folder
from generator.verify.baseline import Baseline, baseline_of
from generator.verify.choice import Candidate, furniture_of_style, year_of
from generator.verify.package import MOST_FILE_BYTES, UnusableFile
from generator.verify.reading import Found, read_returned
from generator.verify.report import CURRENT
from generator.writers.model_reader import UnreadableModel, read_model

MODEL_FILE = "model.json"


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the data, the templates and what was built are kept."""
    year_help = "预算年度；不写就从文件里看"
    parser.add_argument("--year", metavar="年度", type=year_number, help=year_help)
    unit_help = "某个预算单位自己的文件：单位代码；不写就从文件里看"
    parser.add_argument("--unit", metavar="单位代码", default="", help=unit_help)
    add_folder(parser, "data")
    add_folder(parser, "templates")
    add_folder(parser, "out", "输出文件夹：生成时的 model.json 在 文件夹/年度/ 里")


def told_unusable(arguments: argparse.Namespace, error: UnusableFile) -> int:
    """Why nothing can be said of the file, to people or programs; the exit code."""
    message = f"{arguments.file}：{error}"
    if arguments.json:
        print(json.dumps({"usable": False, "message": message}, ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
    return WRONG_USE


def read_file(file: Path) -> Found:
    """The content of a returned file; UnusableFile, also where there is no such file."""
    return read_returned(bytes_of(file))


def bytes_of(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_FILE_BYTES:
            raise UnusableFile("文件过大，不予读取")
        return file.read_bytes()
    except OSError as error:
        raise UnusableFile(f"打不开：{reason_of(error)}") from error


@dataclass(frozen=True, slots=True)
class Sources:
    """What a file can be compared with; `current` is None where the data cannot be built."""

    candidates: tuple[Candidate, ...]
    current: Baseline | None
    built: Built | None
    remarks: tuple[str, ...]


def sources_of(arguments: argparse.Namespace, found: Found) -> Sources:
    """model.json beside the file and in the output folder, and the current data; UnusableFile."""
    year = arguments.year or year_of(found, arguments.file.name)
    if year is None:
        raise UnusableFile("看不出是哪一年的文件；用 --year 写明，例如 --year 2023")
    remarks: list[str] = []
    built = _built(arguments, year, found, remarks)
    style = built.place.style if built else None
    current = _baseline(built.document, style) if built else None
    own = records_folder(built.book.budget) if built else str(year)
    places = dict.fromkeys(
        (folder / MODEL_FILE).resolve() for folder in (arguments.file.parent, arguments.out / own)
    )
    candidates = list(_models(places, found, style, remarks))
    if current is not None:
        if not candidates:
            looked = "、".join(_shown(place.parent) for place in places)
            remarks.append(
                f"注意：没有找到生成时的 model.json（找过 {looked}），按现在的数据对照；"
                "生成时写了 --out 的，这里也要写。"
            )
        if built is not None and _of_another(built.document, found):
            remarks.append(
                f"注意：现在的数据是“{built.document.title}”的，这份文件是“{found.title}”；"
                "别的部门的文件，写上它的 --data。"
            )
        candidates.append(Candidate(CURRENT, current))
    return Sources(tuple(candidates), current, built, tuple(remarks))


def _models(
    places: Iterable[Path], found: Found, style: bytes | None, remarks: list[str]
) -> Iterator[Candidate]:
    """What was built, where it can be read and is of the department of the file."""
    for place in places:
        try:
            document = read_model(place.read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, UnreadableModel) as error:
            why = reason_of(error) if isinstance(error, OSError) else error
            remarks.append(f"注意：{place} 没有用上：{why}")
            continue
        if _of_another(document, found):
            remarks.append(
                f"注意：{_shown(place)} 没有用上：它是“{document.title}”的，这份文件是“{found.title}”。"
            )
            continue
        yield Candidate(f"生成时的内容（{_shown(place)}）", _baseline(document, style))


def _of_another(document: Document, found: Found) -> bool:
    """Whether the file says it is of another department; one saved elsewhere may say anything."""
    ours = found.title.endswith((DEPARTMENT_DISCLOSURE, UNIT_DISCLOSURE))
    return ours and document.author not in found.title


def _baseline(document: Document, style: bytes | None) -> Baseline:
    """Without a style it is not known what stands in headers and footers."""
    furniture = None if style is None else furniture_of_style(style, draft=document.draft)
    return baseline_of(document, furniture)


def _built(
    arguments: argparse.Namespace, year: int, found: Found, remarks: list[str]
) -> Built | None:
    try:
        return build_for(arguments, year, found.title)
    except ProblemsFound as error:
        errors = [problem for problem in error.problems if problem.severity == ERROR]
        first = f"{errors[0].place.opening} {errors[0].message}" if errors else ""
        remarks.append(
            f"注意：{year} 年现在的数据有 {len(errors)} 处错误（{first}），"
            f"没有和现在的数据核对；先运行 check {year}。"
        )
        return None


def build_for(arguments: argparse.Namespace, year: int, title: str = "") -> Built:
    """The disclosure of the department; of the unit asked for, or whose file has that `title`."""
    loaded = load_budget(arguments.data, year)
    for unit in loaded.budget.department.units:
        titled = not arguments.unit and title == disclosure_title(unit.name, year, UNIT_DISCLOSURE)
        if titled or arguments.unit == unit.code:
            return build_unit(loaded, unit, arguments.data, arguments.templates)
    if arguments.unit:
        (problem,) = unknown_unit(loaded.budget, arguments.unit)
        raise UnusableFile(f"{year} 年{problem.message}；{problem.hint}")
    return build_loaded(loaded, arguments.data, arguments.templates)


def _shown(place: Path) -> str:
    """A path as people call it: inside the project without what stands before."""
    return str(place.relative_to(PROJECT) if place.is_relative_to(PROJECT) else place)
