"""Verifying taps of NTAG 424 DNA chips, beside the bare AES and CMAC operations of the same work.

The limit does what no reader can do without: one AES block, the CMAC that derives the chip's key,
and the two CMACs under keys that are new with every tap, each by the fastest call that the
library `cryptography` has. It parses, compares and returns nothing.
"""

import secrets
import statistics
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from bench.table import Row, print_table
from tags.aes import Key
from tags.profiles import Crypto, Profile, parse_tap
from tags.sdm import file_key, read_picc, verify
from tags.virtual import VirtualTag

LEAST_TAPS = 100_000
LEAST_SHARE = 0.5
CHIPS, LRP_CHIPS = 2_000, 20
ROUNDS = 60
ADDRESS = "https://touchmark.example/s/ring"
META_KEY, MASTER = Key(secrets.token_bytes(16)), Key(secrets.token_bytes(16))


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of this promise; `quick` measures a third as long."""
    rounds = ROUNDS // 3 if quick else ROUNDS
    ring = _profile("ring", Crypto.AES, "?e={picc}&c={mac}")
    ours, limit, share = _beside(verifying(ring, CHIPS), bare(CHIPS), CHIPS, rounds=rounds)
    promise = f">= {LEAST_TAPS:,}/s and >= {LEAST_SHARE}"
    rows = [Row("verify a tap", ours, "/s", "bare AES and CMAC", limit, share, promise)]
    for name, profile, chips in (
        ("verify, with file data", _sealed("sealed", Crypto.AES), CHIPS),
        ("verify, LRP", _profile("lrp", Crypto.LRP, "?e={picc}&c={mac}"), LRP_CHIPS),
    ):
        acts = verifying(profile, chips)
        rows.append(Row(name, statistics.median(_rates(acts, chips, rounds // 3)), "/s"))
    return rows


def _profile(name: str, crypto: Crypto, query: str) -> Profile:
    return Profile(name=name, crypto=crypto, template=ADDRESS + query, system_id=b"touchmark")


def _sealed(name: str, crypto: Crypto) -> Profile:
    return Profile(
        name=name,
        crypto=crypto,
        template=ADDRESS + "?e={picc}&d={file}&c={mac}",
        window="{file}&c=",
        file_bytes=16,
        tamper_in_file=True,
        system_id=b"touchmark",
    )


def verifying(profile: Profile, chips: int) -> Callable[[], None]:
    """One tap each of so many chips, from the raw query to what the chip said."""
    queries = [_tap(profile).partition("?")[2] for _ in range(chips)]

    def act() -> None:
        for raw in queries:
            query = parse_tap(profile, raw)
            picc = read_picc(profile, META_KEY, query)
            verify(profile, query, picc, file_key(profile, MASTER, picc.uid))

    return act


def _tap(profile: Profile) -> str:
    chip = VirtualTag(uid=b"\x04" + secrets.token_bytes(6))
    chip.encode(profile, meta_key=META_KEY, master=MASTER)
    return chip.tap()


def bare(chips: int) -> Callable[[], None]:
    """The same operations on as many different keys, and nothing else."""
    keys, block = [secrets.token_bytes(16) for _ in range(chips)], bytes(16)
    decrypt = META_KEY.decrypt_block
    master = CMAC(AES(MASTER.secret))

    def act() -> None:
        for key in keys:
            decrypt(block)
            derivation = master.copy()
            derivation.update(key)
            derivation.finalize()
            session = CMAC(AES(key))
            session.update(block)
            mac = CMAC(AES(session.finalize()))
            mac.finalize()

    return act


def _beside(
    ours: Callable[[], None], limit: Callable[[], None], many: int, *, rounds: int
) -> tuple[float, float, float]:
    """Both rates, by turns, so that other work on the machine slows them alike; and their ratio."""
    pairs = [(_rate(ours, many), _rate(limit, many)) for _ in range(rounds)]
    return (
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(mine / theirs for mine, theirs in pairs),
    )


def _rates(act: Callable[[], None], many: int, rounds: int) -> list[float]:
    return [_rate(act, many) for _ in range(rounds)]


def _rate(act: Callable[[], None], many: int) -> float:
    start = time.perf_counter()
    act()
    return many / (time.perf_counter() - start)


if __name__ == "__main__":
    print_table(measure())
