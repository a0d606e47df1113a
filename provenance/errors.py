"""Everything that can go wrong in provenance, each with a code that never changes."""

from typing import ClassVar


class ProvenanceError(Exception):
    """The root of the family: one stable `code`, one sentence as its message."""

    code: ClassVar[str] = "provenance_error"


class MalformedError(ProvenanceError):
    """What came in is not the shape it claims to be."""

    code = "malformed"


class OutOfSubsetError(ProvenanceError):
    """It is JSON, but of a kind that two programs could read differently."""

    code = "out_of_subset"


class TooLargeError(ProvenanceError):
    """It is bigger or deeper than anything we publish."""

    code = "too_large"


class BadKeyError(ProvenanceError):
    """A key that must not be used: wrong length, weak point, or a file others can read."""

    code = "bad_key"


class UnsoundKeyError(BadKeyError):
    """The bytes of a public key under which signatures prove nothing, or that are no key at all."""


class KeyLockedError(ProvenanceError):
    """The key file does not open with this passphrase."""

    code = "key_locked"


class KeyExistsError(ProvenanceError):
    """There is a key file already, and keys are never overwritten."""

    code = "key_exists"


class BadProofError(ProvenanceError):
    """A proof that does not hold for this document and this key."""

    code = "bad_proof"


class BadStatusListError(ProvenanceError):
    """A status list that cannot answer the question asked of it."""

    code = "bad_status_list"
