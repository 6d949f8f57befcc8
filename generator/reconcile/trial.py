"""Proposed patches, each built before it is believed: the document must read as it was edited.

A patch is accepted only if the edited texts come out exactly and every other text stays as it is;
what the same source line prints elsewhere changes with it, and a person must agree to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from generator.problems import ERROR, Problem, ProblemsFound
from generator.reconcile.files import Change, Changes, SourceFiles
from generator.reconcile.printed import PrintedText, cells_of
from generator.reconcile.workbench import Workbench
from generator.verify.baseline import Baseline, baseline_of

_MOST_NAMED = 4


class Edit(NamedTuple):
    """Text `number` of the document reads `after` now; None: it is gone; or `after` stands before
    it, where `added` is true (the number may be one beyond the last).
    """

    number: int
    after: str | None
    added: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits of one source place, and the changes that may make them, the best first."""

    edits: tuple[Edit, ...]
    ways: tuple[Changes, ...]
    note: str = ""


class OtherText(NamedTuple):
    """A text that nobody edited and that changes with a patch."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a proposal: accepted with `changes`, or refused with a Chinese `reason`."""

    proposal: Proposal
    changes: Changes
    accepted: bool
    reason: str = ""
    also: tuple[OtherText, ...] = ()


class Outcome(NamedTuple):
    """A trial: whether the edits came out, what else changed, what the build said."""

    fits: bool
    also: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    problem: Problem | None = None


def texts_of(baseline: Baseline) -> tuple[str, ...]:
    """All texts of a document, in the order of `printed_texts`."""
    return tuple(cell.text for item in baseline.items for _, _, cell in cells_of(item))


@dataclass(slots=True)
class Trial:
    """Tries proposals one after the other, each on top of those accepted before it.

    `wanted` is what the returned file reads, by text number, where it can be said: a text that
    changes to just that is no surprise. With `repeats`, others of the same line are welcome.
    """

    workbench: Workbench
    files: SourceFiles
    printed: Sequence[PrintedText]
    wanted: Mapping[int, str]
    repeats: bool = False
    _edits: list[Edit] = field(default_factory=list)
    _changes: list[Change] = field(default_factory=list)

    def verdicts(self, proposals: Sequence[Proposal]) -> list[Verdict]:
        """In the order of `proposals`."""
        if not proposals:
            return []
        together = self._together(proposals)
        return together or [self._verdict(proposal) for proposal in proposals]

    def _together(self, proposals: Sequence[Proposal]) -> list[Verdict] | None:
        """All at once, which nearly always fits: one build instead of one for each."""
        edits = [edit for proposal in proposals for edit in proposal.edits]
        changes = [change for proposal in proposals for change in proposal.ways[0]]
        if _meeting(changes) or not self._outcome(edits, changes).fits:
            return None
        return [Verdict(p, p.ways[0], accepted=True) for p in proposals]

    def _verdict(self, proposal: Proposal) -> Verdict:
        """Of the first way that is accepted; of the best, if none is."""
        refused: list[Verdict] = []
        for changes in proposal.ways:
            verdict = self._tried(proposal, changes)
            if verdict.accepted:
                return verdict
            refused.append(verdict)
        return refused[0]

    def _tried(self, proposal: Proposal, changes: Changes) -> Verdict:
        if any(change.meets(other) for change in changes for other in self._changes):
            return Verdict(proposal, changes, False, "同一处已经有另一个改法")
        all_changes = [*self._changes, *changes]
        outcome = self._outcome([*self._edits, *proposal.edits], all_changes)
        if outcome.problem is not None:
            return Verdict(proposal, changes, False, _said(outcome.problem))
        others = outcome.also
        also = tuple(
            OtherText(self.printed[n].where, self.printed[n].text, outcome.texts[n]) for n in others
        )
        if not outcome.fits and not others:
            reason = "这样改，重新生成的文字和改的不一样，或者别处的段落也增减了"
            return Verdict(proposal, changes, False, reason)
        if others and not self._same_line(others, changes):
            reason = f"这样改，别处也会变：{_named(also)}"
            return Verdict(proposal, changes, False, reason, also)
        if others and not self.repeats:
            reason = f"这一行在别处也印，会一起改：{_named(also)}；都要改，加 --repeats"
            return Verdict(proposal, changes, False, reason, also)
        self._changes = all_changes
        self._edits += [*proposal.edits, *(Edit(n, outcome.texts[n]) for n in others)]
        return Verdict(proposal, changes, True, "", also)

    def _outcome(self, edits: Sequence[Edit], changes: Iterable[Change]) -> Outcome:
        try:
            built = self.workbench.built(changes)
        except ProblemsFound as error:
            errors = [problem for problem in error.problems if problem.severity == ERROR]
            return Outcome(False, problem=(errors or list(error.problems))[0])
        texts = texts_of(baseline_of(built.document))
        expected = _expected([text.text for text in self.printed], edits)
        if len(texts) != len(expected):
            return Outcome(False)
        now = [(n, text, wish) for text, (n, wish) in zip(texts, expected, strict=True)]
        also = []
        for number, text, wish in now:
            if text == wish:
                continue
            if number < 0 or any(e.number == number and not e.added for e in edits):
                return Outcome(False)
            computed = self.printed[number].contents and not self.printed[number].ways
            if not computed and self.wanted.get(number) != text:
                also.append(number)
        result = {number: text for number, text, _ in now if number >= 0}
        by_number = tuple(result.get(n, "") for n in range(len(self.printed)))
        return Outcome(not also, tuple(also), by_number)

    def _same_line(self, others: Iterable[int], changes: Changes) -> bool:
        """Whether the other texts are printed by the changed lines; of a layout, by its file."""
        lines = {(c.path, self.files[c.path].line_of(c.start)) for c in changes}
        layouts = {p for p, _ in lines if p.endswith(".yaml") and self.files.is_template(p)}
        return all(
            self.printed[n].places & lines or any(p in layouts for p, _ in self.printed[n].places)
            for n in others
        )


def _expected(texts: Sequence[str], edits: Iterable[Edit]) -> list[tuple[int, str]]:
    """The texts as they should be, each with its number; -1 for added ones."""
    replaced = {edit.number: edit.after for edit in edits if not edit.added}
    added: dict[int, list[str]] = {}
    for edit in edits:
        if edit.added and edit.after is not None:
            added.setdefault(edit.number, []).append(edit.after)
    expected: list[tuple[int, str]] = []
    for number in range(len(texts) + 1):
        expected += [(-1, text) for text in added.get(number, ())]
        if number < len(texts):
            text = replaced.get(number, texts[number])
            if text is not None:
                expected.append((number, text))
    return expected


def _meeting(changes: Sequence[Change]) -> bool:
    ordered = sorted(changes)
    return any(one.meets(other) for one, other in pairwise(ordered))


def _said(problem: Problem) -> str:
    hint = f"（{problem.hint}）" if problem.hint else ""
    return f"改了以后生成不了：{problem.place.file_line} {problem.message}{hint}"


def _named(also: Sequence[OtherText]) -> str:
    named = "、".join(other.where for other in also[:_MOST_NAMED])
    return named if len(also) <= _MOST_NAMED else f"{named} 等 {len(also)} 处"
