"""Where accepted changes are written: the file that printed a line, or this year's own copy of it.

A template folder is shared by the departments and years that name it. A folder with a place.yaml
(沿用) holds only what differs from another one: a copy there is seen by nobody else, as long as
this year's department.yaml alone names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.load.reader import Node, Scalar, Unreadable, child, read_yaml
from generator.load.records import declared_fields
from generator.model import Department
from generator.narrative.place_strays import INHERITS
from generator.reconcile.files import Change, SourceFiles, by_path

_DEFAULT = str(declared_fields(Department)["模板"].default)
SHARED, THIS_YEAR = "模板", "本年"


class NoOwnFolder(Exception):
    """There is nowhere to write it where others do not see it; the message says what to do."""


def contents_of(
    files: SourceFiles, changes: Iterable[Change], target: str, year: int
) -> dict[Path, bytes]:
    """What to write for `changes`; NoOwnFolder. Texts of the data are this year's in any case."""
    contents: dict[Path, bytes] = {}
    for path, own in by_path(changes).items():
        source = files[path]
        file = source.file
        if target == THIS_YEAR and files.is_template(path):
            file = _own_folder(files, year) / path.partition("/")[2]
        elif files.is_template(path) and not file.is_relative_to(files.templates):
            folder = path.partition("/")[0]
            raise NoOwnFolder(
                f"{path} 是程序随附的模板，不在 {files.templates} 里，不改它。"
                f"要改，先把程序的 templates/{folder} 复制成 {files.templates / folder}，再运行一次。"
            )
        contents[file] = source.changed(own)
    return contents


def is_own(files: SourceFiles, path: str, year: int) -> bool:
    """Whether a template file is already one that only this year sees."""
    try:
        return files[path].file.is_relative_to(_own_folder(files, year))
    except NoOwnFolder:
        return False


def _own_folder(files: SourceFiles, year: int) -> Path:
    """The template folder that only this department and year use."""
    folder = files.templates / files.place
    others = [
        *(f"{other}/department.yaml" for other in _other_years(files, year)),
        *(shown for shown, file in files.place_yaml_files() if _named(file, "沿用") == files.place),
    ]
    if (folder / INHERITS).is_file() and not others:
        return folder
    code = child(_yaml(files.data / str(year) / "department.yaml"), "部门代码")
    own = f"{code.text if isinstance(code, Scalar) else '部门'}-{year}"
    users = f"（{'、'.join(others)} 也用它）" if others else ""
    raise NoOwnFolder(
        f"模板文件夹 {files.place} 是共用的{users}，没有只给本年用的文件夹。先这样建一个：\n"
        f"  1. 新建文件夹 {files.templates / own}\n"
        f"  2. 里面建文件 {INHERITS}，写一行：沿用: {files.place}\n"
        f"  3. 在 {year}/department.yaml 里写：模板: {own}\n"
        f"  4. 再运行一次，仍用 --to {THIS_YEAR}：改动写进新文件夹，别的年度和部门看不到"
    )


def _other_years(files: SourceFiles, year: int) -> list[int]:
    """Other years of these data that use the same template folder."""
    departments = sorted(files.data.glob("[12][0-9][0-9][0-9]/department.yaml"))
    return [
        int(file.parent.name)
        for file in departments
        if file.parent.name != str(year) and (_named(file, "模板") or _DEFAULT) == files.place
    ]


def _named(file: Path, key: str) -> str:
    value = child(_yaml(file), key)
    return value.text if isinstance(value, Scalar) else ""


def _yaml(file: Path) -> Node | None:
    try:
        return read_yaml(file.read_bytes(), file.name)
    except (OSError, Unreadable):
        return None
