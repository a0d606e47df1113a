"""What is signed or recorded stays: the database itself refuses to change it."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from provenance.models.certificate import (
    Actor,
    Certificate,
    CertificateFile,
    CertificateProof,
)
from provenance.models.keys import SigningKey
from provenance.models.log import Event
from provenance.services.revoke import revoke_certificate
from tests.factories import make_certificate

pytestmark = pytest.mark.django_db

RECORDED = {
    Event: {"kind": "piece.forgotten"},
    CertificateProof: {"proof": b"{}"},
    CertificateFile: {"content": b"{}"},
}
SIGNED = {
    "public_id": "another",
    "version": 7,
    "body": b"{}",
    "digest": bytes(32),
    "valid_from": timezone.now(),
    "status_index": 0,
}


def assert_refused(act):
    with pytest.raises(DatabaseError, match=r"append-only|is never"), transaction.atomic():
        act()


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_what_is_recorded_is_never_changed(model):
    make_certificate()
    rows = model.objects.all()
    before = list(rows.values())

    assert_refused(lambda: rows.update(**RECORDED[model]))

    assert list(rows.values()) == before


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_what_is_recorded_is_never_deleted(model):
    make_certificate()
    many = model.objects.count()

    # _raw_delete asks the database alone, past everything Django itself would refuse.
    assert_refused(lambda: model.objects.all()._raw_delete("default"))

    assert model.objects.count() == many > 0


@pytest.mark.parametrize("column", SIGNED)
def test_no_signed_column_of_a_certificate_changes(column):
    certificate = make_certificate()
    row = Certificate.objects.filter(pk=certificate.pk)

    assert_refused(lambda: row.update(**{column: SIGNED[column]}))

    assert row.values().get()[column] == vars(certificate)[column]


def test_a_certificate_is_never_deleted():
    certificate = make_certificate()

    assert_refused(lambda: Certificate.objects.filter(pk=certificate.pk)._raw_delete("default"))

    assert Certificate.objects.filter(pk=certificate.pk).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": None, "revoked_by": "", "revocation_reason": ""},
        {"revocation_reason": "a kinder story"},
        {"revoked_by": Actor.STAFF},
    ],
    ids=["undone", "reworded", "laid at another door"],
)
def test_a_revocation_stands_as_it_was_made(change):
    certificate = make_certificate()
    revoke_certificate(
        certificate=certificate,
        reason="The stone was set wrongly.",
        actor=Actor.MAKER,
        by=certificate.maker.user,
    )

    assert_refused(lambda: Certificate.objects.filter(pk=certificate.pk).update(**change))

    certificate.refresh_from_db()
    assert certificate.revocation_reason == "The stone was set wrongly."


def make_stolen_key() -> SigningKey:
    return SigningKey.objects.create(
        public_key=bytes([7]) * 32,
        level="platform",
        file="platform.pem",
        compromised_at=timezone.now(),
        compromise_recorded_at=timezone.now(),
        compromise_reason="A laptop was stolen.",
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"public_key": bytes(32)}, id="another key"),
        pytest.param({"level": "own"}, id="another level"),
        pytest.param({"compromise_reason": "It was found again."}, id="a kinder story"),
        pytest.param({"compromised_at": timezone.now()}, id="another moment"),
    ],
)
def test_what_is_on_record_of_a_key_is_never_changed(change):
    key = make_stolen_key()

    assert_refused(lambda: SigningKey.objects.filter(pk=key.pk).update(**change))

    assert SigningKey.objects.get(pk=key.pk).compromise_reason == "A laptop was stolen."


def test_a_published_key_is_never_deleted():
    key = make_stolen_key()

    assert_refused(lambda: SigningKey.objects.filter(pk=key.pk)._raw_delete("default"))

    assert SigningKey.objects.filter(pk=key.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_triggers_stand_again_after_a_flush():
    """Transactional tests empty the tables, which the triggers forbid: they are lifted for it."""
    make_certificate()

    assert_refused(lambda: Event.objects.update(kind="piece.forgotten"))
