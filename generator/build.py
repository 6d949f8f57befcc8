"""The pipeline: a year's folder and a place's templates to the document and its figures.

Pure: nothing is printed or written here. Wrong inputs raise ProblemsFound; owed ones make a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from generator.catalogue import load_abolished
from generator.checks import BUDGET_RULES
from generator.checks.rule import Entry, run_rules
from generator.collector import collector_paused
from generator.document import WORD, Document, Segment, Table
from generator.figures.book import FigureBook
from generator.load.budget import SHIPPED_CATALOGUE, Loaded, load_budget
from generator.load.completion import (
    DOUBTFUL_CODE,
    EMPTY_LIST,
    NO_PERFORMANCE,
    NO_PRIOR_YEAR,
    doubtful_codes,
)
from generator.load.files import is_to_be_made, telling_what_is_to_be_made
from generator.load.syntax import CUT_RULE
from generator.load.units import load_unit_records
from generator.model import Acknowledgement, Budget, Unit
from generator.narrative.assemble import Assembler
from generator.narrative.environment import Compiled, Rendered, problem_of, render
from generator.narrative.names import RATIOS, SUMS, context_of
from generator.narrative.phrasing import SHARE_OVER_WHOLE, SHARE_REVERSED, Phrasing
from generator.narrative.place import Place
from generator.narrative.place_loading import (
    SHIPPED_TEMPLATES,
    load_place,
    place_named,
    place_problems,
)
from generator.problems import (
    OWED,
    ROUNDING,
    WARNING,
    Problem,
    ProblemsFound,
    raise_errors,
    sort_problems,
)
from generator.review.duties import Duty, duties_among, load_duties
from generator.review.ledger import Ledger, make_ledger, review_document
from generator.review.rounding import ratio_differences, rounding_differences
from generator.review.slips import template_slips, typed_department
from generator.review.wording import Reviewed
from generator.tables.amounts import PrintStyle
from generator.tables.build import build_table
from generator.tables.codes import code_problems
from generator.tables.for_units import unit_layouts
from generator.tables.names import name_problems
from generator.units import (
    DEPARTMENT_DISCLOSURE,
    UNIT_DISCLOSURE,
    disclosure_title,
    owed_by,
    unit_budget,
)

# What loading may doubt.
_LOADING_RULES = (
    (DOUBTFUL_CODE, "科目编码和名称都已核实", "科目表的核实程度"),
    (NO_PERFORMANCE, "有部门整体绩效目标", "河南省部门预算公开格式"),
    (NO_PRIOR_YEAR, "有上年公布的数可比", "上年的 facts.yaml"),
    (EMPTY_LIST, "没有空着的清单", "数据文件的写法"),
    (CUT_RULE, "没有被当作注释丢掉的文字", "数据文件的写法"),
)


@dataclass(frozen=True, slots=True)
class Built:
    """A disclosure ready for the writers; `problems` are the open warnings and what is owed."""

    document: Document
    book: FigureBook
    place: Place
    ledger: Ledger
    problems: tuple[Problem, ...]

    @property
    def owed(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == OWED)


def build_disclosure(
    data: Path, year: int, templates: Path = SHIPPED_TEMPLATES, unit: str = ""
) -> Built:
    """Load, compute, check and lay out the disclosure of one year, or of the unit of that code."""
    loaded = load_for(data, year, templates)
    if not unit:
        return build_loaded(loaded, data, templates)
    raise_errors(unknown_unit(loaded.budget, unit))
    return build_unit(loaded, loaded.budget.unit_by_code[unit], data, templates)


def unknown_unit(budget: Budget, code: str) -> Iterator[Problem]:
    """What is wrong if no unit has this code: the hint lists those there are."""
    if code not in budget.unit_by_code:
        department = budget.department
        hint = f"单位代码有：{'、'.join(unit.code for unit in department.units)}"
        message = f"没有代码为“{code}”的单位"
        yield Problem("unknown-unit", message, department.place, hint)


def load_for(data: Path, year: int, templates: Path) -> Loaded:
    """The year's data; ProblemsFound with what is wrong in them and in the place they name."""
    try:
        return load_budget(data, year)
    except ProblemsFound as error:
        name = place_named(data / str(year) / "department.yaml", f"{year}/department.yaml")
        problems = place_problems(templates, name) if name else ()
        raise ProblemsFound((*error.problems, *problems)) from error.__cause__


