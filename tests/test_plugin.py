"""A distribution of somebody else's is installed, and what it brings is used by name."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("plugin")
NOTICE = (
    "Book a mooring\n\nThe lock at Sandvik is closed until Friday.\nHW 04:12 (3.8 m)\nLW 10:31 (0.4 m)\nBoats wait."
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return the environment of a process that finds the distribution."""
    folder = tmp_path_factory.mktemp("plugin")
    shutil.copytree(SOURCE, folder / "source")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    target = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", *options, "--target", target, folder / "source"]
    subprocess.run(pip, check=True, capture_output=True)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(target), str(SOURCE.parent.parent)])}


def cleaner(env, *args):
    command = [sys.executable, "-c", "from cleaner.cli import main; main()", *map(str, args)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("jobs", [1, 2])
def test_stage_format_pack_and_recipe_are_used_by_name(installed, tmp_path, jobs):
    for number in range(3):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{number}.notice").write_text(f"{NOTICE} {number}")
    out = tmp_path / "out"
    done = cleaner(installed, "run", tmp_path / "in", "-o", out, "--recipe", "harbour", "-j", jobs, "--engine", "pool")
    assert done.returncode == 0, done.stderr
    texts = sorted(path.read_text() for path in (out / "documents").rglob("*.notice"))
    assert texts == [f"The lock at Sandvik is closed until Friday.\nBoats wait. {n}" for n in range(3)]
    ledger = "".join(path.read_text() for path in (out / "ledger").rglob("*.jsonl"))
    rules = {json.loads(line)["rule"] for line in ledger.splitlines()}
    assert {"harbour/navigation/moorings", "tides/level"} <= rules


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["stages"], "tides"),
        (["stages", "tides"], "Whether low water goes, too."),
        (["rules", "harbour/navigation/moorings"], "Book a mooring"),
        (["run", "--recipe", "harbuor", ".", "-o", "out"], "did you mean 'harbour'?"),
    ],
)
def test_what_it_brings_is_shown_among_the_rest(installed, args, said):
    done = cleaner(installed, *args)
    assert said in done.stdout + done.stderr


def test_its_option_is_set_and_checked(installed):
    set_to = ["text", "--recipe", "harbour", "--set"]
    kept = subprocess.run(
        [sys.executable, "-c", "from cleaner.cli import main; main()", *set_to, "tides.low=false"],
        env=installed, input=NOTICE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "LW 10:31" in kept.stdout
    assert "HW 04:12" not in kept.stdout
    wrong = cleaner(installed, *set_to, "tides.lwo=false")
    assert wrong.returncode == 2
    assert "did you mean 'low'?" in wrong.stderr
