"""Whether a certificate still stands, as far as the status lists at hand can tell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from provenance.canonical import JSONObject, parse_object
from provenance.credentials import (
    CLOCK_SKEW,
    controller_of,
    issuer_of,
    method_of,
    proofs_of,
    read_time,
    subject_of,
    verify_proof,
)
from provenance.errors import BadStatusListError, ProvenanceError
from provenance.phrases import say, term
from provenance.statuslist import decode_list, is_set
from provenance.trust import KnownKey, Trust

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")

StatusLists = Mapping[str, bytes | JSONObject]


@dataclass(frozen=True)
class Standing:
    """One bit: set, clear, or None when it could not be learnt, with the reason; and its age."""

    is_set: bool | None
    reason: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True)
class Inquiry:
    """Who asks about whose certificate, and when.

    `certified_by` is the key of the certificate's own proof where nobody here believes it: then a
    list under the same key is as good as the certificate. Else only a believed key may answer.
    """

    issuer: str
    lists: StatusLists
    trust: Trust
    now: datetime
    certified_by: bytes | None

    def takes(self, key: KnownKey) -> bool:
        """Whether a list that this key signed counts."""
        return key.is_current and (key.is_trusted or key.public_key == self.certified_by)


def standing_of(document: JSONObject, purpose: str, inquiry: Inquiry) -> Standing:
    """Look up one purpose of a certificate (Bitstring Status List 1.0 section 3.2).

    Never raises for anything in the lists: what cannot be read or believed is not known.
    """
    try:
        entry = _entry_of(document, purpose)
        url, index = _place(entry)
        listed = _list_at(url, inquiry)
        _check_list(listed, url, purpose, inquiry)
        as_of = read_time(listed.get("validFrom"))
        if late := _too_old_or_new(listed, as_of, inquiry.now):
            return Standing(None, late, as_of)
        return Standing(is_set(decode_list(_encoded(listed)), index), as_of=as_of)
    except ProvenanceError as problem:
        return Standing(None, term(str(problem), "error"))


def _entry_of(document: JSONObject, purpose: str) -> JSONObject:
    entries = document.get("credentialStatus")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("statusPurpose") == purpose:
            return entry
    raise BadStatusListError(f"the certificate names no status list for {purpose}")


def _place(entry: JSONObject) -> tuple[str, int]:
    url, index = entry.get("statusListCredential"), entry.get("statusListIndex")
    if not isinstance(url, str) or not isinstance(index, str) or not _INDEX.fullmatch(index):
        raise BadStatusListError("the certificate does not say where its status stands")
    size = entry.get("statusSize", 1)
    if type(size) is not int or size != 1:
        raise BadStatusListError("the status has more than one bit, which nobody here publishes")
    return url, int(index)


def _list_at(url: str, inquiry: Inquiry) -> JSONObject:
    listed = inquiry.lists.get(url)
    if listed is None:
        raise BadStatusListError("its status list is not at hand")
    return parse_object(listed) if isinstance(listed, bytes) else listed


def _check_list(listed: JSONObject, url: str, purpose: str, inquiry: Inquiry) -> None:
    subject, types = subject_of(listed), listed.get("type")
    if not isinstance(types, list) or "BitstringStatusListCredential" not in types:
        raise BadStatusListError("what stands there is not a status list")
    if subject.get("type") != "BitstringStatusList":
        raise BadStatusListError("what stands there is not a status list")
    if listed.get("id") != url or issuer_of(listed) != inquiry.issuer:
        raise BadStatusListError("the status list is of another issuer or another place")
    if subject.get("statusPurpose") != purpose:
        raise BadStatusListError("the status list was published for another purpose")
    _check_list_proofs(listed, inquiry)


def _check_list_proofs(listed: JSONObject, inquiry: Inquiry) -> None:
    for proof in proofs_of(listed):
        if controller_of(proof) != inquiry.issuer:
            raise BadStatusListError("the status list is signed by somebody else")
        key = inquiry.trust.key_of(method_of(proof))
        if key is None or not inquiry.takes(key):
            raise BadStatusListError("the status list is signed with a key not known here")
        verify_proof(listed, proof, public_key=key.public_key)


def _too_old_or_new(listed: JSONObject, published: datetime, now: datetime) -> str | None:
    if published > now + CLOCK_SKEW:
        return say("the status list was published later than the moment asked about")
    if read_time(listed.get("validUntil")) < now:
        moment = f"{published:%Y-%m-%d %H:%M} UTC"
        return say("its status is known only as of %(moment)s", moment=moment)
    return None


def _encoded(listed: JSONObject) -> str:
    encoded = subject_of(listed).get("encodedList")
    if not isinstance(encoded, str):
        raise BadStatusListError("the status list holds no bits")
    return encoded
