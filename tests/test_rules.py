"""Every rule has a broken example: the `# error: rule` on the guilty line is the assertion."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest
from word_cases import CLEAN_WORDS, WORDS

from generator.build import Built, build_disclosure
from generator.checks import BUDGET_RULES
from generator.checks.units import department_equals_units, summable, values_in
from generator.load.budget import load_budget
from generator.load.completion import NO_PRIOR_YEAR
from generator.problems import ERROR, Problem, ProblemsFound
from generator.review.ledger import DOCUMENT_RULES

ROOT = Path(__file__).parents[1]
BROKEN = Path(__file__).parent / "broken"
BASE = BROKEN / "base"
EXAMPLES = sorted(path.name for path in BROKEN.iterdir() if path != BASE)
_MARK = re.compile(r"# error: ([a-z-]+)$", re.MULTILINE)
# What lint says of templates: tests/test_template_mistakes.py has a case for each of its rules.
LINT = "template-doubt"
# Packages whose rules judge what people wrote in the data folder and in table layouts.
JUDGING = ("checks", "review", "load", "figures", "tables", "fields.py", "catalogue.py")
RULE_ID = re.compile("[a-z]+(-[a-z0-9]+)+")


def broken_department(name: str, root: Path) -> list[tuple[str, int, str]]:
    """Lay the example over the base; returns the marks as (path, line, rule)."""
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    shutil.copytree(BROKEN / name, root, dirs_exist_ok=True)
    return [
        (file.relative_to(root).as_posix(), number, match[1])
        for file in sorted((BROKEN / name).rglob("*.yaml"))
        for file in [root / file.relative_to(BROKEN / name)]
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1)
        if (match := _MARK.search(line))
    ]


def findings(root: Path) -> tuple[Problem, ...]:
    try:
        return build_disclosure(root, 2023).problems
    except ProblemsFound as error:
        return error.problems


def test_every_rule_has_an_example() -> None:
    ledger = {entry.id for entry in build_disclosure(BASE, 2023).ledger.entries}
    assert ledger >= {rule.id for rule in (*BUDGET_RULES, *DOCUMENT_RULES)}
    examples = set(EXAMPLES) - {"acknowledgement-lapsed", "unknown-figure"}  # of no rule's own line
    assert examples == ledger - {LINT, NO_PRIOR_YEAR}


def strings_in(files: list[Path]) -> set[str]:
    """Every string that stands in Python files by itself."""
    return {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_id_that_users_can_see_is_asserted_somewhere() -> None:
    """Rules of loading and layouts have their cases in test_bad_yaml and test_table_layouts."""
    packages = [ROOT / "generator" / name for name in JUDGING]
    sources = [f for p in packages for f in (p.rglob("*.py") if p.is_dir() else [p])]
    ids = {text for text in strings_in(sources) if RULE_ID.fullmatch(text)}
    ids -= {"wrong-type"}  # what a type that named no rule would be reported as; all name one
    assert len(ids) > 80
    asserted = strings_in(sorted((ROOT / "tests").glob("*.py"))) | set(EXAMPLES)
    assert ids - asserted == set()


def test_a_unit_that_does_not_add_up_is_named() -> None:
    """`build --all` compares every figure with the sum of the units' own."""
    book = build_disclosure(BASE, 2023).book
    figures = summable(book, ())
    own = values_in(book, figures)
    assert list(department_equals_units(book, figures, [own])) == []
    other = {**own, "公务接待费": 1_999_999, "单位个数": 1}
    found = list(department_equals_units(book, figures, [other]))
    assert [(p.rule, *p.place[:2], p.message) for p in found] == [
        (
            "units-sum",
            "2023/expenditure.yaml",
            3,
            "公务接待费：部门是 20000.00元，各单位之和是 19999.99元",
        ),
        ("units-sum", "2023/department.yaml", 6, "单位个数：部门是 2个，各单位之和是 1个"),
    ]


LOCAL = "catalogue/2023/local.csv"


