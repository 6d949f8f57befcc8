"""Rewrites tests/golden/: the whole document of each year as text. Review the change as prose."""

from __future__ import annotations

from pathlib import Path

from generator.build import build_disclosure
from generator.writers.text import write_text

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"


def main() -> None:
    for folder in sorted((ROOT / "data").glob("[12][0-9][0-9][0-9]")):
        if (folder / "department.yaml").is_file():
            built = build_disclosure(ROOT / "data", int(folder.name))
            (GOLDEN / f"{folder.name}.txt").write_bytes(write_text(built.document))


if __name__ == "__main__":
    main()
