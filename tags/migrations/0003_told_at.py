"""When a maker was last written to of a code that many opened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tags", "0002_chips")]

    operations = [
        # Empty and without a default: SQLite adds the column and keeps the table's triggers.
        migrations.AddField(
            model_name="tag",
            name="told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
