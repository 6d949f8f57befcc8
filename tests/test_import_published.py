"""Last year's annexed tables become the year's published facts, as printed."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from departments import random_department, write_department
from messy_workbooks import Page, write_book
from test_import_merge import DEPARTMENT

from generator.__main__ import main
from generator.build import build_disclosure
from generator.fields import References
from generator.figures.last_year import qualified_name
from generator.load.reader import read_yaml
from generator.load.records import Converter
from generator.model import Published
from generator.writers.evidence import write_facts
from generator.writers.xlsx import write_xlsx

FAMILIES = ("一般公共预算支出", "政府性基金支出", "国有资本经营预算支出")
# What the narrative compares with last year and an annexed table prints.
COMPARED = (
    *("收入总计", "支出总计", "一般公共预算收支", "政府性基金收支", "国有资本经营预算收支"),
    *FAMILIES,
    *("三公经费", "因公出国境费", "公务接待费", "公务用车购置费", "公务用车运行费"),
)
DATA = Path(__file__).resolve().parents[1] / "data"


def pages() -> list[Page]:
    """The tables of a 2022 disclosure that hold what the next year compares with."""
    first = [
        ["2022年部门收支预算表"],
        ["部门名称：某市某局", "", "", "单位：万元"],
        ["收入", "", "支出", ""],
        ["项目", "金额", "项目", "金额"],
        ["一、一般公共预算", 650.1, "一、一般公共服务支出", 549.6],
        ["本年收入合计", 650.1, "本年支出合计", 650.1],
        ["收入总计", "650.1", "支出总计", 650.1],
    ]
    fourth = [
        ["2022年财政拨款收支总体情况表"],
        ["", "", "", "", "", "", "", "单位：万元"],
        ["收入", "", "支出", "", "", "", "", ""],
        ["项目", "金额", "项目", "合计", "一般公共预算", "", "政府性基金", "国有资本经营预算"],
        ["", "", "", "", "小计", "其中：财政拨款", "", ""],
        ["一、本年收入", 650.1, "一、本年支出", 650.1, 650.1, 650.1, "", ""],
        ["收入合计", 650.1, "支出合计", 650.1, 650.1, 650.1, 0, ""],
    ]
    fifth = [
        ["2022年一般公共预算支出预算表"],
        ["部门名称：某市某局", "", "", "", "", "", "单位：万元"],
        ["科目编码", "", "", "单位代码", "单位（科目名称）", "合计", "基本支出"],
        ["类", "款", "项", "", "", "", "小计"],
        ["", "", "", "", "合计", 650.1, 650.1],
        ["", "", "", "159", "某市某局", 650.1, 650.1],
        ["201", "03", "01", "159", "行政运行", 549.6, 549.6],
        ["208", "05", "05", "159", "机关事业单位基本养老保险缴费支出", 100.6, 100.6],
    ]
    eighth = [
        ["2022年一般公共预算“三公”经费支出预算表"],
        ["单位：万元"],
        ["“三公”经费合计", "因公出国（境）费", "公务用车购置及运行费", "", "", "公务接待费"],
        ["", "", "小计", "公务用车购置费", "公务用车运行费", ""],
        [6, "", 4, 0, 4, 2],
        ["注：按照规定编制"],
    ]
    return [
        Page("目录", [["目录"], ["一、部门收支预算表"]]),
        Page("一、部门收支预算表", first, [(0, 0, 0, 3), (2, 0, 2, 1), (2, 2, 2, 3)]),
        Page("四、财政拨款收支", fourth, [(2, 2, 2, 7), (3, 4, 3, 5)]),
        Page("五、一般公共预算支出", fifth, [(2, 0, 2, 2)]),
        Page("八、三公", eighth, [(2, 2, 2, 4)]),
    ]


EXPECTED = """\
年度: 2022
部门名称: 某市某局
公布单位: 万元
完整: [一般公共预算支出]
数据:
  - {指标: 收入总计, 数值: 650.1}
  - {指标: 支出总计, 数值: 650.1}
  - {指标: 本年收入合计, 数值: 650.1}
  - {指标: 支出合计, 数值: 650.1}
  - {指标: 一般公共预算收支, 数值: 650.1}
  - {指标: 政府性基金收支, 数值: 0.0}
  - {指标: 国有资本经营预算收支}
  - {指标: 一般公共预算支出, 数值: 650.1}
  - {指标: 一般公共预算支出, 功能科目: "2010301", 数值: 549.6}
  - {指标: 一般公共预算支出, 功能科目: "2080505", 数值: 100.6}
  - {指标: 三公经费, 数值: 6.0}
  - {指标: 因公出国境费}
  - {指标: 公务用车购置及运行费, 数值: 4.0}
  - {指标: 公务用车购置费, 数值: 0.0}
  - {指标: 公务用车运行费, 数值: 4.0}
  - {指标: 公务接待费, 数值: 2.0}
