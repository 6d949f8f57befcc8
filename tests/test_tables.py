"""Tables: headers, the published cells, notes, empty tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from published_tables import PUBLISHED, published_grid, published_note
from table_grids import LAYOUTS, grid_of, sample_book, tables_of

from generator.document import FIGURE, TOTAL, text_of
from generator.tables.build import build_table

HEADERS = Path(__file__).parent / "fixtures" / "table-headers.yaml"


# Headers


def leaves(nodes: list[object], path: tuple[str, ...] = ()) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, dict):
            ((name, children),) = node.items()
            yield from leaves(children, (*path, name))
        else:
            yield "/".join((*path, str(node)))


@pytest.mark.parametrize("name", LAYOUTS)
def test_headers_are_the_published_trees(name: str) -> None:
    trees = yaml.safe_load(HEADERS.read_text(encoding="utf-8"))
    number = f"T{name[:2]}"
    wanted = trees[number]
    header = wanted["header"]
    if isinstance(header, str):  # "as T03"
        header = trees["T03"]["header"]
    table = build_table(LAYOUTS[name], sample_book())
    assert [column.key for column in table.columns] == list(leaves(header))
    assert len(table.columns) == wanted["leaf"]
    assert text_of(table.title) == wanted["title"].replace("{year}", "2023")
    assert LAYOUTS[name].orientation in wanted["orientation"]  # one: landscape (fits portrait)
    headers = [row for row in table.rows if row.key.startswith("表头")]
    assert len(headers) == wanted["header_rows"]
    assert table.header_rows == (0 if number == "T11" else wanted["header_rows"])


def test_contents_names_are_the_published_ones() -> None:
    published = (Path(__file__).parent / "fixtures/published-2023.txt").read_text(encoding="utf-8")
    names = [layout.spec.contents_name for layout in LAYOUTS.values()]
    assert len(names) == 14
    for name in names:
        assert name.replace("{部门或单位}", "部门") + "\n" in published


# The published cells

CATEGORIES = "一、T1/T4 类名用科目版本的名称（核对 C20、审计 §2.9）"
COLON = "标点用全角（审计 §2.10）"
CUT = "句中截断，保留到最后一句完整的话或留空（审计 §3 T11）"
BRACKETS = "分页后括号成了半角，改回全角（审计 §3 T4）"

# (table, row, column) -> (published, ours, why). Rows and columns count from 0 below the header.
DIFFERENCES: dict[tuple[str, int, int], tuple[str, str, str]] = {
    ("01", 1, 0): ("其中:财政拨款", "其中：财政拨款", COLON),
    ("01", 14, 2): ("十五、资源勘探信息等", "十五、资源勘探工业信息等", CATEGORIES),
    ("04", 3, 2): ("（三）国防支出（", "（三）国防支出", "多余的“（”（核对 C19、审计 §2.9）"),
    ("04", 7, 2): ("（七）文化体育旅游与传媒支出", "（七）文化旅游体育与传媒支出", CATEGORIES),
    ("04", 9, 2): ("（九）医疗卫生与计划生育支出", "（九）社会保险基金支出", CATEGORIES),
    ("04", 15, 2): ("（十五）资源勘探信息等支出", "（十五）资源勘探工业信息等支出", CATEGORIES),
    ("04", 27, 2): ("(三十一)债务还本支出", "（三十一）债务还本支出", BRACKETS),
    ("04", 28, 2): ("(三十二)债务付息支出", "（三十二）债务付息支出", BRACKETS),
    ("04", 29, 2): ("(三十三)债务发行费用支出", "（三十三）债务发行费用支出", BRACKETS),
    ("04", 30, 2): ("(三十四)抗疫特别国债安排的支出", "（三十四）抗疫特别国债安排的支出", BRACKETS),
    ("04", 32, 0): ("收入合计:", "收入合计：", COLON),
    ("14", 9, 0): ("合计:", "合计：", COLON),
}
# Indicators of table 11 whose published explanation is cut: ours is its beginning, or blank.
CUT_EXPLANATIONS = {
    *("年度履职目标相关性", "工作任务科学性", "绩效指标合理性", "预算编制完整性", "预算调整率"),
    *("政府采购执行率", "资金使用合规性", "管理制度健全性", "预决算信息公开性"),
    *("绩效监控完成率", "绩效自评完成率", "评价结果应用率"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_cell_is_ours(name: str) -> None:
    table = build_table(LAYOUTS[name], sample_book())
    ours = [["".join(text.split()) for text in row] for row in grid_of(table)]
    if name.startswith("11"):
        ours = [row for row in ours if any(row)]
    published = published_grid(name)
    assert len(ours) == len(published)
    number = name[:2]
    found = {}
    for y, (row, published_row) in enumerate(zip(ours, published, strict=True)):
        for x, (text, wanted) in enumerate(zip(row, published_row, strict=True)):
            if text == wanted:
                continue
            if number == "11" and x == 4 and row[2] in CUT_EXPLANATIONS:
                assert wanted.startswith(text), CUT
                continue
            found[number, y, x] = (wanted, text)
    listed = {at: (old, new) for at, (old, new, _) in DIFFERENCES.items() if at[0] == number}
    assert found == listed


def test_the_published_note_and_corners() -> None:
    tables = tables_of(sample_book())
    assert [text_of(note) for note in tables["08"].notes] == [
        published_note("08-three-public-expenses")
    ]
    assert tables["03"].corner_left == "部门名称：平顶山市政务服务和大数据管理局"
    assert tables["03"].corner_right == "单位：万元"
    assert (tables["11"].corner_left, tables["11"].subtitle) == ("", "(2023年度)")
    assert tables["12"].corner_right == ""


def test_empty_tables_keep_header_and_total_and_say_why() -> None:
    tables = tables_of(sample_book())
    for number in ("09", "13"):
        table = tables[number]
        assert table.header_rows == 3
        assert [(row.key, row.role) for row in table.rows[3:]] == [("合计", TOTAL)]
        assert [text for text in grid_of(table)[0] if text] == ["合计"]
    assert [text_of(note) for note in tables["09"].notes] == [
        "我部门2023年没有使用政府性基金预算拨款安排的支出，故本表无数据。"
    ]


def test_rows_have_distinct_keys_and_cells_their_places() -> None:
    for table in tables_of(sample_book()).values():
        keys = [row.key for row in table.rows]
        assert len(set(keys)) == len(keys), table.id
        for row in table.rows:
            for cell in row.cells:
                if cell.kind == FIGURE:
                    assert cell.figure
                    assert sample_book().resolve(cell.figure).name == cell.figure
                    assert cell.place
                    assert cell.place.path == f"henan/tables/{table.id}.yaml"
