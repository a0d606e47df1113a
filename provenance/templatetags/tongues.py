"""Phrases in the language of the page."""

from datetime import date, datetime

from django import template

from provenance import kinds
from provenance.phrases import day_in_words, say
from provenance.tongue import in_our_tongue

register = template.Library()


@register.filter
def said(text: str) -> str:
    """A text in the language of the page; words that a person typed stay as they are."""
    return in_our_tongue(text)


@register.filter
def day(moment: date) -> str:
    """A day in words."""
    return in_our_tongue(day_in_words(moment))


@register.filter
def minute(moment: datetime) -> str:
    """A moment to the minute."""
    words = say("%(day)s, %(clock)s UTC", day=moment.date(), clock=f"{moment:%H:%M}")
    return in_our_tongue(words)


@register.filter
def the(noun: str) -> str:
    """A kind of piece as the subject of a sentence: "the ring"."""
    return in_our_tongue(kinds.the(noun))


@register.filter
def the_object(noun: str) -> str:
    """The same as its object."""
    return in_our_tongue(kinds.the_object(noun))


@register.filter
def this_object(noun: str) -> str:
    """The piece at hand as the object of a sentence: "this ring"."""
    return in_our_tongue(kinds.this_object(noun))
