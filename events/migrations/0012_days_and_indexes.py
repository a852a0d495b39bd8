"""Days that commitments count from; indexes of what comes next and of what is over."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contacts", "0006_proposals"),
        ("events", "0011_tallies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="counted_from",
            field=models.DateField(editable=False, null=True, verbose_name="counted from"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["counted_from", "closed_on"], name="commitment_open_on"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["end_date"], name="event_list_by_end"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(condition=models.Q(("status", "planned")), fields=["end_date"], name="event_planned"),
        ),
    ]
