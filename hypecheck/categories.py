"""The fourteen categories of overclaiming, a document each, and the standards that they refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Literal, NamedTuple, cast, get_args

from hypecheck.types import SEVERITIES, HypecheckError, Severity

CATEGORY_IDS: tuple[str, ...] = (
    "certainty-overclaim", "cure-claim", "risk-minimization", "missing-risk", "approval-overclaim",
    "hype-language", "causal-overclaim", "unquantified-benefit", "evidence-extrapolation",
    "vague-attribution", "unproven-superiority", "anecdote-as-evidence", "fear-appeal", "care-avoidance",
)  # fmt: skip
"""In the order of their documents. Written out, so that an import reads no file; a test compares."""

SUBTYPES: Mapping[str, tuple[str, ...]] = {
    "missing-risk": ("passage",),
    "approval-overclaim": ("timeline", "designation", "implied-approval"),
    "care-avoidance": ("self-medication", "off-label-urging", "stop-treatment", "suppression-narrative"),
}
"""What a marked phrase may carry. A missing-risk finding about the whole document marks no phrase."""

FactsNeeded = Literal["none", "helps", "required"]
"""none: the text alone decides; helps: facts can clear or raise a finding; required: text can only ask."""

Audience = Literal["everyone", "sponsor", "clinic", "publisher"]
Jurisdiction = Literal["US", "UK", "EU", "AU", "any"]

_KEYS = ("Finds", "Severity", "Facts", "Subtypes", "Standards", "Message")
_SECTIONS = ("Why", "Flagged", "Left alone", "Rewrite", "Messages")
_LEFT_ALONE = re.compile(r"(?P<text>.+) \(reason: (?P<reason>.+)\)")
_COLUMNS = 6


class CategoryError(HypecheckError):
    """A packaged category document or the table of standards is missing or malformed."""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of overclaim: how it is explained, how heavy it is, and what to write instead.

    `severity` is the default. `message` is one sentence for an editor; `subtype_messages` has
    one for each of `subtypes`. `standards` are keys of `load_standards`. `left_alone` pairs a
    near-miss with the reason why it is none. `body` is the document as it stands.
    """

    id: str
    name: str
    definition: str
    severity: Severity
    facts_needed: FactsNeeded
    subtypes: tuple[str, ...]
    standards: tuple[str, ...]
    message: str
    subtype_messages: Mapping[str, str] = field(hash=False)
    why: str
    flagged: tuple[str, ...]
    left_alone: tuple[tuple[str, str], ...]
    rewrite: str
    body: str

    def message_for(self, subtype: str | None) -> str:
        """The sentence shown with a finding of this subtype, or of none. KeyError for a foreign subtype."""
        return self.message if subtype is None else self.subtype_messages[subtype]


@dataclass(frozen=True, slots=True)
class Standard:
    """A published rule or yardstick. `url` is its official page, "" where none was read there.

    `binds` names who must keep it, or is ("everyone",) for a yardstick that binds nobody by law.
    `note` says in our words what it asks.
    """

    key: str
    citation: str
    url: str
    binds: tuple[Audience, ...]
    jurisdiction: Jurisdiction
    note: str


@cache
def load_categories() -> Mapping[str, Category]:
    """Every category by its id, in the order of CATEGORY_IDS. Raises CategoryError."""
    categories = {}
    for number, category_id in enumerate(CATEGORY_IDS, 1):
        file = f"categories/{number:02d}-{category_id}.md"
        categories[category_id] = parse_category(category_id, _read_data(file), file)
    return MappingProxyType(categories)


@cache
def load_standards() -> Mapping[str, Standard]:
    """Every standard by its key, in the order of the table. Raises CategoryError."""
    return MappingProxyType(parse_standards(_read_data("standards.txt"), "standards.txt"))


def parse_category(category_id: str, text: str, file: str) -> Category:
    """The category that a document describes. Raises CategoryError with `file` and the line."""
    name, header, sections = _split_document(text, file)
    subtypes = _list_names(header["Subtypes"], file) if "Subtypes" in header else ()
    return Category(
        id=category_id,
        name=name,
        definition=header["Finds"].text,
        severity=cast(Severity, _pick(header["Severity"], SEVERITIES, file)),
        facts_needed=cast(FactsNeeded, _pick(header["Facts"], get_args(FactsNeeded), file)),
        subtypes=subtypes,
        standards=_list_names(header["Standards"], file),
        message=header["Message"].text,
        subtype_messages=MappingProxyType(_read_messages(sections.get("Messages", []), subtypes, file)),
        why=" ".join(line.text for line in sections["Why"]),
        flagged=tuple(_item(line, file) for line in sections["Flagged"]),
        left_alone=tuple(_near_miss(line, file) for line in sections["Left alone"]),
        rewrite=" ".join(line.text for line in sections["Rewrite"]),
        body=text,
    )


