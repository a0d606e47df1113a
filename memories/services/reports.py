"""Reports: a page is hidden when a visitor finds something wrong, until somebody answers."""

from django.db import transaction
from django.utils import timezone

from memories.errors import ForStaffError
from memories.models.access import AnsweredBy, Report, ReportAnswer
from memories.models.montage import Montage
from memories.services import arrange, letters


@transaction.atomic
def report(*, montage: Montage, reason: str, words: str) -> Report:
    """Write it down, hide the page, and tell its keeper.

    After the staff said that a page may be shown, a report is written down for them and hides
    nothing: nobody can close it over and over.
    """
    current = _locked(montage)
    made = Report.objects.create(montage=current, reason=reason, words=words)
    if not _was_cleared_by_staff(current):
        _hide(current)
    letters.tell_of_report(montage=current)
    return made


@transaction.atomic
def answer_as_keeper(*, montage: Montage, answer: ReportAnswer) -> None:
    """Show the page again, or close it. Raises ForStaffError.

    A keeper answers once; when the page is reported again, the staff decides.
    """
    current = _locked(montage)
    if is_for_staff(current):
        raise ForStaffError("This page was reported again. The staff of this site answers now.")
    _answer(current, answer, AnsweredBy.KEEPER)


@transaction.atomic
def answer_as_staff(*, montage: Montage, answer: ReportAnswer) -> None:
    """Show the page again, or keep it hidden for good: its keeper cannot undo that."""
    _answer(_locked(montage), answer, AnsweredBy.STAFF)


def is_for_staff(montage: Montage) -> bool:
    """Whether the keeper has no say any more."""
    answered: bool = montage.reports.exclude(answer="").exists()
    return answered


def open_reports(montage: Montage) -> list[Report]:
    return list(montage.reports.filter(answer=""))


def _answer(montage: Montage, answer: ReportAnswer, by: AnsweredBy) -> None:
    montage.reports.filter(answer="").update(
        answer=answer, answered_by=by, answered_at=timezone.now()
    )
    if answer == ReportAnswer.CLOSED:
        arrange.unpublish(montage=montage)
    if answer == ReportAnswer.SHOWN or by == AnsweredBy.KEEPER:
        Montage.objects.filter(pk=montage.pk).update(reported_at=None)


def _hide(montage: Montage) -> None:
    hidden = Montage.objects.filter(pk=montage.pk, reported_at__isnull=True)
    hidden.update(reported_at=timezone.now())


def _was_cleared_by_staff(montage: Montage) -> bool:
    last = montage.reports.filter(answered_by=AnsweredBy.STAFF).last()
    return last is not None and last.answer == ReportAnswer.SHOWN


def _locked(montage: Montage) -> Montage:
    locked: Montage = (
        Montage.objects.select_for_update(of=("self",))
        .select_related("piece", "keeper__user")
        .get(pk=montage.pk)
    )
    return locked
