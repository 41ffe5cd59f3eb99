"""Texts → a sketch: all that the search for duplicates needs to know of them, as plain arrays.

The file is a line of JSON that names the arrays, then the arrays themselves: no pickle, the same bytes everywhere.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.dates import UNDATED, dateline_of, second_of
from cleaner.dedup.folding import Offsets
from cleaner.dedup.options import Options
from cleaner.dedup.profile import Profiles, profiles
from cleaner.dedup.ragged import places
from cleaner.dedup.shingles import Hashes32, Shingles, shingles
from cleaner.dedup.tokens import word_hashes, words
from cleaner.errors import InputError

MAGIC = b"cleaner sketch 3\n"
HEAD = 8192
"""Bytes in which magic and the line of JSON stand."""
BATCH = 1 << 18
"""Characters worked on at a time, so that every array of a step stays in the processor's caches."""
MOST_TEXTS = 1 << 14
"""Texts in such a batch, at the most."""
SAMPLE = 64
RATE = 16
"""Of n shingles the sample is the `max(SAMPLE, n / RATE)` with the smallest hashes."""
MAX_WORDS = 1 << 18
"""Of a longer text the first words stand for all (but for the exact level, which reads it whole). No less than BATCH:
a text of more words than that is alone in its batch."""
KEPT = 1 << 24
"""Bytes of freed memory that the C library is to keep at hand."""
EVERY = (1 << 32) - 1
"""The largest hash."""


@dataclass(frozen=True)
class Sketch:
    """What is known of n texts."""

    exact: NDArray[np.uint64]
    """(n, 2): `normal_hash` of each text; zeros for a text that holds nothing."""
    length: NDArray[np.uint32]
    """(n,): code points."""
    date: NDArray[np.int64]
    """(n,): seconds since 1970 UTC, or UNDATED."""
    dateline: NDArray[np.int64]
    """(n,): the same of its dateline, for a text without a date, if that makes a difference."""
    source: NDArray[np.uint32]
    """(n,): place in `sources`."""
    sources: NDArray[np.uint8]
    """The names of the sources, as a JSON list in UTF-8."""
    offsets: Offsets
    """(n + 1,): text i has the shingles `offsets[i]:offsets[i + 1]`."""
    shingles: Hashes32
    """The shingles of each text in reading order, repeats included."""
    sample_offsets: Offsets
    """(n + 1,): text i has the sample `sample_offsets[i]:sample_offsets[i + 1]`."""
    samples: Hashes32
    """The smallest different ones of these, in rising order: see `_samples`."""
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
        return b"".join(self._pieces())

    def _pieces(self) -> Iterator[bytes | memoryview]:
        arrays = {f.name: np.ascontiguousarray(getattr(self, f.name)) for f in fields(self)}
        head = json.dumps({name: [a.dtype.str, list(a.shape)] for name, a in arrays.items()}).encode()
        head += b" " * (-(len(MAGIC) + len(head) + 1) % 8) + b"\n"
        yield MAGIC + head
        for a in arrays.values():
            yield a.reshape(-1).view(np.uint8).data
            yield b"\0" * (-a.nbytes % 8)

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
        with path.open("wb") as file:
            file.writelines(self._pieces())

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
    # Pages that were given back to the system cost more when they come again than all that is done with them. The C
    # library of Linux learns from the largest block that was freed how much it had better keep.
    np.empty(KEPT, dtype=np.uint8)
    names = {name: k for k, name in enumerate(sorted(set(sources or [""])))}
    titles = titles or [""] * len(texts)
    date = np.array([second_of(d) for d in dates] if dates else [UNDATED] * len(texts), dtype=np.int64)
    parts = [_digest(texts[a:b], titles[a:b], options) for a, b in _batches(texts)]
    title_offsets, title_words = _title_words(titles)
    return Sketch(
        exact=_chain([p.exact for p in parts], np.uint64).reshape(-1, 2),
        length=np.array([len(text) for text in texts], dtype=np.uint32),
        date=date,
        dateline=_datelines(texts, date, options),
        source=np.array([names[s] for s in sources] if sources else [0] * len(texts), dtype=np.uint32),
        sources=np.frombuffer(json.dumps(list(names)).encode(), dtype=np.uint8),
        offsets=_chain([np.zeros(1), *(p.counts for p in parts)], np.int64).cumsum(),
        shingles=_chain([p.shingles for p in parts], np.uint32),
        sample_offsets=_chain([np.zeros(1), *(p.sampled for p in parts)], np.int64).cumsum(),
        samples=_chain([p.samples for p in parts], np.uint32),
        title_offsets=title_offsets,
        titles=title_words,
        stem_offsets=_chain([np.zeros(1), *(p.profile.counts for p in parts)], np.int64).cumsum(),
        stems=_chain([p.profile.stems for p in parts], np.uint32),
        weights=_chain([p.profile.weights for p in parts], np.uint8),
    )


def _datelines(texts: Sequence[str], date: NDArray[np.int64], options: Options) -> NDArray[np.int64]:
    """Read the datelines of the undated texts, if they make a difference."""
    found = np.full(len(texts), UNDATED, dtype=np.int64)
    if options.level == "story" or options.keep in {"newest", "oldest"}:
        for k in np.flatnonzero(date == UNDATED).tolist():
            found[k] = dateline_of(texts[k])
    return found


