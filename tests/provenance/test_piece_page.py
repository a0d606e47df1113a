"""The piece page: what a visitor without a tag may read of a record, and what stays closed."""

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from provenance.models.certificate import Certificate
from provenance.models.piece import Photograph, Piece
from provenance.services.revoke import revoke_certificate
from tests.factories import (
    make_certificate,
    make_custody,
    make_draft,
    make_otto,
    make_photograph,
    make_user,
)

pytestmark = pytest.mark.django_db


def open_page(client: Client, piece: Piece) -> str:
    answer = client.get(f"/p/{piece.public_id}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_record_says_that_no_tag_was_read(client):
    piece = make_certificate().piece

    page = open_page(client, piece)

    assert "You opened the record." in page
    assert "No tag was read. Certificate current." in page
    assert "What this check cannot tell you:" in page
