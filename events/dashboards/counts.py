"""Counts that the ORM cannot ask for in one query: distinct events over a tree, and over the union of two links.

The rows to be counted come as query sets, so that who may see what, and what was asked, stays where it always is.
"""

# ruff: noqa: S608 - tables and query sets are our own, values are parameters
from django.core.exceptions import EmptyResultSet

from caricc.lib.reading import connection
from contacts.models import Organization

BODY = Organization._meta.db_table


def bodies_by_top(delegations, most: int) -> list[tuple]:
    """(id, name, short name, state, events) of the topmost partners, each with all bodies below it; most events first."""
    quote = connection.ops.quote_name
    try:
        pairs, params = delegations.order_by().values_list("organization", "event").query.sql_with_params()
    except EmptyResultSet:
        return []
    sql = (
        "WITH RECURSIVE tree(id, top) AS ("
        f"SELECT o.id, o.id FROM {quote(BODY)} o LEFT JOIN {quote(BODY)} up ON up.id = o.parent_id "
        "WHERE NOT o.own AND (up.id IS NULL OR up.own) UNION "
        f"SELECT o.id, tree.top FROM {quote(BODY)} o JOIN tree ON o.parent_id = tree.id), "
        f"met(body, event) AS ({pairs}), "
        "counted(top, n) AS (SELECT tree.top, COUNT(DISTINCT met.event) FROM met JOIN tree ON tree.id = met.body "
        "GROUP BY tree.top) "
        "SELECT o.id, o.name, o.short_name, o.country, counted.n "
        f"FROM counted JOIN {quote(BODY)} o ON o.id = counted.top ORDER BY counted.n DESC, o.id LIMIT {int(most)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def states_and_topics(delegations, topics) -> list[tuple]:
    """("country", code, "", events) and ("topic", id, name, events); a state took part itself or through an organization."""
    columns = (
        delegations.exclude(country="").order_by().values_list("country", "event"),
        delegations.exclude(organization__country="").filter(organization__isnull=False).order_by()
        .values_list("organization__country", "event"),
        topics.order_by().values_list("topic", "topic__name", "event"),
    )  # fmt: skip
    try:
        (itself, first), (through, second), (filed, third) = [rows.query.sql_with_params() for rows in columns]
    except EmptyResultSet:
        return []
    sql = (
        f"WITH took_part(code, event) AS ({itself} UNION {through}), filed(topic, name, event) AS ({filed}) "
        "SELECT 'country', code, '', COUNT(*) FROM took_part GROUP BY code UNION ALL "
        "SELECT 'topic', CAST(topic AS varchar(20)), name, COUNT(*) FROM filed GROUP BY topic, name"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*first, *second, *third])
        return cursor.fetchall()
