"""What random departments are made of: plain records with Chinese keys that agree with each other.

Revenue pays for expenditure by unit, fund and origin; every change has a reason.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from departments_named import OFFICES, PLACES, PROJECT_NAMES, SUBORDINATES, TEXTS

PROJECT = Path(__file__).resolve().parents[1]
CATALOGUE = PROJECT / "data" / "catalogue" / "2023"

GENERAL, FUND, CAPITAL, ACCOUNT, OWN = (
    "一般公共预算",
    "政府性基金",
    "国有资本经营预算",
    "财政专户管理资金",
    "单位资金",
)
OWN_SOURCES = ("事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入")
SURPLUS = "使用非财政拨款结余"
GROUPS = (GENERAL, FUND, CAPITAL, ACCOUNT, OWN)
PERSONNEL, RUNNING, OPERATING, TARGETED = "人员类", "公用经费", "其他运转类", "特定目标类"
PROJECT_KINDS = (OPERATING, TARGETED)
ECONOMICS_BY_KIND = {
    PERSONNEL: ("301", "303"),
    RUNNING: ("302", "310"),
    OPERATING: ("302", "303", "310"),
    TARGETED: ("302", "309", "310", "312", "399"),
}
# The economic items of 三公经费, which chance alone would rarely meet.
THREE_PUBLIC = ("30212", "30217", "30231", "31013")
INDICATOR_GROUPS = ("成本指标", "产出指标", "效益指标", "满意度指标")

Record = dict[str, object]


@dataclass(frozen=True)
class Department:
    """The content of a year's files as plain records; `prior` is what the year before published."""

    year: int
    head: Record
    expenditure: list[Record]
    revenue: list[Record]
    projects: list[Record] = field(default_factory=list)
    procurement: list[Record] = field(default_factory=list)
    reasons: list[Record] = field(default_factory=list)
    controls: list[Record] = field(default_factory=list)
    performance: Record | None = None
    assets: Record | None = None
    prior: Record | None = None

    @property
    def units(self) -> list[Record]:
        return self.head["单位"]  # type: ignore[return-value]  # a list of records

    def unit_kind(self, code: object) -> str:
        return next(str(unit["性质"]) for unit in self.units if unit["代码"] == code)


def group_of(fund: object) -> str:
    """The fund group a line is disclosed under."""
    return OWN if fund in OWN_SOURCES else str(fund)


def fen(text: object) -> int:
    """An amount in yuan as written, in fen."""
    yuan, _, cents = str(text).partition(".")
    return int(yuan) * 100 + int(cents.ljust(2, "0") or "0")


def yuan(amount: int) -> str:
    """Fen as the files write them: yuan with two decimals."""
    return f"{amount // 100}.{amount % 100:02d}"


@cache
def codes(file: str, digits: int, fund: str = "") -> tuple[str, ...]:
    """The codes of the shipped catalogue of one level, in force in any year, of one fund if given."""
    with (CATALOGUE / file).open(encoding="utf-8") as lines:
        return tuple(
            row["code"]
            for row in csv.DictReader(lines)
            if len(row["code"]) == digits
            and row.get("fund", "") in ("", fund or row.get("fund"))
            and not row.get("valid_from")
            and not row.get("valid_to")
        )


