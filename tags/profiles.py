"""Kinds of tags: what their chip mirrors into which address, and reading that address again."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tags.diversification import LONGEST_SYSTEM_ID, purpose_of
from tags.errors import BadProfileError, InvalidTapError, Refusal

SLOTS = frozenset(range(5))  # NT4H2421Gx section 8.2.4: the keys of the application
LONGEST_QUERY = 4096  # characters
MAC_HEX, UID_HEX, COUNTER_HEX, TAMPER_TEXT = 16, 14, 6, 2
FILE_BLOCK = 16  # bytes

_PARTS = ("mac", "picc", "uid", "counter", "file", "tamper")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PLAIN_TEXT = re.compile(r"[A-Za-z0-9._~=&-]*")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/-]+")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
# Whatever a messenger appends to a link; it is not read, but it must not repeat what is.
_REST = r"(?:&[!-~]*)?"
_DERIVED: Any = field(init=False, repr=False, compare=False)


class Crypto(StrEnum):
    """The cipher suite of a chip. A chip that was ever switched to LRP never goes back."""

    AES = "aes"
    LRP = "lrp"


class TapQuery(str):
    """A raw query that has the form of its profile: see `Shape` for where its parts stand."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<TapQuery>"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A kind of tag, written down as the address that its chip completes.

    `template` holds {picc}, or {uid} and {counter} in the clear; after them, if wanted, {file}
    for encrypted file data and {tamper} for the state of a seal in the clear; and {mac} at the
    end. `window` is what the MAC is over, copied from the template: the text right before {mac},
    from as far back as the host. `file_bytes` is the length of the file data, in blocks of 16;
    with `tamper_in_file` it begins with the state of the seal. Keys stand in the chip's slots 0
    to 4. With a `system_id` of 1 to 16 bytes each chip has a file key of its own (AN10922), made
    for the `purpose`; without, the master key is the file key of all of them.

    Raises BadProfileError when its tags could be copied or not be read back.

    >>> Profile(
    ...     name="ring",
    ...     crypto=Crypto.AES,
    ...     template="https://touchmark.example/s/ring?e={picc}&c={mac}",
    ... ).is_encrypted
    True
    """

    name: str
    crypto: Crypto
    template: str
    window: str = ""
    file_bytes: int = 0
    tamper_in_file: bool = False
    system_id: bytes | None = None
    meta_slot: int = 2
    file_slot: int = 1
    is_encrypted: bool = _DERIVED
    watches_seal: bool = _DERIVED
    purpose: bytes | None = _DERIVED
    shape: "Shape" = _DERIVED

    def __post_init__(self) -> None:
        _check_template(self)
        _check_window(self)
        _check_keys(self)
        # Reckoned once, as attributes: every tap asks for them.
        derived = {
            "is_encrypted": "{picc}" in self.template,
            "watches_seal": self.tamper_in_file or "{tamper}" in self.template,
            "purpose": self.system_id and purpose_of(self.file_slot, self.system_id),
            "shape": Shape.of(self),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def width(self, placeholder: str) -> int:
        """Characters that the chip writes in the place of `placeholder`."""
        widths = {
            "picc": 32 if self.crypto is Crypto.AES else 48,
            "uid": UID_HEX,
            "counter": COUNTER_HEX,
            "file": 2 * self.file_bytes,
            "tamper": TAMPER_TEXT,
            "mac": MAC_HEX,
        }
        return widths[placeholder]

    @property
    def window_length(self) -> int:
        """Characters that the MAC is over."""
        return len(_filled(self, self.window))

    def places(self) -> dict[str, slice]:
        """Where in the whole address each mirror stands."""
        return _places(self, self.template)

    def filled(self, **values: str) -> str:
        """The address with these values in the places of their names, zeros in the others."""
        return _PLACEHOLDER.sub(
            lambda found: values.get(found[1], "0" * self.width(found[1])), self.template
        )


@dataclass(frozen=True)
class Shape:
    """Where in the query of an address each part stands: its widths never vary."""

    pattern: re.Pattern[str]
    length: int
    names: frozenset[str]
    window_before: bytes
    window: slice
    mac: slice
    picc: slice
    uid: slice
    counter: slice
    file: slice
    tamper: slice

    @classmethod
    def of(cls, profile: Profile) -> "Shape":
        before, _, query = profile.template.partition("?")
        places = _places(profile, query)
        # The MAC is over the text before it; what of that lies before the query never varies.
        start = places["mac"].start - profile.window_length
        return cls(
            pattern=re.compile(_pattern(profile, query)),
            length=places["mac"].stop,
            names=frozenset(part.partition("=")[0] for part in query.split("&")),
            window_before=f"{before}?"[start:].encode() if start < 0 else b"",
            window=slice(max(start, 0), places["mac"].start),
            **{name: places.get(name, slice(0)) for name in _PARTS},
        )


def parse_tap(profile: Profile, query: str) -> TapQuery:
    """Read the raw query of an address, as it came, percent signs and all.

    The chip writes its parameters in one order, in upper-case hexadecimal digits of one length:
    anything else was not written by a chip. Parameters appended behind them are passed over
    unless they repeat one of its own. Raises InvalidTapError and nothing else.
    """
    if len(query) > LONGEST_QUERY:
        raise InvalidTapError(Refusal.TOO_LONG)
    shape = profile.shape
    if shape.pattern.fullmatch(query) is None:
        raise InvalidTapError(_refusal(profile, query))
    if len(query) > shape.length and _repeats(query[shape.length + 1 :], shape.names):
        raise InvalidTapError(Refusal.REPEATED)
    return TapQuery(query)


def _refusal(profile: Profile, query: str) -> Refusal:
    """What a query lacks that has the wrong form: at most two more looks at it."""
    if not profile.is_encrypted:
        _, _, template = profile.template.partition("?")
        for missing, refusal in (("counter", Refusal.NO_COUNTER), ("uid", Refusal.NO_UID)):
            kept = [each for each in template.split("&") if not each.endswith(f"={{{missing}}}")]
            if re.fullmatch(_pattern(profile, "&".join(kept)), query):
                return refusal
    return Refusal.MALFORMED


def _repeats(rest: str, names: frozenset[str]) -> bool:
    # A percent sign could hide one of our names from us and show it to another reader.
    return any(
        name in names or "%" in name
        for name in (each.partition("=")[0] for each in rest.split("&"))
    )


def _filled(profile: Profile, text: str) -> str:
    return _PLACEHOLDER.sub(lambda found: "0" * profile.width(found[1]), text)


def _places(profile: Profile, query: str) -> dict[str, slice]:
    places, end, at = {}, 0, 0
    for found in _PLACEHOLDER.finditer(query):
        at += found.start() - end
        places[found[1]] = slice(at, at + profile.width(found[1]))
        at, end = places[found[1]].stop, found.end()
    return places


def _pattern(profile: Profile, query: str) -> str:
    parts = _PLACEHOLDER.split(query)  # by turns text and placeholder
    texts, names = map(re.escape, parts[::2]), [*parts[1::2], None]
    return "".join(
        text + (_class(profile, name) if name else _REST)
        for text, name in zip(texts, names, strict=True)
    )


def _class(profile: Profile, name: str) -> str:
    letters = "A-Z" if name == "tamper" else "0-9A-F"
    return f"[{letters}]{{{profile.width(name)}}}"


def _check_template(profile: Profile) -> None:
    address, _, query = profile.template.partition("?")
    names = [found[1] for found in _PLACEHOLDER.finditer(profile.template)]
    if not _NAME.fullmatch(profile.name):
        raise BadProfileError("a profile is named by small letters, digits and hyphens")
    if not _ADDRESS.fullmatch(address) or not _PLAIN_TEXT.fullmatch(_PLACEHOLDER.sub("", query)):
        raise BadProfileError("the template is no plain http or https address with a query")
    if set(names) - set(_PARTS) or len(set(names)) < len(names):
        raise BadProfileError("the template names something unknown, or something twice")
    if not query.endswith("{mac}"):
        raise BadProfileError("the template ends with {mac}")
    if set(names) & {"picc", "uid", "counter"} not in ({"picc"}, {"uid", "counter"}):
        raise BadProfileError("the template holds {picc}, or {uid} and {counter}")
    if ("file" in names) != (profile.file_bytes > 0) or profile.file_bytes % FILE_BLOCK:
        raise BadProfileError("{file} goes with file data of whole blocks of 16 bytes")
    if profile.tamper_in_file and ("file" not in names or "tamper" in names):
        raise BadProfileError("the seal is told once: in the file data or in the clear")


def _check_window(profile: Profile) -> None:
    _, _, after_scheme = profile.template.partition("://")
    is_whole = not set("{}") & set(_PLACEHOLDER.sub("", profile.window))
    if not is_whole or not after_scheme.endswith(profile.window + "{mac}"):
        raise BadProfileError("the MAC window is the text of the template right before {mac}")
    for name in ("file", "tamper"):
        if f"{{{name}}}" in profile.template and f"{{{name}}}" not in profile.window:
            raise BadProfileError(f"{{{name}}} outside the MAC window could be altered unseen")


def _check_keys(profile: Profile) -> None:
    if not {profile.meta_slot, profile.file_slot} <= SLOTS:
        raise BadProfileError("a chip has key slots 0 to 4")
    if profile.system_id is not None and not 1 <= len(profile.system_id) <= LONGEST_SYSTEM_ID:
        raise BadProfileError("a system id has 1 to 16 bytes")
