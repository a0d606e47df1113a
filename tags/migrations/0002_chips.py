"""Chips: stock, keys and counters, taps and openings, and the laws no statement can break."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import tags.models.tap
from tags.models import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0015_level_i3_names_its_co_signer"),
        ("tags", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayKey",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(default=tags.models.tap.new_day_key, max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="MonthCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("taps", "taps that were live"),
                            ("used_links", "links that were opened before"),
                            ("conflicts", "answers that contradict each other"),
                            ("openings", "openings of the code"),
                        ],
                        max_length=10,
                    ),
                ),
                ("times", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(db_index=True)),
                ("network", models.BinaryField(max_length=8)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("times", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Tap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_version", models.PositiveSmallIntegerField()),
                ("counter", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("live", "live"),
                            ("used_link", "used_link"),
                            ("tampered", "tampered"),
                            ("not_bound", "not_bound"),
                            ("suspended", "suspended"),
                            ("replaced", "replaced"),
                            ("retired", "retired"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_consumed", models.BooleanField(default=False)),
                ("session", models.BinaryField(max_length=16)),
                ("network", models.BinaryField(max_length=8)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("reads", models.PositiveIntegerField(blank=True, null=True)),
                ("is_second", models.BooleanField(default=False)),
                ("is_conflict", models.BooleanField(default=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="tag",
            name="one_standing_tag_per_place",
        ),
        migrations.RemoveConstraint(
            model_name="tag",
            name="ended_tag_has_a_date",
        ),
        migrations.AddField(
            model_name="tag",
            name="key_version",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="tag",
            name="last_counter",
            field=models.IntegerField(default=-1, editable=False),
        ),
        migrations.AddField(
            model_name="tag",
            name="maker",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tags",
                to="provenance.maker",
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="most_networks",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="tag",
            name="photograph",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="provenance.photograph",
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="profile",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="tag",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="tags.tag",
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="since",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="in this state since"
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="tampered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tag",
            name="times_opened",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="tag",
            name="uid_digest",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddField(
            model_name="tag",
            name="verified_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="tag",
            name="bound_at",
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
        ),
        migrations.AlterField(
            model_name="tag",
            name="kind",
            field=models.CharField(
                choices=[("qr", "printed code"), ("nfc", "plain NFC tag"), ("ntag424", "chip")],
                default="qr",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="tag",
            name="piece",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tags",
                to="provenance.piece",
            ),
        ),
        migrations.AlterField(
            model_name="tag",
            name="place",
            field=models.CharField(blank=True, default="card", max_length=40),
        ),
        migrations.AlterField(
            model_name="tag",
            name="state",
            field=models.CharField(
                choices=[
                    ("blank", "blank"),
                    ("reserved", "waiting to be written"),
                    ("encoded", "written"),
                    ("verified", "tried at the bench"),
                    ("bound", "bound"),
                    ("active", "active"),
                    ("suspended", "paused"),
                    ("tampered", "seal opened"),
                    ("replaced", "replaced"),
                    ("retired", "retired"),
                    ("compromised", "withdrawn"),
                ],
                default="bound",
                max_length=11,
            ),
        ),
        migrations.AddIndex(
            model_name="tag",
            index=models.Index(fields=["profile", "key_version"], name="tags_of_a_key_batch"),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["qr", "nfc", "ntag424"])), name="tag_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["blank", "reserved", "encoded", "verified"]),
                        ("bound_at__isnull", True),
                        ("maker__isnull", False),
                        ("piece__isnull", True),
                        ("place", ""),
                    ),
                    models.Q(
                        ("state__in", ["bound", "active", "suspended", "tampered", "replaced"]),
                        ("bound_at__isnull", False),
                        ("piece__isnull", False),
                        models.Q(("place", ""), _negated=True),
                    ),
                    models.Q(
                        ("state__in", ["retired", "compromised"]),
                        models.Q(
                            models.Q(
                                ("bound_at__isnull", True),
                                ("maker__isnull", False),
                                ("piece__isnull", True),
                                ("place", ""),
                            ),
                            models.Q(
                                ("bound_at__isnull", False),
                                ("piece__isnull", False),
                                models.Q(("place", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="tag_is_in_stock_or_on_a_piece",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["replaced", "retired", "compromised"]), _negated=True
                ),
                fields=("piece", "place"),
                name="one_standing_tag_per_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["replaced", "retired", "compromised"]),
                        ("ended_at__isnull", False),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ["replaced", "retired", "compromised"]), _negated=True
                        ),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ended_tag_has_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaced_by__isnull", True),
                    models.Q(
                        ("state__in", ["replaced"]),
                        models.Q(("replaced_by", models.F("pk")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="only_a_replaced_tag_names_its_successor",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["verified"]), _negated=True),
                    ("verified_at__isnull", False),
                    _connector="OR",
                ),
                name="verified_tag_has_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["tampered"]), _negated=True),
                    ("tampered_at__isnull", False),
                    _connector="OR",
                ),
                name="tampered_tag_has_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(fields=("uid_digest",), name="uid_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "ntag424"),
                    models.Q(("key_version", 0), ("last_counter", -1), ("profile", "")),
                    _connector="OR",
                ),
                name="only_a_chip_has_keys_and_a_counter",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "ntag424"),
                        (
                            "state__in",
                            ["encoded", "verified", "bound", "active", "suspended", "tampered"],
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        ("key_version__gte", 1),
                        ("uid_digest__isnull", False),
                        models.Q(("profile", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="written_chip_has_uid_and_keys",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_counter__gte", -1), ("last_counter__lte", 16777215)),
                name="counter_has_24_bits",
            ),
        ),
        migrations.AddField(
            model_name="monthcount",
            name="tag",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="months",
                to="tags.tag",
            ),
        ),
        migrations.AddField(
            model_name="opening",
            name="tag",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="openings",
                to="tags.tag",
            ),
        ),
        migrations.AddField(
            model_name="tap",
            name="tag",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="taps",
                to="tags.tag",
            ),
        ),
        migrations.AddConstraint(
            model_name="monthcount",
            constraint=models.UniqueConstraint(
                fields=("tag", "month", "what"), name="one_count_per_month_and_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="monthcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["taps", "used_links", "conflicts", "openings"])),
                name="count_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.UniqueConstraint(
                fields=("tag", "day", "network"), name="one_opening_row_per_network_and_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__gt", 0)), name="opening_counts_something"
            ),
        ),
        migrations.AddIndex(
            model_name="tap",
            index=models.Index(fields=["tag", "at"], name="taps_of_a_tag"),
        ),
        migrations.AddIndex(
            model_name="tap",
            index=models.Index(fields=["session", "at"], name="taps_of_a_session"),
        ),
        migrations.AddConstraint(
            model_name="tap",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_consumed", True)),
                fields=("tag", "key_version", "counter"),
                name="one_tap_per_counter",
            ),
        ),
        migrations.AddConstraint(
            model_name="tap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "answer__in",
                        [
                            "live",
                            "used_link",
                            "tampered",
                            "not_bound",
                            "suspended",
                            "replaced",
                            "retired",
                            "withdrawn",
                        ],
                    )
                ),
                name="tap_answer_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="tap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer__in", ["live", "tampered"]), _negated=True),
                    ("is_consumed", True),
                    _connector="OR",
                ),
                name="only_a_spent_counter_is_live",
            ),
        ),
        # Last: on SQLite each change before made the table anew, without them.
        migrations.RunPython(create, drop),
    ]
