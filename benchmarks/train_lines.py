"""Train the line model of `cleaner.lines`: pages with their bodies in, a table of weights out.

    python benchmarks/train_lines.py text wet_dev.jsonl.xz  cleaner/lines/text.npz
    python benchmarks/train_lines.py page wcxb_dev.jsonl.xz cleaner/lines/page.npz
    python benchmarks/train_lines.py text wet_dev.jsonl.xz  held/text.npz --held 0 1    # and then benchmarks/lines.py

Needs torch, which nothing else here does (pip install torch). Input: JSON lines {"set", "host", "type", "gold", and
"text" or "html"}; only records of the set wcxb are used (CC-BY-4.0). The shipped tables have seen all its hosts; with
``--held``, hosts with these ``crc32(host) % 5`` are kept to measure with. More in cleaner/lines/CARD.md.
"""

from __future__ import annotations

import argparse
import time
from itertools import chain
from pathlib import Path

import line_samples
import numpy as np
import torch
from torch import nn

from cleaner.lines import guess, known, model

EPOCHS = {"text": 16, "page": 14}
BATCH, RATE, DECAY, DROP, HIDDEN = 12, 8e-3, 1e-2, 0.12, 48
NOISE, MISSING = 0.1, 0.05
"""How much the numbers of a document waver, in standard deviations, and the share of them that it goes without."""
FIRST = 0.4
"""What the first guess counts for beside the final word."""
WHOLE = 0.2
"""What the answer counts for whether a document is clean."""
FORGOTTEN = (0.0, 0.0, 0.3, 0.7, 1.0)
"""Shares of what rules know that the model is not told of a document: packs know some languages well, others not at
all."""
CLEAN = 0.97
"""Share of a document's words that are body text from which it is clean."""


