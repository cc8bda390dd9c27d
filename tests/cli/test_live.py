"""The live page: for this machine and who knows the token only, and it follows the files."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from cx_map.cli.app import run
from cx_map.cli.live import LOOPBACK, Live, server


class Source:
    """Files that a test changes."""

    def __init__(self) -> None:
        self.text, self.stamp = "first", 0

    def change(self, text: str) -> None:
        self.text, self.stamp = text, self.stamp + 1

    def build(self, version: int) -> str:
        if self.text == "broken":
            raise ValueError("line 3 is wrong")
        return f"<p>{self.text}</p>"


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def live(source: Source) -> Live:
    made = Live(source.build, lambda: source.stamp, str)
    made.start()
    return made


@pytest.fixture
def address(live: Live) -> Iterator[str]:
    made, where = server(live, 0)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield where
    made.shutdown()
    made.server_close()
    thread.join()


def ask(address: str, path: str = "", method: str = "GET", host: str | None = None) -> tuple[int, str, dict[str, str]]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(LOOPBACK, parts.port or 0, timeout=10)
    connection.request(
        method, path if path.startswith("/") else parts.path + path, headers={"Host": host or parts.netloc}
    )
    answer = connection.getresponse()
    text, headers = answer.read().decode(), dict(answer.getheaders())
    connection.close()
    return answer.status, text, headers


def test_the_page_is_there_for_who_knows_the_address(address: str) -> None:
    status, text, headers = ask(address)
    assert (status, text) == (200, "<p>first</p>")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask(address, method="HEAD")[:2] == (200, "")


def test_nobody_else_gets_anything(address: str) -> None:
    token = urlsplit(address).path
    assert ask(address, "/")[0] == 404
    assert ask(address, "/wrong/")[0] == 404
    assert ask(address, token + "../../etc/passwd")[0] == 404
    assert ask(address, token + "other")[0] == 404
    assert ask(address, host="evil.example")[0] == 403
    assert "first" not in ask(address, host="evil.example")[1]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(address: str, method: str) -> None:
    assert ask(address, method=method)[0] == 501


def test_it_listens_on_the_loopback_interface_only(live: Live) -> None:
    made, where = server(live, 0, "token")
    assert made.server_address[0] == LOOPBACK
    assert where == f"http://127.0.0.1:{made.server_address[1]}/token/"
    made.server_close()


def test_a_saved_file_changes_the_page_once_it_stands_still(source: Source, live: Live, address: str) -> None:
    source.change("second")
    assert not live.look()
    assert live.look()
    assert ask(address)[1] == "<p>second</p>"
    assert live.version == 2
    assert not live.look()


def test_a_broken_file_leaves_the_last_good_page_and_says_why(source: Source, live: Live) -> None:
    source.change("broken")
    live.look()
    assert live.look()
    assert live.html() == "<p>first</p>"
    assert (live.version, live.problem) == (1, "line 3 is wrong")
    source.change("mended")
    live.look()
    live.look()
    assert (live.html(), live.problem) == ("<p>mended</p>", "")


def test_a_page_hears_of_problems_and_of_newer_pages(source: Source, live: Live, address: str) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(LOOPBACK, parts.port or 0, timeout=10)
    connection.request("GET", parts.path + "events/1", headers={"Host": parts.netloc})
    stream = connection.getresponse()
    assert stream.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    source.change("broken")
    live.look()
    live.look()
    assert [stream.readline() for _ in range(3)] == [b"event: problem\n", b"data: line 3 is wrong\n", b"\n"]
    source.change("mended")
    live.look()
    live.look()
    assert stream.read() == b"data: a newer page\n\n"
    connection.close()


def test_a_page_from_before_hears_at_once_that_it_is_old(address: str) -> None:
    assert ask(address, "events/0")[1] == "data: a newer page\n\n"
    assert ask(address, "events/x")[0] == 404
    assert ask(address, "events/" + "9" * 5000)[0] == 404


@pytest.mark.parametrize("target", ["*", "nothing", "//", "http://127.0.0.1/x"])
def test_an_odd_request_is_answered_and_nothing_is_said(
    target: str, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = urlsplit(address)
    with socket.create_connection((LOOPBACK, place.port or 0), timeout=10) as line:
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
        assert line.makefile("rb").readline().split()[1] == b"404"
    assert capsys.readouterr().err == ""


def test_a_page_that_goes_away_while_it_is_sent_is_no_news(
    source: Source, live: Live, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    live.page = "x" * 20_000_000
    place = urlsplit(address)
    line = socket.create_connection((LOOPBACK, place.port or 0), timeout=10)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # gone at once, without goodbye
    line.sendall(f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
    line.recv(1000)
    line.close()
    for _ in range(500):
        if not any("process_request_thread" in one.name for one in threading.enumerate()):
            break
        time.sleep(0.01)
    assert capsys.readouterr().err == ""


def test_standard_input_cannot_be_followed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "-", "--no-open"]) == 2
    assert "standard input" in capsys.readouterr().err
