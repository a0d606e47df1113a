"""Resumable uploads with other people's clients against a real server and a real worker."""

import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from tusclient import client as tuspy

from tests.memories.desks import open_desk, shell
from tests.sites import ROOT, Site, running_site

NODE = shutil.which("node")
pytestmark = pytest.mark.slow

LOOK = """
import hashlib, json
from memories.models.item import Item
from memories.services import originals
item = Item.objects.order_by("-pk").first()
digest = hashlib.sha256(b"".join(originals.read(item))).hexdigest()
print(json.dumps({"name": item.upload_name, "state": item.state, "sha256": digest}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("site"), is_demo=False) as site:
        yield site


@pytest.fixture(scope="module")
def desk(site: Site) -> dict[str, object]:
    endpoint, headers = open_desk(site)
    return {"endpoint": endpoint, "headers": headers}


@pytest.fixture(scope="module")
def photograph(tmp_path_factory) -> Path:
    """Some fifteen megabytes of noise, so that a line has time to break."""
    path = tmp_path_factory.mktemp("pictures") / "noise.jpg"
    noise = Image.frombytes("RGB", (3000, 2000), os.urandom(3000 * 2000 * 3))
    noise.save(path, "JPEG", quality=95)
    return path


def assert_arrived(site: Site, photograph: Path, name: str) -> None:
    until = time.monotonic() + 60
    while (told := json.loads(shell(site, LOOK)))["state"] != "ready" and time.monotonic() < until:
        time.sleep(0.5)
    digest = hashlib.sha256(photograph.read_bytes()).hexdigest()
    assert told == {"name": name, "state": "ready", "sha256": digest}
    assert list((site.folder / "uploads").iterdir()) == []


@pytest.mark.node
@pytest.mark.skipif(NODE is None, reason="Node is not installed")
def test_tus_js_client_resumes_what_broke_off_in_the_middle(site, desk, photograph):
    asked = {**desk, "file": str(photograph), "name": "Meer & Möwen.jpg"}

    done = subprocess.run(
        [str(NODE), str(ROOT / "tests" / "interop" / "resume.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert 0 < told["resumedFrom"] < told["uploadSize"]
    assert_arrived(site, photograph, "Meer & Möwen.jpg")


def test_tuspy_resumes_with_checksums(site, desk, photograph):
    client = tuspy.TusClient(desk["endpoint"], headers=desk["headers"])
    named = {"filename": "sea.jpg"}
    chunks = {"chunk_size": 1_000_000, "upload_checksum": True, "metadata": named}
    with photograph.open("rb") as file:
        first = client.uploader(file_stream=file, **chunks)
        first.upload(stop_at=3_000_000)

    with photograph.open("rb") as file:
        second = client.uploader(file_stream=file, url=first.url, **chunks)
        resumed_from = second.offset
        second.upload()

    assert 0 < resumed_from < photograph.stat().st_size
    assert_arrived(site, photograph, "sea.jpg")


def test_of_a_piece_that_breaks_off_the_site_keeps_what_came(site, desk):
    client = tuspy.TusClient(desk["endpoint"], headers=desk["headers"])
    upload = client.uploader(
        file_stream=io.BytesIO(bytes(9_000_000)), metadata={"filename": "a.jpg"}
    )
    upload.url = upload.create_url()
    address = urlsplit(upload.url)
    told = {
        **desk["headers"],
        "Host": address.netloc,
        "Tus-Resumable": "1.0.0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": "9000000",
        "Upload-Offset": "0",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())

    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall(f"PATCH {address.path} HTTP/1.1\r\n{head}\r\n".encode() + bytes(1_234_567))

    until = time.monotonic() + 20
    while (kept := upload.get_offset()) == 0 and time.monotonic() < until:
        time.sleep(0.1)
    assert kept == 1_234_567
