"""Letters to a keeper, sent once the act they tell of stands."""

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from provenance.models.keeping import Custody

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


def _send(*, subject: str, text: str, to: str) -> None:
    if not to:
        return
    try:
        send_mail(" ".join(subject.split()), text, None, [to])
    except (SMTPException, OSError) as problem:
        # The class only: an address or a letter has no place in a log.
        log.warning("a letter about a claim was not sent: %s", type(problem).__name__)
