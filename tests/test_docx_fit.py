"""How tables are fitted to their pages: no number broken, the page used, a page saved."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build import build_disclosure
from generator.commands.paging import width_problems
from generator.document import BODY, HEADER, Block, Cell, Column, Row, Segment, Table, text_of
from generator.office.pages import NOT_NEEDED, RECORDED, Paging
from generator.writers.docx.fit import Fit, Page, fit_table, header_heights, is_too_wide
from generator.writers.docx.roles import CELL_SIZES
from generator.writers.docx.shell import read_shell
from generator.writers.docx.widths import width_of

ROOT = Path(__file__).parents[1]
PORTRAIT, LANDSCAPE = Page(8845, 12756), Page(12756, 8845)


def table(rows: int, texts: tuple[str, ...], weights: tuple[float, ...] = ()) -> Table:
    columns = tuple(Column(str(n), w) for n, w in enumerate(weights or (1.0,) * len(texts)))
    cells = tuple(Cell(text, column) for column, text in enumerate(texts))
    return Table("t", (Segment("表"),), columns, (Row("r", BODY, cells),) * rows)


@pytest.mark.parametrize(
    ("columns", "number", "size"),
    [
        (8, "832.3", "五号"),
        (20, "832.3", "小五"),
        (20, "1234.5", "六号"),
        (20, "12345.6", "小六"),
        (20, "1234567.8", "七号"),
        (14, "12345.6", "小五"),
        (30, "1", "六号"),
    ],
)
def test_letters_are_the_largest_in_which_numbers_stay_whole(
    columns: int, number: str, size: str
) -> None:
    fit = fit_table(table(3, (number,) * columns), LANDSCAPE, same_page=False)
    assert fit.size.name == size


@pytest.mark.parametrize(("columns", "number"), [(20, "1234567.8"), (20, "12345678901.23")])
def test_a_table_is_too_wide_where_a_number_is_broken(columns: int, number: str) -> None:
    one = table(3, (number,) * columns)
    fit = fit_table(one, LANDSCAPE, same_page=False)
    narrowest = min(right - left for left, right in pairwise(fit.edges))
    assert is_too_wide(one, LANDSCAPE.width) == (narrowest < width_of(len(number), fit.size.points))


def test_rows_move_closer_where_that_saves_a_page() -> None:
    fits = [
        fit_table(table(n, ("收入", "1.0")), PORTRAIT, same_page=False) for n in (20, 36, 45, 70)
    ]
    assert [(fit.size.name, fit.row_height) for fit in fits] == [
        ("五号", 400),
        ("五号", 292),
        ("小五", 256),
        ("五号", 400),
    ]


def test_no_page_is_begun_for_a_row_or_two() -> None:
    page = Page(12756, 8735)  # landscape
    fits = [fit_table(table(n, ("收入", "1.0")), page, same_page=False) for n in (40, 41, 56, 57)]
    assert [fit.row_height for fit in fits] == [400, 376, 292, 400]  # on 2, 2, 2 and 3 pages


def test_no_page_of_a_long_table_is_begun_for_a_row_or_two() -> None:
    fits = [
        fit_table(table(n, ("收入", "1.0")), PORTRAIT, same_page=False) for n in (92, 93, 95, 96)
    ]
    assert [fit.row_height for fit in fits] == [400, 376, 364, 400]  # on 3, 3, 3 and 4 pages


def test_smaller_letters_where_high_rows_begin_a_page_for_a_few() -> None:
    names = "北京市朝阳区不动产登记与自然资源调查监测技术服务中心"
    fits = [fit_table(table(n, (names,) * 5), LANDSCAPE, same_page=False) for n in (21, 22, 25)]
    assert [fit.size.name for fit in fits] == ["五号", "小五", "五号"]  # on 2, 2 and 3 pages


def test_borders_have_room_on_the_page() -> None:
    fits = [fit_table(table(n, ("收入", "1.0")), PORTRAIT, same_page=False) for n in (46, 47)]
    assert [fit.row_height for fit in fits] == [256, 400]  # 47 rows of 256 would leave 24 twips


def test_text_ends_above_the_footer() -> None:
    shell = read_shell((ROOT / "templates/henan/style.docx").read_bytes(), draft=False)
    assert (shell.portrait.page, shell.landscape.page) == (PORTRAIT, (12756, 8735))


def test_small_letters_where_one_page_stands_for_three() -> None:
    texts = ("十九、援助其他地区支出", *("12345678.90",) * 5, "（二十三）国有资本经营预算支出")
    sizes = [fit_table(table(n, texts), PORTRAIT, same_page=False).size.name for n in (9, 15, 27)]
    assert sizes == ["五号", "小五", "六号"]


def test_small_letters_where_wrapped_names_take_half_a_second_page() -> None:
    texts = ("（三）国有资本经营预算拨款", *("12345678.9",) * 5, "（十五）资源勘探工业信息等支出")
    fits = [fit_table(table(n, texts), PORTRAIT, same_page=False) for n in (16, 26, 47)]
    assert [fit.size.name for fit in fits] == ["小五", "六号", "小五"]  # 47: 2 pages even so


def test_high_rows_rather_than_letters_that_nobody_reads() -> None:
    names = "建立健全覆盖城乡的公共服务网络，完成县（区）的标准化站点建设，按季度开展督导检查"
    texts = ("41040023000000000104", *("123456789.01",) * 4, *(names * 2, "≥95%") * 4)
    assert fit_table(table(3, texts), LANDSCAPE, same_page=False).size.name == "六号"


def test_numbers_within_texts_stay_whole() -> None:
    texts = ("＝1200000元", *("1234567.89",) * 14)
    size, _, edges = fit_table(table(2, texts), LANDSCAPE, same_page=False)
    assert edges[1] >= 7 * size.points * 10 + 120


def test_codes_stay_whole_where_numbers_have_no_room() -> None:
    texts = ("301", "01", *("1234567890.12",) * 18)
    size, _, edges = fit_table(table(2, texts), LANDSCAPE, same_page=False)
    widths = [right - left for left, right in pairwise(edges)]
    assert widths[:2] == [3 * size.points * 10 + 130, 2 * size.points * 10 + 130]
    assert max(widths[2:]) - min(widths[2:]) <= 1


def test_long_code_gets_its_width_from_the_other_columns() -> None:
    fit = fit_table(table(2, ("41040023000000000104", "名称"), (1, 9)), PORTRAIT, same_page=False)
    assert fit.edges == (0, 2230, 8845)


@pytest.mark.parametrize(
    ("over_both_rows", "heights"),
    [
        ("政府性基金", (400, 400)),  # 3 lines
        ("国有资本经营预算", (400, 648)),  # 4 lines of 252 and the ends of the cell
        ("单位\n资\n金", (400, 400)),
    ],
)
def test_header_rows_have_room_for_the_cells_over_several(
    over_both_rows: str, heights: tuple[int, int]
) -> None:
    above = (Cell("一般公共预算", 0, 2), Cell(over_both_rows, 2, row_span=2))
    below = (Cell("小计", 0), Cell("财政拨款", 1))
    rows = (Row("h1", HEADER, above), Row("h2", HEADER, below))
    assert header_heights(rows, Fit(CELL_SIZES[0], 400, (0, 1200, 2400, 2980))) == heights


TEXTS = st.sampled_from(("", "1.0", "123456.7", "41040023000000000104", "商品和服务支出", "a b"))


@given(st.lists(st.tuples(TEXTS, st.floats(0.5, 40)), min_size=1, max_size=24))
def test_columns_fill_the_page_and_hold_their_numbers(columns: list[tuple[str, float]]) -> None:
    texts, weights = zip(*columns, strict=True)
    size, _, edges = fit_table(table(2, texts, weights), LANDSCAPE, same_page=False)
    widths = [right - left for left, right in pairwise(edges)]
    assert (edges[0], edges[-1], min(widths) >= 0) == (0, LANDSCAPE.width, True)
    needed = [
        max(2, len(t) if t.isascii() and " " not in t else 0) * size.points * 10 for t in texts
    ]
    if sum(needed) + 130 * len(texts) <= LANDSCAPE.width:
        assert all(width + 1 >= need + 120 for width, need in zip(widths, needed, strict=True))


def test_a_table_whose_numbers_have_no_room_is_told_of() -> None:
    built = build_disclosure(ROOT / "data", 2023)
    paging = Paging(RECORDED)
    assert not list(width_problems(paging, built))
    sections = tuple(
        replace(section, blocks=tuple(map(_with_long_numbers, section.blocks)))
        for section in built.document.sections
    )
    wide = replace(built, document=replace(built.document, sections=sections))
    assert not list(width_problems(Paging(NOT_NEEDED), wide))  # no pages are made
    found = list(width_problems(paging, wide))
    assert [problem.place.path for problem in found] == ["henan/tables/02-revenue.yaml"]
    assert "2023年部门收入预算表”的数太长" in found[0].message


def _with_long_numbers(block: Block) -> Block:
    if not isinstance(block, Table) or "收入预算" not in text_of(block.title):
        return block
    rows = tuple(
        row
        if row.role == HEADER
        else row._replace(cells=tuple(c._replace(text="12345678901.23") for c in row.cells))
        for row in block.rows
    )
    return replace(block, rows=rows)
