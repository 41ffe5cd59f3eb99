"""UTF-8 that was read in another encoding, once or more often: found by the document and undone by the line.

A noisy channel: for each way in which a line can have been garbled, the line before it was garbled must be so much
likelier, under a model of the characters of many languages, that this outweighs how seldom that way is taken. Ways are
weighed over the whole document, so that a line with one garbled letter profits from its neighbours. What is left goes
to ftfy, line by line.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.document import Edit
from cleaner.garbling import readers
from cleaner.garbling.badness import is_bad
from cleaner.garbling.differences import differences
from cleaner.garbling.lossy import restored, share_of_sequences
from cleaner.garbling.model import model, starts
from cleaner.garbling.readers import BYTE_BY_BYTE, CHINESE_JAPANESE_KOREAN, UTF8, Reader, byte_by_byte, line_gate, look
from cleaner.garbling.signs import code_points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt
    from ftfy import TextFixerConfig

    from cleaner.garbling.readers import Look

    Score = Callable[[str], npt.NDArray[np.float32]]

LAYERS = 4
"""Garbled more often than this, text is too long to be worth it."""
LEAST_GAIN = 8.0
"""A document has to become e^8 times as likely before anything is decoded: 1 in 3,000."""
LEAST_SEQUENCES = 2
"""One sequence alone may be chance; it is decoded only if ftfy, which looks for what never is, decodes it too."""
SHORT = 200
"""In a text with fewer suspicious characters than this, each is looked at together with its neighbours."""
CLEAR_GAIN = 24.0
"""Unless the characters one by one make it as much likelier as this, which clean text was never seen to do."""
CLOSE = 4.0
"""Versions of a line whose gains differ by less than this need a closer look."""
GAIN_OF_ONE = 12.0
"""What one sequence alone has to gain if ftfy has nothing to say."""
LEAST_LIKELY = -12.0
"""Characters outside ASCII more seldom than this, on average, are no known language; the more of them come out of
valid UTF-8, the more seldom they may be, by the logarithm of their number."""

LONGEST = 4000
"""Lines longer than this are not searched for lost bytes: the search takes its time."""
MOST_SEARCHED = 30_000
"""In a document with more characters than this in such lines, none is searched: one or two seconds are enough."""
SAMPLE = 4000
"""So many characters of them show which encoding it was."""
LEAST_SEQUENCES_OF_UTF8 = 0.55
"""In lines of UTF-8 with losses at least so many of the characters outside ASCII stand in whole sequences (.6 to 1
were seen); in text of old encodings at most .54 do."""
LEAST_TELLING = 50
"""Fewer characters outside ASCII than this do not tell."""
LEAST_SEQUENCES_OF_A_LOSS = 30
"""Lost bytes are made up for only if the document shows at least so many decoded characters."""
LINES_IN_LOWER_CASE = 3
"""What UTF-8 is read as holds capitals (Ã, Ð, Ø): so many garbled lines without any have been lower-cased."""
MOST_LEFT = 0.15
"""For each character that comes out of a line with lost bytes, so many may stay garbled: else it is no UTF-8."""
LEAST_GAIN_OF_A_PATCH = 2.0
"""Where ftfy decodes a few characters of a line that does not decode as a whole, the line has to become likelier."""

_ASCII = re.compile(r"[\x00-\x7f]+")
_SENTENCE = re.compile(r"[.!?]$")
_ONE = re.compile(r"[a-z][^\W\d_a-zA-Z]|[¿¡][A-Za-z]")
"""Where one character outside ASCII is a matter of course: a letter in or after a word, or Spanish signs."""
_C1 = re.compile(r"[\x80-\x9f]+")
_FIRST_RUN = re.compile(r"[^\x00-\x7f]{1,8}")
_LOST_SPACE = re.compile(r"[ÃÂ][ ].*")

Way = tuple[Reader, ...]


class Version(NamedTuple):
    """A line as it may have been before it was garbled, and what is gained by it."""

    text: str
    gain: float
    alone: float
    """How likely its characters outside ASCII are, each by itself."""
    outside: int
    """How many those are."""


def mojibake(text: str) -> Iterator[Edit]:
    r"""Decode again what was decoded wrongly.

    Examples:
        >>> [(e.after, e.reason) for e in mojibake("schÃ¶n, MÃ¤dchen")]
        [('ö', 'UTF-8 read as windows-1252'), ('ä', 'UTF-8 read as windows-1252')]

    """
    if text.isascii():
        return
    seen = look(text)
    if not seen.any & readers.SUSPICIOUS:
        return
    suspects = seen.facts & np.uint64(readers.SUSPICIOUS) != 0
    lines = dict(_lines(text, seen, suspects))
    facts = dict(zip(lines, seen.facts[suspects].tolist(), strict=True))
    decoded = dict(_decoded(lines, facts))
    for start, (way, version) in decoded.items():
        yield from differences(
            start, lines[start], version.text, "repair/mojibake", round(version.gain, 1), _words(way)
        )
    rest = {start: line for start, line in lines.items() if start not in decoded and facts[start] & readers.BAD}
    if rest and _is_utf8(rest.values()):
        others = dict(_lines(text, seen, ~suspects & (seen.facts & np.uint64(readers.OUTSIDE_ASCII) != 0)))
        patched = dict(_restored(rest, others, decoded))
        yield from chain.from_iterable(patched.values())
        yield from chain.from_iterable(_by_ftfy(start, line) for start, line in rest.items() if start not in patched)


def _lines(text: str, seen: Look, asked: npt.NDArray[np.bool_]) -> Iterator[tuple[int, str]]:
    """Yield the lines that are asked for, each with the place where it starts."""
    chosen = asked.nonzero()[0]
    for start, next_start in zip(seen.places[chosen].tolist(), seen.places[chosen + 1].tolist(), strict=True):
        yield start, text[start : next_start - 1]


def _is_utf8(lines: Iterable[str]) -> bool:
    """Tell whether lines that do not decode as a whole may be UTF-8 that has lost bytes, as far as they can tell.

    Text in an old encoding of two bytes a character holds some sequences of UTF-8, too, by chance.
    """
    sample = "\n".join(lines)[:SAMPLE]
    if sum(c > "\x7f" for c in sample) < LEAST_TELLING:
        return True
    return any(share_of_sequences(sample, reader.codec) >= LEAST_SEQUENCES_OF_UTF8 for reader in _likeliest(sample))


def _restored(
    rest: Mapping[int, str], others: Mapping[int, str], decoded: Mapping[int, tuple[Way, Version]]
) -> Iterator[tuple[int, list[Edit]]]:
    """Yield the lines that have lost bytes, mended, where the document shows enough of what happened to it.

    Bad lines show it; once they have shown enough, other lines that decode as a whole are mended, too.
    """
    lines = {start: line for start, line in rest.items() if len(line) < LONGEST and is_bad(line)}
    if not lines or sum(map(len, lines.values())) > MOST_SEARCHED:
        return
    is_lower = len(lines) >= LINES_IN_LOWER_CASE and all(line == line.lower() for line in lines.values())
    known = Counter(way[0] for way, _ in decoded.values() if len(way) == 1)
    sample = _first(lines, SAMPLE)
    candidates = [known.most_common(1)[0][0]] if known else _likeliest("\n".join(sample.values()))
    tried = ((reader, restored(sample, reader.codec, made_up=True)) for reader in candidates)
    reader, found = max(tried, key=lambda one: sum(r.gain for r in one[1].values()))
    left = {start: line for start, line in lines.items() if start not in sample}
    found |= restored(left, reader.codec, made_up=True)
    outside = sum(version.outside for way, version in decoded.values() if way == (reader,))
    if outside + sum(one.characters for one in found.values()) < LEAST_SEQUENCES_OF_A_LOSS:
        found = restored(lines, reader.codec, made_up=False)
        found = {
            s: one for s, one in found.items() if not one.left and one.characters > 1 and not _restores_space(lines[s])
        }
    else:
        short = {start: line for start, line in others.items() if len(line) < LONGEST}
        if not is_lower:
            short = {start: line for start, line in short.items() if _sequences(line, reader) > 1}
        searched = short if sum(map(len, short.values())) <= MOST_SEARCHED else {}
        more = restored(searched, reader.codec, made_up=True)
        found.update((s, one) for s, one in more.items() if not one.left and one.characters > 1)
    reason = f"{_words((reader,))}; then {'lower-cased' if is_lower else 'bytes were lost'}"
    for start, one in found.items():
        if one.gain > LEAST_GAIN and one.left <= MOST_LEFT * one.characters:
            gain = round(one.gain, 1)
            changes = _begun(lines[start], one.edits) if is_lower and start in lines else one.edits
            yield start, [Edit(start + a, start + b, new, "repair/mojibake", gain, reason) for a, b, new in changes]


def _first(lines: Mapping[int, str], characters: int) -> dict[int, str]:
    """Return the first lines, with so many characters in all or a little more."""
    starts = accumulate((len(line) for line in lines.values()), initial=0)
    return {start: line for (start, line), before in zip(lines.items(), starts, strict=False) if before < characters}


def _begun(line: str, edits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the edits of a line that was lower-cased; it begins with a capital if it ends as a sentence."""
    if not _SENTENCE.search(line) or not edits:
        return edits
    (start, end, new), *others = edits
    if start == 0:
        return [(start, end, new[0].upper() + new[1:]), *others] if len(new[0].upper()) == 1 else edits
    return [(0, 1, line[0].upper()), *edits] if line[0].isascii() and line[0].islower() else edits


