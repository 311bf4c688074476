from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.baseline import (
    Baseline,
    compare,
    format_baseline,
    make_baseline,
    prune,
    read_baseline,
    renew,
    stored_path,
)
from hypecheck.checks.findings import fingerprint
from hypecheck.output import write_output
from hypecheck.types import Finding, Report, SettingsError, ToolLine

TOOL = ToolLine("hypecheck", "9.8.7", "linear", "0" * 64, date(2026, 3, 1), None, "f" * 64)


def finding(sentence: str, at: int = 0, **changes) -> Finding:
    key = fingerprint("cure-claim", None, sentence)
    made = Finding("cure-claim", None, "high", 0.9, True, at, at + 1, 1, 1, 1, 2, sentence, "", "", (), (), key)
    return replace(made, **changes)


def report(path, sentences="", suppressed="", score=0.0) -> Report:
    """A report with a finding for each letter, in this order."""
    findings, hidden = (tuple(finding(s, at) for at, s in enumerate(row)) for row in (sentences, suppressed))
    return Report(str(path), score, findings, (), {}, (), hidden, None, None, None, TOOL, sentences)


def said(findings) -> str:
    return "".join(finding.text for finding in findings)


@pytest.fixture
def known(tmp_path):
    """Write files of letters, record them, and read the baseline back after the files were changed."""

    def record(files: dict[str, str], later: dict[str, str]) -> Baseline:
        baseline = tmp_path / "baseline.json"
        reports = [report(tmp_path / name, sentences) for name, sentences in files.items()]
        write_output(format_baseline(make_baseline(reports, baseline)), str(baseline))
        for name in later:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        return read_baseline(baseline)

    return record


@pytest.mark.parametrize(
    ("files", "later", "new"),
    [
        ({"a.md": "xy"}, {"a.md": "xy"}, [""]),
        ({"a.md": "xyz"}, {"a.md": "zxy"}, [""]),
        ({"a.md": "xy"}, {"a.md": "x"}, [""]),
        ({"a.md": "x"}, {"a.md": "xz"}, ["z"]),
        ({"a.md": "xx"}, {"a.md": "xxx"}, ["x"]),
        ({"a.md": "xx"}, {"a.md": "xyxyx"}, ["yyx"]),
        ({}, {"a.md": "x"}, ["x"]),
        ({"a.md": ""}, {"a.md": "x"}, ["x"]),
        ({"a.md": "x", "b.md": ""}, {"a.md": "", "b.md": "x"}, ["", "x"]),
        ({"a.md": "xx"}, {"b.md": "xx"}, [""]),
        ({"a.md": "xx"}, {"b.md": "xxx"}, ["x"]),
        ({"a.md": "x"}, {"b.md": "x", "c.md": "x"}, ["", "x"]),
        ({"a.md": "x", "b.md": "x"}, {"c.md": "xx"}, [""]),
        ({"a.md": "x", "b.md": "y"}, {"b.md": "xy"}, [""]),
        ({"a.md": "xx"}, {"a.md": "x", "b.md": "x"}, ["", "x"]),
        ({"old/a.md": "x"}, {"new/deep/b.md": "x"}, [""]),
    ],
    ids=[
        "the same", "moved", "one gone", "one more", "third copy", "copies apart", "no file", "no finding",
        "moved to a file that exists", "renamed", "renamed with a copy more", "renamed and copied", "joined",
        "joined to a known one", "split", "renamed across folders",
    ],
)  # fmt: skip
def test_what_is_new(known, tmp_path, files, later, new):
    baseline = known(files, later)
    reports = [report(tmp_path / name, sentences) for name, sentences in later.items()]
    compared = compare(reports, baseline)
    assert [said(parted.new) for parted in compared] == new
    for parted, judged in zip(compared, reports, strict=True):
        assert sorted([*parted.new, *parted.known], key=lambda f: f.start) == list(judged.findings)


def test_a_path_that_is_reported_is_not_gone(known, tmp_path):
    baseline = known({"draft.md": "x"}, {"b.md": "x"})
    assert baseline.gone == {"draft.md"}
    draft, other = report(tmp_path / "draft.md", "x"), report(tmp_path / "b.md", "x")
    assert [said(parted.new) for parted in compare([other, draft], baseline)] == ["x", ""]


