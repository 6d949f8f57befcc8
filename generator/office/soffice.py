"""Runs LibreOffice: Word files in, PDFs out, in one call with a profile of its own.

`soffice` exits 0 whatever happens and may hang: what counts is that every PDF is there, in time.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.problems import Place, Problem, ProblemsFound

FONTS_FILE = Path(__file__).resolve().parents[2] / "fonts" / "fonts.conf"
_NAMES = ("soffice", "libreoffice")
_USUAL_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)
# A first start takes 5 s on a slow disk; 20 documents take 12 s.
_SECONDS_TO_START, _SECONDS_PER_FILE = 60, 30
_EXPORT = json.dumps(
    {
        name: {"type": "boolean", "value": "true"}
        for name in ("UseTaggedPDF", "ExportBookmarks", "DisplayPDFDocumentTitle")
    }
    # 1: the outline is shown when the file is opened.
    | {"InitialView": {"type": "long", "value": "1"}},
    separators=(",", ":"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """An installed LibreOffice. `seconds` is how long a call may take, None for the usual."""

    program: Path
    fonts_file: Path = FONTS_FILE
    seconds: float | None = None


def find_office() -> Office | None:
    """The LibreOffice of this machine: on the search path, else where installers put it."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        found = next((path for path in _USUAL_PLACES if Path(path).is_file()), None)
    return None if found is None else Office(Path(found))


def convert_to_pdf(office: Office, docx_by_name: Mapping[str, bytes]) -> dict[str, bytes]:
    """The PDF of each Word file, under the same names; ProblemsFound if one is missing or late."""
    with tempfile.TemporaryDirectory(prefix="budget-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # Numbers for names: any title is a name of a document, not every title is one of a file.
        stems = {title: str(number) for number, title in enumerate(docx_by_name, 1)}
        for title, docx in docx_by_name.items():
            (folder / f"{stems[title]}.docx").write_bytes(docx)
        files = [f"{stem}.docx" for stem in stems.values()]
        limit = office.seconds or _SECONDS_TO_START + _SECONDS_PER_FILE * len(files)
        said = _run(office, folder, files, limit)
        pdfs = {title: folder / f"{stem}.pdf" for title, stem in stems.items()}
        missing = [title for title, file in pdfs.items() if not file.is_file()]
        if missing:
            raise ProblemsFound(_not_converted(title, said) for title in missing)
        return {title: file.read_bytes() for title, file in pdfs.items()}


def _run(office: Office, folder: Path, files: Iterable[str], limit: float) -> str:
    """What LibreOffice said; ProblemsFound if it had to be ended."""
    command = [
        str(office.program),
        "--headless",
        "--norestore",
        "--nolockcheck",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        f"pdf:writer_pdf_Export:{_EXPORT}",
        *files,
    ]
    environment = dict(os.environ)
    if sys.platform != "win32" and sys.platform != "darwin" and office.fonts_file.is_file():
        environment["FONTCONFIG_FILE"] = str(office.fonts_file)
    # A file, not a pipe: a child that outlives its parent would keep a pipe open.
    with (folder / "said.txt").open("w+b") as said:
        running = subprocess.Popen(  # noqa: S603  # the program found, names made here
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            running.wait(limit)
        except subprocess.TimeoutExpired:
            raise ProblemsFound([_too_slow(limit)]) from None
        finally:
            if running.poll() is None:
                _end(running)
        said.seek(0)
        return said.read().decode("utf-8", "replace").strip()


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the program and what it started: soffice is a script around the program proper."""
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(running.pid)]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    else:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _too_slow(limit: float) -> Problem:
    return Problem(
        "office-timeout",
        f"LibreOffice {limit:.0f} 秒没有做完，已把它结束",
        Place("LibreOffice"),
        "请关掉别的 LibreOffice 再试；仍不行，可先用 Word 打开 .docx 另存为 PDF",
    )


def _not_converted(title: str, said: str) -> Problem:
    reason = f"（{said.splitlines()[-1]}）" if said else ""
    return Problem(
        "office-no-pdf",
        f"LibreOffice 没有生成“{title}”的 PDF{reason}",
        Place("LibreOffice"),
        "请用 LibreOffice 打开生成的 .docx，看它报什么错；可先用 Word 另存为 PDF",
    )
