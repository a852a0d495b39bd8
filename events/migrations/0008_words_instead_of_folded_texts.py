"""What is found stands in the tables of keys now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_texts_folded_again"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="case",
            name="folded",
        ),
        migrations.RemoveField(
            model_name="casealias",
            name="folded",
        ),
        migrations.RemoveField(
            model_name="casenote",
            name="folded",
        ),
        migrations.RemoveField(
            model_name="commitment",
            name="folded",
        ),
        migrations.RemoveField(
            model_name="delegate",
            name="folded",
        ),
        migrations.RemoveField(
            model_name="delegation",
            name="folded",
        ),
        migrations.RemoveField(
            model_name="event",
            name="folded",
        ),
        migrations.RemoveField(
            model_name="outcome",
            name="folded",
        ),
        migrations.RemoveField(
            model_name="topic",
            name="folded",
        ),
    ]
