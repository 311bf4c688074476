"""The page in a real browser: read, clicked, filtered by keyboard, printed, attacked, and measured by axe."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from hypecheck.offsets import LineIndex
from hypecheck.read import read_text
from hypecheck.render.html import render
from hypecheck.types import ChecklistItem, Clearance, Evidence, Failure, Finding, Report, ToolLine

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TOOL = ToolLine("hypecheck", "9.8.7", "linear", "0123456789abcdef" * 4, date(2026, 3, 1), None, "fedcba9876543210" * 4)

ARTICLE = (
    "# A breakthrough for knees\n\n"
    "Artrazin cures arthritis for good, and it is completely safe for everyone who wants to walk again.\n\n"
    "Doctors agree that it works better than any tablet on the market.\n"
    "Pain fell from 6.1 to 5.4 points on a scale of 10; nausea was common.\n"
)


def find_on(source: str, phrase: str, category: str, severity: str, **changes: Any) -> Finding:
    start = source.index(phrase)
    end = start + len(phrase)
    index = LineIndex(source)
    values: dict[str, Any] = {
        "category": category, "subtype": None, "severity": severity, "score": 0.5, "gated": False, "start": start,
        "end": end, "text": phrase, "message": f"Why {phrase} is too much.", "rewrite": "Say by how much, in whom.",
        "standards": ("First code <https://code.example/1>", "Second code"), "fingerprint": "f" * 64,
        "evidence": (Evidence("word", phrase, 2.5), Evidence("intercept", "", -1.0), Evidence("note", "in the lead")),
    }  # fmt: skip
    return Finding(
        **{
            **values,
            **dict(zip(("line", "column"), index.place(start), strict=True)),
            **dict(zip(("end_line", "end_column"), index.place(end), strict=True)),
            **changes,
        }
    )


def report_on(source: str, *findings: Finding, path: str = "knees.md") -> Report:
    return Report(
        path=path,
        score=63.0,
        findings=findings,
        cleared=(Clearance("unquantified-benefit", 3, 9, "Pain fell", 6, 1, "both numbers are given"),),
        category_scores={"cure-claim": 0.93, "fear-appeal": 0.01},
        checklist=(
            ChecklistItem("costs", "What does it cost, and who pays?", "absent", "", None, ("A code, section 4",)),
            ChecklistItem("sources", "Where does it come from?", "present", "Doctors agree.", 4, ()),
        ),
        suppressed=(),
        written=date(2025, 11, 5),
        as_of=TOOL.as_of,
        record_as_of=None,
        model=TOOL,
        source=source,
        notes=("an image was passed over",),
        blocks=read_text(source, path, "markdown").blocks,
    )


ONE = report_on(
    ARTICLE,
    find_on(ARTICLE, "breakthrough", "hype-language", "low"),
    find_on(
        ARTICLE, "Artrazin cures arthritis for good, and it is completely safe for everyone", "missing-risk", "medium",
        subtype="document",
    ),
    find_on(ARTICLE, "cures arthritis for good", "cure-claim", "high", score=0.93, gated=True),
    find_on(ARTICLE, "arthritis for good, and it is completely safe", "certainty-overclaim", "medium", gated=True),
    find_on(ARTICLE, "completely safe", "risk-minimization", "high"),
    find_on(ARTICLE, "Doctors agree", "vague-attribution", "low", gated=True),
    find_on(ARTICLE, "better than any tablet", "unproven-superiority", "medium"),
)  # fmt: skip
CAREFUL = report_on("Nausea was common.\n", path="careful.txt")
EMPTY = replace(report_on("", path="empty.txt"), cleared=(), checklist=(), category_scores={})
MISSED = Failure("scan.pdf", "scan.pdf: NUL at byte 4, so this is no text file; save it as UTF-8 text")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed: pip install playwright")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    # Chromium refuses its sandbox to root, which is who runs the tests in a container.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a report in a page of its own; what goes wrong on it, or is fetched, fails the test at its end."""
    contexts, troubles = [], []

    def open_page(*reports: Report, failures: tuple[Failure, ...] = (), clean: bool = True, **options: Any) -> Any:
        file = tmp_path / f"report{len(contexts)}.html"
        file.write_text(render(reports, failures, TOOL, colour=False), encoding="utf-8", newline="")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        # A limit against a hang, no measure: other tests may hold the processor.
        context.set_default_timeout(180_000)
        contexts.append(context)
        page = context.new_page()
        if clean:
            page.on("console", lambda message: troubles.append(message.text))
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: request.url == file.as_uri() or troubles.append(request.url))
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles


