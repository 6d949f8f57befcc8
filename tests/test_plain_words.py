"""Whatever staff read is in the words of a budget office, not in those of programmers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "generator").rglob("*.py"))
# docs/administrator.md is for people who look after computers.
PAGES = [
    *(ROOT / name for name in ("README.zh-CN.md", "CHANGES.md")),
    *(ROOT / "docs" / f"{name}.md" for name in ("guide", "import", "units", "differences-2023")),
    *(ROOT / "templates").rglob("*.txt"),
    *(ROOT / "templates").rglob("*.yaml"),
    *(ROOT / "mappings").glob("*.yaml"),
    *(ROOT / "generator/preview/static" / name for name in ("index.html", "panels.js", "pages.js")),
    *(ROOT / "generator/preview/static" / name for name in ("editing.js", "preview.js")),
]
# What is said instead: 存档, 照抄, 内部标记, 校验值, 键, 列名对照, 记号, 内部文件.
ENGINEERS = re.compile(
    "冻结|结转新|锚点|指纹|无基数|字段|映射|指令|部件|参数|解析|渲染|哈希|占位符|匹配|(?<!环境)变量|函数|表达式"
    "|分支|循环里|调用|标准输出|字节|规范化|实体定义|十六进制|文件模型"
)
# Names that data files and templates are written with stand alone in the code.
KEYS = {"冻结", "指纹", "字段", "无基数"}


def said(text: str) -> str:
    """The text without the names that data files and templates are written with."""
    return re.sub(r"(?:is (?:not )?无基数|(?:字段|指纹|冻结): ?)", "", text)


def texts_of(module: Path) -> Iterator[tuple[int, str]]:
    """Line and words of the strings of a module, docstrings aside."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in documented and node.value not in KEYS:
            yield node.lineno, node.value


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_messages_are_in_plain_words(module: Path) -> None:
    found = [(line, text) for line, text in texts_of(module) if ENGINEERS.search(said(text))]
    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_are_in_plain_words(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").split("\n")
    found = [(n, line) for n, line in enumerate(lines, 1) if ENGINEERS.search(said(line))]
    assert found == []


def test_a_programmers_word_would_be_found() -> None:
    for text in ("文件里没有锚点", "公布：冻结这一年", "没有字段“甲”"):
        assert ENGINEERS.search(said(text))
    for text in ("上年结转结余", "{字段: 单位}"):
        assert not ENGINEERS.search(said(text))
