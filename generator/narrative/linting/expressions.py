"""Checks one expression of a template: every name, filter, test and argument, by its kind.

The tokens are handed to Jinja one a line: the line of a syntax node is the number of its token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from generator.narrative.environment import ENVIRONMENT
from generator.narrative.linting.measures import check_measure, check_share
from generator.narrative.linting.scanner import Source
from generator.narrative.linting.tokens import REPORTED_NAME, USUAL_HINT, Token, syntax_hint
from generator.narrative.vocabulary import (
    COUNTER,
    FIGURE,
    FILTERS,
    LIST,
    LISTS,
    LOOP_ATTRIBUTES,
    TESTS,
    TEXT,
    USUAL_FRAME,
    FilterRule,
    Vocabulary,
    printing_filter,
)
from generator.problems import suggestion

# Kinds besides figure, text and list. UNKNOWN: a problem is reported already.
ITEM, LOOP, CONDITION, LITERAL = "item", "loop", "condition", "literal"
UNKNOWN = ""

_KINDS = {
    FIGURE: "数",
    TEXT: "文字",
    LIST: "清单",
    ITEM: "清单的一项",
    LOOP: "loop",
    COUNTER: "序号",
    CONDITION: "条件",
    LITERAL: "固定的字",
}
_LOOP_KINDS = {
    name: CONDITION if name in ("first", "last") else COUNTER for name in LOOP_ATTRIBUTES
}


class Value(NamedTuple):
    """What an expression gives; `attributes` of an item (or a list's items), with their kinds."""

    kind: str
    attributes: Mapping[str, str] = {}
    name: str = ""


class Scope(NamedTuple):
    """The names of this place in the template besides the vocabulary's."""

    names: Mapping[str, Value] = {}
    half_set: frozenset[str] = frozenset()  # set in one branch of an if, not in the others
    in_loop: bool = False


@lru_cache(maxsize=4096)  # most expressions of a template occur several times in it
def _parsed(text: str) -> nodes.Node | int:
    """The syntax tree of one tag, or the line at which it cannot be read."""
    try:
        return ENVIRONMENT.parse(text).body[0]
    except TemplateSyntaxError as error:
        return error.lineno


def known_names(vocabulary: Vocabulary, scope: Scope) -> set[str]:
    return {*vocabulary.names(), *scope.names}


@dataclass
class Checker:
    """Checks the tokens of one tag."""

    source: Source
    tokens: tuple[Token, ...]
    end: int  # of the tag's inside
    vocabulary: Vocabulary
    scope: Scope

    def parse(self, before: str, after: str, quiet: bool) -> nodes.Node | None:
        """The tree of `before` tokens `after`; None (and a report unless `quiet`) if wrong."""
        tree = _parsed("\n".join([before, *(token.text for token in self.tokens), after]))
        if isinstance(tree, nodes.Node):
            return tree
        if not quiet:
            self._syntax(tree - 2)
        return None

    def _syntax(self, index: int) -> None:
        if index >= len(self.tokens):
            self.report("syntax", "花括号里的话没有写完", self.end, USUAL_HINT)
            return
        token = self.tokens[max(index, 0)]
        previous = self.tokens[index - 1].text if index > 0 else ""
        hint = syntax_hint(previous, token.text, known_names(self.vocabulary, self.scope))
        self.report("syntax", f"看不懂这里的“{token.text}”", token.offset, hint)

    def report(self, rule: str, message: str, offset: int, hint: str = "") -> None:
        self.source.report(rule, message, offset, hint)

    def offset(self, node: nodes.Node) -> int:
        """Where a node's first token stands."""
        parts = (node, *node.find_all(nodes.Expr))
        return self._token(min(part.lineno or node.lineno for part in parts) - 2).offset

    def _token(self, index: int) -> Token:
        return self.tokens[min(max(index, 0), len(self.tokens) - 1)]

    def _offset_after(self, line: int, text: str) -> int:
        """Where the first token `text` at or after a syntax line stands."""
        start = max(line - 2, 0)
        found = (token.offset for token in self.tokens[start:] if token.text == text)
        return next(found, self._token(start).offset)

    def printed(self, node: nodes.Expr) -> None:
        """Check an expression that stands between {{ and }}."""
        value = self.value(node)
        if value.kind in (TEXT, COUNTER, UNKNOWN):
            return
        offset = self.offset(node)
        if value.kind == FIGURE:
            name = value.name or "这个数"
            hint = f"写成 {{{{ {value.name or '…'} | {printing_filter(value.name)} }}}}"
            self.report("bare-figure", f"“{name}”没有写单位", offset, hint)
        elif value.kind in (LIST, ITEM, LOOP):
            hint = "清单用 {{ 项目 | 列举 }} 或 {% for %} 逐项印，项目的内容写成 {{ 科目.名称 }}"
            message = f"{_KINDS[value.kind]}“{value.name}”不能直接印"
            self.report("not-printable", message, offset, hint)
        elif value.kind == CONDITION:
            hint = "条件写在 {% if … %} 里"
            self.report("printed-condition", "条件不能印出来", offset, hint)
        elif value.kind == LITERAL:
            hint = "字直接写在花括号外面；固定的数写进 constants.yaml，按名字印"
            self.report("literal", "花括号里只写名字，不写固定的字和数", offset, hint)

    def condition(self, node: nodes.Node) -> None:
        value = self.value(node)
        if value.kind == LITERAL:
            self.report("literal", "条件是固定的，永远不变", self.offset(node), "写一个名字")

    def value(self, node: nodes.Node) -> Value:
        """Check an expression and say what it gives."""
        if isinstance(node, nodes.Name):
            return self._name(node)
        if isinstance(node, nodes.Const):
            return Value(LITERAL)
        if isinstance(node, nodes.Getattr):
            return self._attribute(node)
        if isinstance(node, nodes.Filter) and node.node is not None:
            return self._filter(node, node.node)
        if isinstance(node, nodes.Test):
            return self._test(node)
        if isinstance(node, nodes.CondExpr):
            return self._inline_if(node)
        if isinstance(node, nodes.Call):
            return self._call(node)
        return self._operation(node)

    def _operation(self, node: nodes.Node) -> Value:
        if isinstance(node, nodes.Compare):
            return self._comparison(node)
        if isinstance(node, nodes.Not | nodes.And | nodes.Or):
            for child in node.iter_child_nodes():
                self.condition(child)
            return Value(CONDITION)
        if isinstance(node, nodes.Tuple):
            message = "这里只能写一个名字，不能用逗号连着写"
            self.report("several-values", message, self.offset(node), "分成几个 {{ … }}")
        for child in node.iter_child_nodes():  # arithmetic, subscripts: reported as tokens
            if not (isinstance(child, nodes.Filter) and isinstance(child.node, nodes.Const)):
                self.value(child)  # 三公经费 * 100 | 金额: the filter was meant for the product
        return Value(UNKNOWN)

    def _name(self, node: nodes.Name) -> Value:
        name = node.name
        if name == REPORTED_NAME:
            return Value(UNKNOWN)
        if name in self.scope.names:
            return self.scope.names[name]
        kind = self.vocabulary.kind_of(name)
        if kind is not None:
            return Value(kind, LISTS[name][1] if name in LISTS else {}, name)
        offset = self._token(node.lineno - 2).offset
        if name == "loop":
            if self.scope.in_loop:
                return Value(LOOP, _LOOP_KINDS, name)
            hint = "移到 {% for %} 和 {% endfor %} 之间"
            self.report("loop-outside-for", "loop 只能用在 {% for %} 里面", offset, hint)
        elif name in self.scope.half_set:
            hint = "在 {% if %} 的每一种情况里都写 {% set %}，或在 {% if %} 之前先写"
            self.report("maybe-unset", f"“{name}”只在一种情况下设过", offset, hint)
        else:
            self._unknown_name(name, offset)
        return Value(UNKNOWN)

    def _unknown_name(self, name: str, offset: int) -> None:
        known = sorted(known_names(self.vocabulary, self.scope))
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        message = f"没有“{name}”" + (f"，是不是：{near[0]}？" if near else "这个名字")
        hint = "全部名字见 python start.py figures 年度；新的固定数写进 constants.yaml"
        if name in FILTERS:
            hint = f"“{name}”写在竖线后面：{{{{ 三公经费 | {name} }}}}"
        elif name in TESTS:
            hint = f"“{name}”写在 is 后面：{{% if 三公经费 is {name} %}}"
        self.report("unknown-name", message, offset, hint)

    def _attribute(self, node: nodes.Getattr) -> Value:
        base = self.value(node.node)
        offset = self._token(node.lineno - 1).offset
        kind = base.attributes.get(node.attr) if base.kind != LIST else None
        if kind is not None:
            return Value(kind, {}, f"{base.name}.{node.attr}")
        if base.kind == FIGURE:
            hint = "数后面用竖线：{{ 三公经费 | 金额 }}"
            self.report("figure-attribute", f"数没有“.{node.attr}”", offset, hint)
        elif base.kind in (ITEM, LOOP):
            hint = suggestion(node.attr, base.attributes) or f"可用：{'、'.join(base.attributes)}"
            message = f"“{base.name}”没有“{node.attr}”这一项"
            self.report("unknown-attribute", message, offset, hint)
        elif base.kind != UNKNOWN:
            hint = "点后面的内容只有 {% for %} 的一项才有"
            message = f"{_KINDS[base.kind]}没有“.{node.attr}”"
            self.report("unknown-attribute", message, offset, hint)
        return Value(UNKNOWN)

    def _filter(self, node: nodes.Filter, base_node: nodes.Expr) -> Value:
        base = self.value(base_node)
        offset = self._token(node.lineno - 2).offset
        rule = FILTERS.get(node.name)
        if rule is None:
            near = suggestion(node.name, FILTERS) or f"可用：{'、'.join(FILTERS)}"
            self.report("unknown-filter", f"没有“| {node.name}”这种写法", offset, near)
            for child in (*node.args, *node.kwargs):
                self.value(child)
            return Value(UNKNOWN)
        if base.kind not in (rule.applies_to, UNKNOWN):
            wanted = _KINDS[rule.applies_to]
            message = f"“{node.name}”用于{wanted}，不能用于{_KINDS[base.kind]}"
            self.report("wrong-kind", message, offset, f"{node.name}：{rule.meaning}")
        elif base.kind == FIGURE:
            check_measure(self.source, base.name, node.name, offset)
        self._arguments(node, rule, offset, base)
        if node.name == "列举" and base.kind == LIST:
            self._listed(node, base, offset)
        return Value(TEXT)

    def _arguments(self, node: nodes.Filter, rule: FilterRule, offset: int, base: Value) -> None:
        count = len(node.args)
        if not rule.minimum <= count <= rule.maximum:
            few = "少了" if count < rule.minimum else "多了"
            hint = f"{node.name}：{rule.meaning}"
            self.report("argument-count", f"“{node.name}”括号里的内容{few}", offset, hint)
        if node.name == "增减" and not node.args:
            self._known_frame(USUAL_FRAME, offset)
        for position, argument in enumerate(node.args):
            if node.name == "增减" and position < rule.maximum:
                self._frame(argument)
                continue
            value = self.value(argument)
            if position >= rule.maximum:
                continue
            self._argument_kind(node.name, argument, value, rule.figure_arguments)
            if node.name == "占比" and base.kind == value.kind == FIGURE:
                check_share(self.source, base.name, value.name, self.offset(argument))
        line = node.lineno
        given: set[str] = set()
        for keyword in node.kwargs:
            key = str(keyword.key)
            where, line = self._offset_after(line, key), keyword.value.lineno
            if key not in rule.keywords:
                hint = suggestion(key, rule.keywords) or "、".join(rule.keywords)
                self.report(
                    "unknown-keyword", f"“{node.name}”没有“{key}=”", where, hint or "删掉它"
                )
            elif key in given:
                self.report("keyword-twice", f"“{key}=”写了两遍", where, "只留一个")
            else:
                given.add(key)
                self._argument_kind(node.name, keyword.value, self.value(keyword.value), False)

    def _listed(self, node: nodes.Filter, items: Value, offset: int) -> None:
        """列举 prints one attribute of every item: the one it names, else 名称."""
        named = node.args[0] if node.args else nodes.Const("名称")
        if isinstance(named, nodes.Const) and named.value not in items.attributes:
            offset = self.offset(named) if node.args else offset
            hint = suggestion(str(named.value), items.attributes)
            hint = hint or f'可用：{"、".join(items.attributes)}，如 | 列举("名称", "；")'
            message = f"“{items.name}”的各项没有“{named.value}”"
            self.report("unknown-attribute", message, offset, hint)

    def _argument_kind(self, name: str, node: nodes.Expr, value: Value, figure: bool) -> None:
        written = isinstance(node, nodes.Const) and isinstance(node.value, str)
        if value.kind != UNKNOWN and not (value.kind == FIGURE if figure else written):
            wanted = "数的名字，不加引号" if figure else "要印的字，加半角引号"
            message = f"“{name}”的括号里应当是{wanted}"
            self.report("argument-kind", message, self.offset(node), f"现在是{_KINDS[value.kind]}")

    def _frame(self, node: nodes.Expr) -> None:
        frames = self.vocabulary.frames
        listed = f"可用：{'、'.join(frames or ())}"
        if isinstance(node, nodes.Name) and node.name in (frames or ()):
            message = f"句式的名字“{node.name}”没有加引号"
            self.report("bare-frame", message, self.offset(node), f'写成 增减("{node.name}")')
        elif isinstance(node, nodes.Const) and isinstance(node.value, str):
            self._known_frame(node.value, self.offset(node))
        elif self.value(node).kind != UNKNOWN:
            message = "“增减”的括号里应当是句式的名字，加半角引号"
            self.report("argument-kind", message, self.offset(node), listed)

    def _known_frame(self, name: str, offset: int) -> None:
        frames = self.vocabulary.frames
        if frames is not None and name not in frames:
            hint = suggestion(name, frames) or f"可用：{'、'.join(frames)}"
            self.report("unknown-frame", f"phrases.yaml 里没有“{name}”这个句式", offset, hint)

    def _test(self, node: nodes.Test) -> Value:
        base = self.value(node.node)
        offset = self._offset_after(node.lineno, node.name.split(".", 1)[0])
        if node.name not in TESTS:
            near = suggestion(node.name, TESTS) or f"可用：{'、'.join(TESTS)}"
            self.report("unknown-test", f"没有“is {node.name}”这种写法", offset, near)
        elif base.kind not in (FIGURE, UNKNOWN):
            message = f"“is {node.name}”用于数，不能用于{_KINDS[base.kind]}"
            self.report("wrong-kind", message, offset, f"{node.name}：{TESTS[node.name]}")
        elif node.args or node.kwargs:
            self.report("argument-count", f"“is {node.name}”后面不再写别的", offset, "删掉后面的")
        return Value(CONDITION)

    def _comparison(self, node: nodes.Compare) -> Value:
        sides = (node.expr, *(operand.expr for operand in node.ops))
        values = [self.value(side) for side in sides]
        kinds = {value.kind for value in values}
        words = all(v.kind == LITERAL or (v.kind == TEXT and "." in v.name) for v in values)
        equality = all(operand.op in ("eq", "ne") for operand in node.ops)
        if UNKNOWN in kinds or kinds <= {COUNTER, LITERAL} or (words and equality):
            return Value(CONDITION)
        if FIGURE in kinds:
            hint = "比上年用 {% if 三公经费 is 增加 %}，有没有数用 {% if 三公经费 %}"
            self.report("figure-comparison", "数不能在模板里比大小", self.offset(node), hint)
        else:
            hint = '只有清单一项的文字可以比，如 {% if 单位.性质 == "行政" %}'
            self.report("comparison", "这两样不能比", self.offset(node), hint)
        return Value(CONDITION)

    def _inline_if(self, node: nodes.CondExpr) -> Value:
        self.condition(node.test)
        values = [self.value(node.expr1)]
        if node.expr2 is None:
            hint = "补上 else，或用 {% if %}…{% endif %}"
            self.report("missing-else", "花括号里的 if 没有写 else", self.offset(node), hint)
        else:
            values.append(self.value(node.expr2))
        worst = [v for v in values if v.kind not in (UNKNOWN, TEXT, LITERAL, COUNTER)]
        return worst[0] if worst else Value(TEXT)

    def _call(self, node: nodes.Call) -> Value:
        callee = node.node
        called = self._token(node.lineno - 3)
        if isinstance(callee, nodes.Getattr):
            self.value(callee.node)
        hint = "模板里只用竖线：{{ 三公经费 | 金额 }}"
        if called.text in FILTERS:
            hint = f"“{called.text}”写在竖线后面：{{{{ 三公经费 | {called.text} }}}}"
        self.report("function-call", f"模板里不能写“{called.text}(…)”", called.offset, hint)
        for child in (*node.args, *node.kwargs):
            self.value(child)
        return Value(UNKNOWN)
