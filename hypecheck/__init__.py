"""Find overclaiming in health text: which words, which kind, how sure, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypecheck.version import __version__

if TYPE_CHECKING:
    from datetime import date

    from hypecheck.checker import Checker as Checker
    from hypecheck.config import Settings as Settings
    from hypecheck.types import Evidence as Evidence
    from hypecheck.types import Failure as Failure
    from hypecheck.types import Finding as Finding
    from hypecheck.types import HypecheckError as HypecheckError
    from hypecheck.types import ModelError as ModelError
    from hypecheck.types import ReadError as ReadError
    from hypecheck.types import Report as Report

_HOMES = {
    "Checker": "hypecheck.checker",
    "Settings": "hypecheck.config",
    **dict.fromkeys(
        ("Evidence", "Failure", "Finding", "HypecheckError", "ModelError", "ReadError", "Report"),
        "hypecheck.types",
    ),
}
"""Where the public names live; they are imported when first asked for (PEP 562)."""

__all__ = [
    "Checker",
    "Evidence",
    "Failure",
    "Finding",
    "HypecheckError",
    "ModelError",
    "ReadError",
    "Report",
    "Settings",
    "__version__",
    "check",
]


def check(text: str, *, format: str = "text", as_of: date | None = None) -> Report:
    """Check a text with the packaged model. `format`: "text", "markdown" or "html".

    The model is read once. Raises ReadError where the text cannot be judged.
    """
    from hypecheck.default import checker_for

    return checker_for(as_of).check(text, format=format)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
