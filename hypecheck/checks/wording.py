"""The vocabulary of approval claims, read from data/approval.txt when a text first needs it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

REGULATOR_OF: tuple[tuple[str, str], ...] = (
    ("US", r"FDA|F\.D\.A\.|Food and Drug Administration|Medicare|Medicaid|[Ff]ederal(?:ly)?"),
    (
        "EU",
        r"EMA|CHMP|CE[- ]mark(?:ed)?|European (?:Medicines Agency|Commission|[Rr]egulators?|[Aa]uthorit\w+|marketing)"
        r"|Brussels|the Commission",
    ),
    ("UK", r"MHRA|NICE|NHS|Medicines and Healthcare"),
    ("AU", r"TGA|PBS|ARTG|Therapeutic Goods"),
    ("CA", r"Health Canada|Ottawa"),
    ("CH", r"Swissmedic"),
    ("JP", r"PMDA"),
    ("NZ", r"Medsafe|Pharmac"),
)
"""Who decides, in capitals as they are written; NHS and NICE pay and advise, but tell which country is meant."""

COUNTRY_OF: tuple[tuple[str, str], ...] = (
    (
        "US",
        r"U\.S\.A?\.?|USA?|United States|America(?:n|ns)?|Washington|Texas|Californian?|Ohio|Florida|New York(?:er)?"
        r"|Chicago|Boston|Denver|Minnesota|Nebraska|Oregon|Colorado|Arizona|Scottsdale|Seattle|Los Angeles|Houston"
        r"|Wall Street|[Dd]rugstores?",
    ),
    (
        "UK",
        r"UK|U\.K\.|United Kingdom|Britain|British|England|English|Scotland|Scottish|Wales|Welsh|London|Leeds"
        r"|Manchester|Glasgow|Edinburgh",
    ),
    (
        "EU",
        r"EU|E\.U\.|Europe|Europeans?|Germany?|France|French|Dutch|Belgian|Spanish|Italian|Irish|Swedish|Danish"
        r"|Netherlands|Belgium|Spain|Italy|Ireland|Sweden|Denmark|Austria|Poland|Paris|Berlin|Madrid|Rome|Dublin",
    ),
    ("AU", r"Australian?s?|Sydney|Melbourne|Brisbane|Perth|Adelaide|Canberra"),
    ("CA", r"Canadians?|Canada|Toronto|Vancouver|Montreal|Halifax|Winnipeg|Saskatoon|Calgary"),
    ("CH", r"Switzerland|Swiss|Zurich|Geneva|Basel"),
    ("JP", r"Japan(?:ese)?|Tokyo|Osaka"),
    (
        "other",
        r"(?:South )?Korean?|Chin(?:a|ese)|Indian?|Israeli?|Brazil(?:ian)?|Mexic(?:o|an)|Russian?|Turk(?:ey|ish)"
        r"|Singapore|Taiwan(?:ese)?|Chile(?:an)?|Argentin\w+|Norw(?:ay|egian)|Iceland(?:ic)?|South African?"
        r"|Egypt(?:ian)?|Thai(?:land)?",
    ),
    ("NZ", r"New Zealand\w*|Auckland|Wellington|Rotorua|Christchurch"),
)
"""Countries, and cities that health news is datelined from; a country stands back behind a regulator.
`other`: the record has no jurisdiction for it."""

_REFERENCE = re.compile(r"\{([a-z-]+)\}")


@cache
def cue(name: str) -> re.Pattern[str]:
    """The words of a section of data/approval.txt as one pattern: whole words, in any case."""
    return re.compile(rf"(?<!\w){_words(name)}(?!\w)", re.IGNORECASE)


@cache
def to_come() -> re.Pattern[str]:
    """What follows a noun for approval and says that it is on its way: "is only weeks away"."""
    linking = r"(?:is|are|looks?|seems?|appears?|being|feels|comes?|within|just|only|now|as)"
    return re.compile(rf"^(?:[^.,;]{{0,50}}?\b{linking}\b)?[^.,;]{{0,25}}?\b{_words('to-come')}\b", re.IGNORECASE)


@cache
def use_named() -> re.Pattern[str]:
    """After an anchor: a use is named, whether the record knows it or not ("for osteogenesis imperfecta")."""
    leading = r"(?:for|against|as an?|to (?:treat|stop|prevent|reduce|lower|slow|delay|ease)|treats?)"
    return re.compile(rf"^[^.,;]{{0,40}}?\b{leading}\s+(?!{_words('any-user')}\b)[a-z]{{4,}}", re.IGNORECASE)


@cache
def rebutted() -> re.Pattern[str]:
    """How the next sentence takes a claim back: "That is false."."""
    return re.compile(
        r"^\W*(?:that|this|it|the claim|which) (?:is|was) (?:simply |just |plainly )?"
        r"(?:false|wrong|untrue|nothing of the (?:kind|sort)|not (?:true|so|correct|the case))",
        re.IGNORECASE,
    )


@cache
def regulators() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each jurisdiction with the names of its regulators."""
    return tuple((place, re.compile(rf"\b(?:{names})(?!\w)")) for place, names in REGULATOR_OF)


@cache
def countries() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each jurisdiction with the names of its country and cities."""
    return tuple((place, re.compile(rf"\b(?:{names})(?!\w)")) for place, names in COUNTRY_OF)


def _words(name: str) -> str:
    """The alternatives of a section, with {names} of other sections put in."""
    lines = [_REFERENCE.sub(lambda match: _words(match[1]), line) for line in _sections()[name]]
    return "(?:" + "|".join(lines) + ")"


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (files("hypecheck.data") / "approval.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return {name: tuple(rows) for name, rows in found.items()}
