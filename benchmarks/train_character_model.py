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
from pathlib import Path
from typing import TYPE_CHECKING

import ftfy

from cleaner.garbling import alphabet
from cleaner.garbling.model import ORDER, Model, write

if TYPE_CHECKING:
    from collections.abc import Iterator

UNTOUCHED = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, normalization=None, explain=False
)

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
    model = Model.trained(counts)
    write(model, options.out)
    print(f"{len(languages)} languages, {sum(languages.values()):,} characters")
    print(f"{model.sizes()}; {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