@pytest.mark.parametrize(
    ("local", "line", "found"),
    [
        ("economic,30199,,青财〔2023〕9号", "", ("bad-local-code", LOCAL, 2)),
        (
            "economic,30198,其他补助,青财〔2023〕9号",
            "",
            ("no-government-economic", "2023/expenditure.yaml", 1),
        ),
        (
            "economic,30198,其他补助,青财〔2023〕9号",
            ', 政府经济科目: "50101"',
            ("economic-pair", "2023/expenditure.yaml", 1),
        ),
    ],
)
def test_codes_a_place_adds(
    local: str, line: str, found: tuple[str, str, int], tmp_path: Path
) -> None:
    """An incomplete one is wrong; one without a mapping must be paired by hand, and is doubted."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "data/catalogue/2023", tmp_path / "catalogue/2023")
    with (tmp_path / LOCAL).open("a", encoding="utf-8") as file:
        file.write(f"{local}\n")
    lines = tmp_path / "2023/expenditure.yaml"
    text = lines.read_text(encoding="utf-8").replace('"30101"', f'"30198"{line}', 1)
    lines.write_text(text, encoding="utf-8")
    placed = [(p.rule, *p.place[:2]) for p in findings(tmp_path)]
    assert placed == [found]


def test_a_doubtful_code_of_procurement_is_named(tmp_path: Path) -> None:
    """Codes are doubted wherever they are printed, at their first line."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/procurement.yaml"
    text = file.read_text(encoding="utf-8").replace('"2130301"', '"2121001"', 1)
    file.write_text(text, encoding="utf-8")
    warnings = load_budget(tmp_path, 2023).warnings
    assert [(p.rule, *p.place[:2]) for p in warnings] == [
        ("doubtful-code", "2023/procurement.yaml", 1)
    ]


