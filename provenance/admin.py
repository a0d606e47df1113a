"""The staff's desk: all that is on record can be read; what can be decided asks for its reason."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from provenance.assurance import step_up_first, stepped_up, where_to_step_up
from provenance.errors import ProvenanceError
from provenance.forms.identity import IdentityForm
from provenance.forms.workshop import LiftForm, PauseForm
from provenance.models.authorisation import Authorisation
from provenance.models.certificate import (
    Actor,
    Certificate,
    CertificateFile,
    CertificateProof,
    StatusBatch,
    Suspension,
)
from provenance.models.identity import DomainProof
from provenance.models.keeping import ClaimCode, Custody
from provenance.models.keys import SigningKey
from provenance.models.log import Event
from provenance.models.maker import ApiToken, IdentityDecision, Maker
from provenance.models.piece import Photograph, Piece
from provenance.services import identity, suspend

# Django's admin classes are generic to the type checker only.
if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Model]
    _Decisions = admin.TabularInline[IdentityDecision, Maker]
    _Pauses = admin.TabularInline[Suspension, Certificate]
else:
    _ModelAdmin = admin.ModelAdmin
    _Decisions = admin.TabularInline
    _Pauses = admin.TabularInline


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
    fields = readonly_fields = ("level", "co_signer", "reason", "by", "at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SuspensionInline(_Pauses):
    model = Suspension
    extra = 0
    can_delete = False
    fields = ("by", "reason", "since", "lifted_at", "lifted_by", "lift_reason")
    readonly_fields = fields

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
        is_sure = stepped_up(request)
        if request.method != "POST" and not is_sure:
            return step_up_first(request)
        form = IdentityForm(request.POST or None, initial={"level": maker.identity_level})
        if request.method == "POST" and is_sure and form.is_valid():
            identity.decide_identity(maker=maker, by=staff, **form.cleaned_data)
            messages.info(request, f"{maker.name} stands at {maker.identity_level} now.")
            return redirect("admin:provenance_maker_change", pk)
        facts = {**self.admin_site.each_context(request), "form": form, "maker": maker}
        facts["title"] = f"Identity level of {maker.name}"
        # In another tab, so that the reason they typed stays where it is.
        facts["prove_again"] = "" if is_sure else where_to_step_up(request, back=request.path)
        status = (400 if is_sure else 403) if form.is_bound else 200
        return render(request, "admin/provenance/maker/identity.html", facts, status=status)


@admin.register(DomainProof)
class DomainProofAdmin(ReadOnlyAdmin):
    list_display = ("maker", "domain", "state", "checked_at", "lapsed_at", "reason")
    list_filter = ("state",)
    list_select_related = ("maker",)


@admin.register(Authorisation)
class AuthorisationAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "user", "act", "at", "spent_at")
    list_filter = ("act",)
    list_select_related = ("user",)


@admin.register(Piece)
class PieceAdmin(ReadOnlyAdmin):
    list_display = ("title", "maker", "kind", "year", "issued_at", "revises")
    list_filter = ("kind",)
    search_fields = ("title", "sku", "public_id")
    list_select_related = ("maker", "revises")


@admin.register(Photograph)
class PhotographAdmin(ReadOnlyAdmin):
    list_display = ("piece", "role", "source", "width", "height", "replaced_at")
    list_select_related = ("piece",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        return Photograph.ever.all()


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "piece", "version", "maker", "valid_from", "revoked_at")
    list_select_related = ("piece", "maker")
    search_fields = ("public_id", "piece__title")
    readonly_fields = ("pause_or_lift",)
    inlines = (SuspensionInline,)

    @admin.display(description="Pause")
    def pause_or_lift(self, certificate: Certificate) -> SafeString:
        address = reverse("admin:provenance_certificate_standing", args=[certificate.pk])
        pause = suspend.suspension_of(certificate)
        if pause is None:
            return format_html('<a href="{}">Pause the certificate</a>', address)
        lift = format_html('<a href="{}">Lift the pause</a>', address)
        if pause.by == Actor.STAFF:
            return lift
        return format_html('{}, or <a href="{}?take-over">take it over</a>', lift, address)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/standing/",
            self.admin_site.admin_view(self.decide_standing),
            name="provenance_certificate_standing",
        )
        return [own, *super().get_urls()]

    def decide_standing(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Pause a certificate, or lift its pause, whoever paused it; and say why."""
        staff = request.user
        if not isinstance(staff, User) or not staff.has_perm("provenance.change_certificate"):
            raise PermissionDenied
        certificate = get_object_or_404(Certificate.objects.select_related("piece"), pk=pk)
        pause = suspend.suspension_of(certificate)
        is_lifting = pause is not None and "take-over" not in request.GET
        form = LiftForm(request.POST or None) if is_lifting else PauseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            act = suspend.lift_suspension if is_lifting else suspend.suspend_certificate
            self._decide(request, act, certificate, staff, form.cleaned_data["reason"])
            return redirect("admin:provenance_certificate_change", pk)
        facts = {**self.admin_site.each_context(request), "form": form, "pause": pause}
        facts |= {"certificate": certificate}
        facts["title"] = "Lift the pause" if is_lifting else "Pause the certificate"
        status = 400 if form.is_bound else 200
        return render(request, "admin/provenance/certificate/standing.html", facts, status=status)

    def _decide(
        self,
        request: HttpRequest,
        act: Callable[..., object],
        certificate: Certificate,
        staff: User,
        reason: str,
    ) -> None:
        try:
            act(certificate=certificate, reason=reason, actor=Actor.STAFF, by=staff)
            messages.info(request, "Every check says so from now on.")
        except ProvenanceError as problem:
            said = str(problem)
            messages.warning(request, f"{said[:1].upper()}{said[1:]}.")


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


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    """Public halves only; where a private one lies is nobody's business here."""

    list_display = ("pk", "level", "maker", "created_at", "retired_at", "compromised_at")
    list_filter = ("level",)
    list_select_related = ("maker",)
    exclude = ("file",)


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
