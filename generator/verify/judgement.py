"""What the differences of single texts mean together: moved, duplicated, new, out of date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from generator.verify import findings as rules
from generator.verify.baseline import Baseline
from generator.verify.findings import FigureState, Finding, LooseNumeral, Outcome
from generator.verify.numerals import is_amount, value_of, with_measure

_MOST_NAMES = 3


def judge(
    baseline: Baseline, current: Baseline | None, outcomes: Sequence[Outcome]
) -> tuple[tuple[Finding, ...], tuple[FigureState, ...]]:
    """Findings in the order of the document: figures, then words, then what is out of date."""
    states = [outcome for outcome in outcomes if isinstance(outcome, FigureState)]
    numerals = [outcome for outcome in outcomes if isinstance(outcome, LooseNumeral)]
    findings = [outcome for outcome in outcomes if isinstance(outcome, Finding)]
    about_numerals = list(_numerals(baseline, states, numerals))
    about_figures = [f for state in states for f in _figure(baseline, current, state)]
    outdated = list(_outdated(states, current)) if current is not None else []
    return (*about_figures, *about_numerals, *findings, *outdated), tuple(states)


def _figure(baseline: Baseline, current: Baseline | None, state: FigureState) -> Iterator[Finding]:
    figure, where, printed = state.printed.figure, state.printed.where, state.printed.text
    if state.state == rules.REMOVED:
        yield Finding(rules.FIGURE_REMOVED, where, figure, printed)
    elif state.state == rules.CHANGED:
        assert state.text is not None
        note = ""
        if current is not None and _is_current(state, current):
            note = "与现在的数据一致"
        elif names := _names(baseline, with_measure(state.text, state.printed.measure)):
            note = f"与“{'”“'.join(names[:_MOST_NAMES])}”的数相同"
        yield Finding(rules.FIGURE_CHANGED, where, figure, printed, state.text, note)


def _numerals(
    baseline: Baseline, states: list[FigureState], numerals: Iterable[LooseNumeral]
) -> Iterator[Finding]:
    """A numeral is a figure that was taken away elsewhere, a figure's second printing, or new."""
    removed: dict[Decimal, list[int]] = {}
    for number, state in enumerate(states):
        value = value_of(state.printed.text)[0] if state.state == rules.REMOVED else None
        if value is not None:
            removed.setdefault(value, []).append(number)
    for numeral in numerals:
        text, adds = numeral.text, numeral.in_amounts
        if numeral.was:
            # Of a year, a code or the number of a list the changed words tell.
            if is_amount(numeral.was) or numeral.is_amount:
                yield _new(numeral, "原来的数不是指标")
            continue
        value, measure = value_of(numeral.measured)
        waiting = removed.get(value, []) if value is not None else []
        fitting = (n for n in waiting if value_of(states[n].printed.measured)[1] == measure)
        taken = next(fitting, None)
        if taken is not None:
            waiting.remove(taken)
            was = states[taken].printed
            states[taken] = FigureState(was, rules.MOVED, text)
            note = f"现在在{numeral.where}"
            yield Finding(
                rules.FIGURE_MOVED, was.where, was.figure, was.text, text, note, adds_amount=adds
            )
            continue
        known = baseline.printed_by_value.get(value, ()) if value is not None else ()
        beside = [one for one in numeral.near if one in known]
        names = _printing(beside, numeral)[:1] or _printing(known, numeral)[:_MOST_NAMES]
        if names:
            note = "" if len(names) == 1 else f"同样的数还有“{'”“'.join(names[1:])}”"
            where = numeral.where
            yield Finding(
                rules.FIGURE_DUPLICATED, where, names[0], after=text, note=note, adds_amount=adds
            )
        else:
            yield _new(numeral, "不是任何指标的数")


def _new(numeral: LooseNumeral, note: str) -> Finding:
    return Finding(
        rules.NEW_NUMERAL,
        numeral.where,
        before=numeral.was,
        after=numeral.text,
        note=note,
        adds_amount=numeral.is_amount,
    )


def _names(baseline: Baseline, text: str) -> list[str]:
    """The figures that print the value of `text` in its measure."""
    value, measure = value_of(text)
    if value is None:
        return []
    known = baseline.printed_by_value.get(value, ())
    fitting = (figure for figure, one in known if value_of(one)[1] == measure.strip())
    return list(dict.fromkeys(fitting))


def _printing(known: Iterable[tuple[str, str]], numeral: LooseNumeral) -> list[str]:
    """Of figures with the numeral's value: those with just its measure, else fitting ones."""
    measure = value_of(numeral.measured)[1]
    exact, fitting = [], []
    for figure, text in known:
        behind = value_of(text)[1]
        if behind and numeral.following.startswith(text):
            exact.append(figure)
        elif behind == measure:
            fitting.append(figure)
    return list(dict.fromkeys(exact or fitting))


def _is_current(state: FigureState, current: Baseline) -> bool:
    """Whether the data print it so: in a sentence with its measure, in a table with the table's."""
    text = with_measure(state.text or "", state.printed.measure)
    printings = current.printings_by_figure.get(state.printed.figure, ())
    return any(text == measured for _, measured in printings)


def _outdated(states: Iterable[FigureState], current: Baseline) -> Iterator[Finding]:
    """Figures that read otherwise in the current data: once for each figure and text."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for state in states:
        if state.text is None:
            continue
        printed = state.printed
        if not _is_current(state, current):
            places.setdefault((printed.figure, state.text, printed.text), []).append(printed.where)
    for (figure, text, was), where in places.items():
        now = sorted({one for one, _ in current.printings_by_figure.get(figure, ())})
        same_form = [one for one in now if value_of(one)[1] == value_of(was)[1]] or now
        more = f"等{len(where)}处" if len(where) > 1 else ""
        note = "" if same_form else "现在的数据里没有这个数"
        shown = was if was in now else next(iter(same_form), "")
        yield Finding(rules.FIGURE_OUTDATED, where[0] + more, figure, shown, text, note)
