"""What a small site would serve for a chip: it verifies a tap and shows a page.

At `/s` it keeps nothing. At `/w` it spends the counter and keeps a row, in one durable commit to a
database of its own, as we do. It knows nothing of ours: the ordinary calls of the library
`cryptography` after NXP's AN12196 (section 3.4) and AN10922 (section 2.2), behind Flask.
"""

import hmac
import os
import sqlite3
import threading

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC
from flask import Flask, abort, render_template, request

# The keys that tests.settings gives to the kind called "ring".
META_KEY, MASTER_KEY = bytes.fromhex("A2" * 16), bytes.fromhex("B2" * 16)
PURPOSE = bytes.fromhex("D2760000850101") + b"\x01" + b"touchmark"

# A peer that keeps nothing is served without a place to keep it.
KEPT_IN = os.environ.get("PEER_DATABASE", ":memory:")
SET_UP = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS chip (uid BLOB PRIMARY KEY, counter INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tap (uid BLOB NOT NULL, counter INTEGER NOT NULL, at TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS once ON tap (uid, counter);
"""
SPEND = """
INSERT INTO chip VALUES (?, ?)
ON CONFLICT (uid) DO UPDATE SET counter = excluded.counter WHERE excluded.counter > counter
"""

app = Flask(__name__)
kept = sqlite3.connect(KEPT_IN, check_same_thread=False)
kept.executescript(SET_UP)
one_at_a_time = threading.Lock()
page = app.jinja_env.from_string(
    """<!doctype html><title>Tag</title><h1>This tag was tapped</h1>
<dl><dt>UID</dt><dd>{{ uid }}</dd><dt>Read</dt><dd>{{ counter }} times</dd></dl>"""
)


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.get("/s/<profile>")
def tap(profile: str) -> str:
    uid, counter = verified()
    return render_template(page, uid=uid.hex(), counter=counter)


@app.get("/w/<profile>")
def kept_tap(profile: str) -> str:
    uid, counter = verified()
    with one_at_a_time, kept:
        if kept.execute(SPEND, (uid, counter)).rowcount != 1:
            abort(400)
        kept.execute("INSERT INTO tap VALUES (?, ?, datetime())", (uid, counter))
    return render_template(page, uid=uid.hex(), counter=counter)


def verified() -> tuple[bytes, int]:
    picc = bytes.fromhex(request.args["e"])
    decryptor = Cipher(AES(META_KEY), CBC(bytes(16))).decryptor()
    data = decryptor.update(picc) + decryptor.finalize()
    uid, counter = data[1:8], data[8:11]
    file_key = _cmac(MASTER_KEY, b"\x01" + uid + PURPOSE)
    session_key = _cmac(file_key, bytes.fromhex("3CC300010080") + uid + counter)
    mac = _cmac(session_key, b"")[1::2]
    if not hmac.compare_digest(mac, bytes.fromhex(request.args["c"])):
        abort(400)
    return uid, int.from_bytes(counter, "little")


def _cmac(key: bytes, message: bytes) -> bytes:
    code = CMAC(AES(key))
    code.update(message)
    return code.finalize()
