"""Domains that makers prove, and who vouched for a maker of level I3."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("provenance", "0012_authorisation")]

    operations = [
        migrations.CreateModel(
            name="DomainProof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("domain", models.CharField(max_length=253)),
                ("token", models.CharField(max_length=22)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("wanted", "waiting to be looked up"),
                            ("doing", "being looked up"),
                            ("proven", "proven"),
                            ("failed", "not proven"),
                        ],
                        default="wanted",
                        max_length=6,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("dns", "a TXT record of the domain"),
                            ("file", "a file on its web site"),
                        ],
                        max_length=4,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("proven_at", models.DateTimeField(blank=True, null=True)),
                ("lapsed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "maker",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domain_proof",
                        to="provenance.maker",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=~Q(state="failed"), fields=["due_at"], name="domain_proofs_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["wanted", "doing", "proven", "failed"]),
                        name="domain_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="failed") | ~Q(reason=""),
                        name="unproven_domain_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="proven")
                        | (Q(proven_at__isnull=False, checked_at__isnull=False) & ~Q(way="")),
                        name="proven_domain_says_when_and_how",
                    ),
                    models.CheckConstraint(
                        condition=Q(lapsed_at__isnull=True) | ~Q(state="proven"),
                        name="lapsed_domain_is_not_proven",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="identitydecision",
            name="co_signer",
            field=models.CharField(
                blank=True, default="", max_length=120, verbose_name="co-signed by"
            ),
        ),
    ]
