"""What the module of the signing pages answers, put to it in Node."""

import base64
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("sign_all.mjs")


def in_node(cases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each case is {"body" or "sheet", "key", "passphrase", "created"}, bytes where files are."""
    written = [{name: _written(value) for name, value in case.items()} for case in cases]
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(written),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def proof_in(answer: dict[str, Any]) -> Any:
    """The proof that the page would hand over."""
    assert "file" in answer, answer
    return json.loads(answer["file"])


def _written(value: bytes | str) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
