"""Events and what follows from them get keys by which they are found."""

from django.db import migrations, models

from caricc.lib.search.tables import KeysField, searchable


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0005_note_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseWords",
            fields=[
                ("record", models.BigIntegerField(primary_key=True, serialize=False)),
                ("keys", KeysField()),
            ],
            options={
                "verbose_name": "keys of a case",
                "verbose_name_plural": "keys of cases",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CommitmentWords",
            fields=[
                ("record", models.BigIntegerField(primary_key=True, serialize=False)),
                ("keys", KeysField()),
            ],
            options={
                "verbose_name": "keys of a commitment",
                "verbose_name_plural": "keys of commitments",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EventWords",
            fields=[
                ("record", models.BigIntegerField(primary_key=True, serialize=False)),
                ("keys", KeysField()),
            ],
            options={
                "verbose_name": "keys of an event",
                "verbose_name_plural": "keys of events",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OutcomeWords",
            fields=[
                ("record", models.BigIntegerField(primary_key=True, serialize=False)),
                ("keys", KeysField()),
            ],
            options={
                "verbose_name": "keys of an outcome",
                "verbose_name_plural": "keys of outcomes",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TopicWords",
            fields=[
                ("record", models.BigIntegerField(primary_key=True, serialize=False)),
                ("keys", KeysField()),
            ],
            options={
                "verbose_name": "keys of a topic",
                "verbose_name_plural": "keys of topics",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        searchable("events_casewords"),
        searchable("events_commitmentwords"),
        searchable("events_eventwords"),
        searchable("events_outcomewords"),
        searchable("events_topicwords"),
    ]
