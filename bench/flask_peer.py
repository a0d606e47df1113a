"""What a small site would serve for a chip: it verifies a tap and shows a page, and keeps nothing.

It knows nothing of ours: the ordinary calls of the library `cryptography` after NXP's AN12196
(section 3.4) and AN10922 (section 2.2), behind Flask.
"""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC
from flask import Flask, abort, render_template, request

# The keys that tests.settings gives to the kind called "ring".
META_KEY, MASTER_KEY = bytes.fromhex("A2" * 16), bytes.fromhex("B2" * 16)
PURPOSE = bytes.fromhex("D2760000850101") + b"\x01" + b"touchmark"

app = Flask(__name__)
page = app.jinja_env.from_string(
    """<!doctype html><title>Tag</title><h1>This tag was tapped</h1>
<dl><dt>UID</dt><dd>{{ uid }}</dd><dt>Read</dt><dd>{{ counter }} times</dd></dl>"""
)


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.get("/s/<profile>")
def tap(profile: str) -> str:
    picc = bytes.fromhex(request.args["e"])
    decryptor = Cipher(AES(META_KEY), CBC(bytes(16))).decryptor()
    data = decryptor.update(picc) + decryptor.finalize()
    uid, counter = data[1:8], data[8:11]
    file_key = _cmac(MASTER_KEY, b"\x01" + uid + PURPOSE)
    session_key = _cmac(file_key, bytes.fromhex("3CC300010080") + uid + counter)
    mac = _cmac(session_key, b"")[1::2]
    if not hmac.compare_digest(mac, bytes.fromhex(request.args["c"])):
        abort(400)
    return render_template(page, uid=uid.hex(), counter=int.from_bytes(counter, "little"))


def _cmac(key: bytes, message: bytes) -> bytes:
    code = CMAC(AES(key))
    code.update(message)
    return code.finalize()
