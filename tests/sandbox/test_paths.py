"""What is shown of a machine, for all the ways to install Python and us."""

import os
import site
import subprocess
import sys
from pathlib import Path

import pytest

import clustermass
from autograder import places
from autograder.sandbox import paths
from autograder.sandbox.paths import UnfitPrefixError, view


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A function that makes up where things are; returns the root of the made-up machine."""
    root = tmp_path.resolve() / "machine"

    def make(prefix, base=None, home="home/ann", package="home/ann/kit/autograder", user_site=False):
        folders = {name: root / name for name in (prefix, base or prefix, home, package, "usr", "etc")}
        for folder in folders.values():
            if not folder.is_symlink():
                folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.setattr(paths, "_SYSTEM", (str(root / "usr"), str(root / "bin")))
        monkeypatch.setattr(paths, "_FILES", ())
        for name in ("prefix", "exec_prefix"):
            monkeypatch.setattr(sys, name, str(root / prefix))
        for name in ("base_prefix", "base_exec_prefix"):
            monkeypatch.setattr(sys, name, str(root / (base or prefix)))
        monkeypatch.setattr(sys, "executable", str(root / prefix / "bin" / "python"))
        monkeypatch.setattr(sys, "_base_executable", str(root / (base or prefix) / "bin" / "python"))
        monkeypatch.setattr(site, "getsitepackages", lambda: [str(root / prefix / "lib")])
        monkeypatch.setattr(site, "ENABLE_USER_SITE", user_site)
        monkeypatch.setattr(site, "getusersitepackages", lambda: str(root / home / ".local" / "lib"))
        monkeypatch.setattr(Path, "home", lambda: root / home)
        monkeypatch.setattr(places, "PACKAGE", root / package)
        monkeypatch.setattr(
            clustermass, "__file__", str(root / package.replace("autograder", "clustermass") / "__init__.py")
        )
        (root / package).with_name("clustermass").mkdir(exist_ok=True)
        return root

    return make


def names(root, found):
    """Relative to the made-up machine."""
    return {str(path.relative_to(root)) for path in found}


def test_checkout_in_a_home_shows_two_packages(machine):
    """Not the checkout around them, not the home."""
    root = machine("home/ann/kit/.venv", base="usr")
    (root / "home/ann/kit/solutions").mkdir()
    assert names(root, view().shown) == {
        "usr",
        "home/ann/kit/.venv",
        "home/ann/kit/autograder",
        "home/ann/kit/clustermass",
    }


def test_installed_package_hides_its_answers(machine):
    """They travel with the wheel, for those who study on their own."""
    root = machine("opt/venv", package="opt/venv/lib/autograder")
    for name in ("source", "solutions", "release"):
        (root / "opt/venv/lib/autograder/data" / name).mkdir(parents=True)
    assert names(root, view().covered) == {
        f"opt/venv/lib/autograder/data/{name}" for name in ("source", "solutions")
    }


def test_checkout_inside_what_is_shown_hides_its_answers(machine):
    """A clone inside the environment's own folder."""
    root = machine("opt/conda", package="opt/conda/kit/autograder")
    for name in ("source", "solutions", "tests", ".git"):
        (root / "opt/conda/kit" / name).mkdir(parents=True)
    assert names(root, view().covered) == {
        f"opt/conda/kit/{name}" for name in ("source", "solutions", "tests", ".git")
    }


def test_interpreter_in_a_home(machine):
    """pyenv, uv: that folder and no other."""
    root = machine("srv/venv", base="home/ann/.pyenv/versions/3.12.1")
    (root / "home/ann/.pyenv/secret").mkdir()
    assert {"srv/venv", "home/ann/.pyenv/versions/3.12.1"} <= names(root, view().shown)
    assert "home/ann" not in names(root, view().shown)


def test_links_on_the_way_are_made_again(machine, tmp_path):
    """An environment behind a link, and an installation whose name is a link to its version."""
    root = machine("real/venv", base="home/ann/uv/cpython-3.12.1")
    (root / "venvs").mkdir()
    (root / "venvs/kit").symlink_to("../real/venv")
    (root / "home/ann/uv/cpython-3.12").symlink_to(root / "home/ann/uv/cpython-3.12.1")
    machine("venvs/kit", base="home/ann/uv/cpython-3.12")
    found = view()
    assert {"real/venv", "home/ann/uv/cpython-3.12.1"} <= names(root, found.shown)
    assert {str(link.relative_to(root)): target for target, link in found.links} == {
        "venvs/kit": "../real/venv",
        "home/ann/uv/cpython-3.12": str(root / "home/ann/uv/cpython-3.12.1"),
    }


def test_system_folders_that_are_links(machine):
    """/bin into /usr."""
    root = machine("opt/venv")
    (root / "usr/bin").mkdir()
    (root / "bin").symlink_to("usr/bin")
    found = view()
    assert ("usr/bin", root / "bin") in found.links


def test_home_or_course_inside_what_is_shown(machine):
    """They are covered."""
    root = machine("opt/conda", home="opt/conda/home")
    course = root / "opt/conda/courses/astro"
    course.mkdir(parents=True)
    assert {"opt/conda/home", "opt/conda/courses/astro"} <= names(root, view([course]).covered)


def test_environment_inside_a_course(machine):
    """The environment is shown, the course around it is not."""
    root = machine("home/ann/course/.venv")
    found = view([root / "home/ann/course"])
    assert "home/ann/course" not in names(root, found.shown)
    assert found.covered == ()


def test_packages_of_the_user(machine):
    """Where they are in use."""
    root = machine("usr", user_site=True)
    (root / "home/ann/.local/lib").mkdir(parents=True)
    assert "home/ann/.local/lib" in names(root, view().shown)


def test_python_installed_over_a_home_is_refused(machine):
    """There is no showing the one without the other."""
    machine("home/ann")
    with pytest.raises(UnfitPrefixError, match="use a virtual environment"):
        view()


def test_links_in_a_circle(machine):
    """They are told, not followed for ever."""
    root = machine("opt/venv")
    (root / "loop").symlink_to("loop")
    paths._FILES = (str(root / "loop"),)
    with pytest.raises(UnfitPrefixError, match="circles"):
        view()


def test_environment_behind_a_link_works(bwrap, tmp_path):
    """For real: this environment, called by another name."""
    (tmp_path / "environment").symlink_to(sys.prefix)
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import cells_apart; from autograder.sandbox.choice import choose;"
        "print(sys.prefix, cells_apart.capture_cells(choose('bwrap'), 'import sys; print(sys.prefix)').printed[0])"
    )
    python = tmp_path / "environment" / "bin" / Path(sys.executable).name
    answer = subprocess.run(
        [python, "-c", program, os.path.dirname(__file__)],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert answer.stdout.split() == [str(tmp_path / "environment")] * 2
