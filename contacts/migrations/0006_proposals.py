"""Pairs of records that may be the same; `reindex` finds those of records that are there already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_different"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProposedOrganizations",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.BigIntegerField()),
                ("second", models.BigIntegerField(db_index=True)),
                ("score", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "organizations that may be the same",
                "verbose_name_plural": "organizations that may be the same",
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="proposedorganizations_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="proposedorganizations_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposedPeople",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.BigIntegerField()),
                ("second", models.BigIntegerField(db_index=True)),
                ("score", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "people who may be the same",
                "verbose_name_plural": "people who may be the same",
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="proposedpeople_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="proposedpeople_in_order"
                    ),
                ],
            },
        ),
    ]
