"""The ledger: what 2023 published against itself, answers and their lapse, text, JSON, page."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.build import Built, build_disclosure
from generator.checks.rule import Entry, NotRun, Rule, run_rules
from generator.model import Acknowledgement
from generator.problems import (
    ERROR,
    OWED,
    ROUNDING,
    WARNING,
    Finding,
    Place,
    Problem,
    ProblemsFound,
)
from generator.review.ledger import STOPPED, make_ledger

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
BASE = Path(__file__).parent / "broken" / "base"


@pytest.fixture(scope="module")
def built() -> Built:
    return build_disclosure(DATA, 2023)


# Acceptance: rule, both figures (or names) of the finding, its place, the other place.
PUBLISHED_AGAINST_ITSELF = (
    ("unit-named-twice", "管理局”", "管理局机关”", "2023/department.yaml:14", None),
    ("cost-target", "≤257.84万元", "211.0万元", "2023/projects.yaml:9", "2023/expenditure.yaml:41"),
    (
        "procurement-function",
        "159001",
        "2010399",
        "2023/procurement.yaml:3",
        "2023/procurement.yaml:4",
    ),
    (
        "procurement-function",
        "159002",
        "2010399",
        "2023/procurement.yaml:7",
        "2023/procurement.yaml:8",
    ),
    (
        "reason-contradicts",
        "“公务用车运行费”没有增减",
        "厉行节约，减少支出",
        "2023/reasons.yaml:17",
        "2022/published/facts.yaml:28",
    ),
    (
        "reason-contradicts",
        "“公务用车购置费”没有增减",
        "厉行节约，减少支出",
        "2023/reasons.yaml:18",
        "2022/published/facts.yaml:27",
    ),
    (
        "reason-overused",
        "6 个指标",
        "根据实际工作需要有所增加",
        "2023/reasons.yaml:9",
        "2023/reasons.yaml:14",
    ),
)
ROUNDING_DIFFERENCES = (
    ("rounding-difference", "530.9", "530.8"),
    ("rounding-difference", "546.7", "546.6"),
    ("rounding-difference", "621.4", "621.3"),
    ("rounding-difference", "37.0", "36.9"),
    ("items-total-change", "182.1", "182.2"),
)


@pytest.mark.parametrize(
    ("rule", "one", "other", "place", "related"), PUBLISHED_AGAINST_ITSELF, ids=str
)
def test_what_2023_published_against_itself_is_found_and_answered_for(
    built: Built, rule: str, one: str, other: str, place: str, related: str | None
) -> None:
    entry = next(entry for entry in built.ledger.entries if entry.id == rule)
    found = [p for p in entry.acknowledged if one in p.message and other in p.message]
    assert [p.place.file_line for p in found] == [place]
    assert related in ([None] if related is None else [p.file_line for p in found[0].related])
    answer = built.ledger.answered[found[0].fingerprint]
    assert answer.person
    assert len(answer.reason) > 10
    assert entry.findings == ()


@pytest.mark.parametrize(("rule", "added", "printed"), ROUNDING_DIFFERENCES)
def test_the_rounding_differences_of_2023_are_listed_and_noted(
    built: Built, rule: str, added: str, printed: str
) -> None:
    entry = next(entry for entry in built.ledger.entries if entry.id == rule)
    figures = [set(re.findall(r"[0-9]+\.[0-9]", p.message)) for p in entry.findings]
    assert any({added, printed} <= found for found in figures)
    assert {p.severity for p in entry.findings} == {ROUNDING}


def test_2023_is_clean_and_nothing_else_was_answered_for(built: Built) -> None:
    assert {p.severity for p in built.problems} == {ROUNDING}
    states = {e.id: e.state for e in built.ledger.entries if e.state != "通过"}
    answered = {rule for rule, *_ in PUBLISHED_AGAINST_ITSELF} | {"unit-wording"}
    assert states == dict.fromkeys(answered, "已确认") | {
        "reason-stale": "未运行",
        "items-total-change": "尾差",
        "rounding-difference": "尾差",
    }
    assert len(built.ledger.answered) == len(built.book.budget.acknowledged)


# Answers


FINDING = Problem("cost-target", "是 35万元，大于 30万元", Place("a", 1), severity=WARNING)


def ledger_of(*found: Problem) -> object:
    """The open findings when FINDING as it first was is answered for."""
    answer = Acknowledgement(FINDING.fingerprint, "张三", "照此公布", place=Place("b", 1))
    return make_ledger([Entry("cost-target", "", "", found)], (), (answer,)).problems


def lapsed() -> Problem:
    message = f"确认 {FINDING.fingerprint}（张三：照此公布）所指的问题已经没有了"
    hint = "问题改好了就删掉这一行；问题的内容变了就按新的编号重新确认"
    return Problem("acknowledgement-lapsed", message, Place("b", 1), hint, WARNING)


def test_an_answer_holds_wherever_the_finding_moves() -> None:
    assert ledger_of(FINDING) == ()
    assert ledger_of(replace(FINDING, place=Place("c", 9), hint="另一句")) == ()


def test_an_answer_lapses_with_the_value_the_rule_or_the_finding() -> None:
    value = replace(FINDING, message="是 36万元，大于 30万元")
    version = replace(FINDING, version=2)
    assert ledger_of(value) == (value, lapsed())
    assert ledger_of(version) == (version, lapsed())
    assert ledger_of() == (lapsed(),)


@pytest.mark.parametrize("severity", [ERROR, OWED])
def test_what_is_wrong_or_owed_cannot_be_answered_for(severity: str) -> None:
    found = replace(FINDING, severity=severity)
    assert ledger_of(found) == (found, lapsed())


def test_a_rule_gives_its_version_to_its_findings() -> None:
    rule: Rule[None] = Rule("cost-target", "", "", lambda _: [FINDING], version=2)
    assert run_rules([rule], None)[0].findings == (replace(FINDING, version=2),)


def test_a_rule_gives_its_id_to_its_findings() -> None:
    found = Finding("不符", Place("a.yaml", 1), "改正", ERROR, (Place("b.yaml", 2),))
    rule: Rule[None] = Rule("cost-target", "", "", lambda _: [found], version=2)
    assert run_rules([rule], None)[0].findings == (
        Problem("cost-target", *found[:4], related=found.related, version=2),
    )


def test_a_rule_that_was_not_run_has_not_passed() -> None:
    def find(_: None) -> list[Problem]:
        raise NotRun("没有上年")

    entry = run_rules([Rule("x", "标题", "依据", find)], None)[0]
    assert entry == Entry("x", "标题", "依据", (), (), "没有上年")
    assert entry.state == "未运行"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    shutil.copytree(BASE, root)
    return root


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_answer_in_the_data_lapses_when_an_amount_changes(data: Path) -> None:
    edit(data / "2023/projects.yaml", "≤30万元", "≤35万元")
    found = build_disclosure(data, 2023).problems
    assert [p.rule for p in found] == ["cost-target"]
    line = f'- {{发现: "{found[0].fingerprint}", 确认人: 张三, 原因: 照此公布}}\n'
    (data / "2023/acknowledged.yaml").write_text(line, encoding="utf-8")
    assert build_disclosure(data, 2023).problems == ()
    edit(data / "2023/projects.yaml", "≤35万元", "≤36万元")
    rules = [p.rule for p in build_disclosure(data, 2023).problems]
    assert rules == ["acknowledgement-lapsed", "cost-target"]


def test_reasons_for_everything_are_judged_beside_each_figure(data: Path) -> None:
    """厉行节约 is printed beside increases, and for more figures than it can explain; the words
    stood in last year's text.
    """
    facts = data / "2022/published/facts.yaml"
    edit(facts, "原因: 人员调资", "原因: 厉行节约")
    (data / "2023/reasons.yaml").write_text("- {原因: 厉行节约}\n", encoding="utf-8")
    found = [
        p for p in build_disclosure(data, 2023).problems if p.place.path.endswith("reasons.yaml")
    ]
    assert {p.place.line for p in found} == {1}
    rules = [p.rule for p in found]
    assert (rules.count("reason-stale"), rules.count("reason-overused")) == (1, 1)
    beside = [p for p in found if p.rule == "reason-contradicts"]
    assert {p.message.partition("”")[0] for p in beside} == {
        f"“{name}（原因写给全文）"
        for name in (
            "收入总计",
            "支出总计",
            "一般公共预算收支",
            "一般公共预算支出",
            "一般公共预算支出（2130305 水利工程建设）",
        )
    }
    spent = next(p for p in beside if p.message.startswith("“一般公共预算支出（原因写给全文）”"))
    assert [p.file_line for p in spent.related] == [
        "2022/published/facts.yaml:8",
        "2023/expenditure.yaml:1",
    ]


@pytest.mark.parametrize(("bases", "found"), [((90, 90, 90, 90), 0), ((90, 80, 70, 60), 1)])
def test_one_reason_is_right_for_figures_that_change_alike(
    data: Path, bases: tuple[int, ...], found: int
) -> None:
    """One fund pays for all: four figures have one amount, one base and so one reason."""
    figures = ("收入总计", "支出总计", "一般公共预算收支", "一般公共预算支出")
    facts = data / "2022/published/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    for name, base in zip(figures, bases, strict=True):
        text, count = re.subn(rf"(指标: {name}, 数值: )[0-9.]+", rf"\g<1>{base}", text, count=1)
        assert count == 1
    facts.write_text(text, encoding="utf-8")
    lines = "".join(f"- {{指标: {name}, 原因: 业务量变化}}\n" for name in figures)
    (data / "2023/reasons.yaml").write_text(lines, encoding="utf-8")
    rules = [problem.rule for problem in build_disclosure(data, 2023).problems]
    assert rules.count("reason-overused") == found


# The command


def check(data: Path, *more: str) -> int:
    return main(["check", "2023", "--data", str(data), *more])


def test_the_ledger_as_text(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(data) == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "青石市水利局2023年部门预算公开：检查台账"
    assert "  [通过] 成本指标不超过项目预算  cost-target B20" in lines
    assert "  [已公开] 4.8.1 “三公”经费口径的注" in lines
    (data / "2022/published/facts.yaml").unlink()
    assert check(data) == 0
    lines = capsys.readouterr().out.split("\n")
    assert "  [未运行] 原因不是上年的原话（上年没有公布原因可比）  reason-stale C11" in lines
    total = next(line for line in lines if line.startswith("共 "))
    assert re.fullmatch("共 (.*) 条规则，运行 .* 条，未运行 11 条（不算通过）；.*", total)


def test_warnings_fail_only_when_strict(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(data, "--strict") == 0
    edit(data / "2023/projects.yaml", "≤30万元", "≤35万元")
    assert check(data) == 0
    shown = capsys.readouterr().out
    assert "  [存疑] 1 条 成本指标不超过项目预算  cost-target B20\n" in shown
    assert check(data, "--strict") == 1
    assert check(DATA, "--strict") == 0  # answered for


def test_the_line_to_copy_is_no_answer_as_it_stands(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who confirmed and why are the person's own words."""
    edit(data / "2023/projects.yaml", "≤30万元", "≤35万元")
    check(data)
    (line,) = re.findall(r"- \{发现: .*\}", capsys.readouterr().out)
    (data / "2023/acknowledged.yaml").write_text(line, encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        build_disclosure(data, 2023)
    assert [p.rule for p in found.value.problems] == ["sample-kept", "sample-kept"]


def test_what_is_owed_fails_and_is_a_line_of_the_ledger(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(data / "2023/reasons.yaml", "- {指标: 公务接待费, 原因: 来访批次减少}\n", "")
    assert check(data) == 1
    shown = capsys.readouterr().out
    assert "  [待填] 1 条 增减的原因都已写明  missing-reason C11\n" in shown
    assert "2023/reasons.yaml:6:1: 待填：还没有写公务接待费减少的原因" in shown
    assert "其他：" not in shown


def test_the_ledger_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DATA, "--json") == 0
    record = json.loads(capsys.readouterr().out)
    rules = {rule["id"]: rule for rule in record["rules"]}
    assert rules["reason-stale"]["state"] == "未运行"
    assert rules["reason-stale"]["not_run"]
    assert rules["revenue-expenditure"]["state"] == "通过"
    (cost,) = rules["cost-target"]["acknowledged"]
    assert (cost["file"], cost["line"]) == ("2023/projects.yaml", 9)
    assert cost["person"] == "数据整理"
    assert cost["reason"].startswith("公布文件如此")
    assert {duty["state"] for duty in record["duties"]} <= {"已公开", "不适用"}
    listed = [problem for rule in record["rules"] for problem in rule["findings"]]
    in_order = sorted(listed, key=lambda p: (p["file"], p["line"], p["column"], p["message"]))
    assert record["problems"] == in_order


def test_a_page_to_sign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "出" / "台账.html"
    assert check(DATA, "--page", str(page)) == 0
    assert "检查台账" in capsys.readouterr().out
    text = page.read_text(encoding="utf-8")
    assert "<td>未运行：上年没有公布原因可比</td>" in text
    assert "<td>数据整理</td><td>警告：项目“综窗劳务费”的成本指标“发放工资费用”是 " in text
    for title in ("经办人", "复核人", "负责人", "日期"):
        assert f'<th scope="col">{title}</th>' in text
    assert "<script" not in text
    assert "http" not in text


def stopped(tmp_path: Path, file: str, old: str, new: str) -> list[str]:
    """A copy of the data with one mistake, as arguments of `check`."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    path = data / "2023" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return ["check", "2023", "--data", str(data)]


def test_what_an_error_in_the_data_stops_has_not_passed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rules of the data are run and keep their answers; those of the text are not run."""
    command = stopped(tmp_path, "revenue.yaml", "金额: ", "金额: 1")
    assert main([*command, "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    state_by_rule = {rule["id"]: rule["state"] for rule in record["rules"]}
    assert state_by_rule["revenue-expenditure"] == "不符"
    assert state_by_rule["cost-target"] == "已确认"
    assert state_by_rule["text-residue"] == "未运行"
    assert record["duties"] == []
    errors = [p["rule"] for p in record["problems"] if p["severity"] == ERROR]
    assert errors == ["revenue-expenditure"]
    assert main(command) == 1
    shown = capsys.readouterr().out
    assert "（不算通过）" in shown
    count = sum(rule["not_run"] == STOPPED for rule in record["rules"])
    assert count > 5
    assert f"  [未运行] {count} 条规则（{STOPPED}）\n" in shown
    assert "text-residue" not in shown


def test_data_that_cannot_be_read_run_no_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = stopped(tmp_path, "revenue.yaml", "金额: ", "金頟: ")
    assert main([*command, "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert {rule["state"] for rule in record["rules"]} == {"未运行"}
    assert [p["rule"] for p in record["problems"]] == ["unknown-key"]
    assert main(command) == 1
    title, told, total, _ = capsys.readouterr().out.split("\n")
    count = len(record["rules"])
    assert title == "2023年：检查台账"
    assert told == f"  [未运行] {count} 条规则（{STOPPED}）"
    assert total.startswith(f"共 {count} 条规则，运行 0 条，未运行 {count} 条（不算通过）；")
