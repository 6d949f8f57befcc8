"""The guide for editors says what is so: its pictures and links exist, its examples print what it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from generator.build import build_disclosure
from generator.document import Paragraph, text_of
from generator.load.schema import schema_files
from generator.narrative.place_strays import INHERITS, SINGLE_FILES, SUFFIX_BY_FOLDER

ROOT = Path(__file__).parents[1]
KEY = re.compile(r"(\w+): ")
GUIDE = (ROOT / "docs/guide.md").read_text(encoding="utf-8")


def test_pictures_are_there_and_all_are_used() -> None:
    used = {ROOT / "docs" / path for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", GUIDE)}
    assert used == set((ROOT / "docs/pictures").iterdir())


def test_contents_lead_to_headings() -> None:
    headings = re.findall(r"^## (.*)$", GUIDE, re.MULTILINE)
    links = re.findall(r"^- \[([^]]+)\]\(#([^)]+)\)$", GUIDE, re.MULTILINE)
    assert [text for text, _ in links] == headings
    assert [target for _, target in links] == [re.sub("[、]", "", text) for text in headings]


def test_examples_print_what_the_guide_says(tmp_path: Path) -> None:
    rows = re.findall(r"^\| `(\{\{ .* \}\})` \| ([^…|]+) \|$", GUIDE, re.MULTILINE)
    printed = {code.replace("\\|", "|"): text for code, text in rows if re.search(r"\d", text)}
    assert len(printed) == 4
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    with (tmp_path / "templates/henan/narrative/40-definitions.txt").open(
        "a", encoding="utf-8"
    ) as file:
        file.write("\n\n" + "\n\n".join(printed) + "\n")
    built = build_disclosure(ROOT / "data", 2023, tmp_path / "templates")
    paragraphs = [b for b in built.document.blocks() if isinstance(b, Paragraph)]
    texts = [text_of(paragraph.segments) for paragraph in paragraphs]
    assert [text for text in printed.values() if text not in texts] == []


def test_the_files_of_a_place_are_those_that_are_read() -> None:
    section = GUIDE[GUIDE.index("## 换一个城市的写法") :]
    section = section[: section.index("\n## ")]
    named = {name.rstrip("/") for name in re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)}
    assert named == {*SUFFIX_BY_FOLDER, *SINGLE_FILES, INHERITS}


def test_what_the_shipped_example_lacks_is_written_with_keys_that_exist() -> None:
    section = GUIDE[GUIDE.index("随附的例子里没有的情况") :]
    section = section[: section.index("\n1. ")]
    written = {key for code in re.findall("`([^`]+)`", section) for key in KEY.findall(code)}
    schemas = b"".join(schema_files().values()).decode()
    known = set(re.findall(r'"(\w+)": ', schemas))
    assert {"年终结转结余", "比例"} <= written
    assert written - known == set()
