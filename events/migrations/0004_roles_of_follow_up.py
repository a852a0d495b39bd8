"""The rights of the roles on rhythms, shifts of due dates and saved views."""

from importlib import import_module

from django.contrib.auth.management import create_permissions
from django.db import migrations

from caricc.lib.rights import role_table

OWN = ("caricc", "contacts", "events")


def give_rights(apps, schema_editor):
    for label in OWN:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    models = [m for m in apps.get_models() if m._meta.app_label in OWN and "export" in m._meta.default_permissions]
    for name, codes in role_table(models).items():
        role, _made = group.objects.get_or_create(name=name)
        role.permissions.set(permission.objects.filter(codename__in=codes, content_type__app_label__in=OWN))


def take_back(apps, schema_editor):
    import_module("events.migrations.0002_roles").make_roles(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_follow_up"),
        ("contacts", "0002_rhythm"),
        ("caricc", "0002_saved_views_and_feeds"),
    ]
    operations = [migrations.RunPython(give_rights, take_back)]
