"""Signing again: honest certificates of a stolen key get a new proof, and keep all they said."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from provenance import keys
from provenance.canonical import JSON, JSONObject, canonical_bytes, parse_object
from provenance.credentials import create_proof, method_of, read_time, subject_of
from provenance.errors import BadProofError, MalformedError, ProvenanceError
from provenance.identifiers import PATTERN
from provenance.models.authorisation import Act, Authorisation
from provenance.models.certificate import (
    Certificate,
    CertificateFile,
    CertificateProof,
    CertificateQuerySet,
    ProofKind,
)
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.maker import Maker
from provenance.services import authorise, events, keyring, maker_keys, platform
from provenance.services.proofs import file_row, proof_row, served_without

# A durable commit takes milliseconds and a proof takes microseconds, so many share a commit.
BATCH = 500
# How far the clock of a maker's machine may be off.
SKEW = timedelta(seconds=300)


class ListChangedError(ProvenanceError):
    """What a maker's key is to sign again is not what was looked at."""

    code = "sign_again_changed"


class NotToSignAgainError(ProvenanceError):
    """A certificate is brought signed again that our records do not show to be from before."""

    code = "not_to_sign_again"


@dataclass(frozen=True)
class Waiting:
    """A certificate that waits for its maker's new key, by the name it was signed with."""

    title: str
    public_id: str
    signed_at: datetime


@dataclass(frozen=True)
class Told:
    """What the record tells of signing again: by which key, who did it, which passkey let them."""

    method: str
    by: User | None = None
    allowed: Authorisation | None = None

    def act(self, certificate: Certificate) -> events.Act:
        facts = {"certificate": certificate.public_id, "key": self.method}
        if self.allowed:
            facts["authorisation"] = self.allowed.public_id
        return events.Act(certificate.maker, certificate.piece, facts, bytes(certificate.digest))


def waiting() -> CertificateQuerySet:
    """Honest certificates that are served with no platform proof but of stolen keys.

    Served is the newest file. Honest is what our own records show to be older than the theft: the
    body bears an earlier date, and we wrote its first proof down before it.
    """
    sound, lost = _methods(stolen=False), _stolen()
    proofs = CertificateProof.objects.filter(certificate=OuterRef("pk"), kind=ProofKind.PLATFORM)
    honest = Q(pk__in=[])
    for key in lost:
        by_it = proofs.filter(verification_method=keyring.method_of(key))
        early = proofs.filter(created_at__lt=key.compromised_at)
        honest |= Q(Exists(by_it), Exists(early), valid_from__lt=key.compromised_at)
    found: CertificateQuerySet = Certificate.objects.filter(honest)
    return served_without(found, sound)


def reproof(*, batch: int = BATCH) -> Iterator[int]:
    """Sign all of them again, a batch to a commit; tells after each how many it signed.

    Whoever stops it loses nothing: another run passes over what is done, and so does one that
    runs beside it.
    """
    last = 0
    while True:
        with transaction.atomic():
            signer = platform.issuing_signer()
            held = _hold(waiting().filter(pk__gt=last), batch)
            found = _next(waiting().filter(pk__in=held), batch)
            now = timezone.now().replace(microsecond=0)
            told = Told(method=signer.verification_method)
            _put_beside(
                _signed(found, signer, now=now), kind=ProofKind.PLATFORM, told=told, now=now
            )
        if not held:
            return
        last = held[-1]
        if found:
            yield len(found)


def waiting_for_maker(maker: Maker) -> CertificateQuerySet:
    """A maker's certificates from before a theft, served without a proof by her key of today."""
    key = maker_keys.key_in_use(maker)
    none: CertificateQuerySet = Certificate.objects.none()
    if key is None:
        return none
    return served_without(_honest_of(maker), [keyring.method_of(key)])


def _honest_of(maker: Maker) -> CertificateQuerySet:
    """What our own records show to be older than the theft of the key that signed it.

    The body is dated and its proof was written down before: a body may wait a day for a proof
    that is made elsewhere, and whoever holds the key writes any date into the proof.
    """
    honest = Q(pk__in=[])
    for lost in SigningKey.objects.filter(maker=maker, compromised_at__isnull=False):
        early = _makers_proofs().filter(
            verification_method=keyring.method_of(lost), created_at__lt=lost.compromised_at
        )
        honest |= Q(Exists(early), valid_from__lt=lost.compromised_at)
    found: CertificateQuerySet = Certificate.objects.filter(honest, maker=maker)
    return found


def _makers_proofs() -> QuerySet[CertificateProof]:
    return CertificateProof.objects.filter(certificate=OuterRef("pk"), kind=ProofKind.MAKER)


