"""Hand-made reports: rendering is a pure function, so no model is needed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

import pytest

from hypecheck.offsets import LineIndex
from hypecheck.types import Clearance, Evidence, Failure, Finding, Report, ToolLine

TOOL = ToolLine("hypecheck", "9.8.7", "linear", "0123456789abcdef" * 4, date(2026, 3, 1), None, "fedcba9876543210" * 4)

LEAFLET = (
    "# 新薬 cafe\u0301: a miracle for knees\n"
    "\n"
    "「関節」 – Dr. Re\u0301my says that Artrazin cures arthritis for good, and it is 100% safe.\n"
    "Pain fell from 6.1 to 5.4 points on a scale of 10.\n"
)


def build_finding(source: str, phrase: str, **changes: object) -> Finding:
    """A finding on the first place where the phrase stands."""
    start = source.index(phrase)
    end = start + len(phrase)
    index = LineIndex(source)
    (line, column), (end_line, end_column) = index.place(start), index.place(end)
    values: dict[str, object] = {
        "category": "hype-language", "subtype": None, "severity": "medium", "score": 0.5, "gated": False,
        "start": start, "end": end, "text": phrase,
        "line": line, "column": column, "end_line": end_line, "end_column": end_column,
        "message": "The message.", "rewrite": "The advice.", "standards": (), "evidence": (), "fingerprint": "f" * 64,
    }  # fmt: skip
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


def build_report(source: str = "", findings: tuple[Finding, ...] = (), **changes: object) -> Report:
    values: dict[str, object] = {
        "path": "page.txt", "score": 0.0, "findings": findings, "cleared": (), "category_scores": {"cure-claim": 0.25},
        "checklist": (), "suppressed": (), "written": None, "as_of": TOOL.as_of, "record_as_of": None, "model": TOOL,
        "source": source,
    }  # fmt: skip
    return Report(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def tool() -> ToolLine:
    return TOOL


@pytest.fixture(scope="session")
def make_finding() -> Callable[..., Finding]:
    return build_finding


@pytest.fixture(scope="session")
def make_report() -> Callable[..., Report]:
    return build_report


@pytest.fixture(scope="session")
def leaflet() -> Report:
    """Wide and combining characters before the phrases, both headings, more words than are shown."""
    findings = (
        build_finding(LEAFLET, "miracle", severity="low", score=0.41, evidence=(Evidence("word", "miracle", 2.25),)),
        build_finding(
            LEAFLET, "Dr. Re\u0301my says that Artrazin cures arthritis for good, and it is 100% safe.",
            category="missing-risk", subtype="document", severity="high", score=0.97, gated=True,
            message="No harm is named.", rewrite="Name the commonest harms.", standards=("A code, section 4",),
        ),
        build_finding(
            LEAFLET, "cures arthritis for good",
            category="cure-claim", severity="high", score=0.934567, gated=True,
            message="The text promises a cure, which is more than any trial of this drug has shown; it does so at length.",
            rewrite="Say what changed, by how much, in whom.",
            standards=("First code <https://code.example/1>", "Second code", "Third code"),
            evidence=(
                Evidence("word", "cures", 3.14159), Evidence("word", "for good", 1.0), Evidence("word", ",", 0.9),
                Evidence("word", "arthritis", 0.3), Evidence("word", "it", 0.2), Evidence("word", "says", 0.1),
                Evidence("word", "that", -0.4), Evidence("context", "4 other words and contexts", -0.2),
                Evidence("intercept", "before any word is read", -2.0), Evidence("note", "severity: stands in the lead"),
            ),
        ),
        build_finding(LEAFLET, "100% safe", category="risk-minimization", subtype="absolute", score=0.66),
    )  # fmt: skip
    cleared = tuple(
        Clearance("unquantified-benefit", 117 + number, 121 + number, "Pain", 4, 1 + number, "gives both numbers")
        for number in range(7)
    )
    return build_report(
        LEAFLET, findings, path="leaflets/膝.md", score=63.21, cleared=cleared, written=date(2025, 11, 5),
        category_scores={"cure-claim": 0.934567, "hype-language": 0.41, "fear-appeal": 0.0123456789},
        notes=("an image was passed over",),
    )  # fmt: skip


@pytest.fixture(scope="session")
def nothing() -> Report:
    return build_report(path="empty.txt", notes=("there is no text to judge",))


@pytest.fixture(scope="session")
def failure() -> Failure:
    return Failure("scan.pdf", "scan.pdf: NUL at byte 4, so this is no text file; save it as UTF-8 text")


@pytest.fixture(scope="session")
def hostile() -> str:
    """What must not reach a terminal raw: controls, escapes, invisible characters and turns of direction."""
    return "".join(
        char for char in map(chr, range(sys.maxunicode + 1)) if char in "\u2028\u2029" or _is_unsafe(ord(char))
    )


def _is_unsafe(code: int) -> bool:
    return (
        code < 0x20
        or 0x7F <= code <= 0x9F
        or 0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x2069
        or code in {0x00AD, 0x061C, 0xFEFF}
        or 0xD800 <= code <= 0xDFFF
        or 0xE0000 <= code <= 0xE007F
    )
