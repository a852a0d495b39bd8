"""The roles of the contract as groups, with the rights of `caricc.lib.rights.role_table`."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from caricc.lib.rights import role_table


def make_roles(apps, schema_editor):
    for label in ("caricc", "contacts", "events"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    models = [m for m in apps.get_models() if m._meta.app_label in ("contacts", "events")]
    table = role_table([m for m in models if "export" in m._meta.default_permissions])
    for name, codes in table.items():
        role, _made = group.objects.get_or_create(name=name)
        role.permissions.set(
            permission.objects.filter(codename__in=codes, content_type__app_label__in=["caricc", "contacts", "events"])
        )


def drop_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=role_table([])).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_events"),
        ("contacts", "0001_contacts"),
        ("caricc", "0001_accounts_and_history"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_roles, drop_roles)]
