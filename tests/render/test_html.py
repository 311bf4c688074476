"""The page for people: its structure, its marks, what its score is made of, and that it is only ever text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hypecheck.categories import CATEGORY_IDS, load_categories
from hypecheck.checks.findings import document_score
from hypecheck.render.html import render
from hypecheck.render.html_elements import QUOTED, Html, element, join
from hypecheck.render.html_findings import cite, parts
from hypecheck.render.html_marks import CODES, CROWD, LANES, assign_lanes, mark_source
from hypecheck.render.plain import visible
from hypecheck.types import NOTICE, SEVERITIES, ChecklistItem, Clearance, Evidence, Failure, ToolLine

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40)
VOID = {"meta", "input"}


class Page(HTMLParser):
    """What a page is made of. Raises AssertionError where an end tag does not close the last open element."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.shown: list[tuple[str, frozenset[str]]] = []
        self.depth = 0
        self.declarations: list[str] = []
        self.feed(markup)
        self.close()
        assert not self.open

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))
            self.depth = max(self.depth, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(tag for tag, _ in self.open), data))
        # Links stand in the text behind each finding; only what is no link was written by the author.
        if not any(tag == "a" for tag, _ in self.open):
            marks = frozenset(a.get("data-of") or "crowd" for tag, a in self.open if tag == "mark")
            self.shown += ((char, marks) for char in data)

    def all(self, name: str, **attributes: str) -> list[dict[str, str | None]]:
        return [found for tag, found in self.elements if tag == name and attributes.items() <= found.items()]

    def text(self, without: tuple[str, ...] = ("script", "style")) -> str:
        return "".join(data for tags, data in self.texts if not set(without) & set(tags))

    def inside(self, name: str) -> list[str]:
        return [data for tags, data in self.texts if tags and tags[-1] == name]

    @property
    def skeleton(self) -> list[tuple[str, dict[str, str | None]]]:
        """Every element with every attribute, less those around odd characters, and less what counts them."""
        return [pair for pair in self.elements if pair[0] != "i"]


def shown(text: str) -> str:
    """How a stretch of an article is to be read off the page."""
    lines = re.split("\r\n|\r|\n", text)
    return "\n".join("\t".join(visible(cell) for cell in line.split("\t")) for line in lines)


def page_of(reports, tool: ToolLine, failures=()) -> Page:
    return Page(render(reports, list(failures), tool, colour=False))


@pytest.fixture(scope="module")
def full(leaflet, nothing, failure, tool, make_finding) -> Page:
    """A page on which every part stands."""
    checklist = (
        ChecklistItem(
            "costs", "What does it cost?", "present", "It costs £3.", 60, ("A code", "B <https://b.example/>")
        ),
        ChecklistItem("date", "When was this written?", "present", "2025-11-05", None, ()),
        ChecklistItem("sources", "Where does it come from?", "absent", "", None, ()),
        ChecklistItem("conflicts", "Who paid?", "not applicable", "", None, ()),
    )
    found = make_finding(leaflet.source, "points on a scale")
    why = Evidence("note", "suppressed on line 3: quoted from the label")
    rich = replace(leaflet, checklist=checklist, suppressed=(replace(found, evidence=(*found.evidence, why)),))
    return page_of([rich, nothing, rich], tool, [failure])


def test_headings_go_down_by_one_step(full) -> None:
    levels = [int(tag[1]) for tag, _ in full.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert set(levels) == {1, 2, 3, 4}


def test_ids_are_unique_and_every_inner_link_arrives(full) -> None:
    ids = Counter(attributes["id"] for _, attributes in full.elements if "id" in attributes)
    assert max(ids.values()) == 1
    inner = {href[1:] for a in full.all("a") if (href := a["href"] or "").startswith("#")}
    named = {a["aria-labelledby"] for _, a in full.elements if "aria-labelledby" in a}
    assert inner | named <= set(ids)
    assert {"r1", "r2", "r3"} <= inner


def test_there_is_one_of_each_landmark_and_a_way_past_the_first(full) -> None:
    assert [len(full.all(name)) for name in ("header", "main", "nav", "footer")] == [1, 1, 1, 1]
    first = full.all("a")[0]
    assert (first["class"], first["href"]) == ("skip", f"#{full.all('main')[0]['id']}")
    assert full.all("html") == [{"lang": "en"}]


def test_nothing_is_fetched_and_only_our_script_and_style_may_run(full) -> None:
    assert {tag for tag, _ in full.elements} <= set(
        "html head meta title style script body a header h1 h2 h3 h4 p main section ul ol li nav fieldset legend label "
        "input output button kbd article bdi strong meter div mark span blockquote q dl dt dd details summary table "
        "caption thead tbody tr th td footer code i".split()
    )
    names = {name for _, attributes in full.elements for name in attributes}
    assert not [
        name for name in names if name.startswith("on") or name in {"src", "srcset", "style", "srcdoc", "action"}
    ]
    assert all(re.match("#|https?://", a["href"] or "") for _, a in full.elements if "href" in a)
    policy = full.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    (style,), (script,) = full.inside("style"), full.inside("script")
    for directive, text in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in f"{policy};"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"@import|url\(|expression", style)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function|fetch|import", script)


