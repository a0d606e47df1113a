"""What signing a draft now would sign, and what its record allows its texts to say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings

from provenance import free_texts, jewelry, jewelry_laws, statement
from provenance.alterations import derive_whole
from provenance.canonical import JSONObject, digest_of, parse_object
from provenance.credentials import subject_of
from provenance.making import Derivation
from provenance.making_record import InvalidRecordError
from provenance.models.keys import SigningKey
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import keyring, lineage, maker_keys, making
from provenance.services.facts import facts_of
from provenance.wording import lint, may_be_refused
from provenance.wording_advice import Advice, advise
from provenance.wording_data import Finding, metals_of, stones_of

# A detail is not asked whether its words fit the metals and stones: that is its own law's part.
MAKING_RULES = frozenset({"W1", "D1"})


@dataclass(frozen=True)
class RefusedWord:
    """A word in one of a piece's texts, named by its field, and what may stand there."""

    path: str
    advice: Advice


def draft_subject(
    piece: Piece,
    *,
    tags: Sequence[statement.TagStatement],
    nonce: str,
    now: datetime | None = None,
    key: SigningKey | None = None,
) -> JSONObject:
    """The subject that signing this piece at `now` would sign; for the preview too.

    `key` is the maker's key in use, which a certificate names; the preview leaves it out.
    """
    subject = stated_subject(piece, facts_of(piece), tags=tags, nonce=nonce, key=key)
    return making.with_making(subject, piece, now=now)


def shown_digest(piece: Piece) -> str:
    """What a person sees before signing, as 64 hex digits: facts, photographs, record and words.

    It leaves out only what is drawn at the moment of signing.
    """
    return digest_of(draft_subject(piece, tags=(), nonce="")).hex()


def derivation_of(piece: Piece, *, now: datetime) -> Derivation:
    """What the record of this draft allows to be said; InvalidRecordError if it is unreadable."""
    return read_draft(piece, now=now).derivation


def standing_derivation(piece: Piece, *, now: datetime) -> Derivation:
    """What the newest certificate's own record allows; of a draft, what signing it now would.

    Raises InvalidRecordError when the record cannot be read.
    """
    signed = next(iter(piece.certificates.all()), None)
    if signed is None:
        return derivation_of(piece, now=now)
    subject = subject_of(parse_object(bytes(signed.body)))
    return derive_whole(subject, issued=signed.valid_from)


def standing_alterations(piece: Piece) -> list[JSONObject]:
    """The work on a finished piece that its newest certificate states, or its correction would."""
    signed = next(iter(piece.certificates.all()), None)
    return making.alterations_in(signed) if signed else making.alterations_of(piece)


def problems_of(piece: Piece, *, now: datetime) -> tuple[jewelry.Problem, ...]:
    """What still stands between this draft and its certificate."""
    return read_draft(piece, now=now).problems


def refused_words(piece: Piece, *, now: datetime) -> tuple[RefusedWord, ...]:
    """Every word of this piece's texts that claims what no record or document of it grants."""
    return read_draft(piece, now=now).refused_words


@dataclass(frozen=True)
class Reading:
    """A draft read once: all that is asked of it is answered from the same facts and record.

    `stated` is its `stated_subject`. `derivation` and `refused_words` raise InvalidRecordError
    when the record cannot be read.
    """

    piece: Piece
    facts: jewelry.Piece
    stated: JSONObject
    now: datetime

    @cached_property
    def derivation(self) -> Derivation:
        """What the record allows to be said."""
        return making.derivation_of(self.stated, self.piece, now=self.now)

    @cached_property
    def problems(self) -> tuple[jewelry.Problem, ...]:
        """Every law that is broken, then every word that is refused."""
        today = self.now.date()
        return (
            *jewelry_laws.problems_of(
                self.facts, today=today, admits_computer_images=settings.DEMO
            ),
            *self._record_problems,
        )

    @cached_property
    def refused_words(self) -> tuple[RefusedWord, ...]:
        documented = jewelry_laws.documented_claims(self.facts, today=self.now.date())
        # Most texts claim nothing; only one that does asks for the record.
        if not any(self._findings(granted=documented)):
            return ()
        granted = self.derivation.granted | {self.derivation.design_phrase} | documented
        return tuple(
            RefusedWord(path, advise(text, found, derivation=self.derivation))
            for path, text, found in self._findings(granted=granted)
        )

    @cached_property
    def _record_problems(self) -> tuple[jewelry.Problem, ...]:
        try:
            refused = self.refused_words
        except InvalidRecordError as problem:
            return (jewelry.Problem(problem.path, InvalidRecordError.code, str(problem)),)
        return tuple(
            jewelry.Problem(each.path, "wording_refused", each.advice.told, each.advice.rule)
            for each in refused
        )

    def _findings(self, *, granted: frozenset[str]) -> Iterator[tuple[str, str, Finding]]:
        return _findings(self.piece, self.facts, self.stated, granted=granted)


def read_draft(piece: Piece, *, now: datetime) -> Reading:
    """Read a draft as it is now. What changes afterwards needs another reading."""
    facts = facts_of(piece)
    return Reading(piece, facts, stated_subject(piece, facts), now)


def _findings(
    piece: Piece, facts: jewelry.Piece, subject: JSONObject, *, granted: frozenset[str]
) -> Iterator[tuple[str, str, Finding]]:
    stones, headings = stones_of(subject), free_texts.headings_of(facts)
    asked = {k: text for k, text in headings.items() if may_be_refused(text, stones=stones)}
    metals = metals_of(subject) if asked else ()
    for path, text in asked.items():
        for found in lint(text, granted=granted, stones=stones, metals=metals):
            yield path, text, found
    for path, text in (free_texts.details_of(facts) | _texts_of_steps(piece)).items():
        for found in lint(text, granted=granted):
            if found.rule in MAKING_RULES:
                yield path, text, found


def _texts_of_steps(piece: Piece) -> free_texts.Texts:
    return {
        f"making.steps.{n}.{name}": text
        for n, step in enumerate(making.steps_of(piece))
        for name, text in free_texts.texts_of_step(step).items()
    }


def stated_subject(
    piece: Piece,
    facts: jewelry.Piece,
    *,
    tags: Sequence[statement.TagStatement] = (),
    nonce: str = "",
    key: SigningKey | None = None,
) -> JSONObject:
    """What these facts say of the piece; how it was made is stated by `making.with_making`."""
    frame = statement.SubjectFrame(
        url=f"{settings.SITE_URL}/p/{piece.original.public_id}",
        maker=maker_statement(piece.maker, key),
        tags=tuple(tags),
        nonce=nonce,
        is_demonstration=settings.DEMO,
        extra=lineage.stated_lineage(piece),
    )
    return statement.subject_of(facts, frame)


def maker_statement(maker: Maker, key: SigningKey | None = None) -> statement.MakerStatement:
    """What a certificate says of its maker, and which key of theirs signs it beside ours."""
    return statement.MakerStatement(
        did=keyring.did_of(maker),
        name=f"{maker.name}, {maker.town}",
        person=maker.person,
        identity_level=str(maker.identity_level),
        country=maker.country,
        key_level=str(key.level) if key else "recorded",
        key=maker_keys.method_named(maker, bytes(key.public_key)) if key else "",
        sponsors_mark=maker.sponsors_mark,
    )
