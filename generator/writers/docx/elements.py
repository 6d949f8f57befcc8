"""The elements of a document of ours: where each may stand, and the attributes it may have.

What is not here may change what Word shows: a symbol, a field of one element, hidden text, a
revision. The quick proof leaves such a file to the general reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Element(NamedTuple):
    parents: tuple[str, ...]
    attributes: frozenset[str] = frozenset()


def _in(parents: str, attributes: str = "") -> Element:
    return Element(tuple(parents.split()), frozenset(attributes.split()))


ELEMENTS: Mapping[str, Element] = MappingProxyType(
    {
        "w:body": _in("w:document"),
        # Sections
        "w:sectPr": _in("w:pPr w:body"),
        "w:headerReference": _in("w:sectPr", "w:type r:id"),
        "w:footerReference": _in("w:sectPr", "w:type r:id"),
        "w:type": _in("w:sectPr", "w:val"),
        "w:pgSz": _in("w:sectPr", "w:w w:h w:orient w:code"),
        "w:pgMar": _in("w:sectPr", "w:top w:right w:bottom w:left w:header w:footer w:gutter"),
        "w:pgNumType": _in("w:sectPr", "w:start"),
        "w:cols": _in("w:sectPr", "w:space"),
        # Tables
        "w:tbl": _in("w:body"),
        "w:tblPr": _in("w:tbl"),
        "w:tblStyle": _in("w:tblPr", "w:val"),
        "w:tblW": _in("w:tblPr", "w:w w:type"),
        "w:tblLayout": _in("w:tblPr", "w:type"),
        "w:tblLook": _in(
            "w:tblPr",
            "w:val w:firstRow w:lastRow w:firstColumn w:lastColumn w:noHBand w:noVBand",
        ),
        "w:tblCaption": _in("w:tblPr", "w:val"),
        "w:tblDescription": _in("w:tblPr", "w:val"),
        "w:tblGrid": _in("w:tbl"),
        "w:gridCol": _in("w:tblGrid", "w:w"),
        "w:tr": _in("w:tbl"),
        "w:trPr": _in("w:tr"),
        "w:cantSplit": _in("w:trPr"),
        "w:trHeight": _in("w:trPr", "w:val w:hRule"),
        "w:tblHeader": _in("w:trPr"),
        "w:tc": _in("w:tr"),
        "w:tcPr": _in("w:tc"),
        "w:tcW": _in("w:tcPr", "w:w w:type"),
        "w:gridSpan": _in("w:tcPr", "w:val"),
        "w:vMerge": _in("w:tcPr", "w:val"),
        # Paragraphs and runs
        "w:p": _in("w:body w:tc"),
        "w:pPr": _in("w:p"),
        "w:pStyle": _in("w:pPr", "w:val"),
        "w:hyperlink": _in("w:p", "w:anchor w:history"),
        "w:r": _in("w:p w:hyperlink"),
        "w:rPr": _in("w:r"),
        "w:rStyle": _in("w:rPr", "w:val"),
        "w:rFonts": _in("w:rPr", "w:hint"),
        "w:t": _in("w:r", "xml:space"),
        "w:tab": _in("w:r"),
        "w:br": _in("w:r"),
        "w:fldChar": _in("w:r", "w:fldCharType"),
        "w:instrText": _in("w:r", "xml:space"),
    }
)
