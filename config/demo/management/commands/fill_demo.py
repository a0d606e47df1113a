"""Prepare the demonstration: database, key, pages, Mira's pieces and Otto's memories; idempotent."""

import json
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files import File
from django.core.management import BaseCommand, call_command
from django.utils.text import slugify

from config.demo import pieces
from config.demo.links import sign_in_link
from memories import media, media_plan
from memories import services as memory_services
from memories.models import Montage
from provenance.models.maker import IdentityLevel, Maker
from provenance.models.piece import Piece
from provenance.services import keep, register
from tags import services as tag_services
from tags.codes import claim_hash
from tags.links import code_url

PICTURES = Path(__file__).resolve().parent.parent.parent / "pictures"
IDENTITY_REASON = "Demonstration: the mark of a fictional workshop."


class Command(BaseCommand):
    help = "Prepare the demonstration's data (idempotent) and write var/demo.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data-only", action="store_true", help="do not collect static files")

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.PLATFORM_KEY_PATH.exists():
            call_command("make_platform_key", verbosity=0)
        if not options["data_only"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        mira = _mira()
        certified = {each.key: _certified(mira, each) for each in pieces.SIGNED}
        _draft(mira, pieces.DRAFT)
        otto = _user("otto", "otto@demo.example")
        _memories(certified["braid"], otto)
        _write_doors(mira, otto, marlowe=certified["marlowe"], braid=certified["braid"])


def _user(name: str, email: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, email)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def _mira() -> Maker:
    user = _user("mira", "mira@demo.example")
    found = Maker.objects.filter(user=user).first()
    if found:
        return found
    workshop = register.Workshop(
        name="Tidewell Bench",
        person="Mira Tidewell",
        town="Bristol",
        country="GB",
        sponsors_mark="TWB",
        about="Rings, cuffs and pendants, one bench, one window to the harbour.",
    )
    maker = register.become_maker(user=user, workshop=workshop)
    return register.decide_identity(
        maker=maker, level=IdentityLevel.I2, reason=IDENTITY_REASON, by=user
    )


def _certified(maker: Maker, demo: pieces.DemoPiece) -> Piece:
    piece = _draft(maker, demo)
    if not piece.is_issued:
        tag_services.issue_with_code(piece=piece, by=maker.user)
    return piece


def _draft(maker: Maker, demo: pieces.DemoPiece) -> Piece:
    found = Piece.objects.made_by(maker).filter(sku=demo.facts.sku).first()
    piece = found or register.register_piece(maker=maker, facts=demo.facts, by=maker.user)
    if piece.photographs.count() < len(demo.pictures):
        piece.photographs.all().delete()
        for picture in demo.pictures:
            _add_picture(piece, picture)
    return piece


def _add_picture(piece: Piece, picture: pieces.Picture) -> None:
    with tempfile.TemporaryDirectory() as folder:
        safe = media.make_safe(PICTURES / picture.file, into=Path(folder), plan=media_plan.RECORD)
        register.add_photograph(
            piece=piece,
            role=picture.role,
            source="digitalCreation",
            alt=picture.alt,
            picture=register.SafePhotograph(
                width=safe.width,
                height=safe.height,
                placeholder=safe.placeholder,
                renditions={
                    each.name: register.SafeRendition(
                        each.path, each.width, each.height, each.sha256
                    )
                    for each in safe.variants
                },
            ),
        )


def _memories(piece: Piece, otto: User) -> None:
    if piece.custodies.exists():
        return
    code = tag_services.new_card_code(piece=piece, by=piece.maker.user)
    keep.claim_piece(code_hash=claim_hash(code), by=otto)
