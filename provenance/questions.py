"""The eleven questions asked of a certificate; each says passed, failed or not checked, and why."""

from collections.abc import Callable
from datetime import datetime

from provenance import credentials, identifiers
from provenance.alterations import recompute_whole
from provenance.canonical import JSONObject, check_subset
from provenance.case import Case, TagRead
from provenance.errors import MalformedError
from provenance.findings import (
    Finding,
    failed,
    minute_of,
    not_checked,
    passed,
    unreliable,
    withdrawn,
)
from provenance.keys import is_site, origins_of
from provenance.making import states_making
from provenance.making_label_words import label_phrase
from provenance.phrases import listed, say, term
from provenance.policy import UnknownPolicyError
from provenance.trust import KnownKey, spelled_out
from provenance.verdict import CertificateAnswer


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
    if not credentials.names_its_places(document):
        raise MalformedError("it does not name its three places in the status lists")
    credentials.proofs_of(document)
    return passed(say("It has the shape and the kinds of value that certificates have."))


# 2
def _means_ours(case: Case) -> Finding:
    if not is_site(case.issuer):
        # Somebody on the site has the site's origin, and a DID of their own.
        return failed(say("its issuer is not a site, but somebody on one"))
    for origin in origins_of(case.issuer):
        # Equal, not merely beginning so: anyone may append a context to a signed document.
        is_ours = case.document.get("@context") == [
            credentials.CREDENTIALS_V2,
            credentials.context_url(origin),
        ]
        place, _, name = credentials.text_of(case.document, "id").rpartition("/")
        if is_ours and place == f"{origin}/c" and identifiers.PATTERN.fullmatch(name):
            return passed(
                say("Its words are explained by its issuer's own site, and nowhere else.")
            )
    return failed(say("its words are not explained by its issuer's own site alone"))


# 3
def _issuer_known(case: Case) -> Finding:
    key = case.issuer_key
    if case.trust.document_of(case.issuer):
        return passed(say("The issuer's published keys are held here."))
    if key is None:
        return not_checked(say("no key of this issuer is at hand"))
    if key.fingerprint in case.trust.fingerprints:
        return passed(
            say(
                "The issuer's key is the one you trust, fingerprint %(fingerprint)s.",
                fingerprint=key.fingerprint,
            )
        )
    if key.is_trusted:
        return passed(say("The issuer's keys are vouched for by the one you trust."))
    return not_checked(
        say("the key came with the file, fingerprint %(fingerprint)s", fingerprint=key.fingerprint)
    )


# 4
def _platform_holds(case: Case) -> Finding:
    return case.platform


# 5
def _maker_holds(case: Case) -> Finding:
    maker = credentials.maker_of(case.document)
    level, named, did = maker.get("keyLevel"), maker.get("key"), maker.get("id")
    if level not in ("recorded", "held", "own"):
        raise MalformedError("it does not say who holds the maker's key")
    proofs = case.proofs_by(did) if isinstance(did, str) and did != case.issuer else []
    if not proofs and level == "recorded":
        return not_checked(say("recorded by the platform for the maker"), is_needed=False)
    if not proofs:
        return failed(say("the maker's own proof is missing"))
    if not isinstance(named, str):
        return failed(say("the certificate names no key of its maker"))
    finding = _maker_signed(case, proofs, named)
    if finding.holds and not case.platform.holds:
        # The body names the maker's key, so it must itself be vouched for first.
        return not_checked(say("the maker's key is named by a text whose issuer's proof is open"))
    return finding


def _maker_signed(case: Case, proofs: list[JSONObject], named: str) -> Finding:
    """Judge the maker's proofs by the key that the body names, or by one that followed it."""
    published = _published(case, named)
    for proof in proofs:
        if problem := _problem_with(case, proof, named, published):
            return problem
    if published is None or published.is_current:
        return passed(_maker_praise(case, published))
    if published.revoked is None:
        return failed(say("the maker's key was withdrawn since"), CertificateAnswer.UNRELIABLE)
    by_it = [proof for proof in proofs if credentials.method_of(proof) == named]
    return _maker_key_lost(case, by_it, published.revoked)


def _maker_praise(case: Case, published: KnownKey | None) -> str:
    if published or (case.issuer_key and case.issuer_key.is_trusted):
        return say("The maker signed exactly these bytes.")
    # The text that names the key for the maker's is itself vouched for by nobody yet.
    return say("The key that the file names as its maker's signed exactly these bytes.")


def _problem_with(
    case: Case, proof: JSONObject, named: str, published: KnownKey | None
) -> Finding | None:
    """What is wrong with one proof of the maker; BadProofError where it does not match."""
    method = credentials.method_of(proof)
    listed = _published(case, method)
    # Only once the named key is known to be stolen may another of the maker's stand in.
    is_successor = published and published.revoked and listed
    if method != named and not is_successor:
        return failed(say("the maker's proof is by another key than the certificate names"))
    key = spelled_out(method) or listed
    if key is None:
        return not_checked(say("the maker's key is not at hand"))
    credentials.verify_proof(case.document, proof, public_key=key.public_key)
    if method != named and listed and not listed.is_current:
        return withdrawn(listed)
    return None


def _published(case: Case, method: str) -> KnownKey | None:
    """A key as a believed document of the maker lists it."""
    key = case.believed.key_of(method)
    return key if key and key.is_trusted else None


