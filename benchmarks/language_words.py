"""Counts the commonest words of each language, as cleaner/languages/words.toml has them.

    python benchmarks/language_words.py train_lines.jsonl.xz > cleaner/languages/words.toml

Records {"lang", "text"}. Languages that a script alone tells are left out, and so is Spanish, whose words stand there
by hand: the sentences that are at hand have lost its accents.
"""

from __future__ import annotations

import json
import lzma
import sys
from collections import Counter, defaultdict

from cleaner.languages import SCRIPTS, by_script, words

MOST = 100
SPANISH = (
    "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin "
    "sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué "
    "sólo han yo hay vez puede todos así nos ni parte tiene él uno donde bien tiempo mismo ese ahora cada e vida "
    "otro después te otros aunque esa eso hace otra gobierno tan durante siempre día tanto ella tres sí dijo sido "
    "gran país según menos año antes estado contra sino forma caso nada hacer"
)


def main() -> None:
    """Count, and print the table."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with lzma.open(sys.argv[1], "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            rec = json.loads(line)
            if rec["lang"] not in SCRIPTS.values() and by_script(rec["text"]) is None:
                counts[rec["lang"]].update(words(rec["text"]))
    common = {lang: " ".join(word for word, n in found.most_common(MOST) if n > 1) for lang, found in counts.items()}
    common["es"] = SPANISH
    print("# The commonest words of languages that share their script, commonest first. Counted by")
    print("# benchmarks/language_words.py; Spanish by hand. A word may be put in or taken out where that helps.")
    for lang in sorted(common):
        print(f'{lang} = "{common[lang]}"')


if __name__ == "__main__":
    main()