def parse_standards(text: str, file: str) -> dict[str, Standard]:
    """The rows of a table of standards by key. Raises CategoryError with `file` and the line."""
    standards: dict[str, Standard] = {}
    for line in _lines(text):
        if line.text.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.text.split("|")]
        if len(cells) != _COLUMNS or not all(cells):
            raise _fault(file, line.number, f"a row has {_COLUMNS} cells, none empty", 'write "-" for no link')
        key, citation, url, binds, jurisdiction, note = cells
        if key in standards:
            raise _fault(file, line.number, f"the key {key} stands twice", "keep one row")
        if url != "-" and not re.fullmatch(r"https?://\S+", url):
            raise _fault(file, line.number, f"{url!r} is no link", 'write an address or "-"')
        audience = _list_names(_Line(line.number, binds), file)
        for name in audience:
            _pick(_Line(line.number, name), get_args(Audience), file)
        _pick(_Line(line.number, jurisdiction), get_args(Jurisdiction), file)
        standards[key] = Standard(
            key=key,
            citation=citation,
            url="" if url == "-" else url,
            binds=cast(tuple[Audience, ...], audience),
            jurisdiction=cast(Jurisdiction, jurisdiction),
            note=note,
        )
    return standards


class _Line(NamedTuple):
    number: int
    text: str


def _read_data(file: str) -> str:
    # Imported here: importlib.resources brings tempfile and shutil along, most of its cost.
    from importlib.resources import files

    try:
        return files("hypecheck.data").joinpath(*file.split("/")).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CategoryError(f"{file}: cannot be read ({error}); install hypecheck anew") from error


def _lines(text: str) -> list[_Line]:
    numbered = (_Line(number, line.strip()) for number, line in enumerate(text.split("\n"), 1))
    return [line for line in numbered if line.text]


def _split_document(text: str, file: str) -> tuple[str, dict[str, _Line], dict[str, list[_Line]]]:
    """The name, the values of the keys, and the lines of each section, all of them checked to be there."""
    header: dict[str, _Line] = {}
    sections: dict[str, list[_Line]] = {}
    current: list[_Line] | None = None
    if not re.match(r"# \S", text):
        raise _fault(file, 1, "a document begins with its name", "write '# Name' in the first line")
    first, *rest = _lines(text)
    for line in rest:
        if line.text.startswith("#"):
            current = sections[_next_section(line, tuple(sections), file)] = []
        elif current is not None:
            current.append(line)
        else:
            key, value = _read_key(line, header, file)
            header[key] = value
    wanted = [*_KEYS, *_SECTIONS] if "Subtypes" in header else [*_KEYS[:3], *_KEYS[4:], *_SECTIONS[:-1]]
    last = text.count("\n", 0, len(text.rstrip())) + 1
    for name in wanted:
        if name not in header and not sections.get(name):
            raise _fault(file, last, f"{name} is missing or empty", "add it")
    if "Messages" in sections and "Subtypes" not in header:
        raise _fault(file, last, "Messages without Subtypes", "name the subtypes above or drop the section")
    return first.text.removeprefix("# "), header, sections


def _next_section(line: _Line, seen: tuple[str, ...], file: str) -> str:
    title = line.text.removeprefix("## ")
    later = _SECTIONS[_SECTIONS.index(seen[-1]) + 1 :] if seen else _SECTIONS
    if not line.text.startswith("## ") or title not in later:
        raise _fault(file, line.number, f"{line.text!r} is not expected here", f"the order is {', '.join(_SECTIONS)}")
    return title


def _read_key(line: _Line, seen: Mapping[str, _Line], file: str) -> tuple[str, _Line]:
    key, colon, value = line.text.partition(": ")
    if not colon or key not in _KEYS:
        raise _fault(file, line.number, f"{line.text[:40]!r} is no 'Key: value'", f"the keys are {', '.join(_KEYS)}")
    if key in seen:
        raise _fault(file, line.number, f"{key} stands twice", "keep one")
    return key, _Line(line.number, value.strip())


def _read_messages(lines: list[_Line], subtypes: tuple[str, ...], file: str) -> dict[str, str]:
    messages: dict[str, str] = {}
    for line in lines:
        subtype, _, message = _item(line, file).partition(": ")
        if subtype not in subtypes or subtype in messages or not message:
            raise _fault(
                file,
                line.number,
                f"{subtype!r} is no subtype that wants a message",
                "write '- subtype: text'",
            )
        messages[subtype] = message
    if len(messages) < len(subtypes):
        missing = ", ".join(subtype for subtype in subtypes if subtype not in messages)
        raise _fault(file, lines[-1].number, f"no message for {missing}", "add a line under Messages")
    return messages


def _item(line: _Line, file: str) -> str:
    if not line.text.startswith("- "):
        raise _fault(file, line.number, f"{line.text[:40]!r} is no list item", "write '- text' in one line")
    return line.text.removeprefix("- ")


def _near_miss(line: _Line, file: str) -> tuple[str, str]:
    match = _LEFT_ALONE.fullmatch(_item(line, file))
    if match is None:
        raise _fault(file, line.number, "a near-miss gives no reason", "write '- text (reason: why)'")
    return match["text"], match["reason"]


def _list_names(line: _Line, file: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in line.text.split(","))
    if not all(names) or len(set(names)) < len(names):
        raise _fault(file, line.number, f"{line.text!r} has an empty or repeated name", "separate names by one comma")
    return names


def _pick(line: _Line, allowed: tuple[str, ...], file: str) -> str:
    if line.text not in allowed:
        raise _fault(file, line.number, f"{line.text!r} is not known", f"choose one of {', '.join(allowed)}")
    return line.text


def _fault(file: str, number: int, cause: str, remedy: str) -> CategoryError:
    return CategoryError(f"{file}:{number}: {cause}; {remedy}")