def what_is_signed_again(maker: Maker) -> str:
    """Names the maker's key of today and all that it is to stand beside, as 64 hex digits.

    What it stands beside by now is among it, so that the name stays until the last is signed.
    """
    key = maker_keys.key_in_use(maker)
    if key is None:
        return ""
    digests = _honest_of(maker).order_by("pk").values_list("digest", flat=True)
    listed: list[JSON] = [bytes(digest).hex() for digest in digests]
    return hashlib.sha256(
        canonical_bytes({"key": keyring.method_of(key), "signAgain": listed})
    ).hexdigest()


def list_for_maker(maker: Maker, *, limit: int = BATCH) -> list[Waiting]:
    """The next that her key is to sign again, as her page lists them."""
    return [
        Waiting(
            title=str(subject_of(parse_object(bytes(each.body))).get("name")),
            public_id=each.public_id,
            signed_at=each.valid_from,
        )
        for each in _next(waiting_for_maker(maker), limit)
    ]


@transaction.atomic
def reproof_for_maker(
    *, maker: Maker, signer: keys.Signer, shown: str, by: User, limit: int = BATCH
) -> int:
    """Sign the next of a maker's certificates with her new key, opened here; tells how many.

    1. The key is hers and in use; who else signs, or reports its theft, waits for this piece.
    2. What is signed is what was shown: `shown` is `what_is_signed_again` of it.
    3. Who has a passkey allowed it, once for all the pieces; the record names the answer.

    Raises MakerKeyLockedError, ListChangedError and NotAuthorisedError.
    """
    now = timezone.now().replace(microsecond=0)
    # 1.
    key = maker_keys.hold_key_in_use(maker)
    if key is None or signer.public_key != bytes(key.public_key):
        raise maker_keys.MakerKeyLockedError("the workshop's key must be opened to sign")
    # 2.
    if shown != what_is_signed_again(maker):
        raise ListChangedError("this list was changed meanwhile; look at it again")
    held = _hold(waiting_for_maker(maker), limit)
    found = _next(waiting_for_maker(maker).filter(pk__in=held), limit)
    if not found:
        return 0
    # 3.
    digest = bytes.fromhex(shown)
    allowed = authorise.allow_pieces(by=by, act=Act.SIGN_BATCH, digest=digest, now=now)
    made = _signed(found, signer, now=now)
    told = Told(method=signer.verification_method, by=by, allowed=allowed)
    _put_beside(made, kind=ProofKind.MAKER, told=told, now=now)
    return len(found)


def sheet_for_maker(maker: Maker, *, limit: int = BATCH) -> bytes:
    """What a maker's own key is to sign again, for `python -m provenance sign-again`.

    A line each: `{"document": <the certificate without proofs>, "key": <the proof's method>}`.
    """
    key = maker_keys.key_in_use(maker)
    if key is None:
        return b""
    told = [
        canonical_bytes({"document": parse_object(bytes(each.body)), "key": keyring.method_of(key)})
        + b"\n"
        for each in _next(waiting_for_maker(maker), limit)
    ]
    return b"".join(told)


@transaction.atomic
def take_own_proofs(*, maker: Maker, sheet: bytes) -> int:
    """Put the proofs that a maker's own key made beside the certificates; tells how many.

    All or none. One that is here already is passed over, so that a sheet may be sent twice.
    Raises BadProofError or MalformedError for the first line that does not fit, with its number,
    NotToSignAgainError for certificates that no theft concerns or that one makes doubtful, by
    their names, and NoKeyInUseError for a workshop without a key of its own.
    """
    key = maker_keys.hold_key_in_use(maker)
    if key is None or key.level != KeyLevel.OWN:
        raise maker_keys.NoKeyInUseError("this workshop has no key of its own")
    proofs = _proofs_in(sheet)
    certificates = Certificate.objects.filter(maker=maker, public_id__in=proofs)
    if certificates.count() != len(proofs):
        raise MalformedError("a line names a certificate that is none of this workshop's")
    _check_all_older(certificates, _honest_of(maker))
    now = timezone.now().replace(microsecond=0)
    held = _hold(waiting_for_maker(maker).filter(public_id__in=proofs), BATCH)
    found = _next(waiting_for_maker(maker).filter(pk__in=held), BATCH)
    made = [(each, proofs[each.public_id]) for each in found]
    for certificate, proof in made:
        _check_own(certificate, proof, key, now=now)
    _put_beside(made, kind=ProofKind.MAKER, told=Told(method=keyring.method_of(key)), now=now)
    return len(made)


