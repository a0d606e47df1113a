"""For each law of the tables of seasons, the row that must not stand."""

from django.utils import timezone

from provenance.models.season import Season, SeasonPicture, SeasonRow
from tests.factories import make_draft, make_mira


def season(**facts):
    """A season that is being looked through, sound but for the facts given."""
    sound = {"name": "Spring", "columns": ["title"], "source_sha256": "0" * 64}
    maker = facts.pop("maker", None) or make_mira()
    return Season.objects.create(maker=maker, **(sound | facts))


def the_same_file_twice():
    return season(maker=season().maker)


def confirmed(**facts):
    sound = {"state": "confirmed", "confirmed_digest": "0" * 64, "confirmed_at": timezone.now()}
    return season(**(sound | facts))


def row(**facts):
    """A row that nobody looked at yet, sound but for the facts given."""
    sound = {"position": 2, "cells": {}, "cells_sha256": "0" * 64}
    return SeasonRow.objects.create(
        **({"season": facts.pop("of", None) or season()} | sound | facts)
    )


def picture(**facts):
    sound = {"key": "front.jpg", "path": "front.jpg", "state": "new"}
    of = facts.pop("of", None) or season()
    return SeasonPicture.objects.create(season=of, **(sound | facts))


def one_piece_for_two_rows():
    piece = make_draft(with_photographs=False)
    signed = {"state": "signed", "digest": "0" * 64, "piece": piece}
    first = row(of=season(maker=piece.maker), **signed)
    return row(of=first.season, position=3, **signed)


BROKEN_BY = {
    "one_season_per_file": the_same_file_twice,
    "season_state_is_known": lambda: season(state="sold"),
    "season_has_a_name": lambda: season(name=""),
    "confirmation_says_what_and_when": lambda: season(confirmed_at=timezone.now()),
    "only_a_confirmed_season_is_signed": lambda: season(state="signing"),
    "only_a_key_is_waited_for": lambda: confirmed(state="waiting_for_key"),
    "done_season_has_a_date": lambda: confirmed(state="done"),
    "one_row_per_position": lambda: row(of=row().season),
    "season_row_state_is_known": lambda: row(state="sold"),
    "signed_row_has_its_piece": lambda: row(state="signed", digest="0" * 64),
    "ready_row_says_what_is_signed": lambda: row(state="ready"),
    "one_picture_per_name": lambda: picture(of=picture().season),
    "season_picture_state_is_known": lambda: picture(state="sold"),
    "ready_picture_has_a_size": lambda: picture(state="ready", sha256="0" * 64),
    "refused_picture_has_a_reason": lambda: picture(state="refused"),
}
