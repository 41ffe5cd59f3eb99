"""Train the line model of `cleaner.lines`: pages with their bodies in, a table of weights out.

    python benchmarks/train_lines.py text wet_dev.jsonl.xz  cleaner/lines/text.npz
    python benchmarks/train_lines.py page wcxb_dev.jsonl.xz cleaner/lines/page.npz

Needs torch, which nothing else here does (pip install torch). Input: JSON lines {"set", "host", "type", "gold", and
"text" or "html"}; only records of the set wcxb are used (CC-BY-4.0), and only of four hosts in five: the fifth,
``crc32(host) % 5 == 0``, is kept to measure with. More in cleaner/lines/CARD.md.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import time
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from cleaner.document import Block, Document
from cleaner.lines import model, place, shape
from cleaner.markup import flatten

EPOCHS = {"text": 10, "page": 12}
BATCH, RATE, MEMBERS = 12, 6e-3, 2
CLEAN = 2.0
"""Weight of bodies without any boilerplate around them: restraint is learned from these."""
LARGEST = 3_000
_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")


class Source(NamedTuple):
    """One page as training sees it: its lines, their labels (-1 unknown), their tokens."""

    lines: list[str]
    blocks: list[Block]
    labels: np.ndarray
    tokens: np.ndarray
    article: bool


class Sample(NamedTuple):
    """One document as the model sees it."""

    rows: np.ndarray
    words: np.ndarray
    labels: np.ndarray
    tokens: np.ndarray
    weight: float


def tokens(text: str) -> list[str]:
    """Return the lower-cased words of a text, an ideograph being one."""
    return _TOKEN.findall(text.lower())


def labels(lines: list[str], gold: str) -> np.ndarray:
    """Return for each line the share of its 3-grams that the body has; short lines count if they are lines there."""
    body = tokens(gold)
    grams, whole = set(zip(body, body[1:], body[2:], strict=False)), {tuple(tokens(line)) for line in gold.split("\n")}
    flat = f" {' '.join(body)} "
    found = np.full(len(lines), -1, np.float32)
    unsure = []
    for i, line in enumerate(lines):
        own = tokens(line)
        if tuple(own) in whole:
            found[i] = 1.0 if own else -1.0
        elif len(own) > 2:  # noqa: PLR2004 - 3-grams
            found[i] = sum(gram in grams for gram in zip(own, own[1:], own[2:], strict=False)) / (len(own) - 2)
        elif own:
            found[i] = 0.0
            if f" {' '.join(own)} " in flat:
                unsure.append(i)
    for i in unsure:  # one or two words that stand somewhere in the body: as their neighbours
        near = [found[j] for j in range(max(0, i - 3), min(len(lines), i + 4)) if j not in unsure and found[j] >= 0]
        found[i] = 0.7 if near and np.mean(near) > 0.6 else 0.15  # noqa: PLR2004
    return found


def sources(kind: str, path: Path) -> list[Source]:
    """Read the pages to train on."""
    found = []
    with lzma.open(path) as file:
        for raw in file:
            rec = json.loads(raw)
            if rec["set"] != "wcxb" or zlib.crc32((rec.get("host") or rec["id"]).encode()) % 5 == 0:
                continue
            if kind == "page":
                page = flatten(rec["html"])
                text, blocks = page.text, list(page.blocks)
            else:
                text, blocks = rec["text"], list(Document("", rec["text"]).blocks)
            lines = [text[b.start : b.end] for b in blocks]
            if 0 < len(lines) <= LARGEST:
                size = np.array([len(tokens(line)) for line in lines])
                found.append(Source(lines, blocks, labels(lines, rec["gold"]), size, rec.get("type") == "article"))
    return found


def sample(kind: str, source: Source, keep: np.ndarray, weight: float = 1.0) -> Sample:
    """Return the document that some lines of a page make."""
    at, blocks = 0, []
    for i in keep:
        blocks.append(source.blocks[i]._replace(start=at, end=at + len(source.lines[i])))
        at = blocks[-1].end + 1
    known = shape.shape("\n".join(source.lines[i] for i in keep), blocks)
    rows = known.rows
    if kind == "page":
        rows = np.concatenate([rows, place.place(blocks, known.words)], 1)
    return Sample(rows, known.words, source.labels[keep], source.tokens[keep], weight)


def variants(kind: str, source: Source, others: list[Source], rng: np.random.Generator) -> list[Sample]:
    """Return a page as it is, half cleaned, wholly cleaned, and with lines of other pages below and above it."""
    every, body = np.arange(len(source.lines)), source.labels > 0.5  # noqa: PLR2004
    if not body.any():
        return []
    half = np.flatnonzero(body | (rng.random(len(every)) > rng.random() ** 0.7))
    found = [sample(kind, source, every), sample(kind, source, half)]
    if kind == "page":
        found.append(sample(kind, source, np.flatnonzero(body | (rng.random(len(every)) > rng.random() * 0.5))))
    if body.sum() > 1:
        found.append(sample(kind, source, np.flatnonzero(body), CLEAN))
    if kind == "text" and source.article and rng.random() < 0.6:  # noqa: PLR2004
        lines, marks, size = [], [], []
        for other in [source] + [others[i] for i in rng.integers(len(others), size=rng.integers(1, 3))]:
            n = len(other.lines)
            long = n if other is source else min(n, int(rng.integers(10, 200)))
            first = int(rng.integers(0, n - long + 1))
            mark = source.labels if other is source else np.zeros(n, np.float32)
            part = (other.lines[first : first + long], mark[first : first + long], other.tokens[first : first + long])
            place_at = len(lines) if other is source or rng.random() < 0.7 else 0  # noqa: PLR2004
            lines.insert(place_at, part[0])
            marks.insert(place_at, part[1])
            size.insert(place_at, part[2])
        flat = [line for piece in lines for line in piece]
        made = Source(flat, [Block(0, 0)] * len(flat), np.concatenate(marks), np.concatenate(size), article=True)
        found.append(sample(kind, made, np.arange(len(flat))))
    return found


def blurred(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return rows as another script would have them: without capitals, without spaces, with longer words.

    Of a page, some of what is known of places is left out, for not every page names its elements.
    """
    rows, draw = rows.copy(), rng.random()
    if rows.shape[1] > len(shape.NAMES):
        rows[:, len(shape.NAMES) :][:, rng.random(len(place.NAMES)) < rng.choice([0, 0.1, 0.4])] = 0
    if draw < 0.3:  # noqa: PLR2004
        rows[:, shape.CASE] = 0
        if draw > 0.15:  # noqa: PLR2004
            rows[:, shape.WORD] = shape.NO_WORD
    elif draw < 0.5:  # noqa: PLR2004
        rows[:, shape.WORD[0]] *= rng.uniform(0.8, 1.5)
        rows[:, shape.WORD[1]] *= rng.uniform(0.4, 1.2)
    return rows