"""


def run(root: Path, *options: str) -> int:
    path = str(root / "附表.xlsx")
    return main(["import", path, "--published", "--year", "2022", "--data", str(root), *options])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_book(tmp_path / "附表.xlsx", pages())
    return tmp_path


def test_facts_as_printed(root: Path) -> None:
    assert run(root) == 0
    file = root / "2022" / "published" / "facts.yaml"
    comment, text = file.read_text(encoding="utf-8").split("\n", 1)
    assert (comment[0], text) == ("#", EXPECTED)
    converter = Converter("facts.yaml", References())
    published = converter.record(Published, read_yaml(file.read_bytes(), "facts.yaml"))
    assert converter.problems == []
    assert published is not None
    assert len(published.facts) == 16


@pytest.mark.parametrize(
    ("row", "facts"),
    [
        (["上年结转结余", "", "年终结转结余", ""], []),
        (["上年结转结余", 3.2, "年终结转结余", ""], ["上年结转结余, 数值: 3.2"]),
        (["上年结转结余", "", "年终结转结余", 3.2], ["年终结转结余, 数值: 3.2"]),
        (
            ["上年结转", 3.2, "结转下年", 1.0],
            ["上年结转结余, 数值: 3.2", "年终结转结余, 数值: 1.0"],
        ),
    ],
)
def test_what_was_carried_over_is_taken_from_its_own_side(
    row: list[object], facts: list[str], tmp_path: Path
) -> None:
    tables = pages()
    tables[1].rows.insert(6, row)
    write_book(tmp_path / "附表.xlsx", tables)
    assert run(tmp_path) == 0
    text = (tmp_path / "2022" / "published" / "facts.yaml").read_text("utf-8")
    assert [line[len("  - {指标: ") : -1] for line in text.split("\n") if "结转" in line] == facts


@pytest.mark.parametrize(
    ("total", "rows", "complete"),
    [
        (650.2, {"01": [325.1, 325.2]}, True),  # two roundings in one item
        (650.0, {"01": [650.1]}, False),
        (650.4, {"01": [650.2], "02": [0.1], "03": [0.3]}, False),
        (650.5, {"01": [650.2], "02": [0.1], "03": [0.3]}, True),
    ],
)
def test_items_are_complete_where_the_total_is_theirs_but_for_rounding(
    total: float, rows: dict[str, list[float]], complete: bool, tmp_path: Path
) -> None:
    fifth = next(page for page in pages() if page.name.startswith("五"))
    head = [*fifth.rows[:4], ["", "", "", "", "合计", total, total]]
    items = [
        ["201", "03", code, f"159{n}", "行政运行", amount, amount]
        for code, amounts in rows.items()
        for n, amount in enumerate(amounts)
    ]
    write_book(tmp_path / "附表.xlsx", [Page(fifth.name, [*head, *items], [(2, 0, 2, 2)])])
    assert run(tmp_path) == (0 if complete else 1)
    if complete:
        text = (tmp_path / "2022" / "published" / "facts.yaml").read_text("utf-8")
        assert "完整: [一般公共预算支出]" in text


@pytest.mark.parametrize("seed", [None, 1, 2, 3, 4])
def test_our_own_workbook_gives_the_figures_of_facts_json(seed: int | None, tmp_path: Path) -> None:
    """The workbook of `--formats xlsx`, imported a year later: figure for figure as printed."""
    if seed is None:
        shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
        year = 2023
    else:
        department = random_department(seed, units=3, lines=25)
        write_department(department, tmp_path)
        year = department.year
    built = build_disclosure(tmp_path, year)
    (tmp_path / "附表.xlsx").write_bytes(write_xlsx(built.document))
    path = str(tmp_path / "附表.xlsx")
    assert main(["import", path, "--published", "--year", str(year), "--data", str(tmp_path)]) == 0
    content = (tmp_path / str(year) / "published" / "facts.yaml").read_bytes()
    converter = Converter("facts.yaml", References())
    published = converter.record(Published, read_yaml(content, "facts.yaml"))
    assert published is not None
    assert (published.year, published.department) == (year, built.book.department.name)
    assert published.measure == built.book.published_measure.name
    facts = {fact["name"]: fact for fact in json.loads(write_facts(built))["facts"]}
    found = {qualified_name(fact.figure, fact.function): fact.amount for fact in published.facts}
    blank = {name for name, amount in found.items() if amount is None}
    assert found.keys() - facts.keys() <= blank
    printed = {name: Decimal(facts[name]["printed"] or 0) for name in found.keys() & facts.keys()}
    assert {name: found[name] or 0 for name in printed} == printed
    empty = {name for name in FAMILIES if not built.book.named(name).exact}
    assert set(COMPARED) - found.keys() == empty
    for figure in FAMILIES:
        codes = built.book.functions(built.book.named(figure).expression)
        assert {f.function for f in published.facts if f.figure == figure} - {""} == set(codes)


@pytest.mark.parametrize("former", ["# 对照\n", "# 对照\n年度: 2022\n数据: []\n"])
def test_comments_of_a_file_without_facts_stay(root: Path, former: str) -> None:
    file = root / "2022" / "published" / "facts.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(former, encoding="utf-8")
    assert run(root, "--replace") == 0
    assert file.read_text(encoding="utf-8") == "# 对照\n" + EXPECTED


def test_existing_facts_are_not_overwritten_silently(root: Path) -> None:
    assert run(root) == 0
    file = root / "2022" / "published" / "facts.yaml"
    changed = (
        file.read_text(encoding="utf-8").replace(
            "指标: 三公经费, 数值: 6.0", "指标: 三公经费, 数值: 6.5"
        )
        + "  # 手写的\n  - {指标: 机关运行经费, 数值: 80.0}\n"
    )
    file.write_text(changed, encoding="utf-8")
    assert run(root) == 1
    assert file.read_text(encoding="utf-8") == changed
    assert run(root, "--replace", "--keep") == 0
    assert file.read_text(encoding="utf-8") == changed.replace("6.5}", "6.0}")


def test_items_that_miss_their_total_and_two_values_for_one_figure(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = pages()
    broken[3].rows[6][5] = 500.0
    broken[4].rows[4][5] = "2.O"
    extra = Page("收支总表", [["部门收支总表"], ["单位：万元"], ["收入总计", 650.2]])
    write_book(root / "附表.xlsx", [*broken, extra])
    assert run(root) == 1
    told = capsys.readouterr().err
    assert "附表.xlsx!五、一般公共预算支出!F5: 错误：合计是 650.1" in told
    assert "附表.xlsx!八、三公!F5: 错误：“2.O”不是数 [bad-amount]" in told
    assert "附表.xlsx!收支总表!B3: 错误：收入总计这里是 650.2" in told
    assert not (root / "2022").exists()


def told_of(
    root: Path, capsys: pytest.CaptureFixture[str], *changes: tuple[int, int, int, object]
) -> str:
    """What is said of the tables with some (page, row, column) changed."""
    made = pages()
    for number, row, column, cell in changes:
        made[number].rows[row][column] = cell
    write_book(root / "附表.xlsx", made)
    run(root, "--dry-run")
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            [(3, 1, 6, "单位：元")],
            "五、一般公共预算支出!G2: 错误：这张表的单位是元，前面的表是万元",
        ),
        ([(3, 2, 5, "甲"), (3, 2, 6, "乙")], "没有找到“一般公共预算支出”的行或列"),
        ([(1, 6, 1, ""), (1, 6, 3, "")], "没有找到“收入总计”的行或列"),
        ([(3, 6, 1, "003")], "合计是 650.1，各功能科目相加是 100.6"),
        ([(3, 6, 0, "2010301"), (3, 6, 1, ""), (3, 6, 2, "")], ""),
        ([(3, 5, 5, "")], ""),
        ([(4, 4, 5, "2,5")], "八、三公!F5: 错误：“2,5”不是数 [bad-amount]"),
        ([(3, 4, 4, "甲")], ""),
        ([(4, 4, column, "") for column in range(6)], ""),
    ],
)
def test_what_is_said_of_a_published_table(
    root: Path,
    capsys: pytest.CaptureFixture[str],
    changes: list[tuple[int, int, int, object]],
    expected: str,
) -> None:
    told = told_of(root, capsys, *changes)
    assert expected in told if expected else told == ""


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("单位：万元", "2022: 错误：附表没有注明金额单位 [no-measure]"),
        ("部门名称：某市某局", "2022: 错误：附表没有写部门名称 [no-department]"),
    ],
)
def test_tables_that_do_not_say_whose_and_in_what(
    root: Path, capsys: pytest.CaptureFixture[str], words: str, complaint: str
) -> None:
    made = pages()
    for page in made:
        page.rows = [[str(cell).replace(words, "") for cell in row] for row in page.rows]
    write_book(root / "附表.xlsx", made)
    assert run(root) == 1
    assert complaint in capsys.readouterr().err


def test_sheets_of_which_none_was_published(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_book(root / "附表.xlsx", [pages()[0], Page("空", [])])
    assert run(root) == 1
    assert "没有认出公布的附表" in capsys.readouterr().err


def test_a_missing_file_is_told_and_nothing_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "附表.xlsx").unlink()
    assert run(root) == 1
    said = capsys.readouterr().err
    assert "附表.xlsx: 错误：没有这个文件" in said
    assert "没有认出公布的附表" not in said


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ("年度: [", "1:1"),
        ("年度: 2022\n部门名称: 甲\n公布单位: 亿元\n数据:\n  - {指标: 三公经费, 数值: 1}\n", "3:7"),
    ],
)
def test_facts_that_are_wrong_already_are_named_with_their_year(
    root: Path, capsys: pytest.CaptureFixture[str], facts: str, place: str
) -> None:
    file = root / "2022/published/facts.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(facts, encoding="utf-8")
    assert run(root, "--replace", "--keep") == 1
    assert f"2022/published/facts.yaml:{place}: 错误" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == facts


def test_department_name_from_the_next_year(root: Path) -> None:
    made = pages()
    for page in made:
        page.rows = [[str(c).replace("部门名称：某市某局", "") for c in row] for row in page.rows]
    write_book(root / "附表.xlsx", made)
    (root / "2023").mkdir()
    (root / "2023" / "department.yaml").write_text(DEPARTMENT, encoding="utf-8")
    assert run(root) == 0
    text = (root / "2022" / "published" / "facts.yaml").read_text(encoding="utf-8")
    assert "部门名称: 某市某局\n" in text


def test_a_sheet_asked_for_that_is_not_there_is_an_error(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ["--sheet", "一、部门收支预算表"]
    assert run(root, *wanted, "--sheet", "八、三公经费") == 1
    told = capsys.readouterr().err
    assert "八、三公经费: 错误：没有工作表“八、三公经费” [unknown-sheet]" in told
    assert "五、一般公共预算支出、八、三公" in told
    assert not (root / "2022").exists()
    assert run(root, *wanted) == 0
    assert "八、三公：没有选，没有导入" in capsys.readouterr().out
