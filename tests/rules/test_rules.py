"""Rules: how a line is normalised and found, what a pack may say, and what it costs."""

import time

import pytest

from cleaner import rules
from cleaner.document import Document
from cleaner.errors import RecipeError
from cleaner.rules import Rule, Rules
from cleaner.rules.pattern import begins

PARAGRAPH = "The council met on Monday evening and talked for five hours about the two new schools of the town."


def pack(tmp_path, text, name="mine"):
    path = tmp_path / f"{name}.toml"
    path.write_text(text, "utf-8")
    return str(path)


def went(given, text):
    return [text[block.start : block.end] for block, _ in given.cuts(Document("", text))]


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("READ MORE »", "read more"),
        ("  Share\u00a0this :", "share this"),
        ("12,345 Comments (3)", "0 comments (0"),
        ("Don’t miss…", "don't miss"),
        ("(c) 2024 Herald", "© 0 herald"),
        ("• Print", "• print"),
        ("“Print”", "“print”"),
        ("No.", "no."),
    ],
)
def test_normalise(line, seen):
    assert rules.normalise(line) == seen


class TestMatching:
    """The three ways to say what a line looks like, and its place and company."""

    def test_lines_pattern_and_only(self):
        given = Rules(
            [
                Rule("x", "more", "a", lines=("read more",)),
                Rule("x", "more", "b", line="see also .*", words=("also",)),
                Rule("x", "share", "c", only=("share", "facebook")),
            ]
        )
        codes = [
            [rule.id for rule in given.match(line).rules]
            for line in ("Read more", "See also: X", "See also", "Share Facebook", "Share")
        ]
        assert codes == [["a"], [], [], ["c"], []]
        assert given.match("see also this").rules[0].id == "b"

    def test_chinese_words_are_found_inside_a_line(self):
        given = Rules([Rule("x", "share", "a", line="分享到.{2,8}", words=("分享",))])
        assert went(given, "分享到微信朋友圈\n他们在网上分享了照片。") == ["分享到微信朋友圈"]

    def test_the_first_rule_wins_that_may_act(self):
        weak, strong = Rule("x", "more", "weak", lines=("next",), run=3), Rule("y", "more", "strong", lines=("next",))
        cuts = Rules([weak, strong]).cuts(Document("", "Next"))
        assert [rule.code for _, rule in cuts] == ["y/more/strong"]

    @pytest.mark.parametrize(("where", "gone"), [("top", [0]), ("end", [2]), ("edge", [0, 2]), ("", [0, 1, 2])])
    def test_where(self, where, gone):
        given = Rules([Rule("x", "badge", "a", lines=("update",), where=where)])
        doc = Document("", f"update\n{PARAGRAPH}\nupdate\n{PARAGRAPH}\nupdate")
        assert [i for i, block in enumerate(doc.blocks[::2]) if block in [b for b, _ in given.cuts(doc)]] == gone

    def test_without_a_paragraph_there_is_no_edge(self):
        assert went(Rules([Rule("x", "badge", "a", lines=("update",), where="edge")]), "update") == []

    def test_run(self):
        given = Rules([Rule("x", "navigation", "a", lines=("home", "news", "sport"), run=3)])
        assert went(given, "Home\n\nNews\nA day out\nHome\nNews\nSport") == ["Home", "News", "Sport"]

    def test_a_piped_line_is_a_run(self):
        given = Rules([Rule("x", "navigation", "a", lines=("home", "news", "sport"), run=3)])
        assert went(given, "Home | News | Sport") == ["Home | News | Sport"]
        assert went(given, "Home | News") == []

    def test_long_lines_are_left_alone(self):
        given = Rules([Rule("x", "cookie", "a", line="we use cookies.*", words=("cookies",))])
        assert went(given, "We use cookies " + "x" * rules.LONGEST) == []

    def test_select_and_ignore(self):
        codes = rules.load(("en",), select=("en/share",), ignore=("*/share/on",)).codes
        assert "en/share/this" in codes
        assert "en/share/on" not in codes
        assert all(code.startswith("en/share/") for code in codes)


GOOD = '[[share]]\nid = "a"\nlines = ["share"]\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[share", "no pack of rules"),
        ('[[shaer]]\nid = "a"\nlines = ["x"]', "did you mean 'share'"),
        ('[share]\nid = "a"\nlines = ["x"]', "two brackets"),
        ("[[share]]\nlines = ['x']", "needs an `id`"),
        ('[[share]]\nid = "a"', "says nothing of a line"),
        ('[[share]]\nid = "a"\nlnes = ["x"]', "did you mean 'lines'"),
        ('[[share]]\nid = "a"\nlines = "x"', "list of texts"),
        ('[[share]]\nid = "a"\nline = "x"', "`line` and `words` go together"),
        ('[[share]]\nid = "a"\nlines = ["x"]\nwhere = "middle"', "unknown place 'middle'"),
        ('[[share]]\nid = "a"\nlines = ["x"]\nrun = 0', "1 or more"),
        ('[[share]]\nid = "a"\nline = "x"\nwords = ["Two words"]', "is not one word"),
        ("[[share]]\nid = 'a'\nline = '(?:a+)+'\nwords = ['a']", "repeat"),
        ("[[share]]\nid = 'a'\nline = '(a)\\1'\nwords = ['a']", "refers back"),
        ("[[share]]\nid = 'a'\nline = '('\nwords = ['a']", "no regular expression"),
        ("[[share]]\nid = 'a'\nline = 'a.*b.*c.*d.*'\nwords = ['a']", "wide repeats"),
        ('[[share]]\nid = "a"\nlines = ["112"]', "a number"),
        ('[[share]]\nid = "a"\nlines = ["»"]', "nothing at all"),
        (GOOD + GOOD, "two rules mine/share/a"),
    ],
)
def test_a_pack_that_does_not_hold_says_so_in_a_sentence(tmp_path, text, sentence):
    path = pack(tmp_path, text)
    with pytest.raises(RecipeError) as error:
        rules.load((path,))
    assert sentence in str(error.value)
    assert path in str(error.value)


