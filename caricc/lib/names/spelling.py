"""Stand-in."""


def skeleton(word: str) -> str:
    return word[:1] + "".join(ch for ch in word[1:] if ch not in "aeiouy")
