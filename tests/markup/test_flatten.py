"""Pages, and the text that becomes of them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.markup import LARGEST_PAGE, flatten

TEXTS = {
    "plain": ("Good day", "Good day"),
    "nothing": ("", ""),
    "blank": (" \n&nbsp;\n", ""),
    "paragraphs stand apart": ("<p>One</p><p>Two", "One\n\nTwo"),
    "headings stand apart": (
        "<h1>Tide</h1>The sea rose.<h2>Ebb</h2>It fell.",
        "Tide\n\nThe sea rose.\n\nEbb\n\nIt fell.",
    ),
    "a list is one line an item": ("<p>A</p><ul><li>b</li><li>c</li></ul><p>D", "A\n\nb\nc\n\nD"),
    "an item with a paragraph": ("<ol><li><p>b</p></li><li><p>c</p></li></ol>", "b\nc"),
    "a list of terms": (
        "<dl><dt>oak</dt><dd>a tree</dd><dt>ash</dt><dd>another</dd></dl>",
        "oak\na tree\nash\nanother",
    ),
    "cells share a line": (
        "<table><tr><th>Day</th><th>Sun</th></tr><tr><td><p>Monday</p></td><td>4&nbsp;h</td></tr></table>",
        "Day\tSun\nMonday\t4\xa0h",
    ),
    "cells with several lines do not": ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
    "an empty cell": ("<table><tr><td>a</td><td> </td><td>c</td></tr></table>", "a\tc"),
    "a break": ("<p>Rose Lane 4<br>Millport</p>", "Rose Lane 4\nMillport"),
    "two breaks make a paragraph": ("One<br><br>Two<br><br><br>Three", "One\n\nTwo\n\nThree"),
    "inline elements do not split words": ("<p>H<sub>2</sub>O and w<b>or</b>ds", "H2O and words"),
    "block elements do not join them": ("<div>one<div>two</div>three</div>", "one\n\ntwo\n\nthree"),
    "links side by side": ("<a href=a>Home</a><a href=b>News</a>", "Home News"),
    "a link within a word": ("<p>The <a href=a>harbour</a>s", "The harbours"),
    "a picture within a sentence": ("<p>here<img src=x>there", "here there"),
    "buttons": ("<button>Yes</button><button>No</button>", "Yes\nNo"),
    "spaces collapse": ("<p>a \n\t b<b> c</b> d", "a b c d"),
    "spaces of Chinese paragraphs stay": ("<p>\u3000\u3000河水上涨。", "\u3000\u3000河水上涨。"),
    "preformatted": ("<pre>if a:\n    b\n\nc</pre>", "if a:\n    b\n\nc"),
    "script, style, template": ("a<script>b</script><style>c</style><template>d</template>", "a"),
    "comments": ("a<!-- b --> c", "a c"),
    "hidden": ("<p>The tide is out.<p hidden>b<p style='color: red; display: none'>c", "The tide is out."),
    "all hidden, until a script comes": ("<body style='display:none'><p>The ferry is back.", "The ferry is back."),
    "choices of a form": ("<p>Where are you from?<select><option>Norway<option>Peru</select>", "Where are you from?"),
    "without scripts": ("<noscript>Scripts are off.</noscript>", "Scripts are off."),
    "a pixel without scripts": (
        "<p>The fair opened on Friday.<noscript>x<img src=x></noscript>",
        "The fair opened on Friday.",
    ),
    "a custom element": ("<x-card>one</x-card><x-card>two</x-card>", "one\n\ntwo"),
    "entities": ("<p>Tom &amp; Ann &lt;3 &#8364;5", "Tom & Ann <3 €5"),
    "an encoding declared": ("<?xml version='1.0' encoding='latin-1'?><p>é", "é"),
    "a null": ("<p>a\0b", "ab"),
    "half a pair": ("<p>\ud83d\ude00 \ud83d", "\U0001f600 \ufffd"),
    "a carriage return": ("<pre>a&#13;\nb</pre>", "a\nb"),
}

SWALLOWED = {
    "script": "<p>The old <script>var a;<p>bridge was closed for repairs on Sunday.",
    "style": "<p>The old <style>p {}<p>bridge was closed for repairs on Sunday.",
    "comment": "<p>The old <!-- begin <p>bridge was closed for repairs on Sunday.",
    "title": "<title>The old <p>bridge was closed for repairs on Sunday.",
    "quote": "<p>The old <a href='x>bridge</a> was closed for repairs on Sunday.<p>Again.",
    "deep": "<div>" * 5_000 + "<p>The old bridge was closed for repairs on Sunday.",
}

HOSTILE = {
    "deep": "<div>" * 200_000 + "x",
    "lists": "<ul><li>" * 100_000 + "x",
    "tables": "<table><tr><td>x" * 60_000,
    "unclosed tags": "<a " * 300_000,
    "unclosed scripts": "<script>" * 200_000 + "x",
    "unclosed comments": "<!--" * 300_000 + "x",
    "wrongly closed": "<font>" * 100_000 + "x</b>" * 100_000,
    "cells": "<td>x" * 150_000,
    "signs": "<" * 1_000_000,
    "marked deep": "<div class='a b c' id='d'>" * 2_000 + "<p>x" * 50_000,
}


@pytest.mark.parametrize(("page", "text"), TEXTS.values(), ids=TEXTS)
def test_text(page, text):
    assert flatten(page).text == text


@pytest.mark.parametrize("page", SWALLOWED.values(), ids=SWALLOWED)
def test_what_a_parser_swallows_comes_back(page):
    page = flatten(page)
    assert "closed for repairs on Sunday" in page.text
    assert not page.lost


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_time_is_linear(page):
    start = time.process_time()
    flatten(page)
    assert time.process_time() - start < 5


def test_a_page_that_is_too_large_says_so():
    page = flatten("<p>x" + " " * LARGEST_PAGE + "<p>y")
    assert page.text == "x"
    assert page.lost


def test_a_block_knows_where_it_stood():
    page = flatten("<div id=main class='content wide'><p>Read <a href=x>this</a></div><nav><a href=y>Home</a></nav>")
    assert [(b.path, b.links) for b in page.blocks] == [
        ("html/body/div#main.content.wide/p", 0.5),
        ("html/body/nav", 1.0),
    ]


def test_a_path_is_bounded():
    page = flatten("<div class='%s'>" % ("x" * 99) * 500 + "<p>deep")
    assert len(page.blocks[0].path) <= 160
    assert page.blocks[0].path.endswith("/p")


FACTS = {
    "title": ("<title>\n The \n Fair</title>", ("The Fair", "", "", "")),
    "a title for others": ("<title>x</title><meta property=og:title content=Fair>", ("Fair", "", "", "")),
    "a title that nobody gave": ("<h1>Fair</h1>", ("Fair", "", "", "")),
    "language": ("<html lang=pt_BR>", ("", "pt-BR", "", "")),
    "no language": ("<html lang='{{ lang }}'>", ("", "", "", "")),
    "date": (
        "<meta property='article:published_time' content='2024-03-12T08:30:00Z'>",
        ("", "", "2024-03-12T08:30:00Z", ""),
    ),
    "date in data": (
        '<script type=\'application/ld+json\'>{"datePublished": "2024-03-12"}</script>',
        ("", "", "2024-03-12", ""),
    ),
    "no date": ("<meta name=date content='last Tuesday'>", ("", "", "", "")),
    "address": ("<link rel=canonical href='https://a.example/b'>", ("", "", "", "https://a.example/b")),
    "no address": ("<link rel=canonical href='/b'>", ("", "", "", "")),
}


@pytest.mark.parametrize(("page", "known"), FACTS.values(), ids=FACTS)
def test_facts(page, known):
    page = flatten(page + "<p>x")
    assert (page.title, page.lang, page.date, page.url) == known


TAGS = (
    "<p> </p> <li> <ul> <td> <tr> <table> <br> <pre> </pre> <a> </a> <script> </script> <!-- --> <b> <div> </div> <hr> "
    "<h1> <title> </title> <select> <head> <body> <html> <svg> & &nbsp; < > ' word Wort 字"
)
PIECES = st.sampled_from([*TAGS.split(" "), *'" \n\t\r\x0b\x85\u2028\ud800\0'])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_flattened_into_its_lines(source):
    page = flatten(source)
    assert "".join(page.text[b.start : b.end] + "\n" for b in page.blocks).split("\n") == [
        *(line for line in page.text.split("\n") if line),
        "",
    ]
    ends = [0, *(b.end for b in page.blocks)]
    assert all(
        b.start in (end, end + 1, end + 2) and b.start < b.end for end, b in zip(ends, page.blocks, strict=False)
    )
    assert all(0 <= b.links <= 1 for b in page.blocks)
    assert all(page.text[b.start : b.end].strip() for b in page.blocks)
