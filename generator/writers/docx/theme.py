"""word/theme/theme1.xml: colours and faces nobody refers to.

No style of ours uses a theme font. The part is there because openxml-audit (strict) misses it, and
because Word would add its own, with 等线, as soon as someone saves the file.
"""

from __future__ import annotations

from generator.writers.docx.xml import DECLARATION

_DARK_AND_LIGHT = (("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "44546A"), ("lt2", "E7E6E6"))
_ACCENTS = ("4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
_LINKS = (("hlink", "0563C1"), ("folHlink", "954F72"))
_COLOURS = "".join(
    f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
    for name, value in (
        *_DARK_AND_LIGHT,
        *((f"accent{number}", value) for number, value in enumerate(_ACCENTS, 1)),
        *_LINKS,
    )
)
_FACES = (
    '<a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/><a:cs typeface="Times New Roman"/>'
)
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="6350">{_FILL}</a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"

THEME = (
    f'{DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'name="预算公开"><a:themeElements><a:clrScheme name="预算公开">{_COLOURS}</a:clrScheme>'
    f'<a:fontScheme name="预算公开"><a:majorFont>{_FACES}</a:majorFont>'
    f"<a:minorFont>{_FACES}</a:minorFont></a:fontScheme>"
    f'<a:fmtScheme name="预算公开"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>'
    f"<a:lnStyleLst>{_LINE * 3}</a:lnStyleLst><a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst>"
    f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
).encode()
