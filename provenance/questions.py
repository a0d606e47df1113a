"""The eleven questions asked of a certificate; each says passed, failed or not checked, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from provenance import credentials
from provenance.canonical import JSONObject, check_subset
from provenance.errors import MalformedError, ProvenanceError
from provenance.keys import origins_of
from provenance.making import recompute
from provenance.policy import UnknownPolicyError
from provenance.standing import Inquiry, Standing, StatusLists, standing_of
from provenance.trust import KnownKey, Trust
from provenance.verdict import CertificateAnswer

CLOCK_SKEW = timedelta(seconds=300)


@dataclass(frozen=True)
class TagRead:
    """A tag that was read: its kind ("qr"), its random id, and whether the site bound it since."""

    kind: str
    id: str
    is_bound_since: bool = False


@dataclass(frozen=True)
class Finding:
    """What a question found: whether it holds, None when it could not be asked, and why."""

    holds: bool | None
    reason: str
    is_needed: bool = True
    answer: CertificateAnswer | None = None


@dataclass(frozen=True)
class Case:
    """The certificate on the table, and what is learnt of it once and used by several checks."""

    document: JSONObject
    trust: Trust
    lists: StatusLists
    now: datetime
    tag: TagRead | None

    @cached_property
    def issuer(self) -> str:
        """The DID of the issuer."""
        return credentials.issuer_of(self.document)

    @cached_property
    def issuer_key(self) -> KnownKey | None:
        """The key of the issuer's proof, the believed one if there are several."""
        keys = [
            self.trust.key_of(credentials.method_of(proof)) for proof in self.proofs_by(self.issuer)
        ]
        found = [key for key in keys if key]
        return next((key for key in found if key.is_trusted), found[0] if found else None)

    @cached_property
    def platform(self) -> Finding:
        """Whether the issuer's proof holds: what every other claim in the body rests on."""
        return ask(_platform_signed, self)

    def proofs_by(self, did: str) -> list[JSONObject]:
        """The proofs made with keys of one DID."""
        return [
            proof
            for proof in credentials.proofs_of(self.document)
            if credentials.controller_of(proof) == did
        ]

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """What the status lists say for each purpose."""
        is_trusted = self.issuer_key is not None and self.issuer_key.is_trusted
        inquiry = Inquiry(self.issuer, self.lists, self.trust, self.now, is_trusted)
        return {
            purpose: standing_of(self.document, purpose, inquiry)
            for purpose in credentials.PURPOSES
        }


# 1
def _well_formed(case: Case) -> Finding:
    document = case.document
    check_subset(document)
    if document.get("type") != [*credentials.CERTIFICATE_TYPES]:
        raise MalformedError("it is not a jewelry certificate")
    credentials.text_of(document, "issuer", "name")
    credentials.read_time(document.get("validFrom"))
    if not isinstance(document.get("credentialSubject"), dict):
        raise MalformedError("it does not say which piece it is about")
    statuses = document.get("credentialStatus")
    if not isinstance(statuses, list) or len(statuses) != len(credentials.PURPOSES):
        raise MalformedError("it does not name its three places in the status lists")
    credentials.proofs_of(document)
    return passed("It has the shape and the kinds of value that certificates have.")


# 2
def _means_ours(case: Case) -> Finding:
    for origin in origins_of(case.issuer):
        # Equal, not merely beginning so: anyone may append a context to a signed document.
        is_ours = case.document.get("@context") == [
            credentials.CREDENTIALS_V2,
            credentials.context_url(origin),
        ]
        if is_ours and credentials.text_of(case.document, "id").startswith(f"{origin}/c/"):
            return passed("Its words are explained by its issuer's own site, and nowhere else.")
    return failed("its words are not explained by its issuer's own site alone")


# 3
def _issuer_known(case: Case) -> Finding:
    key = case.issuer_key
    if case.trust.document_of(case.issuer):
        return passed("The issuer's published keys are held here.")
    if key is None:
        return not_checked("no key of this issuer is at hand")
    if key.is_trusted:
        return passed(f"The issuer's key is the one you trust, fingerprint {key.fingerprint}.")
    return not_checked(f"the key came with the file, fingerprint {key.fingerprint}")


# 4
def _platform_holds(case: Case) -> Finding:
    return case.platform


def _platform_signed(case: Case) -> Finding:
    maker = credentials.maker_of(case.document).get("id")
    for proof in credentials.proofs_of(case.document):
        if credentials.controller_of(proof) not in (case.issuer, maker):
            return failed("one proof is by neither the issuer nor the maker")
    proofs = case.proofs_by(case.issuer)
    if not proofs:
        return failed("no proof is by the issuer")
    return _held(case, proofs, "The issuer signed exactly these bytes")


# 5
def _maker_holds(case: Case) -> Finding:
    maker = credentials.maker_of(case.document)
    level, named, did = maker.get("keyLevel"), maker.get("key"), maker.get("id")
    if level not in ("recorded", "held", "own"):
        raise MalformedError("it does not say who holds the maker's key")
    proofs = case.proofs_by(did) if isinstance(did, str) and did != case.issuer else []
    if not proofs and level == "recorded":
        return not_checked("recorded by the platform for the maker", is_needed=False)
    if not proofs:
        return failed("the maker's own proof is missing")
    if any(credentials.method_of(proof) != named for proof in proofs):
        return failed("the maker's proof is by another key than the certificate names")
    finding = _held(case, proofs, "The maker signed exactly these bytes")
    if finding.holds and not case.platform.holds:
        # The body names the maker's key, so it must itself be vouched for first.
        return not_checked("the maker's key is named by a text whose issuer's proof is open")
    return finding


