"""What student code sees from inside a bubblewrap sandbox, and what it can reach."""

import ast
import errno
import hashlib
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

import autograder
from autograder.sandbox import seccomp
from autograder.sandbox.bwrap import Bwrap
from autograder.sandbox.paths import view
from autograder.sandbox.probe import leaks

ROOT = Path(autograder.__file__).parents[1]

LOOK = """
import os, pathlib
found = {}
found["environment"] = dict(os.environ)
found["root"] = sorted(os.listdir("/"))
found["checkout"] = sorted(os.listdir(CHECKOUT)) if os.path.isdir(CHECKOUT) else []
found["home"] = sorted(os.listdir(HOME)) if os.path.isdir(HOME) else []
found["secrets"] = [path for path in SECRETS if os.path.exists(path)]
found["course"] = os.listdir(COURSE) if os.path.isdir(COURSE) else []
found["processes"] = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
found["process 1"] = pathlib.Path("/proc/1/environ").read_text(errors="replace")
found["command"] = pathlib.Path("/proc/1/cmdline").read_text(errors="replace")
found["ids"] = [os.getuid(), os.getgid(), os.getpid() < 10, os.uname().nodename]
found["capabilities"] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("Cap")]
found["mounts"] = [line.split()[:4] for line in open("/proc/self/mounts")]
handles = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
found["handles"] = [os.readlink(handle) for handle in handles if os.path.lexists(handle)]
print(found)
"""
TOUCH = """
import os
opened = []
for folder, folders, files in os.walk("/"):
    if folder.startswith(("/proc", "/tmp", "/dev/shm", "/dev/pts")):
        folders.clear()
        continue
    if folder.count("/") > 4: folders.clear()
    try:
        open(os.path.join(folder, "written"), "w").close()
        opened.append(folder)
    except OSError:
        pass
print(opened)
"""
NETWORK = """
import socket
reached = []
there = (socket.AF_INET, ("127.0.0.1", PORT)), (socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_UNIX, PATH)
for family, address in there:
    try:
        with socket.socket(family) as s:
            s.settimeout(3)
            s.connect(address)
        reached.append(address)
    except OSError:
        pass
try:
    socket.create_connection(("localhost", PORT), 3)
    reached.append("localhost")
except OSError:
    pass
with open("/proc/net/dev") as file:
    print([reached, [line.split(":")[0].strip() for line in file if ":" in line]])
"""
CALLS = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
answers = {}
for name, number in NUMBERS.items():
    ctypes.set_errno(0)
    libc.syscall(number, 0, 0, 0, 0, 0)
    answers[name] = ctypes.get_errno()
