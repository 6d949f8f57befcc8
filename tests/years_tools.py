"""What the tests of years share: the example to be changed, its commands, and frozen departments."""

from __future__ import annotations

import shutil
from pathlib import Path

from compare_tools import EXAMPLE_TEMPLATES, EXAMPLES

from generator.__main__ import main
from generator.build import Built, build_disclosure
from generator.commands.output import put_all
from generator.publishing.freezing import build_every, published_files
from generator.publishing.record import PublicationRecord, fingerprint_of, with_record

TEMPLATES = ["--templates", str(EXAMPLE_TEMPLATES)]


def example(root: Path, *, published: bool = True) -> Path:
    """The example's data in a folder of their own."""
    data = root / "data"
    shutil.copytree(EXAMPLES, data, ignore=shutil.ignore_patterns("page-map.json"))
    if not published:
        shutil.rmtree(data / "2023/published")
    return data


def command(data: Path, name: str, *arguments: str) -> int:
    return main([name, *arguments, "--data", str(data), *TEMPLATES])


def build(data: Path, year: int) -> Built:
    return build_disclosure(data, year, EXAMPLE_TEMPLATES)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def freeze(data: Path, year: int, templates: Path) -> Built:
    """Freeze a year whatever is open in it: random departments are never without a warning."""
    built, units = build_every(data, year, templates)
    files = published_files(built, units)
    record = PublicationRecord(built.document.date, fingerprint_of(files))
    put_all(data / str(year) / "published", with_record(files, record))
    return built
