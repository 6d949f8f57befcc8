"""An office's folders on a desk of their own, under a running preview, for the tests."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generator.build import Built
from generator.preview.server import HOST, PreviewServer
from generator.preview.session import Session
from generator.writers.docx.document import write_docx

ROOT = Path(__file__).parents[1]
NARRATIVE = "henan/narrative/30-explanation.txt"
LAYOUT = "henan/tables/08-three-public-expenses.yaml"
REASONS = "2023/reasons.yaml"
# Two tables instead of all: what the preview does is the same, and an accessibility scan is quick.
TABLES = "# 附件\n\n:::表 03-expenditure\n\n:::表 08-three-public-expenses\n"


def word(built: Built) -> bytes:
    return write_docx(built.document, built.place.style)


class Desk:
    """A running preview and its folders."""

    def __init__(self, folder: Path, unit: str = "") -> None:
        self.data, self.templates = folder / "data", folder / "templates"
        shutil.copytree(ROOT / "data", self.data)
        shutil.copytree(ROOT / "templates", self.templates)
        (self.templates / "henan/narrative/50-tables.txt").write_text(TABLES, encoding="utf-8")
        self.session = Session(self.data, 2023, self.templates, unit)
        self.server = PreviewServer(self.session, word)
        self.port = self.server.port

    def file(self, path: str) -> Path:
        return (self.data if path.startswith("2") else self.templates) / path

    def text(self, path: str) -> str:
        return self.file(path).read_bytes().decode()

    def ask(self, path: str, **headers: str) -> tuple[int, Any]:
        """GET with the token, as the page does it."""
        joint = "&" if "?" in path else "?"
        return self.request("GET", f"{path}{joint}token={self.server.token}", b"", headers)

    def send(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        """POST as the page does it; `headers` replace its own, None takes one away."""
        own = {
            "Origin": f"http://{HOST}:{self.port}",
            "X-Token": self.server.token,
            "Content-Type": "application/json",
        }
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.request("POST", path, content, own | headers)

    def request(
        self, method: str, path: str, body: bytes, headers: dict[str, Any]
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        sent = {
            name.replace("_", "-"): value for name, value in headers.items() if value is not None
        }
        connection.request(method, path, body or None, sent)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(content) if is_json else content

    def eventually(self, met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not met():
            assert time.monotonic() < deadline, "it did not come to that"
            time.sleep(0.02)


@contextmanager
def desk_in(folder: Path, unit: str = "") -> Iterator[Desk]:
    desk = Desk(folder, unit)
    desk.server.start()
    try:
        yield desk
    finally:
        desk.server.stop()
