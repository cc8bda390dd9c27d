"""A page that follows the files: built anew when they change, served on the loopback interface only.

Nothing can be written through it. Who does not know the random token in the address gets nothing, and neither does
a page of another site that makes a browser ask (its ``Host`` is not ours).
"""

from __future__ import annotations

import hmac
import http.server
import json
import secrets
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
PAUSE = 0.4
"""Seconds between two looks at the files; a change counts once two looks agree, so a half-saved file is not read."""


@dataclass
class Live:
    """The page as it was last good, a number that grows with every change, and what is wrong now.

    ``build`` makes the page or raises; ``explain`` puts an error in words; ``stamp`` tells whether anything changed.
    """

    build: Callable[[], str]
    stamp: Callable[[], Hashable]
    explain: Callable[[Exception], str]
    page: str = ""
    version: int = 0
    problem: str = ""
    _seen: Hashable = None
    _built: Hashable = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Build the first page. Whatever ``build`` raises is for the caller."""
        self._seen = self._built = self.stamp()
        self.page, self.version = self.build(), 1

    def look(self) -> bool:
        """Look at the files once; build when they changed and have stood still since the last look."""
        now = self.stamp()
        settled, self._seen = now == self._seen, now
        if not settled or now == self._built:
            return False
        self._built = now
        try:
            page, problem = self.build(), ""
        except Exception as error:  # the last good page stays, with the reason why there is no newer one
            page, problem = self.page, self.explain(error)
        with self._lock:
            self.page, self.problem, self.version = page, problem, self.version + 1
        return True

    def state(self) -> str:
        """What the page asks for every second: version and problem, as JSON."""
        with self._lock:
            return json.dumps({"version": self.version, "problem": self.problem})

    def html(self) -> str:
        """The page as it is now."""
        with self._lock:
            return self.page


def server(live: Live, port: int, token: str | None = None) -> tuple[http.server.ThreadingHTTPServer, str]:
    """A server for the page and its address. ``port`` 0 takes any free one. Raises OSError where the port is taken."""
    key = token if token is not None else secrets.token_urlsafe(24)

    class Handler(_Handler):
        pass

    made = http.server.ThreadingHTTPServer((LOOPBACK, port), Handler)
    made.daemon_threads = True
    real = made.server_address[1]
    Handler.live, Handler.key = live, key
    Handler.hosts = (f"{LOOPBACK}:{real}", f"localhost:{real}")
    return made, f"http://{LOOPBACK}:{real}/{key}/"


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
        _, key, *rest = self.path.split("?", 1)[0].split("/")
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            return self._send(404, "text/plain", "Not found; the whole address stands in the terminal.\n", body=body)
        if rest == [""]:
            return self._send(200, "text/html", self.live.html(), body=body)
        if rest == ["version"]:
            return self._send(200, "application/json", self.live.state(), body=body)
        return self._send(404, "text/plain", "Not found.\n", body=body)

    def _send(self, code: int, kind: str, text: str, *, body: bool) -> None:
        data = text.encode()
        self.send_response(code)
        for name, value in (
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Length", str(len(data))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ):
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(data)
