"""The staff's desk: how the work on uploads goes, and nothing of what they show or are called."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from memories.models.access import Report, ReportAnswer
from memories.models.item import Item
from memories.models.montage import Montage
from memories.models.worker import WorkerSign
from memories.services import reports
from provenance.admin import ReadOnlyAdmin


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    """A list and no pages: the page of a memory would carry its caption as its name."""

    list_display = ("public_id", "state", "refusal", "attempts", "due_at", "is_refined")
    list_display_links = None
    list_filter = ("state", "is_refined")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_view_permission(request)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """What visitors reported; the staff answers for whole pages, without seeing them."""

    list_display = ("created_at", "reason", "words", "piece", "answer", "answered_by")
    list_display_links = None
    list_filter = ("answer", "reason")
    actions = ("show_again", "keep_closed")

    @admin.display
    def piece(self, report: Report) -> str:
        return str(report.montage.piece.public_id)

    @admin.action(description="Show the pages again")
    def show_again(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        for each in _montages_of(chosen):
            reports.answer_as_staff(montage=each, answer=ReportAnswer.SHOWN)

    @admin.action(description="Keep the pages closed")
    def keep_closed(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        for each in _montages_of(chosen):
            reports.answer_as_staff(montage=each, answer=ReportAnswer.CLOSED)


def _montages_of(chosen: QuerySet[Report]) -> QuerySet[Montage]:
    return Montage.objects.filter(reports__in=chosen).distinct()


@admin.register(WorkerSign)
class WorkerSignAdmin(ReadOnlyAdmin):
    list_display = ("name", "seen_at")