print(answers)
"""

NAMESPACE = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.unshare(0x10000000), libc.clone(0, 0, 0x10000000 | 17, 0))
"""
KILL = """
import os, time
if os.fork() == 0: time.sleep(60)
os.kill(-1, 9)
print(os.wait()[1])
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in a place that a sandbox shows: below the interpreter's own folder there could be one."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("gradebook.db", ".autograder/seeds.json", "submitted/ada/04_mdn/04_mdn.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("secret")
    return folder


@pytest.fixture(scope="module")
def printed(bwrap, run_cells, course):
    """What the cells of one sandbox print, by name: they look around, and try what they should not be able to do."""
    secrets = [
        *(ROOT / name for name in ("source", "solutions", "tests", ".git", "pyproject.toml", "demo")),
        *(ROOT / "autograder" / "data" / name for name in ("source/04_mdn", "solutions/04_mdn")),
        "/etc/passwd",
        "/etc/shadow",
        "/etc/hostname",
        "/sys/class/net",
        "/var/lib",
        "/home",
        course / "gradebook.db",
    ]
    names = {
        "CHECKOUT": str(ROOT),
        "HOME": str(Path.home()),
        "SECRETS": list(map(str, secrets)),
        "COURSE": str(course),
    }
    cells = {
        "names": f"globals().update({names!r})",
        "look": LOOK,
        "touch": TOUCH,
        "calls": f"NUMBERS = {seccomp.refused()!r}\n{CALLS}",
        "namespace": NAMESPACE,
        "kill": KILL,
    }
    os.environ["SECRET_TOKEN"] = "hunter2"
    try:
        ran = run_cells(replace(bwrap, hidden=(course,)), *cells.values())
    finally:
        del os.environ["SECRET_TOKEN"]
    return dict(zip(cells, ran.printed.values(), strict=True))


@pytest.fixture(scope="module")
def seen(printed):
    """What a cell finds when it looks around."""
    return ast.literal_eval(printed["look"])


def test_environment_is_empty_but_for_what_we_set(seen):
    """Nothing of the environment of whoever grades, in process 1 neither."""
    assert "SECRET_TOKEN" not in seen["environment"]
    allowed = {"PATH", "HOME", "TMPDIR", "LANG", "USER", "LOGNAME", "LC_CTYPE", "PWD"}
    ours = {"MPLBACKEND", "TQDM_DISABLE", "JAX_PLATFORMS", "CLUSTERMASS_CACHE"}
    python = {"PYTHONWARNINGS", "PYTHONDONTWRITEBYTECODE", "PYTHONUSERBASE", "PYTHONPATH"}
    libraries = {name for name in seen["environment"] if name.startswith(("TF_", "XLA_", "JAX_", "KMP_"))}
    assert set(seen["environment"]) <= allowed | ours | python | libraries
    assert seen["process 1"].strip("\0") == ""


def test_nothing_of_the_machine_but_system_and_python(seen):
    """No home, no course, no checkout, no other files of the system."""
    assert seen["secrets"] == []
    assert seen["course"] == []
    there = view()
    needed = [
        path
        for path in (*there.shown, *(link for _, link in there.links))
        if path.is_relative_to(Path.home())
    ]
    assert set(seen["home"]) <= {path.relative_to(Path.home()).parts[0] for path in needed}
    assert set(seen["checkout"]) <= {"autograder", "clustermass", ".venv"}


def test_other_processes_are_not_there(seen):
    """Its own, and the one that waits for it."""
    assert len(seen["processes"]) <= 3
    assert seen["ids"] == [1000, 1000, True, "sandbox"]


def test_no_capabilities(seen):
    """None, and none to be had."""
    assert {int(mask, 16) for mask in seen["capabilities"]} == {0}


def test_command_line_does_not_say_what_is_hidden(seen, course):
    """The options, with paths of the machine, are handed over another way."""
    assert str(course) not in seen["command"]
    assert "--ro-bind" not in seen["command"]


def test_everything_is_mounted_read_only_but_its_own_folder(seen):
    """And that has a size."""
    writable = {place for _, place, _, options in seen["mounts"] if options.split(",")[0] == "rw"}
    devices = {
        f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty", "pts", "console")
    }
    assert writable - devices <= {"/proc", "/dev/shm", "/tmp"}
    for _, place, kind, options in seen["mounts"]:
        if place in {"/tmp", "/dev/shm"}:
            assert kind == "tmpfs"
            assert "size=" in options


def test_only_our_own_handles(seen):
    """Standard streams that lead nowhere, our two pipes and stderr; no file of the machine."""
    assert all(
        handle == "/dev/null" or handle.startswith(("pipe:", "/proc/", "anon_inode:", "socket:"))
        for handle in seen["handles"]
    )


def test_nothing_can_be_written_outside(printed):
    """A walk over everything that is visible finds no folder to write in."""
    assert printed["touch"] == "[]\n"


def test_a_shown_place_can_hide_another(bwrap, run_cells, tmp_path, monkeypatch):
    """A course inside a folder that is shown is covered by an empty one."""
    shown, course = tmp_path / "lib", tmp_path / "lib" / "course"
    course.mkdir(parents=True)
    (course / "gradebook.db").write_text("secret")
    monkeypatch.setattr("autograder.sandbox.paths._FILES", (str(shown),))
    look = f"import os\nprint(os.listdir({str(shown)!r}), os.listdir({str(course)!r}))"
    touch = f"open({str(course / 'x')!r}, 'w')"
    printed = run_cells(replace(bwrap, hidden=(course,)), look, touch).printed
    assert printed[0] == "['course'] []\n"
    assert "Read-only file system" in printed[1]


ATTACK = """
import os, pathlib, shutil, sqlite3
done = []
course = pathlib.Path(COURSE)
def attempt(what):
    try:
        what()
        done.append(what.__code__.co_names)
    except (OSError, sqlite3.Error): pass
