"""Fetching one thing from the web: no redirect, so many bytes, so many seconds."""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Protocol, cast

from provenance.errors import ProvenanceError

_PIECE = 4096


class LookupFailedError(ProvenanceError):
    """Nothing could be learnt just now: no answer, or one we do not follow."""

    code = "lookup_failed"


class Connection(Protocol):
    """As much of a socket as a fetch needs."""

    def settimeout(self, seconds: float | None) -> None: ...
    def sendall(self, data: bytes) -> None: ...
    def recv(self, size: int) -> bytes: ...


def exchange(connection: Connection, request: bytes, *, most: int, until: float) -> HTTPResponse:
    """Send a request that ends its connection, and take in all of its answer.

    More than `most` bytes, and more time than `until` (monotonic seconds), raise
    LookupFailedError; OSError and HTTPException are the caller's to name.
    """
    connection.settimeout(_left(until))
    connection.sendall(request)
    received = _Recorded(_receive(connection, most=most, until=until))
    answer = HTTPResponse(cast(socket.socket, received))
    answer.begin()
    return answer


def _receive(connection: Connection, *, most: int, until: float) -> bytes:
    """All that comes until the other side closes, within our bounds."""
    received = bytearray()
    while True:
        connection.settimeout(_left(until))
        part = connection.recv(_PIECE)
        if not part:
            return bytes(received)
        received += part
        if len(received) > most:
            raise LookupFailedError("what stands there is larger than we read")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise LookupFailedError("the web site took too long")
    return left


class _Recorded:
    """A socket for HTTPResponse to read what was received already."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._received)