def focused(page: Any) -> str:
    return page.evaluate("() => document.activeElement.id")


def style(page: Any, selector: str, name: str) -> str:
    return page.locator(selector).first.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def in_view(page: Any, selector: str) -> bool:
    """Whether the upper part of an element stands in the window and in whatever scrolls around it."""
    return page.locator(selector).evaluate(
        "element => { const { left, top } = element.getBoundingClientRect();"
        " return element.contains(document.elementFromPoint(left + 10, top + 10)); }"
    )


def test_it_reads_as_the_article_does(show) -> None:
    page = show(ONE)
    assert page.title() == "hypecheck: 63 of 100, knees.md"
    words = page.locator(".source").evaluate(
        "source => { const copy = source.cloneNode(true);"
        " copy.querySelectorAll('a').forEach(link => link.remove()); return copy.textContent; }"
    )
    assert words == "".join(block.text for block in ONE.blocks)
    assert "**" not in words
    assert page.locator(".source h4").all_inner_texts() != []
    assert style(page, ".source", "whiteSpace") == "pre-wrap"
    assert page.locator(".card").count() == len(ONE.findings)


def test_severities_differ_by_line_and_not_by_colour_alone(show) -> None:
    page = show(ONE)
    lines = {level: style(page, f"mark.s-{level}", "borderBottomStyle") for level in ("low", "medium", "high")}
    assert lines == {"low": "dotted", "medium": "solid", "high": "double"}
    grounds = {style(page, f"mark.s-{level}:not(.whole)", "backgroundColor") for level in ("low", "medium", "high")}
    assert len(grounds) == 3
    assert "rgba(0, 0, 0, 0)" not in grounds


def test_overlapping_findings_have_lines_below_each_other(show) -> None:
    page = show(ONE)
    floors = {
        number: page.locator(f"mark[data-of=r1-f{number}]").first.evaluate(
            "mark => mark.getClientRects()[0].bottom - parseFloat(getComputedStyle(mark).borderBottomWidth)"
        )
        for number in (2, 3, 4)
    }
    whole, cure, certain = floors.values()
    assert cure - whole >= 4
    assert certain - cure >= 4


def test_a_click_on_words_shows_their_explanation(show) -> None:
    page = show(ONE)
    page.locator("mark[data-of=r1-f7]").click()
    assert focused(page) == "r1-f7"
    assert in_view(page, "#r1-f7")
    card = page.locator("#r1-f7").inner_text()
    for part in ("Why better than any tablet is too much.", "Say by how much", "First code", "in the lead", "= 1.00"):
        assert part in card
    assert page.locator("mark.chosen").evaluate_all("marks => marks.map(mark => mark.dataset.of)") == ["r1-f7"]
    page.locator("#r1-f7 summary").click()
    assert "+2.50" in page.locator("#r1-f7").inner_text()


def test_a_click_where_findings_overlap_shows_the_innermost(show) -> None:
    page = show(ONE)
    page.locator("mark[data-of=r1-f5]").click()
    assert focused(page) == "r1-f5"
    page.locator("mark.whole").first.click(position={"x": 3, "y": 8})
    assert focused(page) == "r1-f2"


def test_a_second_click_on_the_same_words_shows_them_again(show) -> None:
    page = show(ONE)
    page.locator("mark[data-of=r1-f7]").click()
    page.locator("h1").click()
    assert focused(page) == ""
    page.locator("mark[data-of=r1-f7]").click()
    assert focused(page) == "r1-f7"


def test_words_can_be_selected_without_a_jump(show) -> None:
    page = show(ONE)
    page.locator("mark[data-of=r1-f7]").dblclick()
    page.evaluate("() => { location.hash = ''; }")
    page.locator("mark[data-of=r1-f7]").evaluate(
        "mark => { getSelection().selectAllChildren(mark); mark.dispatchEvent(new MouseEvent('click', {bubbles: true})); }"
    )
    assert page.evaluate("() => location.hash") == ""


