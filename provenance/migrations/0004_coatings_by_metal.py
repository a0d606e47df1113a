"""Name the metal of coatings that were words alone: another coating, with these words as its note.

Their law stands from here on: before, rows would have broken it.
"""

from django.db import migrations, models


def name_the_metal(apps, schema_editor):
    worded = apps.get_model("provenance", "Part").objects.exclude(coating_note="")
    worded.filter(coating_metal="").update(coating_metal="other", coating_method="other")


class Migration(migrations.Migration):
    dependencies = [("provenance", "0003_whole_data_model")]

    operations = [
        migrations.RunPython(name_the_metal, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("coating_metal", ""), _negated=True),
                    models.Q(
                        ("coating_fineness__isnull", True),
                        ("coating_method", ""),
                        ("coating_micrometres__isnull", True),
                        ("coating_note", ""),
                    ),
                    _connector="OR",
                ),
                name="coating_names_its_metal",
            ),
        ),
    ]
