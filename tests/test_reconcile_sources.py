"""Where an edit lands in a source file: only its own characters change, and the file stays valid."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx_editing import Edit, Editable
from hypothesis import given
from hypothesis import strategies as st
from reconcile_desk import ROOT, Desk

from generator.build import build_disclosure
from generator.document import OWED
from generator.load.reader import read_yaml
from generator.reconcile.files import Change, SourceFile, SourceFiles
from generator.reconcile.reconciliation import Reconciliation, reconcile
from generator.reconcile.workbench import Workbench
from generator.reconcile.yaml_text import rewritten
from generator.verify.baseline import baseline_of
from generator.verify.reading import read_returned
from generator.writers.docx.document import write_docx


def source(folder: Path, content: bytes) -> SourceFile:
    file = folder / "a.yaml"
    file.write_bytes(content)
    return SourceFile("a.yaml", file)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("- {说明: 甲乙, 单位: 丙} # 注", "甲丁", "- {说明: 甲丁, 单位: 丙} # 注"),
        ("- {说明: 甲乙, 单位: 丙}", "甲, 乙: {丁}", '- {说明: "甲, 乙: {丁}", 单位: 丙}'),
        ('- {说明: "甲乙", 单位: 丙}', '甲"乙', '- {说明: "甲\\"乙", 单位: 丙}'),
        ("- {说明: '甲乙', 单位: 丙}", "甲'乙", "- {说明: '甲''乙', 单位: 丙}"),
        ("- 说明: 甲乙\n  单位: 丙", "甲 # 乙", '- 说明: "甲 # 乙"\n  单位: 丙'),
        ("- {说明: 甲乙, 单位: 甲乙}", "待查", "- {说明: 待查, 单位: 甲乙}"),
        ("- {说明: 甲乙}", "", '- {说明: ""}'),
    ],
)
def test_a_value_is_written_in_the_style_it_has(
    tmp_path: Path, before: str, value: str, after: str
) -> None:
    file = source(tmp_path, before.encode())
    scalar = min(
        (node for node in file.value_at.values() if getattr(node, "text", "") == "甲乙"),
        key=lambda node: node[1:3],
    )
    span = file.span_of(scalar)  # type: ignore[arg-type]  # it has a text: a scalar
    assert span is not None
    change = rewritten(file, span, value)
    assert change is not None
    assert file.changed([change]).decode() == after
    read_yaml(file.changed([change]), "a.yaml")


def test_a_value_on_several_lines_is_left_to_people(tmp_path: Path) -> None:
    file = source(tmp_path, "说明: |\n  甲乙\n  丙\n说法: 甲\n  乙\n".encode())
    assert [file.span_of(node) for node in file.value_at.values() if hasattr(node, "text")] == [
        None,
        None,
    ]


@given(st.text("甲乙\r\n\t,", max_size=30), st.data())
def test_only_the_changed_place_changes_whatever_the_line_ends(
    tmp_path: Path, text: str, data: st.DataObject
) -> None:
    text = text.replace("\r", "").replace("\n", data.draw(st.sampled_from(["\n", "\r\n"])))
    file = source(tmp_path, text.encode())
    start = data.draw(st.integers(0, len(file.text)))
    end = data.draw(st.integers(start, len(file.text)))
    changed = file.changed([Change("a.yaml", start, end, "丁\n")]).decode()
    expected = file.text[:start] + "丁\n" + file.text[end:]
    assert changed.replace("\r\n", "\n") == expected
    if "\r" in text:
        assert changed.count("\r\n") == changed.count("\n")


def test_the_place_that_was_inherited_from_is_patched_where_it_is(tmp_path: Path) -> None:
    data, templates = ROOT / "examples/data", ROOT / "examples/templates"
    built = build_disclosure(data, 2024, templates)
    files = SourceFiles(data, templates, built.place.name)
    editable = Editable(write_docx(built.document, built.place.style))

    def reworded(paragraph: str, old: str, new: str) -> Reconciliation:
        number = max(n for n, t in enumerate(editable.texts) if paragraph in t and old in t)
        start = editable.texts[number].index(old)
        content = editable.edited(Edit(number, start, start + len(old), new))
        bench = Workbench(
            tmp_path / paragraph,
            files,
            2024,
            lambda data, templates: build_disclosure(data, 2024, templates),
        )
        return reconcile(read_returned(content), baseline_of(built.document), built, files, bench)

    inherited = reworded("三、事业收入：", "不包括", "不含")
    assert [change.path for change in inherited.accepted] == ["henan/narrative/40-definitions.txt"]
    own = reworded("2024年支出合计", "其中：基本", "包括：基本")
    assert [change.path for change in own.accepted] == ["qingshi-2024/narrative/30-explanation.txt"]


def test_what_was_owed_and_filled_in_word(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for name, old, new in (
        ("reasons", "- {指标: 公务接待费, 原因: 城运", "# {指标: 公务接待费, 原因: 城运"),
        ("performance", "指标值说明: 政务服务环境改善", "指标值说明: 待填"),
    ):
        file = tmp_path / "data/2023" / f"{name}.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
    desk = Desk(tmp_path, tmp_path / "data")
    number = next(n for n, text in enumerate(desk.editable.texts) if "公务接待费2.5" in text)
    start = desk.editable.texts[number].index("【待填")
    end = desk.editable.texts[number].index("】") + 1
    cell = next(n for n, text in enumerate(desk.editable.texts) if text.startswith("【待填：指标"))
    found = desk.reconciled(
        desk.editable.edited(
            Edit(number, start, end, "接待增加"),
            Edit(cell, 0, len(desk.editable.texts[cell]), "环境改善"),
        )
    )
    assert [(f.kind, f.after) for f in found.figures] == [(OWED, "接待增加")]
    assert "指标: 公务接待费" in found.figures[0].lines[0]
    ((line, before, after),) = desk.changed(found)
    assert (line.partition(":")[0], before, after) == ("2023/performance.yaml", "待填", "环境改善")
