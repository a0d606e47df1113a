"""The record for search engines in the words of schema.org: what a certificate says and no more."""

import json
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from provenance import comparison, jewelry, jewelry_words
from provenance.canonical import JSONObject
from provenance.credentials import subject_of, text_of
from provenance.making_told import MakingTold
from provenance.models.piece import Photograph
from provenance.statement import GRAM
from provenance.subject import is_demonstration, maker_of, piece_of
from provenance.verdict import CertificateAnswer
from provenance.views.pictures import for_machines

_PER_THOUSAND = "NX"  # UN/ECE Recommendation 20
_NOT_THERE = "A demonstration: this piece does not exist."
_UNSAFE_IN_A_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def linked_data(
    body: JSONObject,
    making: MakingTold,
    photographs: Iterable[Photograph],
    *,
    answer: CertificateAnswer,
) -> str:
    """The piece that a certificate describes, safe to stand inside a script element.

    "" unless the certificate is current: a machine reads no ribbon above it.
    """
    if answer is not CertificateAnswer.CURRENT:
        return ""
    facts = piece_of(subject_of(body))
    signed = {each.sha256 for each in facts.photographs}
    data = _product(body, facts)
    data["image"] = for_machines(
        [each for each in photographs if each.sha256 in signed], str(data["@id"])
    )
    data["additionalProperty"] = [*_beside(subject_of(body), facts), *_derived(making)]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return SafeString(text.translate(_UNSAFE_IN_A_SCRIPT))


def _product(body: JSONObject, facts: jewelry.Piece) -> dict[str, object]:
    subject = subject_of(body)
    maker, page = maker_of(subject), text_of(subject, "id")
    told = [_NOT_THERE] if is_demonstration(subject) else []
    product: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "IndividualProduct",
        "@id": page,
        "url": page,
        "identifier": text_of(body, "id"),
        "name": facts.title,
        "category": facts.kind,
        "description": " ".join([*told, jewelry_words.printed_line(facts)]),
        "material": comparison.metals_line(facts),
        "productionDate": comparison.years_for_machines(facts),
        "weight": {
            "@type": "QuantitativeValue",
            "value": jewelry.plain(facts.mass),
            "unitCode": GRAM,
        },
        "manufacturer": {
            "@type": "Organization",
            "name": maker.name,
            "identifier": maker.did,
        },
    }
    numbers = {"sku": facts.sku, "gtin": facts.gtin, "serialNumber": facts.serial}
    return product | {name: number for name, number in numbers.items() if number}


def _beside(subject: JSONObject, facts: jewelry.Piece) -> Iterator[dict[str, object]]:
    """What schema.org has no terms for, under the names it has on the page."""
    if is_demonstration(subject):
        yield _property("Demonstration", value=True, description=_NOT_THERE)
    for part in facts.parts:
        if part.fineness is not None:
            name = f"Fineness of the {part.name or part.ident.replace('-', ' ')}"
            metal = jewelry_words.metal_line(part)
            yield _property(name, value=part.fineness, unitCode=_PER_THOUSAND, description=metal)


def _derived(making: MakingTold) -> Sequence[dict[str, object]]:
    if not (making.is_proven and making.grade):
        return []
    rules = settings.SITE_URL + reverse("provenance:policy", args=[making.policy])
    grade = making.grade
    return [
        _property("Making label", value=making.says),
        _property("Evidence grade", value=grade.grade, description=grade.means),
        _property("Making policy", value=making.policy, url=rules),
    ]


def _property(name: str, **told: object) -> dict[str, object]:
    return {"@type": "PropertyValue", "name": name, **told}
