"""Texts → a sketch: all that the search for duplicates needs to know of them, as plain arrays.

The file is a line of JSON that names the arrays, then the arrays themselves: no pickle, the same bytes everywhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.dates import UNDATED, second_of
from cleaner.dedup.folding import LINE_FEED, SPACE, Offsets
from cleaner.dedup.options import Options
from cleaner.dedup.profile import Profiles, profiles
from cleaner.dedup.shingles import Hashes32, shingles
from cleaner.dedup.tokens import Words, word_hashes, words
from cleaner.errors import InputError

MAGIC = b"cleaner sketch 1\n"
HEAD = 8192
"""Bytes in which magic and the line of JSON stand."""
BATCH = 1 << 18
"""Characters worked on at a time, so that every array of a step stays in the processor's caches."""
PLACES = 16
"""Stretches of a text that are told apart."""
MAX_WORDS = 200_000
"""Of a longer text the first words stand for all (but for the exact level, which reads it whole)."""


@dataclass(frozen=True)
class Sketch:
    """What is known of n texts."""

    exact: NDArray[np.uint64]
    """(n, 2): `normal_hash` of each text; zeros for a text that holds nothing."""
    length: NDArray[np.uint32]
    """(n,): code points."""
    date: NDArray[np.int64]
    """(n,): seconds since 1970 UTC, or UNDATED."""
    source: NDArray[np.uint32]
    """(n,): place in `sources`."""
    sources: NDArray[np.uint8]
    """The names of the sources, as a JSON list in UTF-8."""
    offsets: Offsets
    """(n + 1,): text i has the shingles `offsets[i]:offsets[i + 1]`."""
    shingles: Hashes32
    """The different shingles of each text, in rising order: the first ones of a row are its bottom-k sample."""
    places: NDArray[np.uint8]
    """For each of them the sixteenth of the text, 0 to 15, in which it first stands."""
    title_offsets: Offsets
    """(n + 1,): text i has the title words `title_offsets[i]:title_offsets[i + 1]`."""
    titles: Hashes32
    """The different words of each title, in rising order; odd for a word with a digit, even for any other."""
    stem_offsets: Offsets
    """(n + 1,): text i has the stems `stem_offsets[i]:stem_offsets[i + 1]`."""
    stems: Hashes32
    weights: NDArray[np.uint8]
    """What the story level compares: see `profiles`."""

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.length)

    def to_bytes(self) -> bytes:
        """Write as one string of bytes."""
        arrays = {f.name: np.ascontiguousarray(getattr(self, f.name)) for f in fields(self)}
        head = json.dumps({name: [a.dtype.str, list(a.shape)] for name, a in arrays.items()}).encode()
        head += b" " * (-(len(MAGIC) + len(head) + 1) % 8) + b"\n"
        return MAGIC + head + b"".join(a.tobytes() + b"\0" * (-a.nbytes % 8) for a in arrays.values())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Sketch":
        """Read what `to_bytes` wrote."""
        return cls(
            **{
                name: np.frombuffer(data, dtype, _count(shape), start).reshape(shape)
                for name, (dtype, shape, start) in _layout(data[:HEAD], "these bytes").items()
            }
        )

    def save(self, path: Path) -> None:
        """Write to a file."""
        path.write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: Path) -> "Sketch":
        """Map a file into memory: what is not looked at is not read.

        Raises:
            InputError: the file is no sketch.
        """
        return cls(**{name: array(path, name) for name in layout(path)})


Layout = dict[str, tuple[np.dtype[Any], list[int], int]]


def layout(path: Path) -> Layout:
    """Tell the type, shape and place in the file of each array of a saved sketch."""
    with path.open("rb") as file:
        return _layout(file.read(HEAD), str(path))


def array(path: Path, name: str) -> NDArray[Any]:
    """Map one array of a saved sketch."""
    dtype, shape, start = layout(path)[name]
    if not _count(shape):
        return np.zeros(shape, dtype)
    return np.memmap(path, dtype, "r", start, tuple(shape))


def column(paths: Sequence[Path], name: str) -> NDArray[Any]:
    """Read one array of several sketches, put one after the other."""
    parts = [array(path, name) for path in paths]
    return np.concatenate([np.asarray(part).ravel() for part in parts]) if parts else np.zeros(0, dtype=np.int64)


def _layout(head: bytes, where: str) -> Layout:
    magic, line = head[: len(MAGIC)], head[len(MAGIC) :].partition(b"\n")[0]
    if magic != MAGIC:
        raise InputError(f"{where}: not a sketch of this version; remove it and run again.")
    at, found = len(MAGIC) + len(line) + 1, {}
    for name, (kind, shape) in json.loads(line).items():
        dtype = np.dtype(kind)
        found[name] = (dtype, shape, at)
        at += (_count(shape) * dtype.itemsize + 7) // 8 * 8
    return found


def _count(shape: list[int]) -> int:
    return int(np.prod(shape, dtype=np.int64))