def _chain(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    """Put arrays one after the other."""
    return np.concatenate([np.zeros(0, dtype=dtype), *(a.ravel().astype(dtype, copy=False) for a in arrays)])


def normal_hash(text: str) -> bytes:
    """Hash a text so that case, punctuation and white space make no difference: 16 bytes.

    Only its words count (runs of letters, marks and digits, in lower case) and their order: see `exact_hashes`. A text
    without a word is hashed as it is, but for white space (BLAKE2b); one of white space alone has 16 zero bytes and
    equals nothing.

    >>> normal_hash("“Who’s there?”") == normal_hash("who s there") != normal_hash("there s who")
    True
    """
    batch = words([text])
    return exact_hashes([text], shingles(word_hashes(batch), batch.offsets)).tobytes()


@dataclass(frozen=True)
class _Part:
    """The arrays of one batch."""

    exact: NDArray[np.uint64]
    counts: Offsets
    shingles: Hashes32
    sampled: Offsets
    samples: Hashes32
    profile: Profiles


def _digest(texts: Sequence[str], titles: Sequence[str], options: Options) -> _Part:
    batch = words(texts)
    found = shingles(word_hashes(batch), batch.offsets)
    exact = exact_hashes(texts, found)
    none, nothing = np.zeros(len(texts), dtype=np.int64), np.zeros(0, dtype=np.uint32)
    empty = Profiles(none, nothing, nothing.astype(np.uint8))
    if options.level in {"off", "exact"}:
        return _Part(exact, none, nothing, none, nothing, empty)
    hashes, offsets = found.hashes, found.offsets
    if len(texts) == 1:
        hashes, offsets = hashes[:MAX_WORDS], np.minimum(offsets, MAX_WORDS)
    profile = profiles(words(titles), batch) if options.level == "story" else empty
    return _Part(exact, np.diff(offsets), hashes, *_samples(hashes, offsets), profile)


def _samples(hashes: Hashes32, offsets: Offsets) -> tuple[Offsets, Hashes32]:
    """Pick the smallest different hashes of each text, `max(SAMPLE, n / RATE)` of n: how many, and which.

    Hashes are spread evenly, so it is known beforehand below which number there are enough of them, in nearly all
    texts; the others, which repeat themselves, are sorted as a whole.
    """
    counts = np.diff(offsets)
    wanted = np.minimum(counts, np.maximum(SAMPLE, counts // RATE))
    share = np.minimum(1, (wanted + 4 * np.sqrt(wanted)) / np.maximum(1, counts))
    rows = np.arange(len(counts) + 1, dtype=np.uint64) << np.uint64(32)
    while True:
        below = np.repeat((share * EVERY).astype(np.uint32), counts)
        small = np.flatnonzero(hashes <= below)
        keys = np.repeat(rows[:-1], np.diff(np.searchsorted(small, offsets)))
        keys |= hashes[small]
        keys.sort()
        keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
        cuts = np.searchsorted(keys, rows)
        few = (np.diff(cuts) < wanted) & (share < 1)
        if not few.any():
            break
        share[few] = 1
    taken = np.minimum(wanted, np.diff(cuts))
    return taken, keys[places(cuts[:-1], taken)].astype(np.uint32)


def _title_words(titles: Sequence[str]) -> tuple[Offsets, Hashes32]:
    """Hash the different words of each title."""
    batch = words(titles)
    digits = np.concatenate([[0], np.cumsum((batch.data >= ord("0")) & (batch.data <= ord("9")))])
    number = digits[batch.ends] > digits[batch.starts]
    hashes = word_hashes(batch) >> np.uint64(32) & np.uint64(0xFFFFFFFE) | number.astype(np.uint64)
    rows = np.repeat(np.arange(len(titles), dtype=np.uint64), np.diff(batch.offsets))
    keys = np.unique(rows << np.uint64(32) | hashes)
    return np.searchsorted(keys, np.arange(len(titles) + 1, dtype=np.uint64) << np.uint64(32)), keys.astype(np.uint32)


def exact_hashes(texts: Sequence[str], found: Shingles) -> NDArray[np.uint64]:
    """Hash each text by its shingles and their order: (n, 2) uint64.

    The hash of each shingle is folded once more, `x ^= x >> 32`; the two numbers are the sums, mod 2**64, of `x` and
    of `(2 * k + 1) * x`, where k counts the shingles of the text from 0.
    """
    digests = np.zeros((len(texts), 2), dtype=np.uint64)
    counts = np.diff(found.offsets)
    filled = np.flatnonzero(counts)
    if len(filled):
        starts = found.offsets[:-1][filled]
        folded = found.mixed ^ found.mixed >> np.uint64(32)
        plain = np.add.reduceat(folded, starts)
        folded *= np.arange(1, 2 * len(folded), 2, dtype=np.uint64)
        digests[filled, 0] = plain
        digests[filled, 1] = np.add.reduceat(folded, starts) - plain * (2 * starts).view(np.uint64)
    for k in np.flatnonzero(counts == 0).tolist():
        content = " ".join(texts[k].split()).encode("utf-8", "surrogatepass")
        digest = blake2b(content, digest_size=16).digest() if content else bytes(16)
        digests[k] = np.frombuffer(digest, dtype=np.uint64)
    return digests


def _batches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Cut a list of texts into runs of about BATCH characters; a text that is longer than that stands alone."""
    cuts, size = [0], 0
    for k, text in enumerate(texts):
        if k > cuts[-1] and (size + len(text) > BATCH or k == cuts[-1] + MOST_TEXTS):
            cuts.append(k)
            size = 0
        size += len(text)
    return list(zip(cuts, [*cuts[1:], len(texts)], strict=True))
