"""Read content credentials with the C2PA library, from the bytes alone: it asks no server."""

import json
import os

import c2pa

from memories.media_credentials import NO_CREDENTIALS, Credentials, State, unread
from memories.media_manifest import KEPT_ELSEWHERE, TOO_LARGE, UNREADABLE, read_report

LONGEST_REPORT = 1024**2

# Neither a manifest kept elsewhere, nor a list of certificates, nor one of revoked ones is fetched.
SETTINGS = {
    "verify": {
        "remote_manifest_fetch": False,
        "ocsp_fetch": False,
        "verify_trust": False,
        "verify_timestamp_trust": False,
    },
    "core": {
        "allowed_network_hosts": [],
        "decode_identity_assertions": False,
        "max_decompressed_manifest_size_in_mb": 8,
    },
}


def read(descriptor: int, kind: str) -> Credentials:
    """Read the credentials of an encoded picture of a kind that `media_headers` named."""
    try:
        report = _report(descriptor, kind)
        if len(report) > LONGEST_REPORT:
            return unread(TOO_LARGE)
        return read_report(json.loads(report))
    except c2pa.C2paError.ManifestNotFound:
        return NO_CREDENTIALS
    except c2pa.C2paError as problem:
        if str(problem).startswith("Remote"):
            return unread(KEPT_ELSEWHERE)
        return Credentials(State.BROKEN, reason=UNREADABLE)
    except (ValueError, RecursionError):
        return Credentials(State.BROKEN, reason=UNREADABLE)


def _report(descriptor: int, kind: str) -> str:
    with (
        os.fdopen(descriptor, "rb", closefd=False) as file,
        c2pa.Context.from_dict(SETTINGS) as context,
        c2pa.Reader(f"image/{kind}", file, context=context) as reader,
    ):
        report: str = reader.json()
        return report