def test_the_policy_stands_before_all_that_it_governs(full) -> None:
    names = [tag for tag, _ in full.elements]
    at = next(at for at, (_, a) in enumerate(full.elements) if "http-equiv" in a)
    assert at < names.index("style") < names.index("script")


def test_files_not_analysed_are_named_first(full, failure) -> None:
    text = full.text(("script", "style", "title"))
    assert text.index("1 file not analysed") < text.index("3 files checked")
    assert text.index(failure.message) < text.index("leaflets/膝.md") < text.index("The text")
    assert "they have not passed" in text
    assert "Not analysed" not in page_of([], full_tool()).text()


def full_tool() -> ToolLine:
    return ToolLine("hypecheck", "9.8.7", "linear", "0123456789abcdef" * 4, None, None, "fedcba9876543210" * 4)


def test_the_audit_line_is_whole_and_the_notice_stands(full, tool) -> None:
    text = full.text()
    for value in ("hypecheck 9.8.7", "linear", tool.model_sha256, tool.settings_sha256, "2026-03-01", NOTICE):
        assert value in text
    timeless = page_of([], full_tool()).text()
    assert "Day of judgementnone" in timeless
    assert NOTICE in timeless


def test_a_card_holds_why_evidence_standards_and_rewrite(full, leaflet) -> None:
    text = full.text()
    for finding in leaflet.findings:
        assert finding.message in text
        assert finding.rewrite in text
        assert f"probability {finding.score:.2f}" in text
        assert f"line {finding.line}, column {finding.column}" in text
    cards = full.all("li", **{"data-category": "cure-claim"})
    assert [card["data-severity"] for card in cards] == ["high", "high"]
    assert {"href": "https://code.example/1", "rel": "noreferrer noopener"} in full.all("a")
    assert text.count("Second code") == 2
    assert "severity: stands in the lead" in text
    assert "+3.14" in text
    assert "sum+3.04" in text


def test_cleared_checklist_and_suppressed_stand_with_their_reasons(full, leaflet) -> None:
    text = full.text()
    assert text.count("gives both numbers") == 2 * len(leaflet.cleared)
    assert "What does it cost?✓ presentIt costs £3. (line 3)A code; B" in text
    assert "Where does it come from?✗ absent" in text
    assert "Who paid?– not applicable" in text
    assert "Suppressed (1)" in text
    assert "suppressed on line 3: quoted from the label" in text
    assert "an image was passed over" in text


def test_a_page_without_findings_says_so_and_offers_no_filter(nothing, tool) -> None:
    page = page_of([nothing], tool)
    assert "Nothing was found." in page.text()
    assert "There is no text." in page.text()
    assert "there is no text to judge" in page.text()
    assert not page.all("input")
    assert not page.all("nav")


def test_without_a_script_the_filters_are_not_there_and_each_mark_leads_to_its_card(full) -> None:
    (filters,) = full.all("section", id="filters")
    assert "hidden" in filters
    cards = {card["id"] for card in full.all("li") if "data-category" in card}
    assert {a["href"][1:] for a in full.all("a") if (a.get("class") or "").startswith("tag")} == cards
    assert {mark["data-of"] for mark in full.all("mark")} == cards


def test_boxes_count_what_they_show(full) -> None:
    labels = [data.strip() for data in full.inside("label")]
    assert labels[:3] == ["high (4)", "medium (2)", "low (2)"]
    assert "CU Cure, reversal, too good to be true (2)" in labels
    assert labels[-2:] == ["sure enough to fail a run (4)", "worth a look (4)"]


def test_every_category_has_two_letters_of_its_own() -> None:
    assert tuple(CODES) == CATEGORY_IDS
    assert len(set(CODES.values())) == len(CODES)
    assert all(re.fullmatch("[A-Z]{2}", code) for code in CODES.values())


