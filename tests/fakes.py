"""The world outside, made of Python: nothing here opens a socket."""

from collections.abc import Sequence

from provenance.fetching import LookupFailedError


class FakeOutside:
    """Domains with the TXT records and files a test gives them; each look is counted."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.files: dict[str, list[str]] = {}
        self.silent: set[str] = set()
        self.looks: list[str] = []

    def txt_lines(self, domain: str) -> Sequence[str]:
        self.looks.append(domain)
        return self._answer(self.records, domain)

    def file_lines(self, domain: str) -> Sequence[str]:
        return self._answer(self.files, domain)

    def _answer(self, known: dict[str, list[str]], domain: str) -> Sequence[str]:
        if domain in self.silent:
            raise LookupFailedError("nobody answered")
        return known.get(domain, [])


class FakeConnection:
    """A connection that says what it was given, piece by piece, and remembers what it was told."""

    def __init__(self, *parts: bytes) -> None:
        self._parts = list(parts)
        self.told = b""

    def settimeout(self, seconds: float | None) -> None:
        pass

    def sendall(self, data: bytes) -> None:
        self.told += data

    def recv(self, size: int) -> bytes:
        return self._parts.pop(0) if self._parts else b""
