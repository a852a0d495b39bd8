"""Names are searched for what they contain: trigrams on PostgreSQL, where it has them; SQLite reads the names."""

from django.db import DatabaseError, migrations, transaction

TABLES = ("contacts_cityname", "contacts_organizationname", "contacts_personname")


def index(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
    try:
        with transaction.atomic(schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:  # not for this role to make: names are read then, as on SQLite
        return
    for table in TABLES:
        schema_editor.execute(f"CREATE INDEX {table}_parts ON {table} USING gin (folded gin_trgm_ops)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {table}_parts")


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0003_words"),
    ]

    operations = [
        migrations.RunPython(index, drop),
    ]