def test_a_file_named_in_two_ways_is_known_both_times(known, tmp_path):
    baseline = known({"a.md": "x"}, {"a.md": "x"})
    (tmp_path / "b").mkdir()
    for recorded in (baseline, known({"old.md": "x"}, {"a.md": "x"})):
        reports = [report(tmp_path / "a.md", "x"), report(tmp_path / "b" / ".." / "a.md", "x")]
        assert [said(parted.new) for parted in compare(reports, recorded)] == ["", ""]
        assert prune(recorded, reports).known == baseline.known


@pytest.mark.parametrize(
    "changes",
    [{"gated": False}, {"severity": "medium"}, {"score": 0.5}],
    ids=["sure", "severity", "score"],
)
def test_of_copies_that_differ_the_gravest_is_new(known, tmp_path, changes):
    baseline = known({"a.md": "x"}, {"a.md": "xx"})
    grave, slight = finding("x", 0), finding("x", 5, **changes)
    for findings in ((grave, slight), (replace(slight, start=0), replace(grave, start=5))):
        judged = replace(report(tmp_path / "a.md"), findings=findings)
        (parted,) = compare([judged], baseline)
        assert [f.gated and f.severity == "high" and f.score == 0.9 for f in (*parted.new, *parted.known)] == [
            True,
            False,
        ]


def test_the_file_is_sorted_and_holds_no_line_time_or_score(tmp_path):
    reports = [report(tmp_path / "b" / "é\u202e\n.md", "yx", score=12.5), report(tmp_path / "a.md", "x", "s")]
    text = format_baseline(make_baseline(reports, tmp_path / "baseline.json"))
    keys = {sentence: fingerprint("cure-claim", None, sentence) for sentence in "xy"}
    assert json.loads(text) == {
        "version": 1,
        "fingerprints": "hypecheck/1",
        "files": {
            "a.md": {"cure-claim": {keys["x"]: 1}},
            "b/é\u202e\n.md": {"cure-claim": {keys["x"]: 1, keys["y"]: 1}},
        },
    }
    assert text.isascii()
    assert [line for line in text.splitlines() if keys["x"] in line] == [f'    "{keys["x"]}": 1'] * 1 + [
        f'    "{keys["x"]}": 1,' if keys["x"] < keys["y"] else f'    "{keys["x"]}": 1'
    ]
    again = [replace(judged, score=99.0, findings=judged.findings[::-1]) for judged in reversed(reports)]
    assert format_baseline(make_baseline(again, tmp_path / "baseline.json")) == text


PATHS = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=8).filter(
    lambda name: name.strip(".") and "\\" not in name
)
KNOWN = st.dictionaries(PATHS, st.text("uvwxyz", min_size=1, max_size=9), max_size=5)


@given(KNOWN)
def test_what_is_written_is_read(tmp_path_factory, files):
    target = tmp_path_factory.getbasetemp() / "round-trip.json"
    baseline = make_baseline([report(target.parent / name, sentences) for name, sentences in files.items()], target)
    write_output(format_baseline(baseline), str(target))
    assert read_baseline(target).known == baseline.known
    assert set(baseline.known) == set(files)


@given(KNOWN, KNOWN, st.data())
def test_counts_add_up(files, later, data):
    folder = Path.cwd()
    gone = frozenset(data.draw(st.sets(st.sampled_from(sorted(files)))) if files else ())
    baseline = replace(make_baseline([report(n, s) for n, s in files.items()], "baseline.json"), gone=gone)
    reports = [report(name, sentences) for name, sentences in later.items()]
    compared = compare(reports, baseline)
    listed, present = Counter("".join(files.values())), Counter()
    for parted, (name, sentences) in zip(compared, later.items(), strict=True):
        assert Counter(said(parted.new)) + Counter(said(parted.known)) == Counter(sentences)
        assert Counter(said(parted.known)) >= Counter(sentences) & Counter(files.get(name, ""))
        present += Counter(said(parted.known))
    assert present <= listed
    pruned = prune(baseline, reports)
    assert compare(reports, pruned) == compared
    assert prune(pruned, reports) == pruned
    assert not any(parted.new for parted in compare(reports, renew(baseline, reports)))
    assert pruned.folder == folder.resolve()


