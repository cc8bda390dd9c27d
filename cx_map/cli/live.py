"""A page that follows the files: built anew when they change, served on the loopback interface only.

Nothing can be written through it. Who does not know the random token in the address gets nothing, and neither does
a page of another site that makes a browser ask (its ``Host`` is not ours).
"""

from __future__ import annotations

import hmac
import http.server
import re
import secrets
import sys
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
PAUSE = 0.4
"""Seconds between two looks at the files; a change counts once two looks agree, so a half-saved file is not read."""
HEARTBEAT = 15.0
"""Seconds after which a stream without news says that it is still there, so that a page that is gone is noticed."""
_VERSION = re.compile("[0-9]{1,15}")


@dataclass
class Live:
    """The page as it was last good, a version that grows with every new page, and what is wrong now.

    ``build`` makes the page of a version or raises; ``stamp`` tells whether anything changed; ``explain`` puts an error
    in words.
    """

    build: Callable[[int], str]
    stamp: Callable[[], Hashable]
    explain: Callable[[Exception], str]
    page: str = ""
    version: int = 0
    problem: str = ""
    _seen: Hashable = None
    _built: Hashable = None
    _news: threading.Condition = field(default_factory=threading.Condition)

    def start(self) -> None:
        """Build the first page. Whatever ``build`` raises is for the caller."""
        self._seen = self._built = self.stamp()
        self.page, self.version = self.build(1), 1

    def look(self) -> bool:
        """Look at the files once; build when they changed and have stood still since the last look."""
        now = self.stamp()
        settled, self._seen = now == self._seen, now
        if not settled or now == self._built:
            return False
        self._built = now
        try:
            page, problem = self.build(self.version + 1), ""
        except Exception as error:  # the last good page stays, with the reason why there is no newer one
            page, problem = "", self.explain(error)
        with self._news:
            self.problem = problem
            if page:
                self.page, self.version = page, self.version + 1
            self._news.notify_all()
        return True

    def html(self) -> str:
        """The page as it is now."""
        with self._news:
            return self.page

    def wait(self, version: int, problem: str, seconds: float) -> tuple[int, str]:
        """The version and the problem as soon as they are not these any more, or after some seconds as they are."""
        with self._news:
            self._news.wait_for(lambda: (self.version, self.problem) != (version, problem), seconds)
            return self.version, self.problem


def server(live: Live, port: int, token: str | None = None) -> tuple[http.server.ThreadingHTTPServer, str]:
    """A server for the page and its address. ``port`` 0 takes any free one. Raises OSError where the port is taken."""
    key = token if token is not None else secrets.token_urlsafe(24)

    class Handler(_Handler):
        pass

    made = _Server((LOOPBACK, port), Handler)
    real = made.server_address[1]
    Handler.live, Handler.key = live, key
    Handler.hosts = (f"{LOOPBACK}:{real}", f"localhost:{real}")
    return made, f"http://{LOOPBACK}:{real}/{key}/"


class _Server(http.server.ThreadingHTTPServer):
    """One thread for each browser tab, none of which keeps the command from ending."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A page that was closed while it was sent is no news; anything else is told as the library tells it."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # a socket, as the library calls it


class _Handler(http.server.BaseHTTPRequestHandler):
    """GET and HEAD of two addresses; everything else is not found or not allowed."""

    live: Live
    key: str
    hosts: tuple[str, ...]
    server_version = "cxmap"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, *_: object) -> None:
        """Stay silent: the terminal is for what changes."""

    def _answer(self, *, body: bool) -> None:
        if self.headers.get("Host") not in self.hosts:
            return self._send(403, "text/plain", "This address is for this machine only.\n", body=body)
        key, *rest = self.path.split("?", 1)[0].removeprefix("/").split("/")
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            return self._send(404, "text/plain", "Not found; the whole address stands in the terminal.\n", body=body)
        if rest == [""]:
            return self._send(200, "text/html", self.live.html(), body=body)
        if len(rest) == 2 and rest[0] == "events" and _VERSION.fullmatch(rest[1]):
            return self._stream(int(rest[1]), body=body)
        return self._send(404, "text/plain", "Not found.\n", body=body)

    def _stream(self, version: int, *, body: bool) -> None:
        """Events for the page of a version: ``problem`` with what is wrong now, a message when there is a newer page."""
        self.close_connection = True
        self._head(200, "text/event-stream", [("Connection", "close")])
        problem = ""
        while body:
            newest, now = self.live.wait(version, problem, HEARTBEAT)
            if newest != version:
                text = "data: a newer page\n\n"
            elif now != problem:
                problem = now
                text = "event: problem\n" + "".join(f"data: {line}\n" for line in now.split("\n")) + "\n"
            else:
                text = ": still here\n\n"
            try:
                self.wfile.write(text.encode())
                self.wfile.flush()
            except OSError:  # the page is gone
                return
            body = newest == version

    def _send(self, code: int, kind: str, text: str, *, body: bool) -> None:
        data = text.encode()
        self._head(code, kind, [("Content-Length", str(len(data)))])
        if body:
            self.wfile.write(data)

    def _head(self, code: int, kind: str, more: list[tuple[str, str]]) -> None:
        self.send_response(code)
        for name, value in (
            ("Content-Type", f"{kind}; charset=utf-8"),
            *more,
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ):
            self.send_header(name, value)
        self.end_headers()
