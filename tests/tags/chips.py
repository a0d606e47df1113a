"""Chips made of Python, encoded with the keys of this site, and their rows."""

import secrets
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from provenance.models.piece import Piece
from tags import keyring
from tags.models.tag import Tag
from tags.virtual import VirtualTag
from tests.factories import make_certificate, make_chip

SITE = "https://touchmark.example"


class Chip(NamedTuple):
    """One chip in the hand, and what the site knows of it."""

    virtual: VirtualTag
    tag: Tag

    def tap(self) -> str:
        """The path and query that a phone opens after one more reading."""
        return path_of(self.virtual.tap())

    @property
    def page(self) -> str:
        return f"/p/{self.tag.piece.public_id}"


def path_of(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def encode(uid: bytes, *, profile: str = "ring", version: int | None = None) -> VirtualTag:
    """A chip with the keys of this profile, the newest ones unless a version is given."""
    kind = keyring.kind_called(profile)
    keys = kind.keys_of(version) if version else kind.versions[0]
    virtual = VirtualTag(uid=uid)
    virtual.encode(kind.profile, meta_key=keys.meta, master=keys.file)
    return virtual


def make_answering_chip(
    piece: Piece | None = None,
    *,
    profile: str = "ring",
    version: int | None = None,
    on_a_piece: bool = True,
    uid: bytes | None = None,
    **facts: Any,
) -> Chip:
    """A chip that answers: active on a signed ring, unless the facts say otherwise."""
    uid = uid or b"\x04" + secrets.token_bytes(6)
    if piece is None and on_a_piece:
        piece = make_certificate().piece
    row = {
        "uid_digest": keyring.uid_digest(uid),
        "profile": profile,
        "key_version": version or keyring.kind_called(profile).versions[0].version,
    }
    tag = make_chip(piece=piece, **({} if on_a_piece else {"state": "verified"}) | row | facts)
    return Chip(encode(uid, profile=profile, version=version), tag)