def build_unit(
    loaded: Loaded, unit: Unit, data: Path, templates: Path = SHIPPED_TEMPLATES
) -> Built:
    """One unit's own disclosure (单位预算公开) from the department's lines and the unit's files.

    What somebody answers for in the department's disclosure counts in the unit's too.
    """
    records, found = load_unit_records(data, loaded, unit)
    budget = unit_budget(loaded.budget, unit, records)
    owed = owed_by(loaded.budget, unit.code, loaded.warnings)
    warnings = sort_problems((*owed, *found, *doubtful_codes(budget, loaded.catalogue)))
    narrowed = Loaded(budget, loaded.catalogue, warnings)
    return build_loaded(narrowed, data, templates, loaded.budget.acknowledged)


class Stopped(ProblemsFound):
    """A build that cannot go on; `ledger` has the rules that were run before."""

    def __init__(self, problems: Iterable[Problem], ledger: Ledger) -> None:
        super().__init__(problems)
        self.ledger = ledger


@collector_paused()
def build_loaded(
    loaded: Loaded,
    data: Path,
    templates: Path = SHIPPED_TEMPLATES,
    inherited: tuple[Acknowledgement, ...] = (),
) -> Built:
    """The disclosure of a loaded budget; Stopped with everything that is wrong in data or templates.

    `inherited` acknowledgements may find nothing to settle.
    """
    book = FigureBook(loaded.budget, loaded.catalogue)
    doubts = tuple(p for p in loaded.warnings if p.severity == WARNING)
    unfilled = tuple(p for p in loaded.warnings if p.severity == OWED)
    entries = (
        *(
            Entry(rule, title, basis, tuple(p for p in doubts if p.rule == rule))
            for rule, title, basis in _LOADING_RULES
        ),
        Entry("owed", "数和文字都已填好", "数据文件里的 待填", unfilled),
        *run_rules(BUDGET_RULES, book),
    )
    ledger = make_ledger(entries, (), (*loaded.budget.acknowledged, *inherited))
    found = [problem for entry in ledger.entries for problem in entry.findings]
    try:
        place = load_place(templates, loaded.budget.department.templates)
    except ProblemsFound as error:
        raise Stopped([*found, *error.problems], ledger) from None
    found += code_problems(place.layouts.values(), loaded.catalogue)
    try:
        raise_errors(found)
        return _laid_out(book, place, data, entries, inherited)
    except ProblemsFound as error:
        raise Stopped(error.problems, ledger) from error.__cause__


def _laid_out(
    book: FigureBook,
    place: Place,
    data: Path,
    entries: tuple[Entry, ...],
    inherited: tuple[Acknowledgement, ...],
) -> Built:
    """The tables and the narrative of checked data, and what the finished document shows."""
    style = PrintStyle(place.phrases.numbers.table_grouped, place.phrases.owed)
    layouts = unit_layouts(place.layouts) if book.budget.unit_alone else place.layouts
    tables = {i: build_table(layout, book, style) for i, layout in layouts.items()}
    sums = rounding_differences(book, tables.values())
    rounding = (*sums, *ratio_differences(book))
    raise_errors(rounding)
    phrasing = Phrasing(book, place.phrases)
    rendered = render_narrative(
        place, book, phrasing, rounded=_rounded(sums, SUMS) or _rounded(rounding, RATIOS)
    )
    assembler = Assembler(
        place.sources,
        tuple(tables),
        lambda identity: (tables[identity], layouts[identity].orientation),
    )
    for part in rendered:
        assembler.add(part)
    raise_errors(assembler.problems)
    owed = tuple(phrasing.owed)
    unfilled = any(p.severity == OWED for entry in entries for p in entry.findings)
    document = _document(book, assembler, draft=bool(unfilled or owed))
    reviewed = Reviewed(
        document,
        book,
        load_abolished(SHIPPED_CATALOGUE),
        tuple(phrasing.explained),
        tuple(place.sources.values()),
        (*place.warnings, *(problem for entry in entries for problem in entry.findings)),
    )
    review, states = review_document(reviewed, owed, rounding, _duties(data, place, book))
    review = (
        _template_doubts(place, phrasing, reviewed),
        *review,
    )
    to_be_made = cache(partial(is_to_be_made, data))
    review = tuple(_telling_what_is_to_be_made(entry, to_be_made) for entry in review)
    settled = _settled(inherited, (*entries, *review))
    ledger = make_ledger((*entries, *review), states, (*book.budget.acknowledged, *settled))
    raise_errors(ledger.problems)
    return Built(document, book, place, ledger, sort_problems(ledger.problems))


