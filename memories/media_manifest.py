"""Find a C2PA manifest in a file, and read what the C2PA library reports of it.

Everything in a report was written by a stranger. The readers are total: whatever its shape, the
answer is a value.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from memories.media_credentials import LONGEST_NAME, Credentials, State
from memories.media_source import AI, CAPTURED, read_term, strongest

# C2PA, "Use of JUMBF": a manifest store is a box whose description has this type. Its beginning
# lies in one piece in every kind of picture we open; its length stands twelve bytes before.
STORE = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
BEFORE_STORE = 12
CHUNK = 1024**2
MOST_BYTES = 8 * 1024**2
MOST_GENERATIONS = 32

SOUND = frozenset({"Valid", "Trusted"})
COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
UNREADABLE = "They cannot be read whole."
KEPT_ELSEWHERE = "They are kept on another server, which we do not ask."
TOO_LARGE = "They are larger than we open."
NO_READER = "This site has no reader for them."
REASONS = {
    "assertion.dataHash": "The picture was changed after it was signed.",
    "assertion.bmffHash": "The picture was changed after it was signed.",
    "assertion.boxesHash": "The picture was changed after it was signed.",
    "assertion.hashedURI": "A statement in them was changed after it was signed.",
    "assertion.missing": "A statement that was signed is missing from them.",
    "claimSignature.outsideValidity": "They were signed outside the time of the certificate.",
    "claimSignature": "Their signature does not fit.",
    "signingCredential.expired": "The certificate that signed them had run out.",
    "signingCredential": "The certificate that signed them cannot be used for this.",
    "ingredient": "What they say of an earlier picture does not fit.",
}

_EXIF_DAY = re.compile(r"^(\d{4}):(\d\d):(\d\d) ")


def find_manifest(file: BinaryIO) -> int | None:
    """How many bytes the manifest store in this file says it has; None for a file without one."""
    kept = bytes(BEFORE_STORE)
    while chunk := file.read(CHUNK):
        seen = kept + chunk
        at = seen.find(STORE)
        if at != -1:
            return int.from_bytes(seen[at - BEFORE_STORE : at - BEFORE_STORE + 4], "big")
        kept = seen[-(BEFORE_STORE + len(STORE)) :]
    return None


def read_report(report: object) -> Credentials:
    """Read the report of a manifest store (c2pa-rs, `Reader::json`) after `json.loads`.

    Sound are credentials whose signature, statements and picture fit each other; whether the
    signer is anybody we know is not asked. AI is believed wherever it is said, in the picture's
    own manifest or in that of anything that went into it.
    """
    store = _members(report)
    manifests = _members(store.get("manifests"))
    active = _members(manifests.get(_text(store.get("active_manifest"))))
    term = _source(active, manifests)
    moment = _captured_at(active) if term in CAPTURED else None
    sound = _text(store.get("validation_state")) in SOUND
    return Credentials(
        state=_state(sound=sound, captured=moment is not None),
        digital_source_type=term,
        captured_at=moment if sound else None,
        signer=_signer(active),
        generator=_generator(active),
        reason="" if sound else _reason(store),
    )


def _state(*, sound: bool, captured: bool) -> State:
    if not sound:
        return State.BROKEN
    return State.CAPTURE if captured else State.SIGNED


def _source(active: dict[str, object], manifests: dict[str, object]) -> str | None:
    line = list(_lineage(active, manifests))
    said = strongest(_terms(line))
    if said in AI:
        return said
    if strongest(_terms(manifests)) in AI:
        return COMPOSITE
    # A drawing that was laid over a photograph leaves it one: only its origin counts here.
    return strongest(term for manifest in line for term in _origin(manifest))


def _lineage(
    manifest: dict[str, object], manifests: dict[str, object]
) -> Iterator[dict[str, object]]:
    """The manifest, and those of the pictures it was before: a parent is the same picture."""
    for _ in range(MOST_GENERATIONS):
        yield manifest
        parents = (
            each
            for each in _each(manifest.get("ingredients"))
            if each.get("relationship") == "parentOf"
        )
        label = _text(next(parents, {}).get("active_manifest"))
        if label not in manifests:
            return
        manifest = _members(manifests[label])


def _terms(part: object) -> Iterator[str | None]:
    """Every term that stands under the name of the property, at any depth."""
    left = [part]
    while left:
        here = left.pop()
        if isinstance(here, list):
            left += here
        elif isinstance(here, dict):
            left += here.values()
            named = (key for key in here if key.lower().endswith("digitalsourcetype"))
            yield from (read_term(_text(here[key])) for key in named)


def _origin(manifest: dict[str, object]) -> Iterator[str | None]:
    yield from _terms(_created(manifest))
    for assertion in _each(manifest.get("assertions")):
        if not _is_actions(assertion):
            yield from _terms(assertion)


def _created(manifest: dict[str, object]) -> dict[str, object]:
    """The action by which the picture came about, or no members."""
    actions = (
        action
        for assertion in _each(manifest.get("assertions"))
        if _is_actions(assertion)
        for action in _each(_members(assertion.get("data")).get("actions"))
    )
    return next((each for each in actions if each.get("action") == "c2pa.created"), {})


def _is_actions(assertion: dict[str, object]) -> bool:
    return _text(assertion.get("label")).startswith("c2pa.actions")


def _captured_at(active: dict[str, object]) -> datetime | None:
    """When a camera took exactly this picture: an edited one is no capture, whatever it was."""
    if active.get("ingredients") or strongest(_origin(active)) not in CAPTURED:
        return None
    stated = _moment(_text(_created(active).get("when")))
    shutters = map(_shutter, _each(active.get("assertions")))
    return stated or next(filter(None, shutters), None)


def _shutter(assertion: dict[str, object]) -> datetime | None:
    """The date in an EXIF statement, where its zone stands beside it."""
    data = _members(assertion.get("data"))
    taken = _text(data.get("exif:DateTimeOriginal"))
    zone = _text(data.get("exif:OffsetTimeOriginal") or data.get("exifEX:OffsetTimeOriginal"))
    return _moment(taken) or _moment(_EXIF_DAY.sub(r"\1-\2-\3T", taken) + zone)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _signer(active: dict[str, object]) -> str:
    stated = _members(active.get("signature_info"))
    return _words(stated.get("common_name")) or _words(stated.get("issuer"))


def _generator(active: dict[str, object]) -> str:
    stated = next(iter(_each(active.get("claim_generator_info"))), {})
    named = f"{_words(stated.get('name'))} {_words(stated.get('version'))}".strip()
    return (named or _words(active.get("claim_generator")))[:LONGEST_NAME].strip()


def _reason(store: dict[str, object]) -> str:
    codes = [_text(each.get("code")) for each in _each(store.get("validation_status"))]
    fitting = (
        reason for code in codes for start, reason in REASONS.items() if code.startswith(start)
    )
    return next(fitting, UNREADABLE)


def _members(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _each(value: object) -> list[dict[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _words(value: object) -> str:
    """A stranger's words, short and without what would disturb the page around them."""
    shown = "".join(each for each in _text(value)[:1000] if each.isprintable())
    return shown.strip()[:LONGEST_NAME]