# 6
def _dates_make_sense(case: Case) -> Finding:
    latest, earliest = case.now + CLOCK_SKEW, case.now - CLOCK_SKEW
    if credentials.read_time(case.document.get("validFrom")) > latest:
        return failed("it is valid only from a later day")
    if (
        "validUntil" in case.document
        and credentials.read_time(case.document["validUntil"]) < earliest
    ):
        return failed("it was valid only until an earlier day")
    for proof in credentials.proofs_of(case.document):
        if credentials.read_time(proof.get("created")) > latest:
            return failed("it was signed in the future")
        if "expires" in proof and credentials.read_time(proof["expires"]) < earliest:
            return failed("a proof has expired")
    return passed("Nothing in it lies in the future or has run out.")


# 7
def _not_withdrawn(case: Case) -> Finding:
    withdrawn, newer = case.standings["revocation"], case.standings["refresh"]
    if withdrawn.is_set:
        return failed("it was withdrawn; this cannot be undone", CertificateAnswer.REVOKED)
    if withdrawn.is_set is None:
        return not_checked(withdrawn.reason)
    if newer.is_set is None:
        return not_checked(f"whether there is a newer one is not known: {newer.reason}")
    if newer.is_set:
        reason = "It was not withdrawn, but there is a newer certificate."
        return Finding(True, reason, answer=CertificateAnswer.SUPERSEDED)
    return passed(f"It was not withdrawn as of {_minute(withdrawn.as_of)}.")


# 8
def _not_suspended(case: Case) -> Finding:
    paused = case.standings["suspension"]
    if paused.is_set:
        return failed("it is suspended; its site tells why", CertificateAnswer.PAUSED)
    if paused.is_set is None:
        return not_checked(paused.reason)
    return passed(f"It was not suspended as of {_minute(paused.as_of)}.")


# 9
def _in_log(case: Case) -> Finding:
    published = case.trust.document_of(case.issuer)
    if published is None or published.log is None:
        return not_checked("this site keeps no public log yet", is_needed=False)
    return not_checked("this version cannot read the public log")


# 10
def _label_follows(case: Case) -> Finding:
    making = credentials.subject_of(case.document).get("making")
    if not isinstance(making, dict) or not making.get("steps"):
        return not_checked("this certificate holds no making record yet", is_needed=False)
    signed_at = credentials.read_time(case.document.get("validFrom"))
    try:
        found = recompute(credentials.subject_of(case.document), issued=signed_at)
    except UnknownPolicyError:
        return not_checked("its making policy is not known here")
    if found.agrees:
        return passed(f"The label follows from the record by policy {found.derivation.policy}.")
    return failed(f"the printed {', '.join(found.differences)} does not follow from the record")


# 11
def _tag_belongs(case: Case) -> Finding:
    tag = case.tag
    if tag is None:
        return not_checked("no tag was read", is_needed=False)
    if not tag.is_bound_since and not _names_tag(case.document, tag):
        return failed("the tag that was read is not recorded for this piece")
    if tag.kind == "qr":
        return passed("The code is recorded for this piece; codes can be copied.")
    return passed("The tag is recorded for this piece.")


QUESTIONS: tuple[tuple[str, Callable[[Case], Finding]], ...] = (
    ("The file is well formed", _well_formed),
    ("Its words have the meaning we publish", _means_ours),
    ("We know the issuer", _issuer_known),
    ("The platform’s signature holds", _platform_holds),
    ("The maker’s signature holds", _maker_holds),
    ("The dates make sense", _dates_make_sense),
    ("It is not withdrawn", _not_withdrawn),
    ("It is not suspended", _not_suspended),
    ("It is in the public log", _in_log),
    ("The making label follows from the record", _label_follows),
    ("This tag belongs to this piece", _tag_belongs),
)


def _held(case: Case, proofs: list[JSONObject], praise: str) -> Finding:
    """Judge proofs by one signer: first whether each holds, then whether its key may sign."""
    keys = [case.trust.key_of(credentials.method_of(proof)) for proof in proofs]
    for proof, key in zip(proofs, keys, strict=True):
        if key:
            credentials.verify_proof(case.document, proof, public_key=key.public_key)
        elif case.trust.document_of(credentials.controller_of(proof)):
            return failed("it is signed with a key that its signer does not publish")
    if not all(keys):
        return not_checked("the signer's key is not at hand")
    if not all(key.is_current for key in keys if key):
        return failed("its key was withdrawn since", CertificateAnswer.UNRELIABLE)
    return passed(f"{praise}.")


def ask(question: Callable[[Case], Finding], case: Case) -> Finding:
    """Ask one question; what cannot even be read has failed it."""
    try:
        return question(case)
    except ProvenanceError as problem:
        return failed(str(problem))


def passed(reason: str) -> Finding:
    """It holds."""
    return Finding(True, reason)


def failed(reason: str, answer: CertificateAnswer = CertificateAnswer.FAILED) -> Finding:
    """It does not hold, and so the certificate as a whole gets this answer."""
    return Finding(False, _sentence(reason), answer=answer)


def not_checked(reason: str, *, is_needed: bool = True) -> Finding:
    """It could not be asked."""
    return Finding(None, _sentence(reason), is_needed)


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:].rstrip(".") + "."


def _names_tag(document: JSONObject, tag: TagRead) -> bool:
    tags = credentials.subject_of(document).get("tags")
    return any(
        isinstance(named, dict) and (named.get("kind"), named.get("id")) == (tag.kind, tag.id)
        for named in (tags if isinstance(tags, list) else [])
    )


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown moment"
