"""Near-duplicates: what is one, what is none, and that nothing about the run makes a difference."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup import Options, detect, near_duplicates, sketch
from cleaner.dedup.bands import Bands, keys_of
from cleaner.dedup.bars import Bars
from cleaner.dedup.clusters import clusters
from cleaner.dedup.drawing import MAX_WORDS
from cleaner.dedup.pairs import count
from cleaner.dedup.shelf import Shelf

from .corpus import VOCABULARY, article, corpus, cut, edited

BASE = article("base")


def found(texts, tmp_path, parts=1, options=None, **given_fields):
    options = options or Options(level="near")
    paths = []
    step = -(-len(texts) // parts)
    for start in range(0, len(texts), step):
        here = slice(start, start + step)
        fields = {name: values[here] for name, values in given_fields.items()}
        paths.append(tmp_path / f"s{start}-{parts}")
        sketch(texts[here], options=options, **fields).save(paths[-1])
    return detect(paths, options, tmp_path)


def rows_of(result):
    """All that a result says."""
    return [list(result.duplicates), list(result.parts_of), list(result.pairs), result.guard]


def counted(texts):
    """What the first two texts share."""
    with TemporaryDirectory() as name:
        path = Path(name) / "s"
        sketch(texts, options=Options(level="near")).save(path)
        with Shelf([path]) as shelf:
            return count(keys_of(np.array([0]), np.array([1])), shelf)


def clusters_of(texts, **options):
    return near_duplicates(texts, options=Options(level="near", **options))


COPIES = [
    ("equal", BASE),
    ("capitals and white space", BASE.upper().replace("\n\n", "  ")),
    ("every tenth word changed", edited(BASE, 1, 0.1)),
    ("every third word changed", edited(BASE, 2, 0.3)),
    ("the first half", cut(BASE, 0.5)),
    ("the first quarter", cut(BASE, 0.25)),
    (
        "paragraphs in another order",
        "\n\n".join(
            random.Random(3).sample(  # noqa: S311
                BASE.split("\n\n"), BASE.count("\n\n") + 1
            )
        ),
    ),
    ("with as much of another text", BASE + "\n\n" + article("other")),
]
OTHERS = [
    ("another article", article("another")),
    ("a sentence of it in another article", article("frame") + BASE.split(". ")[0] + ". " + article("end")),
    ("three words of it", " ".join(BASE.split()[:3])),
    ("no word", "…"),
    ("nothing", ""),
]


@pytest.mark.parametrize("copy", [case[1] for case in COPIES], ids=[case[0] for case in COPIES])
def test_copies(copy):
    assert clusters_of([BASE, article("apart"), copy]) == [[0, 2]]


@pytest.mark.parametrize("other", [case[1] for case in OTHERS], ids=[case[0] for case in OTHERS])
def test_others(other):
    assert clusters_of([BASE, other]) == []


def test_a_sentence_counts_less_the_more_texts_there_are():
    few, many = (Bars(Options(), texts, titled=False) for texts in (100, 1_000_000))
    for name in ("few", "half", "whole", "rewritten"):
        assert getattr(few, name) < getattr(many, name)
    sizes = np.arange(1, 500)
    assert (few.lowest(sizes) <= many.lowest(sizes)).all()


def test_the_passage_that_two_texts_share():
    first, second = [f"w{k}" for k in range(200)], [f"v{k}" for k in range(200)]
    both = [f"b{k}" for k in range(60)]
    texts = [
        " ".join(first[:100] + both[:40] + first[100:] + both[50:]),
        " ".join(both[50:] + second[:80] + both[:20] + ["other"] + both[21:40] + second[80:]),
    ]
    pairs = counted(texts)
    assert pairs.shared.tolist() == [18 + 17 + 8]
    assert pairs.passage.tolist() == [18 + 17], "a changed word does not end it"


def test_places_in_a_very_long_text():
    words = [f"w{k}" for k in range(300_000)]
    pairs = counted([" ".join(words), " ".join([*words[:50_000], "and", "more"])])
    assert pairs.size_a.tolist() == [pytest.approx(MAX_WORDS, abs=30)], "but for hashes that fall together"
    assert pairs.shared.tolist() == pytest.approx([49_998], abs=10)
    assert pairs.passage.tolist() == pytest.approx([49_998], abs=10), "neighbours share a place: that ends no passage"
    assert pairs.spread.tolist() == [pytest.approx(50_000 / MAX_WORDS, abs=0.02)]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=60).map(" ".join), min_size=2, max_size=2))
def test_what_two_texts_share_is_what_their_sets_share(texts):
    sets = [{tuple(words[k : k + 3]) for k in range(max(1, len(words) - 2))} for words in map(str.split, texts)]
    pairs = counted(texts)
    assert [pairs.size_a[0], pairs.size_b[0], pairs.shared[0]] == [*map(len, sets), len(sets[0] & sets[1])]


def test_short_notices_of_one_template_are_different_news():
    notice = "{} Corp said it declared a quarterly dividend of {} cents a share, payable on {} to holders of record."
    texts = [
        notice.format(*fields)
        for fields in [("Alba", 12, "May 2"), ("Borealis", 31, "June 9"), ("Cygnet", 7, "July 1")]
    ]
    assert clusters_of(texts) == []


def test_chinese_is_compared_by_characters():
    text = "市长周一在新闻发布会上表示,自五月以来关闭的大桥将于下个月重新开放,届时两岸的居民不必再绕行三十公里。" * 1
    more = "他说,维修工程比预计的多花了两个月,因为工人在桥墩中发现了裂缝。议会将在秋天决定是否再建一座桥。"
    other = "科学家在南极冰层下发现了一个湖泊,里面生活着从未见过的细菌,这一发现可能改变人们对生命起源的看法。"
    assert clusters_of([text + more, other * 2, more + text.replace("周一", "星期一")]) == [[0, 2]]


def test_what_stands_in_a_round_up_does_not_join_what_else_stands_there():
    parts = [article(f"part {k}") for k in range(3)]
    round_up = "\n\n".join(parts)
    found_clusters = clusters_of([*parts, round_up])
    assert len(found_clusters) <= 1
    assert all(len(cluster) == 2 and 3 in cluster for cluster in found_clusters)


def test_a_small_part_is_reported_not_merged(tmp_path):
    part, whole = article("small", 80), article("large", 900)
    result = found([whole + "\n\n" + part, part], tmp_path)
    assert not result.duplicates
    assert [(p.row, p.whole) for p in result.parts_of] == [(1, 0)]
    assert result.parts_of[0].containment == 1.0


@pytest.mark.parametrize("parts", [2, 3, 7])
def test_work_units_make_no_difference(tmp_path, parts):
    texts = corpus()
    assert rows_of(found(texts, tmp_path, parts)) == rows_of(found(texts, tmp_path))


def test_bands_make_no_difference(tmp_path, monkeypatch):
    texts = corpus()
    whole = found(texts, tmp_path)
    monkeypatch.setattr("cleaner.dedup.bands.BAND_SIZE", 300)
    monkeypatch.setattr("cleaner.dedup.pairs.CHUNK", 16)
    assert rows_of(found(texts, tmp_path)) == rows_of(whole)
    assert not list(tmp_path.glob("band-*"))
    assert not list(tmp_path.glob("pairs-*"))


def test_every_cluster_keeps_one(tmp_path):
    result = found(corpus(), tmp_path, options=Options(level="near", keep="longest"))
    dropped = {d.row for d in result.duplicates}
    assert len(dropped) == len(result.duplicates) > 10
    assert not dropped & {d.kept for d in result.duplicates}
    assert [d.row for d in result.duplicates] == sorted(dropped)


DATES = ["2020-11-21", "", "2020-11-20", "2020-11-23"]
KEEPS = [("first", 0), ("longest", 1), ("newest", 3), ("oldest", 2)]


@pytest.mark.parametrize(("keep", "want"), KEEPS)
def test_which_one_is_kept(tmp_path, keep, want):
    texts = [BASE, BASE + " And one more.", edited(BASE, 4, 0.05)[:-1], BASE.upper()]
    result = found(texts, tmp_path, options=Options(level="near", keep=keep), dates=DATES)
    assert {d.kept for d in result.duplicates} == {want}
    assert len(result.duplicates) == 3


def test_exact_level_only(tmp_path):
    result = found([BASE, edited(BASE, 1, 0.05), BASE.lower()], tmp_path, options=Options(level="exact"))
    assert [(d.row, d.kept, d.level, d.similarity) for d in result.duplicates] == [(2, 0, "exact", 1.0)]


def test_a_family_of_copies_larger_than_a_crowd_is_one_cluster():
    texts = [edited(BASE, k, 0.03) for k in range(120)]
    assert clusters_of(texts) == [list(range(120))]


def test_the_same_headline_asks_for_less_and_another_for_more(tmp_path):
    texts = [BASE, edited(BASE, 5, 0.2)]
    same = found(texts, tmp_path, titles=["Bridge opens again", "Bridge opens again in May"])
    other = found(texts, tmp_path, titles=["Bridge opens again", "Council votes on schools"])
    assert [d.row for d in same.duplicates] == [1]
    assert not other.duplicates


def test_guard(tmp_path):
    texts = [edited(BASE, k, 0.02) for k in range(30)] + [article(k) for k in range(30)]
    sources = ["a"] * 30 + ["b"] * 30
    assert found(texts, tmp_path, sources=sources).guard is None
    texts = ["The page you asked for is gone."] * 1500
    assert "1,500 of 1,500 texts" in found(texts, tmp_path).guard.sentence
    texts = [article(k % 120, 60) for k in range(240)]
    assert "Source copy loses 120" in found(texts, tmp_path, sources=["own"] * 120 + ["copy"] * 120).guard.sentence


def test_pairs_share_hashes(tmp_path):
    bands = Bands(tmp_path, 8, 4)
    bands.add(np.array([5, 5, 5, 9, 9], dtype=np.uint32), np.array([0, 2, 3, 0, 3], dtype=np.uint64))
    found = {
        (int(p) >> 32, int(p) & 0xFFFFFFFF): int(n)
        for pairs, some in bands.pairs()
        for p, n in zip(pairs, some, strict=True)
    }
    assert found == {(0, 2): 1, (0, 3): 2, (2, 3): 1}


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1]), unique=True, max_size=30)
)
def test_a_cluster_is_named_by_its_smallest_row(pairs):
    a, b = (np.array([p[side] for p in pairs], dtype=np.int64) for side in (0, 1))
    label = clusters(a, b, np.ones(len(a)), 0.5, lambda x, _: np.zeros(len(x)), 10)
    assert (label <= np.arange(10)).all(), "the smallest row names a cluster"
    assert (label[label] == label).all()
    for row in np.flatnonzero(label != np.arange(10)).tolist():
        assert any(row in pair and label[pair[0]] == label[pair[1]] for pair in pairs), "some pair brought it there"
    for pair in pairs:
        others = {row for other in pairs if other != pair for row in other}
        assert others & set(pair) or label[pair[0]] == label[pair[1]], "a pair apart from all others is a cluster"


def test_growth_is_linear():
    import time

    def seconds(size):
        texts = [article(f"g{k}", 100) for k in range(size)]
        start = time.process_time()
        near_duplicates(texts)
        return time.process_time() - start

    seconds(50)
    assert seconds(2000) < 12 * 3 * max(seconds(200), 0.02)


def rewritten(text, seed, kept):
    """The text with a run of four words kept here and there: all of them a share `kept` of the text."""
    rng = random.Random(seed)  # noqa: S311
    words = text.split(" ")
    runs = [words[k : k + 4] for k in range(0, len(words), 4)]
    return " ".join(" ".join(run if rng.random() < kept else [rng.choice(VOCABULARY) for _ in run]) for run in runs)


def test_a_page_rewritten_sentence_by_sentence():
    page = article("page", 240)
    assert clusters_of([page, rewritten(page, 1, 0.6)]) == [[0, 1]]
    assert clusters_of([page, rewritten(page, 1, 0.2)]) == []


def test_a_long_sentence_in_two_short_texts_is_no_copy():
    sentence = article("sentence", 60).replace(".", "").replace("\n\n", " ")
    first, second = (article(name, 60) + " " + sentence for name in ("first", "second"))
    assert clusters_of([first, second]) == []