@pytest.mark.parametrize(
    ("files", "later", "kept"),
    [
        ({"a.md": "xxy"}, {"a.md": "xz"}, {"a.md": "x"}),
        ({"a.md": "x"}, {"a.md": ""}, {}),
        ({"a.md": "xy"}, {"b.md": "xz"}, {"b.md": "x"}),
        ({"a.md": "x", "b.md": "y"}, {"b.md": ""}, {}),
        ({"a.md": "x"}, {"a.md": "xx"}, {"a.md": "x"}),
        ({}, {"a.md": "x"}, {}),
    ],
    ids=["one gone, one new", "all gone", "renamed", "a file gone", "copy more", "nothing known"],
)
def test_prune_drops_what_no_longer_occurs(known, tmp_path, files, later, kept):
    pruned = prune(known(files, later), [report(tmp_path / name, sentences) for name, sentences in later.items()])
    expected = make_baseline([report(tmp_path / name, s) for name, s in kept.items()], tmp_path / "baseline.json")
    assert pruned == expected


def test_files_that_were_not_checked_stay(known, tmp_path):
    baseline = known({"a.md": "x", "b.md": "y", "c.md": "z"}, {"a.md": "", "b.md": "y"})
    assert baseline.gone == {"c.md"}
    reports = [report(tmp_path / "a.md")]
    assert prune(baseline, reports).known.keys() == {"b.md"}
    assert renew(baseline, reports).known.keys() == {"b.md"}
    renewed = renew(baseline, [report(tmp_path / "a.md", "uv")])
    assert {name: sum(counts.values()) for name, counts in renewed.known.items()} == {"a.md": 2, "b.md": 1}


@pytest.mark.parametrize(
    ("path", "stored"),
    [
        ("site/blog/a.md", "blog/a.md"),
        ("site/./blog/../a.md", "a.md"),
        ("other/a.md", "../other/a.md"),
        ("link/a.md", "blog/a.md"),
        ("site/blog/to-b.md", "blog/to-b.md"),
        ("site/new\nline.md", "new\nline.md"),
        ("site/\udcff.md", "\udcff.md"),
    ],
    ids=["below", "dots", "beside", "linked folder", "linked file", "newline", "not UTF-8"],
)
def test_paths_are_relative_to_the_folder_of_the_baseline(tmp_path, monkeypatch, path, stored):
    blog = tmp_path / "site" / "blog"
    blog.mkdir(parents=True)
    (tmp_path / "link").symlink_to(blog)
    (blog / "to-b.md").symlink_to(blog / "b.md")
    monkeypatch.chdir(tmp_path)
    for base in (Path(), tmp_path):
        baseline = make_baseline([report(base / path, "x")], base / "site" / "baseline.json")
        assert list(baseline.known) == [stored]
        assert stored_path(path, baseline.folder) == stored
    (tmp_path / "site" / "baseline.json").write_text(format_baseline(baseline), encoding="ascii")
    assert read_baseline("site/baseline.json").known == baseline.known


