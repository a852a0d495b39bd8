"""Figures that are kept ready for the start page."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_proposals"),
        ("events", "0010_marks_of_restriction"),
    ]

    operations = [
        migrations.CreateModel(
            name="EventTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField()),
                ("last", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bilateral", "Bilateral meeting"),
                            ("meeting", "Meeting"),
                            ("working_group", "Working group"),
                            ("conference", "Conference"),
                            ("workshop", "Workshop"),
                            ("briefing", "Briefing"),
                            ("visit", "Visit"),
                            ("ceremony", "Ceremony"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("held", "Held"),
                            ("postponed", "Postponed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        blank=True,
                        choices=[("in_person", "In person"), ("online", "Online"), ("hybrid", "Hybrid")],
                        max_length=10,
                    ),
                ),
                ("without_outcome", models.BooleanField()),
                ("without_delegation", models.BooleanField()),
                ("n", models.IntegerField(verbose_name="events")),
                ("outcomes", models.IntegerField(verbose_name="outcomes")),
            ],
            options={
                "verbose_name": "tally of events",
                "verbose_name_plural": "tallies of events",
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("first", "last", "kind", "status", "format", "without_outcome", "without_delegation"),
                        name="eventtally_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubjectTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("about", models.CharField(choices=[("country", "state"), ("topic", "topic")], max_length=7)),
                ("key", models.CharField(max_length=20)),
                ("n", models.IntegerField(verbose_name="events")),
            ],
            options={
                "verbose_name": "tally of a state or topic",
                "verbose_name_plural": "tallies of states and topics",
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("about", "key", "first", "last"), name="subjecttally_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("below", models.BooleanField()),
                ("n", models.IntegerField(verbose_name="events")),
                ("latest", models.DateField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="tallies",
                        to="contacts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "tally of a partner",
                "verbose_name_plural": "tallies of partners",
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("below", "organization", "first", "last"), name="partnertally_once")
                ],
            },
        ),
    ]
