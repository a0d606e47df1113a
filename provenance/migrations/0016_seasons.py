"""Seasons: many pieces from one file, and their photographs."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import provenance.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0015_level_i3_names_its_co_signer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Season",
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
                ("name", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being looked through"),
                            ("checked", "looked through"),
                            ("confirmed", "confirmed"),
                            ("signing", "being signed"),
                            ("waiting_for_key", "unlock to continue"),
                            ("done", "done"),
                            ("abandoned", "abandoned"),
                        ],
                        default="draft",
                        max_length=15,
                    ),
                ),
                ("columns", models.JSONField()),
                ("source_sha256", models.CharField(max_length=64)),
                ("zip_file", models.CharField(blank=True, max_length=200)),
                ("confirmed_digest", models.CharField(blank=True, max_length=64)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="provenance.signingkey",
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seasons",
                        to="provenance.maker",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SeasonPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("path", models.CharField(max_length=1000)),
                ("source", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unused", "not named by any row"),
                            ("new", "to be made safe"),
                            ("ready", "made safe"),
                            ("refused", "refused"),
                        ],
                        max_length=7,
                    ),
                ),
                ("refusal", models.CharField(blank=True, max_length=300)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("width", models.PositiveIntegerField(blank=True, null=True)),
                ("height", models.PositiveIntegerField(blank=True, null=True)),
                ("placeholder", models.TextField(blank=True, max_length=4000)),
                ("renditions", models.JSONField(blank=True, default=dict)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="provenance.season",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SeasonRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "to be looked at"),
                            ("ready", "right"),
                            ("wrong", "to be fixed"),
                            ("skipped", "left out"),
                            ("signed", "signed"),
                        ],
                        default="new",
                        max_length=7,
                    ),
                ),
                ("cells", models.JSONField()),
                ("cells_sha256", models.CharField(db_index=True, max_length=64)),
                ("errors", models.JSONField(blank=True, default=list)),
                ("making", models.JSONField(blank=True, default=dict)),
                ("label", models.TextField(blank=True, max_length=2000)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                (
                    "piece",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="season_row",
                        to="provenance.piece",
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="provenance.season",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddIndex(
            model_name="season",
            index=models.Index(
                condition=models.Q(("state__in", ["draft", "confirmed", "signing"])),
                fields=["due_at"],
                name="seasons_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "abandoned"), _negated=True),
                fields=("maker", "source_sha256"),
                name="one_season_per_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "checked",
                            "confirmed",
                            "signing",
                            "waiting_for_key",
                            "done",
                            "abandoned",
                        ],
                    )
                ),
                name="season_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="season_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", True),
                        ("confirmed_digest", ""),
                        ("key__isnull", True),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        models.Q(("confirmed_digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="confirmation_says_what_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["confirmed", "signing", "waiting_for_key", "done"]),
                        _negated=True,
                    ),
                    ("confirmed_at__isnull", False),
                    _connector="OR",
                ),
                name="only_a_confirmed_season_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting_for_key"), _negated=True),
                    ("key__isnull", False),
                    _connector="OR",
                ),
                name="only_a_key_is_waited_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                    _connector="OR",
                ),
                name="done_season_has_a_date",
            ),
        ),
        migrations.AddIndex(
            model_name="seasonpicture",
            index=models.Index(fields=["season", "state"], name="pictures_of_a_season"),
        ),
        migrations.AddConstraint(
            model_name="seasonpicture",
            constraint=models.UniqueConstraint(
                fields=("season", "key"), name="one_picture_per_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="seasonpicture",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["unused", "new", "ready", "refused"])),
                name="season_picture_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="seasonpicture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ready"), _negated=True),
                    models.Q(
                        ("height__gt", 0),
                        ("height__isnull", False),
                        ("width__gt", 0),
                        ("width__isnull", False),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ready_picture_has_a_size",
            ),
        ),
        migrations.AddConstraint(
            model_name="seasonpicture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("refusal", ""), _negated=True),
                    _connector="OR",
                ),
                name="refused_picture_has_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="seasonrow",
            index=models.Index(fields=["season", "state"], name="rows_of_a_season"),
        ),
        migrations.AddConstraint(
            model_name="seasonrow",
            constraint=models.UniqueConstraint(
                fields=("season", "position"), name="one_row_per_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="seasonrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["new", "ready", "wrong", "skipped", "signed"])),
                name="season_row_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="seasonrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("piece__isnull", False), ("state", "signed")),
                    models.Q(models.Q(("state", "signed"), _negated=True), ("piece__isnull", True)),
                    _connector="OR",
                ),
                name="signed_row_has_its_piece",
            ),
        ),
        migrations.AddConstraint(
            model_name="seasonrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["ready", "signed"]), _negated=True),
                    models.Q(("digest", ""), _negated=True),
                    _connector="OR",
                ),
                name="ready_row_says_what_is_signed",
            ),
        ),
    ]
