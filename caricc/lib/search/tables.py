"""Where keys are kept: a `tsvector` with a GIN index on PostgreSQL, FTS5 on SQLite, with the same answers.

No text goes through a database's own parser: keys are ASCII words already.
"""

import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import connections, migrations, models
from django.db.models.lookups import Lookup

from caricc.lib.search.keys import Clause, Key

FEW, EVERYTHING = 10_000, 10**12


class KeysField(models.TextField):
    """A set of keys, written with single spaces; ask with `keys__have=[clause, ...]`, of which every one must hold."""

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_prep_value(self, value):
        return value if value is None or isinstance(value, str) else " ".join(sorted(value))

    def from_db_value(self, value, expression, connection):
        return value and value.replace("'", "")


@KeysField.register_lookup
class Have(Lookup):
    """The row has a key of every clause. A clause without alternatives, or no clause at all, is met by no row."""

    lookup_name = "have"
    prepare_rhs = False
    rhs: Sequence[Clause]

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def as_sql(self, compiler, connection):
        clauses = [sorted(clause) for clause in self.rhs]
        if not clauses or not all(clauses):
            return "0 = 1", ()
        lhs, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{lhs} @@ %s::tsquery", (*params, postgresql_question(clauses))
        table, record = self.lhs.alias, connection.ops.quote_name(self.lhs.target.model._meta.pk.column)
        fts = connection.ops.quote_name(f"{self.lhs.target.model._meta.db_table}_fts")
        return f'"{table}".{record} IN (SELECT rowid FROM {fts} WHERE {fts} MATCH %s)', (sqlite_question(clauses),)  # noqa: S608 - names of tables


def postgresql_question(clauses: Iterable[Iterable[Key]]) -> str:
    return " & ".join(_either(clause, "'{}':*", "'{}'", " | ") for clause in clauses)


def sqlite_question(clauses: Iterable[Iterable[Key]]) -> str:
    return " AND ".join(_either(clause, '"{}"*', '"{}"', " OR ") for clause in clauses)


def _either(clause: Iterable[Key], begins: str, exactly: str, joint: str) -> str:
    return f"({joint.join((begins if key.begins else exactly).format(key.text) for key in clause)})"


class Words(models.Model):
    """What one record is found by: made from the record by `caricc.lib.search.index`, never edited."""

    record = models.BigIntegerField(primary_key=True)
    keys = KeysField()

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self):
        return str(self.record)


def searchable(table: str) -> migrations.RunPython:
    """The operation of a migration that makes the index of a table of `Words`; after the one that makes the table."""
    return migrations.RunPython(partial(_make, table), partial(_unmake, table))


def _make(table: str, apps: Any, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX {table}_keys ON {table} USING gin (keys)")
        schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN keys SET STATISTICS 1000")  # rare keys known as rare
        return
    fts = f"{table}_fts"
    gone = f"INSERT INTO {fts} ({fts}, rowid, keys) VALUES ('delete', old.record, old.keys);"  # noqa: S608
    come = f"INSERT INTO {fts} (rowid, keys) VALUES (new.record, new.keys);"  # noqa: S608
    schema_editor.execute(
        f"CREATE VIRTUAL TABLE {fts} USING fts5("
        f"keys, content='{table}', content_rowid='record', tokenize='ascii', detail='none')"
    )
    for name, when, what in (
        ("come", "INSERT", come),
        ("gone", "DELETE", gone),
        ("changed", "UPDATE", f"{gone} {come}"),
    ):
        schema_editor.execute(f"CREATE TRIGGER {fts}_{name} AFTER {when} ON {table} BEGIN {what} END")


def _unmake(table: str, apps: Any, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {table}_keys")
        return
    for name in ("come", "gone", "changed"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_fts_{name}")
    schema_editor.execute(f"DROP TABLE IF EXISTS {table}_fts")


def first(rows: models.QuerySet) -> models.QuerySet:
    """`rows` of keys as a subquery that PostgreSQL answers by the index, before anything else, where they are few.

    With a LIMIT around it, it likes to walk through all records by date and look each one up, which for a rare word
    means all of them. A subquery with a LIMIT of its own is a fence. Where many rows are expected, the walk is right.
    SQLite needs no advice. Costs a look at the plan.
    """
    if connections[rows.db].vendor != "postgresql":
        return rows
    plan = json.loads(rows.explain(format="json"))
    return rows[:EVERYTHING] if plan[0]["Plan"]["Plan Rows"] <= FEW else rows