@pytest.mark.parametrize("category", CATEGORY_IDS)
@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_finding_tells_its_kind_in_words_and_letters(make_finding, make_report, tool, category, severity) -> None:
    finding = make_finding("so it is", "it", category=category, severity=severity)
    page = page_of([make_report("so it is", (finding,))], tool)
    name = load_categories()[category].name
    assert f"1 {CODES[category]}, {name}, {severity}, worth a look" in page.text()
    assert page.all("mark")[0]["class"] == f"s-{severity} l0"


# Marks


@pytest.mark.parametrize(
    ("source", "spans", "marks"),
    [
        pytest.param("a miracle", [(2, 9)], "a [miracle]", id="one"),
        pytest.param("a miracle", [(0, 9)], "[a miracle]", id="all of it"),
        pytest.param("ab", [(0, 1), (1, 2)], "[a][b]", id="side by side"),
        pytest.param("abc", [(0, 3), (1, 2)], "[a[b]c]", id="nested"),
        pytest.param("abc", [(0, 3), (0, 1)], "[[a]bc]", id="nested from the start"),
        pytest.param("abc", [(0, 3), (2, 3)], "[ab[c]]", id="nested to the end"),
        pytest.param("ab", [(0, 2), (0, 2)], "[[ab]]", id="the same words twice"),
        pytest.param("abc", [(0, 2), (1, 3)], "[a[b]][c]", id="crossing: the later one is split"),
        pytest.param("abcdef", [(0, 3), (0, 6), (4, 6)], "[[abc]d[ef]]", id="a free line is used again, inside"),
        pytest.param("abcdef", [(0, 2), (1, 6), (3, 5)], "[a[b]][c[de]f]", id="what began later stands inside"),
        pytest.param("abc", [(1, 1)], "abc", id="no length: a link alone"),
        pytest.param(
            "abcdef", [(0, 6), (0, 6), (0, 6), (0, 6), (1, 3)], "[[[[a[bc]def]]]]", id="a fifth is in the crowd"
        ),
        pytest.param("abc", [(0, 3)] * 7, "[[[[[abc]]]]]", id="near miss: seven nest no deeper than five"),
        pytest.param("", [], "", id="empty"),
    ],
)
def test_marks_nest(make_finding, source, spans, marks) -> None:
    findings = tuple(replace(make_finding("x", "x"), start=start, end=end) for start, end in spans)
    markup = re.sub("<a .*?</a>", "", mark_source(source, findings, 1))
    assert re.sub("<mark[^>]*>", "[", markup).replace("</mark>", "]") == marks


@pytest.mark.parametrize(
    ("source", "span", "text"),
    [
        pytest.param("a\nb", (0, 3), "a\nb", id="line feed"),
        pytest.param("a\rb", (0, 3), "a\nb", id="carriage return"),
        pytest.param("a\r\nb", (0, 4), "a\nb", id="both are one"),
        pytest.param("a\r\nb", (0, 2), "a\nb", id="a finding that ends between both"),
        pytest.param("a\r\n", (2, 3), "a\n", id="a finding that begins between both"),
        pytest.param("a\n\rb", (0, 1), "a\n\nb", id="near miss: the other way round they are two"),
        pytest.param("a\tb", (0, 1), "a\tb", id="a tab stays"),
        pytest.param("a\x00\x1b[1m", (0, 1), "a\\x00\\x1b[1m", id="controls"),
        pytest.param("a\u2028b", (0, 1), "a\\u2028b", id="a line separator is no line"),
        pytest.param("\u202efdp.exe", (0, 3), "\\u202efdp.exe", id="turned text"),
        pytest.param("\ud800", (0, 1), "\\ud800", id="a lone surrogate"),
        pytest.param("&lt;b> <b>", (0, 3), "&lt;b> <b>", id="references and tags as they stand"),
    ],
)
def test_the_text_reads_as_it_stands(make_finding, make_report, tool, source, span, text) -> None:
    finding = replace(make_finding("x", "x"), start=span[0], end=span[1])
    page = page_of([make_report(source, (finding,))], tool)
    read = "".join(data for tags, data in page.texts if "div" in tags and "a" not in tags and "li" not in tags)
    assert read == f"The text{text}Findings (1)"


