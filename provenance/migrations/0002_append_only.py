"""Let the database refuse every change of what is signed or recorded."""

from django.db import migrations

from provenance.models import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("provenance", "0001_first")]

    operations = [migrations.RunPython(create, drop)]
