"""Names of people and organizations, in any script and spelling: found, compared, and the likeness told in words.

Nothing here knows a database: `keys` says what to store and what to ask for, `directory` and `organizations` put those
that were found in order.
"""