def test_an_odd_character_looks_different_from_an_escape_that_was_written_out(make_report, tool) -> None:
    page = page_of([make_report("x\u202ey"), make_report(r"x\u202ey")], tool)
    assert page.inside("i") == [r"\u202e"]
    assert page.text().count(r"\u202e") == 2


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted), max_size=12)


@settings(max_examples=150, deadline=None)
@given(source=st.text(st.sampled_from("ab \n\r\t<&\u202e薬\x00"), max_size=30) | ANY_TEXT, spans=SPANS)
def test_every_finding_stands_in_a_mark(make_finding, source, spans) -> None:
    spans = [(min(start, len(source)), min(end, len(source))) for start, end in spans]
    # A place inside a line break has no place on the page.
    assume(not any(source[place - 1 : place + 1] == "\r\n" for span in spans for place in span if place))
    findings = tuple(replace(make_finding("x", "x"), start=start, end=end) for start, end in spans)
    page = Page(mark_source(source, findings, 1))
    assert "".join(char for char, _ in page.shown) == shown(source)
    for number, (start, end) in enumerate(spans, 1):
        first, last = len(shown(source[:start])), len(shown(source[:end]))
        own = {at for at, (_, marks) in enumerate(page.shown) if f"r1-f{number}" in marks}
        crowd = {at for at, (_, marks) in enumerate(page.shown) if "crowd" in marks}
        assert set(range(first, last)) <= (own or crowd)
        assert own <= set(range(first, last))
    assert {a["id"] for a in page.all("a")} == {f"r1-m{number}" for number in range(1, len(spans) + 1)}
    assert len(page.all("a")) == len(spans)
    assert page.depth <= LANES + 3


@settings(deadline=None)
@given(spans=SPANS)
def test_findings_that_overlap_have_underlines_of_their_own(make_finding, spans) -> None:
    findings = [replace(make_finding("x", "x"), start=start, end=end) for start, end in spans]
    lanes = assign_lanes(findings)
    for at, (one, lane) in enumerate(zip(findings, lanes, strict=True)):
        touching = [
            lanes[other]
            for other, two in enumerate(findings)
            if other != at
            and one.start < two.end
            and two.start < one.end
            and two.start < two.end
            and one.start < one.end
        ]
        assert lane == CROWD or lane not in touching
        assert lane != CROWD or len(touching) >= LANES or one.start == one.end


# The score


def test_parts_are_weights_times_scores_and_missing_risk_counts_once(make_finding) -> None:
    rows = [("cure-claim", "high", 0.5), ("missing-risk", "low", 0.9), ("missing-risk", "medium", 0.6),
            ("missing-risk", "medium", 0.6), ("hype-language", "low", 0.25)]  # fmt: skip
    findings = [make_finding("x", "x", category=c, severity=s, score=p) for c, s, p in rows]
    assert parts(findings) == [2.0, 0.0, 1.2, 0.0, 0.25]


FINDINGS = st.lists(
    st.tuples(st.sampled_from(["missing-risk", "cure-claim"]), st.sampled_from(SEVERITIES), st.floats(0, 1)), max_size=9
)


@settings(deadline=None)
@given(rows=FINDINGS, quiet=st.integers(0, 50))
def test_the_parts_make_the_document_score(make_finding, rows, quiet) -> None:
    findings = [make_finding("x", "x", category=c, severity=s, score=p) for c, s, p in rows]
    whole = make_finding("x", "x", category="cure-claim", severity="low", score=1.0)
    # One finding of weight W scores what W in parts scores: only the sum counts.
    total = sum(parts(findings))
    assert document_score(findings, quiet, 40.0, 2.0) == pytest.approx(
        document_score([replace(whole, score=total)], quiet, 40.0, 2.0)
    )


def test_the_table_of_parts_adds_up(full, leaflet) -> None:
    text = full.text()
    assert f"Score {leaflet.score:.1f} of 100, in parts" in text
    assert "phrases too unsure to show0.00" in text
    assert f"all2 high, 1 medium, 1 low{sum(parts(leaflet.findings)):.2f}" in text
    assert "4 for high × 0.935 = 3.74" in text
    assert "CU Cure, reversal, too good to be true1 high, 0 medium, 0 low3.740.93" in text


# Hostile text

