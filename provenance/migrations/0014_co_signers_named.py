"""Decisions for level I3 from before the field named the co-signer in their reason."""

from django.db import migrations


def point_to_the_reason(apps, schema_editor):
    decisions = apps.get_model("provenance", "IdentityDecision").objects
    decisions.filter(level="I3", co_signer="").update(co_signer="named in the reason")


class Migration(migrations.Migration):
    dependencies = [("provenance", "0013_identity")]

    operations = [migrations.RunPython(point_to_the_reason, migrations.RunPython.noop)]
