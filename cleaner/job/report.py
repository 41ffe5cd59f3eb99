"""The report of a run: made when the run ends, and again from its folder whenever somebody asks."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from cleaner import storage
from cleaner.errors import InputError
from cleaner.job import folder, lookup
from cleaner.job.finished import Finished
from cleaner.record import encode
from cleaner.report import collect, page

if TYPE_CHECKING:
    from pathlib import Path

NAME = "report.html"


def render(run: Finished) -> bytes:
    """Return the page of a run from its folder, in which all but the manifest needs to be written."""
    job = run.manifest["job"]
    stages = [name for name, _ in job["stages"]]
    return page.page(collect.collect(run.out, job["version"], stages, partial(lookup.fetch, run)))


def page_of(out: Path) -> bytes:
    """Return the page of a finished run.

    Raises:
        InputError: the folder holds no finished run, or what it holds is damaged.

    """
    run = Finished(out)
    try:
        return render(run)
    except FileNotFoundError as error:
        raise InputError(f"{error.filename}: the file is missing, and the report needs it") from None
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{out}: its files are damaged, or of another version of cleaner: {error!r}") from error


def renew(out: Path) -> None:
    """Write the page of a finished run into its folder again, and its sum into the manifest."""
    data = page_of(out)
    storage.write(out / NAME, data)
    manifest = folder.read_manifest(out)
    manifest["files"][NAME] = {"bytes": len(data), "sha256": folder.sha256(out / NAME)}
    storage.write(out / folder.MANIFEST, encode(json.dumps(manifest, ensure_ascii=False, indent=1)))
