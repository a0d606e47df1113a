"""Letters to a keeper, sent once the act they tell of stands."""

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from memories.models.access import Invitation
from memories.models.gift import Gift
from memories.models.montage import Montage
from provenance.models.keeping import Custody
from provenance.models.piece import Piece
from provenance.services.post import send_after_commit

log = logging.getLogger(__name__)


def tell_of_claim(*, custody: Custody, to: AbstractUser) -> None:
    """Write to the new keeper; a letter that cannot leave never undoes the claim."""
    words = {
        "piece": custody.piece,
        "since": custody.since,
        "desk": f"{settings.SITE_URL}/keep/{custody.piece.public_id}",
        "site_name": settings.SITE_NAME,
    }
    transaction.on_commit(
        partial(
            _send,
            subject=f"The {custody.piece.title} is yours to keep.",
            text=render_to_string("memories/email/claimed.txt", words),
            to=to.email,
        )
    )


def send_invitation(*, invitation: Invitation, token: str) -> None:
    """Write to whom the keeper invites; without an address nothing is sent."""
    piece = invitation.montage.piece
    words = {
        "invitation": invitation,
        "piece": piece,
        "link": f"{settings.SITE_URL}{reverse('memories:invitation', args=[token])}",
        "site_name": settings.SITE_NAME,
    }
    send_after_commit(
        subject=f"You are invited to the memories of the {piece.title}.",
        text=render_to_string("memories/email/invited.txt", words),
        to=invitation.email,
    )


def tell_of_report(*, montage: Montage) -> None:
    """Write to the keeper that a page waits for an answer; never what was said."""
    words = _about(montage.piece, "memories:reports")
    send_after_commit(
        subject=f"The memories of the {montage.piece.title} were reported.",
        text=render_to_string("memories/email/reported.txt", words),
        to=montage.keeper.user.email,
    )


def tell_giver(*, gift: Gift, piece: Piece) -> None:
    """Write to the giver that the gift arrived; never to whom."""
    words = _about(piece, "memories:keep_piece")
    send_after_commit(
        subject=f"Your gift with the {piece.title} has arrived.",
        text=render_to_string("memories/email/arrived.txt", words),
        to=gift.giver.user.email,
    )


def _about(piece: Piece, address: str) -> dict[str, object]:
    return {
        "piece": piece,
        "link": f"{settings.SITE_URL}{reverse(address, args=[piece.public_id])}",
        "site_name": settings.SITE_NAME,
    }


def _send(*, subject: str, text: str, to: str) -> None:
    if not to:
        return
    try:
        send_mail(" ".join(subject.split()), text, None, [to])
    except (SMTPException, OSError) as problem:
        # The class only: an address or a letter has no place in a log.
        log.warning("a letter about a claim was not sent: %s", type(problem).__name__)