PAYLOADS = [
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param("</script><script>alert(1)</script>", id="end of our script"),
    pytest.param("</style><style>*{display:none}</style>", id="end of our style"),
    pytest.param("</title><base href=https://evil.example>", id="end of the title"),
    pytest.param('"><img src=x onerror=alert(1)>', id="out of an attribute"),
    pytest.param("' onmouseover='alert(1)", id="out of a single-quoted attribute"),
    pytest.param("x` onfocus=alert(1) autofocus=`", id="out of a backquoted attribute"),
    pytest.param("&lt;script&gt;alert(1)&lt;/script&gt;", id="entities"),
    pytest.param("&#60;img src=x onerror=alert(1)&#62; &NewLine;&Tab;&quot;", id="numeric entities"),
    pytest.param("</mark></div></article></main>", id="end tags"),
    pytest.param("<!-- ", id="a comment that is never closed"),
    pytest.param("--!><svg/onload=alert(1)>", id="end of a comment"),
    pytest.param("<![CDATA[ ]]> <?php ?>", id="sections and instructions"),
    pytest.param("<plaintext><textarea><noscript><xmp>", id="elements that swallow the rest"),
    pytest.param("</p <b/ <a\x00b <\x0cscript>", id="broken tags"),
    pytest.param("javascript:alert(1)", id="address"),
    pytest.param("{{constructor.constructor('alert(1)')()}} ${alert(1)} %{x} {0}", id="templates"),
    pytest.param("\u202e\u2066<\u200bscript\u2069", id="bidi and invisible characters"),
    pytest.param("\x00\x08\x1b[31m\x7f\x9b\u0085", id="controls"),
    pytest.param("\ud800\udfff\ufffe\U000e0041", id="surrogates, noncharacters, tags"),
]


def make_hostile_page(make_finding, make_report, tool: ToolLine, text: str) -> Page:
    """The text in every place that an article, a path, a model's words or a message can reach."""
    source = f"before{text}miracle{text}after"
    finding = make_finding(
        source, f"{text}miracle", evidence=(Evidence("word", text, 1.0), Evidence("context", text, 0.5), Evidence("note", text)),
        subtype=text, message=text, rewrite=text, standards=(f"{text}.", f"{text}. <https://code.example/>"),
    )  # fmt: skip
    cleared = (Clearance("cure-claim", 0, 1, text, 1, 1, text),)
    checklist = (ChecklistItem("costs", text, "present", f"a{text}", 0, (f"{text}.",)),)
    report = make_report(
        source, (finding,), path=f"a{text}", cleared=cleared, notes=(text,), checklist=checklist, suppressed=(finding,)
    )
    hostile = replace(tool, model=text)
    return Page(render([report, report], [Failure(text, text)], hostile, colour=True))


@pytest.mark.parametrize("text", PAYLOADS)
def test_hostile_text_stays_text(make_finding, make_report, tool, text) -> None:
    page = make_hostile_page(make_finding, make_report, tool, text)
    assert page.skeleton == make_hostile_page(make_finding, make_report, tool, "x").skeleton
    assert page.declarations == ["DOCTYPE html"]
    assert page.text().count(visible(text)) >= 20


@settings(max_examples=40, deadline=None)
@given(text=ANY_TEXT)
def test_any_text_stays_text_and_the_page_is_utf8(make_finding, make_report, tool, text) -> None:
    page = make_hostile_page(make_finding, make_report, tool, text)
    assert page.skeleton == make_hostile_page(make_finding, make_report, tool, "x").skeleton
    assert page.text().encode("utf-8")


def test_no_hostile_character_stands_raw(make_finding, make_report, tool, hostile) -> None:
    report = make_report(f"x{hostile}", (make_finding("x", "x", message=hostile),), path=hostile, notes=(hostile,))
    page = render([report], [Failure(hostile, hostile)], tool, colour=False)
    assert not set(page) & (set(hostile) - {"\n", "\t"})
    assert page.encode("utf-8").decode("utf-8") == page


@pytest.mark.parametrize(
    ("standard", "address"),
    [
        pytest.param("A code <https://a.example/1>", "https://a.example/1", id="https"),
        pytest.param("A <b> code <https://a.example/>", "https://a.example/", id="brackets in the name"),
        pytest.param("A code, s. 4(1) <http://a.example/1?x=1&y=2>", "http://a.example/1?x=1&y=2", id="http, a query"),
        pytest.param("A code", None, id="no address"),
        pytest.param("A code <javascript:alert(1)>", None, id="script"),
        pytest.param("A code <JAVASCRIPT://https://a.example>", None, id="script that looks like an address"),
        pytest.param("A code <data:text/html,x>", None, id="data"),
        pytest.param("A code <//a.example>", None, id="no scheme"),
        pytest.param('A code <https://a.example/" onclick="x>', None, id="a quotation mark"),
        pytest.param("A code <https://a.example/ x>", None, id="a space"),
        pytest.param("A code <https://a.example/><https://b.example/>", None, id="two"),
        pytest.param("A code <https://a.example/> and more", None, id="words behind"),
    ],
)
def test_only_web_addresses_become_links(standard, address) -> None:
    page = Page(cite(standard))
    assert [a["href"] for a in page.all("a")] == ([address] if address else [])
    assert page.text() == (standard.rpartition(" <")[0] if address else standard)


