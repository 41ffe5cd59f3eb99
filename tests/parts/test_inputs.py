"""What a job reads, by which names, and where it writes what came of it."""

import json
import os

import pytest

from cleaner.errors import UsageError
from cleaner.parts import chunks, inputs


@pytest.fixture
def find(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda *given, **more: inputs.find([str(g) for g in given], **more)


def test_parts_stand_in_the_order_of_their_names_each_file_once(put, find):
    for name in ("in/b.jsonl", "in/a.jsonl", "in/sub/c.txt", "in/sub/d.txt", "in/e.html"):
        put(name, b"x")
    parts = find("in/sub", "in/b.jsonl", "in", "in/*.jsonl", "./in/../in/a.jsonl")
    assert [(p.name, p.format, [f.name for f in p.files]) for p in parts] == [
        ("a.jsonl", "jsonl", ["a.jsonl"]),
        ("b.jsonl", "jsonl", ["b.jsonl"]),
        ("html", "html", ["e.html"]),
        ("sub", "text", ["sub/c.txt", "sub/d.txt"]),
    ]


@pytest.mark.parametrize(
    "name",
    ["with space.jsonl", "naïve.jsonl", "日本.jsonl", "a[1].jsonl", "a*b?.jsonl", "-a.jsonl", "a\nb.jsonl", "#.jsonl"],
)
def test_odd_names_are_names(put, find, do, audit, line, bare, tmp_path, name):
    put(f"in/{name}", line(id=1, text="a"))
    put("in/a1.jsonl", line(id=2, text="a"))
    (part,) = find(tmp_path / "in" / name)
    assert part.name == name
    do(tmp_path / "in", recipe=bare)
    assert audit(tmp_path / "out")["kept"] == 2
    assert (tmp_path / "out/documents" / name).exists()


def test_a_name_that_is_no_utf_8_goes_through(do, audit, tmp_path, bare):
    (tmp_path / "in").mkdir()
    name = os.fsencode(tmp_path / "in") + b"/caf\xe9.txt"
    with open(name, "wb") as file:  # noqa: PTH123  a name of bytes
        file.write(b"text")
    do(tmp_path / "in", recipe=bare)
    assert audit(tmp_path / "out")["kept"] == 1
    assert [os.fsencode(p.name) for p in (tmp_path / "out/documents").iterdir()] == [b"caf\xe9.txt"]
    do(tmp_path / "in", recipe=bare)


@pytest.mark.parametrize("given", ["../../other/x.txt", "../other/../../other/x.txt"])
def test_no_name_leads_out_of_the_folder_of_results(put, do, tmp_path, monkeypatch, given, tree, bare):
    put("other/x.txt", "theirs")
    put("one/two/y.txt", "mine")
    monkeypatch.chdir(tmp_path / "one/two")
    do(given, ".", recipe=bare)
    assert sorted(n for n in tree(tmp_path / "out") if n.startswith("documents")) == [
        "documents/one/two/y.txt",
        "documents/other/x.txt",
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "other", "out"]


def test_a_link_that_is_named_is_read_under_its_own_name(put, find, tmp_path):
    put("real.jsonl", b"")
    (tmp_path / "latest.jsonl").symlink_to("real.jsonl")
    assert [p.name for p in find("latest.jsonl")] == ["latest.jsonl"]


def test_the_output_is_no_input(put, do, tree, line, bare, tmp_path, monkeypatch):
    put("in/a.jsonl", line(id=1, text="a"))
    monkeypatch.chdir(tmp_path / "in")
    for _ in range(2):
        do(".", "**/*.jsonl", out="in/out", recipe=bare)
    assert [n for n in tree(tmp_path / "in/out") if n.startswith("documents")] == ["documents/a.jsonl"]
    with pytest.raises(UsageError, match="lies in the output folder"):
        do("out/documents", out="in/out", recipe=bare)
    with pytest.raises(UsageError, match="lies in the output folder"):
        do("out", out="in/out", recipe=bare)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["corpus.jsonl", "corpus/a.txt"], id="a file and a folder"),
        pytest.param(["a.jsonl", "a.jsonl.gz", "a.ndjson"], id="one name, several formats"),
        pytest.param(["a.txt", "b.html", "c.txt", "text/d.txt", "html/e.html"], id="folders called like formats"),
        pytest.param(["x/a.txt", "x/b.html", "x/c.txt", "x-2/d.txt"], id="several runs in a folder"),
        pytest.param(["a.html", "b/a.html", "b/a.txt"], id="pages and texts"),
        pytest.param(["a.html", "a.html.txt", "b/a.html.txt/c.txt", "b/a.html"], id="a page's text and a text"),
        pytest.param([f"{'n' * 250}.html", f"{'é' * 100}{'n' * 50}.html", f"{'n' * 249}.jsonl"], id="longest names"),
    ],
)
def test_parts_that_are_called_alike_do_not_overwrite_each_other(put, do, audit, ledger_rows, line, tmp_path, names):
    for i, name in enumerate(names):
        text = f"word{i}  \n\n\n\n\nother word"
        put(f"in/{name}", line(id=name, text=text) if "json" in name else f"<p>{text}</p>" if "html" in name else text)
    do(tmp_path / "in", recipe='stages = ["spacing"]\n[dedup]\nlevel = "off"')
    assert audit(tmp_path / "out")["kept"] == len(names)
    told = {row["doc"] for row in ledger_rows(tmp_path / "out")}
    assert told >= {name for name in names if not name.endswith(".html")}


