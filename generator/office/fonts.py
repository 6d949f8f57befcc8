"""Which fonts a PDF was really made with, against those its styles ask for.

Word shows the wanted fonts where they are installed; a PDF carries what this machine had.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from generator.problems import WARNING, Place, Problem
from generator.writers.docx.xml import W

_W = f"{{{W}}}"
# Face -> how the PostScript names of the font proper begin.
OWN_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "仿宋": ("FangSong",),
        "仿宋_GB2312": ("FangSong_GB2312", "FangSong"),
        "楷体": ("KaiTi",),
        "楷体_GB2312": ("KaiTi_GB2312", "KaiTi"),
        "黑体": ("SimHei",),
        "宋体": ("SimSun", "NSimSun"),
        "方正小标宋简体": ("FZXBSJW", "FZXiaoBiaoSong"),
        "小标宋": ("FZXBS", "FZXiaoBiaoSong"),
        "Times New Roman": ("TimesNewRoman",),
    }
)


def wanted_faces(style: bytes) -> tuple[str, ...]:
    """The faces the styles of style.docx name, sorted."""
    from lxml import etree  # noqa: PLC0415  # 10 ms, for a build that starts LibreOffice

    with zipfile.ZipFile(io.BytesIO(style)) as package:
        styles = etree.fromstring(package.read("word/styles.xml"))
    faces = {
        fonts.get(f"{_W}{script}")
        for fonts in styles.iter(f"{_W}rFonts")
        for script in ("ascii", "eastAsia")
    }
    return tuple(sorted(face for face in faces if face))


def stand_ins(
    faces: Iterable[str], used: Iterable[str], found_by_face: Mapping[str, str]
) -> dict[str, str]:
    """Face -> the font of the PDF that stands in for it; "" -> fonts nobody asked for, if any.

    `used` are the PostScript names in the PDF, `found_by_face` what the system takes for a face. A
    face whose stand-in is not in the PDF was not needed.
    """
    left = list(used)
    result = {}
    for face in faces:
        own = OWN_NAMES.get(face, (face.replace(" ", ""),))
        if any(name.startswith(own) for name in left):
            left = [name for name in left if not name.startswith(own)]
            continue
        found = found_by_face.get(face)
        if found and any(_same_family(name, found) for name in used):
            result[face] = found
    known = [*result.values()]
    strays = [name for name in left if not any(_same_family(name, font) for font in known)]
    return {**result, **({"": "、".join(strays)} if strays else {})}


def _same_family(name: str, other: str) -> bool:
    return name.partition("-")[0] == other.partition("-")[0]


def font_problems(style: bytes, used: tuple[str, ...], fonts_file: Path) -> tuple[Problem, ...]:
    """A warning that names every stand-in and every stray font of a PDF."""
    faces = wanted_faces(style)
    replaced = stand_ins(faces, used, found_faces(faces, fonts_file))
    strays = replaced.pop("", "")
    parts = [f"“{face}”用了 {font}" for face, font in replaced.items()]
    if strays:
        parts.append(f"个别字符用了 {strays}")
    if not parts:
        return ()
    hint = "安装这些字体，或把字体文件放进 fonts 文件夹；Word 文件不受影响"
    return (
        Problem(
            "font-substituted",
            f"PDF 用了替代字体：{'，'.join(parts)}",
            Place("style.docx"),
            hint,
            WARNING,
        ),
    )


def found_faces(faces: Iterable[str], fonts_file: Path) -> dict[str, str]:
    """Face -> PostScript name of the font fontconfig takes for it; empty where there is none."""
    program = shutil.which("fc-match")
    if program is None:
        return {}
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts_file)}
    found = {}
    for face in faces:
        command = [program, "--format", "%{postscriptname}", face]
        matched = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603
        if matched.returncode == 0:
            found[face] = matched.stdout.decode("utf-8", "replace")
    return found