def _restores_space(line: str) -> bool:
    """Tell whether ftfy decodes a line as a whole by putting no-break spaces back."""
    return ("transcode", "restore_byte_a0") in _ftfy(line)[1]


def _likeliest(text: str) -> list[Reader]:
    """Return the usual encoding, and that by which most sequences of UTF-8 can be seen in a text."""
    best = max(BYTE_BY_BYTE[:10], key=lambda reader: _sequences(text, reader))
    return list(dict.fromkeys((BYTE_BY_BYTE[0], best)))


def _sequences(line: str, reader: Reader) -> int:
    return len(UTF8.findall(byte_by_byte(line, reader.codec, "replace") or b""))


# ---------------------------------------------------------------- ways
def _decoded(lines: Mapping[int, str], facts: Mapping[int, int]) -> Iterator[tuple[int, tuple[Way, Version]]]:
    """Yield the lines that can be decoded whole, each with the best way over the document."""
    ways = _weighed(lines, _ways(lines, facts, 1))
    closed: set[int] = set()
    while ways:
        way, versions = max(ways.items(), key=lambda item: _total(*item))
        del ways[way]
        if _total(way, versions) < LEAST_GAIN or not _is_sure(versions, lines):
            continue
        for start, version in versions.items():
            if version.gain > 0:
                closed.add(start)
                yield start, (way, version)
        left = ((w, {s: v for s, v in versions.items() if s not in closed}) for w, versions in ways.items())
        ways = {w: versions for w, versions in left if versions}