@pytest.mark.parametrize(
    ("names", "to", "written"),
    [
        pytest.param(["a.jsonl", "b.jsonl.gz"], "csv", ["a.csv", "b.csv.gz"], id="the suffix tells"),
        pytest.param(["a.csv", "a.jsonl"], "jsonl", ["a-2.jsonl", "a.jsonl"], id="who has the name keeps it"),
        pytest.param(["t/a.txt", "t/b.txt", "x.jsonl"], "jsonl", ["t.jsonl", "x.jsonl"], id="a tree becomes one file"),
        pytest.param(["a.jsonl"], "", ["a.jsonl"], id="as it came"),
    ],
)
def test_the_output_is_of_the_format_that_is_asked_for(put, do, line, bare, tmp_path, names, to, written):
    for i, name in enumerate(names):
        put(f"in/{name}", line(id=i, text="a") if "json" in name else b"id,text\n1,a\n" if "csv" in name else b"a")
    do(tmp_path / "in", recipe=bare, to=to)
    files = [p.relative_to(tmp_path / "in").as_posix() for p in (tmp_path / "in").rglob("*") if p.is_file()]
    assert len(files) == len(names)
    documents = tmp_path / "out/documents"
    assert sorted(p.relative_to(documents).as_posix() for p in documents.rglob("*") if p.is_file()) == written


def test_records_cannot_become_a_tree(put, do, line):
    with pytest.raises(UsageError, match=r"a\.jsonl: it holds many records, which cannot go out as text, a file each"):
        do(put("a.jsonl", line(text="a")), to="text")


@pytest.mark.parametrize(("option", "value"), [("to", "jsnl"), ("allow", ["archive"])])
def test_an_option_that_is_none_is_said(put, do, line, option, value):
    with pytest.raises(UsageError, match="did you mean"):
        do(put("a.jsonl", line(text="a")), **{option: value})


@pytest.mark.parametrize("limit", [0, 1, 3, 5, 6, 99])
@pytest.mark.parametrize("chunk_size", [60, 1 << 20])
def test_a_limit_takes_the_first_records(put, do, audit, kept, line, bare, tmp_path, limit, chunk_size):
    put("in/a.jsonl", b"\n".join(line(id=i, text=f"text {i}") for i in range(3)))
    put("in/b.jsonl.gz", b"".join(line(id=i, text=f"text {i}") for i in range(3, 5)))
    put("in/c/x.txt", "text")
    put("in/c/y.txt", "text")
    do(tmp_path / "in", recipe=bare, limit=limit, chunk_size=chunk_size)
    assert audit(tmp_path / "out")["read"] == min(limit, 7)
    assert [r["id"] for r in kept(tmp_path / "out")] == [0, 1, 2, 3, 4, "c/x.txt", "c/y.txt"][:limit]


@pytest.mark.parametrize("size", [1, 10, 64, 10_000])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_chunks_together_are_the_file(put, find, line, size, suffix):
    rows = [line(id=i, text="x" * (i * 7 % 50)) for i in range(30)]
    rows[4] = b"\n\n"
    rows[7] = b"broken\r\n"
    put(f"a.jsonl{suffix}", b"".join(rows).rstrip(b"\n"))
    items = [item for chunk in chunks.cut(find(f"a.jsonl{suffix}"), size) for item in chunk.read()]
    offsets = [sum(map(len, rows[:i])) for i in range(30) if i != 4]
    assert [item.offset for item in items] == offsets
    numbers = [(c.part, c.number) for c in chunks.cut(find(f"a.jsonl{suffix}"), size)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) >= (10 if size == 1 and not suffix else 1)


