"""The certificate on the table: what is learnt of it once, and used by several of the questions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from provenance import credentials
from provenance.canonical import JSONObject
from provenance.errors import MalformedError, ProvenanceError, UnsoundKeyError
from provenance.findings import Finding, failed, not_checked, passed, reason_of, withdrawn
from provenance.phrases import say
from provenance.standing import Inquiry, Standing, StatusLists, standing_of
from provenance.trust import KnownKey, Trust


@dataclass(frozen=True)
class TagRead:
    """A tag that was read: its kind, its random id, and whether the site bound it since.

    `has_answered` says that a chip signed this reading; else its code was opened or typed.
    """

    kind: str
    id: str
    is_bound_since: bool = False
    has_answered: bool = False


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
    def believed(self) -> Trust:
        """What the verifier holds, and what a trusted key of the issuer has signed of the rest."""
        return self.trust.vouched_by(self.issuer, now=self.now)

    @cached_property
    def issuer_key(self) -> KnownKey | None:
        """The key of the issuer's proof, the believed one if there are several."""
        found = [key for proof in self.proofs_by(self.issuer) if (key := self._sound_key(proof))]
        return next((key for key in found if key.is_trusted), found[0] if found else None)

    def _sound_key(self, proof: JSONObject) -> KnownKey | None:
        try:
            return self.believed.key_of(credentials.method_of(proof))
        except UnsoundKeyError:
            return None  # the fourth check says what is wrong with it

    @cached_property
    def platform(self) -> Finding:
        """Whether the issuer's proof holds: what every other claim in the body rests on."""
        return ask(_platform_signed, self)

    def proofs_by(self, did: str) -> list[JSONObject]:
        """The proofs made with keys of one DID; none where it carries no proof at all."""
        try:
            carried = credentials.proofs_of(self.document)
        except MalformedError:
            return []
        return [proof for proof in carried if credentials.controller_of(proof) == did]

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """What the status lists say for each purpose."""
        key = self.issuer_key
        certified_by = key.public_key if key and not key.is_trusted else None
        inquiry = Inquiry(self.issuer, self.lists, self.believed, self.now, certified_by)
        return {
            purpose: standing_of(self.document, purpose, inquiry)
            for purpose in credentials.PURPOSES
        }


def ask(question: Callable[[Case], Finding], case: Case) -> Finding:
    """Ask one question; what cannot even be read has failed it."""
    try:
        return question(case)
    except ProvenanceError as problem:
        return failed(reason_of(problem))


def _platform_signed(case: Case) -> Finding:
    maker = credentials.maker_of(case.document).get("id")
    for proof in credentials.proofs_of(case.document):
        if credentials.controller_of(proof) not in (case.issuer, maker):
            return failed(say("one proof is by neither the issuer nor the maker"))
    proofs = case.proofs_by(case.issuer)
    if not proofs:
        return failed(say("no proof is by the issuer"))
    return _held(case, proofs)


def _held(case: Case, proofs: list[JSONObject]) -> Finding:
    """Judge proofs by one signer: first whether each holds, then whether its key may sign."""
    keys = [case.believed.key_of(credentials.method_of(proof)) for proof in proofs]
    for proof, key in zip(proofs, keys, strict=True):
        if key:
            credentials.verify_proof(case.document, proof, public_key=key.public_key)
        elif case.believed.document_of(credentials.controller_of(proof)):
            return failed(say("it is signed with a key that its signer does not publish"))
    known = [key for key in keys if key]
    if len(known) < len(keys):
        return not_checked(say("the signer's key is not at hand"))
    # Whoever has the key can write any date, so an early one helps nothing: the honest ones were
    # signed again with another key.
    lost = sorted(
        (key for key in known if not key.is_current),
        key=lambda key: (key.revoked is None, key.revoked),
    )
    if lost:
        return withdrawn(lost[0])
    trusted = {key.is_trusted for key in known}
    if len(trusted) > 1:
        return not_checked(say("one of the issuer's proofs is by a key not known here"))
    if trusted == {False}:
        return passed(say("The key that came with the file signed exactly these bytes."))
    return passed(say("The issuer signed exactly these bytes."))
