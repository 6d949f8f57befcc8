"""The 草稿 watermark: the WordArt that Word itself puts into page headers (设计 → 水印)."""

from __future__ import annotations

from docx.oxml.ns import qn
from lxml import etree

from generator.writers.docx.xml import W

TEXT = "草稿"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
    '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" '
    'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" '
    'xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
)
# z-index below zero: behind the text, so that tables and figures stay readable.
_SHAPE_STYLE = (
    "position:absolute;margin-left:0;margin-top:0;width:340pt;height:170pt;rotation:315;"
    "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    "mso-position-vertical:center;mso-position-vertical-relative:margin"
)


def with_watermark(header: bytes, number: int) -> bytes:
    """A header part with the watermark in its first paragraph; `number` tells shapes apart."""
    root = etree.fromstring(header)
    paragraph = root.find(qn("w:p"))
    if paragraph is None:
        paragraph = etree.SubElement(root, qn("w:p"))
    paragraph.append(etree.fromstring(_run(number)))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _run(number: int) -> str:
    return (
        f"<w:r {_NAMESPACES}><w:pict>{_SHAPE_TYPE}"
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" '
        f'type="#_x0000_t136" alt="{TEXT}" style="{_SHAPE_STYLE}" o:allowincell="f" '
        'fillcolor="silver" stroked="f"><v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;宋体&quot;;font-size:1pt" string="{TEXT}"/>'
        "</v:shape></w:pict></w:r>"
    )
