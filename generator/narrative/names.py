"""This year's values of the names in the vocabulary: the context a template is rendered with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from generator.document import LITERAL, OWED, YEAR, Segment, text_of
from generator.fields import OWED_TEXT
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME, DEFINITIONS
from generator.figures.expressions import Select, narrowed
from generator.figures.figure import Figure
from generator.figures.projects import IS_OF_KIND, lines_of
from generator.model import Assets, Project, Unit
from generator.narrative.phrases import Phrases
from generator.narrative.phrasing import Span, span
from generator.narrative.vocabulary import TEXTS
from generator.terms import OWN_FUND_KINDS

# Nobody knows whether there is a 尾差 before all tables are laid out.
_KNOWN_WHEN_BUILT = ("有尾差", "合计有尾差")
# What does not add up on paper: sums (and perhaps shares too), or shares and rates alone.
SUMS, RATIOS = "合计", "比例"
ROUNDED = ("", RATIOS, SUMS)

Item = Mapping[str, object]

_REVENUE_LABELS = {
    "一般公共预算收入": "一般公共预算",
    "政府性基金收入": "政府性基金预算",
    "国有资本经营预算收入": "国有资本经营预算",
    "财政专户管理资金收入": "财政专户管理资金",
    "事业收入": "事业收入",
    "事业单位经营收入": "事业单位经营收入",
    "上级补助收入": "上级补助收入",
    "附属单位上缴收入": "附属单位上缴收入",
    "其他收入": "其他收入",
    "上年结转结余": "上年结转结余",
}


def context_of(book: FigureBook, phrases: Phrases, *, rounded: str = "") -> dict[str, object]:
    """Every name of the vocabulary with this year's value; `rounded`: what has a 尾差 on paper."""
    constants, owed = phrases.constants, phrases.owed
    return {
        **{name: span(text) for name, text in constants.items()},
        **_texts(book, phrases),
        **_targets(book),
        "机关运行经费单位": _counted_units(book),
        "国有资产待填": _owed_assets(book, owed),
        "有尾差": _said_if(bool(rounded)),
        "合计有尾差": _said_if(rounded == SUMS),
        **{definition.name: book.named(definition.name) for definition in DEFINITIONS},
        "主要职责": _duties(book, owed),
        "内设机构": [{"名称": name} for name in book.department.offices],
        "预算单位": _units(book),
        "收入来源": _amounts(book, _REVENUE_LABELS),
        "其他类别支出": _amounts(book, {kind: kind for kind in OWN_FUND_KINDS}),
        "支出功能类": _function_categories(book, "一般公共预算支出"),
        "全部支出功能类": _function_categories(book, "支出合计"),
        "支出功能科目": _function_items(book, "一般公共预算支出"),
        "政府性基金功能科目": _function_items(book, "政府性基金支出"),
        "国有资本经营功能科目": _function_items(book, "国有资本经营预算支出"),
        "人员经费科目": _economic_items(book, "一般公共预算人员经费"),
        "公用经费科目": _economic_items(book, "一般公共预算公用经费"),
        **_projects_of_every_kind(book),
    }


