"""The wire between a browser and the site, listened to: every byte that the browser sends."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

BLOCK = 64 * 1024


class Wire(ThreadingTCPServer):
    """Where the browser turns to instead of to the site, and what it said there."""

    def __init__(self, site: str) -> None:
        there = urlsplit(site)
        self.site = (there.hostname or "", there.port or 80)
        self.said: list[bytearray] = []
        self.open: list[socket.socket] = []
        super().__init__(("127.0.0.1", 0), _Connection)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def heard(self) -> bytes:
        """What was said, one connection after the other."""
        return b"\n".join(bytes(each) for each in self.said)


class _Connection(BaseRequestHandler):
    server: Wire

    def handle(self) -> None:
        browser, said = self.request, bytearray()
        self.server.said.append(said)
        with socket.create_connection(self.server.site) as site:
            self.server.open += [browser, site]
            back = threading.Thread(target=_carry, args=(site, browser, bytearray()))
            back.start()
            _carry(browser, site, said)
            back.join()


def _carry(source: socket.socket, sink: socket.socket, copy: bytearray) -> None:
    with contextlib.suppress(OSError):
        while block := source.recv(BLOCK):
            copy += block
            sink.sendall(block)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def listened(site: str) -> Iterator[Wire]:
    with Wire(site) as wire:
        serving = threading.Thread(target=wire.serve_forever)
        serving.start()
        yield wire
        wire.shutdown()
        serving.join()
        for each in wire.open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
