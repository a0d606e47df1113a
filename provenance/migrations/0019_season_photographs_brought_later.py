"""A photograph of a season may come in a ZIP of its own, after the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provenance", "0018_season_rows_know_their_twins")]

    operations = [
        migrations.AddField(
            "seasonpicture",
            "zip_file",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
