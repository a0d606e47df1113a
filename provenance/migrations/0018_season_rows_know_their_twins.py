"""A row that its maker takes in beside signed ones of other seasons says beside how many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provenance", "0017_fewer_indexes")]

    operations = [
        migrations.AddField(
            "seasonrow",
            "known_twins",
            models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
