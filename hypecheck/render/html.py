"""One self-contained page for all reports: nothing in it is fetched, and nothing from an article can run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from hypecheck.categories import load_categories
from hypecheck.render.html_elements import Html, element, join
from hypecheck.render.html_marks import CODES
from hypecheck.render.html_report import LEVELS, count_levels, render_report
from hypecheck.types import NOTICE, Failure, Report, ToolLine


def render(
    reports: Sequence[Report],
    failures: Sequence[Failure],
    tool: ToolLine,
    *,
    colour: bool,  # noqa: ARG001  every renderer takes it; a page has its colours wherever it is written
) -> str:
    """The page as text that encodes to UTF-8, with a newline at its end.

    Its ids, classes and addresses of scripts and styles hold no text of an article or of a path.
    """
    page = element("html", _head(reports, failures), _body(reports, failures, tool), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _head(reports: Sequence[Report], failures: Sequence[Failure]) -> Html:
    style, script = _asset("report.css"), _asset("report.js")
    # A page that is opened as a file has no headers; the policy lets exactly these two texts through.
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", _title(reports, failures)),
        element("style", Html(style)),
        element("script", Html(script), type="module"),
    )


def _title(reports: Sequence[Report], failures: Sequence[Failure]) -> str:
    if len(reports) == 1 and not failures:
        return f"hypecheck: {reports[0].score:.0f} of 100, {reports[0].path or 'text'}"
    missed = f", {len(failures)} not analysed" if failures else ""
    return f"hypecheck: {_count(len(reports), 'file')} checked{missed}"


def _body(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine) -> Html:
    return element(
        "body",
        element("a", "Skip to the report", href="#report", class_="skip"),
        element(
            "header",
            element("h1", "hypecheck report"),
            element("p", ", ".join(_summary(reports, failures)) + "."),
            element("p", NOTICE[:1].upper() + NOTICE[1:] + ".", class_="notice"),
        ),
        element(
            "main",
            _failures(failures),
            _index(reports),
            _filters(reports),
            *(render_report(report, number) for number, report in enumerate(reports, 1)),
            id="report",
            tabindex="-1",
        ),
        _footer(tool),
    )


def _summary(reports: Sequence[Report], failures: Sequence[Failure]) -> Iterator[str]:
    found = [finding for report in reports for finding in report.findings]
    if failures:
        yield f"{_count(len(failures), 'file')} not analysed"
    yield f"{_count(len(reports), 'file')} checked"
    yield f"{_count(len(found), 'finding')} ({sum(finding.gated for finding in found)} sure enough to fail a run)"
    if reports:
        yield f"highest score {max(report.score for report in reports):.0f} of 100"


def _failures(failures: Sequence[Failure]) -> Html:
    if not failures:
        return Html()
    rows = (element("li", element("bdi", failure.message)) for failure in failures)
    return element(
        "section",
        element("h2", f"Not analysed ({len(failures)})", id="missed"),
        element("p", "Nothing is known about these files; they have not passed."),
        element("ul", *rows),
        aria_labelledby="missed",
        class_="missed",
    )


def _index(reports: Sequence[Report]) -> Html:
    if len(reports) < 2:
        return Html()
    rows = (
        element(
            "li",
            element("a", element("bdi", report.path or "text"), href=f"#r{number}"),
            f": {report.score:.0f} of 100 ({count_levels(report.findings)})",
        )
        for number, report in enumerate(reports, 1)
    )
    return element("nav", element("h2", "Files", id="files"), element("ol", *rows), aria_labelledby="files")


def _filters(reports: Sequence[Report]) -> Html:
    """Boxes to tick; hidden until the script that serves them runs."""
    found = [finding for report in reports for finding in report.findings]
    if not found:
        return Html()
    levels = (_box("severity", level, f"{level} ({sum(f.severity == level for f in found)})") for level in LEVELS)
    kinds = (
        _box("category", category, f"{code} {load_categories()[category].name} ({number})")
        for category, code in CODES.items()
        if (number := sum(finding.category == category for finding in found))
    )
    sure = sum(finding.gated for finding in found)
    return element(
        "section",
        element("h2", "Show", id="show"),
        element("fieldset", element("legend", "Severity"), *levels),
        element("fieldset", element("legend", "Category"), *kinds),
        element(
            "fieldset", element("legend", "How sure"),
            _box("sure", "yes", f"sure enough to fail a run ({sure})"),
            _box("sure", "no", f"worth a look ({len(found) - sure})"),
        ),
        element("p", element("output", id="shown"), " ", element("button", "Show all", type="button", id="all")),
        element(
            "p",
            "Keys, while a finding has the focus: ", element("kbd", "n"), " next, ", element("kbd", "p"),
            " previous, ", element("kbd", "Escape"), " back to the text.",
        ),
        aria_labelledby="show",
        id="filters",
        hidden=True,
    )  # fmt: skip


def _box(name: str, value: str, label: str) -> Html:
    return element("label", element("input", type="checkbox", name=name, value=value, checked=True), f" {label}")


def _footer(tool: ToolLine) -> Html:
    """The audit line, with whole digests."""
    rows = (
        ("Judged by", f"{tool.name} {tool.version}"),
        ("Model", tool.model),
        ("Digest of the model", element("code", tool.model_sha256)),
        ("Digest of the settings", element("code", tool.settings_sha256)),
        ("Day of judgement", tool.as_of.isoformat() if tool.as_of else "none"),
        ("Newest fact of the record", tool.record_as_of.isoformat() if tool.record_as_of else "none"),
    )
    return element(
        "footer",
        element("h2", "Audit line"),
        element("dl", join([join([element("dt", name), element("dd", value)]) for name, value in rows])),
        element("p", f"This is {NOTICE}."),
    )


@cache
def _asset(name: str) -> str:
    return files("hypecheck.data").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """What a content security policy calls the text of an element."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
