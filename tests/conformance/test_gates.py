"""The gates as their users run them: the steps of the action, the git hook, and pre-commit itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

BAD = "A page\n\nMDMA is FDA-approved for PTSD, and the tablets are sold here.\n"
GOOD = "A page\n\nMDMA has not been approved by any regulator.\n"

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("bash") is None, reason="git or bash is not installed"
)


@pytest.fixture
def environment(tmp_path, root):
    """Variables of a process that finds `hypecheck` on its path and no configuration of git but its own."""
    tools = tmp_path / "bin"
    tools.mkdir()
    command = tools / "hypecheck"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m hypecheck "$@"\n')
    command.chmod(0o755)
    names = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
    names |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        **names,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }


@pytest.fixture
def repository(tmp_path, environment):
    folder = tmp_path / "site"
    folder.mkdir()
    git(folder, environment, "init", "--quiet", "--initial-branch=main")
    (folder / "page.md").write_text(GOOD)
    git(folder, environment, "add", ".")
    git(folder, environment, "commit", "--quiet", "-m", "page")
    return folder


def git(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=arguments[0] != "commit"
    )


def run_action(
    root: Path, folder: Path, environment: dict[str, str], **inputs: str
) -> subprocess.CompletedProcess[str]:
    out = folder.parent / "runner"
    out.mkdir(exist_ok=True)
    action = yaml.safe_load((root / "action.yml").read_text())
    (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "check"]
    defaults = {name: str(action["inputs"][name].get("default", "")) for name in action["inputs"]}
    defaults["diff-base"] = "none"
    given = {**defaults, "model": "linear", **inputs}
    values = {name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")] for name, value in step["env"].items()}
    runner = {
        "GITHUB_ACTION_PATH": str(root),
        "RUNNER_TEMP": str(out),
        "GITHUB_OUTPUT": str(out / "output"),
        "GITHUB_STEP_SUMMARY": str(out / "summary.md"),
    }
    return subprocess.run(
        ["bash", "-ec", step["run"]],
        cwd=folder,
        env={**environment, **runner, **values},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_actions_step_annotates_summarises_and_fails(root, repository, environment):
    (repository / "page.md").write_text(BAD)
    done = run_action(root, repository, environment)
    assert done.returncode == 1, done.stderr
    output = dict(line.split("=", 1) for line in (repository.parent / "runner" / "output").read_text().splitlines())
    sarif = json.loads(Path(output["sarif"]).read_text())
    assert sarif["runs"][0]["results"]
    assert "page" in (repository.parent / "runner" / "summary.md").read_text()
    assert any(line.startswith("::error file=page.md") for line in done.stdout.splitlines())


def test_the_actions_step_lets_no_article_speak_to_the_runner(root, repository, environment):
    (repository / "page.md").write_text(BAD + "\n::error::It is a miracle%0A::set-output name=a::b ##[error]\n")
    done = run_action(root, repository, environment)
    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    opened = next(line for line in commands if line.startswith("::stop-commands::"))
    assert f"::{opened.removeprefix('::stop-commands::')}::" in commands
    assert not any("set-output" in line.split("::", 2)[1] for line in commands)


def test_only_what_a_pull_request_changes_fails_it(root, repository, environment):
    (repository / "page.md").write_text(BAD)
    git(repository, environment, "commit", "--quiet", "-am", "old words")
    git(repository, environment, "checkout", "--quiet", "-b", "change")
    (repository / "page.md").write_text(BAD + "\nThe shop opens at nine.\n")
    assert run_action(root, repository, environment, **{"diff-base": "main"}).returncode == 0
    assert run_action(root, repository, environment).returncode == 1


def test_a_file_that_cannot_be_read_fails_the_step(root, repository, environment):
    (repository / "page.md").write_bytes(b"\xff\xfe\x00")
    assert run_action(root, repository, environment).returncode == 2


def test_the_git_hook_blocks_a_commit_and_lets_a_mended_one_through(root, repository, environment):
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    shutil.copy(root / "gates" / "pre-commit.sh", hook)
    hook.chmod(0o755)
    (repository / "page.md").write_text(BAD)
    git(repository, environment, "add", ".")
    assert git(repository, environment, "commit", "-m", "blocked").returncode != 0
    (repository / "page.md").write_text(GOOD + "\nIt is a long page.\n")
    git(repository, environment, "add", ".")
    done = git(repository, environment, "commit", "-m", "cleared")
    assert done.returncode == 0, done.stderr


def test_the_hook_is_one_that_pre_commit_takes(root):
    pre_commit = pytest.importorskip("pre_commit.clientlib", reason="pre-commit is not installed")
    pre_commit.load_manifest(str(root / ".pre-commit-hooks.yaml"))


def test_pre_commit_itself_blocks_the_page(root, repository, environment):
    """pre-commit installs the hook from this repository's last commit, as it does for its users."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    if not (root / ".git").exists():
        pytest.skip("pre-commit clones a repository, and this is none")
    (repository / "page.md").write_text(BAD)
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(root), "hypecheck", "--files", "page.md"],
        cwd=repository,
        env={**environment, "PRE_COMMIT_HOME": str(repository.parent / "pre-commit")},
        capture_output=True,
        text=True,
        check=False,
    )
    if "No matching distribution" in done.stdout + done.stderr or "Could not find a version" in done.stdout:
        pytest.skip("the package index is out of reach")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the record contradicts this" in " ".join(done.stdout.split())


SITES = {
    "Hugo": {
        "content/_index.md": "+++\ntitle = 'Home'\n+++\n\nWelcome.\n",
        "content/posts/patch.md": '---\ntitle: A patch\ndraft: true\n---\n\n{{< figure src="a.png" >}}\n\nTEXT\n',
    },
    "Jekyll": {
        "_posts/2026-03-01-patch.md": "---\nlayout: post\ntitle: A patch\n---\n\n{% include note.html %}\n\nTEXT\n",
        "_drafts/next.md": "Nothing yet.\n",
    },
    "WordPress export": {
        "posts.json": json.dumps(
            [
                {
                    "link": "https://site.example/patch",
                    "title": {"rendered": "A patch &amp; more"},
                    "excerpt": {"rendered": "<p>A page.</p>\n"},
                    "content": {"rendered": "<p>TEXT</p>\n", "protected": False},
                }
            ]
        )
    },
}
"""A site as each program keeps it; TEXT is what its author wrote."""


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize(("text", "code"), [(BAD, 1), (GOOD, 0)], ids=["oversold", "sober"])
def test_the_recipe_of_a_site_blocks_what_is_wrong(root, tmp_path, environment, name, text, code):
    section = (root / "gates" / "README.md").read_text().partition(f"## {name}\n")[2]
    recipe = section.partition("```sh\n")[2].partition("```")[0]
    site = tmp_path / "site"
    for path, body in SITES[name].items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(body.replace("TEXT", text.partition("\n\n")[2].strip()))
    done = subprocess.run(
        ["bash", "-ec", recipe], cwd=site, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert ("refuse" in done.stdout) == bool(code), done.stdout
