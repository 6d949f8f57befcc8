"""A returned file against the document: patches, overtyped figures, conflicts, and the rest."""

from __future__ import annotations

from dataclasses import dataclass

from generator.build import Built
from generator.reconcile.edited import FigureEdit, Reader
from generator.reconcile.files import Changes, SourceFiles
from generator.reconcile.printed import PrintedText
from generator.reconcile.structure import Conflict
from generator.reconcile.trial import Trial, Verdict
from generator.reconcile.workbench import Workbench
from generator.verify import findings as rules
from generator.verify.baseline import Baseline
from generator.verify.comparison import comparison_of
from generator.verify.findings import Comparison, Finding
from generator.verify.reading import Found
from generator.verify.report import BESIDE, MARKS, WORDS

# What is told as `verify` tells it is not read anew from the texts.
_READ_ANEW = {rules.WORDING_CHANGED, rules.PARAGRAPH_ADDED, rules.PARAGRAPH_REMOVED}
_TOLD = {*WORDS, *MARKS, *BESIDE} - _READ_ANEW


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Everything to say of a returned file. `comparison` has its anchors and Word's own marks."""

    verdicts: tuple[Verdict, ...]
    figures: tuple[FigureEdit, ...]
    conflicts: tuple[Conflict, ...]
    told: tuple[Finding, ...]
    comparison: Comparison
    printed: tuple[PrintedText, ...]

    @property
    def nothing(self) -> bool:
        return not (self.verdicts or self.figures or self.conflicts or self.told)

    @property
    def accepted(self) -> Changes:
        return tuple(c for verdict in self.verdicts if verdict.accepted for c in verdict.changes)


def reconcile(
    found: Found,
    base: Baseline,
    built: Built,
    files: SourceFiles,
    bench: Workbench,
    *,
    repeats: bool = False,
) -> Reconciliation:
    """What the file says differently from `base`, brought back to the sources of `built`."""
    reader = Reader(found, base, built, files)
    reader.read()
    trial = Trial(bench, files, reader.printed, reader.wanted, repeats)
    comparison = comparison_of(reader.blocks)
    told = tuple(finding for finding in comparison.findings if finding.rule in _TOLD)
    return Reconciliation(
        tuple(trial.verdicts(reader.proposals())),
        tuple(reader.figures),
        tuple(reader.conflicts),
        told,
        comparison,
        tuple(reader.printed),
    )
