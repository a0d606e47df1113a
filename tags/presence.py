"""A short-lived proof that whoever asks just tapped: this browser's tap session.

Its cookie holds 192 random bits; the database knows them as a digest, and forgets.
"""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from provenance import limits
from provenance.case import TagRead
from provenance.models.piece import Piece
from provenance.services.standing import TagShown
from provenance.verdict import TagAnswer
from tags import visits
from tags.answers import SESSION, Told, answer_now, day_of, notes_on_tap
from tags.models.tag import Tag
from tags.models.tap import Tap
from tags.services.taps import Asker
from tags.services.visitors import network_digest

COOKIE = "tm_tap"
_TOKEN_BYTES = 24


class Session:
    """The tap session of one browser: the one its cookie names, or a new one."""

    def __init__(self, request: HttpRequest) -> None:
        token = request.COOKIES.get(COOKIE, "")
        # A name that we never gave is not taken on: somebody may have planted it.
        self.is_known = bool(token) and _recent(_digest(token)).exists()
        self._token = token if self.is_known else secrets.token_urlsafe(_TOKEN_BYTES)

    def asker(self, request: HttpRequest) -> Asker:
        """Who taps, as far as it is kept."""
        return Asker(
            session=_digest(self._token),
            network=network_digest(limits.address_of(request), at=timezone.now()),
            country=visits.country_of(request),
            is_known=self.is_known,
        )

    def keep(self, response: HttpResponse) -> None:
        """Let the browser hold it for ten minutes from now."""
        response.set_cookie(
            COOKIE,
            self._token,
            max_age=SESSION,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def last_tap(request: HttpRequest, piece: str) -> Tap | None:
    """The last tap of this browser on the piece with this public id, within ten minutes."""
    token = request.COOKIES.get(COOKIE)
    if not token:
        return None
    taps = _recent(_digest(token)).filter(tag__piece__public_id=piece)
    return taps.select_related("tag").order_by("-at", "-pk").first()


def tap_of(session: bytes, piece: str) -> Tap:
    """The tap that this session just made on the piece."""
    taps = _recent(session).filter(tag__piece__public_id=piece).select_related("tag")
    return taps.latest("at", "pk")


def is_present(request: HttpRequest, piece: Piece) -> bool:
    """Whether this browser's last tap on the piece was live, and its tag still speaks for it.

    The only key to acts that ask for the piece to be in somebody's hand.
    """
    tap = last_tap(request, piece.public_id)
    if tap is None or not tap.is_consumed or tap.is_conflict:
        return False
    answer = _answer_of(tap, timezone.now())
    return answer in (TagAnswer.LIVE, TagAnswer.SAME_TAP)


def shown(tap: Tap, *, signed_at: datetime, now: datetime) -> TagShown:
    """What a page says of a tap: its answer by now, and what the chip's count tells."""
    tag, answer = tap.tag, _answer_of(tap, now)
    told = Told(tap.reads, tap.is_second, tap.is_conflict)
    return TagShown(
        answer=answer,
        read=read_of(tag, signed_at=signed_at),
        since=day_of(
            tag.state, since=tag.since, tampered_at=tag.tampered_at, ended_at=tag.ended_at
        ),
        ago=now - tap.at,
        notes=notes_on_tap(told),
        is_of_one_visitor=True,
    )


def read_of(tag: Tag, *, signed_at: datetime) -> TagRead:
    is_bound_since = tag.bound_at is not None and tag.bound_at > signed_at
    return TagRead(str(tag.kind), tag.public_id, is_bound_since, has_answered=True)


def _answer_of(tap: Tap, now: datetime) -> TagAnswer:
    return answer_now(TagAnswer(tap.answer), state=tap.tag.state, ago=now - tap.at)


def _recent(session: bytes) -> QuerySet[Tap]:
    return Tap.objects.filter(session=session, at__gt=timezone.now() - SESSION)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()[:16]
