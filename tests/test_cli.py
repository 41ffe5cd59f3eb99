"""The command line: every verb, every exit code, and good manners on every stream."""

import importlib.metadata
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from cleaner import __version__, cli, errors, storage

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-c", "from cleaner.cli import main; main()"]
RUN = ("-c", "repair-only", "-j", "1")
HEAVY = {"bs4", "ftfy", "lxml", "numpy", "scipy", "datasketch", "rich", "sklearn", "trafilatura", "multiprocessing"}
VERBS = sorted(command.name for command in cli.app.registered_commands)


@pytest.fixture
def records(put, line, article):
    """Write a corpus in which something happens to every record."""
    rows = [
        line(id=1, text="It was â€œfineâ€\x9d."),
        line(id="copy", text=article(1)),
        line(id="copy2", text=article(1)),
    ]
    return put("in/a.jsonl", b"".join([*rows, b"broken\n", line(id="void", text=" ")]))


def modules_after(*command):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    return {
        row.rpartition("|")[2].strip().partition(".")[0] for row in done.stderr.splitlines() if row.startswith("import")
    }


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-c", "import cleaner"], id="import"),
        pytest.param([*COMMAND[1:], "--help"], id="help"),
        pytest.param([*COMMAND[1:], "run", "--help"], id="help on a verb"),
        pytest.param([*COMMAND[1:], "--version"], id="version"),
    ],
)
def test_nothing_heavy_is_loaded_where_it_is_not_used(command):
    assert modules_after(*command) & HEAVY == set()


def test_the_version_is_said(call):
    assert call("--version") == (0, f"cleaner {__version__}\n", "")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("asked", ["-h", "--help"])
def test_every_verb_explains_itself_with_examples(call, verb, asked):
    code, out, err = call(verb, asked)
    assert (code, err) == (0, "")
    assert f"cleaner {verb} " in out.partition("Examples:")[2]


