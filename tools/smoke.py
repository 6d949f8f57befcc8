"""A trial run of an installation: the newest year in data/ is built in every format, and looked at.

Nothing is written outside a temporary folder. Where the data and templates are the shipped ones, the text must be
that of tests/golden/, too.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import zipfile
from pathlib import Path

from generator.__main__ import main as generator_main

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ("docx", "txt", "html", "xlsx")


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a console
    year = max(file.parent.name for file in (ROOT / "data").glob("[12]*/department.yaml"))
    with tempfile.TemporaryDirectory(prefix="试运行 ") as folder:
        words = ["build", year, "--out", folder, "--no-pages", "--formats", ",".join(FORMATS)]
        if generator_main(words):
            print(f"试运行没有通过：{year} 年没有生成，见上面的提示。", file=sys.stderr)
            return 1
        wrong = list(_wrong(Path(folder) / year, year))
    for message in wrong:
        print(f"试运行没有通过：{message}", file=sys.stderr)
    if not wrong:
        print(f"试运行通过：{year} 年的 {'、'.join(FORMATS)} 都能生成。")
    return 1 if wrong else 0


def _wrong(folder: Path, year: str) -> list[str]:
    written = {file.suffix[1:]: file for file in folder.iterdir() if not file.name.startswith(".")}
    missing = [name for name in FORMATS if name not in written]
    if missing:
        return [f"没有写出 {'、'.join(missing)}"]
    wrong = [
        f"{written[name].name} 打不开"
        for name in ("docx", "xlsx")
        if zipfile.ZipFile(written[name]).testzip() is not None
    ]
    golden = ROOT / "tests" / "golden" / f"{year}.txt"
    shipped = _is_shipped()
    if golden.is_file() and shipped and written["txt"].read_bytes() != golden.read_bytes():
        wrong.append(f"生成的文字与随附的 {golden.name} 不同")
    return wrong


def _is_shipped() -> bool:
    """Whether data and templates are those of the bundle: then SHA256SUMS lists them as they are."""
    sums = ROOT / "SHA256SUMS"
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    digests = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("data", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.name != "page-map.json"  # a build writes it
    }
    listed = {name for name in digests if name.startswith(("data/", "templates/"))}
    return found == listed and all(
        hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == digests[name] for name in listed
    )


if __name__ == "__main__":
    sys.exit(main())
