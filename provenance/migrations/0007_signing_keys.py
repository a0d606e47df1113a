"""Signing keys on record, and bodies that wait for a maker's own proof."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models

import provenance.identifiers
from provenance.models import triggers


def create_triggers(apps, schema_editor):
    triggers.create_for_keys(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop_for_keys(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0006_pictures_made_otherwise"),
    ]

    operations = [
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_key", models.BinaryField(max_length=32, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("platform", "the platform’s"),
                            ("held", "a maker’s, kept here under a passphrase"),
                            ("own", "a maker’s own, kept elsewhere"),
                        ],
                        max_length=8,
                    ),
                ),
                ("file", models.CharField(blank=True, editable=False, max_length=80)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("compromised_at", models.DateTimeField(blank=True, null=True)),
                ("compromise_reason", models.CharField(blank=True, max_length=300)),
                ("compromise_recorded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "maker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="provenance.maker",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PendingCertificate",
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
                ("body", models.BinaryField()),
                ("status_index", models.PositiveIntegerField()),
                ("prepared_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "piece",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pending",
                        to="provenance.piece",
                    ),
                ),
                (
                    "status_batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="provenance.statusbatch",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="provenance.signingkey",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("compromised_at__isnull", True), ("retired_at__isnull", True)),
                fields=("maker",),
                name="one_key_in_use_per_maker",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("compromised_at__isnull", True),
                    ("retired_at__isnull", True),
                    ("level", "platform"),
                ),
                fields=("level",),
                name="one_platform_key_in_use",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "platform"), ("maker__isnull", True)),
                    models.Q(("level__in", ["held", "own"]), ("maker__isnull", False)),
                    _connector="OR",
                ),
                name="key_level_fits_its_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", ""), ("level", "own")),
                    models.Q(
                        models.Q(("level", "own"), _negated=True),
                        models.Q(("file", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="only_our_keys_have_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    django.db.models.functions.text.Length("public_key"), 32
                ),
                name="public_key_has_32_bytes",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("compromise_reason", ""),
                        ("compromise_recorded_at__isnull", True),
                        ("compromised_at__isnull", True),
                    ),
                    models.Q(
                        ("compromise_recorded_at__isnull", False),
                        ("compromised_at__isnull", False),
                        models.Q(("compromise_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="compromise_has_moment_and_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="pendingcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("prepared_at"))),
                name="prepared_before_it_expires",
            ),
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
