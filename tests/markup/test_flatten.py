"""Pages, and the text that becomes of them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.markup import caps, flatten, rough, source
from cleaner.markup.flow import DEEPEST

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
    "two breaks with a space between them": ("One<br> <br>\nTwo", "One\n\nTwo"),
    "an item with a paragraph, indented": ("<ol>\n <li>\n <p>b</p>\n <li> <p>c</p></ol>", "b\nc"),
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
    "most hidden, until a script comes": (
        "<p>Tides<div hidden><p>" + 5 * "The ferry is back, and nobody knows where it had been. " + "</div>",
        "Tides\n\n" + " ".join(["The ferry is back, and nobody knows where it had been."] * 5),
    ),
    "something hidden beside the text": (
        "<p>" + 5 * "The ferry is back, and nobody knows where it had been. " + "<div hidden><p>" + 30 * "Cookies. ",
        " ".join(["The ferry is back, and nobody knows where it had been."] * 5),
    ),
    "choices of a form": ("<p>Where are you from?<select><option>Norway<option>Peru</select>", "Where are you from?"),
    "without scripts": ("<noscript>Scripts are off.</noscript>", "Scripts are off."),
    "a pixel without scripts": (
        "<p>The fair opened on Friday.<noscript>x<img src=x></noscript>",
        "The fair opened on Friday.",
    ),
    "a picture without scripts, amid a line": (
        "<p>The <b>fair</b><noscript><p>x<a href=x>y<img src=x></a><p>z</noscript> opened on <i>Friday</i>.",
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
    "deep": ("<div>", "x", ""),
    "deep and closed": ("<div>", "x", "</div>"),
    "lists": ("<ul><li>", "x", ""),
    "tables": ("<table><tr><td>x", "", ""),
    "unclosed tags": ("<a ", "", ""),
    "one tag": ("<p class='a", "b", ""),
    "attributes": ("<p ", "", "a1='x' b='y' "),
    "attributes with quotes that nobody closed": ("<p a=\"b c=' ", "", ""),
    "unclosed scripts": ("<script>", "x", ""),
    "unclosed comments": ("<!--", "x", ""),
    "comments closed late": ("<!--", "x", "--"),
    "unclosed quotes": ("<a href='", "x", ""),
    "wrongly closed": ("<font>", "x", "</b>"),
    "wrongly closed, not quite too deep": ("", "<font>" * (DEEPEST - 10), "x</b>"),
    "cells": ("<td>x", "", ""),
    "for readers without scripts": ("<noscript>x", "<img>", "</noscript>"),
    "signs": ("<", "", "<"),
    "ends": ("</", "", "</s"),
    "declarations": ("<!", "", "<?"),
    "references": ("&", "&#", "&amp;"),
    "a long reference": ("&#", "1", "1"),
    "marked deep": ("<div class='a b c' id='d'>", "<p>x", ""),
    "hidden": ("<p hidden>x", "", "<svg>"),
}


def seconds(read, page):
    """Return the least time that reading a page takes of two."""
    spent = []
    for _ in range(2):
        start = time.process_time()
        read(page)
        spent.append(time.process_time() - start)
    return min(spent)


READERS = {"parser": flatten, "tags alone": lambda page: rough.read(caps.bounded(page)[0])}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("parts", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_no_faster_than_the_page(parts, read):
    """Eight times the page may take sixteen times the time; what grows with the square takes sixty-four times."""
    first, middle, last = parts
    few, many = (first * n + middle + last * n for n in (2_000, 16_000))
    assert seconds(read, many) < 16 * seconds(read, few) + 0.1


BOUNDS = {
    "as it should be": ("<p>Yes", (), "Yes"),
    "a null": ("<p>Y\0es", (caps.NUL,), "Yes"),
    "half a pair": ("<p>Yes \ud83d", (caps.LONE_SURROGATE,), "Yes \ufffd"),
    "the two halves of a pair": ("<p>Yes \ud83d\ude00", (caps.LONE_SURROGATE,), "Yes \U0001f600"),
    "a reference of eight digits": ("<p>Y&#00000101;s", (), "Yes"),
    "a reference of nine digits": ("<p>Yes&#000000101;", (caps.LONG_REFERENCE,), "Yes\ufffd"),
    "a reference of ten thousand": ("<p>Yes&#x" + 10_000 * "f", (caps.LONG_REFERENCE,), "Yes\ufffd"),
    "many attributes": ("<p " + 900 * "a=b " + ">Yes", (), "Yes"),
    "too many attributes": ("<p " + 1_100 * "a='b' " + ">Yes", (caps.MANY_ATTRIBUTES,), "Yes"),
    "a script that looks like a tag": ("<script>i<n " + 1_100 * "a " + "</script>Yes", (), "Yes"),
    "a long value": ("<p a='" + 1_100 * "b " + "'>Yes", (), "Yes"),
    "deep": ("<b>" * (DEEPEST - 5) + "Yes", (), "Yes"),
    "too deep": ("<b>" * DEEPEST + "Yes", (caps.TOO_DEEP,), "Yes"),
    "too deep, and hidden": ("<svg>" + "<g>" * DEEPEST + "</svg>Yes", (caps.TOO_DEEP,), "Yes"),
    "large": ("<p>Yes" + " " * (caps.LARGEST_TREE - 10), (), "Yes"),
    "too large": ("<p>Yes" + " " * caps.LARGEST_TREE + "<p>No", (caps.TOO_LARGE,), "Yes\n\nNo"),
}


@pytest.mark.parametrize(("source", "capped", "text"), BOUNDS.values(), ids=BOUNDS)
def test_what_is_out_of_bounds_is_capped_and_said(source, capped, text):
    page = flatten(source)
    assert (page.capped, page.text) == (capped, text)


def test_a_page_too_large_for_a_tree_has_a_title_all_the_same():
    assert flatten("<title>Fair</title><p>x" + " " * caps.LARGEST_TREE).title == "Fair"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (b"<p>a<SCRIPT>b</Script >c", b"<p>ac"),
        (b'<script>write("<script><\\/script\\></script\\>")</script>a', b"a"),
        (b"<style>a</styles>b</style>c", b"c"),
        (b"<p>a<!-- <script> -->b<script>c", b"<p>abc"),
        (b"<strong>a</strong><i>b</i>", b"<strong>a</strong><i>b</i>"),
    ],
)
def test_what_a_parser_swallows_does_not_show(page, shown):
    assert source.visible(page) == shown


def test_a_block_knows_where_it_stood():
    page = flatten("<div id=main class='content wide'><p>Read <a href=x>this</a></div><nav><a href=y>Home</a></nav>")
    assert [(b.path, b.links) for b in page.blocks] == [
        ("html/body/div#main.content.wide/p", 0.5),
        ("html/body/nav", 1.0),
    ]


def test_a_path_is_bounded():
    page = flatten("<div class='%s'>" % ("x" * 99) * (DEEPEST - 10) + "<p>deep")
    assert len(page.blocks[0].path) <= 160
    assert page.blocks[0].path.endswith("/p")


FACTS = {
    "title": ("<title>\n The \n Fair</title>", ("The Fair", "", "", "")),
    "a title for others": ("<title>x</title><meta property=og:title content=Fair>", ("Fair", "", "", "")),
    "a title that nobody gave": ("<h1>Fair</h1>", ("Fair", "", "", "")),
    "language": ("<html lang=pt_BR>", ("", "pt-BR", "", "")),
    "a language once said": ("<html lang=fi>x</html><html lang=sv>", ("", "fi", "", "")),
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