def named_texts(
    context: Mapping[str, object], constants: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """(name, this year's value, meaning) of every text a template may print."""
    for name, meaning in {**TEXTS, **dict.fromkeys(constants, "constants.yaml 里定的")}.items():
        value = "（生成时才知道）" if name in _KNOWN_WHEN_BUILT else context.get(name, "")
        yield name, text_of(value) if isinstance(value, Span) else str(value), meaning


def _said_if(condition: bool, word: str = "有") -> Span:
    """A word that a template asks for in {% if %}."""
    return span(word) if condition else Span()


def chinese_date(date: str) -> Span:
    """2023-02-24 -> 2023年2月24日, the year typed as a year."""
    year, month, day = date.split("-")
    return Span((Segment(year, YEAR), Segment(f"年{int(month)}月{int(day)}日", LITERAL)))


def _texts(book: FigureBook, phrases: Phrases) -> dict[str, object]:
    department = book.department
    naming = phrases.naming_of(department.name)
    year, month, _ = department.date.split("-")
    return {
        "年": span(str(department.year), YEAR),
        "上年": span(str(department.year - 1), YEAR),
        "部门或单位": span("单位" if book.budget.unit_alone else "部门"),
        "单位预算公开": _said_if(book.budget.unit_alone, "是"),
        "部门名称": span(department.name),
        "本级称谓": span(naming.own_level),
        "所属单位称谓": span(naming.subordinates),
        "内设机构称谓": span(phrases.offices_together(department.offices)),
        "财政级次": span(department.fiscal_level.removesuffix("财政")),
        "公布日期": chinese_date(department.date),
        "公布年月": Span((Segment(year, YEAR), Segment(f"年{int(month)}月"))),
        "计量单位": span(department.measure_name),
        "变动口径": span(department.change_basis),
        "资产时点": _as_of(book.budget.assets),
    }


def _targets(book: FigureBook) -> dict[str, object]:
    """Which performance targets there are; a unit's disclosure has no overall ones."""
    overall = book.budget.performance
    stated = bool(overall.annual_goal or overall.tasks or overall.indicators)
    of_projects = any(
        project.indicators and project_figure(book, project) for project in book.budget.projects
    )
    return {
        "整体绩效目标": _said_if(stated and not book.budget.unit_alone),
        "项目绩效目标": _said_if(of_projects),
    }


def _counted_units(book: FigureBook) -> Span:
    """Whether there are units of a kind that has 机关运行经费; schools and hospitals have none."""
    kinds = book.department.agency_running_cost_kinds
    return _said_if(any(unit.kind in kinds for unit in book.department.units))


def _duties(book: FigureBook, owed: str) -> list[Item]:
    """A unit's disclosure may leave them out; a department's owes them."""
    texts = book.department.duties
    if not texts and not book.budget.unit_alone:
        texts = (OWED_TEXT,)
    unwritten = span(owed.replace("{内容}", "主要职责"), OWED)
    return [{"内容": unwritten if text == OWED_TEXT else text} for text in texts]


def _owed_assets(book: FigureBook, owed: str) -> Span:
    """A unit without assets of its own refers to the department's disclosure."""
    if book.budget.assets is not None or book.budget.unit_alone:
        return Span()
    return span(owed.replace("{内容}", "国有资产占用情况（缺少 assets.yaml）"), OWED)


def _as_of(assets: Assets | None) -> Span:
    if assets is None:
        return Span()
    year, month, day = assets.as_of.split("-")
    if (month, day) == ("12", "31"):
        return Span((Segment(year, YEAR), Segment("年期末")))
    return chinese_date(assets.as_of)


def _units(book: FigureBook) -> list[Item]:
    return [
        {
            "代码": unit.code,
            "名称": unit.name,
            "构成名称": _composition_name(book, unit),
            "性质": unit.kind,
        }
        for unit in book.department.units
    ]


def _composition_name(book: FigureBook, unit: Unit) -> str:
    """A department is no part of itself: its own level says that it is one."""
    department = book.department
    several = len(department.units) > 1
    itself = several and unit.own_level and unit.name == department.name
    return unit.composition_name or (f"{unit.name}（本级）" if itself else unit.name)


def _amounts(book: FigureBook, label_by_name: Mapping[str, str]) -> list[Item]:
    """Those of the named figures that have money."""
    figures = ((label, book.named(name)) for name, label in label_by_name.items())
    return [{"名称": label, "金额": figure} for label, figure in figures if figure]


def _family(name: str) -> Select:
    """The lines that a figure adds up, to be divided by subject."""
    family = DEFINITION_BY_NAME[name].expression
    assert isinstance(family, Select)
    return family


def _function_categories(book: FigureBook, family_name: str) -> list[Item]:
    family = _family(family_name)
    codes = sorted({code[:3] for code in book.functions(family)})
    return [
        {
            "编码": code,
            "名称": book.catalogue.function_name(code),
            "金额": book.select(narrowed(family, 功能科目=code)),
        }
        for code in codes
    ]


def _function_items(book: FigureBook, family_name: str) -> list[Item]:
    """Items with money this year or last year, in the order of the tables."""
    family = _family(family_name)
    of_last_year = tuple(
        fact.function
        for fact in book.last_year.facts
        if fact.figure == family_name
        and len(fact.function) == 7
        and fact.function in book.catalogue.functions
        and (fact.amount or Decimal(0)) != 0
    )
    name = book.catalogue.function_name
    return [
        {
            "编码": code,
            "类": name(code[:3]),
            "款": name(code[:5]),
            "项": name(code),
            "预算数": book.select(narrowed(family, 功能科目=code)),
        }
        for code in book.functions(family, of_last_year)
    ]


def _economic_items(book: FigureBook, family_name: str) -> list[Item]:
    family = _family(family_name)
    items: list[Item] = []
    for code in book.economics(family):
        figure = book.select(narrowed(family, 经济科目=code))
        if figure:
            items.append({"编码": code, "名称": book.catalogue.economic_name(code), "金额": figure})
    return items


def _projects_of_every_kind(book: FigureBook) -> dict[str, list[Item]]:
    rows = ((project, project_figure(book, project)) for project in book.budget.projects)
    items = [
        (project, _project(book, project, figure))
        for project, figure in rows
        if figure.exact is not None or figure.owed
    ]
    return {
        kind: [item for project, item in items if is_one(project)]
        for kind, is_one in IS_OF_KIND.items()
    }


def _project(book: FigureBook, project: Project, figure: Figure) -> Item:
    return {
        "名称": project.name,
        "单位": book.budget.unit_by_code[project.unit].name,
        "类别": project.kind,
        "金额": figure,
    }


def project_figure(book: FigureBook, project: Project) -> Figure:
    """The budget of a project: its expenditure lines of all funds."""
    return book.select(lines_of(project))
