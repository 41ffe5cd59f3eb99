"""The report in a real browser, as a person uses it."""

import json

import pytest

from cleaner.report.page import page

WIDE = """
  return [...document.querySelectorAll('body *')]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, nav ul, svg'))
    .map((e) => e.outerHTML.slice(0, 80)).slice(0, 5)"""
"""What stands out on the right, for the message of a test that fails."""
COLOURS = """
  const texts = 'p, th, td, li, a, summary, caption, del, ins, h1, h2, h3, svg text, .soft';
  return [...document.querySelectorAll(texts)].map((e) => {
    const style = getComputedStyle(e);
    let back = e;
    while (back && getComputedStyle(back).backgroundColor === 'rgba(0, 0, 0, 0)') back = back.parentElement;
    const behind = back ? getComputedStyle(back).backgroundColor : arguments[0];
    return [e.tagName, e instanceof SVGElement ? style.fill : style.color, behind];
  })"""


@pytest.fixture
def opened(browser):
    """Open a page; what it logs, and what it asks the network for, is taken down from there."""

    def opened(path, width=1100, *, dark=False):
        browser.set_window_size(width, 900)
        # a window has a least width of its own; what is asked for is what a telephone has
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme, still]})
        for kind in ("browser", "performance"):
            browser.get_log(kind)
        browser.get(path.as_uri())
        return browser

    return opened


@pytest.fixture
def hostile_page(facts_of, breakouts, tmp_path):
    path = tmp_path / "hostile.html"
    path.write_bytes(page(facts_of(" ".join(breakouts))))
    return path


def rows(browser):
    return [row for row in browser.find_elements("css selector", "[data-row]") if row.is_displayed()]


def asked(browser):
    """Return the addresses that the page has asked for."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]


def test_nothing_is_loaded_and_nothing_complains(opened, plain_out):
    path = plain_out / "report.html"
    browser = opened(path)
    assert asked(browser) == [path.as_uri()]
    assert browser.get_log("browser") == []


def test_no_text_becomes_code(opened, hostile_out, hostile_page):
    for path in (hostile_out / "report.html", hostile_page):
        browser = opened(path)
        browser.execute_script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert browser.execute_script("return window.pwned") is None
        assert browser.execute_script("return document.scripts.length") == 1
        assert browser.execute_script("return document.images.length") == 0
        assert asked(browser) == [path.as_uri()]
        assert browser.get_log("browser") == []


def test_the_policy_would_stop_code_that_came_in(opened, plain_out):
    browser = opened(plain_out / "report.html")
    browser.execute_script(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.pwned = 1'}))"
    )
    assert browser.execute_script("return window.pwned") is None
    assert "Content Security Policy" in browser.get_log("browser")[0]["message"]


def test_the_search_narrows_the_rows(opened, plain_out):
    browser = opened(plain_out / "report.html")
    every = len(rows(browser))
    browser.find_element("id", "search").send_keys("s1.EXAMPLE")
    found = rows(browser)
    assert 0 < len(found) < every
    assert all("s1.example" in row.text for row in found if row.tag_name == "tr")
    assert browser.find_element("id", "found").text.startswith(f"{len(rows(browser))} of ") or found
    browser.find_element("id", "search").send_keys(" nothing has this")
    assert rows(browser) == []
    assert any(note.is_displayed() for note in browser.find_elements("css selector", "[data-nothing]"))
    browser.find_element("id", "search").send_keys("\ue00c")  # Escape
    assert len(rows(browser)) == every
    assert browser.find_element("id", "found").text == ""


def test_a_filter_leaves_rows_of_its_kind(opened, plain_out):
    browser = opened(plain_out / "report.html")
    for name in ("rules", "copies", "quarantine"):
        choice = browser.find_element("css selector", f"[data-filter={name}]")
        kinds = choice.find_elements("css selector", "option")
        kinds[1].click()
        left = [row for row in rows(browser) if row.get_attribute("data-of") == name]
        assert left, name
        assert {row.get_attribute("data-kind") for row in left} == {kinds[1].get_attribute("value")}
        kinds[0].click()


def test_a_head_sorts_its_table(opened, plain_out):
    browser = opened(plain_out / "report.html")
    table = browser.find_element("css selector", "#sites table")

    def column(n):
        return [
            row.find_elements("css selector", "th, td")[n].text
            for row in table.find_elements("css selector", "tbody tr")
        ]

    for head, n, order in (("Site", 0, sorted), ("Duplicates", 4, lambda v: sorted(v, key=int, reverse=True))):
        button = next(b for b in table.find_elements("css selector", "thead button") if b.text.startswith(head))
        button.click()
        assert column(n) == order(column(n))
        first = column(n)
        button.click()
        assert column(n) == first[::-1] or len(set(first)) < len(first)
        assert table.find_elements("css selector", "[aria-sort]")


def test_the_keyboard_reaches_everything_that_can_be_used(opened, plain_out):
    browser = opened(plain_out / "report.html")
    script = """
      const usable = document.querySelectorAll('a, input, select, button, summary, [tabindex]');
      return [...usable].filter((e) => e.checkVisibility()).length"""
    wanted = browser.execute_script(script)
    seen = set()
    for _ in range(wanted + 5):
        browser.switch_to.active_element.send_keys("\ue004")  # Tab
        element = browser.switch_to.active_element
        seen.add(element.id)
        if element.tag_name != "body":
            style = browser.execute_script(
                "const s = getComputedStyle(arguments[0]); return s.outlineStyle + s.outlineWidth", element
            )
            assert style == "solid3px", element.tag_name
    body = browser.find_element("css selector", "body")
    assert len(seen - {body.id}) == wanted
    body.send_keys("/")
    assert browser.switch_to.active_element.get_attribute("id") == "search"


@pytest.mark.parametrize("width", [320, 400, 1100])
def test_a_narrow_page_does_not_scroll_sideways(opened, plain_out, hostile_out, hostile_page, width):
    for path in (plain_out / "report.html", hostile_out / "report.html", hostile_page):
        browser = opened(path, width)
        browser.execute_script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert browser.execute_script("return innerWidth") == width
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, browser.execute_script(
            WIDE
        )


def _light(colour):
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(n) / 255 for n in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
def test_texts_stand_out_from_what_is_behind_them(opened, plain_out, dark):
    browser = opened(plain_out / "report.html", dark=dark)
    behind = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (_light(behind) < 0.05) == dark
    for name, colour, back in {tuple(row) for row in browser.execute_script(COLOURS, behind)}:
        high, low = sorted((_light(colour), _light(back)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (name, colour, back)


def test_without_scripts_all_but_the_controls_is_there(opened, plain_out):
    path = plain_out / "report.html"
    count = len(rows(opened(path)))
    browser = opened(path)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(path.as_uri())
        assert len(rows(browser)) == count
        assert not browser.find_element("id", "search").is_displayed()
        assert not any(s.is_displayed() for s in browser.find_elements("css selector", "select"))
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_on_paper_nothing_is_folded_away(opened, plain_out):
    browser = opened(plain_out / "report.html")
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert browser.find_elements("css selector", "details:not([open])") == []
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert browser.find_elements("css selector", "details:not([open])")
