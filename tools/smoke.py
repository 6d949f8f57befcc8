"""A trial run of an installation: the newest year in data/ is built in every format, and looked at.

Nothing is written outside a temporary folder. A draft will do: the year is still being worked on. Where the data and
templates are the shipped ones, the text must be that of tests/golden/, too.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import zipfile
from pathlib import Path

from generator.__main__ import main as generator_main
from generator.commands.common import DONE, TO_MEND

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ("docx", "txt", "html", "xlsx")


def main(root: Path = ROOT) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a console
    year = max(file.parent.name for file in (root / "data").glob("[12]*/department.yaml"))
    with tempfile.TemporaryDirectory(prefix="试运行 ") as folder:
        words = ["build", year, "--out", folder, "--no-pages", "--formats", ",".join(FORMATS)]
        words += ["--data", str(root / "data"), "--templates", str(root / "templates")]
        code, written = generator_main(words), Path(folder) / year
        if code not in (DONE, TO_MEND) or not any(written.glob("*.docx")):
            print(f"试运行没有通过：{year} 年没有生成，见上面的提示。", file=sys.stderr)
            return 1
        wrong = list(_wrong(root, written, year))
    for message in wrong:
        print(f"试运行没有通过：{message}", file=sys.stderr)
    if not wrong:
        draft = "（还有待填的，是草稿）" if code == TO_MEND else ""
        print(f"试运行通过：{year} 年的 {'、'.join(FORMATS)} 都能生成{draft}。")
    return 1 if wrong else 0


def _wrong(root: Path, folder: Path, year: str) -> list[str]:
    written = {file.suffix[1:]: file for file in folder.iterdir() if not file.name.startswith(".")}
    missing = [name for name in FORMATS if name not in written]
    if missing:
        return [f"没有写出 {'、'.join(missing)}"]
    wrong = [
        f"{written[name].name} 打不开"
        for name in ("docx", "xlsx")
        if zipfile.ZipFile(written[name]).testzip() is not None
    ]
    golden = root / "tests" / "golden" / f"{year}.txt"
    shipped = _is_shipped(root)
    if golden.is_file() and shipped and written["txt"].read_bytes() != golden.read_bytes():
        wrong.append(f"生成的文字与随附的 {golden.name} 不同")
    return wrong


def _is_shipped(root: Path) -> bool:
    """Whether data and templates are those of the bundle: then SHA256SUMS lists them as they are."""
    sums = root / "SHA256SUMS"
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    digests = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {
        path.relative_to(root).as_posix()
        for folder in ("data", "templates")
        for path in (root / folder).rglob("*")
        if path.is_file() and path.name != "page-map.json"  # a build writes it
    }
    listed = {name for name in digests if name.startswith(("data/", "templates/"))}
    return found == listed and all(
        hashlib.sha256((root / name).read_bytes()).hexdigest() == digests[name] for name in listed
    )


if __name__ == "__main__":
    sys.exit(main())
