"""Every mistake of a template in one run, with its place; nothing is rendered.

A template prints, it does not compute: the allowed language is that of `vocabulary`, the line marks
are those of `markup`. All branches are checked, whichever this year's figures take.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from jinja2 import nodes

from generator.load.reader import character_problems
from generator.narrative.linting.expressions import (
    ITEM,
    LITERAL,
    UNKNOWN,
    Checker,
    Scope,
    Value,
    known_names,
)
from generator.narrative.linting.guards import check_guards
from generator.narrative.linting.labels import check_labels
from generator.narrative.linting.scanner import PRINT, TAG, Piece, Source, scan
from generator.narrative.linting.text import check_string, check_text
from generator.narrative.linting.tokens import HIDDEN, STRING, tokens_of
from generator.narrative.vocabulary import LIST, TAGS, TEXT, Vocabulary
from generator.problems import Problem, sort_problems, suggestion

_CHINESE_TAGS = {
    **dict.fromkeys(("如果", "要是"), "if"),
    **dict.fromkeys(("否则如果", "elseif", "elsif"), "elif"),
    "否则": "else",
    **dict.fromkeys(("循环", "遍历"), "for"),
    **dict.fromkeys(("设", "设置"), "set"),
    **dict.fromkeys(("结束如果", "如果结束"), "endif"),
    **dict.fromkeys(("循环结束", "结束循环"), "endfor"),
}
_FORBIDDEN_TAGS = {
    "include": "narrative 文件夹里的模板按文件名顺序自动连起来",
    **dict.fromkeys(("import", "from"), "句式写进 phrases.yaml，固定的字写进 constants.yaml"),
    **dict.fromkeys(("macro", "call"), "重复的句子写进 phrases.yaml 的句式"),
    **dict.fromkeys(("extends", "block"), "每个模板单独成篇，按文件名顺序连起来"),
    "filter": "在名字后面用竖线：{{ 三公经费 | 金额 }}",
    "with": "用 {% set 名字 = … %}",
    "autoescape": "直接写要印的字",
    "do": "模板只印数，不计算",
    **dict.fromkeys(("break", "continue"), "用 {% if %} 选要印的"),
}
_GLUED = r"(?:elif|if|for|set)(?=[\u4e00-\u9fff])"  # {%if三公经费%}
_WORD = re.compile(
    rf"\s*({'|'.join(sorted(_CHINESE_TAGS, key=len, reverse=True))}|{_GLUED}|\w+|\S+)"
)
_OPENERS = {"endif": "if", "endfor": "for"}
_DEEPEST = 12  # Python gives up at 20 loops


@dataclass
class _Block:
    """An {% if %} or {% for %} that is open."""

    tag: str
    piece: Piece
    before: Scope
    branches: list[Mapping[str, Value]] = field(default_factory=list)
    has_else: bool = False


def template_problems(source: str, path: str, vocabulary: Vocabulary) -> tuple[Problem, ...]:
    """All mistakes of one template of a place, sorted by place. `path` is only for the messages."""
    text = source.replace("\r\n", "\n")
    lone_return = text.removeprefix("\ufeff").find("\r")
    text = text.replace("\r", "\n")
    document = Source(text.removeprefix("\ufeff"), path)
    if lone_return >= 0:
        message = "行末是旧式的换行符（CR），段落会连在一起"
        hint = "全选，复制到记事本新建的文件里，另存为“UTF-8”"
        document.report("carriage-return", message, lone_return, hint)
    if text.startswith("\ufeff"):
        hint = "另存为“UTF-8”，不要选“带有 BOM 的 UTF-8”"
        document.report("byte-order-mark", "文件存成了“带有 BOM 的 UTF-8”", 0, hint)
    for problem in character_problems(document.text, path):
        excerpt = document.excerpt(problem.place.line)
        document.problems.append(replace(problem, excerpt=excerpt))
    pieces = scan(document)
    _Tags(document, pieces, vocabulary).check()
    check_text(document, pieces, vocabulary.tables)
    check_labels(document, pieces)
    check_guards(document, pieces)
    return sort_problems(document.problems)


class _Tags:
    """Walks the tags in order, with the blocks that are open and the names that exist."""

    def __init__(self, source: Source, pieces: list[Piece], vocabulary: Vocabulary) -> None:
        self._source = source
        self._report = source.report
        self._pieces = pieces
        self._vocabulary = vocabulary
        self._scope = Scope()
        self._blocks: list[_Block] = []
        self._ahead = Counter(self._plain_word(piece) for piece in pieces if piece.kind == TAG)

    def check(self) -> None:
        for piece in self._pieces:
            if piece.kind == PRINT and piece.whole:
                self._print(piece)
            elif piece.kind == TAG:
                self._ahead[self._plain_word(piece)] -= 1
                self._tag(piece)
        for block in self._blocks:
            self._unclosed(block)

    def _plain_word(self, piece: Piece) -> str:
        match = _WORD.match(self._source.text, piece.inner_start, piece.inner_end)
        return _CHINESE_TAGS.get(match[1], match[1]) if match else ""

    def _print(self, piece: Piece) -> None:
        parsed = self._parsed(piece.inner_start, piece, "{{", "}}")
        if parsed is not None:
            checker, node = parsed
            assert isinstance(node, nodes.Output)
            for child in node.nodes:
                checker.printed(child)

    def _parsed(
        self, start: int, piece: Piece, before: str, after: str
    ) -> tuple[Checker, nodes.Node] | None:
        """The checker of what stands from `start` to the end of a tag, and the tree of that."""
        if not piece.whole:
            return None
        known = known_names(self._vocabulary, self._scope)
        tokens = tokens_of(self._source, start, piece.inner_end, known)
        for token in tokens.words:
            if token.kind == STRING:
                check_string(self._source, token.text[1:-1], token.offset + 1)
        if not tokens.words:
            if not tokens.mended:
                hint = "写上名字，如 {{ 三公经费 | 金额 }}"
                self._report("empty-tag", "花括号里是空的", piece.start, hint)
            return None
        if not tokens.parseable:
            return None
        end = piece.inner_end
        checker = Checker(self._source, tokens.words, end, self._vocabulary, self._scope)
        tree = checker.parse(before, after, quiet=tokens.mended)
        return None if tree is None else (checker, tree)

    def _tag(self, piece: Piece) -> None:
        match = _WORD.match(self._source.text, piece.inner_start, piece.inner_end)
        if match is None:
            self._report("empty-tag", "花括号里是空的", piece.start, "写上 if、for、set 等")
            return
        word, start, after = match[1], match.start(1), match.end()
        if word in TAGS and self._source.text[after : after + 1].isidentifier():
            hint = f"写成 {{% {word} {self._source.text[after : piece.inner_end].strip()} %}}"
            self._report("missing-space", f"“{word}”后面缺一个空格", start, hint)
        tag = self._meant(word, start, self._source.text[after : piece.inner_end].split())
        if tag in ("if", "elif"):
            self._if(tag, after, piece)
        elif tag == "for":
            self._for(after, piece)
        elif tag == "set":
            self._set(after, piece)
        elif tag in ("else", "endif", "endfor", "endraw"):
            extra = self._source.text[after : piece.inner_end].strip()
            if extra and word == tag and piece.whole:
                offset = self._source.text.index(extra, after)
                self._report("extra-words", f"“{tag}”后面不能再写“{extra}”", offset, "删掉")
            if tag == "else":
                self._else(piece)
            else:
                self._end(tag, start)

    def _meant(self, word: str, offset: int, others: list[str]) -> str:
        """The tag an editor means, "" if nobody knows; what is not written right is reported."""
        word = HIDDEN.sub("", word)
        if word in TAGS:
            if word == "else" and others[:1] == ["if"]:
                self._report("unknown-tag", "没有“else if”", offset, "写成 {% elif … %}")
                return ""
            return word
        if word in _FORBIDDEN_TAGS:
            message = f"模板里不用“{{% {word} %}}”"
            self._report("forbidden-tag", message, offset, _FORBIDDEN_TAGS[word])
            return ""
        if word.removeprefix("end") in _FORBIDDEN_TAGS:
            return ""  # its opening is reported
        plain = unicodedata.normalize("NFKC", word).lower()
        if plain == "end" and others:
            plain += others[0]
        meant = _CHINESE_TAGS.get(plain, plain)
        hint = suggestion(meant, TAGS) or f"可用：{'、'.join(TAGS)}"
        if meant in TAGS:
            hint = f"写成 {{% {meant} %}}" if meant in _OPENERS else f"写成 {meant}"
        self._report("unknown-tag", f"没有“{word}”这种写法", offset, hint)
        near = get_close_matches(meant, ("else", *_OPENERS), n=1, cutoff=0.7)
        return meant if meant in TAGS else "".join(near)

    def _open(self, tag: str, piece: Piece) -> None:
        self._blocks.append(_Block(tag, piece, self._scope))
        if len(self._blocks) == _DEEPEST + 1:
            message = f"{{% if %}} 和 {{% for %}} 套了 {_DEEPEST} 层还多"
            self._report("too-deep", message, piece.start, "拆成几段来写，条件用 and 连起来")

    def _if(self, tag: str, start: int, piece: Piece) -> None:
        if tag == "if":
            self._open("if", piece)
        else:
            self._branch(piece, "elif")
        parsed = self._parsed(start, piece, "{% if", "%}{% endif %}")
        if parsed is not None:
            checker, node = parsed
            assert isinstance(node, nodes.If)
            checker.condition(node.test)

    def _else(self, piece: Piece) -> None:
        if self._blocks and self._blocks[-1].tag == "for" and not self._blocks[-1].has_else:
            self._blocks[-1].has_else = True
            self._scope = self._blocks[-1].before
        else:
            self._branch(piece, "else")

    def _branch(self, piece: Piece, tag: str) -> None:
        block = self._blocks[-1] if self._blocks else None
        if block is None or block.tag != "if":
            hint = "前面要有 {% if … %}"
            self._report("misplaced-else", f"这里的“{tag}”没有对应的 if", piece.start, hint)
            return
        if block.has_else:
            hint = "一个 {% if %} 只有一个 else，放在最后"
            self._report("misplaced-else", f"else 后面又有“{tag}”", piece.start, hint)
        block.has_else = block.has_else or tag == "else"
        block.branches.append(self._scope.names)
        self._scope = self._scope._replace(names=block.before.names)

    def _for(self, start: int, piece: Piece) -> None:
        before = self._scope
        self._open("for", piece)
        self._scope = before._replace(in_loop=True)
        parsed = self._parsed(start, piece, "{% for", "%}{% endfor %}")
        if parsed is None:
            # The loop variable of a {% for %} that is wrong otherwise: its uses are not.
            for name in self._source.text[start : piece.inner_end].split()[:1]:
                self._bind(name, Value(UNKNOWN))
            return
        checker, node = parsed
        assert isinstance(node, nodes.For)
        checker.scope = before
        items = checker.value(node.iter)
        if items.kind not in (LIST, UNKNOWN):
            hint = "写一个清单的名字，如 {% for 科目 in 支出功能科目 %}"
            self._report("not-a-list", "for … in 后面应当是清单", checker.offset(node.iter), hint)
        if node.recursive:
            self._report("extra-words", "模板里不用“recursive”", piece.start, "删掉")
        if not isinstance(node.target, nodes.Name):
            hint = "写一个名字，如 {% for 科目 in 支出功能科目 %}"
            self._report("bad-target", "for 后面应当是一个名字", checker.offset(node.target), hint)
            return
        name, offset = node.target.name, checker.offset(node.target)
        item = Value(ITEM, items.attributes, name) if items.kind == LIST else Value(UNKNOWN)
        # {% for 项目 in 重点项目 %} reads well and hides only a list.
        if self._vocabulary.kind_of(name) != LIST or name in self._scope.names:
            self._shadowing(name, offset)
        self._bind(name, item)
        if node.test is not None:
            checker.scope = self._scope._replace(in_loop=before.in_loop)
            checker.condition(node.test)

    def _bind(self, name: str, value: Value) -> None:
        names = {**self._scope.names, name: value}
        self._scope = Scope(names, self._scope.half_set - {name}, self._scope.in_loop)

    def _set(self, start: int, piece: Piece) -> None:
        text = self._source.text[start : piece.inner_end]
        if piece.whole and text.strip() and "=" not in text and "＝" not in text:
            hint = "写成 {% set 名字 = 三公经费 %}"
            self._report("bad-target", "set 后面缺等号", piece.start, hint)
            return
        parsed = self._parsed(start, piece, "{% set", "%}")
        if parsed is None:
            self._bind(text.replace("＝", "=").split("=")[0].strip(), Value(UNKNOWN))
            return
        checker, node = parsed
        if not isinstance(node, nodes.Assign) or not isinstance(node.target, nodes.Name):
            hint = "写成 {% set 名字 = 三公经费 %}"
            offset = checker.offset(node.target) if isinstance(node, nodes.Assign) else start
            self._report("bad-target", "set 后面应当是一个名字", offset, hint)
            return
        value = checker.value(node.node)
        if value.kind == LITERAL:
            if not isinstance(node.node, nodes.Const) or not isinstance(node.node.value, str):
                hint = "固定的数写进 constants.yaml"
                self._report("literal", "模板里不写数", checker.offset(node.node), hint)
            value = Value(TEXT)
        name = node.target.name
        if name not in self._scope.names:
            self._shadowing(name, checker.offset(node.target))
        self._bind(name, value)

    def _shadowing(self, name: str, offset: int) -> None:
        if name in self._scope.names or name == "loop" or self._vocabulary.kind_of(name):
            message = f"“{name}”已经有别的意思"
            self._report("shadowed-name", message, offset, "换一个名字")

    def _end(self, tag: str, offset: int) -> None:
        opener = _OPENERS.get(tag, "raw")
        open_count = sum(block.tag == opener for block in self._blocks)
        surplus = 1 + self._ahead[tag] - self._ahead[opener] > open_count
        if not self._blocks or (not open_count and opener == "raw"):
            self._report("stray-end", f"“{tag}”前面没有 {opener}", offset, "删掉，或补上开头")
            return
        if self._blocks[-1].tag != opener and (surplus or not open_count):
            wanted = f"end{self._blocks[-1].tag}"
            place = self._source.place(self._blocks[-1].piece.start)
            message = f"第{place.line}行的 {self._blocks[-1].tag} 用“{tag}”收尾了"
            self._report("mismatched-end", message, offset, f"写成 {{% {wanted} %}}")
            self._leave(self._blocks.pop())
            return
        while self._blocks[-1].tag != opener:
            block = self._blocks.pop()
            self._unclosed(block)
            self._leave(block)
        self._leave(self._blocks.pop())

    def _unclosed(self, block: _Block) -> None:
        line = self._source.place(block.piece.start).line
        message = f"第{line}行的 {{% {block.tag} %}} 没有收尾"
        hint = f"在它管的内容后面补上 {{% end{block.tag} %}}"
        self._report("unclosed-block", message, block.piece.start, hint)

    def _leave(self, block: _Block) -> None:
        """The names after a block: a loop's are gone, those set in every branch of an if stay."""
        if block.tag == "for":
            self._scope = block.before
            return
        branches = [*block.branches, self._scope.names]
        if not block.has_else:
            branches.append(block.before.names)
        everywhere = {
            name: value for name, value in branches[0].items() if all(name in b for b in branches)
        }
        half_set = {name for branch in branches for name in branch} - set(everywhere)
        half_set |= block.before.half_set | self._scope.half_set
        self._scope = Scope(everywhere, frozenset(half_set), block.before.in_loop)
