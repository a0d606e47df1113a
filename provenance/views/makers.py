"""A maker's public page: who they are, how well we know them, what they certified."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provenance import comparison, jewelry
from provenance.identity import key_in_use_words, level_meaning, level_words
from provenance.models.certificate import Certificate
from provenance.models.identity import DomainProof
from provenance.models.maker import Maker
from provenance.services.identity import co_signer_of
from provenance.services.maker_keys import key_in_use
from provenance.services.standing import headlines_of
from provenance.verdict import Headline, TagAnswer
from provenance.views.pictures import cover_of, picture_of
from provenance.wording import shop_name_notes

PER_PAGE = 24


@require_safe
def maker(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Maker.objects.select_related("domain_proof"), slug=slug)
    certificates = (
        Certificate.objects.current()
        .filter(maker=found)
        .select_related("piece", "status_batch")
        .prefetch_related("piece__photographs")
    )
    page = Paginator(certificates, PER_PAGE).get_page(request.GET.get("page"))
    spoken = headlines_of([*page], now=timezone.now())
    key = key_in_use(found)
    context = {
        "maker": found,
        "country": found.country,
        "level": level_words(found.identity_level, has_mark=bool(found.sponsors_mark)),
        "meaning": level_meaning(found.identity_level),
        "co_signer": co_signer_of(found),
        "proof": _proof_of(found),
        "has_claim": bool(shop_name_notes(f"{found.name}. {found.about}")),
        "key": key_in_use_words(key.level if key else "recorded"),
        "page": page,
        "pieces": [_shown(certificate, spoken[certificate.pk]) for certificate in page],
    }
    return render(request, "provenance/maker.html", context)


def _proof_of(found: Maker) -> DomainProof | None:
    """The domain, once it was proven; what was never proven is nobody's concern."""
    proof: DomainProof | None = getattr(found, "domain_proof", None)
    return proof if proof and proof.proven_at else None


def _shown(certificate: Certificate, spoken: Headline) -> dict[str, object]:
    piece = certificate.piece
    edition = jewelry.Edition(piece.edition_kind, piece.edition_number, piece.edition_of)
    return {
        "public_id": piece.public_id,
        "title": piece.title,
        "edition": comparison.edition_line(edition),
        "years": piece.years_line,
        "picture": picture_of(cover_of(piece.photographs.all()), piece.public_id),
        # No tag was read here, so where that is all there is to say, the certificate stands.
        "against": None if spoken.answer is TagAnswer.NOT_SCANNED else spoken,
    }