def test_help_names_every_verb(call):
    code, out, _ = call("--help")
    assert code == 0
    assert [verb for verb in VERBS if not re.search(rf"^\W*{verb}\s", out, re.MULTILINE)] == []


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["rnu"], "No such command"),
        (["run"], "Missing argument"),
        (["run", "in"], "Missing option"),
        (["run", "in", "-o", "out", "--recpie", "x"], "No such option"),
        (["run", "in", "-o", "out", "-j", "many"], "Invalid value"),
        (["run", "in", "-o", "out", "--limit", "-1"], "Invalid value"),
        (["run", "in", "-o", "out", "-c", "nwes"], "did you mean 'news'"),
        (["run", "in", "-o", "out", "-c", "no.toml"], "no.toml: the recipe cannot be read"),
        (["run", "in", "-o", "out", "--set", "repair"], "STAGE.OPTION=VALUE"),
        (["run", "in", "-o", "out", "--set", "repare.x=1"], "did you mean 'repair'"),
        (["run", "in", "-o", "out", "--set", "dedup.treshold=1"], "did you mean 'threshold'"),
        (["run", "in", "-o", "out", "--set", "dedup.threshold=7"], "threshold"),
        (["run", "in", "-o", "out", "--keep", "best"], "best"),
        (["run", "in", "-o", "out", "--format", "json"], "did you mean 'jsonl'"),
        (["run", "in", "-o", "out", "--engine", "poll"], "did you mean 'pool'"),
        (["run", "in", "-o", "out", "--annotate", "maybe"], "--annotate maybe"),
        (["run", "in", "-o", "out", "--fail-on", "drop_rat>1"], "did you mean 'drop_rate'"),
        (["run", "in", "-o", "out", "--progress", "loud"], "--progress loud"),
        (["run", "in", "-o", "out", "--log-format", "xml"], "--log-format xml"),
        (["run", "-", "in", "-o", "out"], "stands alone"),
        (["dedup", "in", "-o", "out", "--level", "nere"], "nere"),
        (["dedup", "in", "-o", "out", "--threshold", "7"], "threshold"),
        (["rules", "any/shar"], "did you mean"),
        (["rules", "--pack", "no"], "no"),
        (["stages", "repiar"], "did you mean 'repair'"),
        (["text", "-c", "nwes"], "did you mean 'news'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_that_makes_no_sense_ends_with_2(call, args, told, tmp_path):
    code, out, err = call(*args)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err
    assert not err.startswith("cleaner: ") or err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["run", "nope", "-o", "out", *RUN], "cleaner: nothing to read: nope: no such file or folder"),
        (["run", "empty", "-o", "out", *RUN], "cleaner: nothing to read: no file of a known format is there"),
        (["text", "nope.txt"], "cleaner: nope.txt: it cannot be read"),
        (["text", "empty"], "cleaner: empty: it cannot be read"),
        (["explain", "empty", "--doc", "1"], "cleaner: empty: the folder holds no run"),
        (["text", "bad.txt"], "cleaner: bad.txt: invalid-utf-8"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_input_that_is_not_there_ends_with_3_and_a_sentence(call, tmp_path, put, args, told):
    (tmp_path / "empty").mkdir()
    put("bad.txt", b"ab\xff\xfec")
    code, out, err = call(*args)
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith(told)


def test_damaged_input_ends_with_3_when_the_rest_is_done(call, put, line, tmp_path, kept, quarantined):
    put("in/a.jsonl", line(id=1, text="a"))
    path = put("in/b.jsonl.zst", b"".join(line(id=i, text=f"text {i}") for i in range(9)))
    path.write_bytes(path.read_bytes()[:-4])
    assert call("run", "in", "-o", "out", *RUN)[0] == 3
    assert kept(tmp_path / "out")[0] == {"id": 1, "text": "a"}
    assert len(quarantined(tmp_path / "out")) == 1
    assert call("run", "in", "-o", "out", *RUN)[0] == 3
    assert call("run", "in", "gone.jsonl", "-o", "out2", *RUN)[0] == 3


@pytest.mark.usefixtures("records")
def test_output_that_cannot_be_written_ends_with_4(call, put):
    put("file", "x")
    code, out, err = call("run", "in", "-o", "file/out", *RUN)
    assert (code, out, err.count("\n")) == (4, "", 1)


@pytest.mark.usefixtures("records")
def test_output_of_another_job_ends_with_5(call):
    assert call("run", "in", "-o", "out", *RUN)[0] == 0
    code, out, err = call("run", "in", "-o", "out", "-c", "minimal", "-j", "1")
    assert (code, out, err.count("\n")) == (5, "", 1)
    assert "--fresh" in err
    assert call("run", "in", "-o", "out", "-c", "minimal", "-j", "1", "--fresh")[0] == 0


@pytest.mark.usefixtures("records")
def test_a_defect_ends_with_70_and_names_itself(call, monkeypatch):
    def defect(*_args):
        message = "no such thing"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("cleaner.job.run.inputs.find", defect)
    code, out, err = call("run", "in", "-o", "out", *RUN)
    assert (code, out, err.count("\n")) == (errors.LawError.exit_code, "", 1)
    assert "defect of cleaner" in err


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("option", "code"),
    [
        (["--max-bad", "0"], 1),
        (["--max-bad", "1"], 0),
        (["--fail-on", "drop_rate>0.1"], 1),
        (["--fail-on", "drop_rate>0.9", "--fail-on", "quarantine_rate>0"], 1),
        (["--fail-on", "drop_rate>0.9"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_gates_end_with_1_and_say_why(call, option, code):
    done, _, err = call("run", "in", "-o", "out", *RUN, *option)
    assert done == code
    assert (option[-2] in err.rstrip().splitlines()[-1]) == bool(code)


@pytest.mark.usefixtures("records")
def test_the_summary_goes_to_standard_error_and_adds_up(call):
    code, out, err = call("run", "in", "-o", "out", *RUN, "--set", "dedup.level=exact")
    assert (code, out) == (0, "")
    assert re.search(r"^read +5$", err, re.MULTILINE)
    assert "5 = 2 + 1 + 1 + 1" in err
    assert "\x1b" not in err
    code, _, again = call("run", "in", "-o", "out", *RUN, "--set", "dedup.level=exact")
    assert (code, "already done" in again) == (0, True)


@pytest.mark.usefixtures("records")
def test_with_json_programs_read_standard_output(call):
    code, out, err = call("run", "in", "-o", "out", *RUN, "--json", "-q")
    facts = json.loads(out)
    assert (code, err) == (0, "")
    assert (facts["read"], facts["kept"], facts["exit"]) == (5, 3, 0)


@pytest.mark.usefixtures("records")
def test_logs_can_be_json(call):
    _, out, err = call("run", "in", "-o", "out", *RUN, "--log-format", "json", "--max-bad", "0")
    events = [json.loads(row) for row in err.splitlines()]
    assert out == ""
    assert [e["event"] for e in events if e["event"] != "phase"] == ["summary", "gate"]


@pytest.mark.usefixtures("records")
def test_quiet_is_quiet(call):
    assert call("run", "in", "-o", "out", *RUN, "-q") == (0, "", "")


def test_standard_input_is_an_input(call, records, tmp_path, kept, audit):
    data = records.read_bytes()
    assert call("run", "-", "-o", "out", *RUN, stdin=data)[0] == 0
    assert audit(tmp_path / "out")["read"] == 5
    code, _, err = call("run", "-", "-o", "out", *RUN, stdin=data)
    assert (code, "already done" in err) == (0, True)
    assert call("run", "-", "-o", "out", *RUN, stdin=data + data)[0] == 5
    assert call("run", "-", "-o", "texts", *RUN, "--format", "text", stdin=b"a text")[0] == 0
    assert [r["text"] for r in kept(tmp_path / "texts")] == ["a text"]


@pytest.mark.usefixtures("records")
def test_dedup_drops_copies_and_leaves_texts_alone(call, tmp_path, kept):
    assert call("dedup", "in", "-o", "out", "-j", "1")[0] == 0
    assert [r["id"] for r in kept(tmp_path / "out")] == [1, "copy"]
    (row,) = map(json.loads, (tmp_path / "out/duplicates.jsonl").read_text().splitlines())
    assert (row["id"], row["kept"], row["level"]) == ("copy2", "copy", "exact")


@pytest.mark.parametrize("keep", ["first", "longest", "newest", "oldest"])
def test_dedup_keeps_what_is_asked_for(call, put, line, article, tmp_path, kept, keep):
    rows = [("b", "2024-02-01", ""), ("a", "2024-01-01", ""), ("c", "2024-03-01", "\n"), ("d", "2024-02-02", "  \n\n ")]
    put("a.jsonl", b"".join(line(id=i, date=d, text=article(1) + more) for i, d, more in rows))
    assert call("dedup", "a.jsonl", "-o", "out", "-j", "1", "--keep", keep, "--level", "exact")[0] == 0
    wanted = {"first": "b", "longest": "d", "newest": "c", "oldest": "a"}
    assert [r["id"] for r in kept(tmp_path / "out")] == [wanted[keep]]


@pytest.mark.usefixtures("records")
def test_explain_tells_what_happened_to_each_kind_of_document(call):
    call("run", "in", "-o", "out", *RUN, "--set", "dedup.level=exact")
    assert "repair/" in call("explain", "out", "--doc", "1")[1]
    assert "kept as it came" in call("explain", "out", "--doc", "copy")[1]
    assert re.search(r"duplicate.*copy", call("explain", "out", "--doc", "copy2")[1])
    assert "drop/empty" in call("explain", "out", "--doc", "void")[1]
    rows = [json.loads(row) for row in call("explain", "out", "--doc", "1", "--json")[1].splitlines()]
    assert all(row["doc"] == 1 for row in rows)
    assert rows
    code, _, err = call("explain", "out", "--doc", "nobody")
    assert (code, "'nobody'" in err) == (2, True)


@pytest.mark.usefixtures("records")
def test_explain_shows_a_line_a_rule_or_a_pair(call):
    call("run", "in", "-o", "out", *RUN, "--set", "dedup.level=exact")
    code, out, _ = call("explain", "out", "--doc", "1", "--line", "1")
    assert (code, "1 ~ It was " in out, "{+“+}" in out) == (0, True, True)
    assert call("explain", "out", "--doc", "1", "--line", "2")[0] == 2
    assert "It was" not in call("explain", "out", "--doc", "1", "--rule", "en/share")[1]
    code, out, _ = call("explain", "out", "--pair", "copy", "copy2")
    assert code == 0
    assert re.search(r"resemblance +1\.000.*copy \(kept\) +│ copy2 \(duplicate\)", out, re.DOTALL)
    facts = json.loads(call("explain", "out", "--pair", "copy", "copy2", "--json")[1])
    assert (facts["containment"], facts["verdicts"][0]["rule"]) == (1.0, "dedup/exact")
    assert call("explain", "out", "--pair", "copy", "nobody")[0] == 2
    code, _, err = call("explain", "out")
    assert (code, "--doc ID" in err) == (2, True)


@pytest.mark.usefixtures("records")
def test_explain_tells_of_a_dry_run_what_it_has_left(call):
    call("run", "in", "-o", "out", *RUN, "--set", "dedup.level=exact", "--dry-run")
    assert re.search("repair/.*‘.*’ → ‘", call("explain", "out", "--doc", "1")[1])
    assert "duplicate of copy" in call("explain", "out", "--doc", "copy2")[1]
    assert call("explain", "out", "--pair", "copy", "copy2")[0] == 2


@pytest.mark.usefixtures("records")
def test_restore_gives_back_and_verify_holds(call, tmp_path):
    call("run", "in", "-o", "out", *RUN, "--set", "dedup.level=exact")
    code, out, err = call("verify", "out")
    assert (code, err, out.splitlines()[-1]) == (0, "", "all holds")
    assert "5 = 2 + 1 + 1 + 1" in out
    facts = json.loads(call("verify", "out", "--json")[1])
    assert (facts["exit"], facts["checked"]["read"], facts["damaged"], facts["broken"]) == (0, 5, [], [])
    code, out, err = call("restore", "out", "-o", "back")
    assert (code, out, err) == (0, "", "4 documents, 3 of them other than in the run, are in back\n")
    assert call("restore", "out", "-o", "back")[0] == 5
    assert json.loads(call("restore", "out", "-o", "one", "--doc", "1", "--json")[1]) == {"written": 1, "changed": 1}
    assert call("restore", "out", "-o", "none", "--doc", "nobody")[0] == 2
    assert call("restore", "out", "-o", "none", "--doc", "1", "--quarantine")[0] == 2
    assert call("restore", "out", "-o", "bad", "--quarantine")[0] == 0
    assert (tmp_path / "bad/000001.bin").read_bytes() == b"broken"
    (tmp_path / "out/documents/a.jsonl").unlink()
    code, out, err = call("verify", "out")
    assert (code, "not looked at" in out, err) == (3, True, "documents/a.jsonl: it is missing\n")


@pytest.mark.parametrize(
    "words",
    [
        "verify s3://bucket/out",
        "explain s3://bucket/out --doc 1",
        "report s3://bucket/out",
        "restore s3://bucket/out -o back",
        "restore out -o s3://bucket/back",
        "report out -o s3://bucket/report.html",
        "learn in -o s3://bucket/site.toml",
        "init in -o s3://bucket/recipe.toml",
    ],
)
def test_verbs_that_need_the_disk_say_so_of_urls(call, words, tmp_path):
    code, out, err = call(*words.split())
    assert (code, out, "a folder on disk is needed here" in err) == (2, "", True)
    assert not (tmp_path / "s3:").exists()


def test_a_folder_to_work_in_is_for_urls(call, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "a"}')
    code, _, err = call("run", "a.jsonl", "-o", "out", "--work", "work")
    assert (code, "--work is for an OUT behind a URL" in err) == (2, True)
    assert call("run", f"file://{tmp_path}/a.jsonl", "-o", f"file://{tmp_path}/out", "-q")[0] == 0
    assert call("verify", f"file://{tmp_path}/out")[0] == 0


def test_doctor_says_what_is_there_and_how_to_get_the_rest(call, monkeypatch):
    code, out, err = call("doctor", "--json")
    facts = json.loads(out)
    assert (code, err, facts["cleaner"]) == (0, "", __version__)
    assert facts["extras"]["charset"]["installed"]
    assert facts["memory"] > 2**20
    twins = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["ext-modules"]
    assert [*facts["compiled"]] == sorted({twin["name"].split(".")[1] for twin in twins})

    def nothing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", nothing)
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    code, out, _ = call("doctor")
    assert code == 0
    assert "nothing; the rest does the same more slowly" in out
    assert "missing: pip install 'cleaner[charset]'" in out
    assert re.search("compiler +none", out)


def test_schemas_are_printed(call):
    code, out, _ = call("schema", "ledger")
    assert (code, json.loads(out)["type"]) == (0, "object")
    code, _, err = call("schema", "recpie")
    assert (code, "did you mean 'recipe'" in err) == (2, True)


def test_text_is_a_filter(call, put):
    mended = "It was “fine”."
    assert call("text", "-c", "repair-only", stdin="It was â€œfineâ€\x9d.".encode()) == (0, mended, "")
    put("a.txt", "It was â€œfineâ€\x9d.")
    assert call("text", "a.txt", "-c", "repair-only") == (0, mended, "")
    assert call("text", "-", "-c", "repair-only", stdin=b"") == (0, "", "")
    code, out, _ = call("text", "-c", "repair-only", "--json", "a.txt")
    told = json.loads(out)
    assert (code, told["text"]) == (0, mended)
    assert {"start", "end", "rule", "before", "after"} <= told["edits"][0].keys()


def test_text_takes_a_stream_of_records(call, line):
    data = line(id=1, text="It was â€œfineâ€\x9d.", n=1) + b"broken\n\n" + line(id=2) + b'{"text": "same",  "x": 1.50}'
    code, out, err = call("text", "--jsonl", "-c", "repair-only", "--annotate", "off", stdin=data)
    assert code == 0
    assert out.splitlines() == ['{"id": 1, "text": "It was “fine”.", "n": 1}', '{"text": "same",  "x": 1.50}']
    assert [row.split(": ")[2] for row in err.splitlines()] == ["bad-json", "missing-text"]
    assert f"byte {data.index(b'broken')}" in err


def test_what_an_option_means_stands_under_it(call):
    page = call("stages", "density")[1].partition("--set")[2].splitlines()[1:]
    assert all(line.startswith("      ") or " = " in line for line in page if line)


def test_rules_and_stages_have_pages(call):
    code, out, _ = call("stages")
    assert (code, "repair" in out) == (0, True)
    assert all(call("stages", row.split()[0])[0] == 0 for row in out.splitlines())
    code, out, _ = call("rules", "any")
    assert code == 0
    code, page, _ = call("rules", out.split()[0])
    assert (code, "--ignore" in page) == (0, True)
    assert all(json.loads(row)["code"].startswith("any/") for row in call("rules", "any", "--json")[1].splitlines())


HOSTILE = "a\x1b[2J\x1b]0;title\x07\x9b31m\u202egpj.exe\u2066\x08\x7f\r\u2028"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["explain", "out", "--doc", HOSTILE], id="its edits"),
        pytest.param(["explain", "out", "--doc", "x"], id="edits of an odd text"),
        pytest.param(["explain", "out", "--doc", HOSTILE + "?"], id="an id that is none"),
        pytest.param(["explain", "out", "--doc", HOSTILE, "--rule", "none"], id="an odd id without edits"),
        pytest.param(["text", "--diff", "-c", "repair-only", "a.txt"], id="differences"),
    ],
)
def test_ids_and_texts_never_reach_a_terminal_raw(call, put, line, args):
    put("a.jsonl", line(id=HOSTILE, text="â€™" + HOSTILE + "  \n\n\n\nâ€™") + line(id="x", text=HOSTILE + "â€™"))
    put("a.txt", HOSTILE + "â€™")
    code, _, err = call("run", "a.jsonl", "-o", "out", "-c", "news", "-j", "1", "-v")
    assert (code, UNSAFE.findall(err)) == (0, [])
    _, out, err = call(*args)
    assert out + err
    assert UNSAFE.findall(out + err) == []


@pytest.mark.parametrize("name", ["\x9b31m", "\u202ea", "a\rb"], ids=ascii)
def test_names_of_files_never_reach_a_terminal_raw(call, put, name):
    put(f"{name}.jsonl", b"broken\n")
    told = ""
    for args in (
        ["text", f"{name}.txt"],
        ["run", f"{name}.csv", "-o", "out"],
        ["run", f"{name}.jsonl", "-o", "out", *RUN, "--fail-on", "source_quarantine_rate>0"],
        ["run", f"{name}.jsonl", "-o", f"{name}.jsonl/x", *RUN],
    ):
        code, out, err = call(*args)
        assert code in (1, 2, 3, 4)
        told += out + err
    assert UNSAFE.findall(told) == []


def test_a_lone_surrogate_stops_no_verb(call, put):
    put("a.jsonl", b'{"id": "\\ud800", "text": "\\ud800 \\u00e2\\u20ac\\u2122"}\n')
    assert call("run", "a.jsonl", "-o", "out", "-c", "news", "-j", "1")[0] == 0
    assert call("explain", "out", "--doc", "\ud800")[0] == 0
    assert call("explain", "out", "--doc", "\ud800", "--json")[0] == 0
    assert call("text", "--jsonl", stdin=b'{"text": "\\ud800"}')[0] == 0


def test_a_closed_pipe_ends_quietly(tmp_path, line):
    data = b"".join(line(id=i, text="a text " * 100) for i in range(2000))
    (tmp_path / "a.jsonl").write_bytes(data)
    with subprocess.Popen(
        [*COMMAND, "text", "--jsonl", "-c", "repair-only", tmp_path / "a.jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(timeout=30)


SLOW = """
import sys, time
from cleaner.stages.spacing import Spacing
def slow(self, doc):
    print("ready", flush=True)
    time.sleep(60)
    return []
if __name__ == "__main__":
    from cleaner.cli import main
    import cleaner.job.run as run
    Spacing.__call__ = slow
    main()
"""


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, errors.STOPPED_BY_INTERRUPT), (signal.SIGTERM, errors.STOPPED_BY_TERMINATION)]
)
def test_a_signal_stops_a_run_which_can_go_on(tmp_path, number, code, audit, call):
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    recipe = tmp_path / "r.toml"
    recipe.write_text('stages = ["spacing"]\n')
    args = ["run", "in", "-o", "out", "-c", recipe, "-j", "1"]
    with subprocess.Popen(
        [sys.executable, script, *args], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        start = time.monotonic()
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert time.monotonic() - start < 5
    assert process.returncode == code
    assert b"Traceback" not in err
    assert err.count(b"\n") <= 1
    assert call(*args)[0] == 0
    audit(tmp_path / "out")


def test_on_a_terminal_there_are_colours_and_elsewhere_none(put):
    path = put("a.txt", "It was â€œfineâ€\x9d.")
    command = [*COMMAND, "text", "--diff", "-c", "repair-only", path]
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=theirs):
        os.close(theirs)
        shown = os.read(ours, 10_000)
    os.close(ours)
    plain = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    assert b"\x1b[3" in shown
    assert b"\x1b" not in plain


def test_compressed_input_makes_compressed_output(call, put, line, tmp_path):
    put("in/a.jsonl.zst", line(id=1, text="a"))
    call("run", "in", "-o", "out", *RUN)
    assert b"".join(storage.pieces(tmp_path / "out/documents/a.jsonl.zst")) == line(id=1, text="a")
