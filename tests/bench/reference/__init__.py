"""The other sides: small programs of the kind that one writes without further thought, or by hand in SQL.

Each asks `visible_to` for the rows of the reader, as ours does, so that both give the same answer.
"""
