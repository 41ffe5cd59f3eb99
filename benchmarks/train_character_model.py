"""Count characters in many languages, and write the model by which the repair stage tells text from garble.

    train_character_model.py LINES.jsonl.xz… [--catalogues /usr/share/locale] --out cleaner/garbling/characters.bin

LINES hold records {"lang", "text"}. Catalogues are the gettext translations of installed programs: another register,
and many more languages. Lines that ftfy would change, and such as hold entities, are left out, so that the model
learns no garble. Only counts go into the model, never a sentence.
"""

from __future__ import annotations

import argparse
import gettext
import json
import lzma
import re
from collections import Counter, defaultdict
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import ftfy
import numpy as np

from cleaner.garbling import alphabet
from cleaner.garbling.model import BITS, ORDER, STEP, Model
from cleaner.garbling.packing import packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

UNTOUCHED = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, normalization=None, explain=False
)

DISCOUNT = 0.75
"""Taken off each count for what was never counted; between .7 and .8 nothing changes."""
SELDOM = (2, 2, 2, 3)
"""Characters, pairs, triples and quadruples counted less often than this are left out."""

_MARKUP = re.compile(r"<[^>]*>|%[-#+ 0-9.*$]*[a-zA-Z]|\{[^}]*\}|\\\w|[_&~|]")
"""What a catalogue holds besides language: tags, places for values, marks of shortcut keys."""


def lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield language and text of each record that is fit to learn from."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield record["lang"], record["text"]


def catalogues(folder: Path, most: int) -> Iterator[tuple[str, str]]:
    """Yield language and text of the translations below a folder, at most so many characters for each language."""
    taken: Counter[str] = Counter()
    for path in sorted(folder.glob("*/LC_MESSAGES/*.mo")):
        lang = path.parts[-3]
        if lang.startswith("en"):
            continue
        try:
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)._catalog  # noqa: SLF001 - there is no other way to all of it
        except (OSError, ValueError, LookupError):
            continue
        for source, text in sorted(catalogue.items(), key=str):
            if source and text != source and isinstance(text, str) and taken[lang] < most:
                for line in text.split("\n"):
                    clean = " ".join(_MARKUP.sub(" ", line).split())
                    taken[lang] += len(clean)
                    yield lang, clean


def fit(text: str) -> bool:
    """Tell whether a line is fit to learn from."""
    return bool(text) and "&" not in text and ftfy.fix_text(text, UNTOUCHED) == text


def trained(counts: Sequence[Mapping[str, int]]) -> Model:
    """Return the model of counted strings of one character, of two, and so on."""
    total = sum(counts[0].values())
    characters = sorted(c for c, n in counts[0].items() if n >= SELDOM[0] and ord(c) < alphabet.END)
    number = {c: i for i, c in enumerate(characters)}
    chances = {c: counts[0][c] / total for c in characters}
    keys = [np.array([ord(c) for c in characters], np.uint64)]
    logs = [rounded([chances[c] for c in characters])]
    rests = []
    for counted, least in zip(counts[1:], SELDOM[1:], strict=True):
        kept = {k: n for k, n in counted.items() if n >= least and k[1:] in chances and k[:-1] in chances}
        longer, left = interpolated(kept, counted, chances)
        rests.append(rounded([left.get(k, 1.0) for k in sorted(chances)]))
        chances = longer
        ordered = sorted(chances)
        keys.append(np.array([reduce(lambda key, c: key << BITS | number[c], k, 0) for k in ordered], np.uint64))
        logs.append(rounded([chances[k] for k in ordered]))
    return Model(tuple(keys), tuple(logs), tuple(rests))


def interpolated(
    kept: Mapping[str, int], counted: Mapping[str, int], shorter: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the probability of each kept string, and of each context how much it leaves to the shorter one."""
    sums: dict[str, int] = {}
    taken: dict[str, float] = {}
    for key, n in counted.items():
        context = key[:-1]
        sums[context] = sums.get(context, 0) + n
        taken[context] = taken.get(context, 0) + (DISCOUNT if key in kept else n)
    rest = {context: taken[context] / n for context, n in sums.items()}
    return {k: (n - DISCOUNT) / sums[k[:-1]] + rest[k[:-1]] * shorter[k[1:]] for k, n in kept.items()}, rest


def rounded(probabilities: list[float]) -> NDArray[np.uint8]:
    """Return logarithms as the model stores them."""
    logs = -np.log(np.maximum(probabilities, 1e-12)) / STEP
    return np.clip(np.rint(logs), 0, 255).astype(np.uint8)


def main() -> None:
    """Count, prune, write, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", nargs="+", type=Path)
    parser.add_argument("--catalogues", type=Path)
    parser.add_argument("--most", type=int, default=40_000, help="characters of catalogues for each language")
    parser.add_argument("--without", default="", help="languages to leave out, to measure on them")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sources = [lines(path) for path in options.lines]
    if options.catalogues:
        sources.append(catalogues(options.catalogues, options.most))
    counts: tuple[Counter[str], ...] = tuple(Counter() for _ in range(ORDER))
    languages: defaultdict[str, int] = defaultdict(int)
    left = set(options.without.split())
    for source in sources:
        for lang, text in source:
            if lang.split("_")[0].split("@")[0] in left or not fit(text):
                continue
            folded = alphabet.fold(text)
            languages[lang] += len(folded)
            for n, counter in enumerate(counts, 1):
                counter.update(folded[i : i + n] for i in range(len(folded) - n + 1))
    model = trained(counts)
    options.out.write_bytes(packed(model.keys, model.logs, model.rests))
    print(f"{len(languages)} languages, {sum(languages.values()):,} characters")
    print(f"{model.sizes()}; {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