@pytest.mark.parametrize(
    ("target", "exceeds"),
    [
        ("≤30.01万元", True),
        ("30.01万元", True),
        ("<=300001元", True),
        ("不超过35万元", True),
        ("≤30万元", False),
        ("控制在300000元以内", False),
        ("每人≤300元", False),
        ("999999元/公里", False),
        ("节约5%", False),
    ],
)
def test_cost_targets_are_read_as_people_write_them(
    target: str, exceeds: bool, tmp_path: Path
) -> None:
    """Against a project of 300,000 yuan."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/projects.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("≤30万元", target), encoding="utf-8")
    placed = [(p.rule, p.place.line, [r.file_line for r in p.related]) for p in findings(tmp_path)]
    assert placed == ([("cost-target", 5, ["2023/expenditure.yaml:4"])] if exceeds else [])


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        ("4.1040023E+19", True),
        ("4e19", True),
        ("41040023000000000000", True),
        ("41040023000000008044", False),
        ("8010000000001", False),
        ("ZX-2023-000", False),
    ],
)
def test_project_codes_that_a_spreadsheet_kept_as_numbers(
    code: str, lost: bool, tmp_path: Path
) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/projects.yaml"
    text = file.read_text(encoding="utf-8").replace("河道治理\n", f"河道治理\n  编码: {code}\n", 1)
    file.write_text(text, encoding="utf-8")
    placed = [(p.rule, p.place.line) for p in findings(tmp_path)]
    assert placed == ([("lost-digits", 2)] if lost else [])


def test_an_item_indented_too_far_is_told(tmp_path: Path) -> None:
    (problem,) = with_duty("负责全市水资源。\n    - 统筹防汛。", tmp_path)
    assert (problem.rule, problem.place.line) == ("items-joined", 9)
    assert problem.message == "两条连成了一条：“负责全市水资源。 - 统筹防汛。…”"


def with_duty(words: str, root: Path) -> tuple[Problem, ...]:
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    file = root / "2023/department.yaml"
    text = file.read_text(encoding="utf-8").replace("负责全市水资源的管理和保护。", words)
    file.write_text(text, encoding="utf-8")
    return findings(root)


@pytest.mark.parametrize(("words", "rule"), WORDS)
def test_words_that_break_a_rule(words: str, rule: str, tmp_path: Path) -> None:
    found = with_duty(words, tmp_path)
    assert {(p.rule, *p.place[:2]) for p in found} == {(rule, "2023/department.yaml", 9)}


@pytest.mark.parametrize(
    ("level", "is_doubted"),
    [
        *((level, False) for level in ("省级", "市级财政", "高新区本级", "本级", "中央", "师级")),
        *((level, True) for level in ("市极", "市", "级", "市级级", "财政")),
    ],
)
def test_levels_of_government(level: str, is_doubted: bool, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/department.yaml"
    file.write_text(file.read_text(encoding="utf-8") + f"财政级次: {level}\n", encoding="utf-8")
    assert ("fiscal-level" in {p.rule for p in findings(tmp_path)}) == is_doubted


@pytest.mark.parametrize("said", ["[]\n", None])
def test_a_list_that_says_there_is_none_is_believed(said: str | None, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/procurement.yaml"
    file.unlink() if said is None else file.write_text(said, encoding="utf-8")
    assert "empty-list" not in {p.rule for p in findings(tmp_path)}


def test_tasks_without_an_annual_goal(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    text = "年度主要任务:\n  - {任务名称: 治河, 主要内容: 治理河道}\n"
    (tmp_path / "2023/performance.yaml").write_text(text, encoding="utf-8")
    found = [p for p in findings(tmp_path) if p.rule == "no-performance"]
    assert [p.message[:10] for p in found] == ["没有写年度履职目标，"]


@pytest.mark.parametrize(
    ("name", "line"), [("部门名称: 青石市水利局", 2), ("名称: 青石市水库管理中心", 7)]
)
def test_a_blank_in_the_name_of_who_publishes(name: str, line: int, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/department.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(name, name.replace("青石市", "青石市 ")), encoding="utf-8")
    assert ("inner-blank", line) in {(p.rule, p.place.line) for p in findings(tmp_path)}


def test_a_unit_called_like_the_department_is_its_own_level(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/department.yaml"
    text = file.read_text(encoding="utf-8").replace("青石市水利局机关", "青石市水利局")
    file.write_text(text, encoding="utf-8")
    assert findings(tmp_path) == ()
    file.write_text(text.replace(" 本级: 是,", ""), encoding="utf-8")
    assert [(p.rule, p.place.line) for p in findings(tmp_path)] == [("own-level", 6)]


@pytest.mark.parametrize("words", CLEAN_WORDS)
def test_words_that_break_none(words: str, tmp_path: Path) -> None:
    assert with_duty(words, tmp_path) == ()


@pytest.mark.parametrize(
    "words", ["无", "/", "-", "同上。", "同上年", "其他原因", "（略）", "详见附表"]
)
def test_what_stands_in_a_form_is_no_reason(words: str, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/reasons.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("来访批次减少", f'"{words}"'), encoding="utf-8")
    placed = [(p.rule, p.place.line) for p in findings(tmp_path)]
    line = text[: text.index("来访批次减少")].count("\n") + 1
    assert placed == [("reason-residue", line)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("增加30万元，主要是新增项目", False),
        ("安排140.0 万元用于新增项目", False),
        ("增加30.1万元", True),
        ("每人补助0.3万元/年", False),
        ("每人每月增加300元/月", False),
        ("缴费基数提高5%", False),
        ("1,234.5万元的新增项目", True),
    ],
)
def test_amounts_in_a_reason_are_those_of_the_document(
    words: str, found: bool, tmp_path: Path
) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "2023/reasons.yaml"
    text = file.read_text(encoding="utf-8")
    old = "- {指标: 收入总计, 原因: 新增河道治理项目}"
    assert old in text
    file.write_text(text.replace(old, old.replace("新增河道治理项目", f'"{words}"')), "utf-8")
    placed = [(p.rule, p.place.line) for p in findings(tmp_path)]
    assert placed == ([("reason-amount", 1)] if found else [])


def test_rule_ids_are_unique() -> None:
    ids = [entry.id for entry in build_disclosure(BASE, 2023).ledger.entries]
    assert len(ids) == len(set(ids))


def test_the_base_is_clean() -> None:
    built: Built = build_disclosure(BASE, 2023)
    assert built.problems == ()
    assert {entry.state for entry in built.ledger.entries} == {"通过"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_breaks_its_rule(name: str, tmp_path: Path) -> None:
    marks = broken_department(name, tmp_path)
    assert [rule for _, _, rule in marks] == [name]
    found = findings(tmp_path)
    placed = [(p.place.path, p.place.line, p.rule) for p in found]
    assert set(marks) <= set(placed), "\n".join(map(str, found))
    stopping = {p.rule for p in found if p.severity == ERROR}
    assert stopping <= {name}


@pytest.mark.parametrize("name", EXAMPLES)
def test_findings_say_what_to_do(name: str, tmp_path: Path) -> None:
    broken_department(name, tmp_path)
    for problem in findings(tmp_path):
        assert problem.hint
        assert problem.place.line
        assert re.search(r"[\u4e00-\u9fff]", problem.message)
