"""A small department whose sentences tests look at: a public institution with two years alike."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from generator.build import Built, build_disclosure
from generator.problems import Problem, ProblemsFound
from generator.writers.text import write_text

ROOT = Path(__file__).parents[1]
FILES = {
    "2024/department.yaml": """\
年度: 2024
部门名称: 绿江县融媒体中心
部门代码: "301"
公布日期: "2024-02-20"
科目版本: "2023"
单位:
  - {代码: "301001", 名称: 绿江县融媒体中心, 本级: 是, 性质: 事业}
主要职责: [承担全县新闻宣传工作。]
""",
    "2024/expenditure.yaml": """\
- {单位: "301001", 类别: 人员类, 功能科目: "2070807", 经济科目: "30101", 资金来源: 一般公共预算, 金额: 1000000}
""",
    "2024/revenue.yaml": '- {单位: "301001", 资金来源: 一般公共预算, 金额: 1000000}\n',
    "2024/performance.yaml": "年度履职目标: 办好节目\n",
    "2024/assets.yaml": '截至日期: "2023-12-31"\n',
    "2023/published/facts.yaml": """\
年度: 2023
部门名称: 绿江县融媒体中心
公布单位: 万元
数据:
  - {指标: 收入总计, 数值: 100}
  - {指标: 支出总计, 数值: 100}
  - {指标: 一般公共预算收支, 数值: 100}
  - {指标: 政府性基金收支, 数值: 0}
  - {指标: 一般公共预算支出, 数值: 100}
  - {指标: 三公经费, 数值: 0}
  - {指标: 因公出国境费, 数值: 0}
  - {指标: 公务接待费, 数值: 0}
  - {指标: 公务用车运行费, 数值: 0}
  - {指标: 公务用车购置费, 数值: 0}
  - {指标: 机关运行经费, 数值: 0}
""",
}
LINE = '- {{单位: "301001", 类别: {}, 功能科目: "2070807", 经济科目: "{}", {}资金来源: {}, 金额: {}}}\n'
REVENUE = '- {{单位: "301001", 资金来源: {}, 金额: {}, 来源年度: {}}}\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A public institution that spends 100万元 on wages, as the year before."""
    for path, text in FILES.items():
        file = tmp_path / "data" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "data"


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """The shipped templates, free to be changed."""
    return Path(shutil.copytree(ROOT / "templates", tmp_path / "templates"))


def add(data: Path, name: str, text: str) -> None:
    file = data / "2024" / name
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    file.write_text(before + text, encoding="utf-8")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def published(data: Path, figure: str, amount: str) -> None:
    file = data / "2023/published/facts.yaml"
    pattern = re.compile(rf"(指标: {figure}, 数值: )[0-9.]+")
    text, count = pattern.subn(rf"\g<1>{amount}", file.read_text(encoding="utf-8"))
    assert count == 1
    file.write_text(text, encoding="utf-8")


def section(built: Built, title: str) -> str:
    """The text below a heading, without line breaks."""
    text = write_text(built.document).decode()
    found = re.search(rf"^#+ [^\n]*{title}[^\n]*\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found
    return found[1].replace("\n", "")


def build(data: Path, templates: Path = ROOT / "templates") -> Built:
    return build_disclosure(data, 2024, templates)


def refused(data: Path, templates: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsFound) as caught:
        build(data, templates)
    return caught.value.problems