def _total(way: Way, versions: Mapping[int, Version]) -> float:
    return sum(v.gain for v in versions.values() if v.gain > 0) - sum(reader.cost for reader in way)


def _is_sure(versions: Mapping[int, Version], lines: Mapping[int, str]) -> bool:
    """Tell whether a way has decoded enough, and into what looks like language."""
    good = {s: v for s, v in versions.items() if v.gain > 0}
    outside = sum(v.outside for v in good.values())
    if not outside or sum(v.alone for v in good.values()) / outside < LEAST_LIKELY - math.log(outside):
        return False
    if outside >= LEAST_SEQUENCES:
        return True
    ((start, version),) = good.items()
    return (_ONE.search(version.text) is not None and version.gain > GAIN_OF_ONE) or _ftfy(lines[start])[
        0
    ] == version.text


def _ways(lines: Mapping[int, str], facts: Mapping[int, int], layer: int) -> dict[Way, dict[int, str]]:
    """Return the lines decoded in every way that decodes them whole."""
    ways: dict[Way, dict[int, str]] = {}
    for reader, decoded in _one_layer(lines, facts):
        ways[(reader,)] = decoded
        if layer < LAYERS:
            for way, inner in _ways(decoded, _facts(decoded), layer + 1).items():
                ways[(*way, reader)] = inner
    return ways


def _facts(lines: Mapping[int, str]) -> dict[int, int]:
    joined = "\n".join(lines.values())
    if joined.isascii():
        return dict.fromkeys(lines, 0)
    return dict(zip(lines, line_gate().facts_of_lines(code_points(joined))[1].tolist(), strict=True))


def _one_layer(lines: Mapping[int, str], facts: Mapping[int, int]) -> Iterator[tuple[Reader, dict[int, str]]]:
    """Yield each encoding with the lines that it can have garbled, decoded; of encodings that agree, the first."""
    possible = 0
    for fact in facts.values():
        possible |= fact
    seen: set[tuple[int, str]] = set()
    for i, reader in enumerate(BYTE_BY_BYTE):
        if not possible >> i & 1:
            continue
        asked = [start for start, fact in facts.items() if fact >> i & 1]
        data = byte_by_byte("\n".join([lines[start] for start in asked]), reader.codec)
        decoded = _as_utf8(asked, data) if data is not None else {}
        if not seen.issuperset(decoded.items()):
            seen.update(decoded.items())
            yield reader, decoded
    if possible & readers.ANY_WIDE:
        yield from _wide(lines, facts)


