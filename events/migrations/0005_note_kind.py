"""A line of the journal may tell that the next step was done."""

from django.db import migrations, models


def call_them_notes(apps, schema_editor):
    """On the way back: the kind goes, what the lines say stays."""
    apps.get_model("events", "CaseNote").objects.filter(kind="done").update(kind="note")


class Migration(migrations.Migration):
    dependencies = [("events", "0004_roles_of_follow_up")]

    operations = [
        migrations.AlterField(
            model_name="casenote",
            name="kind",
            field=models.CharField(
                choices=[
                    ("note", "Note"), ("opened", "Opened"), ("dormant", "Put to rest"), ("closed", "Closed"),
                    ("done", "Step done"),
                ],
                default="note",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint(model_name="casenote", name="casenote_kind_known"),
        migrations.AddConstraint(
            model_name="casenote",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["note", "opened", "dormant", "closed", "done"])),
                name="casenote_kind_known",
                violation_error_message="kind has a value that is not on its list.",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, call_them_notes),
    ]  # fmt: skip