attempt(lambda: (course / "gradebook.db").write_text("full points"))
attempt(lambda: sqlite3.connect(course / "gradebook.db").execute("CREATE TABLE x (y)"))
attempt(lambda: (course / "gradebook.db").unlink())
attempt(lambda: os.symlink("/etc", course / "autograded"))
attempt(lambda: shutil.rmtree(course))
attempt(lambda: os.chmod(course, 0o777))
attempt(lambda: os.mkdir(course / "new"))
attempt(lambda: os.link("/proc/self/status", course / "link"))
attempt(lambda: os.rename(course, "/tmp/course"))
print(done)
"""


def test_course_is_as_it_was(bwrap, run_cells, course):
    """Who knows where it is can do nothing there: it is not there."""
    before = tree(course)
    ran = run_cells(replace(bwrap, hidden=(course,)), f"COURSE = {str(course)!r}\n{ATTACK}")
    assert ran.printed[0] == "[]\n"
    assert tree(course) == before


def tree(folder):
    """Everything below `folder`: modes, times of change, and a hash of each file's bytes."""
    return {
        str(path): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in [folder, *folder.rglob("*")]
    }


def test_catalogue_can_be_read_and_not_changed(bwrap, run_cells, tmp_path):
    """The file that the coordinator made, where `load_catalog` looks."""
    table = tmp_path / "simulated-261287-0.fits"
    table.write_text("stars")
    look = "from clustermass.cache import cache_directory\nfound = cache_directory() / 'simulated-261287-0.fits'\n"
    cells = (
        f"{look}print(found.read_text())",
        "found.write_text('poison')",
        "found.unlink()",
        "found.rename('/tmp/x')",
    )
    printed = run_cells(replace(bwrap, catalogue=table), *cells).printed
    assert printed[0] == "stars\n"
    assert all("Error" in printed[number] for number in (1, 2, 3))
    assert table.read_text() == "stars"


def test_no_network(cells, tmp_path):
    """Not the machine's own ports, not the internet, not a socket in a file."""
    with socket.socket() as server, socket.socket(socket.AF_UNIX) as local:
        server.bind(("127.0.0.1", 0))
        server.listen()
        path = str(tmp_path / "socket")
        local.bind(path)
        local.listen()
        cell = f"PORT, PATH = {server.getsockname()[1]}, {path!r}\n{NETWORK}"
        reached, devices = ast.literal_eval(cells(cell).printed[0])
    assert reached == []
    assert set(devices) <= {"lo"}


@pytest.mark.skipif(not seccomp.refused(), reason="system calls of this machine are not known")
def test_refused_system_calls(printed):
    """Each fails as if the kernel did not have it."""
    answers = ast.literal_eval(printed["calls"])
    assert {name for name, number in answers.items() if number != errno.ENOSYS} == set()


def test_no_new_user_namespace(printed):
    """Which would give it capabilities over namespaces of its own."""
    assert printed["namespace"] == "-1 -1\n"


def test_killing_everything_kills_only_itself(printed):
    """A signal to all processes reaches those of the sandbox; not even the one that waits for it can be ended."""
    assert printed["kill"] == "9\n"


def test_result_can_be_repeated_in_the_same_place(cells):
    """A sandbox begins empty: what one has left the next does not find."""
    cell = "import os\nprint(sorted(os.listdir('/tmp')))\nopen('/tmp/left', 'w').close()"
    first, second = (cells(cell).printed[0] for _ in range(2))
    assert "left" not in first
    assert first == second


def test_a_bwrap_that_is_none(tmp_path):
    """A program of that name that does nothing is found out."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\nexit 0\n")
    fake.chmod(0o755)
    assert leaks(Bwrap(fake, "a fake"))


def test_a_bwrap_that_isolates_nothing(tmp_path):
    """One that only runs the command, with everything in sight, is found out too."""
    fake = tmp_path / "bwrap"
    fake.write_text('#!/bin/sh\nwhile [ "$1" != "--" ]; do shift; done\nshift\nexec "$@"\n')
    fake.chmod(0o755)
    assert "sees" in leaks(Bwrap(fake, "a fake"))
