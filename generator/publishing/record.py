"""record.yaml: when and as what a year was published, every correction, and what was frozen.

The files of published/ are told from altered ones by their fingerprints: SHA-256, as `sha256sum`
prints it (line ends as on Linux).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from generator.fields import DATE, TEXT, ListOf, Record, code, key
from generator.load.records import parse_record
from generator.problems import WARNING, Place, Problem

FOLDER = "published"
RECORD_FILE, TEXT_FILE = "record.yaml", "text.txt"

# Never out of the folder: a correction takes away those that are no longer frozen.
_NAME = code(
    "published/ 里的文件名", "(?:[a-z0-9]+/)*[a-z0-9]+[.][a-z]+", "units/159001/facts.yaml"
)
FINGERPRINT = code("公布时由程序写的校验值", "[0-9a-f]{64}", "0f3a…（64 位）")


@dataclass(frozen=True, slots=True)
class FrozenFile(Record):
    """A file of published/ and what it held when it was frozen."""

    name: str = key("文件", _NAME, "published/ 里的文件")
    fingerprint: str = key("指纹", FINGERPRINT, "存档时内容的校验值")


@dataclass(frozen=True, slots=True)
class Correction(Record):
    """更正: an explicit change of what was published."""

    date: str = key("日期", DATE, "更正日期")
    reason: str = key("原因", TEXT, "为什么更正")
    fingerprint: str = key("指纹", FINGERPRINT, "更正以后文本的校验值")
    document: str = key("文号", TEXT, "更正依据的文号", "")
    changes: tuple[str, ...] = key("改动", ListOf(TEXT), "改了哪些数", ())


@dataclass(frozen=True, slots=True)
class PublicationRecord(Record):
    """When and as what the year was published; `files` are as of the last correction."""

    date: str = key("日期", DATE, "公布日期")
    fingerprint: str = key("指纹", FINGERPRINT, "公布时文本的校验值")
    document: str = key("文号", TEXT, "批复或公布的文号", "")
    corrections: tuple[Correction, ...] = key("更正", ListOf(Correction), "以后的更正", ())
    files: tuple[FrozenFile, ...] = key("冻结", ListOf(FrozenFile), "存档的文件", ())

    @property
    def last_date(self) -> str:
        return self.corrections[-1].date if self.corrections else self.date

    @property
    def last_document(self) -> str:
        """The 文号 in force: the last one that was given."""
        numbers = (self.document, *(item.document for item in self.corrections))
        return next((number for number in reversed(numbers) if number), "")


def read_record(data: Path, year: int) -> PublicationRecord | None:
    """The record of a published year, or None; ProblemsFound if it is damaged."""
    path = f"{year}/{FOLDER}/{RECORD_FILE}"
    if not (data / path).is_file():
        return None
    return parse_record(PublicationRecord, (data / path).read_bytes(), path)


def with_record(files: Mapping[str, bytes], record: PublicationRecord) -> dict[str, bytes]:
    """`files` of published/ and the record that lists them."""
    frozen = tuple(FrozenFile(name, _fingerprint(files[name])) for name in sorted(files))
    return {**files, RECORD_FILE: _record_yaml(replace(record, files=frozen)).encode()}


def fingerprint_of(files: Mapping[str, bytes]) -> str:
    """That of the text, which stands for all of a publication."""
    return _fingerprint(files[TEXT_FILE])


def altered_files(data: Path, year: int) -> Iterator[Problem]:
    """Files of published/ that are not what was frozen: somebody corrected them silently."""
    record = read_record(data, year)
    for file in record.files if record is not None else ():
        path = f"{year}/{FOLDER}/{file.name}"
        exists = (data / path).is_file()
        if not exists or _fingerprint((data / path).read_bytes()) != file.fingerprint:
            yield Problem(
                "published-altered",
                f"{year} 年公布时存档的这个文件{'被改过' if exists else '不见了'}",
                Place(path, 1),
                f"从备份恢复；公布的内容确要更正，改数据再用 publish {year} --correct “原因”",
                WARNING,
                related=(file.place,),
            )


def _fingerprint(content: bytes) -> str:
    # A version control system may have changed the line ends.
    return sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _record_yaml(record: PublicationRecord) -> str:
    lines = [
        "# 公布记录，由 publish 写成；更正用 publish --correct。",
        f'日期: "{record.date}"',
        f'指纹: "{record.fingerprint}"',
    ]
    if record.document:
        lines.append(f"文号: {quoted(record.document)}")
    if record.corrections:
        lines.append("更正:")
    for item in record.corrections:
        lines += [f'  - 日期: "{item.date}"', f"    原因: {quoted(item.reason)}"]
        lines += [f"    文号: {quoted(item.document)}"] if item.document else []
        lines.append(f'    指纹: "{item.fingerprint}"')
        lines += ["    改动:"] if item.changes else []
        lines += [f"      - {quoted(change)}" for change in item.changes]
    lines.append("冻结:")
    lines += [
        f'  - {{文件: {quoted(file.name)}, 指纹: "{file.fingerprint}"}}' for file in record.files
    ]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A YAML double-quoted scalar: any text is safe in it."""
    return json.dumps(text, ensure_ascii=False)
