"""Stories: the same event in other words."""

import numpy as np
import pytest

from cleaner.dedup import Options, detect, sketch
from cleaner.dedup.average import average_link
from cleaner.dedup.dates import UNDATED
from cleaner.dedup.rarity import TABLE, background
from cleaner.dedup.story import rising

FIRST = """Ferry runs aground off Lindholm, passengers safe

A passenger ferry ran aground in fog off the island of Lindholm early on Tuesday with 214 people on board,
the coast guard said.
All passengers were taken to the harbour of Varby by fishing boats. Two crew members were treated for bruises.
The ferry Solveig was on its way from Varby to the mainland when it hit a sandbank.
Divers will look at the hull on Wednesday."""
SECOND = """Fog blamed as Solveig hits sandbank

Fishermen from Varby rescued more than two hundred travellers after the ferry Solveig struck a
sandbank near Lindholm.
Nobody was seriously hurt, according to the coast guard, although two sailors had bruises. The captain blamed thick fog.
Whether the hull of the Solveig has been damaged will be known when divers have examined it."""
THIRD = """Council votes for new school in Varby

The council of Varby voted on Tuesday to build a school for 300 children next to the harbour.
The building will cost nine million.
Parents had asked for it for years. Work is to begin in spring, said the mayor, and the first lessons
are planned in two years.
The opposition called the plan too dear and asked for a smaller building on the mainland."""

NOTICE = """Solveig Lines: full year results

Solveig Lines of Varby reported revenue of 9.6 million for the full year, a change of 22.8 per cent. The net
result was a loss of 3.3 million. The chief executive named the price of diesel."""
VILLAGE = """La panadería que abre de noche

A las tres de la madrugada solo hay una luz encendida en Valdehierro. Es la de la panadería de los hermanos Sanz,
que venden por la ventana a quien pase, y a esa hora pasa más gente de la que uno creería.
Hay un banco en la acera y una cafetera. Todo empezó cuando una clienta de noventa años que no podía dormir llamó al
cristal. Volvió cada noche durante cuatro años, y el alcalde del pueblo les ha concedido la medalla."""
VALLEY = """El pueblo que volvió a asomar bajo el embalse

La torre de la iglesia se ve desde el martes, con el embalse de Valdehierro al nueve por ciento de su capacidad.
Amparo Núñez tenía once años cuando el agua cubrió su casa, y volvió a entrar en ella por la puerta.
Compartir el agua siempre fue difícil, explica el alcalde, pero nunca tan difícil como ahora. Más de doscientos
vecinos han recorrido las calles esta semana, y alguno se ha llevado una teja."""


def told(texts, tmp_path, dates=None, options=None):
    options = options or Options()
    sketch(texts, dates=dates, options=options).save(tmp_path / "s")
    return detect([tmp_path / "s"], options, tmp_path)


def test_the_same_event_in_other_words(tmp_path):
    result = told([FIRST, THIRD, SECOND], tmp_path)
    assert [(d.row, d.kept, d.level) for d in result.duplicates] == [(2, 0, "story")]
    assert result.duplicates[0].similarity > 0.3 > result.duplicates[0].containment
    assert [(p.a, p.b, p.level) for p in result.pairs] == [(0, 2, "story")]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([FIRST, THIRD], id="one town"),
        pytest.param([FIRST, NOTICE], id="a short notice with the same name"),
        pytest.param([VILLAGE, VALLEY], id="one village and the common words of Spanish"),
    ],
)
def test_other_stories(texts, tmp_path):
    assert not told(texts, tmp_path).duplicates


def test_below_the_level_nothing_is_told(tmp_path):
    assert not told([FIRST, SECOND], tmp_path, options=Options(level="near")).duplicates


@pytest.mark.parametrize(
    ("dates", "want"), [(["2020-11-21", "2020-11-23"], 1), (["2020-11-21", "2020-12-21"], 0), (["2020-11-21", ""], 1)]
)
def test_dates_far_apart_are_two_stories(tmp_path, dates, want):
    assert len(told([FIRST, SECOND], tmp_path, dates=dates).duplicates) == want


def dated(text, dateline):
    headline, _, rest = text.partition("\n")
    return f"{headline}\n{dateline}\n{rest}"


def test_datelines_days_apart_ask_for_more(tmp_path):
    first, near = dated(FIRST, "21 November 2020"), dated(SECOND, "Published: Nov. 23, 2020")
    far = dated(SECOND, "Published: Dec. 23, 2020")
    options = Options(story_threshold=told([first, near], tmp_path).duplicates[0].similarity - 0.01)
    assert len(told([first, near], tmp_path, options=options).duplicates) == 1
    assert not told([first, far], tmp_path, options=options).duplicates
    dates = ["2020-11-21", "2020-11-21"]
    assert len(told([first, far], tmp_path, dates, options).duplicates) == 1, "the date of the record comes first"


def test_the_threshold_rises_with_the_texts_that_one_may_be_confused_with():
    options = Options()
    undated = np.full(100_000, UNDATED)
    assert rising(options, undated[:1000]) == options.story_threshold
    assert options.story_threshold < rising(options, undated[:4000]) < rising(options, undated)
    a_day_each = np.arange(100_000, dtype=np.int64) * 86400
    assert rising(options, a_day_each) == options.story_threshold


def test_the_background_is_small_and_knows_common_words():
    counts, texts = background()
    assert TABLE.stat().st_size <= 300_000
    assert counts.max() > texts / 2


def test_a_near_duplicate_is_only_that_and_the_one_kept_tells_the_story(tmp_path):
    result = told([FIRST, SECOND, FIRST.upper()], tmp_path)
    assert [(d.row, d.kept, d.level) for d in result.duplicates] == [(1, 0, "story"), (2, 0, "exact")]


def test_no_texts(tmp_path):
    assert not told([], tmp_path).duplicates
    assert not told(["", "…"], tmp_path).duplicates


def test_average_link_makes_no_cluster_of_a_chain():
    a, b = np.array([0, 1, 2]), np.array([1, 2, 3])
    assert average_link(a, b, np.array([0.9, 0.6, 0.9]), 5, 0.5).tolist() == [0, 0, 2, 2, 4]
    assert average_link(a, b, np.array([0.9, 0.6, 0.9]), 5, 0.1).tolist() == [0, 0, 0, 0, 4]
    assert average_link(a[:0], b[:0], np.zeros(0), 2, 0.5).tolist() == [0, 1]
