"""Room for the whole data model: coatings by metal, grades, reports, sourcing, appraisals.

The words of a coating move into its note; the next migration names its metal.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import provenance.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appraisal",
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
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("currency", models.CharField(max_length=3)),
                ("date", models.DateField()),
                ("purpose", models.CharField(max_length=120)),
                ("appraiser", models.CharField(max_length=120)),
                ("note", models.TextField(blank=True, max_length=600)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-date", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Sourcing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("recycled", "recycled"),
                            ("fair", "fair"),
                            ("conflict-free", "conflict-free"),
                            ("origin", "from a named place"),
                        ],
                        max_length=13,
                        verbose_name="claim",
                    ),
                ),
                ("about", models.CharField(default="piece", max_length=30)),
                ("scheme", models.CharField(max_length=80)),
                (
                    "scope",
                    models.CharField(
                        choices=[("business", "the business"), ("product", "the material itself")],
                        max_length=8,
                        verbose_name="it covers",
                    ),
                ),
                ("document", models.CharField(max_length=200)),
                ("expires", models.DateField()),
                (
                    "statement",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="the supplier’s own words"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StoneReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("lab", models.CharField(max_length=60, verbose_name="laboratory")),
                ("number", models.CharField(max_length=40, verbose_name="report number")),
                ("date", models.DateField(blank=True, null=True)),
                (
                    "url",
                    models.CharField(blank=True, max_length=300, verbose_name="where to read it"),
                ),
                ("is_inscribed", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.RenameField(
            model_name="part",
            old_name="coating",
            new_name="coating_note",
        ),
        migrations.AddField(
            model_name="part",
            name="coating_fineness",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="part",
            name="coating_metal",
            field=models.CharField(
                blank=True,
                choices=[
                    ("gold", "gold"),
                    ("silver", "silver"),
                    ("rhodium", "rhodium"),
                    ("ruthenium", "ruthenium"),
                    ("palladium", "palladium"),
                    ("platinum", "platinum"),
                    ("other", "another coating"),
                ],
                max_length=10,
                verbose_name="coated with",
            ),
        ),
        migrations.AddField(
            model_name="part",
            name="coating_method",
            field=models.CharField(
                blank=True,
                choices=[
                    ("electroplated", "electroplated"),
                    ("vermeil", "vermeil"),
                    ("mechanical", "bonded by pressure, such as gold-filled"),
                    ("pvd", "PVD"),
                    ("leaf", "leaf"),
                    ("other", "another way"),
                ],
                max_length=13,
                verbose_name="put on",
            ),
        ),
        migrations.AddField(
            model_name="part",
            name="coating_micrometres",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name="part",
            name="name",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="part",
            name="role",
            field=models.CharField(blank=True, max_length=60, verbose_name="what it does"),
        ),
        migrations.AddField(
            model_name="piece",
            name="collection",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="piece",
            name="gtin",
            field=models.CharField(blank=True, max_length=14, verbose_name="article number (GTIN)"),
        ),
        migrations.AddField(
            model_name="piece",
            name="hallmark_exemption",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="why it needs no hallmark"
            ),
        ),
        migrations.AddField(
            model_name="piece",
            name="keywords",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="piece",
            name="markets",
            field=models.CharField(blank=True, max_length=750, verbose_name="sold in"),
        ),
        migrations.AddField(
            model_name="piece",
            name="serial",
            field=models.CharField(blank=True, max_length=20, verbose_name="serial number"),
        ),
        migrations.AddField(
            model_name="piece",
            name="warranty",
            field=models.TextField(blank=True, max_length=600),
        ),
        migrations.AddField(
            model_name="piece",
            name="year_to",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="to"),
        ),
        migrations.AddField(
            model_name="stone",
            name="carat_total",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name="stone",
            name="clarity",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="stone",
            name="colour",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="stone",
            name="country",
            field=models.CharField(blank=True, max_length=2, verbose_name="from"),
        ),
        migrations.AddField(
            model_name="stone",
            name="cut",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="stone",
            name="cut_grade",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="stone",
            name="depth_mm",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name="stone",
            name="graded_by",
            field=models.CharField(
                blank=True,
                choices=[("report", "from the report"), ("maker", "my own opinion")],
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="stone",
            name="length_mm",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name="stone",
            name="treatment_care",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="stone",
            name="width_mm",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AlterField(
            model_name="mark",
            name="kind",
            field=models.CharField(
                choices=[
                    ("maker", "maker’s mark"),
                    ("sponsor", "sponsor’s mark"),
                    ("fineness", "fineness mark"),
                    ("office", "assay office"),
                    ("date", "date letter"),
                    ("convention", "common control mark"),
                    ("edition", "edition number"),
                    ("engraving", "engraving"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="stone",
            name="origin",
            field=models.CharField(
                choices=[
                    ("natural", "natural"),
                    ("laboratory-grown", "laboratory-grown"),
                    ("cultured", "cultured (pearls)"),
                    ("imitation", "imitation"),
                    ("composite", "composite"),
                    ("unknown", "unknown"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "maker",
                            "sponsor",
                            "fineness",
                            "office",
                            "date",
                            "convention",
                            "edition",
                            "engraving",
                        ],
                    )
                ),
                name="mark_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("element__in", ["gold", "silver", "platinum", "palladium", "other"])
                ),
                name="element_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "coating_metal__in",
                        [
                            "",
                            "gold",
                            "silver",
                            "rhodium",
                            "ruthenium",
                            "palladium",
                            "platinum",
                            "other",
                        ],
                    )
                ),
                name="coating_metal_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "coating_method__in",
                        ["", "electroplated", "vermeil", "mechanical", "pvd", "leaf", "other"],
                    )
                ),
                name="coating_method_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("coating_metal", ""),
                    models.Q(("coating_method", ""), _negated=True),
                    _connector="OR",
                ),
                name="coating_says_its_method",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("coating_metal", "other"), _negated=True),
                    models.Q(("coating_note", ""), _negated=True),
                    _connector="OR",
                ),
                name="other_coating_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("coating_fineness__isnull", True),
                    models.Q(("coating_fineness__gte", 1), ("coating_fineness__lte", 999)),
                    _connector="OR",
                ),
                name="coating_fineness_is_parts_per_thousand",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("coating_micrometres__isnull", True),
                    ("coating_micrometres__gt", 0),
                    _connector="OR",
                ),
                name="coating_thickness_is_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="photograph",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["front", "scale", "back", "marks", "other"])),
                name="photograph_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="photograph",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "digitalCapture",
                            "computationalCapture",
                            "digitalCreation",
                            "trainedAlgorithmicMedia",
                            "compositeWithTrainedAlgorithmicMedia",
                        ],
                    )
                ),
                name="photograph_source_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="piece_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "ring",
                            "earrings",
                            "pendant",
                            "necklace",
                            "bracelet",
                            "cuff",
                            "brooch",
                            "cufflinks",
                            "piece",
                        ],
                    )
                ),
                name="kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("year_to__isnull", True),
                    models.Q(("year_to__gte", models.F("year")), ("year_to__lte", 9999)),
                    _connector="OR",
                ),
                name="last_year_is_not_before_the_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gtin", ""), ("gtin__regex", "^([0-9]{8}|[0-9]{12,14})$"), _connector="OR"
                ),
                name="gtin_is_8_or_12_to_14_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("serial", ""), ("serial__regex", '^[!"%-?A-Z_a-z]{1,20}$'), _connector="OR"
                ),
                name="serial_fits_a_gs1_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("markets", ""), ("markets__regex", "^[A-Z]{2}(,[A-Z]{2})*$"), _connector="OR"
                ),
                name="markets_are_country_codes",
            ),
        ),
        migrations.AddConstraint(
            model_name="stone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "origin__in",
                        [
                            "natural",
                            "laboratory-grown",
                            "cultured",
                            "imitation",
                            "composite",
                            "unknown",
                        ],
                    )
                ),
                name="stone_origin_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("country", ""), ("country__regex", "^[A-Z]{2}$"), _connector="OR"
                ),
                name="stone_country_is_two_letters",
            ),
        ),
        migrations.AddConstraint(
            model_name="stone",
            constraint=models.CheckConstraint(
                condition=models.Q(("carat_basis__in", ["measured", "estimated"])),
                name="carat_basis_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("carat_total__isnull", True), ("carat_total__gt", 0), _connector="OR"
                ),
                name="total_carat_is_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="stone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("length_mm__isnull", True), ("length_mm__gt", 0), _connector="OR"),
                    models.Q(("width_mm__isnull", True), ("width_mm__gt", 0), _connector="OR"),
                    models.Q(("depth_mm__isnull", True), ("depth_mm__gt", 0), _connector="OR"),
                ),
                name="stone_sizes_are_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="stone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("width_mm__isnull", True), ("length_mm__isnull", False), _connector="OR"
                    ),
                    models.Q(
                        ("depth_mm__isnull", True), ("width_mm__isnull", False), _connector="OR"
                    ),
                ),
                name="stone_sizes_begin_with_the_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="stone",
            constraint=models.CheckConstraint(
                condition=models.Q(("graded_by__in", ["", "report", "maker"])),
                name="grader_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("graded_by", ""), _negated=True),
                    models.Q(("clarity", ""), ("colour", ""), ("cut_grade", "")),
                    _connector="OR",
                ),
                name="grades_say_whose_they_are",
            ),
        ),
        migrations.AddField(
            model_name="appraisal",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="appraisal",
            name="piece",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="provenance.piece"
            ),
        ),
        migrations.AddField(
            model_name="sourcing",
            name="piece",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sourcing",
                to="provenance.piece",
            ),
        ),
        migrations.AddField(
            model_name="stonereport",
            name="stone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="provenance.stone",
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="appraisal_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="currency_is_three_letters",
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose", ""), _negated=True), name="appraisal_has_a_purpose"
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(("appraiser", ""), _negated=True),
                name="appraisal_names_its_appraiser",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcing",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["recycled", "fair", "conflict-free", "origin"])),
                name="sourcing_claim_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcing",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["business", "product"])),
                name="sourcing_scope_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcing",
            constraint=models.CheckConstraint(
                condition=models.Q(("about", ""), _negated=True), name="sourcing_is_about_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcing",
            constraint=models.CheckConstraint(
                condition=models.Q(("scheme", ""), _negated=True), name="sourcing_names_its_scheme"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcing",
            constraint=models.CheckConstraint(
                condition=models.Q(("document", ""), _negated=True),
                name="sourcing_names_its_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="stonereport",
            constraint=models.CheckConstraint(
                condition=models.Q(("lab", ""), _negated=True), name="report_names_its_laboratory"
            ),
        ),
        migrations.AddConstraint(
            model_name="stonereport",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="report_has_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="stonereport",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^https?://\\S+$"), _connector="OR"),
                name="report_link_is_a_web_address",
            ),
        ),
    ]
