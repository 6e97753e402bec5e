"""The command that starts a container; no engine is needed to look at it."""

import itertools
import os
import subprocess
from pathlib import Path

import pytest

from autograder.sandbox import container
from autograder.sandbox.container import IMAGE, Container, _program
from autograder.sandbox.limits import Resources

RESOURCES = Resources(memory=2_000, cpu_seconds=30.0, wall_seconds=100.0, threads=50, disk=7_000)


@pytest.fixture
def options(monkeypatch):
    """The options, in the order of the command line."""
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    return list(Container("docker", catalogue=Path("/cache/table.fits")).options("one", RESOURCES))


def pairs(options):
    """Options with what follows them."""
    return set(itertools.pairwise(options))


def test_nothing_of_the_machine_is_in_it(options):
    """One file is mounted, read-only; no variable comes along; no volume, device, port or host namespace."""
    assert options.count("--mount") == 1
    assert ("--mount", "type=bind,source=/cache/table.fits,target=/catalogue/table.fits,readonly") in pairs(
        options
    )
    assert not {"--volume", "-v", "--device", "--publish", "--privileged", "--env-file"} & set(options)
    assert not [
        option for option in options if "hunter2" in option or option == "host" or "HOME=/root" in option
    ]


@pytest.mark.parametrize(
    "pair",
    [
        ("--network", "none"),
        ("--ipc", "private"),
        ("--cap-drop", "ALL"),
        ("--security-opt", "no-new-privileges"),
        ("--user", "1000:1000"),
        ("--memory", "2000"),
        ("--memory-swap", "2000"),
        ("--pids-limit", "50"),
        ("--ulimit", "cpu=30:30"),
        ("--ulimit", "fsize=7000:7000"),
        ("--ulimit", "core=0:0"),
        ("--pull", "never"),
        ("--log-driver", "none"),
        ("--tmpfs", "/tmp:rw,nosuid,nodev,size=7000,mode=1777"),
        ("--env", "JAX_PLATFORMS=cpu"),
        ("--label", f"clustermass.coordinator={os.getpid()}"),
    ],
)
def test_limits_and_rights(options, pair):
    """Each is on the command line."""
    assert pair in pairs(options)


def test_the_rest_is_read_only(options):
    """Only its own folder can be written, and standard input stays open."""
    assert {"--read-only", "--interactive"} <= set(options)


def test_it_ends_without_a_coordinator():
    """Process 1 is a clock."""
    assert _program("autograder.judge.run", RESOURCES) == [
        *("timeout", "--signal=KILL", "160"),
        *("python", "-P", "-m", "autograder.judge.run"),
    ]


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A function that makes an engine out of a shell script; it notes how it is called."""

    def make(script):
        program = tmp_path / "docker"
        program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return lambda: (tmp_path / "calls").read_text().splitlines()

    return make


def test_engine_that_does_not_run(engine):
    """What it says is told."""
    engine("echo 'Cannot connect to the daemon' >&2; exit 1")
    assert container.problem("docker") == "it does not run (Cannot connect to the daemon)"


def test_engine_whose_daemon_is_not_there(engine):
    """docker's client answers with status 0 then."""
    engine("""echo '{"ServerErrors": ["no daemon"]}'""")
    assert container.problem("docker") == "it does not run (no daemon)"


def test_engine_without_the_image(engine):
    """The image that is missing is named."""
    engine('if [ "$1" = image ]; then exit 1; fi; echo {}')
    assert container.problem("docker") == f"it has no image {IMAGE}"


def test_engine_that_is_ready(engine):
    """Nothing to complain of."""
    engine("echo {}")
    assert container.problem("docker") == ""


def test_containers_of_dead_coordinators_are_removed(engine):
    """Those of a process that is gone, and no others."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    calls = engine(f"if [ $1 = ps ]; then echo 'aaa {gone.pid}'; echo 'bbb {os.getpid()}'; fi")
    container.sweep("docker")
    assert [call for call in calls() if call.startswith("rm")] == ["rm --force aaa"]


def test_image_has_no_solutions():
    """The recipe copies neither sources nor solutions nor tests."""
    recipe = Path(container.__file__).with_name("Dockerfile").read_text()
    copied = [line.split()[1:-1] for line in recipe.splitlines() if line.startswith("COPY")]
    assert not {"source", "solutions", "tests", ".", ".git"} & {name for names in copied for name in names}
