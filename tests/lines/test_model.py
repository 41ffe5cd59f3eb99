"""The model itself: that its tables are whole, what it looks at, and that it says why."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.lines import guess, known, model, place, shape

STORY = """The ferry to the island was late again on Monday, and nobody on the quay could say why it had not sailed.
The harbour office blamed the fog, which had come up after noon and stood in the sound until it was dark.
By eight o'clock two hundred people were waiting in the rain, some of them with dogs, all of them hungry.
The last boat went out at ten, and those who had stayed were given soup in the hall of the fire brigade."""
MENU = "Home\nNews\nSport\nCulture\nTravel\nWeather\nJobs\nLog in\nSearch\nSubscribe\nMore"
GREEK = """Το πλοίο για το νησί άργησε πάλι τη Δευτέρα και κανείς στην προβλήτα δεν ήξερε γιατί δεν είχε φύγει.
Το λιμεναρχείο μίλησε για ομίχλη που είχε πέσει μετά το μεσημέρι και έμεινε πάνω από το νερό ως το βράδυ.
Ως τις οκτώ διακόσιοι άνθρωποι περίμεναν μέσα στη βροχή, μερικοί με σκύλους, όλοι τους πεινασμένοι και κουρασμένοι."""
CHINESE = """星期一去岛上的渡轮又晚点了，码头上没有人说得出船为什么没有开，大家只好站在雨里等着。
港务局说是因为大雾，雾从中午以后升起来，一直到天黑都停在海峡上，什么也看不见，船长们都不敢出港。
到了八点，两百个人在雨里等着，有的人还带着狗，所有的人都饿了，有人去镇上买来了面包和热茶。"""


def lines_of(text):
    return [text[block.start : block.end] for block in Document("a", text).blocks]


def judged(text, rules=None):
    return model.judge(lines_of(text), rules=rules)


@pytest.mark.parametrize("story", [STORY, GREEK, CHINESE], ids=["English", "Greek", "Chinese"])
def test_running_text_is_told_from_a_menu(story):
    odds = judged(f"{MENU}\n{story}\n{MENU}").odds
    n, m = len(MENU.split("\n")), len(story.split("\n"))
    assert odds[n : n + m].min() > 0
    assert odds[n : n + m].min() > max(odds[:n].mean(), odds[n + m :].mean()) + 2


def test_a_place_counts():
    lines = STORY.split("\n")
    body, foot = "body/article.story/div.article-body/p", "body/footer/div.related/ul/li"
    found = model.judge(
        2 * lines,
        (
            [path for path in (body, foot) for _ in lines],
            [float(path == foot) for path in (body, foot) for _ in lines],
        ),
    )
    assert found.table == "page"
    assert found.odds[: len(lines)].min() > found.odds[len(lines) :].max()


def test_what_rules_know_counts():
    text = f"{STORY}\nRead more about ferries\nShare this"
    alone = judged(text)
    told = judged(text, known.known(["", "", "", "", "", "share"], np.arange(6) == 5))
    assert told.odds[-1] < alone.odds[-1]
    assert told.odds[-2] != alone.odds[-2]  # those around it are told, too


def test_two_documents_do_not_know_each_other():
    first = judged(STORY).odds
    judged(MENU)
    assert judged(STORY).odds.tolist() == first.tolist()


def test_each_reason_is_something_that_it_sees():
    found = judged(f"{MENU}\n{STORY}")
    names = {*shape.NAMES, *guess.NAMES, *known.NAMES}
    for why in model.reasons(found, np.arange(len(found.odds))):
        reasons = why.split(", ")
        assert len(reasons) == model.REASONS
        assert all(reason.rpartition(" ")[0] in names for reason in reasons)


def test_what_was_guessed_is_no_reason():
    found = judged(f"{MENU}\n{STORY}\n{MENU}")
    assert not any("first guess" in why for why in model.reasons(found, np.arange(len(found.odds))))


@pytest.mark.parametrize(("table", "columns"), [("text", shape.NAMES), ("page", (*shape.NAMES, *place.NAMES))])
def test_the_tables_are_small_and_whole(table, columns):
    path = model.TABLES.joinpath(f"{table}.npz")
    assert len(path.read_bytes()) <= 100_000
    with path.open("rb") as file, np.load(file) as weights:
        assert all(np.isfinite(weights[name]).all() for name in weights.files)
        assert weights["mean"].shape == weights["spread"].shape == (len(columns) + len(known.NAMES),)
        assert weights["again.weight"].shape[0] == weights["enter.weight"].shape[1] + len(guess.NAMES)
        assert {f"look.{i}.weight" for i in range(len(model.STEPS))} <= {*weights.files}
        assert {f"late.{i}.weight" for i in range(len(model.LATE))} <= {*weights.files}


@given(st.lists(st.text(max_size=20), max_size=10))
def test_any_text_can_be_judged(lines):
    text = "\n".join(lines)
    found = judged(text)
    assert len(found.odds) == len(lines_of(text))
    assert np.isfinite(found.odds).all()
    assert found.odds.dtype == np.float32


def test_the_card_speaks_of_these_tables():
    card = model.TABLES.joinpath("CARD.md").read_text("utf-8")
    assert f"{len(shape.NAMES)} numbers" in card
    assert f"{len(known.FAMILIES)} families" in card
    assert all(f"`{name}.npz`" in card for name in ("text", "page"))
    assert "CC-BY-4.0" in card


@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 200])
def test_a_product_in_parts_is_the_product(n):
    rows = np.arange(n * 3, dtype=np.float32).reshape(n, 3)
    weight = np.float32([[1, 2], [0, -1], [3, 0]])
    assert np.array_equal(model.product(rows, weight), rows @ weight)
