"""Opens style.docx, or takes what an earlier run read from it."""

from __future__ import annotations

from functools import lru_cache

from generator.kept import kept
from generator.writers.docx.package import Shell


@lru_cache(maxsize=8)
def open_shell(style: bytes, draft: bool) -> Shell:
    """The shell of style.docx, with the watermark in all headers of a draft; ProblemsFound."""

    def make() -> Shell:
        # python-docx and lxml are a tenth of a cold build.
        from generator.writers.docx.shell import read_shell  # noqa: PLC0415

        return read_shell(style, draft)

    return kept("style-draft" if draft else "style", style, make)