def _telling_what_is_to_be_made(entry: Entry, to_be_made: Callable[[str], bool]) -> Entry:
    findings = (telling_what_is_to_be_made(problem, to_be_made) for problem in entry.findings)
    return entry._replace(findings=tuple(findings))


def _rounded(found: Iterable[Problem], what: str) -> str:
    """`what` if some of it has a 尾差."""
    return what if any(problem.severity == ROUNDING for problem in found) else ""


def _template_doubts(place: Place, phrasing: Phrasing, reviewed: Reviewed) -> Entry:
    """What the templates and what they print leave in doubt; a share of a part is told once, as such."""
    reversed_at = {p.place.file_line for p in place.warnings if p.rule == SHARE_REVERSED}
    printed = (
        doubt
        for doubt in phrasing.doubts
        if doubt.rule != SHARE_OVER_WHOLE or doubt.place.file_line not in reversed_at
    )
    named = name_problems(place.layouts.values(), reviewed.book.catalogue)
    typed = typed_department(place.sources, reviewed.book.department.name)
    found = (*place.warnings, *named, *typed, *printed, *template_slips(reviewed))
    return Entry("template-doubt", "模板没有疑点", "模板检查", found)


def _settled(
    acknowledged: tuple[Acknowledgement, ...], entries: tuple[Entry, ...]
) -> Iterator[Acknowledgement]:
    """Those that settle a finding of `entries`."""
    found = {problem.fingerprint for entry in entries for problem in entry.findings}
    return (item for item in acknowledged if item.finding in found)


def _duties(data: Path, place: Place, book: FigureBook) -> tuple[Duty, ...]:
    """The list beside the data, else that of the place, else the shipped one; units have their own.

    The shipped list is nobody's own, also where it lies beside the data.
    """
    folder = "duties/units" if book.budget.unit_alone else "duties"
    year = book.department.year
    own = load_duties(data, folder, year)
    of_place = duties_among(place.duties, folder, year)
    if own and not of_place:
        return own
    shipped = load_duties(SHIPPED_CATALOGUE.parent, folder, year)
    return own if own and own != shipped else of_place or shipped


def render_narrative(
    place: Place, book: FigureBook, phrasing: Phrasing, *, rounded: str
) -> list[Rendered]:
    """Render every template of the place; an editor's mistake in each is reported, not the first only."""
    context = context_of(book, place.phrases, rounded=rounded)
    rendered: list[Rendered] = []
    problems: list[Problem] = []
    for compiled in place.narrative:
        try:
            rendered.append(_render(compiled, place, context, phrasing))
        except ProblemsFound as error:
            problems += error.problems
    raise_errors(problems)
    return rendered


def _render(
    compiled: Compiled, place: Place, context: dict[str, object], phrasing: Phrasing
) -> Rendered:
    try:
        return render(compiled, context, phrasing)
    except Exception as error:
        problem = problem_of(error, compiled.path, place.sources[compiled.path])
        if problem is None:
            raise
        raise ProblemsFound([problem]) from error


def _document(book: FigureBook, assembler: Assembler, *, draft: bool) -> Document:
    department = book.department
    subject = UNIT_DISCLOSURE if book.budget.unit_alone else DEPARTMENT_DISCLOSURE
    return Document(
        title=disclosure_title(department.name, department.year, subject),
        author=department.name,
        subject=subject,
        date=department.date,
        sections=assembler.sections(),
        draft=draft,
    )


def printed_figures(document: Document) -> Iterator[tuple[str, str, str]]:
    """(figure name, printed text, place) of every figure the document prints, in its order."""
    for block in document.blocks():
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    if cell.figure and cell.kind != WORD:
                        yield cell.figure, cell.text, f"{block.id}/{row.key}/{cell.column}"
            segments: Iterator[Segment] = (s for note in block.notes for s in note)
        else:
            segments = iter(block.segments)
        for segment in segments:
            if segment.figure and segment.kind != WORD:
                yield segment.figure, segment.text, segment.place.file_line if segment.place else ""
