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
from cleaner.dedup.shingles import Hashes32, shingles
from cleaner.dedup.tokens import Hashes64, word_hashes, words
from cleaner.errors import InputError

MAGIC = b"cleaner sketch 2\n"
HEAD = 8192
"""Bytes in which magic and the line of JSON stand."""
BATCH = 1 << 18
"""Characters worked on at a time, so that every array of a step stays in the processor's caches."""
MOST_TEXTS = 1 << 14
"""Texts in such a batch, at the most."""
PLACES = 1 << 16
"""Places in a text that are told apart: of longer texts neighbours share one."""
STEP, *MIX = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)
MAX_WORDS = 1 << 18
"""Of a longer text the first words stand for all (but for the exact level, which reads it whole). No less than BATCH:
a text of more words than that is alone in its batch."""


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
    """The different shingles of each text, in rising order: the first ones of a row are its bottom-k sample."""
    places: NDArray[np.uint16]
    """For each of them the place in the text at which it first stands, counted in shingles."""
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
        places=_chain([p.places for p in parts], np.uint16),
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

    It is the sum of what becomes of each word (a run of letters, marks and digits, in lower case) in its place: see
    `exact_hashes`. A text without a word is hashed as it is, but for white space (BLAKE2b); one of white space alone
    has 16 zero bytes and equals nothing.

    >>> normal_hash("“Who’s there?”") == normal_hash("who s there") != normal_hash("there s who")
    True
    """
    batch = words([text])
    return exact_hashes([text], word_hashes(batch), batch.offsets).tobytes()


@dataclass(frozen=True)
class _Part:
    """The arrays of one batch."""

    exact: NDArray[np.uint64]
    counts: Offsets
    shingles: Hashes32
    places: NDArray[np.uint16]
    profile: Profiles


def _digest(texts: Sequence[str], titles: Sequence[str], options: Options) -> _Part:
    batch = words(texts)
    hashes = word_hashes(batch)
    exact = exact_hashes(texts, hashes, batch.offsets)
    nothing = Profiles(np.zeros(len(texts), np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint8))
    if options.level in {"off", "exact"}:
        return _Part(exact, np.zeros(len(texts), np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint16), nothing)
    sequence = shingles(hashes, batch.offsets)
    # text, hash and place in one number, so that one sort does: 16, 32 and 16 bits
    keys = _places(sequence.offsets)
    keys |= sequence.hashes.astype(np.uint64) << np.uint64(16)
    if len(texts) == 1:
        keys = keys[:MAX_WORDS]
    keys.sort()
    found = keys >> np.uint64(16)
    new = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(found[1:], found[:-1], out=new[1:])
    kept = np.flatnonzero(new)
    found = found[kept]
    ends = np.searchsorted(found, np.arange(len(texts) + 1, dtype=np.uint64) << np.uint64(32))
    profile = profiles(words(titles), batch) if options.level == "story" else nothing
    return _Part(exact, np.diff(ends), found.astype(np.uint32), keys[kept].astype(np.uint16), profile)


def _places(offsets: Offsets) -> NDArray[np.uint64]:
    """Number the shingles of each text, with the text in the upper 16 bits; in a long one, some share a number."""
    counts = np.diff(offsets)
    rows = np.arange(len(counts), dtype=np.int64) << 48
    if counts.max(initial=0) <= PLACES:
        return (np.repeat(rows - offsets[:-1], counts) + np.arange(offsets[-1])).view(np.uint64)
    place = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)
    place //= np.repeat(np.minimum(counts, MAX_WORDS) // PLACES + 1, counts)
    place |= np.repeat(rows, counts)
    return place.view(np.uint64)


def _title_words(titles: Sequence[str]) -> tuple[Offsets, Hashes32]:
    """Hash the different words of each title."""
    batch = words(titles)
    digits = np.concatenate([[0], np.cumsum((batch.data >= ord("0")) & (batch.data <= ord("9")))])
    number = digits[batch.ends] > digits[batch.starts]
    hashes = word_hashes(batch) >> np.uint64(32) & np.uint64(0xFFFFFFFE) | number.astype(np.uint64)
    rows = np.repeat(np.arange(len(titles), dtype=np.uint64), np.diff(batch.offsets))
    keys = np.unique(rows << np.uint64(32) | hashes)
    return np.searchsorted(keys, np.arange(len(titles) + 1, dtype=np.uint64) << np.uint64(32)), keys.astype(np.uint32)


def exact_hashes(texts: Sequence[str], hashes: Hashes64, offsets: Offsets) -> NDArray[np.uint64]:
    """Hash each text by the hashes of its words and their places: (n, 2) uint64.

    Of word k from 0, `x = hash + k * STEP` is mixed (the finalizer of SplitMix64); the two numbers are the sums, mod
    2**64, of all x and of all x mixed once more.
    """
    digests = np.zeros((len(texts), 2), dtype=np.uint64)
    counts = np.diff(offsets)
    filled = np.flatnonzero(counts)
    if len(filled):
        mixed = np.arange(len(hashes), dtype=np.uint64)
        mixed -= np.repeat(offsets[:-1], counts).view(np.uint64)
        mixed *= STEP
        mixed += hashes
        for lane in (0, 1):
            for shift, factor in zip((30, 27), MIX, strict=True):
                mixed ^= mixed >> np.uint64(shift)
                mixed *= factor
            mixed ^= mixed >> np.uint64(31)
            digests[filled, lane] = np.add.reduceat(mixed, offsets[:-1][filled])
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
