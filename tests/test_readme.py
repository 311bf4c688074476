from __future__ import annotations

from hypecheck import Checker

STORY = "training_data/documents/b22-steady-desk-one/18-tooth-regrowth-antibody.md"


def test_the_false_alarm_that_the_readme_tells_of_is_shown_and_fails_nothing(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert "calls the biology *fascinating*" in readme
    findings = Checker().check_file(root / STORY).findings
    (finding,) = [f for f in findings if f.text == "fascinating"]
    assert (finding.category, finding.severity, finding.gated) == ("hype-language", "low", False)
    assert any(row.kind == "word" and row.text == "fascinating" for row in finding.evidence)
