"""Identity: a domain is asked for and dropped here, and staff decide what only people can check."""

import secrets

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from provenance.errors import ProvenanceError
from provenance.models.identity import DomainProof, DomainState
from provenance.models.maker import IdentityDecision, IdentityLevel, Maker
from provenance.services.events import record

# What people decide. I1 is proven by a look at the domain, and by nothing else.
DECIDED = (IdentityLevel.I0, IdentityLevel.I2, IdentityLevel.I3)


class LevelNotDecidedError(ProvenanceError):
    """A level that no person sets: it follows from a domain."""

    code = "level_not_decided"


class DomainAskedError(ProvenanceError):
    """The workshop has a domain on record already."""

    code = "domain_asked"


@transaction.atomic
def decide_identity(
    *, maker: Maker, level: str, reason: str, by: User, co_signer: str = ""
) -> Maker:
    """Staff set how well we know a maker, and say why; I0 takes back what they set before.

    Without a decision the level is what was proven: I1 with a domain, I0 without. I3 names who
    vouched. Raises LevelNotDecidedError for I1.
    """
    if level not in DECIDED:
        raise LevelNotDecidedError("level I1 follows from a domain and is not decided")
    locked = Maker.objects.select_for_update().get(pk=maker.pk)
    IdentityDecision.objects.create(
        maker=locked, level=level, reason=reason, by=by, co_signer=co_signer
    )
    stands = proven_level(locked) if level == IdentityLevel.I0 else level
    maker.identity_level = locked.identity_level = stands
    locked.save(update_fields=["identity_level"])
    facts = {"level": str(stands), "reason": reason}
    record(
        "maker.identified",
        by=by,
        maker=locked,
        facts=facts | ({"coSigner": co_signer} if co_signer else {}),
    )
    return maker


def proven_level(maker: Maker) -> IdentityLevel:
    """What stands without any decision of staff."""
    is_proven = DomainProof.objects.proven().filter(maker=maker).exists()
    return IdentityLevel.I1 if is_proven else IdentityLevel.I0


def co_signer_of(maker: Maker) -> str:
    """Who vouched for a maker of level I3; empty for every other."""
    if maker.identity_level != IdentityLevel.I3:
        return ""
    latest = maker.identity_decisions.filter(level=IdentityLevel.I3).order_by("-pk").first()
    return latest.co_signer if latest else ""


@transaction.atomic
def ask_domain(*, maker: Maker, domain: str, by: User) -> DomainProof:
    """Want a domain looked up; its token is drawn here. Raises DomainAskedError for a second."""
    try:
        with transaction.atomic():
            proof = DomainProof.objects.create(
                maker=maker, domain=domain, token=secrets.token_urlsafe(16)
            )
    except IntegrityError as problem:
        raise DomainAskedError("the workshop has a domain on record; drop it first") from problem
    record("domain.named", by=by, maker=maker, facts={"domain": domain})
    return proof


def look_again(*, proof: DomainProof) -> bool:
    """Have a domain looked up as soon as a worker is free; one in work is left alone.

    One that stands and was not found at the last look is looked at in its own time: asking would
    keep it for ever, or lose it within a short fault of a name server. Then False.
    """
    now = timezone.now()
    idle = DomainProof.objects.filter(pk=proof.pk, leased_until__isnull=True)
    if idle.filter(state=DomainState.PROVEN, attempts__gt=0).exists():
        return False
    idle.filter(state=DomainState.PROVEN).update(due_at=now)
    asked = idle.exclude(state=DomainState.PROVEN)
    asked.update(state=DomainState.WANTED, due_at=now, attempts=0)
    return True


@transaction.atomic
def drop_domain(*, proof: DomainProof, by: User) -> None:
    """Take a domain off the record; level I1 goes with it."""
    maker = Maker.objects.select_for_update().get(pk=proof.maker_id)
    if not DomainProof.objects.filter(pk=proof.pk).delete()[0]:
        return
    lower(maker)
    record("domain.dropped", by=by, maker=maker, facts={"domain": proof.domain})


def lower(maker: Maker) -> None:
    """Level I1 without its domain is I0; what staff decided stands."""
    Maker.objects.filter(pk=maker.pk, identity_level=IdentityLevel.I1).update(
        identity_level=IdentityLevel.I0
    )


def lift(maker: Maker) -> None:
    """Level I0 with a proven domain is I1; what staff decided stands."""
    Maker.objects.filter(pk=maker.pk, identity_level=IdentityLevel.I0).update(
        identity_level=IdentityLevel.I1
    )
