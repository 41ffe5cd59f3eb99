"""Texts → a sketch of them, batch by batch."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup import twin
from cleaner.dedup.dates import UNDATED, dateline_of, second_of
from cleaner.dedup.exact import exact_hashes
from cleaner.dedup.folding import Offsets
from cleaner.dedup.options import Options
from cleaner.dedup.profile import Profiles, profiles
from cleaner.dedup.samples import samples
from cleaner.dedup.shingles import Hashes32
from cleaner.dedup.sketches import Sketch
from cleaner.dedup.tokens import utf8, word_hashes, words

BATCH = 1 << 18
"""Bytes worked on at a time, so that every array of a step stays in the processor's caches."""
MOST_TEXTS = 1 << 14
"""Texts in such a batch, at the most."""
MAX_WORDS = 1 << 18
"""Of a longer text the first words stand for all (but for the exact level, which reads it whole). No less than BATCH:
a text of more words than that is alone in its batch."""
KEPT = 1 << 24
"""Bytes of freed memory that the C library is to keep at hand."""


def sketch(
    texts: Sequence[str],
    *,
    encoded: Sequence[bytes] | None = None,
    titles: Sequence[str] | None = None,
    dates: Sequence[str] | None = None,
    sources: Sequence[str] | None = None,
    options: Options,
) -> Sketch:
    """Sketch n texts.

    Args:
        texts: any strings, the empty one and lone surrogates included.
        encoded: the same texts in UTF-8, lone surrogates let through, if they are at hand.
        titles: n headlines, empty where none is known; near-duplicates are told by them, too.
        dates: n dates as they were found (ISO 8601, RFC 5322, `21 Nov 2020` and others); what cannot be read counts
            as none.
        sources: n names of where the texts come from, for the guard.
        options: for what `detect` will look for; give the same ones there.

    Returns:
        The arrays of the n texts; one sketch or many, cut wherever, lead to the same duplicates.
    """
    # Pages that were given back to the system cost more when they come again than all that is done with them. The C
    # library of Linux learns from the largest block that was freed how much it had better keep.
    np.empty(KEPT, dtype=np.uint8)
    names = {name: k for k, name in enumerate(sorted(set(sources or [""])))}
    titles = titles or [""] * len(texts)
    date = np.array([second_of(d) if d else UNDATED for d in dates or [""] * len(texts)], dtype=np.int64)
    encoded = utf8(texts) if encoded is None else encoded
    parts = [_digest(texts[a:b], encoded[a:b], titles[a:b], options) for a, b in _batches(encoded)]
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


@dataclass(frozen=True)
class _Part:
    """The arrays of one batch."""

    exact: NDArray[np.uint64]
    counts: Offsets
    shingles: Hashes32
    sampled: Offsets
    samples: Hashes32
    profile: Profiles


def _digest(texts: Sequence[str], encoded: Sequence[bytes], titles: Sequence[str], options: Options) -> _Part:
    batch = words(encoded) if options.level == "story" else None
    found = twin.read(encoded, batch)
    exact = exact_hashes(texts, found.sums)
    none, nothing = np.zeros(len(texts), dtype=np.int64), np.zeros(0, dtype=np.uint32)
    empty = Profiles(none, nothing, nothing.astype(np.uint8))
    if options.level in {"off", "exact"}:
        return _Part(exact, none, nothing, none, nothing, empty)
    hashes, offsets = found.hashes, found.offsets
    if len(texts) == 1:
        hashes, offsets = hashes[:MAX_WORDS], np.minimum(offsets, MAX_WORDS)
    profile = profiles(words(utf8(titles)), batch) if batch else empty
    return _Part(exact, np.diff(offsets), hashes, *samples(hashes, offsets), profile)


def _title_words(titles: Sequence[str]) -> tuple[Offsets, Hashes32]:
    """Hash the different words of each title."""
    if not any(titles):
        return np.zeros(len(titles) + 1, dtype=np.int64), np.zeros(0, dtype=np.uint32)
    batch = words(utf8(titles))
    digits = np.concatenate([[0], np.cumsum((batch.data >= ord("0")) & (batch.data <= ord("9")))])
    number = digits[batch.ends] > digits[batch.starts]
    hashes = word_hashes(batch) >> np.uint64(32) & np.uint64(0xFFFFFFFE) | number.astype(np.uint64)
    rows = np.repeat(np.arange(len(titles), dtype=np.uint64), np.diff(batch.offsets))
    keys = np.unique(rows << np.uint64(32) | hashes)
    return np.searchsorted(keys, np.arange(len(titles) + 1, dtype=np.uint64) << np.uint64(32)), keys.astype(np.uint32)


def _batches(texts: Sequence[bytes]) -> list[tuple[int, int]]:
    """Cut a list of texts into runs of about BATCH bytes; a text that is longer than that stands alone."""
    cuts, size = [0], 0
    for k, text in enumerate(texts):
        if k > cuts[-1] and (size + len(text) > BATCH or k == cuts[-1] + MOST_TEXTS):
            cuts.append(k)
            size = 0
        size += len(text)
    return list(zip(cuts, [*cuts[1:], len(texts)], strict=True))
