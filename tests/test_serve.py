"""What the site expects of its server, whichever application stands behind it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sites import INHERITED, ROOT, environment_of_this_database, free_port

MEGABYTE = 1024 * 1024
PATIENCE_SECONDS = 20


class Served:
    """A running server; it answers as tests/echo.py does."""

    def __init__(self, port: int, process: subprocess.Popen[str]) -> None:
        self.port, self.process = port, process

    def ask(self, path: str, **headers: str) -> object:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        line.request("GET", path, headers=headers)
        told: object = json.loads(line.getresponse().read())
        line.close()
        return told

    def say(self, *pieces: bytes) -> bytes:
        """Bytes as they are; the first line of what comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as line:
            for piece in pieces:
                line.sendall(piece)
            return line.makefile("rb").readline().strip()


@contextlib.contextmanager
def serving(*words: str, port: int | None = None, **environment: str) -> Iterator[Served]:
    port = port or free_port()
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "config.serve",
            "tests.echo:application",
            "--port",
            str(port),
            *words,
        ],
        cwd=ROOT,
        env=inherited | environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    server = Served(port, process)
    try:
        soon(lambda: server.ask("/pid"))
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def soon(look: Callable[[], object]) -> None:
    """Wait until there is something to see."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if look():
                return
        time.sleep(0.05)
    raise AssertionError("nothing came")


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as server:
        yield server


def test_a_body_is_handed_on_as_it_comes_and_never_held_whole(server):
    before = server.ask("/memory")
    head = b"PATCH /count HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % (100 * MEGABYTE)
    answer = server.say(head, *[bytes(MEGABYTE)] * 100)

    assert answer == b"HTTP/1.1 200 OK"
    assert server.ask("/heard")[-1] == f"{100 * MEGABYTE} bytes"
    assert server.ask("/memory") - before < 10 * MEGABYTE


def test_of_a_body_that_breaks_off_the_application_reads_what_came(server):
    head = b"PATCH /count HTTP/1.1\r\nHost: here\r\nContent-Length: 5000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(head + bytes(1_234_567))

    soon(lambda: "1234567 bytes" in server.ask("/heard"))


def test_an_answer_whose_reader_went_away_is_closed_and_fills_no_memory(server):
    before = server.ask("/memory")

    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(b"GET /endless HTTP/1.1\r\nHost: here\r\n\r\n")
        line.recv(1000)
        during = server.ask("/memory")

    soon(lambda: "closed" in server.ask("/heard"))
    assert during - before < 10 * MEGABYTE


def test_a_client_that_asks_first_is_told_to_go_on(server):
    head = (
        b"PATCH /count HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    )

    assert server.say(head) == b"HTTP/1.1 100 Continue"


@pytest.mark.parametrize(
    ("sent", "path", "query"),
    [
        (b"/in/%C3%A9%20%2F?q=%C3%A9+%FF", "/in/Ã© /", "q=%C3%A9+%FF"),
        (b"/in/%FF%00?%00", "/in/ÿ\0", "%00"),
        ("/in/é?é".encode(), "/in/Ã©", "Ã©"),
    ],
)
def test_an_address_arrives_as_pep_3333_says(server, sent, path, query):
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(b"GET " + sent + b" HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        told = json.loads(line.makefile("rb").read().partition(b"\r\n\r\n")[2])

    assert told["PATH_INFO"] == path
    assert told["QUERY_STRING"] == query


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"GET /in/\xff HTTP/1.1\r\nHost: here\r\n\r\n", b"400 Bad Request"),
        (b"GET /in/?\x00 HTTP/1.1\r\nHost: here\r\n\r\n", b"400 Bad Request"),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", b"400 Bad Request"),
        (
            b"GET /in/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            b"400 Bad Request",
        ),
        (
            b"GET /in/ HTTP/1.1\r\nHost: here\r\nX-Long: " + b"a" * 300_000 + b"\r\n\r\n",
            b"431 Request Header Fields Too Large",
        ),
    ],
)
def test_what_is_no_request_is_refused_before_anybody_reads_it(server, sent, answer):
    assert server.say(sent) == b"HTTP/1.1 " + answer


def test_what_proxies_say_arrives_in_their_order_and_is_not_believed_by_the_server(server):
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(
            b"GET /in/ HTTP/1.1\r\nHost: here\r\nConnection: close\r\nX-Forwarded-Proto: https\r\n"
            b"X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"
        )
        told = json.loads(line.makefile("rb").read().partition(b"\r\n\r\n")[2])

    assert told["HTTP_X_FORWARDED_FOR"] == "198.51.100.7,203.0.113.9"
    assert (told["REMOTE_ADDR"], told["wsgi.url_scheme"]) == ("127.0.0.1", "http")


def test_a_server_that_is_told_to_stop_finishes_the_answer_at_hand():
    with serving() as server, ThreadPoolExecutor() as pool:
        answer = pool.submit(server.ask, "/wait?1.5")
        time.sleep(0.5)
        server.process.terminate()

        assert answer.result() == "waited"
        assert server.process.wait(timeout=PATIENCE_SECONDS) == 0


def test_a_worker_that_is_killed_is_replaced():
    with serving() as server:
        first = server.ask("/pid")

        os.kill(first, signal.SIGKILL)

        soon(lambda: server.ask("/pid") != first)


RESTING_BRIEFLY = "from config import serve; serve.THREAD_RESTS_SECONDS = 5; serve.main()"


@pytest.mark.django_db(transaction=True)
def test_a_worker_outlives_its_threads_and_their_connections_to_the_database():
    port, around = free_port(), {name: os.environ[name] for name in INHERITED if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-c", RESTING_BRIEFLY, "--port", str(port)],
        cwd=ROOT,
        env=around | environment_of_this_database() | {"LOG_LEVEL": "WARNING"},
    )
    try:
        soon(lambda: status_of_readyz(port))
        before = workers_of(process)
        for _ in range(2):
            with ThreadPoolExecutor(8) as pool:
                assert set(pool.map(status_of_readyz, [port] * 32)) <= {200, 503}
            time.sleep(7)

        assert status_of_readyz(port) in {200, 503}
        assert workers_of(process) == before
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def status_of_readyz(port: int) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    line.request("GET", "/readyz", headers={"Host": "touchmark.example"})
    status = line.getresponse().status
    line.close()
    return status


def workers_of(process: subprocess.Popen[str]) -> set[str]:
    threads = Path(f"/proc/{process.pid}/task").iterdir()
    return {pid for thread in threads for pid in (thread / "children").read_text().split()}


def test_a_port_that_is_taken_is_refused_not_shared(server):
    second = subprocess.run(
        [sys.executable, "-m", "config.serve", "--port", str(server.port)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )

    assert second.returncode == 1
    assert second.stderr == f"Cannot serve at 127.0.0.1:{server.port}: Address already in use.\n"


def test_a_demonstration_prepares_nothing_where_somebody_listens(server):
    demo = subprocess.run(
        [sys.executable, "-m", "config.demo"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOST": "localhost", "PORT": str(server.port)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )

    assert demo.returncode == 1
    assert demo.stdout.startswith(f"Cannot serve at 127.0.0.1:{server.port}: ")
    assert not (ROOT / "var" / f"localhost-{server.port}").exists()


def test_neither_access_log_nor_fault_tells_a_code_and_nobody_writes_lines_of_their_own():
    with serving("--access-log", LOG_LEVEL="DEBUG") as server:
        server.say(b"GET /wait/in/t/K7QM2XRA9FT88?0 HTTP/1.1\r\nHost: here\r\n\r\n")
        server.say(b"GET /in/%0AForged HTTP/1.1\r\nHost: here\r\n\r\n")
        answer = server.say(b"GET /fail/in/i/K7QM2XRA9FT88?0 HTTP/1.1\r\nHost: here\r\n\r\n")
        server.process.terminate()
        _, told = server.process.communicate(timeout=PATIENCE_SECONDS)

    assert answer == b"HTTP/1.1 500 Internal Server Error"
    assert "GET '/wait/in/t/...' 200" in told
    assert "broke at /fail/in/i/..." in told
    assert "K7QM2XRA9FT88" not in told
    assert "\nForged" not in told