@pytest.mark.parametrize("call", [{"names": ("enn",)}, {"select": ("en/shaer",)}, {"names": ("nowhere/x.toml",)}])
def test_unknown_names(call):
    with pytest.raises(RecipeError, match=r"did you mean|no pack"):
        rules.load(**call)


def test_a_pack_of_your_own(tmp_path):
    path = pack(tmp_path, '[keeps]\nshare = ["Share it"]\n\n' + GOOD.replace('"a"', '"mine"'))
    (rule,) = rules.load((path,)).rules
    assert (rule.code, rule.row, rule.file, rule.keeps) == ("mine/share/mine", 4, path, ("Share it",))


@pytest.mark.parametrize(
    "pattern", [r"(?:\w+ ?)+", r"(a|b)*c", r"(?:a{1,50}){2,5}", r"(?:x.*){1,3}", r".*a.*b.*c.*", r"(?P<a>x)(?P=a)"]
)
def test_slow_patterns_are_refused(pattern):
    assert rules.slow(pattern)


@pytest.mark.parametrize(
    ("pattern", "said", "shortest", "longest"),
    [
        pytest.param("share", {"sha"}, 5, 5, id="a word"),
        pytest.param("(?:to )?(?:share|x)", {"t", "s", "x"}, 1, 8, id="a choice after what may be left out"),
        pytest.param("[#@]tag|(?:e-?m){1,2}", {"#t", "@t", "e-", "em"}, 2, 6, id="signs and a repeat"),
        pytest.param(r"ab\w+", {"ab"}, 3, None, id="any letter after two"),
        pytest.param(r"\w+ ago", {""}, 5, None, id="any letter"),
        pytest.param("(?:by )?.*reserved", {""}, 8, None, id="anything, or nothing, after what may be left out"),
        pytest.param("(?:a|)?", {""}, 0, 1, id="nothing"),
        pytest.param("(?i)share", {""}, 5, 5, id="blind to case"),
        pytest.param("(?i:s)hare", {""}, 5, 5, id="blind to case at first"),
        pytest.param("[^a]b", {""}, 2, 2, id="all but a letter"),
        pytest.param("(?=s)share", {""}, 5, 5, id="a look ahead"),
        pytest.param("[abcdefghijklmnop]{1}[abcdefghijklmnop][abcdefghijklmnop]", {""}, 3, 3, id="too many beginnings"),
    ],
)
def test_with_what_a_pattern_begins(pattern, said, shortest, longest):
    found = begins(pattern)
    assert (found.said, found.shortest) == (said, shortest)
    assert found.longest == longest or (longest is None and found.longest > 2 * rules.LONGEST)


@pytest.mark.parametrize(
    "line", ["a " * 50_000, "we use " * 14_000, "| " * 50_000, "share " * 16_000, "分享" * 50_000, " " * 100_000 + "x"]
)
def test_a_hostile_line_is_passed_by(line):
    start = time.process_time()
    assert rules.load().match(line).rules == ()
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "line",
    [
        "a " * 200,
        "we use " * 57,
        "we use cookies " * 26,
        "read more: " * 36,
        "share on " * 44,
        "© 1 " * 100,
        "by using cookies " * 23,
    ],
)
def test_no_pattern_is_slow_on_the_longest_line(line):
    given = rules.load()
    start = time.process_time()
    given.match(line[: rules.LONGEST])
    assert time.process_time() - start < 1


def test_many_rules_cost_a_line_no_more_than_few():
    names = ["w" + "".join("abcdefghij"[int(digit)] for digit in str(i)) for i in range(5000)]
    lines = [f"{name} met a line of the text" for name in names[:200]]
    met = {}
    for size in (50, 5000):
        given = Rules(
            Rule("x", "more", f"r{i}", line=f"{name} .*", words=(name,)) for i, name in enumerate(names[:size])
        )
        for line in lines:
            given.match(line)
        met[size] = len(given._patterns)
    assert met == {50: 50, 5000: len(lines)}


@pytest.mark.parametrize(
    ("lang", "around", "goes"),
    [
        ("", PARAGRAPH, True),
        ("it", PARAGRAPH, True),
        ("it-CH", PARAGRAPH, True),
        ("en", PARAGRAPH, False),
        ("en", "", True),
    ],
)
def test_alone_between_paragraphs_the_words_of_another_language_stay(lang, around, goes):
    text = f"{PARAGRAPH}\nStampa questa pagina\n{around}".rstrip()
    cut = [text[block.start : block.end] for block, _ in rules.load().cuts(Document("", text, fields={"lang": lang}))]
    assert cut == (["Stampa questa pagina"] if goes else [])