class Maker:
    """Fills the records of one department in the order in which they depend on each other."""

    def __init__(self, random: Random, units: int, measure: tuple[str, str] | None) -> None:
        self.random = random
        self.place, self.name = random.choice(PLACES)
        self.code = str(random.randint(101, 899))
        self.year = random.randint(2019, 2030)
        self.units = [self._unit(number) for number in range(1, units + 1)]
        self.measure = measure or random.choice(
            [("万元", "1"), ("万元", "1"), ("万元", "0"), ("万元", "2"), ("元", "2"), ("元", "0")]
        )
        self.expenditure: list[Record] = []
        self.revenue: list[Record] = []
        self.projects: list[Record] = []
        self.projects_of: dict[tuple[object, str], list[Record]] = defaultdict(list)
        self.project_names_of: dict[object, set[object]] = defaultdict(set)
        self.procurement: list[Record] = []
        self.carried_out: list[Record] = []

    def _unit(self, number: int) -> Record:
        first = number == 1
        name = self.name if first else f"{self.place}{self.random.choice(SUBORDINATES)}{number}"
        kind = "行政" if first else self.random.choice(["行政", "参公", "事业", "事业"])
        unit: Record = {"代码": f"{self.code}{number:03d}", "名称": name, "性质": kind}
        if first:
            unit |= {"本级": "是", "构成名称": f"{name}机关"}
        return unit

    def add_expenditure(self, count: int) -> None:
        known: set[tuple[object, ...]] = set()
        for _ in range(count):
            kind = self.random.choice([PERSONNEL, PERSONNEL, RUNNING, RUNNING, OPERATING, TARGETED])
            line = self._expenditure_line(kind)
            while _told_apart_by(line) in known:
                line["金额"] = yuan(fen(line["金额"]) + 100)
            known.add(_told_apart_by(line))
            self.expenditure.append(line)

    def _expenditure_line(self, kind: str) -> Record:
        random = self.random
        group = random.choices(GROUPS, (12, 2, 1, 2, 3))[0]
        unit = random.choice(self.units)["代码"]
        line: Record = {"单位": unit, "类别": kind}
        if kind in PROJECT_KINDS:
            line["项目"] = self._project(unit, kind)
        line["功能科目"] = random.choice(
            codes("function.csv", 7, group if group in GROUPS[:3] else GENERAL)[:400]
        )
        allowed = ECONOMICS_BY_KIND[kind]
        choices = [code for code in codes("dept_economic.csv", 5) if code[:3] in allowed]
        if kind != PERSONNEL and random.random() < 0.25:
            choices = [code for code in THREE_PUBLIC if code[:3] in allowed] or choices
        line["经济科目"] = random.choice(choices)
        line["资金来源"] = random.choice((OWN, *OWN_SOURCES)) if group == OWN else group
        line["金额"] = yuan(self._amount())
        if random.random() < 0.15:
            own = random.choice(("结转", SURPLUS)) if group == OWN else "结转"
            line["来源年度"] = own
        if group == GENERAL and random.random() < 0.1:
            line["财政拨款"] = "否"
        if random.random() < 0.1:
            line["备注"] = random.choice(TEXTS)
        return line

    def _amount(self) -> int:
        """From nothing over one fen and the halves that round to a hundred million yuan."""
        random = self.random
        return random.choice(
            [
                random.randint(1, 10**9),
                random.randint(1, 10**7),
                random.randint(1, 500) * 10**5,
                random.randint(0, 400) * 10**5 + 50_000,
                random.choice([0, 1, 49_999, 50_000, 10**12]),
            ]
        )

    def _project(self, unit: object, kind: str) -> object:
        """A project of the unit and kind, by name or by code; new ones are registered."""
        random = self.random
        own = self.projects_of[unit, kind]
        if not own or random.random() < 0.3:
            taken = self.project_names_of[unit]
            number = len(self.projects) + 1
            # The first names are shared by units on purpose: projects are told apart by unit.
            free = [name for name in PROJECT_NAMES if name not in taken]
            name = random.choice(free) if free else f"{random.choice(PROJECT_NAMES)}（{number}）"
            project: Record = {"名称": name}
            if random.random() < 0.7:
                project["编码"] = f"{self.code}{number:017d}"
            project |= {"单位": unit, "类别": kind}
            project |= {key: "是" for key in ("重点项目", "专项转移支付") if random.random() < 0.3}
            if random.random() < 0.8:
                project["绩效指标"] = [
                    {"一级指标": group, "三级指标": f"{random.choice(TEXTS)}{n}", "指标值": "≥95%"}
                    for group in INDICATOR_GROUPS
                    for n in range(random.randint(1, 2))
                ]
            self.projects.append(project)
            own.append(project)
            taken.add(name)
            own = [project]
        chosen = random.choice(own)
        return chosen["编码"] if "编码" in chosen and random.random() < 0.3 else chosen["名称"]

    def add_carried_out(self) -> None:
        for unit in self.units:
            if self.random.random() < 0.15:
                group = self.random.choice(GROUPS)
                amount = yuan(self._amount())
                self.carried_out.append({"单位": unit["代码"], "资金来源": group, "金额": amount})

    def add_procurement(self) -> None:
        random = self.random
        for line in self.expenditure:
            if line["经济科目"][:3] in ("302", "310") and random.random() < 0.2:  # type: ignore[index]  # a code
                item: Record = {"单位": line["单位"], "功能科目": line["功能科目"]}
                item |= {
                    "采购项目": random.choice(TEXTS),
                    "采购目录": random.choice(["货物", "工程", "服务"]),
                }
                if random.random() < 0.5:
                    item |= {"规格": "批", "计量单位": "批", "采购数量": str(random.randint(1, 40))}
                self.procurement.append(item | {"金额": yuan(fen(line["金额"]) // 2)})

    def pay(self) -> None:
        """Revenue that equals expenditure and carried-out money by unit, fund and origin."""
        owed: dict[tuple[object, str, object], list[int]] = defaultdict(lambda: [0, 0])
        for line in self.expenditure:
            key = line["单位"], group_of(line["资金来源"]), line.get("来源年度", "本年")
            owed[key][line.get("财政拨款") == "否"] += fen(line["金额"])
        for item in self.carried_out:
            owed[item["单位"], group_of(item["资金来源"]), "本年"][0] += fen(item["金额"])
        for (unit, group, origin), (fiscal, other) in owed.items():
            self.revenue += self._revenue_lines(unit, group, origin, fiscal, other)

    def _revenue_lines(
        self, unit: object, group: str, origin: object, fiscal: int, other: int
    ) -> Iterator[Record]:
        sources: Sequence[str] = (group,)
        if group == OWN and origin == "本年":
            sources = self.random.sample(OWN_SOURCES, self.random.randint(1, 3))
        rest = fiscal + other
        for number, source in enumerate(sources, 1):
            part = rest if number == len(sources) else self.random.randint(0, rest)
            rest -= part
            line: Record = {"单位": unit, "资金来源": source, "金额": yuan(part)}
            if other and group == GENERAL:
                line["其中财政拨款"] = yuan(fiscal)
            yield line | ({} if origin == "本年" else {"来源年度": origin})

    def add_secrets(self) -> None:
        """A secret line and the secret revenue that pays for it: neither is disclosed."""
        if self.random.random() < 0.15:
            line = self._expenditure_line(PERSONNEL) | {"资金来源": GENERAL, "涉密": "是"}
            line.pop("来源年度", None)
            revenue = {key: line[key] for key in ("单位", "资金来源", "金额", "涉密")}
            self.expenditure.append(line)
            self.revenue.append(revenue)

    def department(self) -> Department:
        random = self.random
        head: Record = {
            "年度": str(self.year),
            "部门名称": self.name,
            "部门代码": self.code,
            "公布日期": f"{self.year}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}",
            "科目版本": "2023",
            "公布单位": self.measure[0],
            "小数位数": self.measure[1],
            "比例小数位数": random.choice(["0", "1", "1", "2"]),
            "变动口径": random.choice(["公布数", "公布数", "元"]),
            "比较基数": random.choice(["上年年初预算", "上年预算", "上年执行数", "上年决算"]),
            "单位": self.units,
            "机关运行经费口径": random.choice(
                [["行政", "参公"], ["行政", "参公", "事业"], ["行政"]]
            ),
            "主要职责": random.sample(TEXTS, max(1, random.randint(0, 4))),
            "内设机构": random.sample(OFFICES, random.randint(0, 3)),
            "年终结转结余": self.carried_out,
        }
        return Department(
            self.year,
            head,
            self.expenditure,
            self.revenue,
            self.projects,
            self.procurement,
            reasons=[{"原因": "根据实际工作需要安排"}],
            performance=_performance(random),
            assets=_assets(random, self.year),
        )


def _told_apart_by(line: Record) -> tuple[object, ...]:
    """What no two lines share, or one would be taken for the other typed twice."""
    return tuple(line[key] for key in ("金额", "功能科目", "经济科目", "单位", "类别"))


def _performance(random: Random) -> Record:
    indicators = [
        {"一级指标": "产出指标", "二级指标": "数量", "三级指标": f"指标{n}", "指标值": "100%"}
        for n in range(random.randint(0, 4))
    ]
    tasks = [
        {"任务名称": f"任务{n}", "主要内容": random.choice(TEXTS)}
        for n in range(random.randint(0, 3))
    ]
    return {"年度履职目标": random.choice(TEXTS), "年度主要任务": tasks, "绩效指标": indicators}


def _assets(random: Random, year: int) -> Record:
    return {
        "截至日期": f"{year - 1}-12-31",
        "车辆": {name: str(random.randint(0, 5)) for name in ("一般公务用车", "其他用车")},
        "设备": {name: str(random.randint(0, 2)) for name in ("通用设备", "专用设备")},
    }