def sketch(
    texts: Sequence[str],
    *,
    titles: Sequence[str] | None = None,
    dates: Sequence[str] | None = None,
    sources: Sequence[str] | None = None,
    options: Options,
) -> Sketch:
    """Sketch `texts`; titles, dates and sources, where given, are as many and may be empty strings."""
    names = {name: k for k, name in enumerate(sorted(set(sources or [""])))}
    titles = titles or [""] * len(texts)
    parts = [_digest(texts[a:b], titles[a:b], options) for a, b in _batches(texts)]
    title_offsets, title_words = _title_words(titles)
    return Sketch(
        exact=_chain([p.exact for p in parts], np.uint64).reshape(-1, 2),
        length=np.array([len(text) for text in texts], dtype=np.uint32),
        date=np.array([second_of(d) for d in dates] if dates else [UNDATED] * len(texts), dtype=np.int64),
        source=np.array([names[s] for s in sources] if sources else [0] * len(texts), dtype=np.uint32),
        sources=np.frombuffer(json.dumps(list(names)).encode(), dtype=np.uint8),
        offsets=_chain([np.zeros(1), *(p.counts for p in parts)], np.int64).cumsum(),
        shingles=_chain([p.shingles for p in parts], np.uint32),
        places=_chain([p.places for p in parts], np.uint8),
        title_offsets=title_offsets,
        titles=title_words,
        stem_offsets=_chain([np.zeros(1), *(p.profile.counts for p in parts)], np.int64).cumsum(),
        stems=_chain([p.profile.stems for p in parts], np.uint32),
        weights=_chain([p.profile.weights for p in parts], np.uint8),
    )


def _chain(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    """Put arrays one after the other."""
    return np.concatenate([np.zeros(0, dtype=dtype), *(a.ravel().astype(dtype, copy=False) for a in arrays)])


def normal_hash(text: str) -> bytes:
    """Hash a text so that case, punctuation and white space make no difference.

    BLAKE2b, 16 bytes, of its words (runs of letters, marks and digits, in lower case) with a space between them. A
    text without a word is hashed as it is, but for white space; one of white space alone has 16 zero bytes and equals
    nothing.

    >>> normal_hash("“Who’s there?”") == normal_hash("who s there") != normal_hash("who is there")
    True
    """
    return _exact_hashes([text], words([text])).tobytes()


@dataclass(frozen=True)
class _Part:
    """The arrays of one batch."""

    exact: NDArray[np.uint64]
    counts: Offsets
    shingles: Hashes32
    places: NDArray[np.uint8]
    profile: Profiles


def _digest(texts: Sequence[str], titles: Sequence[str], options: Options) -> _Part:
    batch = words(texts)
    exact = _exact_hashes(texts, batch)
    nothing = Profiles(np.zeros(len(texts), np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint8))
    if options.level in {"off", "exact"}:
        return _Part(exact, np.zeros(len(texts), np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint8), nothing)
    sequence = shingles(word_hashes(batch), batch.offsets)
    counts = np.diff(sequence.offsets)
    row = np.repeat(np.arange(len(texts)), counts)
    order = np.arange(len(row)) - sequence.offsets[row]
    place = (order * (PLACES / np.maximum(1, np.minimum(counts, MAX_WORDS)))[row]).astype(np.int64)
    # text, hash and place in one number, so that one sort does: 28, 32 and 4 bits
    keys = (row << 36 | sequence.hashes.astype(np.int64) << 4 | place).view(np.uint64)
    if len(counts) and counts.max() > MAX_WORDS:
        keys = keys[order < MAX_WORDS]
    keys.sort()
    new = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:] >> np.uint64(4), keys[:-1] >> np.uint64(4), out=new[1:])
    keys = keys[new]
    ends = np.searchsorted(keys, np.arange(len(texts) + 1, dtype=np.uint64) << np.uint64(36))
    profile = profiles(words(titles), batch) if options.level == "story" else nothing
    places = keys.astype(np.uint8) & np.uint8(PLACES - 1)
    return _Part(exact, np.diff(ends), (keys >> np.uint64(4)).astype(np.uint32), places, profile)


def _title_words(titles: Sequence[str]) -> tuple[Offsets, Hashes32]:
    """Hash the different words of each title."""
    batch = words(titles)
    digits = np.concatenate([[0], np.cumsum((batch.data >= ord("0")) & (batch.data <= ord("9")))])
    number = digits[batch.ends] > digits[batch.starts]
    hashes = word_hashes(batch) >> np.uint64(32) & np.uint64(0xFFFFFFFE) | number.astype(np.uint64)
    rows = np.repeat(np.arange(len(titles), dtype=np.uint64), np.diff(batch.offsets))
    keys = np.unique(rows << np.uint64(32) | hashes)
    return np.searchsorted(keys, np.arange(len(titles) + 1, dtype=np.uint64) << np.uint64(32)), keys.astype(np.uint32)


def _exact_hashes(texts: Sequence[str], batch: Words) -> NDArray[np.uint64]:
    """Hash the words of each text, given what `words` found: (n, 2) uint64."""
    letters = batch.data > SPACE
    kept = letters | (batch.data == LINE_FEED)
    kept[1:] |= letters[:-1]  # the space after each word stays, all others go
    digests = []
    for text, normal in zip(texts, batch.data[kept].tobytes().split(b"\n"), strict=bool(texts)):
        content = normal.rstrip() or " ".join(text.split()).encode("utf-8", "surrogatepass")
        digests.append(blake2b(content, digest_size=16).digest() if content else bytes(16))
    return np.frombuffer(b"".join(digests), dtype=np.uint64).reshape(-1, 2)


def _batches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Cut a list of texts into runs of about BATCH characters."""
    cuts, size = [0], 0
    for k, text in enumerate(texts):
        if size and size + len(text) > BATCH:
            cuts.append(k)
            size = 0
        size += len(text)
    return list(zip(cuts, [*cuts[1:], len(texts)], strict=True))
