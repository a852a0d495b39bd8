"""Nothing on the way up; on the way down the folded texts, whose columns the next migration took, are made anew."""

from django.db import migrations

FOLDED = ("case", "casealias", "casenote", "commitment", "delegate", "delegation", "event", "outcome", "topic")


def fold_again(apps, schema_editor):
    for name in FOLDED:
        model = apps.get_model("events", name)
        for row in model._base_manager.using(schema_editor.connection.alias).iterator(chunk_size=1000):
            row.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0006_words"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, fold_again),
    ]
