from django.core.management import call_command
from django.db import migrations

TABLE = "caricc_cache"


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def unmake(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    """Whatever is kept for a while and seen by all processes, where no Redis is named."""

    dependencies = [("caricc", "0003_merges")]

    operations = [migrations.RunPython(make, unmake)]
