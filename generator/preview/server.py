"""The preview's HTTP server: this machine only, this page only.

Every answer needs the token of the address printed at the start; `Host` and `Origin` must be ours,
so that no other web site, nor a name that was pointed at this machine, can ask.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from generator.build import Built
from generator.outputs import file_stem
from generator.preview.session import Session, State
from generator.preview.sources import Refused, Sources, SourceText, Stale
from generator.preview.views import figure_view, names_view, source_view, state_view
from generator.problems import ProblemsFound
from generator.writers.html import style_sheet

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST = "127.0.0.1"
_STATIC = Path(__file__).with_name("static")
_STATIC_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAX_BODY = 8 * 1024 * 1024
_HEARTBEAT = 10.0  # seconds; a page that has gone is noticed when this cannot be sent
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Answer = Callable[[Request], Response]


class PreviewServer:
    """Serves one session on a free port of the loopback interface, or on `port`.

    `word` writes the Word file of a document.
    """

    def __init__(self, session: Session, word: Callable[[Built], bytes], port: int = 0) -> None:
        self.session = session
        self._word_file = word
        self.token = secrets.token_urlsafe(16)
        self.sources = Sources((session.templates, session.data))
        self._book = Lock()  # a figure book fills itself on demand, for one reader at a time
        self._answers: Mapping[tuple[str, str], Answer] = {
            ("GET", "/state"): lambda _: _json(state_view(session.state)),
            ("GET", "/events"): self._events,
            ("GET", "/names"): self._names,
            ("GET", "/figure"): self._figure,
            ("GET", "/source"): lambda r: _json(
                source_view(self.sources.read(_argument(r, "path")))
            ),
            ("GET", "/word"): self._word,
            ("POST", "/save"): self._save,
            ("POST", "/undo"): self._undo,
        }
        self._server = make_server(HOST, port, self, threaded=True, request_handler=_Quiet)
        self.port = self._server.port
        self._hosts = frozenset(f"{name}:{self.port}" for name in (HOST, "localhost"))
        # Twice a second, the default, would make stopping wait as long.
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        self._thread = Thread(target=serve, name="serve", daemon=True)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/?token={self.token}"

    def start(self) -> None:
        self.session.start()
        self._thread.start()

    def wait(self) -> None:
        """Until the server is stopped or the program interrupted."""
        while self._thread.is_alive():
            self._thread.join(1)  # without a time limit Windows does not see Ctrl+C

    def stop(self) -> None:
        self.session.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = _MAX_BODY
        response = self._response(request)
        response.headers.update(_HEADERS)
        return response(environ, start)

    def _response(self, request: Request) -> Response:
        try:
            self._check_sender(request)
            static = _static(request)
            if static is not None:
                return static
            self._check_token(request)
            if request.method == "GET" and request.path == "/":
                return _file(_STATIC / "index.html")
            answer = self._answers.get((request.method, request.path))
            if answer is None:
                raise Refused(404, "没有这个网址")
            return answer(request)
        except Refused as refused:
            return _json({"message": refused.message}, refused.status)
        except Stale as stale:
            message = "这个文件刚才在别处改过，没有保存，免得盖掉别人的改动。两边的文字都在。"
            return _json({"message": message, "current": source_view(stale.current)}, 409)
        except ProblemsFound as found:
            return _json({"message": str(found)}, 409)

    def _check_sender(self, request: Request) -> None:
        """Only pages of this server may ask, under its own name."""
        if request.headers.get("Host", "") not in self._hosts:
            raise Refused(403, "只能用 127.0.0.1 访问预览")
        origin = request.headers.get("Origin")
        if origin is None and request.method != "GET":
            raise Refused(403, "请求没有说明来自哪个网页")
        if origin is not None and origin.removeprefix("http://") not in self._hosts:
            raise Refused(403, "别的网页不能使用预览")
        site = request.headers.get("Sec-Fetch-Site", "none")
        # The page itself may be opened from a link: it shows nothing without the token.
        if site not in ("same-origin", "none") and request.path != "/":
            raise Refused(403, "别的网页不能使用预览")

    def _check_token(self, request: Request) -> None:
        reading = request.method == "GET"
        given = request.args.get("token", "") if reading else request.headers.get("X-Token", "")
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            raise Refused(403, "请用启动预览时给出的完整网址打开（里面有 token=…）")

    def _events(self, _: Request) -> Response:
        return Response(self._numbers(), mimetype="text/event-stream")

    def _numbers(self) -> Iterator[str]:
        """An event for the state as it is, and one for every later state."""
        number = -1
        while not self.session.closed:
            state = self.session.newer_than(number, _HEARTBEAT)
            yield f"data: {state.number}\n\n" if state.number > number else ": still here\n\n"
            number = state.number

    def _good(self) -> State:
        state = self.session.state
        if state.built is None:
            raise Refused(409, "还没有生成成功过，先改好列出的问题")
        return state

    def _names(self, _: Request) -> Response:
        built = self._good().built
        assert built is not None
        with self._book:
            return _json(names_view(built))

    def _figure(self, request: Request) -> Response:
        built = self._good().built
        assert built is not None
        with self._book:
            try:
                return _json(figure_view(built, _argument(request, "name")))
            except KeyError:
                raise Refused(404, "没有这个指标") from None

    def _word(self, _: Request) -> Response:
        """The Word file of the last good document."""
        built = self._good().built
        assert built is not None
        response = Response(self._word_file(built), mimetype=_WORD_TYPE)
        name = quote(f"{file_stem(built)}.docx")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return response

    def _save(self, request: Request) -> Response:
        path, text, version = _texts(request, "path", "text", "version")
        return self._written(self.sources.save(path, text, version))

    def _undo(self, request: Request) -> Response:
        path, version = _texts(request, "path", "version")
        return self._written(self.sources.undo(path, version))

    def _written(self, source: SourceText) -> Response:
        self.session.look()
        return _json(source_view(source))


class _Quiet(WSGIRequestHandler):
    """Requests are not logged: the terminal is for problems."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _static(request: Request) -> Response | None:
    """A file of the page: the same for everyone, so it needs no token."""
    if request.method != "GET":
        return None
    if request.path == "/disclosure.css":
        return Response(style_sheet(), mimetype="text/css")
    known = {f"/{file.name}": file for file in _STATIC.iterdir() if file.suffix in (".js", ".css")}
    file = known.get(request.path)
    return _file(file) if file else None


def _file(file: Path) -> Response:
    return Response(file.read_bytes(), mimetype=_STATIC_TYPES[file.suffix])


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")


def _argument(request: Request, name: str) -> str:
    value = request.args.get(name)
    if value is None:
        raise Refused(400, f"请求缺少 {name}")
    return value


def _texts(request: Request, *names: str) -> tuple[str, ...]:
    """The named texts of a JSON body; Refused unless it is UTF-8 JSON with all of them."""
    if request.mimetype != "application/json":
        raise Refused(415, "请求不是 JSON")
    if (request.content_length or 0) > _MAX_BODY:
        raise Refused(413, "文字太长")
    try:
        body: Any = json.loads(request.get_data().decode("utf-8"))
    except ValueError:
        raise Refused(400, "请求不是 UTF-8 的 JSON") from None
    given = [body.get(name) if isinstance(body, dict) else None for name in names]
    texts = tuple(value for value in given if isinstance(value, str))
    if len(texts) < len(names):
        raise Refused(400, f"请求缺少 {'、'.join(names)}")
    return texts
