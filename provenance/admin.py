"""The staff's desk: everything on record can be read; one thing can be decided, with its reason."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from provenance.forms.workshop import IdentityForm
from provenance.models.certificate import (
    Certificate,
    CertificateFile,
    CertificateProof,
    StatusBatch,
)
from provenance.models.keeping import ClaimCode, Custody
from provenance.models.log import Event
from provenance.models.maker import ApiToken, IdentityDecision, Maker
from provenance.models.piece import Photograph, Piece
from provenance.services import register

# Django's admin classes are generic to the type checker only.
if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Model]
    _Decisions = admin.TabularInline[IdentityDecision, Maker]
else:
    _ModelAdmin = admin.ModelAdmin
    _Decisions = admin.TabularInline


class ReadOnlyAdmin(_ModelAdmin):
    """Facts are shown, never added, changed or deleted here: the acts that make them do that."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class IdentityDecisionInline(_Decisions):
    model = IdentityDecision
    extra = 0
    can_delete = False
    fields = readonly_fields = ("level", "reason", "by", "at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Maker)
class MakerAdmin(ReadOnlyAdmin):
    list_display = ("name", "person", "town", "country", "identity_level", "created_at")
    list_filter = ("identity_level", "country")
    search_fields = ("name", "person", "slug")
    readonly_fields = ("set_identity_level",)
    exclude = ("log_nonce",)
    inlines = (IdentityDecisionInline,)

    @admin.display(description="Identity")
    def set_identity_level(self, maker: Maker) -> SafeString:
        address = reverse("admin:provenance_maker_identity", args=[maker.pk])
        return format_html('<a href="{}">Set identity level</a>', address)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/identity/",
            self.admin_site.admin_view(self.decide_identity),
            name="provenance_maker_identity",
        )
        return [own, *super().get_urls()]

    def decide_identity(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The one decision of this desk: how well a maker is known, and why."""
        staff = request.user
        if not isinstance(staff, User) or not staff.has_perm("provenance.change_maker"):
            raise PermissionDenied
        maker = get_object_or_404(Maker, pk=pk)
        form = IdentityForm(request.POST or None, initial={"level": maker.identity_level})
        if request.method == "POST" and form.is_valid():
            register.decide_identity(maker=maker, by=staff, **form.cleaned_data)
            messages.info(request, f"{maker.name} stands at {maker.identity_level} now.")
            return redirect("admin:provenance_maker_change", pk)
        facts = {**self.admin_site.each_context(request), "form": form, "maker": maker}
        facts["title"] = f"Identity level of {maker.name}"
        status = 400 if form.is_bound else 200
        return render(request, "admin/provenance/maker/identity.html", facts, status=status)


@admin.register(Piece)
class PieceAdmin(ReadOnlyAdmin):
    list_display = ("title", "maker", "kind", "year", "issued_at")
    list_filter = ("kind",)
    search_fields = ("title", "sku", "public_id")
    list_select_related = ("maker",)


@admin.register(Photograph)
class PhotographAdmin(ReadOnlyAdmin):
    list_display = ("piece", "role", "source", "width", "height")
    list_select_related = ("piece",)


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "piece", "maker", "valid_from", "revoked_at")
    list_select_related = ("piece", "maker")
    search_fields = ("public_id", "piece__title")


@admin.register(CertificateProof)
class CertificateProofAdmin(ReadOnlyAdmin):
    list_display = ("certificate", "kind", "verification_method", "created_at")
    list_select_related = ("certificate",)


@admin.register(CertificateFile)
class CertificateFileAdmin(ReadOnlyAdmin):
    list_display = ("certificate", "created_at")
    list_select_related = ("certificate",)


@admin.register(StatusBatch)
class StatusBatchAdmin(ReadOnlyAdmin):
    list_display = ("pk", "used", "changes")


@admin.register(Custody)
class CustodyAdmin(ReadOnlyAdmin):
    list_display = ("piece", "number", "since", "until")
    list_select_related = ("piece",)


@admin.register(ClaimCode)
class ClaimCodeAdmin(ReadOnlyAdmin):
    list_display = ("piece", "created_at", "voided_at", "claimed_at")
    list_select_related = ("piece",)
    exclude = ("code_hash",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("maker", "label", "created_at", "revoked_at")
    list_select_related = ("maker",)
    exclude = ("token_hash",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("kind", "at", "maker", "piece")
    list_filter = ("kind",)
    list_select_related = ("maker", "piece")
