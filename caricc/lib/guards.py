"""Rules that no CHECK can hold, as triggers, in the words of both databases.

They are put in place after every `migrate` and not by a migration: SQLite makes a table anew when a column changes,
and its triggers are lost with the old one.
"""

# ruff: noqa: S608 - table names come from the models
from django.db import connections


def no_loop(table: str) -> dict[str, str]:
    """`parent_id` never leads back to the row itself."""
    name = f"{table}_no_loop"
    walk = (
        f"WITH RECURSIVE up(id) AS (SELECT NEW.parent_id UNION SELECT t.parent_id FROM {table} t JOIN up ON t.id = up.id "
        "WHERE t.parent_id IS NOT NULL) SELECT 1 FROM up WHERE id = NEW.id"
    )
    return _triggers(name, table, ["INSERT", "UPDATE OF parent_id"], f"EXISTS ({walk})")


def two_levels(table: str) -> dict[str, str]:
    """A row with a parent is nobody's parent, and its parent has none."""
    name = f"{table}_two_levels"
    test = (
        f"NEW.parent_id IS NOT NULL AND (EXISTS (SELECT 1 FROM {table} WHERE id = NEW.parent_id AND "
        f"parent_id IS NOT NULL) OR EXISTS (SELECT 1 FROM {table} WHERE parent_id = NEW.id) OR NEW.parent_id = NEW.id)"
    )
    return _triggers(name, table, ["INSERT", "UPDATE OF parent_id"], test)


def _triggers(name: str, table: str, events: list[str], test: str) -> dict[str, str]:
    sqlite = "".join(
        f"DROP TRIGGER IF EXISTS {name}_{event.split()[0].lower()};\n"
        f"CREATE TRIGGER {name}_{event.split()[0].lower()} AFTER {event} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, '{name}') WHERE {test}; END;\n"
        for event in events
    )
    postgresql = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM pg_advisory_xact_lock(hashtext('{name}')); IF {test} THEN "
        f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;\n"
        f"CREATE OR REPLACE TRIGGER {name} AFTER {' OR '.join(events)} ON {table} "
        f"FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION {name}();\n"
    )
    return {"sqlite": sqlite, "postgresql": postgresql}


def install(app_config, using, **kwargs) -> None:
    """Put the guards of the models of this app in place; each model lists its own in `guards`."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    for model in app_config.get_models():
        if model._meta.db_table not in tables:
            continue
        for guard in getattr(model, "guards", ()):
            script = guard(model._meta.db_table)[connection.vendor]
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    for statement in script.split(";\n"):
                        if statement.strip():
                            cursor.execute(statement)
                else:
                    cursor.execute(script)
