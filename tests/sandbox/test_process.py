"""The watch: processes that are killed, that lie about what they do, and coordinators that die."""

import os
import random
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from autograder.sandbox.limits import MB, Resources
from autograder.sandbox.local import NO_ISOLATION
from autograder.sandbox.process import Abandoned, abandoned

SLEEP = "import time; time.sleep(60)"
# Student code that has found the handle on which the grader's own module speaks.
FORGE = """
import os
pipes = []
for name in os.listdir("/proc/self/fd"):
    try:
        if os.readlink(f"/proc/self/fd/{name}").startswith("pipe:") and int(name) > 2:
            pipes.append(int(name))
    except OSError: pass
for handle in pipes:
    try: os.write(handle, CONTENT)
    except OSError: pass
"""
COORDINATOR = """
import sys
sys.path.insert(0, sys.argv[1])
import cells_apart
from autograder.sandbox.choice import choose
isolation = choose(sys.argv[2])
print("ready", flush=True)
cells_apart.capture_cells(isolation, "import subprocess, time\\nsubprocess.Popen(['sleep', '531'])\\ntime.sleep(532)")
"""


@pytest.mark.parametrize(
    "content",
    [
        b"garbage that is no frame, for longer than any heading could be .....",
        b"artifact 99999999999\n",
        b"stage 6\ncell 5",
        b"stage 6\ncell 0",
    ],
)
def test_forged_frames(cells, content):
    """They end the conversation."""
    ended = cells(f"CONTENT = {content!r}\n{FORGE}\n{SLEEP}").ended
    assert (ended.how, ended.stage) == ("malformed", "cell 0")
    assert "artifact" not in ended.results


def test_forged_end(cells):
    """It says that it is done, and has nothing to show for it."""
    ended = cells(f"CONTENT = b'done 0\\n'\n{FORGE}", SLEEP).ended
    assert ended.how in {"done", "malformed"}
    assert ended.results == {}


def test_closing_every_handle(cells):
    """Nothing more is heard of it; that is its own death."""
    ended = cells("import os\nos.closerange(0, 1000)", SLEEP).ended
    assert (ended.how, ended.stage) == ("died", "cell 0")


@pytest.mark.parametrize(("cell", "status"), [("os._exit(0)", 0), ("os._exit(7)", 7), ("os.abort()", -6)])
def test_how_it_died(cells, cell, status):
    """The exit status, or the signal, is told."""
    ended = cells(f"import os\n{cell}").ended
    assert (ended.how, ended.status, ended.stage) == ("died", status, "cell 0")


def test_killed_from_outside(bwrap, run_cells):
    """At whatever moment: it ends at once, as one that died by a signal."""
    rng = random.Random(3)
    for _ in range(3):
        threading.Timer(rng.uniform(0.05, 1.0), _kill_sandboxes, (os.getpid(),)).start()
        start = time.monotonic()
        ended = run_cells(bwrap, SLEEP).ended
        assert ended.how == "died"
        assert ended.by_signal
        assert time.monotonic() - start < 20


def _kill_sandboxes(parent):
    for child in psutil.Process(parent).children():
        if child.name() == "bwrap":
            child.kill()


def test_abandoned(bwrap, run_cells):
    """Everything ends at once when the grading stops."""
    outcome = []

    def run():
        try:
            run_cells(bwrap, SLEEP)
        except Abandoned as error:
            outcome.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    with abandoned():
        for thread in threads:
            thread.join(20)
    assert len(outcome) == 3


@pytest.mark.parametrize("name", ["bwrap", "none"])
def test_nothing_lives_on_when_the_coordinator_is_killed(name, request):
    """SIGKILL, with a sandbox at work."""
    if name != "none":
        request.getfixturevalue(name)
    command = [sys.executable, "-c", COORDINATOR, os.path.dirname(__file__), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as coordinator:
        assert coordinator.stdout.readline() == "ready\n"
        below = _wait_for(lambda: _with_sleep(coordinator.pid))
        if name == "none":  # what its processes started themselves is not caught
            below = [process for process in below if "autograder.capture.run" in _command(process)]
        coordinator.send_signal(signal.SIGKILL)
        coordinator.wait()
        gone, alive = psutil.wait_procs(below, timeout=20)
        for process in psutil.process_iter(["cmdline"]):
            if process.info["cmdline"] == ["sleep", "531"] and name == "none":
                process.kill()
    assert gone
    assert alive == []


def _with_sleep(pid):
    processes = psutil.Process(pid).children(recursive=True)
    return processes if any("531" in _command(process) for process in processes) else []


def _command(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _wait_for(look):
    for _ in range(600):
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError


def test_without_isolation_what_it_started_is_ended_too(run_cells):
    """As far as it was seen: a child in a session of its own."""
    cell = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(613)\ntime.sleep(60)"
    before = set(psutil.Process().children(recursive=True))
    below = []

    def look():
        time.sleep(1.0)
        below.extend(set(psutil.Process().children(recursive=True)) - before)

    watcher = threading.Thread(target=look)
    watcher.start()
    ended = run_cells(NO_ISOLATION, cell, seconds=3.0).ended
    watcher.join()
    assert ended.how == "timeout"
    assert len(below) >= 2
    assert psutil.wait_procs(below, timeout=10)[1] == []


def test_without_isolation_limits_hold(run_cells):
    """Memory is watched all the same."""
    hoard = "hoard = []\nwhile True: hoard.append(bytearray(10_000_000))"
    assert run_cells(NO_ISOLATION, hoard, resources=Resources(memory=600 * MB)).ended.how == "memory"


def test_without_isolation_the_catalogue_of_the_instructor_stays_out(run_cells, monkeypatch):
    """The variable that names it is the one that does not come along."""
    monkeypatch.setenv("CLUSTERMASS_CATALOG", "/somewhere")
    assert (
        run_cells(NO_ISOLATION, "import os\nprint(os.environ.get('CLUSTERMASS_CATALOG'))").printed[0]
        == "None\n"
    )