def _wide(lines: Mapping[int, str], facts: Mapping[int, int]) -> Iterator[tuple[Reader, dict[int, str]]]:
    for bit, reader in zip(readers.WIDE, CHINESE_JAPANESE_KOREAN, strict=True):
        decoded = {}
        for start in (start for start, fact in facts.items() if fact & bit):
            if _begins_as_utf8(lines[start], reader.codec):
                try:
                    decoded[start] = lines[start].encode(reader.codec).decode("utf-8")
                except UnicodeError:
                    continue
        if decoded:
            yield reader, decoded


def _begins_as_utf8(line: str, codec: str) -> bool:
    """Tell whether the first few characters outside ASCII can come from UTF-8, read in that encoding."""
    run = _FIRST_RUN.search(line)
    try:
        data = run.group().encode(codec) if run else b""
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(data) - 4
    except UnicodeEncodeError:
        return False
    return True


def _as_utf8(starts: Sequence[int], data: bytes) -> dict[int, str]:
    """Return the lines that are UTF-8, all at once where all of them are."""
    try:
        return dict(zip(starts, data.decode("utf-8").split("\n"), strict=True))
    except UnicodeDecodeError:
        decoded = {}
        for start, line in zip(starts, data.split(b"\n"), strict=True):
            try:
                decoded[start] = line.decode("utf-8")
            except UnicodeDecodeError:
                continue
        return decoded


def _weighed(lines: Mapping[int, str], ways: Mapping[Way, Mapping[int, str]]) -> dict[Way, dict[int, Version]]:
    """Return what each way gains on each line.

    Characters are looked at one by one where that tells the ways apart, else together with their neighbours.
    """
    ways = {way: sound for way, decoded in ways.items() if (sound := _sound(decoded))}
    ways = {way: decoded for way, decoded in ways.items() if not _is_inner(way, ways)}
    if not ways:
        return {}
    weighed = _one_by_one(lines, ways)
    if sum(map(len, lines.values())) < SHORT and max(_total(*item) for item in weighed.items()) < CLEAR_GAIN:
        return _with_neighbours(lines, weighed, {start for versions in weighed.values() for start in versions})
    disputed = _disputed(weighed)
    return _with_neighbours(lines, weighed, disputed) if disputed else weighed


def _is_inner(way: Way, ways: Mapping[Way, Mapping[int, str]]) -> bool:
    """Tell whether some other way goes on where this one ends, and takes all its lines along."""
    return any(
        len(other) > len(way) and other[-len(way) :] == way and decoded.keys() == ways[way].keys()
        for other, decoded in ways.items()
    )


def _disputed(ways: Mapping[Way, Mapping[int, Version]]) -> set[int]:
    """Return the lines of which there are different versions, if those of some line gain about as much."""
    best: dict[int, Version] = {}
    disputed, are_close = set(), False
    for versions in ways.values() if len(ways) > 1 else ():
        for start, version in versions.items():
            other = best.setdefault(start, version)
            if other.text != version.text:
                disputed.add(start)
                are_close |= abs(other.gain - version.gain) < CLOSE
                best[start] = max(other, version, key=lambda v: v.gain)
    return disputed if are_close else set()


def _one_by_one(lines: Mapping[int, str], ways: Mapping[Way, Mapping[int, str]]) -> dict[Way, dict[int, Version]]:
    """Weigh each character outside ASCII by itself; the others are the same before and after."""
    asked = sorted({start for decoded in ways.values() for start in decoded})
    before = dict(zip(asked, _alone([lines[start] for start in asked])[0], strict=True))
    weighed = {}
    for way, decoded in ways.items():
        weighed[way] = {
            start: Version(new, after - before[start], after, outside)
            for (start, new), after, outside in zip(decoded.items(), *_alone(list(decoded.values())), strict=True)
        }
    return weighed


def _alone(texts: Sequence[str]) -> tuple[list[float], list[int]]:
    """Return how likely the characters outside ASCII of each text are, each by itself, and how many those are."""
    scores, are_outside = model().outside(" ".join(texts) + " ")
    places = starts(texts)
    sums: list[float] = np.add.reduceat(scores, places, dtype=np.float64).tolist()
    outside: list[int] = np.add.reduceat(are_outside, places, dtype=np.intp).tolist()
    return sums, outside