def test_filters_work_by_keyboard_and_say_what_they_did(show) -> None:
    page = show(ONE)
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.value") == "high":
            break
    assert page.evaluate("() => document.activeElement.value") == "high"
    page.keyboard.press("Space")
    assert page.locator("#shown").inner_text() == "5 of 7 findings shown"
    assert page.locator("#shown").get_attribute("role") in (None, "status")
    assert page.locator(".card:visible").count() == 5
    assert not page.locator("#r1-m3").is_visible()
    assert style(page, "mark[data-of=r1-f3]", "borderBottomColor") == "rgba(0, 0, 0, 0)"
    page.locator("input[value=vague-attribution]").focus()
    page.keyboard.press("Space")
    page.locator("input[value=no]").focus()
    page.keyboard.press("Space")
    assert page.locator(".card:visible").evaluate_all("cards => cards.map(card => card.id)") == ["r1-f4"]
    page.locator("#all").focus()
    page.keyboard.press("Enter")
    assert page.locator(".card:visible").count() == 7
    assert page.locator("mark.off").count() == 0


def test_keys_go_from_finding_to_finding_and_back_to_the_text(show) -> None:
    page = show(ONE)
    page.keyboard.press("n")
    assert focused(page) == ""
    page.locator("#r1-m3").focus()
    for key, place in (("n", "r1-f4"), ("n", "r1-f5"), ("p", "r1-f4"), ("Escape", "r1-m4"), ("Enter", "r1-f4")):
        page.keyboard.press(key)
        assert focused(page) == place
        assert in_view(page, f"#{place}")
    page.locator("input[value=risk-minimization]").uncheck()
    page.locator("#r1-m4").focus()
    page.keyboard.press("n")
    assert focused(page) == "r1-f6"
    page.keyboard.press("Control+p")
    assert focused(page) == "r1-f6"


