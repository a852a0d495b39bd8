"""Search: words become keys in Python, both databases look the same keys up, and Python orders the best of them.

`keys` says which keys a text is found by and which a question asks for, `tables` keeps them and asks the database,
`index` says what of a record is kept and keeps it true, `found` orders hits and says why they are hits.
"""
