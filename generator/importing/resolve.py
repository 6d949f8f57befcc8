"""What a cell's words mean: codes with or without names, names without codes, a system's own words.

`2010101-行政运行`, `[2010101]行政运行`, `行政运行(2010101)`, `201-01-01` and an unambiguous
name are one code. A group (基本支出, 201, 工资福利支出) is no value but a scope: totals use it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from generator.catalogue import Catalogue, Subject
from generator.fields import Unacceptable
from generator.importing.mapping import ImportMapping
from generator.model import Department
from generator.problems import suggestion
from generator.terms import (
    BASIC_KINDS,
    CARRIED,
    FISCAL_FUNDS,
    OWN_SURPLUS,
    PROJECT_KINDS,
    THIS_YEAR,
)

_SEPARATORS = r"[\s\-_:.、/|~—–]"
_CODE_FIRST = re.compile(
    r"[\[(【<]?\s*([0-9]{3}(?:[ .\-][0-9]{2}){1,2}(?![0-9])|[0-9]{3,})(?:\.0)?\s*[\])】>]?"
    rf"(?:{_SEPARATORS}+(.+)|(\D.*))?"
)
_CODE_LAST = re.compile(
    rf"(\D+?){_SEPARATORS}*([0-9]{{3,}})|(.+?){_SEPARATORS}*[\[(【<]([0-9]{{3,}})[\])】>]"
)
_WORD_CODE = re.compile(r"^[0-9]+[\s\-_.、:]+|^[0-9]+(?=\D)|[\[(][0-9]+[\])]")
_PARTS = re.compile(r"[-—–/>\\|]+")
_IGNORED_IN_NAMES = re.compile(r"[\s()\[\]{}<>“”\"'·,，、.．]+")

_GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "类别": {
        "基本支出": BASIC_KINDS,
        "项目支出": PROJECT_KINDS,
        "运转类": (BASIC_KINDS[1], PROJECT_KINDS[0]),
        "运转类项目": (BASIC_KINDS[1], PROJECT_KINDS[0]),
    },
    "资金来源": {
        "财政拨款": FISCAL_FUNDS,
        "政府预算资金": FISCAL_FUNDS,
        "财政拨款小计": FISCAL_FUNDS,
    },
}
_EXACT_LENGTH = {"功能科目": 7, "经济科目": 5, "政府经济科目": 5}
_ALL = ("",)


class Resolution(NamedTuple):
    """`value` if the cell says one exactly; `scope`: the values (or prefixes) a total row may mean.

    `trouble` is why there is no value, `doubt` a warning beside one.
    """

    value: str = ""
    scope: tuple[str, ...] = ()
    trouble: Unacceptable | None = None
    doubt: Unacceptable | None = None


BLANK = Resolution()


class Resolver:
    """Resolves cells of one department and year; each distinct text once."""

    def __init__(
        self, department: Department, catalogue: Catalogue, mapping: ImportMapping
    ) -> None:
        self.department = department
        self.edition = catalogue.edition
        self._units = {unit.code: unit.name for unit in department.units}
        self._subjects: Mapping[str, Mapping[str, Subject]] = {
            "功能科目": catalogue.functions,
            "经济科目": catalogue.economics,
            "政府经济科目": catalogue.government_economics,
        }
        self._codes_by_name = {
            kind: _by_name(subjects) for kind, subjects in self._subjects.items()
        }
        self._unit_by_name = {name_key(name): code for code, name in self._units.items()}
        for unit in department.units:
            if unit.composition_name:
                self._unit_by_name[name_key(unit.composition_name)] = unit.code
        self._words: dict[str, dict[str, str]] = {"财政拨款": {"是": "是", "否": "否"}}
        for rule in mapping.values:
            words = self._words.setdefault(rule.field_name, {})
            words.update((name_key(word), rule.means) for word in (*rule.written, rule.means))
        self._known: dict[tuple[str, str], Resolution] = {}

    def resolve(self, field: str, text: str) -> Resolution:
        """What `text` says in the column of `field`; free text is its own value."""
        if not text:
            return BLANK
        known = self._known.get((field, text))
        if known is None:
            known = self._resolve(field, text)
            self._known[field, text] = known
        return known

    def _resolve(self, field: str, text: str) -> Resolution:
        declared = self._words.get(field, {}).get(name_key(text))
        if field == "单位":
            return self._unit(declared or text)
        if field in self._subjects:
            return self._subject(field, declared or text)
        if field in self._words:
            return self._word(field, text)
        return _exactly(text)

    def _unit(self, text: str) -> Resolution:
        code, name = split_code(text)
        if code in self._units:
            own = self._units[code]
            if name and name_key(name) != name_key(own):
                other = self._unit_by_name.get(name_key(name))
                message = f"单位代码 {code} 是“{own}”，这一格写的名称是“{name}”"
                is_other = other not in (None, code)
                renamed = "" if is_other else "；今年改了名的，改 department.yaml 里这个单位的名称"
                return _misnamed(code, message, f"核对代码和名称{renamed}", is_other=is_other)
            return _exactly(code)
        if code and self.department.code.startswith(code):
            return Resolution(scope=_ALL)
        found = self._unit_by_name.get(name_key(name)) if not code else None
        if found:
            return _exactly(found)
        if not code and name_key(name) == name_key(self.department.name):
            return Resolution(scope=_ALL)
        known = [f"{key} {value}" for key, value in self._units.items()]
        hint = f"department.yaml 里的单位有：{'、'.join(known)}"
        trouble = Unacceptable(f"没有“{text}”这个单位", hint, "unknown-unit")
        return Resolution(code, trouble=trouble)

    def _subject(self, field: str, text: str) -> Resolution:
        subjects = self._subjects[field]
        code, name = split_code(text)
        if not code:
            return self._subject_by_name(field, name)
        subject = subjects.get(code)
        if subject is None:
            hint = f"核对编码；确是地方新增科目的，写进 catalogue/{self.edition}/local.csv"
            near = suggestion(code, subjects)
            message = f"{self.edition} 版{field}里没有“{text}”"
            trouble = Unacceptable(message, f"{hint}。{near}" if near else hint, "unknown-code")
            return Resolution(code, trouble=trouble)
        if len(code) != _EXACT_LENGTH[field]:
            return Resolution(scope=(code,))
        last = name_key(_PARTS.split(name)[-1])
        own = name_key(subject.name)
        if last and last not in own and own not in name_key(name):
            message = f"{code} 是“{subject.name}”，这一格写的名称是“{name}”"
            is_other = last in self._codes_by_name[field]
            return _misnamed(code, message, "核对编码和名称", is_other=is_other)
        return _exactly(code)

    def _subject_by_name(self, field: str, text: str) -> Resolution:
        subjects, codes_by_name = self._subjects[field], self._codes_by_name[field]
        *above, last = [name_key(part) for part in _PARTS.split(text) if part.strip()] or [""]
        codes = codes_by_name.get(last) or codes_by_name.get(name_key(text))
        if not codes:
            near = suggestion(text, [subject.name for subject in subjects.values()])
            message = f"{self.edition} 版{field}里没有“{text}”"
            return Resolution(trouble=Unacceptable(message, near or "写上编码", "unknown-code"))
        fitting = [code for code in codes if _under(code, above, subjects)] or codes
        exact = [code for code in fitting if len(code) == _EXACT_LENGTH[field]]
        if len(exact) == 1:
            return _exactly(exact[0])
        if not exact:
            return Resolution(scope=tuple(fitting))
        shown = "、".join(exact[:5]) + ("等" if len(exact) > 5 else "")
        message = f"{field}“{text}”有 {len(exact)} 个同名的：{shown}"
        return Resolution(trouble=Unacceptable(message, "写上编码", "ambiguous-name"))

    def _word(self, field: str, text: str) -> Resolution:
        words = self._words[field]
        key = name_key(text)
        bare = name_key(_WORD_CODE.sub("", unicodedata.normalize("NFKC", text)))
        catalogue_letter = key[:1] if field == "采购目录" and key[1:2].isdigit() else key
        for form in (key, bare, catalogue_letter):
            if form in words:
                return _exactly(words[form])
        groups = _GROUPS.get(field, {})
        for form in (key, bare):
            if form in groups:
                message = f"“{text}”不够明确：可能是{'或'.join(groups[form])}"
                trouble = Unacceptable(message, "在表格里写明是哪一个", "ambiguous-name")
                return Resolution(scope=groups[form], trouble=trouble)
        if field == "来源年度":
            if OWN_SURPLUS.removeprefix("使用") in text:
                return Resolution(OWN_SURPLUS, (OWN_SURPLUS,))
            if "结转" in text or "结余" in text:
                return _exactly(CARRIED)
            if self.resolve("资金来源", text).value:
                return _exactly(THIS_YEAR)
        hint = suggestion(text, words) or "确是这个意思的，在列名对照文件的“取值”里加上这个写法"
        return Resolution(trouble=Unacceptable(f"{field}没有“{text}”这一项", hint, "unknown-value"))


def _exactly(value: str) -> Resolution:
    return Resolution(value, (value,))


def _misnamed(code: str, message: str, hint: str, *, is_other: bool) -> Resolution:
    """A code beside a name that it does not have: that of another one is refused, any else doubted."""
    differs = Unacceptable(message, hint, "code-name-mismatch")
    return Resolution(code, (code,), differs if is_other else None, differs)


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """A name for comparing: half-width, without blanks and brackets."""
    return _IGNORED_IN_NAMES.sub("", unicodedata.normalize("NFKC", text))


def split_code(text: str) -> tuple[str, str]:
    """Code and name of a cell that holds both; either may be ""."""
    plain = unicodedata.normalize("NFKC", text).strip()
    first = _CODE_FIRST.fullmatch(plain)
    if first:
        return re.sub(r"[ .\-]", "", first[1]), (first[2] or first[3] or "").strip()
    last = _CODE_LAST.fullmatch(plain)
    if last:
        return last[2] or last[4], (last[1] or last[3]).strip()
    return "", text.strip()


def _by_name(subjects: Mapping[str, Subject]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for code, subject in subjects.items():
        codes.setdefault(name_key(subject.name), []).append(code)
    return codes


def _under(code: str, above: Iterable[str], subjects: Mapping[str, Subject]) -> bool:
    """Whether every name in `above` is that of an ancestor of `code`."""
    ancestors = {name_key(subjects[code[:n]].name) for n in (3, 5) if code[:n] in subjects}
    return all(name in ancestors for name in above)
