"""From now on level I3 says who vouched."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("provenance", "0014_co_signers_named")]

    operations = [
        migrations.AddConstraint(
            model_name="identitydecision",
            constraint=models.CheckConstraint(
                condition=~Q(level="I3") | ~Q(co_signer=""), name="level_i3_names_its_co_signer"
            ),
        ),
    ]
