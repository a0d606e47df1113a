"""What passkeys authorised: one row for each assertion, kept with what checks it again."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import provenance.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0009_revisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Authorisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=provenance.identifiers.new_public_id,
                        editable=False,
                        max_length=22,
                        unique=True,
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("sign_piece", "sign a certificate"),
                            ("sign_batch", "sign a batch of certificates"),
                        ],
                        max_length=20,
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("nonce", models.BinaryField(max_length=16)),
                ("challenge", models.BinaryField(max_length=32)),
                ("credential", models.BinaryField()),
                ("authenticator_data", models.BinaryField()),
                ("client_data", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("spent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(spent_at__isnull=True),
                        fields=["user", "act"],
                        name="authorisations_unspent",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["challenge"], name="one_authorisation_per_challenge"
                    ),
                    models.CheckConstraint(
                        condition=Q(act__in=["sign_piece", "sign_batch"]),
                        name="authorised_act_is_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(spent_at__isnull=True) | Q(spent_at__gte=F("at")),
                        name="authorisation_is_spent_after_it_was_given",
                    ),
                ],
            },
        ),
    ]
