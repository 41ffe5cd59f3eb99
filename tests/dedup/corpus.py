"""Texts for the tests of this room, made of invented words: the same ones for the same seed."""
# ruff: noqa: S311  nothing here is secret

import random

VOCABULARY = [
    first + middle + last
    for first in ("ka", "lo", "mi", "su", "te", "bra", "dro", "fli", "gne", "pra")
    for middle in ("na", "ri", "to", "vel", "mund", "sta")
    for last in ("", "n", "s", "da", "lik")
]


def article(seed, words=300):
    """An article of so many words in paragraphs."""
    rng = random.Random(seed)
    sentences, left = [], words
    while left > 0:
        length = min(left, rng.randint(8, 18))
        sentences.append(" ".join(rng.choice(VOCABULARY) for _ in range(length)).capitalize() + ".")
        left -= length
    return "\n\n".join(" ".join(sentences[k : k + 3]) for k in range(0, len(sentences), 3))


def edited(text, seed, rate):
    """The text with some of its words changed."""
    rng = random.Random(seed)
    return " ".join(rng.choice(VOCABULARY) if rng.random() < rate else word for word in text.split(" "))


def cut(text, share):
    """The first part of a text."""
    words = text.split(" ")
    return " ".join(words[: int(len(words) * share)])


def corpus(size=40):
    """Articles, and of every fourth one a copy with a few words changed, of every fifth an equal one."""
    texts = [article(f"article {k}", 120 + 7 * (k % 9)) for k in range(size)]
    texts += [edited(texts[k], k, 0.1) for k in range(0, size, 4)]
    texts += [texts[k].upper() for k in range(0, size, 5)]
    random.Random(1).shuffle(texts)
    return texts
