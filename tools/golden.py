"""Rewrites what the shipped templates print: tests/golden/, and the example's frozen first year.

Review the change as prose.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.__main__ import main as run
from generator.build import build_disclosure
from generator.writers.text import write_text

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = ROOT / "examples"


def main() -> None:
    for folder in sorted((ROOT / "data").glob("[12][0-9][0-9][0-9]")):
        if (folder / "department.yaml").is_file():
            built = build_disclosure(ROOT / "data", int(folder.name))
            (GOLDEN / f"{folder.name}.txt").write_bytes(write_text(built.document))
    # Published for the first time each time: its templates are still being written.
    shutil.rmtree(EXAMPLES / "data/2023/published")
    where = ["--data", str(EXAMPLES / "data"), "--templates", str(EXAMPLES / "templates")]
    if run(["publish", "2023", *where, "--document", "青财预〔2023〕9号"]):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