def _with_neighbours(
    lines: Mapping[int, str], ways: Mapping[Way, Mapping[int, Version]], asked: set[int]
) -> dict[Way, dict[int, Version]]:
    """Weigh, in the lines asked for, each character together with those before it."""
    order = sorted(asked)
    before = dict(zip(order, model().sums([lines[start] for start in order]), strict=True))
    weighed = {}
    for way, versions in ways.items():
        here = {start: version for start, version in versions.items() if start in asked}
        sums = model().sums([version.text for version in here.values()])
        weighed[way] = {**versions} | {
            start: version._replace(gain=after - before[start])
            for (start, version), after in zip(here.items(), sums, strict=True)
        }
    return weighed


def _sound(decoded: Mapping[int, str]) -> dict[int, str]:
    """Return the lines that hold no controls, and nothing private or unassigned."""
    if _is_text("".join(decoded.values())):
        return dict(decoded)
    return {start: line for start, line in decoded.items() if _is_text(line)}


def _is_text(text: str) -> bool:
    return text.isprintable() or all(
        unicodedata.category(c) not in {"Cc", "Cn", "Co", "Cs"} for c in set(text) if c > "\x7f"
    )


def _outside_ascii(text: str) -> str:
    return _ASCII.sub("", text)


# ---------------------------------------------------------------- ftfy
@cache
def _config() -> TextFixerConfig:
    """Return the configuration by which ftfy mends encodings alone, on its one path that heeds every field."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(unescape_html=False, normalization=None, explain=True)


def _ftfy(line: str) -> tuple[str, Sequence[tuple[str, str]]]:
    from ftfy import fix_encoding_and_explain

    text, plan = fix_encoding_and_explain(line, _config())
    return text, plan or []


def _by_ftfy(start: int, line: str) -> Iterator[Edit]:
    if is_bad(line):
        new, plan = _ftfy(line)
        if new == line:
            return
        if ("decode", "windows-1252") in plan and (mac := _mac_roman(line, new)):
            yield from differences(start, line, mac, "repair/mojibake", None, "Mac Roman read as ISO 8859-1")
            return
        if all(operation == "apply" for operation, _ in plan) and not _is_patch(new, line):
            return
        yield from differences(start, line, new, "repair/mojibake", None, told(plan))


def _mac_roman(line: str, new: str) -> str | None:
    """Return a line with its C1 controls read as Mac Roman, if that is clearly likelier than what ftfy makes of it."""
    mac = _C1.sub(lambda match: match.group().encode("latin-1").decode("mac-roman"), line)
    gain = float(model().scores(mac).sum() - model().scores(new).sum())
    return mac if gain > LEAST_GAIN else None


def _is_patch(new: str, old: str) -> bool:
    """Tell whether it is sound to decode some characters of a line that does not decode as a whole.

    The line has to become likelier, and one à lost in one space is not enough where other letters are in order.
    """
    edits = list(differences(0, old, new, ""))
    rest = old[: edits[0].start] + old[edits[0].end :]
    if (
        len(edits) == 1
        and _LOST_SPACE.fullmatch(old, edits[0].start)
        and any(c.isalpha() for c in _outside_ascii(rest))
    ):
        return False
    return float(model().scores(new).sum() - model().scores(old).sum()) > LEAST_GAIN_OF_A_PATCH


_NAMES = {"latin-1": "ISO 8859-1", "macroman": "Mac Roman", "cp437": "code page 437"}


def told(plan: Sequence[tuple[str, str]]) -> str:
    """Return ftfy's plan in words.

    Examples:
        >>> told([("encode", "sloppy-windows-1252"), ("decode", "utf-8")] * 2)
        'UTF-8 read as windows-1252, twice'

    """
    encoded = [name for operation, name in plan if operation == "encode"]
    names = [_NAMES.get(name, name.removeprefix("sloppy-")) for name in encoded]
    return _in_words(names[::-1]) if names else "UTF-8 read as something else, here and there"


@cache
def _words(way: Way) -> str:
    return _in_words([reader.name for reader in way])


def _in_words(names: Sequence[str]) -> str:
    if len(set(names)) == 1 and len(names) > 1:
        times = {2: "twice", 3: "three times"}.get(len(names), f"{len(names)} times")
        return f"UTF-8 read as {names[0]}, {times}"
    return "UTF-8 read as " + ", then as ".join(names)
