"""The compiled parts: lines and pages come out as without them, whatever the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.markup import flatten, source, twin
from cleaner.markup.flow import DEEPEST, Flow, TooDeep

compiled = pytest.mark.skipif(twin._twin is None, reason="nobody could compile it here")
lean = pytest.mark.skipif(source._source is None, reason="nobody could compile it here")

SENTENCE = "The ferry is back, and nobody knows where it had been. "

PAGES = {
    "nothing": "",
    "text": "Good day",
    "blocks": "<h1>Tide</h1>The sea <b>rose</b>.<p>It<br><br>fell.<div><div>Ebb</div></div>",
    "lists": "<ol>\n <li>\n <p>b</p>\n <li> <p>c</p></ol><dl><dt>oak<dd>a tree</dl>",
    "tables": "<table><caption>x</caption><tr><td>a<td><p>b<tr><td>c<br>d<td>e<tr>",
    "tables in tables": "<table><tr><td>a<table><tr><td>f<td>g</table><td>h<tr><th>i<table></table><td>j</table>",
    "rows of links": "<table><tr><td><a href=x>one two</a> three<td>four<td><a href=y>five</a></table>",
    "links": "<p>Read <a href=x>this <b>and</b> <a>that</a></a> now<a>.</a><li><a>x<p>y</a>z",
    "links side by side": "<span>Share</span><a>it</a><a>here</a> <a>now</a>",
    "a link of many lines": "<a href=x>one<p>two<p>three four</a> five",
    "pictures": "<p>here<img src=x>there<input><picture>x</picture><img>",
    "spaces": "<p>  a \n\t b\u00a0<b> c\u3000</b>\u2003d\x0b\x1ce\x85 </p>",
    "spaces alone": "\u00a0 <p>\u3000\u3000x<p>\u2028<p>\u00a0\u00a0x \u00a0 <p>\u00a0",
    "preformatted": "<pre>\n if a:\r\n\tb\n\n\nc <a>d \u3000</a>\u3000\n</pre>",
    "preformatted twice": "e<pre><pre>f</pre> g\n\n</pre><pre>\u00a0x\u00a0</pre>",
    "marks": "<div id=' a/b ' class='c  d$$e f\tg h'><p ID=É CLASS='\u00a0 k\u00e4se'><p id='' class=' '>x<p class=$>y",
    "long marks": f"<div id={'x' * 40} class='{'y' * 39}{'/' * 9} {'z' * 390} q'>x<p class='{'é ' * 300}'>y",
    "long paths": "<div class='%s'>" % ("x" * 30) * 9 + "<p>deep" + "</div>" * 8 + "<p>less deep",
    "a path of one step": f"<{'x-' * 40} class='{'y' * 32} {'z' * 32} {'w' * 32} {'v' * 32}'>x",
    "elements made up": "<x-card>one</x-card><o:p>two</o:p><é-é class=x>three</é-é>",
    "hidden": f"<p>Tides<p hidden>b<i>c</i><p style='Display : NONE'>c<p style=c:d>d<div hidden>{5 * SENTENCE}<svg>x",
    "hidden by a reference": "<p style='display&colon;none'>a<p style='display:n&#111;ne'>b",
    "not hidden, as the first style counts": "<p>a<p style=c style=display:none>d",
    "hidden facts": "<time hidden itemprop=datePublished datetime=2024-01-02>x</time>y",
    "all is hidden": f"<body style='display:none'><p>{SENTENCE}",
    "choices": "<p>From?<select><option>Norway<option>Peru</select><canvas>x</canvas><object><param>y</object>",
    "without scripts": "<p>a <b>b</b><noscript><p>x<img></noscript> c<noscript>d</noscript>",
    "without scripts, twice": "<p>a<noscript>e<noscript><img>f</noscript>g</noscript>h",
    "without scripts, in a list": "<li>a<noscript><table><tr><td>x<td>y<img></table></noscript><p>b",
    "facts": "<html lang=de><title>T &amp; t</title><meta name=date content=2024-03-12>x",
    "an address": "<link rel=icon href=a><link rel=Canonical href=https://a.example/>x",
    "an address by a reference": "<link rel=c&#97;nonical href=https://a.example/>x",
    "data": '<script type="application/ld+json">{"datePublished": "2024-03-12"}</script><p>x',
    "data by a reference": '<script type=\'application/ld&#43;json\'>{"datePublished": "2024-03-12"}</script><p>x',
    "not data": '<script type=module TYPE=\'application/ld+json\'>{"datePublished": "2024-03-12"}</script><p>x',
    "scripts": "<p>a<script src=x>b</scripty></p></SCRIPT\n>c<script/>d<style>e<p></style x='>'>f<script>g",
    "scripts in scripts": "a<script><!-- <script>b</script> --></script>c",
    "half comments in scripts": "a<script><!-- d</script>e<script><!--<scripts></script>f",
    "comments": "a<!-->b<!--->c<!----->d<!-- e --!>f<!-- - -- >g<p> -->h<!-x>i<!>j<!---!>k-->l<!--m",
    "declarations": "<?xml version='1.0'?><!DOCTYPE html PUBLIC '>'>a<?php b ?>c<![CDATA[d>]]>e</ f>g</>h</3>i<3<j",
    "raw texts": "<textarea><p>a<!--</textarea>b<xmp><p>c</xmp><title/><iframe><p>d</iframe >",
    "an unclosed raw text": "<p>a<noembed>e<noframes>f</noframes>g",
    "plain text": "<p>a<plaintext><p>b</plaintext>c",
    "attributes": "<p a='1'id='b'c=d/>e<p/id=f/ class = 'g'  ==h>i<a b=c />j<p id=k/>l<p id='m>n' \"id=o\">p",
    "attributes of an end": "<p>a</p id='>'>b</p/>c",
    "no end of a tag": "<p>a<p class='b",
    "no end of a value": "<p>a<p class='b>c</p><p>d",
    "no end of an end tag": "<p>a</p b",
    "no end of a sign": "a<",
    "unclosed": "<div><table><tr><td><a><b><pre><select><noscript><svg>x",
    "wrongly closed": "</p>a</b></table><b><i>c</b>d</i></div></td>e",
}
TAGS = (
    "a b br button div em h1 hr html iframe img input label li meta noscript object p pre script select span table td "
    "time title tr x-y"
)
SPACES = " \t\n\r\f\v\x1c\x1f\x85\u00a0\u1680\u2000\u2003\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
TEXTS = st.text(st.sampled_from("aé字😀." + SPACES), max_size=8)
MARKS = st.dictionaries(
    st.sampled_from(["id", "class", "style", "hidden", "type", "lang"]), TEXTS | st.just("display: none")
)
ELEMENTS = st.one_of(TEXTS, st.tuples(st.sampled_from(TAGS.split()), MARKS), st.none())
"""What a page tells: a text, the beginning of an element, or the end of the last one that is open."""
SIGNS = (
    "< > / = ' \" ! - ? & a <!-- --> <!--- --!> id= class=x hidden style='display:none' </script <script <style> "
    "<title> <textarea> <?"
)
SOURCES = st.lists(
    st.sampled_from(
        [*SIGNS.split(), " ", "\n", *(f"<{tag}" for tag in TAGS.split()), *(f"</{tag}>" for tag in TAGS.split())]
    )
)
"""Pages that are hardly any."""


def tell(flow, elements):
    """Return all that a flow knows when it has been told of some elements."""
    tags = []
    for element in elements:
        if isinstance(element, str):
            flow.data(element)
        elif element:
            tags.append(element[0])
            flow.start(*element)
        elif tags:
            flow.end(tags.pop())
    while tags:
        flow.end(tags.pop())
    return flow.close(), flow.hidden, flow.notes.facts()


@compiled
@pytest.mark.parametrize("show", [False, True])
@given(st.lists(ELEMENTS, max_size=60))
def test_it_makes_the_same_lines(show, elements):
    assert tell(twin.flow(show=show), elements) == tell(Flow(show=show), elements)


@compiled
def test_it_knows_white_space_from_other_characters():
    """A share of links says how many there are: of half a line, each counts."""
    codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    texts = ["".join(map(chr, codes[at : at + 64])) for at in range(0, len(codes), 64)]
    elements = [part for text in texts for part in (("p", {}), ("a", {}), text, None, "x" * 64, None)]
    assert tell(twin.flow(), elements) == tell(Flow(), elements)


@compiled
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_pages_are_the_same_without_it(page, monkeypatch):
    expected = flatten(page)
    monkeypatch.setattr(twin, "_twin", None)
    assert flatten(page) == expected


@compiled
def test_it_gives_up_what_is_too_deep():
    flow = twin.flow()
    for _ in range(DEEPEST):
        flow.start("b", {})
    with pytest.raises(TooDeep):
        flow.start("b", {})


@compiled
@pytest.mark.parametrize(
    "call",
    [
        lambda flow: flow.start("p"),
        lambda flow: flow.start(b"p", {}),
        lambda flow: flow.start("p", None),
        lambda flow: flow.start("p", ["id"]),
        lambda flow: flow.end(None),
        lambda flow: flow.data(b"x"),
        lambda flow: setattr(flow, "_parts", None),
        lambda flow: setattr(flow, "lines", None),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises((TypeError, AttributeError)):
        call(twin.flow())


@compiled
@pytest.mark.parametrize("lines", [None, [None], [("a", "p", 0.0)], [(b"a", "p", 0.0, 2)], 2 * [("a", "p", 0.0, "2")]])
def test_what_is_no_line_is_refused(lines):
    with pytest.raises(TypeError):
        twin.set_lines(lines)


@compiled
def test_an_end_without_a_beginning_is_refused():
    with pytest.raises(IndexError):
        twin.flow().end("p")


@compiled
def test_half_a_pair_is_refused_where_it_is_text_and_a_hyphen_where_it_is_a_mark():
    flow = twin.flow()
    flow.start("p", {"id": "a\ud800"})
    with pytest.raises(UnicodeEncodeError):
        flow.data("\ud800")
    flow.data("x")
    assert [line.path for line in flow.close()] == ["p#a-"]


@lean
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_pages_are_the_same_in_full(page, monkeypatch):
    expected = flatten(page)
    monkeypatch.setattr(source, "_source", None)
    assert flatten(page) == expected


@lean
@given(SOURCES)
def test_any_page_is_the_same_in_full(parts):
    page = "".join(parts)
    expected = flatten(page)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "_source", None)
        assert flatten(page) == expected


@lean
@given(SOURCES.map("".join) | st.text() | st.text("&#xX019afAF;g<> "))
def test_what_shows_of_a_page_is_the_same(page):
    page = page.encode(errors="replace")

    def read():
        found = source.has_long_reference(page, 2), source.text_weight(page), source.long_stretches(page, 3)
        return source.visible(page), found

    read_by_it = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "_source", None)
        assert read() == read_by_it


@lean
@pytest.mark.parametrize(
    ("page", "left"),
    [
        (b"<p>a <b>b", b"<p>a <b>b"),
        (b"<p onclick=x id=a\tdata-b='c' class=\"d e\">f", b'<p id=a class="d e">f'),
        (b"<a href=x ID=y hidden>b</a >", b"<a hidden>b</a>"),
        (b"<p style='color: red'><p style='display: none'>", b"<p><p style='display: none'>"),
        (b"<img src=x /><br/><br a=b/>", b"<img/><br/><br>"),
        (b"<!-- a --><script src=b>c</script><style>d</style>", b"<!----><script></script><style></style>"),
        (b"<script type=application/ld+json>a</script>", b"<script type=application/ld+json>a</script>"),
        (b"<link rel=icon href=a /><link rel=CANONICAL href='b'/>", b"<link/><link rel=CANONICAL href='b'/>"),
        (b"<meta name=a content=b><title id=c>d</title>", b"<meta name=a content=b><title>d</title>"),
    ],
)
def test_what_is_left_of_a_page(page, left):
    assert source.lean(page) == left


@lean
def test_what_is_no_page_is_refused():
    with pytest.raises(TypeError):
        source.lean("a")
