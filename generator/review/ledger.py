"""The ledger of a build: every rule with its findings, every duty, what was acknowledged by whom."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from generator.checks import BUDGET_RULES
from generator.checks.rule import Entry, Rule, run_rules
from generator.figures.book import FigureBook
from generator.model import Acknowledgement
from generator.problems import ROUNDING, WARNING, Problem
from generator.review import explanations, vanishing, wording
from generator.review.duties import Duty, Fulfilment, duty_problems, fulfilments
from generator.review.wording import Reviewed

DOCUMENT_RULES: tuple[Rule[Reviewed], ...] = (
    Rule(
        "reason-unknown-section", "原因所指的章节存在", "C11", explanations.reason_names_a_section
    ),
    Rule("reason-contradicts", "原因与增减方向相符", "C11", explanations.reason_agrees_with_change),
    Rule("reason-overused", "一条原因不用于过多指标", "C11", explanations.reason_is_specific),
    Rule(
        "reason-amount",
        "原因里的金额文件里都有",
        "C11",
        explanations.reason_states_printed_amounts,
    ),
    Rule("text-residue", "正文没有模板残留", "C19", wording.text_has_no_residue),
    Rule("unbalanced-pair", "括号引号成对", "C19", wording.pairs_are_balanced),
    Rule("strange-year", "年份只有预算年度和上年", "C17", wording.years_are_known),
    Rule("bare-yuan", "金额单位一致", "C16", wording.amounts_are_in_the_measure),
    Rule("vanishing-amount", "有钱的没有印成零", "C16", vanishing.amounts_do_not_vanish),
    Rule("abolished-name", "没有停用的科目名称", "C05、C20", wording.names_are_in_force),
    Rule("named-twice", "类款项名称不重复", "C05", wording.class_is_named_once),
    Rule("unit-wording", "部门的文件称部门", "C18", wording.department_speaks_of_itself),
    Rule(
        "foreign-department",
        "没有别的部门的名称",
        "C18",
        wording.template_names_no_other_department,
    ),
)

STOPPED = "数据或模板有错，先改正"


class Ledger(NamedTuple):
    """What was checked. `problems` are the findings still open, in order of the rules."""

    entries: tuple[Entry, ...]
    duties: tuple[Fulfilment, ...]
    lapsed: tuple[Problem, ...]  # acknowledgements that no longer match a finding
    answered: Mapping[str, Acknowledgement]  # by the fingerprint of the finding

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*(p for entry in self.entries for p in entry.findings), *self.lapsed)


def review_document(
    reviewed: Reviewed,
    unexplained: tuple[Problem, ...],
    rounding: tuple[Problem, ...],
    duties: tuple[Duty, ...],
) -> tuple[tuple[Entry, ...], tuple[Fulfilment, ...]]:
    """The reasons still owed, the rules of the finished document, the sums on paper, the duties."""
    states = fulfilments(duties, reviewed.document, reviewed.book)
    return (
        Entry("missing-reason", "增减的原因都已写明", "C11", unexplained),
        *run_rules(DOCUMENT_RULES, reviewed),
        Entry("rounding-difference", "印出的合计与各项之和", "A17、B11、B12、C03", rounding),
        Entry(
            "duty-missing",
            "应当公开的都已公开",
            "data/duties",
            tuple(duty_problems(states, reviewed.book)),
            not_run="" if duties else "没有公开内容清单",
        ),
    ), states


def make_ledger(
    entries: Iterable[Entry],
    duties: tuple[Fulfilment, ...],
    acknowledged: tuple[Acknowledgement, ...],
) -> Ledger:
    """Findings that somebody answers for leave the open list; what stops a build, and what is
    still owed, cannot be waived.
    """
    by_fingerprint = {item.finding: item for item in acknowledged}
    settled = tuple([_settled(entry, by_fingerprint) for entry in entries])
    used = {problem.fingerprint for entry in settled for problem in entry.acknowledged}
    lapsed = tuple(
        Problem(
            "acknowledgement-lapsed",
            f"确认 {item.finding}（{item.person}：{item.reason}）所指的问题已经没有了",
            item.place,
            "问题改好了就删掉这一行；问题的内容变了就按新的编号重新确认",
            WARNING,
        )
        for item in acknowledged
        if item.finding not in used
    )
    answered = {finding: by_fingerprint[finding] for finding in sorted(used)}
    return Ledger(settled, duties, lapsed, answered)


def _settled(entry: Entry, answered: Container[str]) -> Entry:
    waived = tuple(
        problem
        for problem in entry.findings
        if problem.severity in (WARNING, ROUNDING) and problem.fingerprint in answered
    )
    if not waived:
        return entry
    kept = tuple(problem for problem in entry.findings if problem not in waived)
    return entry._replace(findings=kept, acknowledged=waived)


NOTHING_RUN = Ledger((), (), (), {})


def stopped_ledger(run: Ledger) -> Ledger:
    """Of a build that data or templates stopped: what was not run has not passed."""
    done = {entry.id for entry in run.entries}
    rules: tuple[Rule[FigureBook] | Rule[Reviewed], ...] = (*BUDGET_RULES, *DOCUMENT_RULES)
    rest = (Entry(r.id, r.title, r.basis, (), (), STOPPED) for r in rules if r.id not in done)
    return Ledger((*run.entries, *rest), (), (), run.answered)
