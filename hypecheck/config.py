"""What a user may set, with the defaults; a settings value is immutable and has a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, TypeVar, get_args

from hypecheck.categories import CATEGORY_IDS
from hypecheck.checks.phrases import MISSING, Flag
from hypecheck.read.draft import METADATA
from hypecheck.types import FIELD_FORMATS, SEVERITIES, FieldFormat, SettingsError, Severity

Role = Literal["publisher", "sponsor", "clinic"]
ROLES: tuple[Role, ...] = get_args(Role)
JURISDICTIONS = ("US", "UK", "EU", "AU")

TABLES = ("categories", "report-thresholds", "gate-thresholds", "severity")
"""Keys of settings files that hold a value for each category."""

RUN_KEYS = ("model", "record", "as-of")
"""What a run has one of: the audit line names it, so a run cannot have two."""

SHOWN = 60
"""Characters of a wrong value that an error quotes: a line of a terminal, with the words around it."""

T = TypeVar("T")
Pairs = tuple[tuple[str, T], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """How texts are judged, which ones, and what fails a run; every value has a default.

    `role` and `jurisdictions` choose the standards that are shown. `model`, `record` and `as_of` are what
    Checker takes; None is its default for the first two and the day of the run for `as_of`, "none" is no day.
    `fail_on` and `fail_score` (0 to 100, None for none) fail a run; so does a text without a word on risk,
    if `missing_risk_fails`. Categories that are `off` report nothing. `report_thresholds`, `gate_thresholds`
    (0 to 1) and `severity` are given by category: pass a mapping, it is kept as sorted pairs. Raising a
    threshold only makes fewer findings; one below the model's brings in what the model is not sure of, and its
    published precision no longer holds. `allow` holds phrases that are never flagged, `flag` phrases that
    always are (see `checks.phrases`). `include`, `exclude`: which files of a walked folder are checked, as in `walk`.
    `field`: the keys or columns that are read of JSON, JSON Lines and CSV, `field_format` how their values are read.
    `metadata`: what is read of that which a page says of itself, as `read.draft.METADATA` names it.
    Lists whose order means nothing are sorted. Raises SettingsError for a value that means nothing.
    """

    role: Role = "publisher"
    jurisdictions: tuple[str, ...] = JURISDICTIONS
    max_bytes: int = 10_000_000
    model: str | None = None
    record: str | None = None
    as_of: date | Literal["none"] | None = None
    fail_on: Severity | Literal["never"] = "high"
    fail_score: float | None = None
    missing_risk_fails: bool = False
    off: tuple[str, ...] = ()
    report_thresholds: Mapping[str, float] | Pairs[float] = ()
    gate_thresholds: Mapping[str, float] | Pairs[float] = ()
    severity: Mapping[str, Severity] | Pairs[Severity] = ()
    allow: tuple[str, ...] = ()
    flag: tuple[Flag, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    field_format: FieldFormat = "auto"
    metadata: tuple[str, ...] = tuple(sorted(METADATA))

    def __post_init__(self) -> None:
        for field, check in _CHECKS.items():
            object.__setattr__(self, field, check(key_of(field), getattr(self, field)))
        gates = dict(self.gate_thresholds)
        for category, report in dict(self.report_thresholds).items():
            if gates.get(category, report) < report:
                raise SettingsError(
                    f"gate-thresholds: {category} {gates[category]} is below its report threshold {report}; "
                    "what is not reported cannot fail a run, so raise the one or lower the other"
                )
        if len(self.off) == len(CATEGORY_IDS):
            raise SettingsError("categories: all of them are off, so nothing would be checked; leave one on")

    def is_on(self, category: str) -> bool:
        """Whether findings of the category are reported."""
        return category not in self.off

    def severity_of(self, category: str) -> Severity | None:
        """The severity of every finding of the category; None where text and model decide."""
        return dict(self.severity).get(category)

    def thresholds_of(self, category: str, report: float, gate: float) -> tuple[float, float]:
        """The report and the gate threshold of a category, given the model's own.

        The gate is never below the report threshold: what is not reported cannot fail a run.
        """
        report = dict(self.report_thresholds).get(category, report)
        return report, max(report, dict(self.gate_thresholds).get(category, gate))

    def digest(self) -> str:
        """sha256 of the settings, for the audit line; it does not depend on any order that means nothing.

        `model`, `record` and `as_of` are left out: the audit line says itself which they were, and a path
        would tell machines apart. A field that came after the first three counts only where it is set, so
        that a new one leaves the digests of old settings as they were.
        """
        values = asdict(self)
        for field in fields(self)[3:]:
            if field.name in {"model", "record", "as_of"} or getattr(self, field.name) == field.default:
                del values[field.name]
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def run_digest(settings: Iterable[Settings]) -> str:
    """The digest of all settings that a run used, in any order; that of the settings where it used one."""
    digests = sorted({each.digest() for each in settings})
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def key_of(field: str) -> str:
    """The name of a field in settings files and on the command line."""
    return "categories" if field == "off" else field.replace("_", "-")


def settings_from(values: Mapping[str, Any]) -> Settings:
    """Settings from the plain values of a settings file, by key. Raises SettingsError, which names the key."""
    given = {}
    for key, value in values.items():
        if key not in KEYS:
            raise SettingsError(f"there is no setting {shown(key)}{closest(key, KEYS)}")
        field = KEYS[key]
        given[field] = _FROM_PLAIN[field](key, value) if field in _FROM_PLAIN else value
    return Settings(**given)


def closest(word: object, known: Iterable[str]) -> str:
    """A question that names what was probably meant; empty where nothing is like it."""
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), list(known), 1) if isinstance(word, str) else []
    return f"; did you mean {close[0]}?" if close else ""


def shown(value: object) -> str:
    """A wrong value as an error quotes it."""
    try:
        text = repr(value)
    except ValueError:  # a number of more digits than Python writes
        text = f"a {type(value).__name__} too long to show"
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _one_of(known: Sequence[str]) -> Callable[[str, Any], str]:
    def check(key: str, value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise SettingsError(f"{key} is one of {', '.join(known)}, not {shown(value)}{closest(value, known)}")
        return value

    return check


def _some_of(known: Sequence[str]) -> Callable[[str, Any], tuple[str, ...]]:
    def check(key: str, value: Any) -> tuple[str, ...]:
        given = set(_texts(key, value))
        for name in sorted(given - set(known)):
            raise SettingsError(f"{key} are among {', '.join(known)}, not {shown(name)}{closest(name, known)}")
        return tuple(name for name in known if name in given)

    return check


def _by_category(check: Callable[[str, Any], T]) -> Callable[[str, Any], Pairs[T]]:
    def check_all(key: str, value: Any) -> Pairs[T]:
        try:
            table = dict(value) if isinstance(value, (Mapping, tuple)) else None
        except (TypeError, ValueError):
            table = None
        if table is None:
            raise SettingsError(f"{key} is a table with a value for each category, not {shown(value)}")
        return tuple((name, check(f"{key}: {_category(key, name)}", table[name])) for name in sorted(table, key=str))

    return check_all


def _category(key: str, name: object) -> str:
    if name not in CATEGORY_IDS:
        raise SettingsError(f"{key}: there is no category {shown(name)}{closest(name, CATEGORY_IDS)}")
    return str(name)


def _number(low: float, high: float) -> Callable[[str, Any], float]:
    def check(key: str, value: Any) -> float:
        # True is an int to Python, and no comparison holds for nan.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise SettingsError(f"{key} is a number from {low:g} to {high:g}, not {shown(value)}")
        return float(value) + 0.0  # no negative zero, which would have a digest of its own

    return check


def _optional(check: Callable[[str, Any], T]) -> Callable[[str, Any], T | None]:
    return lambda key, value: None if value is None else check(key, value)


def _size(key: str, value: Any) -> int:
    if type(value) is not int or value < 1:
        raise SettingsError(f"{key} is a positive whole number of bytes, not {shown(value)}")
    return value


def _switch(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise SettingsError(f"{key} is true or false, not {shown(value)}")
    return value


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{key} is a text that is not empty, not {shown(value)}")
    return value


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Collection) or isinstance(value, Mapping):
        raise SettingsError(f"{key} is a list of texts, not {shown(value)}")
    return tuple(_text(f"{key}: an entry", text) for text in value)


def _phrases(key: str, value: Any) -> tuple[str, ...]:
    return tuple(sorted({" ".join(text.split()) for text in _texts(key, value)}))


def _day(key: str, value: Any) -> date | Literal["none"]:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and value != "none" else value
    except ValueError:
        day = None
    if day != "none" and (not isinstance(day, date) or isinstance(day, datetime)):
        raise SettingsError(f"{key} is a date (YYYY-MM-DD) or none, not {shown(value)}")
    return day


def _flags(key: str, value: Any) -> tuple[Flag, ...]:
    if not isinstance(value, (list, tuple, set, frozenset)) or not all(isinstance(flag, Flag) for flag in value):
        raise SettingsError(f"{key} is a list of phrases to flag, not {shown(value)}")
    return tuple(sorted({_flag(key, flag) for flag in value}))


def _flag(key: str, flag: Flag) -> Flag:
    phrase = " ".join(_text(f"{key}: phrase", flag.phrase).split())
    where = f"{key}: {shown(phrase)}"
    if _category(where, flag.category) == MISSING:
        raise SettingsError(f"{where}: {MISSING} is about words that are not there; choose another category")
    severity: Any = _one_of(SEVERITIES)(f"{where}: severity", flag.severity)
    return Flag(phrase, flag.category, severity, " ".join(_text(f"{where}: reason", flag.reason).split()))


_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "role": _one_of(ROLES),
    "jurisdictions": _some_of(JURISDICTIONS),
    "max_bytes": _size,
    "model": _optional(_text),
    "record": _optional(_text),
    "as_of": _optional(_day),
    "fail_on": _one_of((*SEVERITIES, "never")),
    "fail_score": _optional(_number(0, 100)),
    "missing_risk_fails": _switch,
    "off": _some_of(CATEGORY_IDS),
    "report_thresholds": _by_category(_number(0, 1)),
    "gate_thresholds": _by_category(_number(0, 1)),
    "severity": _by_category(_one_of(SEVERITIES)),
    "allow": _phrases,
    "flag": _flags,
    "include": _texts,
    "exclude": _texts,
    "field": _texts,
    "field_format": _one_of(FIELD_FORMATS),
    "metadata": lambda key, value: tuple(sorted({name.lower() for name in _texts(key, value)})),
}

KEYS: Mapping[str, str] = {key_of(field): field for field in _CHECKS}
"""Every key of a settings file, and the field that it sets."""


def _plain_off(key: str, value: Any) -> tuple[str, ...]:
    return tuple(name for name, on in _by_category(_switch)(key, value) if not on)


def _plain_flags(key: str, value: Any) -> Any:
    parts = [field.name for field in fields(Flag)]
    if not isinstance(value, (list, tuple)):
        return value
    for entry in value:
        if not isinstance(entry, Mapping) or set(entry) != set(parts):
            raise SettingsError(f"{key}: an entry has {', '.join(parts)}, all of them and no other; not {shown(entry)}")
    return tuple(Flag(**entry) for entry in value)


_FROM_PLAIN: Mapping[str, Callable[[str, Any], Any]] = {
    "off": _plain_off,
    "flag": _plain_flags,
    "fail_score": lambda _, value: None if value == "none" else value,
}
"""Fields whose value is written in another way in a settings file."""
