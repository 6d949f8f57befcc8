"""The zip of an Office file: the same bytes for the same parts, wherever it is written."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import Final

CONTENT_TYPES = "[Content_Types].xml"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
# Larger chunks do not compress better, and ask the system for memory anew: 1 ms a document.
_CHUNK = 1 << 14
# Level 6 takes twice as long for a sixth less.
_LEVEL = 3


# What zipfile raises on bytes that are no zip, lack a part, are cut off, packed oddly or locked.
NOT_A_PACKAGE = (
    zipfile.BadZipFile,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
)


def write_zip(
    blob_by_name: Mapping[str, bytes],
    streams: Iterable[tuple[str, Iterable[str]]] = (),
    begun: bytes = b"",
) -> bytes:
    """A package: the content types, the finished parts by name, then the streams in their order.

    They are added to `begun`, another package. A stream is consumed only when the ones before it
    are written. ValueError if a name comes twice.
    """
    buffer = io.BytesIO(begun)
    with zipfile.ZipFile(buffer, "a") as package:
        for name in sorted(blob_by_name, key=lambda name: (name != CONTENT_TYPES, name)):
            package.writestr(_entry(name), blob_by_name[name], compresslevel=_LEVEL)
        for name, texts in streams:
            with package.open(_entry(name), "w") as part:
                for chunk in _chunks(texts):
                    part.write(chunk)
        names = [name.lower() for name in package.namelist()]
        if len(set(names)) != len(names):
            raise ValueError(f"part names are not unique: {sorted(names)}")
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # or the bytes would tell Windows from Linux
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # no public way before 3.13
    return entry


def _chunks(texts: Iterable[str]) -> Iterable[bytes]:
    pending: list[str] = []
    size = 0
    for text in texts:
        pending.append(text)
        size += len(text)
        if size >= _CHUNK:
            yield "".join(pending).encode()
            pending.clear()
            size = 0
    if pending:
        yield "".join(pending).encode()