class Net(nn.Module):
    """The model of `cleaner.lines.model`, for training; the names of its parts are those of the table."""

    def __init__(self, size: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.enter = nn.Linear(size, hidden)
        self.look = nn.ModuleList(nn.Linear(3 * hidden, hidden) for _ in model.STEPS)
        self.whole = nn.Linear(2 * hidden, hidden)
        self.guess = nn.Linear(hidden, 1)
        self.again = nn.Linear(hidden + len(guess.NAMES), hidden)
        self.late = nn.ModuleList(nn.Linear(3 * hidden, hidden) for _ in model.LATE)
        self.clean = nn.Linear(2 * hidden, 1)
        self.weigh = nn.Linear(hidden, hidden)
        self.leave = nn.Linear(hidden, 1)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the log-odds of each line, by the first guess and at last, and that each document is clean."""
        inside = batch.inside[:, None]

        def layer(one: nn.Module, values: torch.Tensor) -> torch.Tensor:
            answer = torch.relu(one(values))
            return answer * self.spared(batch, answer.shape[1]) if self.training else answer * inside

        state = layer(self.enter, batch.rows)
        for i, (step, look) in enumerate(zip(model.STEPS, self.look, strict=True)):
            state = state + layer(look, near(state, step))
            if i == model.WHOLE_AFTER:
                state = state + torch.relu(self.whole(batch.means(state)))[batch.doc] * inside
        first = self.guess(state)[:, 0]
        state = state + layer(self.again, torch.cat([state, batch.guessed(first.detach().numpy())], 1))
        for step, look in zip(model.LATE, self.late, strict=True):
            state = state + layer(look, near(state, step))
        return first, self.leave(torch.relu(self.weigh(state)))[:, 0], self.clean(batch.means(state))[:, 0]

    @staticmethod
    def spared(batch: Batch, size: int) -> torch.Tensor:
        """Return which units each document goes without: the same for all of its lines (Gal and Ghahramani 2016)."""
        some = (torch.rand(batch.n, size) >= DROP) / (1 - DROP)
        return some[batch.doc] * batch.inside[:, None]


def near(state: torch.Tensor, step: int) -> torch.Tensor:
    """Return each line's state between those of the lines so many steps before and after it."""
    wide = nn.functional.pad(state, (0, 0, step, step))
    return torch.cat([wide[: -2 * step], state, wide[2 * step :]], 1)


class Batch:
    """Some documents one below the other, with enough room between them that none looks into the next."""

    def __init__(
        self, part: list[line_samples.Sample], mean: np.ndarray, spread: np.ndarray, rng: np.random.Generator
    ) -> None:
        gap = max(*model.STEPS, *model.LATE)
        self.part, self.n = part, len(part)
        told = [rng.random(len(s.words)) >= rng.choice(FORGOTTEN) for s in part]
        taken = [s.taken & heard for s, heard in zip(part, told, strict=True)]
        labels = [np.where(gone, 0, s.labels) for s, gone in zip(part, taken, strict=True)]
        rows = [line_samples.blurred(s.rows, heard, rng) for s, heard in zip(part, told, strict=True)]

        def column(values: list[np.ndarray], between: float) -> torch.Tensor:
            blank = np.full((gap, *values[0].shape[1:]), between, np.float32)
            return torch.tensor(np.concatenate([*chain(*((value, blank) for value in values))]), dtype=torch.float32)

        self.rows = column([unsteady((row - mean) / spread, rng) for row in rows], 0)
        doc = column([np.full(len(s.words), i) for i, s in enumerate(part)], -1).long()
        self.inside, self.doc = (doc >= 0).float(), doc.clamp(min=0)
        self.words = (column([s.words for s in part], 0) + model.SOME) * self.inside
        marks = column(labels, -1)
        self.known, self.labels = (marks >= 0).float(), marks.clamp(0, 1)
        self.tokens = column([s.tokens for s in part], 0)
        self.rank = torch.tensor([s.weight for s in part])
        self.clean = torch.tensor([is_clean(*of) for of in zip(labels, taken, [s.tokens for s in part], strict=True)])
        ends = np.cumsum([len(s.words) + gap for s in part]) - gap
        self.spans = [slice(end - len(s.words), end) for end, s in zip(ends.tolist(), part, strict=True)]

    def per(self, values: torch.Tensor) -> torch.Tensor:
        """Sum up by document."""
        return torch.zeros(self.n, *values.shape[1:]).index_add(0, self.doc, values)

    def means(self, state: torch.Tensor) -> torch.Tensor:
        """Return the mean state of each document's lines, and of its words."""
        lines, words = self.per(self.inside)[:, None], self.per(self.words)[:, None]
        return torch.cat([self.per(state) / lines, self.per(state * self.words[:, None]) / words], 1)

    def guessed(self, odds: np.ndarray) -> torch.Tensor:
        """Return what a first guess says of each line."""
        found = np.zeros((len(odds), len(guess.NAMES)), np.float32)
        for span, s in zip(self.spans, self.part, strict=True):
            found[span] = guess.guess(odds[span], s.words, s.kin)
        return torch.tensor(found)

    def loss(self, odds: torch.Tensor) -> torch.Tensor:
        """Return cross-entropy by line, and 1 - F1 of the words kept by document, which is what counts in the end."""
        weight = torch.sqrt(self.tokens + 1) * self.known
        size = self.tokens * self.known
        entropy = nn.functional.binary_cross_entropy_with_logits(odds, self.labels, reduction="none")
        kept = torch.sigmoid(odds)
        f1 = 2 * self.per(kept * self.labels * size) / (self.per(kept * size) + self.per(self.labels * size) + 1e-3)
        return ((self.per(entropy * weight) / self.per(weight).clamp(min=1) + 1 - f1) * self.rank).mean()


def unsteady(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return rows a little off, and without some of the numbers: a model that knows its pages by heart is no use."""
    rows += rng.normal(0, NOISE, rows.shape)
    rows[:, : -len(known.NAMES)][:, rng.random(rows.shape[1] - len(known.NAMES)) < MISSING] = 0
    return rows


def is_clean(labels: np.ndarray, taken: np.ndarray, tokens: np.ndarray) -> float:
    """Tell whether what rules have left of a document is body text alone: 1 if it is."""
    left = (labels >= 0) & ~taken
    return float((tokens * labels)[left].sum() >= CLEAN * max(1, tokens[left].sum()))


def train(
    epochs: int, samples: list[line_samples.Sample], mean: np.ndarray, spread: np.ndarray, rng: np.random.Generator
) -> Net:
    """Train, and return the mean of the net's last states."""
    net = Net(len(mean))
    slow = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995))
    steps = epochs * -(-len(samples) // BATCH)
    tune = torch.optim.AdamW(net.parameters(), lr=RATE / 2, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(tune, RATE, total_steps=steps)
    started = time.time()
    for epoch in range(epochs):
        order, total = rng.permutation(len(samples)), 0.0
        for at in range(0, len(order), BATCH):
            batch = Batch([samples[i] for i in order[at : at + BATCH]], mean, spread, rng)
            first, last, clean = net(batch)
            whole = nn.functional.binary_cross_entropy_with_logits(clean, batch.clean)
            loss = batch.loss(last) + FIRST * batch.loss(first) + WHOLE * whole
            tune.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            tune.step()
            pace.step()
            slow.update_parameters(net)
            total += loss.item() * batch.n
        print(f"epoch {epoch + 1}: {total / len(samples):.4f}, {time.time() - started:.0f} s", flush=True)
    return slow.module


def main() -> None:
    """Read, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("text", "page"))
    parser.add_argument("pages", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("--held", type=int, nargs="*", default=[], help="hosts to keep: crc32(host) %% 5")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, help="fewer, to try something")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    pages = [*line_samples.sources(args.pages, args.held)]
    maker = line_samples.Maker(args.kind, pages, rng)
    samples = [sample for page in pages for sample in maker.samples(page)]
    print(f"{len(pages)} pages, {len(samples)} documents", flush=True)
    rows = np.concatenate([s.rows for s in samples])
    mean, spread = rows.mean(0, np.float64).astype(np.float32), rows.std(0, np.float64).astype(np.float32) + 1e-3
    mean[-len(known.NAMES) :], spread[-len(known.NAMES) :] = 0, 1  # what rules know is 0 or 1 as it is
    net = train(args.epochs or EPOCHS[args.kind], samples, mean, spread, rng)
    weights = {"mean": mean, "spread": spread}
    for name, value in net.state_dict().items():
        weights |= rounded(name, value.numpy().T)
    args.table.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.table, **{name: weights[name] for name in sorted(weights)})


def rounded(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return weights as the table has them: those of a layer as a byte each, with a step for each of its units."""
    if values.ndim == 1:
        return {name: values.astype(np.float16)}
    step = np.abs(values).max(0) / np.iinfo(np.int8).max
    return {name: np.rint(values / step).astype(np.int8), f"{name}.step": step.astype(np.float32)}


if __name__ == "__main__":
    main()