def test_a_moved_folder_keeps_its_baseline(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.md").touch()
    baseline = make_baseline([report(tmp_path / "one" / "a.md", "x")], tmp_path / "one" / "baseline.json")
    (tmp_path / "one" / "baseline.json").write_text(format_baseline(baseline), encoding="ascii")
    (tmp_path / "one").rename(tmp_path / "two")
    moved = read_baseline(tmp_path / "two" / "baseline.json")
    assert moved.gone == frozenset()
    assert said(compare([report(tmp_path / "two" / "a.md", "x")], moved)[0].known) == "x"


KEY = "0" * 64


def body(**changes) -> str:
    whole = {"version": 1, "fingerprints": "hypecheck/1", "files": {"a.md": {"cure-claim": {KEY: 1}}}}
    return json.dumps({**whole, **changes})


BROKEN = {
    "empty": (b"", "1:1: not JSON"),
    "merge conflict": (b'{\n<<<<<<< HEAD\n "version": 1', "2:1: not JSON .*resolve the merge"),
    "not UTF-8": (b'{"\xff', "byte 2 is not valid UTF-8"),
    "UTF-16": (body().encode("utf-16"), "byte 0 is not valid UTF-8"),
    "list": (b"[]", "no baseline"),
    "report": (b'{"version": 1, "tool": {}, "reports": []}', "no baseline"),
    "a key more": (body(generated=1).encode(), "no baseline"),
    "newer version": (body(version=2).encode(), "version 2 of the format, where this is 1"),
    "version as text": (body(version="1").encode(), "version '1' of the format"),
    "version true": (body(version=True).encode(), "version True of the format"),
    "other fingerprints": (body(fingerprints="hypecheck/0").encode(), "fingerprints 'hypecheck/0' cannot be compared"),
    "files as list": (body(files=[]).encode(), "files: .* is no object"),
    "file as list": (body(files={"a.md": []}).encode(), "files, 'a.md': .* is no object"),
    "counts as number": (body(files={"a.md": {"b": 3}}).encode(), "files, 'a.md', 'b': 3 is no object"),
    "short fingerprint": (body(files={"a.md": {"b": {KEY[1:]: 1}}}).encode(), "is no fingerprint"),
    "capital fingerprint": (body(files={"a.md": {"b": {"A" * 64: 1}}}).encode(), "is no fingerprint"),
    **{
        f"count {count!r}": (body(files={"a.md": {"b": {KEY: count}}}).encode(), "is no count")
        for count in (0, -1, 1.0, True, None, "1", [], float("nan"))
    },
    "absolute path": (body(files={"/a.md": {}}).encode(), "files, '/a.md': not a path"),
    "no path": (body(files={"": {}}).encode(), "files, '': not a path"),
    "NUL in a path": (body(files={"a\0": {}}).encode(), "not a path"),
    "a path twice": (body().replace('{"a.md"', '{"a.md": {}, "a.md"').encode(), "'a.md' stands twice"),
    "deep": (b"[" * 200_000, "nested too deeply"),
    "long number": (b"1" * 5_000, "4300 digits.*; resolve the merge"),
    "terminal commands": (body(files={"\x1b[2J\u202e": []}).encode(), r"'\\x1b\[2J\\u202e'"),
}


@pytest.mark.parametrize(("data", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_baseline_is_refused_with_its_place(tmp_path, data, message):
    file = tmp_path / "baseline.json"
    file.write_bytes(data)
    with pytest.raises(SettingsError, match=message) as raised:
        read_baseline(file)
    assert str(raised.value).startswith(str(file))
    assert "\x1b" not in str(raised.value)


@given(st.binary(max_size=40) | st.recursive(st.none() | st.integers() | st.text("av\n"), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["version", "files", "a"]), inner), max_leaves=9).map(lambda value: body(files=value).encode()))  # fmt: skip
def test_whatever_stands_in_the_file_only_one_error_comes(tmp_path_factory, data):
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_bytes(data)
    try:
        baseline = read_baseline(file)
    except SettingsError:
        return
    assert json.loads(data)["version"] == 1
    assert all(count > 0 for counts in baseline.known.values() for count in counts.values())


def test_a_file_beyond_the_limit_is_not_parsed(tmp_path, monkeypatch):
    file = tmp_path / "baseline.json"
    file.write_text(body(), encoding="ascii")
    monkeypatch.setattr("hypecheck.baseline.MAX_BYTES", len(body()))
    assert read_baseline(file).known
    monkeypatch.setattr("hypecheck.baseline.MAX_BYTES", len(body()) - 1)
    with pytest.raises(SettingsError, match=f"more than {len(body()) - 1} bytes; record fewer files"):
        read_baseline(file)


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_baseline_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(SettingsError, match="cannot be read: .*; write it with 'hypecheck baseline'"):
        read_baseline(tmp_path / name)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    file = tmp_path / "baseline.json"
    file.write_bytes(b"\xef\xbb\xbf" + body().encode())
    assert read_baseline(file).known == {"a.md": {("cure-claim", KEY): 1}}
