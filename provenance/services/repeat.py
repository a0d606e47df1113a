"""Repeating a request without repeating its effect: the answer to one key, kept for a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from provenance.errors import ProvenanceError
from provenance.models.maker import IdempotencyRecord, Maker

KEPT = timedelta(hours=24)


class KeyReusedError(ProvenanceError):
    """The key stands for another request already."""

    code = "idempotency_key_reused"


@dataclass(frozen=True)
class Answer:
    """What was answered: the HTTP status and the exact bytes."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Request:
    """One request of a maker: its key, and a digest (32 bytes) of all it asked for."""

    maker: Maker
    key: str
    digest: bytes


def answer_given(request: Request) -> Answer | None:
    """The answer this request got before, if it did something within the last day.

    Raises KeyReusedError when the key was given with another request.
    """
    kept = IdempotencyRecord.objects.filter(
        maker=request.maker,
        key=request.key,
        created_at__gt=timezone.now() - KEPT,
    ).first()
    if kept is None or kept.status is None or kept.body is None:
        return None
    if bytes(kept.request_digest) != request.digest:
        raise KeyReusedError("this Idempotency-Key was used for another request")
    return Answer(kept.status, bytes(kept.body))


def answer_once(request: Request, act: Callable[[], Answer]) -> Answer:
    """Do `act` and keep its answer, both or neither; a repeat gets the answer and no effect.

    An act that raises leaves nothing behind, so that the same key may try again.
    """
    try:
        return _act_under_key(request, act)
    except _KeyTakenError:
        given = answer_given(request)
        if given is None:  # It ran out between the two looks.
            return _act_under_key(request, act)
        return given


class _KeyTakenError(Exception):
    pass


@transaction.atomic
def _act_under_key(request: Request, act: Callable[[], Answer]) -> Answer:
    _forget_old(request.maker)
    kept = _take_key(request)
    answer = act()
    kept.status, kept.body = answer.status, answer.body
    kept.save(update_fields=["status", "body"])
    return answer


def _forget_old(maker: Maker) -> None:
    IdempotencyRecord.objects.filter(maker=maker, created_at__lte=timezone.now() - KEPT).delete()


def _take_key(request: Request) -> IdempotencyRecord:
    """The unique row is the lock: a second request waits for it, and then finds the answer."""
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                maker=request.maker, key=request.key, request_digest=request.digest
            )
    except IntegrityError as problem:
        raise _KeyTakenError from problem
