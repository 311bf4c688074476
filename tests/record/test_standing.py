from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.record.standing import standing_on, unapproved_until
from hypecheck.record.types import EVENTS, Event, Fact, Interval


def fact(event: Event, when: str | None, target: str | None = None) -> Fact:
    """A fact of an invented substance; only what happened and when matter here."""
    return Fact(
        id=f"{event}-{when}",
        substance="somnolol",
        indication="insomnia",
        jurisdiction="US",
        event=event,
        date=Interval.parse(when) if when else None,
        source="https://example.org/",
        quality="own",
        target=date.fromisoformat(target) if target else None,
    )


HISTORY = [
    fact("designation", "2019"),
    fact("submission", "2021-03-01"),
    fact("acceptance", "2021-05", target="2022-01-15"),
    fact("refusal", "2022-01-14"),
    fact("submission", "2023-02-01"),
    fact("approval", "2023-11-20"),
    fact("discontinued", "2026-02-01"),
]


@pytest.mark.parametrize(
    ("day", "status", "deciding"),
    [
        ("2018-12-31", "unknown", None),
        ("2019-06-30", "unknown", None),
        ("2020-01-01", "followed", "designation-2019"),
        ("2021-04-01", "under-review", "submission-2021-03-01"),
        ("2021-06-01", "under-review", "acceptance-2021-05"),
        ("2022-01-14", "refused", "refusal-2022-01-14"),
        ("2023-01-31", "refused", "refusal-2022-01-14"),
        ("2023-02-01", "under-review", "submission-2023-02-01"),
        ("2023-11-20", "approved", "approval-2023-11-20"),
        ("2026-02-01", "ended", "discontinued-2026-02-01"),
    ],
    ids=[
        "before anything", "a year counts when it is over", "only followed", "submitted", "accepted", "the day of the refusal",
        "refused until it is filed again", "filed again", "the day of the approval", "off the market",
    ],
)  # fmt: skip
def test_the_standing_follows_the_facts(day, status, deciding):
    standing = standing_on(HISTORY, date.fromisoformat(day))
    assert standing.status == status
    assert (standing.facts[0].id if standing.facts else None) == deciding


def test_the_target_day_is_told_only_while_it_lies_ahead():
    assert standing_on(HISTORY, date(2021, 6, 1)).target == date(2022, 1, 15)
    late = standing_on(HISTORY[:3], date(2022, 1, 16))
    assert (late.status, late.target) == ("under-review", None)


def test_an_undated_approval_is_taken_to_have_happened():
    assert standing_on([fact("approval", None)], date(2000, 1, 1)).status == "approved"


def test_access_is_no_approval_and_a_horizon_is_no_event():
    assert standing_on([fact("access", "2023-07-01")], date(2024, 1, 1)).status == "access"
    standing = standing_on([fact("designation", "2019"), fact("horizon", "2024-01")], date(2024, 6, 1))
    assert [latest.id for latest in standing.latest] == ["designation-2019"]


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ([fact("approval", "2023-11-20")], "approval-2023-11-20"),
        ([fact("submission", "2023-02-01")], "submission-2023-02-01"),
        ([fact("approval", "2020"), fact("refusal", "2023-02-01")], None),
        ([fact("designation", "2023-02-01")], None),
        ([fact("approval", "2026-01-01")], None),
    ],
    ids=[
        "approved later",
        "filed later",
        "approved before",
        "a designation tells nothing",
        "after the day of judgement",
    ],
)
def test_what_came_later_shows_that_there_was_no_approval(facts, shown):
    found = unapproved_until(facts, date(2022, 1, 1), date(2024, 1, 1))
    assert (found.id if found else None) == shown


dated = st.builds(fact, st.sampled_from(EVENTS), st.dates(date(2015, 1, 1), date(2026, 1, 1)).map(str))


@given(st.lists(dated, max_size=8), st.dates(date(2014, 1, 1), date(2027, 1, 1)))
def test_no_standing_rests_on_what_has_not_happened_yet(facts, day):
    standing = standing_on(facts, day)
    assert all(fact.date.last <= day for fact in (*standing.facts, *standing.latest))
    assert (standing.status == "unknown") == all(fact.date.first > day for fact in facts)
