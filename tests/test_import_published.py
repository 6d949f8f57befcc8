"""Last year's annexed tables become the year's published facts, as printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from messy_workbooks import Page, write_book
from test_import_merge import DEPARTMENT

from generator.__main__ import main
from generator.fields import References
from generator.load.reader import read_yaml
from generator.load.records import Converter
from generator.model import Published


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
