"""What of a returned file a person must decide before it is published; nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.problems import Place, Problem
from generator.typed_figures import typed_figures
from generator.verify.findings import (
    FIGURE_CHANGED,
    FIGURE_OUTDATED,
    FIGURE_REMOVED,
    NEW_NUMERAL,
    PARAGRAPH_ADDED,
    TABLE_ADDED,
    TABLE_MEASURE_CHANGED,
    UNSEEN,
    WORDING_CHANGED,
    Finding,
)
from generator.verify.numerals import is_numeral
from generator.verify.report import said

_ALTERED = {FIGURE_CHANGED, FIGURE_REMOVED, FIGURE_OUTDATED, TABLE_MEASURE_CHANGED}
_TO_DECIDE = {
    UNSEEN: "改成看得见的颜色和字号，或删掉",
    TABLE_ADDED: "里面的数没法和数据核对：删掉，或做成附表",
}
_WORDED = {WORDING_CHANGED, PARAGRAPH_ADDED}


def undecided(differences: Sequence[Finding], path: str) -> Iterator[Problem]:
    """What a person must decide before it is published."""
    yield from _figures_that_differ(differences, path)
    for finding in differences:
        if finding.rule in _TO_DECIDE:
            message = f"{said(finding)}（在{finding.where}）"
            hint = f"{_TO_DECIDE[finding.rule]}；确认就要这样公布，加 --with-differences"
            yield Problem(finding.rule, message, Place(path), hint)


def _figures_that_differ(findings: Sequence[Finding], path: str) -> Iterator[Problem]:
    """Amounts that are not what the data make: a person decides whether they are published."""
    told: set[tuple[str, str]] = set()
    for finding in (*findings, *_written_amounts(findings)):
        if not finding.adds_amount and finding.rule not in _ALTERED:
            continue
        if finding.rule == FIGURE_OUTDATED and (finding.figure, finding.after) in told:
            continue
        told.add((finding.figure, finding.after))
        message = f"数与数据算出来的不同：{said(finding)}（在{finding.where}）"
        hint = "先改数据，重新生成；确认就要这样公布，加 --with-differences"
        yield Problem(finding.rule, message, Place(path), hint)


def _written_amounts(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Amounts in Chinese numerals (三百余万元) that changed words have and the former ones had not."""
    former = {amount for finding in findings for amount in _amounts_in_words(finding.before)}
    for finding in findings:
        if finding.rule in _WORDED:
            for amount in _amounts_in_words(finding.after):
                if amount not in former:
                    yield Finding(NEW_NUMERAL, finding.where, after=amount, adds_amount=True)


def _amounts_in_words(text: str) -> Iterator[str]:
    for typed in typed_figures(text):
        written = text[typed.start : typed.end]
        if typed.rule == "typed-amount" and not any(map(is_numeral, written)):
            yield written
