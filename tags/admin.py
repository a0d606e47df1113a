"""Tags at the staff's desk: read, never edited."""

from django.contrib import admin

from provenance.admin import ReadOnlyAdmin
from tags.models.tag import Tag


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    list_display = ("piece", "kind", "place", "state", "bound_at")
    list_filter = ("state",)
    list_select_related = ("piece",)
    # Who reads the code could pass for a holder of the card, so staff do not see it in passing.
    # A chip is known by a digest; nobody needs to read it.
    exclude = ("code", "uid_digest")