class Net(nn.Module):
    """The model of `cleaner.lines.model`, for training; the names of its parts are those of the table."""

    def __init__(self, size: int, hidden: int = 32) -> None:
        super().__init__()
        self.enter = nn.Linear(size, hidden)
        self.look = nn.ModuleList(nn.Conv1d(hidden, hidden, 3, padding=d, dilation=d) for d in model.STEPS)
        self.whole = nn.Linear(2 * hidden, hidden)
        self.weigh = nn.Linear(hidden, hidden)
        self.leave = nn.Linear(hidden, 1)
        self.drop = nn.Dropout(0.15)

    def forward(self, rows: torch.Tensor, words: torch.Tensor, of: torch.Tensor, n: int) -> torch.Tensor:
        """Return the log-odds of each line; ``of`` is the document of each row, -1 between documents."""
        inside = (of >= 0).float()[:, None]
        of, words = of.clamp(min=0), (words + model.SOME) * inside[:, 0]
        state = self.drop(torch.relu(self.enter(rows))) * inside
        for i, look in enumerate(self.look):
            state = (state + self.drop(torch.relu(look(state.T[None])[0].T))) * inside
            if i == model.WHOLE_AFTER:
                sums = torch.zeros(n, state.shape[1])
                lines = torch.zeros(n).index_add(0, of, inside[:, 0])[:, None]
                weight = torch.zeros(n).index_add(0, of, words)[:, None]
                means = [sums.index_add(0, of, state) / lines, sums.index_add(0, of, state * words[:, None]) / weight]
                state = (state + torch.relu(self.whole(torch.cat(means, 1)))[of]) * inside
        return self.leave(torch.relu(self.weigh(self.drop(state))))[:, 0]


