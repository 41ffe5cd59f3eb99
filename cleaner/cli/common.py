"""The options of the verbs that do a job, once: ``run`` and ``dedup`` take all of them."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

from cleaner.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Common:
    """What was asked for, in the order in which ``--help`` lists it."""

    inputs: options.Inputs
    output: options.Output
    changes: options.Changes = None
    keep: options.Keep = ""
    format_: options.Format = "auto"
    to: options.To = ""
    allow: options.Allow = ""
    id_: options.IdField = ""
    text: options.TextField = ""
    url: options.UrlField = ""
    date: options.DateField = ""
    jobs: options.Jobs = 0
    memory: options.Memory = ""
    engine: options.Engine = "pool"
    limit: options.Limit = None
    annotate: options.Annotate = "on"
    fail_on: options.FailOn = None
    max_bad: options.MaxBad = None
    metrics: options.Metrics = None
    progress: options.Progress = "auto"
    log_format: options.LogFormat = "text"
    dry_run: options.DryRun = False
    fresh: options.Fresh = False
    work: options.Work = None
    pairs: options.Pairs = False
    quiet: options.Quiet = False
    verbose: options.Verbose = False
    as_json: options.AsJson = False
    debug: options.Debug = False

    @property
    def names(self) -> dict[str, str]:
        """The field names that were given, by known name."""
        return options.names(id=self.id_, text=self.text, url=self.url, date=self.date)

    def changed(self, *more: str) -> list[str]:
        """Return the changes to the recipe that were asked for, after some others."""
        return [*more, *(self.changes or []), *([f"dedup.keep={self.keep}"] if self.keep else [])]


def takes_common(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb, besides its own options, those of `Common`, which it gets as its first argument."""
    hints = get_type_hints(Common, include_extras=True)
    shared = [
        inspect.Parameter(
            f.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if f.name in {"inputs", "output"} else f.default,
            annotation=hints[f.name],
        )
        for f in fields(Common)
    ]
    own = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(verb, eval_str=True).parameters.items()
        if name != "common"
    ]

    @wraps(verb)
    def command(**given: Any) -> None:  # noqa: ANN401  each has the type of its option
        common = Common(**{parameter.name: given.pop(parameter.name) for parameter in shared})
        verb(common, **given)

    parameters = [*shared[:2], *own, *shared[2:]]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command
