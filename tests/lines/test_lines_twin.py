"""The compiled twin: what it reads is what numpy reads, whatever the lines; without it all is the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.lines import alone as by_numpy
from cleaner.lines import model, paths, place, twin, units
from cleaner.lines.letters import tables

compiled = pytest.mark.skipif(twin._twin is None, reason="nobody could compile it here")

LINES = {
    "nothing": [],
    "blank": ["", " ", "\u200b"],
    "blank before and after": ["", "\u00a0", "x", "", "It rained."],
    "one sign before blank": [".", "", "»", " ", "a"],
    "words": ["Home", "The rain had stopped by noon, and nobody minded.", "HOME", "home"],
    "long words": ["abc abcd abcde abcdef abcdefg", "ABCDE FÄHRE"],
    "moments": ["12:30", "at: 30", "::", "1:", ":1", "12::30", "1999 2150 1799 20ab 1x99 12012", "199 19999"],
    "patterns": [
        "09:30 Rain",
        "Fog",
        "10:15 Hail and snow",
        "09:30 (Rain)",
        "1.1.2013 | More (12)",
        "12.03.12 | R (3)",
    ],
    "a long pattern": ["a.1 " * 700, "b.2 " * 700, "c.3 " * 701],
    "ends": ["“It rained.”", "It rained...", "Rain…", "Rain…”", "Fog:", "rain .. ", "»"],
    "Chinese and others": ["河水涨到了市政厅的第三级台阶。", "東京都 and カタカナ", "สวัสดี ชาวโลก", "می\u200cخواهم"],
    "upper case": ["ÄÖÜ ÉCOLE ΑΒΓ ДОМ İstanbul DŽ ẞ"],
    "four bytes": ["\U00020000\U00020001x", "\U00010400\U00010428", "😀 a😀b", "\U0003ffff\U00040000\U0010ffff"],
    "surrogates": ["a\ud800b", "\udfff\ud800"],
    "line breaks": ["a\nb", "1\n:2"],
    "many": [f"{i}: line {'x' * i}" for i in range(300)],
}
PATHS = {
    "nothing": [],
    "no path": ["", "/", "//", "p", "/p"],
    "elements": [f"body/{tag}/{tag}" for tag in (*paths.TAGS, *paths.ABOVE, "b", "articles", "pr")],
    "every word": [f"div.{before}{word.text}{after}" for word in paths.WORDS for before in "x-_" for after in "x-_"],
    "marks": ["div#nav.top.nav-bar/p.", "div##.", "#", ".a#ad/.ad", "div.ad", "div.AD-x", "div.no_ad", "div.x-ad-x"],
    "depth": ["/".join(["div.foot"] * n) for n in (1, 2, 3, 40, 3000)],
    "no ASCII": ["div.näv/p", "div.éad/p", "div.ad\u0130/ul", "div.\ud800/li", "div.nav/p"],
    "no text": ["div.\0nav\0/p", "p\0"],
}
CHARACTERS = st.one_of(st.sampled_from("aB1290 .:…”|\u00a0\u200bÄß東カ\ud800\U0002000b😀\n"), st.characters())
SOME_LINES = st.lists(st.text(CHARACTERS), max_size=12)


def same(lines):
    """Tell whether the twin reads some lines as numpy does."""
    (*read, kin), (*expected, own) = twin.alone(lines), by_numpy.alone(lines)
    pairs = [*zip(read, expected, strict=True), (kin.word, own.word), (kin.line, own.line)]
    return kin.known == own.known and all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)


@compiled
@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
def test_it_reads_what_numpy_reads(lines):
    assert same(lines)


@compiled
@given(SOME_LINES)
def test_it_reads_any_lines_as_numpy_does(lines):
    assert same(lines)


@compiled
@given(SOME_LINES, st.data())
def test_it_finds_what_any_lines_share(lines, data):
    kin = by_numpy.alone(lines).kin
    some = np.array(data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines))), np.bool_)
    assert np.array_equal(twin.shared(kin, some), kin.shared(some))


@compiled
@pytest.mark.parametrize("lines", [["a", b"b"], ["a", None], ("a",)])
def test_what_is_no_text_is_refused(lines):
    with pytest.raises(TypeError):
        twin._twin.alone(lines, *tables())


@compiled
def test_tables_that_are_too_small_are_refused():
    with pytest.raises(ValueError, match="a plane of characters"):
        twin._twin.alone(["a"], *(table[:-1] for table in tables()))


@compiled
@pytest.mark.parametrize(
    ("word", "line", "known"), [([1], [0], 1), ([-1], [0], 1), ([0], [2], 1), ([0], [-1], 1), ([0, 0], [0], 1)]
)
def test_words_out_of_bounds_are_refused(word, line, known):
    with pytest.raises(ValueError, match="a word has no line"):
        twin._twin.shared(np.array(word, np.intp), np.array(line, np.intp), known, np.ones(2, np.bool_))


def same_marks(some):
    """Tell whether the twin reads some paths as they are read step by step."""
    pairs = zip(twin.marks(some), paths.marks(some), strict=True)
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)


@compiled
@pytest.mark.parametrize("some", PATHS.values(), ids=PATHS)
def test_it_reads_paths_step_by_step(some):
    assert same_marks(some)


@compiled
@given(st.lists(st.text(st.one_of(st.sampled_from("/.#-_adnvtopABI0é\ud800"), st.characters()))))
def test_it_reads_any_path_step_by_step(some):
    assert same_marks(some)


@compiled
@pytest.mark.parametrize("some", [["a", b"b"], [None], ("a",)])
def test_what_is_no_path_is_refused(some):
    with pytest.raises(TypeError):
        twin._twin.marks(some, *twin._names(), len(paths.HINTS))


@compiled
def test_tables_of_names_that_do_not_fit_are_refused():
    *names, heads = twin._names()
    with pytest.raises(ValueError, match="do not fit each other"):
        twin._twin.marks([""], *names, heads[:-1], len(paths.HINTS))


@compiled
@pytest.mark.parametrize("step", [1, 2, 8])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 9])
def test_lines_see_their_neighbours(n, step):
    state = np.arange(n * 3, dtype=np.float32).reshape(n, 3) + 1
    assert np.array_equal(twin.near(state, step), units.near(state, step))


@compiled
@given(st.integers(0, 9), st.integers(1, 20), st.randoms())
def test_units_answer_as_with_numpy(n, many, random):
    def numbers(*shape):
        return np.array([random.uniform(-1, 1) for _ in range(np.prod(shape))], np.float32).reshape(shape)

    found, bias, state, lit = numbers(n, many), numbers(many), numbers(n, many), np.zeros((n, many), np.bool_)
    expected = state.copy(), lit.copy()
    twin.settle(found, bias, state, lit)
    units.settle(found, bias, *expected)
    assert all(np.array_equal(a, b) for a, b in zip((state, lit), expected, strict=True))


@compiled
def test_arrays_that_do_not_fit_are_refused():
    two, three, lit = np.zeros((2, 2), np.float32), np.zeros(3, np.float32), np.zeros((2, 2), np.bool_)
    for found, bias, state, noted in (
        (two, three, two, lit),
        (two, two[0], three, lit),
        (two, two[0], two, lit[0]),
        (two, two[0, :0], two, lit),
    ):
        with pytest.raises(ValueError, match="do not fit each other"):
            twin._twin.settle(found, bias, state, noted)
    for units_, step in ((3, 1), (0, 1), (2, 0)):
        with pytest.raises(ValueError, match="so many units"):
            twin._twin.near(two, units_, step)


@compiled
@given(st.integers(0, 9), st.integers(1, 9), st.randoms())
def test_slopes_are_lent_as_with_numpy(n, many, random):
    lit = np.array([random.random() < 0.5 for _ in range(5 * many)], np.bool_).reshape(5, many)
    slope = np.array([random.uniform(-1, 1) for _ in range(n * many)], np.float32).reshape(n, many)
    lines = np.array([random.randrange(5) for _ in range(n)], np.intp)
    assert np.array_equal(twin.lent(slope, lit, lines), units.lent(slope, lit, lines))


@compiled
@given(st.integers(0, 5), st.integers(3, 9), st.integers(1, 3), st.randoms())
def test_the_worst_is_named_as_with_numpy(n, columns, count, random):
    against, values = np.array([random.randrange(-3, 3) for _ in range(2 * n * columns)], np.float32).reshape(
        2, n, columns
    )
    names = [f"{name}{i}" for i in range(columns) for name in "aé"]
    assert twin.worst(against, values, names, count) == units.worst(against, values, names, count)


@compiled
@pytest.mark.parametrize(("count", "names"), [(0, "abcd"), (3, "abcd"), (9, "ab" * 10), (1, ""), (1, "abcdef")])
def test_names_that_do_not_fit_are_refused(count, names):
    rows = np.zeros((2, 2), np.float32)
    with pytest.raises(ValueError, match="do not fit each other"):
        twin._twin.worst(rows, rows, [*names], count)


@compiled
@pytest.mark.parametrize("line", [[0, 2], [0, -1], [0, 0, 0]])
def test_lines_out_of_bounds_are_refused(line):
    with pytest.raises(ValueError, match="do not fit each other"):
        twin._twin.lent(np.zeros((2, 2), np.float32), np.zeros((2, 2), np.bool_), np.array(line, np.intp))


def test_without_it_the_places_are_the_same(monkeypatch):
    some = [path for each in PATHS.values() for path in each]
    rest = [0.5] * len(some), np.ones(len(some), np.float32)
    rows = place.place(some, *rest)
    monkeypatch.setattr(twin, "_twin", None)
    assert np.array_equal(place.place(some, *rest), rows)


def test_without_it_the_answers_are_the_same(monkeypatch):
    lines = [line for some in LINES.values() for line in some]
    every = np.arange(len(lines))
    judged = model.judge(lines)
    reasons = model.reasons(judged, every)
    monkeypatch.setattr(twin, "_twin", None)
    assert all(np.array_equal(a, b) for a, b in zip(model.judge(lines), judged, strict=True))
    assert model.reasons(judged, every) == reasons
