from django.db import migrations
from django.db.models import Q


def mark(apps, schema_editor):
    """Everything bears the mark from before; it is taken from what nothing restricts."""
    event, commitment = apps.get_model("events", "Event"), apps.get_model("events", "Commitment")
    parts = event.objects.filter(parent__visibility="restricted").values("pk")
    event.objects.filter(visibility="internal").exclude(pk__in=parts).update(restricted_in_effect=False)
    events = event.objects.filter(restricted_in_effect=True).values("pk")
    cases = apps.get_model("events", "Case").objects.filter(visibility="restricted").values("pk")
    rows = commitment.objects.filter(Q(event=None) | ~Q(event__in=events), Q(case=None) | ~Q(case__in=cases))
    rows.update(restricted_in_effect=False)


class Migration(migrations.Migration):
    dependencies = [("events", "0009_restricted_in_effect")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop, elidable=True)]
