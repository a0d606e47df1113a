"""Prepare the demonstration: database, key, static files, pieces and memories; idempotent."""

import hashlib
import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import BaseCommand, call_command
from django.urls import reverse

from config.demo import chips, memories, pieces
from config.demo.links import sign_in_link
from memories import media, media_plan
from memories.models.item import Item, ItemState
from memories.models.montage import Montage, MontageLevel, Opening
from memories.services import arrange, editing, prepare, receive, sharing
from provenance.models.maker import IdentityLevel, Maker
from provenance.models.making import EvidenceKind
from provenance.models.piece import Piece
from provenance.services import evidence, identity, keep, register
from tags.codes import claim_hash, show_code
from tags.models.tag import Tag, TagKind, TagQuerySet
from tags.services import bench, binding, playing, stocking
from tags.services import issuing as tag_services

PICTURES = Path(__file__).resolve().parent.parent.parent / "pictures"
UNFINISHED = [ItemState.WANTED, ItemState.DOING]
# What they are: drawn by a program for this demonstration.
SOURCE = "digitalCreation"
CHIP_PLACE = "inside the band"
IDENTITY_REASON = "Demonstration: the mark of a fictional workshop."


class Command(BaseCommand):
    help = "Prepare the demonstration's data (idempotent) and write down what to open."
    # It makes what the checks would miss.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--doors", type=Path, help="where to write what to open (default: VAR_DIR/demo.json)"
        )

    def handle(self, *, doors: Path | None, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.PLATFORM_KEY_PATH.exists():
            call_command("make_platform_key", verbosity=0)
        # Now that there is a key: an address that no verifier would accept stops here.
        call_command("check")
        call_command("collectstatic", interactive=False, verbosity=0)
        mira = _mira()
        certified = {each.key: _certified(mira, each) for each in pieces.SIGNED}
        _draft(mira, pieces.DRAFT)
        otto = _user("otto", "otto@demo.example")
        _memories(certified["braid"], otto)
        found = _doors(mira, otto, marlowe=certified["marlowe"], braid=certified["braid"])
        file = doors or settings.VAR_DIR / "demo.json"
        file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        chip = show_code(_chip_of(certified["marlowe"]).code)
        # The address decides which of the demonstrations in `var` is meant.
        tap = f"SITE_URL={settings.SITE_URL} .venv/bin/python -m config.demo tap_tag {chip}"
        self.stdout.write(f"One more tap of the ring: {tap}")


def _user(name: str, email: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, email)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def _mira() -> Maker:
    user = _user("mira", "mira@demo.example")
    workshop = register.Workshop(
        name="Tidewell Bench",
        person="Mira Tidewell",
        town="Bristol",
        country="GB",
        sponsors_mark="TWB",
        about="Rings, cuffs and pendants, one bench, one window to the harbour.",
    )
    maker = Maker.objects.filter(user=user).first()
    maker = maker or register.become_maker(user=user, workshop=workshop)
    if maker.identity_level == IdentityLevel.I2:
        return maker
    return identity.decide_identity(
        maker=maker, level=IdentityLevel.I2, reason=IDENTITY_REASON, by=user
    )


def _certified(maker: Maker, demo: pieces.DemoPiece) -> Piece:
    piece = _draft(maker, demo)
    if demo.has_chip and not _chips_on(piece).exists():
        _bind_chip(piece)
    if not piece.is_issued:
        tag_services.issue_with_code(piece=piece, by=maker.user)
    return piece


def _chips_on(piece: Piece) -> TagQuerySet:
    tags: TagQuerySet = Tag.objects.standing().filter(piece=piece, kind=TagKind.NTAG424)
    return tags


def _chip_of(piece: Piece) -> Tag:
    found: Tag = _chips_on(piece).order_by("pk")[0]
    return found


def _bind_chip(piece: Piece) -> None:
    """A chip made of Python goes the whole way: set aside, written, tried, put on the piece."""
    by = piece.maker.user
    (tag,) = stocking.set_aside(maker=piece.maker, count=1, profile=chips.PROFILE, by=by)
    uid = playing.make_chip_for(tag).uid
    bench.mark_encoded(tag=tag, uid=uid, by=by)
    bench.verify_tag(tag=tag, link=playing.tap(tag.code), by=by)
    binding.bind_tag(tag=tag, piece=piece, place=CHIP_PLACE, by=by)


def _draft(maker: Maker, demo: pieces.DemoPiece) -> Piece:
    found = Piece.objects.made_by(maker).filter(sku=demo.facts.sku).first()
    piece = found or register.register_piece(
        maker=maker, facts=demo.facts, by=maker.user, steps=demo.steps
    )
    if piece.photographs.count() < len(demo.pictures):
        piece.photographs.all().delete()
        for picture in demo.pictures:
            _add_picture(piece, picture)
    for step, file in demo.shown:
        if not piece.evidence.filter(step__ident=step).exists():
            _add_evidence(piece, step, file)
    return piece


def _add_picture(piece: Piece, picture: pieces.Picture) -> None:
    with _made_safe(picture.file) as safe:
        register.add_photograph(
            piece=piece, role=picture.role, source=SOURCE, alt=picture.alt, picture=safe
        )


def _add_evidence(piece: Piece, step: str, file: str) -> None:
    digest = hashlib.sha256((PICTURES / file).read_bytes()).hexdigest()
    with _made_safe(file) as safe:
        shown = evidence.Shown(EvidenceKind.PHOTO, digest, source=SOURCE, picture=safe)
        row = piece.steps.select_related("piece__maker").get(ident=step)
        evidence.add_evidence(step=row, shown=shown, by=piece.maker.user)


@contextmanager
def _made_safe(file: str) -> Iterator[register.SafePhotograph]:
    with tempfile.TemporaryDirectory() as folder:
        safe = media.make_safe(
            PICTURES / file, into=Path(folder), plan=media_plan.RECORD, said=SOURCE
        )
        yield register.SafePhotograph(
            width=safe.width,
            height=safe.height,
            placeholder=safe.placeholder,
            renditions={
                each.name: register.SafeRendition(each.path, each.width, each.height, each.sha256)
                for each in safe.variants
            },
        )


def _memories(piece: Piece, otto: User) -> None:
    """Otto claims the piece and publishes an album; the worker refines it while it is seen."""
    if piece.custodies.exists():
        return
    code = tag_services.new_card_code(piece=piece, by=piece.maker.user)
    custody = keep.claim_piece(code_hash=claim_hash(code), by=otto)
    montage = arrange.montage_of(piece=piece, keeper=custody.keeper)
    titles = {chapter.begins: chapter.title for chapter in memories.CHAPTERS}
    for memory in memories.MEMORIES:
        if title := titles.get(memory.file):
            editing.begin_chapter(montage=montage, revision=_revision(montage), title=title)
        content = (PICTURES / memory.file).read_bytes()
        upload = SimpleUploadedFile(memory.file, content)
        item = receive.receive_file(montage=montage, upload=upload)
        item.refresh_from_db()
        _describe(item, memory)
    while montage.items.filter(state__in=UNFINISHED).exists() and prepare.prepare_next():
        pass
    page = arrange.PageWords(memories.TITLE, memories.WORDS, Opening.COVER)
    arrange.describe_page(montage=montage, revision=_revision(montage), words=page)
    look = editing.Look(*memories.LOOK)
    editing.choose_look(montage=montage, revision=_revision(montage), look=look)
    choice = sharing.Choice(MontageLevel.CODE)
    sharing.choose(montage=montage, revision=_revision(montage), choice=choice)
    arrange.publish(montage=montage, revision=_revision(montage))


def _describe(item: Item, memory: memories.Memory) -> None:
    """What Otto says of it; it stays in the chapter that was begun last."""
    last = item.montage.chapters.last()
    arrange.describe_item(
        item=item,
        revision=_revision(item.montage),
        words=arrange.ItemWords(memory.caption, memory.alt, memory.when, ""),
        placing=arrange.Placing(last.public_id if last else "", memory.focus),
    )


def _revision(montage: Montage) -> int:
    return Montage.objects.get(pk=montage.pk).revision


def _doors(mira: Maker, otto: User, *, marlowe: Piece, braid: Piece) -> dict[str, str]:
    """What there is to open, for people on the terminal and for programs."""
    site = settings.SITE_URL
    certificate = marlowe.certificates.get().public_id
    chip = _chip_of(marlowe)
    return {
        "site": site,
        "scan_qr": _scan(marlowe),
        # A fresh one at each start: it is live for whoever opens it first.
        "tap_live": playing.tap(chip.code),
        "tap_forged": playing.forge(chip.code),
        "piece": f"{site}{reverse('provenance:piece', args=[marlowe.public_id])}",
        "certificate": f"{site}{reverse('provenance:certificate', args=[certificate])}",
        "certificate_json": f"{site}{reverse('provenance:certificate_json', args=[certificate])}",
        "montage": _scan(braid),
        "verify": f"{site}{reverse('provenance:verify')}",
        "workshop_login": sign_in_link(mira.user),
        "keeper_login": sign_in_link(otto),
    }


def _scan(piece: Piece) -> str:
    tag = Tag.objects.standing().get(piece=piece, place="card")
    return f"{settings.SITE_URL}{reverse('tags:code', args=[tag.code])}"
