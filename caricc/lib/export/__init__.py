"""Exports: every row of a question as CSV, JSON lines or XLSX, as fast as the database gives them, from one snapshot.

What a file holds is declared (`columns`), never told row by row: expressions over the model, and lists gathered from
related rows in sets. PostgreSQL makes the lines itself and COPY brings them; of SQLite the values are taken and
written here. Both make the same bytes of the same rows.
"""

from caricc.lib.export.columns import Columns, Counted, Gathered, Label, StateName, joined
from caricc.lib.export.download import response

__all__ = ["Columns", "Counted", "Gathered", "Label", "StateName", "joined", "response"]