@pytest.mark.parametrize(
    ("record", "key"),
    [
        pytest.param({"id": "a"}, "a", id="a string"),
        pytest.param({"id": 7}, 7, id="a number"),
        pytest.param({"id": 0}, 0, id="nought"),
        pytest.param({"id": 10**30}, 10**30, id="a long number"),
        pytest.param({"id": "", "url": "http://x"}, "http://x", id="an empty one"),
        pytest.param({"id": None, "url": "http://x"}, "http://x", id="null"),
        pytest.param({"id": True, "url": "http://x"}, "http://x", id="a boolean"),
        pytest.param({"id": ["a"]}, "a.jsonl:0", id="a list"),
        pytest.param({}, "a.jsonl:0", id="none"),
        pytest.param({"id": "../../../etc/passwd"}, "../../../etc/passwd", id="a path"),
        pytest.param({"id": "a\u202eb\x1b[31m\n"}, "a\u202eb\x1b[31m\n", id="control characters"),
        pytest.param({"id": "\ud800"}, "\ud800", id="a lone surrogate"),
    ],
)
def test_ids_are_the_users(put, do, ledger_rows, kept, tree, tmp_path, record, key):
    put("a.jsonl", json.dumps({**record, "text": "a  \n\n\n\nb"}))
    do(tmp_path / "a.jsonl")
    assert {row["doc"] for row in ledger_rows(tmp_path / "out")} == {key}
    (out,) = kept(tmp_path / "out")
    assert {n: v for n, v in out.items() if n not in ("text", "_cleaner")} == record
    assert {n.split("/")[0] for n in tree(tmp_path)} == {"a.jsonl", "out"}


def test_equal_ids_are_two_records(put, do, audit, kept, line, article, tmp_path):
    put("a.jsonl", line(id="x", text=article(1)) + line(id="x", text=article(2)) + line(id="x", text=article(1)))
    do(tmp_path / "a.jsonl")
    assert audit(tmp_path / "out") == {"read": 3, "kept": 2, "dropped": 0, "duplicates": 1, "quarantined": 0}
    assert [r["text"] for r in kept(tmp_path / "out")] == [article(1), article(2)]


def test_fields_go_by_the_names_that_the_user_says(put, do, kept, ledger_rows, quarantined, line, tmp_path):
    put("a.jsonl", line(key=1, id="no", artikel="a  \n\n\n\nb", text="not this") + line(key=2, text="nor this"))
    do(tmp_path / "a.jsonl", names={"id": "key", "text": "artikel"})
    (record,) = kept(tmp_path / "out")
    assert {**record, "_cleaner": None} == {
        "key": 1,
        "id": "no",
        "artikel": "a\n\nb",
        "text": "not this",
        "_cleaner": None,
    }
    assert {row["doc"] for row in ledger_rows(tmp_path / "out")} == {1}
    assert [row["reason"] for row in quarantined(tmp_path / "out")] == ["missing-text"]


def test_what_is_added_to_a_record_stands_under_one_key_or_is_left_out(put, do, kept, line, article, tmp_path):
    put("a.jsonl", line(x=1, text=article(1) + "  \n\n\n\nb", y=2) + line(text=article(2)))
    do(tmp_path / "a.jsonl", out="on")
    do(tmp_path / "a.jsonl", out="off", annotate="off")
    assert [list(r) for r in kept(tmp_path / "on")] == [["x", "text", "y", "_cleaner"], ["text"]]
    assert [list(r) for r in kept(tmp_path / "off")] == [["x", "text", "y"], ["text"]]


def test_the_language_stands_in_records_that_were_changed_and_where_it_is_asked_for_in_all(
    put, do, kept, line, tmp_path, tree
):
    texts = [
        "It rained all night, and in the morning the river stood at the third step.\n\n\n\nNobody slept.",
        "The ferry was late again, and nobody on the quay could say why it had not sailed.",
        "Two hundred people were in the hall for the vote, and some of them had brought their dogs.",
    ]
    put(
        "a.jsonl", b"".join(line(id=n, text=text, **({"lang": "xx"} if n == 1 else {})) for n, text in enumerate(texts))
    )
    do(tmp_path / "a.jsonl", out="on")
    do(tmp_path / "a.jsonl", out="all", annotate="all")
    told = {name: [r.get("_cleaner", {}).get("lang") for r in kept(tmp_path / name)] for name in ("on", "all")}
    assert told == {"on": ["en", None, None], "all": ["en", None, "en"]}
    do(tmp_path / "all" / "documents", out="again", annotate="all")
    assert tree(tmp_path / "again" / "documents") == tree(tmp_path / "all" / "documents")


def test_a_dry_run_says_all_and_writes_no_document(corpus, do, tree, tmp_path):
    do(corpus)
    do(corpus, out="dry", dry=True)
    wet, dry = tree(tmp_path / "out"), tree(tmp_path / "dry")
    for data in (wet, dry):
        del data["MANIFEST.json"], data["report.html"]  # the page shows the documents that were kept
    told = [{n: d for n, d in t.items() if not n.startswith(("documents/", "places/"))} for t in (wet, dry)]
    assert told[0] == told[1]
    assert not any(name.startswith("documents/") for name in dry)


def test_a_text_untouched_goes_out_as_the_very_bytes_that_came_in(put, do, tmp_path):
    rows = '{"id":1.50,"text":"a","n":1e5,"s":"\\u00e9\\/","d":{"x" : [ ]}}\n'
    rows += '{ "text" : "b" , "id" : 12345678901234567890123 }\n'
    put("a.jsonl", rows)
    do(tmp_path / "a.jsonl")
    assert (tmp_path / "out/documents/a.jsonl").read_text() == rows
