"""The files to publish of a department and all its units: all of them or none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from years_tools import command, example, replace


def test_those_of_all_units_are_written_or_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = example(tmp_path, published=False), tmp_path / "out"
    words = ("release", "2023", "--all", "--out", str(out))
    assert command(data, *words) == 0
    codes = {path.parent.parent.name for path in out.rglob("*.docx")}
    assert codes == {"2023", "801001", "801002", "801003"}
    shutil.rmtree(out)
    replace(data / "2023/units/801002/unit.yaml", "[组织政务服务大厅的日常运行。]", "[待填]")
    capsys.readouterr()
    assert command(data, *words) == 1
    assert "草稿" in capsys.readouterr().err
    assert not out.exists()


def test_all_goes_with_a_year_and_without_a_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = example(tmp_path)
    for words in (("2023", "--unit", "801001"), ("领导改过的.docx",)):
        assert command(data, "release", *words, "--all") == 2
        assert "--all 和年度一起用" in capsys.readouterr().err
