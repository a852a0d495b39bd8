"""People, organizations and cities get keys by which they are found."""

from django.db import migrations, models

from caricc.lib.search.tables import KeysField, searchable


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0002_rhythm"),
    ]

    operations = [
        migrations.CreateModel(
            name="CityWords",
            fields=[
                ("record", models.BigIntegerField(primary_key=True, serialize=False)),
                ("keys", KeysField()),
            ],
            options={
                "verbose_name": "keys of a city",
                "verbose_name_plural": "keys of cities",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OrganizationWords",
            fields=[
                ("record", models.BigIntegerField(primary_key=True, serialize=False)),
                ("keys", KeysField()),
            ],
            options={
                "verbose_name": "keys of an organization",
                "verbose_name_plural": "keys of organizations",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PersonWords",
            fields=[
                ("record", models.BigIntegerField(primary_key=True, serialize=False)),
                ("keys", KeysField()),
            ],
            options={
                "verbose_name": "keys of a person",
                "verbose_name_plural": "keys of people",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        searchable("contacts_citywords"),
        searchable("contacts_organizationwords"),
        searchable("contacts_personwords"),
    ]