def train(
    epochs: int, samples: list[Sample], mean: np.ndarray, spread: np.ndarray, rng: np.random.Generator
) -> nn.Module:
    """Train: cross-entropy by line, and 1 - F1 of the words kept by document, which is what counts in the end."""
    net = Net(len(mean))
    slow = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995))
    steps = epochs * (len(samples) // BATCH + 1)
    tune = torch.optim.AdamW(net.parameters(), lr=RATE / 2, weight_decay=3e-3)
    pace = torch.optim.lr_scheduler.OneCycleLR(tune, RATE, total_steps=steps)
    started = time.time()
    gap = max(model.STEPS)
    for epoch in range(epochs):
        order, total = rng.permutation(len(samples)), 0.0
        for first in range(0, len(order), BATCH):
            part = [samples[i] for i in order[first : first + BATCH]]
            n = len(part)
            blank = np.zeros((gap, len(mean)), np.float32)
            x = np.concatenate([p for s in part for p in ((blurred(s.rows, rng) - mean) / spread, blank)])
            flat = [
                np.concatenate([p for i, s in enumerate(part) for p in (column(i, s), np.full(gap, -1.0))])
                for column in (
                    lambda _, s: s.words,
                    lambda _, s: s.labels,
                    lambda _, s: s.tokens,
                    lambda i, s: np.full(len(s.labels), i),
                )
            ]
            words, label, size, of = (torch.tensor(column, dtype=torch.float32) for column in flat)
            of = of.long()
            odds = net(torch.tensor(x.astype(np.float32)), words, of, n)
            known, size, doc = ((label >= 0) & (of >= 0)).float(), size.clamp(min=0), of.clamp(min=0)
            label = label.clamp(0, 1)

            def per(
                values: torch.Tensor, known: torch.Tensor = known, doc: torch.Tensor = doc, n: int = n
            ) -> torch.Tensor:
                return torch.zeros(n).index_add(0, doc, values * known)

            weight = torch.sqrt(size + 1)
            entropy = nn.functional.binary_cross_entropy_with_logits(odds, label, reduction="none")
            kept = torch.sigmoid(odds)
            f1 = 2 * per(kept * label * size) / (per(kept * size) + per(label * size) + 1e-3)
            rank = torch.tensor([s.weight for s in part])
            loss = ((per(entropy * weight) / per(weight).clamp(min=1) + 1 - f1) * rank).mean()
            tune.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            tune.step()
            pace.step()
            slow.update_parameters(net)
            total += loss.item() * n
        print(f"epoch {epoch + 1}: {total / len(samples):.4f}, {time.time() - started:.0f} s", flush=True)
    return slow.module


def main() -> None:
    """Read, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("text", "page"))
    parser.add_argument("pages", type=Path)
    parser.add_argument("table", type=Path)
    args = parser.parse_args()
    found = sources(args.kind, args.pages)
    others = [source for source in found if not source.article]
    mean = spread = np.empty(0)
    members = []
    for seed in range(MEMBERS):
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        samples = [s for source in found for s in variants(args.kind, source, others, rng)]
        print(f"{len(found)} pages, {len(samples)} samples", flush=True)
        if seed == 0:
            rows = np.concatenate([s.rows for s in samples])
            mean, spread = rows.mean(0), rows.std(0) + 1e-3
        members.append(train(EPOCHS[args.kind], samples, mean, spread, rng).state_dict())
        weights = {name: np.stack([member[name].numpy() for member in members]) for name in members[0]}
        weights |= {"mean": mean, "spread": spread}
        np.savez_compressed(args.table, **{name: value.astype(np.float16) for name, value in weights.items()})


if __name__ == "__main__":
    main()
