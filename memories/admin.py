"""The staff's desk: how the work on uploads goes, and nothing of what they show or are called."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from memories.models import Item, WorkerSign
from provenance.admin import ReadOnlyAdmin


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    """A list and no pages: the page of a memory would carry its caption as its name."""

    list_display = ("public_id", "state", "refusal", "attempts", "due_at", "is_refined")
    list_display_links = None
    list_filter = ("state", "is_refined")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_view_permission(request)


@admin.register(WorkerSign)
class WorkerSignAdmin(ReadOnlyAdmin):
    list_display = ("name", "seen_at")