def test_the_first_tab_leads_past_the_header(show) -> None:
    page = show(ONE)
    page.keyboard.press("Tab")
    assert in_view(page, ".skip")
    assert style(page, ".skip", "outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert focused(page) == "report"


def test_without_scripts_it_can_be_read(show) -> None:
    page = show(ONE, CAREFUL, failures=(MISSED,), java_script_enabled=False)
    assert not page.locator("#filters").is_visible()
    assert page.locator(".card:visible").count() == len(ONE.findings)
    page.locator("#r1-m5").click()
    assert page.url.endswith("#r1-f5")
    assert page.locator("#r1-f5").is_visible()
    page.locator("#r1-f5 summary").click()
    assert page.locator("#r1-f5 table").is_visible()
    page.locator("nav a").last.click()
    assert page.url.endswith("#r2")


def test_files_not_analysed_stand_above_all_else(show) -> None:
    page = show(ONE, CAREFUL, failures=(MISSED,))
    tops = [page.locator(name).first.bounding_box()["y"] for name in (".missed", "nav", "#filters", ".report")]
    assert tops == sorted(tops)
    assert MISSED.message in page.locator(".missed").inner_text()


def test_print_leaves_out_what_only_a_screen_needs(show) -> None:
    page = show(ONE, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("#filters").is_visible()
    assert style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    assert "https://code.example/1" in page.locator(".card a[href^=http]").first.evaluate(
        "link => getComputedStyle(link, '::after').content"
    )
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details[open]").count() == len(ONE.findings)
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
    assert page.pdf().startswith(b"%PDF-")


ATTACKS = [
    "<script>hacked = 1</script>",
    "</script><script>hacked = 1</script>",
    "</style><style>body{display:none}</style>",
    '"><img src=x onerror="hacked = 1">',
    "<svg onload='hacked = 1'>",
    "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example'>",
    "&lt;script&gt;hacked = 1&lt;/script&gt;",
    "</title></mark></article><form action=https://evil.example><button autofocus onfocus='hacked = 1'>",
    "\u202e<script>\u2066hacked = 1\u2069</script>\u202c",
]


def test_hostile_text_does_not_run_and_fetches_nothing(show) -> None:
    text = " ".join(ATTACKS)
    source = f"{text} miracle {text}"
    finding = find_on(
        source, "miracle", "cure-claim", "high", message=text, rewrite=text, standards=(f"{text}.", f"x <{text}>"),
        evidence=(Evidence("word", text, 1.0), Evidence("note", text)),
    )  # fmt: skip
    report = replace(
        report_on(source, finding, path=text),
        cleared=(Clearance("cure-claim", 0, 1, text, 1, 1, text),),
        notes=(text,),
        checklist=(ChecklistItem("costs", text, "present", text, 0, (text,)),),
    )
    page = show(report, report, failures=(Failure(text, text),))
    page.locator("mark").first.click()
    for box in page.locator("input").all():
        box.uncheck()
    assert page.evaluate("() => typeof hacked") == "undefined"
    assert page.locator("body").is_visible()
    assert page.locator("script, style, img, svg, iframe, form, base").count() == 2


@pytest.mark.parametrize(
    "smuggle",
    [
        pytest.param("const it = document.createElement('script'); it.textContent = 'hacked = 1'", id="script"),
        pytest.param("const it = document.createElement('img'); it.setAttribute('onerror', 'hacked = 1'); it.src = 'x:'",
                     id="event handler"),
        pytest.param("const it = document.createElement('iframe'); it.srcdoc = '<script>parent.hacked = 1<' + '/script>'",
                     id="frame"),
        pytest.param("const it = document.createElement('script'); it.src = 'data:text/javascript,hacked = 1'",
                     id="script from an address"),
    ],
)  # fmt: skip
def test_even_markup_that_got_in_could_not_run(show, smuggle) -> None:
    """What the policy is for: a mistake in escaping would still run nothing."""
    page = show(ONE, clean=False)
    attack = f"() => {{ {smuggle}; document.body.append(it); }}"
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(attack)
    assert page.evaluate("() => typeof hacked") == "undefined"
    # The same attack on the page without its policy succeeds: it was the policy that stopped it.
    file = Path(url2pathname(urlsplit(page.url).path))
    bare, removed = re.subn("<meta http-equiv=[^>]*>", "", file.read_text(encoding="utf-8"))
    assert removed == 1
    file.write_text(bare, encoding="utf-8", newline="")
    page.reload()
    page.evaluate(attack)
    page.wait_for_function("() => typeof hacked !== 'undefined'")


SCREENS = [
    pytest.param({"color_scheme": "light"}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": {"width": 360, "height": 740}}, id="narrow"),
    pytest.param({"viewport": {"width": 640, "height": 450}, "color_scheme": "dark"}, id="magnified twice"),
]


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_no_violation(show, screen) -> None:
    if importlib.util.find_spec("axe_playwright_python") is None:
        pytest.skip("axe is not installed: pip install axe-playwright-python")
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    # axe itself is a script that the policy of the page would keep out.
    for reports, failures in (((ONE, CAREFUL, EMPTY), (MISSED,)), ((ONE,), ()), ((), ())):
        page = show(*reports, failures=failures, bypass_csp=True, **screen)
        for details in page.locator("summary").all():
            details.click()
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}}).response
        assert [
            (rule["id"], node["target"], node["failureSummary"])
            for rule in found["violations"]
            for node in rule["nodes"]
        ] == []
        assert {"document-title", "html-has-lang", "landmark-one-main"} <= {rule["id"] for rule in found["passes"]}
    assert "target-size" in {rule["id"] for rule in found["passes"]} | {rule["id"] for rule in found["inapplicable"]}


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_wider_than_the_screen(show, screen) -> None:
    page = show(ONE, CAREFUL, report_on("endless" * 500, path="/long" * 60), failures=(MISSED,), **screen)
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_ten_thousand_findings_are_shown_and_filtered(show) -> None:
    source = "A miracle. " * 10_000
    first = find_on(source, "miracle", "cure-claim", "high")
    findings = tuple(
        replace(
            first, start=at * 11 + 2, end=at * 11 + 9, severity="low" if at % 4 else "high", line=1, column=at * 11 + 3
        )
        for at in range(10_000)
    )
    page = show(report_on(source, *findings))
    assert page.locator("#shown").inner_text() == "10000 of 10000 findings shown"
    page.locator("input[value=low]").uncheck()
    assert page.locator("#shown").inner_text() == "2500 of 10000 findings shown"
    page.evaluate("() => { location.hash = 'r1-f9997'; }")
    page.wait_for_function("() => document.activeElement.id === 'r1-f9997'")
    assert page.locator("#r1-f9997").is_visible()


def test_a_screenshot_is_no_empty_page(show, tmp_path) -> None:
    page = show(ONE)
    shot = page.screenshot(path=tmp_path / "report.png")
    blank = page.context.new_page().screenshot()
    assert shot.startswith(b"\x89PNG")
    assert len(shot) > 4 * len(blank)
