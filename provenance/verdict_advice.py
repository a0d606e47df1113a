"""What a visitor can do about an answer: short, and the same for everybody who comes with it."""

from dataclasses import dataclass

from provenance.phrases import say
from provenance.verdict import Answer, CertificateAnswer, TagAnswer
from provenance.verdict_unreliable import LostKey, lost_advice


@dataclass(frozen=True)
class Advice:
    """A question a visitor may have, and what to do."""

    title: str
    words: str


_WHAT_TO_DO = say("What you can do")


def _do(words: str) -> tuple[Advice, ...]:
    return (Advice(_WHAT_TO_DO, words),)


_ADVICE: dict[Answer, tuple[Advice, ...]] = {
    CertificateAnswer.MISSING: (
        Advice(
            say("Do you have it?"),
            say(
                "Keep it safe. Ask its maker, named above, to pass a message on to its keeper. "
                "You need not say who you are."
            ),
        ),
        Advice(
            say("Were you about to buy it?"),
            say(
                "Do not pay yet. If it is the seller’s, they can have the report lifted; "
                "then this page says so at once."
            ),
        ),
    ),
    CertificateAnswer.DESTROYED: _do(
        say(
            "The record says that this piece no longer exists. "
            "If you hold one like it, ask its maker before you buy."
        )
    ),
    CertificateAnswer.CONTESTED: _do(
        say("Wait before you buy. Once it is settled, this page says so at once.")
    ),
    CertificateAnswer.HELD: _do(
        say(
            "Somebody lost the way into this record and asks for it back. "
            "Until that is settled, the piece cannot be passed on here."
        )
    ),
    CertificateAnswer.UNCONFIRMED: _do(say("Load this page again in a minute.")),
    TagAnswer.TAMPERED: _do(
        say(
            "Look at stones, marks and weight with care. "
            "Ask the seller or the maker who opened the seal."
        )
    ),
    TagAnswer.WITHDRAWN: _do(
        say(
            "The keys of this series of chips may be known to others, so an answer of the chip "
            "proves nothing any more. The certificate is not touched by that."
        )
    ),
    TagAnswer.SUSPENDED: _do(
        say("Ask whoever shows you the piece why its tag was paused, or ask its maker.")
    ),
    TagAnswer.REPLACED: _do(
        say("The piece has a newer tag. Scan that one, or ask its maker where it is.")
    ),
    TagAnswer.RETIRED: _do(
        say("This tag speaks for no piece any more. Compare the piece with the record.")
    ),
    TagAnswer.USED_LINK: _do(
        say(
            "Each tap makes a link that counts once. Somebody may have sent this one on. "
            "Hold your phone to the piece itself."
        )
    ),
}


def advice_on(answer: Answer, lost_key: LostKey | None = None) -> tuple[Advice, ...]:
    """What to do about this answer; nothing where the headline says it all.

    `lost_key` tells whose key makes it `unreliable`.

    >>> [advice.title for advice in advice_on(CertificateAnswer.MISSING)]
    ['Do you have it?', 'Were you about to buy it?']
    """
    if answer is CertificateAnswer.UNRELIABLE:
        return _do(lost_advice(lost_key))
    return _ADVICE.get(answer, ())