def _check_all_older(named: CertificateQuerySet, honest: CertificateQuerySet) -> None:
    others = named.exclude(pk__in=honest.values("pk")).order_by("pk")
    if told := ", ".join(others.values_list("public_id", flat=True)):
        raise NotToSignAgainError(
            f"our records do not show that this was signed before a theft, so it is not to be "
            f"signed again; take its line out of the sheet: {told}"
        )


def _proofs_in(sheet: bytes) -> dict[str, JSONObject]:
    """The proofs of a sheet by the public id of their certificates."""
    lines = sheet.splitlines()
    if not 0 < len(lines) <= BATCH:
        raise MalformedError(f"a sheet holds 1 to {BATCH} lines")
    return dict(_proof_in(line, number) for number, line in enumerate(lines, 1))


def _proof_in(line: bytes, number: int) -> tuple[str, JSONObject]:
    try:
        told = parse_object(line, limit=maker_keys.LARGEST_PROOF)
        ident, proof = told.get("id"), told.get("proof")
        if not isinstance(ident, str) or not isinstance(proof, dict):
            raise MalformedError("it holds no certificate's id with its proof")
        public_id = ident.rpartition("/")[2]
        if not PATTERN.fullmatch(public_id):
            raise MalformedError("its id is no certificate's")
        return public_id, maker_keys.read_proof(canonical_bytes(proof))
    except ProvenanceError as problem:
        raise MalformedError(f"line {number}: {problem}") from problem


def _check_own(
    certificate: Certificate, proof: JSONObject, key: SigningKey, *, now: datetime
) -> None:
    document = parse_object(bytes(certificate.body))
    try:
        if method_of(proof) != keyring.method_of(key):
            raise BadProofError("it is by another key than the one in use")
        if not key.created_at - SKEW <= read_time(proof.get("created")) <= now + SKEW:
            raise BadProofError("its moment is not between the key's first day and now")
        maker_keys.check_own_proof(document, proof, bytes(key.public_key))
    except ProvenanceError as problem:
        raise BadProofError(f"the proof of {certificate.public_id}: {problem}") from problem


def _hold(certificates: CertificateQuerySet, limit: int) -> list[int]:
    """Hold the rows of the next ones: whoever else signs them again waits for this transaction.

    What is done to them by whoever was first is seen by a query that follows, not by this one.
    """
    ordered = certificates.order_by("pk").select_for_update(no_key=True)
    return list(ordered.values_list("pk", flat=True)[:limit])


def _next(certificates: CertificateQuerySet, limit: int) -> list[Certificate]:
    ordered = certificates.order_by("pk").select_related("piece", "maker")
    return list(ordered.prefetch_related("proofs")[:limit])


def _signed(
    found: Iterable[Certificate], signer: keys.Signer, *, now: datetime
) -> list[tuple[Certificate, JSONObject]]:
    return [
        (each, create_proof(parse_object(bytes(each.body)), signer=signer, created=now))
        for each in found
    ]


def _put_beside(
    made: Sequence[tuple[Certificate, JSONObject]], *, kind: ProofKind, told: Told, now: datetime
) -> None:
    """Each certificate gets its new proof, and a file of it with the newest of the other kind."""
    proofs: list[CertificateProof] = []
    files: list[CertificateFile] = []
    for certificate, proof in made:
        document = parse_object(bytes(certificate.body))
        proofs.append(proof_row(certificate, proof, now))
        others = _newest(certificate.proofs.all(), but=kind)
        files.append(file_row(certificate, document, _in_order(proof, others, kind), now))
    CertificateProof.objects.bulk_create(proofs)
    CertificateFile.objects.bulk_create(files)
    acts = [told.act(certificate) for certificate, _ in made]
    events.record_all("certificate.reproofed", acts, by=told.by, at=now)


def _newest(proofs: Iterable[CertificateProof], *, but: ProofKind) -> list[JSONObject]:
    """The newest proof of the other kind, which is kept as it is."""
    others = [proof for proof in proofs if proof.kind != but]
    newest = max(others, key=lambda proof: proof.pk, default=None)
    return [parse_object(bytes(newest.proof))] if newest else []


def _in_order(proof: JSONObject, others: list[JSONObject], kind: ProofKind) -> list[JSONObject]:
    return [proof, *others] if kind == ProofKind.PLATFORM else [*others, proof]


def _stolen() -> Iterable[SigningKey]:
    return SigningKey.objects.of_platform().filter(compromised_at__isnull=False)


def _methods(*, stolen: bool) -> list[str]:
    known = SigningKey.objects.of_platform().filter(compromised_at__isnull=not stolen)
    return [keyring.method_of(key) for key in known]
