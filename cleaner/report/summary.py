"""The summary of a run, as a person reads it on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.report.tally import Tally

_TOP = 8


def render(tally: Tally, out: str, seconds: float | None, *, verbose: bool = False) -> str:
    """Return the summary; ``seconds`` is None for a run that an earlier one had done."""
    dropped, bad = tally.dropped.total(), tally.quarantined.total()
    lines = [
        f"read         {tally.read:>10,}",
        f"kept         {tally.kept:>10,}  {_reasons({'changed': tally.changed})}",
        f"dropped      {dropped:>10,}  {_reasons(tally.dropped)}",
        f"duplicates   {tally.duplicates:>10,}  {_reasons({k: v for k, v in tally.levels.items() if k != 'story'})}",
        f"quarantined  {bad:>10,}  {_reasons(tally.quarantined)}",
        f"             {tally.read:,} = {tally.kept:,} + {dropped:,} + {tally.duplicates:,} + {bad:,}",
    ]
    if tally.levels["story"]:
        lines.append(f"marked       {tally.levels['story']:>10,}  tell the story of another one in other words")
    lines += ["", f"characters   {tally.characters_in:>10,} in, {tally.characters_out:,} in kept documents"]
    if tally.lost:
        lines.append(f"             {tally.lost:>10,} of them are U+FFFD: lost before they came here, and kept")
    kinds = [(kind, n) for kind, n in tally.kinds().most_common() if n]
    lines += [
        f"  {n:>10,}  {kind}" for kind, n in sorted(kinds, key=lambda k: (-k[1], k[0]))[: None if verbose else _TOP]
    ]
    top = tally.top_rules()
    if top:
        lines += ["", "edits by rule"]
        lines += [f"  {rule.edits:>10,}  {code}" for code, rule in top[: None if verbose else _TOP]]
        if len(top) > _TOP and not verbose:
            lines.append(f"              and {len(top) - _TOP} more: --verbose, or {out.rstrip('/')}/report.html")
    if tally.refused:
        lines.append(f"\n{tally.refused} times a stage was kept from taking too much (see [guard] in the recipe)")
    if tally.capped:
        lines.append(f"\npages out of bounds, read more simply: {_reasons(tally.capped)}")
    if seconds is None:
        lines += ["", f"already done: {out}"]
    else:
        rate = tally.read / seconds if seconds else 0.0
        lines += ["", f"{seconds:.1f} s, {rate:,.0f} documents/s: {out}"]
    return "\n".join(line.rstrip() for line in lines)


def _reasons(counts: dict[str, int]) -> str:
    return ", ".join(f"{n:,} {reason}" for reason, n in sorted(counts.items(), key=lambda c: (-c[1], c[0])) if n)