@pytest.mark.parametrize(
    ("made", "markup"),
    [
        pytest.param(element("p", "a < b & c"), "<p>a &lt; b &amp; c</p>", id="a text"),
        pytest.param(element("p", element("b", "<")), "<p><b>&lt;</b></p>", id="markup is not escaped twice"),
        pytest.param(
            element("p", element("b") + "<"), "<p>&lt;b&gt;&lt;/b&gt;&lt;</p>", id="added to a text it is a text"
        ),
        pytest.param(element("p", title='"\n'), '<p title="&quot;\\x0a"></p>', id="an attribute"),
        pytest.param(element("p", title=Html("<b>")), '<p title="&lt;b&gt;"></p>', id="markup in an attribute"),
        pytest.param(element("p", hidden=True, title=None, lang=False), "<p hidden></p>", id="switches"),
        pytest.param(
            element("input", class_="a", data_of="b"), '<input class="a" data-of="b">', id="names, no content"
        ),
        pytest.param(join(["<", Html("<b>")], "&"), "&lt;&amp;<b>", id="joined"),
    ],
)
def test_elements_escape_what_is_no_markup(made, markup) -> None:
    assert made == markup
    assert isinstance(made, Html)


# Size


def test_a_long_phrase_is_quoted_by_its_ends(make_finding, make_report, tool) -> None:
    source = "begins " + "and goes on " * 3000 + "ends"
    findings = tuple(make_finding(source, source, evidence=(Evidence("word", source, 1.0),)) for _ in range(3))
    cleared = (Clearance("cure-claim", 0, len(source), source, 1, 1, source),)
    page = page_of([make_report(source, findings, cleared=cleared, suppressed=findings)], tool)
    quoted = page.inside("bdi")
    assert max(map(len, quoted)) <= QUOTED + 3
    assert page.text().count("begins and goes on") == 1 + len(findings) * 3 + 2


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([(at, at + 5) for at in range(0, 100_000, 10)], id="apart"),
        pytest.param([(0, 100_000)] * 10_000, id="all on the same words"),
        pytest.param([(at, 100_000 - at) for at in range(10_000)], id="each in the one before"),
        pytest.param([(at, at + 50_000) for at in range(10_000)], id="each across all others"),
    ],
)
def test_ten_thousand_findings_make_a_page_of_bounded_depth_and_size(make_finding, spans) -> None:
    source = "word " * 20_000
    first = make_finding(source, "word")
    findings = tuple(replace(first, start=start, end=end) for start, end in spans)
    markup = mark_source(source, findings, 1)
    page = Page(markup)
    assert "".join(char for char, _ in page.shown) == source
    assert len(page.all("a")) == 10_000
    assert page.depth <= LANES + 3
    assert len(markup) < len(source) + 10_000 * 1500


# Colours

PAIRS = [
    ("ink", "paper"), ("quiet", "paper"), ("quiet", "panel"), ("ink", "panel"), ("link", "paper"), ("link", "panel"),
    ("ink", "high-wash"), ("ink", "medium-wash"), ("ink", "low-wash"), ("odd", "paper"), ("odd", "high-wash"),
    ("odd", "medium-wash"), ("odd", "low-wash"), ("high", "paper"), ("medium", "paper"), ("low", "paper"),
    ("on-level", "high"), ("on-level", "medium"), ("on-level", "low"),
]  # fmt: skip


def luminance(colour: str) -> float:
    """The relative luminance that WCAG defines."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS, ids=[f"{ink} on {ground}" for ink, ground in PAIRS])
def test_text_stands_out_from_its_ground(full, scheme, ink, ground) -> None:
    (style,) = full.inside("style")
    light, _, rest = style.partition("prefers-color-scheme: dark")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light if scheme == "light" else rest))
    one, other = sorted((luminance(colours[ink]), luminance(colours[ground])))
    assert (other + 0.05) / (one + 0.05) >= 4.5
