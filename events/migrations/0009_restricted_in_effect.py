"""Who may not read everything looks at owners and readers only where this mark stands."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contacts", "0006_proposals"),
        ("events", "0008_words_instead_of_folded_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="event",
            name="event_restricted",
        ),
        migrations.AddField(
            model_name="commitment",
            name="restricted_in_effect",
            field=models.BooleanField(default=True, editable=False, verbose_name="restricted in effect"),
        ),
        migrations.AddField(
            model_name="event",
            name="restricted_in_effect",
            field=models.BooleanField(default=True, editable=False, verbose_name="restricted in effect"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("restricted_in_effect", True)), fields=["id"], name="event_restricted"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("visibility", "internal"), ("restricted_in_effect", True), _connector="OR"),
                name="event_restricted_is_marked",
            ),
        ),
    ]
