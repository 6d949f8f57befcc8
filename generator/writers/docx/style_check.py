"""What an editor broke in style.docx: a template like any other, so it is checked.

Part of the checks of a place; what documents take over from the file is read by `shell`.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn
from lxml import etree

from generator.problems import WARNING, Place, Problem, ProblemsFound, suggestion
from generator.writers.docx.roles import CHARACTER_STYLES, TABLE_STYLES, paragraph_styles

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_FACES = ("ascii", "hAnsi", "eastAsia", "cs")
_FACE_NAMES = {"ascii": "西文", "hAnsi": "西文", "eastAsia": "中文", "cs": "复杂文种"}
_FOOTER_TYPES = {"default": "奇数页", "even": "偶数页"}
_RESTORE = "可从未改动的 style.docx 中复制回来"
_KINDS = {"paragraph": "段落", "character": "字符", "table": "表格"}
StyleByName = Mapping[str, etree._Element]


_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"  # a compound file: .doc, or .docx with a password
_TWIPS = re.compile("-?[0-9]{1,6}")
_PART_LINE = 280  # twips: of the line that a header or footer has
_LEAST_TEXT = 2835  # twips (5 cm): of a page with less nothing can be read


def open_style(style: bytes, path: str) -> WordDocument:
    """The opened file; ProblemsFound if it is not a whole Word document."""
    try:
        word = docx.Document(io.BytesIO(style))
        complete = word.element.body is not None and word.styles.element is not None
    except Exception as error:  # whatever zipfile, lxml and python-docx meet in a damaged file
        raise ProblemsFound([_unreadable(path, _reason(style, error))]) from error
    if not complete:
        raise ProblemsFound([_unreadable(path, "里面没有正文或样式")])
    return word


def _reason(style: bytes, error: Exception) -> str:
    if not style:
        return "文件是空的"
    if style.startswith(_OLD_OR_ENCRYPTED):
        return "像旧的 .doc 文件，或加了密码"
    if not style.startswith(b"PK"):
        return "不是 .docx 文件"
    if isinstance(error, ValueError):
        return "不是 Word 文档"
    if isinstance(error, RuntimeError):
        return "加了密码"
    broken = isinstance(error, zipfile.BadZipFile | zlib.error | EOFError)
    return "文件不完整" if broken else "文件内容不完整或已损坏"


def _unreadable(path: str, reason: str) -> Problem:
    hint = "请用 Word 另存为不加密的 .docx 格式，或恢复原来的文件"
    return Problem("style-unreadable", f"样式文件打不开：{reason}", Place(path), hint)


def problems_of_style(style: bytes, path: str) -> tuple[Problem, ...]:
    """Everything that is wrong in style.docx, shown as `path`."""
    try:
        return problems_of_opened_style(open_style(style, path), path)
    except ProblemsFound as found:
        return found.problems


def problems_of_opened_style(word: WordDocument, path: str) -> tuple[Problem, ...]:
    """What would make the disclosure look wrong; warnings for what would only be ignored."""
    styles = word.styles.element.findall(qn("w:style"))
    style_by_name = {_name_of(style): style for style in styles}
    place = Place(path)
    return (
        *_missing_styles(style_by_name, place),
        *_missing_fonts(word.styles.element, style_by_name, place),
        *_theme_fonts(word.styles.element, place),
        *_missing_pages(word, place),
        *_direct_formatting(word, place),
    )


def _missing_styles(style_by_name: StyleByName, place: Place) -> Iterator[Problem]:
    wanted = [
        *((name, "paragraph") for name in paragraph_styles()),
        *((name, "character") for name in CHARACTER_STYLES),
        *((name, "table") for name in TABLE_STYLES),
    ]
    for name, kind in wanted:
        style = style_by_name.get(name)
        if style is None:
            hint = suggestion(name, style_by_name)
            yield Problem("style-missing", f"缺少样式“{name}”", place, hint or _RESTORE)
        elif style.get(qn("w:type")) != kind:
            yield Problem(
                "style-kind", f"样式“{name}”的类型不对，应为{_KINDS[kind]}样式", place, _RESTORE
            )


def _missing_fonts(
    styles: etree._Element, style_by_name: StyleByName, place: Place
) -> Iterator[Problem]:
    style_by_id = {style.get(qn("w:styleId")): style for style in style_by_name.values()}
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    inherited = _fonts_of(defaults)
    for name in paragraph_styles():
        if name not in style_by_name:
            continue
        fonts = {**inherited, **_fonts_of_chain(style_by_name[name], style_by_id)}
        missing = dict.fromkeys(_FACE_NAMES[face] for face in _FACES if not fonts.get(face))
        if missing:
            faces = "、".join(missing)
            yield Problem(
                "style-font", f"样式“{name}”没有指定{faces}字体", place, "请在“修改样式→字体”中选定"
            )


def _fonts_of_chain(
    style: etree._Element, style_by_id: Mapping[str | None, etree._Element]
) -> dict[str, str]:
    """The faces a style sets, its own before those of the styles it is based on."""
    fonts: dict[str, str] = {}
    seen: set[str | None] = set()
    current: etree._Element | None = style
    while current is not None and current.get(qn("w:styleId")) not in seen:
        seen.add(current.get(qn("w:styleId")))
        fonts = {**_fonts_of(current.find(qn("w:rPr"))), **fonts}
        based_on = current.find(qn("w:basedOn"))
        current = None if based_on is None else style_by_id.get(based_on.get(qn("w:val")))
    return fonts


def _fonts_of(properties: etree._Element | None) -> dict[str, str]:
    fonts = None if properties is None else properties.find(qn("w:rFonts"))
    if fonts is None:
        return {}
    return {face: str(fonts.get(qn(f"w:{face}"))) for face in _FACES if fonts.get(qn(f"w:{face}"))}


def _theme_fonts(styles: etree._Element, place: Place) -> Iterator[Problem]:
    """A theme font wins over the named one: Word would print the theme's, not the style's."""
    for fonts in styles.iter(qn("w:rFonts")):
        if any(str(key).endswith("Theme") for key in fonts.attrib):
            style = next(fonts.iterancestors(qn("w:style")), None)
            name = "文档默认格式" if style is None else _name_of(style)
            yield Problem(
                "style-theme-font",
                f"样式“{name}”用了主题字体",
                place,
                "请改选具体字体，不要选带“（中文正文）”“（标题）”字样的字体",
            )


def _missing_pages(word: WordDocument, place: Place) -> Iterator[Problem]:
    """The file shows three kinds of pages, one section each: cover, upright, landscape."""
    sections = [section._sectPr for section in word.sections]
    if len(sections) != 3 or [_is_landscape(sect) for sect in sections] != [False, False, True]:
        yield Problem(
            "style-pages", "样式文件应依次有三节：封面（纵向）、正文（纵向）、横页", place, _RESTORE
        )
        return
    for name, section in zip(("封面", "正文", "横页"), sections, strict=True):
        yield from _wrong_size(name, section, place)
        for part in ("header", "footer"):
            for kind, kind_name in _FOOTER_TYPES.items():
                yield from _missing_part(word, section, name, (part, kind, kind_name), place)


def _wrong_size(name: str, section: etree._Element, place: Place) -> Iterator[Problem]:
    """Sizes that are no whole twips, and margins that leave no room for the text."""
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    hint = "请在“页面设置”里重新选纸张、写页边距，或" + _RESTORE
    if size is None or margins is None:
        yield Problem("style-page-size", f"{name}节没有页面大小或页边距", place, hint)
        return
    texts = [str(text) for element in (size, margins) for text in _lengths(element).values()]
    wrong = [text for text in texts if not _TWIPS.fullmatch(text)]
    if wrong:
        message = f"{name}节的页面大小或页边距不是整数：{'、'.join(wrong)}"
        yield Problem("style-page-size", message, place, hint)
    elif min(text_area(size, margins)) < _LEAST_TEXT:
        message = f"{name}节的页边距太大，或纸张太小，放不下正文"
        yield Problem("style-page-size", message, place, hint)


def _lengths(element: etree._Element) -> dict[str, object]:
    names = ("w", "h", "left", "right", "top", "bottom", "gutter", "header", "footer")
    return {key: value for key in names if (value := element.get(qn(f"w:{key}"))) is not None}


def text_area(size: etree._Element, margins: etree._Element) -> tuple[int, int]:
    """Width and height between the margins, in twips; headers and footers push the text away."""
    beside = sum(_twips(margins, side) for side in ("left", "right", "gutter"))
    above_and_below = sum(
        abs(margin) if margin < 0 else max(margin, _twips(margins, part) + _PART_LINE)
        for margin, part in (
            (_twips(margins, "top"), "header"),
            (_twips(margins, "bottom"), "footer"),
        )
    )
    return _twips(size, "w") - beside, _twips(size, "h") - above_and_below


def _twips(element: etree._Element, name: str) -> int:
    return int(element.get(qn(f"w:{name}"), "0"))


def _missing_part(
    word: WordDocument,
    section: etree._Element,
    section_name: str,
    wanted: tuple[str, str, str],
    place: Place,
) -> Iterator[Problem]:
    part, kind, kind_name = wanted
    chinese = "页眉" if part == "header" else "页脚"
    reference = next(
        (ref for ref in section.findall(qn(f"w:{part}Reference")) if ref.get(qn("w:type")) == kind),
        None,
    )
    link = None if reference is None else word.part.rels.get(str(reference.get(qn("r:id"))))
    if link is None or link.is_external:
        message = f"{section_name}节缺少{kind_name}的{chinese}"
        yield Problem("style-footer", message, place, _RESTORE)
    elif part == "footer" and section_name != "封面" and b"PAGE" not in link.target_part.blob:
        message = f"{section_name}节{kind_name}的页脚里没有页码"
        yield Problem("style-page-number", message, place, "请插入页码，或" + _RESTORE)


def _direct_formatting(word: WordDocument, place: Place) -> Iterator[Problem]:
    """Formatting put on the sample text instead of into its style has no effect on documents."""
    for paragraph in word.element.body.iter(qn("w:p")):
        own = [child for child in _properties(paragraph) if child.tag not in _NOT_FORMATTING]
        if own:
            text = "".join(paragraph.itertext(qn("w:t")))[:20]
            yield Problem(
                "style-direct-formatting",
                f"示例文字“{text}”直接设了格式，不会起作用",
                place,
                "请改它的样式（右键样式名→修改），并清除这段文字的直接格式",
                WARNING,
            )


def _properties(paragraph: etree._Element) -> Iterator[etree._Element]:
    for properties in paragraph.findall(qn("w:pPr")):
        yield from properties
    for properties in paragraph.findall(f"{qn('w:r')}/{qn('w:rPr')}"):
        yield from properties


_NOT_FORMATTING = frozenset(
    qn(name) for name in ("w:pStyle", "w:rStyle", "w:sectPr", "w:rPr", "w:lang", "w:noProof")
) | {qn("w:rFonts")}


def _name_of(style: etree._Element) -> str:
    name = style.find(qn("w:name"))
    return "" if name is None else str(name.get(qn("w:val")))


def _is_landscape(section: etree._Element) -> bool:
    size = section.find(qn("w:pgSz"))
    return size is not None and size.get(qn("w:orient")) == "landscape"
