"""Letters, sent once the act they tell of stands; one that cannot leave undoes nothing."""

import logging
from functools import partial
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction

log = logging.getLogger(__name__)


def send_after_commit(*, subject: str, text: str, to: str) -> None:
    """Send a letter once the transaction around it is committed; "" as address sends none."""
    if to:
        transaction.on_commit(partial(_send, " ".join(subject.split()), text, to))


def _send(subject: str, text: str, to: str) -> None:
    try:
        send_mail(subject, text, None, [to])
    except (SMTPException, OSError) as problem:
        # The class only: an address or a letter has no place in a log.
        log.warning("a letter was not sent: %s", type(problem).__name__)
