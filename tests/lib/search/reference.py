"""What a database is to answer, told in Python."""


def holds(keys: set[str], clause) -> bool:
    return any(any(kept.startswith(key.text) for kept in keys) if key.begins else key.text in keys for key in clause)


def hits(kept: dict[int, set[str]], clauses) -> set[int]:
    return {pk for pk, keys in kept.items() if clauses and all(holds(keys, clause) for clause in clauses)}