def _maker_key_lost(case: Case, by_it: list[JSONObject], since: datetime) -> Finding:
    """The issuer's proof vouches for the date, so what was signed before the loss stays good.

    Between the body and the maker's own proof may lie hours: both must come before.
    """
    moments = [case.document.get("validFrom"), *(proof.get("created") for proof in by_it)]
    if max(map(credentials.read_time, moments)) < since:
        return passed(
            say(
                "The maker signed exactly these bytes, before the key that it names "
                "was reported stolen as of %(moment)s.",
                moment=minute_of(since),
            )
        )
    late = say(
        "it was signed after its maker's key was stolen, %(moment)s", moment=minute_of(since)
    )
    return unreliable(late, since)


# 6
def _dates_make_sense(case: Case) -> Finding:
    skew = credentials.CLOCK_SKEW
    latest, earliest = case.now + skew, case.now - skew
    if credentials.read_time(case.document.get("validFrom")) > latest:
        return failed(say("it is valid only from a later day"))
    if (
        "validUntil" in case.document
        and credentials.read_time(case.document["validUntil"]) < earliest
    ):
        return failed(say("it was valid only until an earlier day"))
    for proof in credentials.proofs_of(case.document):
        if credentials.read_time(proof.get("created")) > latest:
            return failed(say("it was signed in the future"))
        if "expires" in proof and credentials.read_time(proof["expires"]) < earliest:
            return failed(say("a proof has expired"))
    return passed(say("Nothing in it lies in the future or has run out."))


# 7
def _not_withdrawn(case: Case) -> Finding:
    withdrawn, newer = case.standings["revocation"], case.standings["refresh"]
    if withdrawn.is_set:
        told = say("it was withdrawn; this cannot be undone")
        return failed(_heard(case, told), CertificateAnswer.REVOKED)
    if withdrawn.is_set is None:
        return not_checked(withdrawn.reason)
    if newer.is_set is None:
        return not_checked(
            say("whether there is a newer one is not known: %(why)s", why=newer.reason)
        )
    if newer.is_set:
        told = say("It was not withdrawn, but there is a newer certificate.")
        return Finding(True, _heard(case, told), answer=CertificateAnswer.SUPERSEDED)
    told = say("It was not withdrawn as of %(moment)s.", moment=minute_of(withdrawn.as_of))
    return passed(_heard(case, told))


def _heard(case: Case, told: str) -> str:
    """What status lists tell, and who says so where nobody here knows who signed them."""
    if case.issuer_key and case.issuer_key.is_trusted:
        return told
    return say("By the lists that came with the file: %(told)s", told=told)


# 8
def _not_suspended(case: Case) -> Finding:
    paused = case.standings["suspension"]
    if paused.is_set:
        told = say("it is suspended; its site tells why")
        return failed(_heard(case, told), CertificateAnswer.PAUSED)
    if paused.is_set is None:
        return not_checked(paused.reason)
    told = say("It was not suspended as of %(moment)s.", moment=minute_of(paused.as_of))
    return passed(_heard(case, told))


# 9
def _in_log(case: Case) -> Finding:
    published = case.believed.documents_of(case.issuer)
    if all(document.log is None for document in published):
        return not_checked(say("this site keeps no public log yet"), is_needed=False)
    return not_checked(say("this version cannot read the public log"))


# 10
def _label_follows(case: Case) -> Finding:
    subject = credentials.subject_of(case.document)
    if not states_making(subject):
        return not_checked(say("this certificate holds no making record"), is_needed=False)
    signed_at = credentials.read_time(case.document.get("validFrom"))
    try:
        found = recompute_whole(subject, issued=signed_at)
    except UnknownPolicyError:
        return not_checked(say("its making policy is not known here"))
    if found.agrees:
        return passed(
            say(
                "By policy %(policy)s the record gives the same label: %(label)s.",
                policy=found.derivation.policy,
                label=label_phrase(found.derivation.label),
            )
        )
    wrong = listed(term(each, "printed") for each in found.differences)
    return failed(say("the printed %(members)s does not follow from the record", members=wrong))


# 11
def _tag_belongs(case: Case) -> Finding:
    tag = case.tag
    if tag is None:
        return not_checked(say("no tag was read"), is_needed=False)
    if not tag.is_bound_since and not _names_tag(case.document, tag):
        return failed(say("the tag that was read is not recorded for this piece"))
    if not tag.has_answered:
        return passed(say("The code is recorded for this piece; codes can be copied."))
    return passed(say("The chip that answered is recorded for this piece."))


QUESTIONS: tuple[tuple[str, Callable[[Case], Finding]], ...] = (
    (say("The file is well formed"), _well_formed),
    (say("Its words have the meaning we publish"), _means_ours),
    (say("We know the issuer"), _issuer_known),
    (say("The platform’s signature holds"), _platform_holds),
    (say("The maker’s signature holds"), _maker_holds),
    (say("The dates make sense"), _dates_make_sense),
    (say("It is not withdrawn"), _not_withdrawn),
    (say("It is not suspended"), _not_suspended),
    (say("It is in the public log"), _in_log),
    (say("The making label follows from the record"), _label_follows),
    (say("This tag belongs to this piece"), _tag_belongs),
)


def _names_tag(document: JSONObject, tag: TagRead) -> bool:
    tags = credentials.subject_of(document).get("tags")
    return any(
        isinstance(named, dict) and (named.get("kind"), named.get("id")) == (tag.kind, tag.id)
        for named in (tags if isinstance(tags, list) else [])
    )
