"""Each limit ends the process that goes beyond it, and says in which cell."""

import os
import threading
import time

import psutil

from autograder.sandbox.limits import GB, MB, Resources

BUSY = "while True: pass"
FORK_BOMB = """
import os
while True:
    os.fork()
"""
CHILDREN = """
import os, time
for _ in range({number}):
    if os.fork() == 0:
        {do}
        time.sleep(60)
time.sleep(60)
"""


def test_memory(cells):
    """An array that grows."""
    ended = cells("1", "hoard = []\nwhile True: hoard.append(bytearray(10_000_000))").ended
    assert (ended.how, ended.stage) == ("memory", "cell 1")


def test_memory_of_all_processes_together(cells):
    """Each of four children stays far below the limit."""
    ended = cells(CHILDREN.format(number=4, do="hoard = b'x' * 300_000_000")).ended
    assert (ended.how, ended.stage) == ("memory", "cell 0")


def test_shared_memory_is_counted_once(cells):
    """What a fork shares with its parent is not memory used again."""
    cell = """
import os, time
hoard = b'x' * 300_000_000
children = [os.fork() for _ in range(1)]
for _ in range(3):
    if children[-1]: children.append(os.fork())
if not children[-1]:
    time.sleep(1)
    os._exit(0)
for child in children: os.waitpid(child, 0)
"""
    assert cells(cell, "print('done')").printed.get(1) == "done\n"


def test_one_huge_array_is_a_python_error(cells):
    """What cannot even be mapped raises, and the next cell runs."""
    ran = cells("bytearray(10**12)", "print('still here')")
    assert "MemoryError" in ran.printed[0]
    assert ran.printed[1] == "still here\n"


def test_processor_time(cells):
    """Of all processes together, those that have ended included."""
    resources = Resources(memory=1 * GB, cpu_seconds=3.0)
    cell = "import os, time\nfor _ in range(2):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(60)"
    assert cells(cell, resources=resources).ended.how in {"cpu", "died"}


def test_fork_bomb(cells):
    """The machine goes on, nothing of it is left."""
    ended = cells(FORK_BOMB).ended
    assert (ended.how, ended.stage) == ("processes", "cell 0")
    assert with_argument("autograder.capture.run", parents={1, os.getpid()}) == []


def with_argument(argument, parents=None):
    """The processes that were started with `argument`, by anybody or by one of `parents`."""
    found = [p for p in psutil.process_iter(["cmdline", "ppid"]) if argument in (p.info["cmdline"] or ())]
    return [p.pid for p in found if parents is None or p.info["ppid"] in parents]


def test_processes(cells):
    """More than there may be."""
    assert cells(CHILDREN.format(number=20, do="pass")).ended.how == "processes"


def test_endless_cell(cells):
    """The cell that does not end is named; the time before it does not count."""
    ended = cells("import time; time.sleep(0.5)", BUSY, seconds=1.0).ended
    assert (ended.how, ended.stage) == ("timeout", "cell 1")


def test_time_in_all(cells):
    """Cells that each keep their limit, but never come to an end together."""
    ended = cells(
        *["import time; time.sleep(0.3)"] * 50, resources=Resources(wall_seconds=3.0), seconds=2.0
    ).ended
    assert ended.how == "too long"


def test_disk(cells):
    """The sandbox's folder is full long before the machine's disk is."""
    ran = cells(
        "open('big', 'wb').write(bytes(30_000_000))", "import os\nprint(os.statvfs('/tmp').f_blocks > 0)"
    )
    assert "OSError" in ran.printed[0]
    assert ran.printed[1] == "True\n"


def test_no_other_place_to_fill(cells):
    """Shared memory is small; nothing else can be written."""
    fill = "with open({!r}, 'wb') as file:\n    for _ in range(100): file.write(bytes(1_000_000))"
    ran = cells(*[fill.format(place) for place in ("/dev/shm/x", "/dev/x", "/x", "/var/x")])
    assert all("Error" in ran.printed[number] for number in range(4))


def test_stderr_flood(cells):
    """Written past Python's streams."""
    flood = "import os\nwhile True: os.write(2, b'x' * 60_000)"
    assert cells(flood, resources=Resources(stderr=5 * MB)).ended.how == "flood"


def test_much_output_is_cut_off(cells):
    """A cell that prints much, and many cells that print: what is kept is little."""
    ran = cells("print('x' * 10_000_000)", *["print('y' * 19_000)"] * 30)
    assert ran.printed[0].endswith("… cut off here\n")
    assert sum(map(len, ran.printed.values())) < 400_000


DAEMON = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 256)
        for number in range(1, 32):
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError): pass
        os.execvp("sleep", ["sleep", MARK])
    os._exit(0)
time.sleep(0.5)
"""


def test_daemon_is_dead_when_it_ends(cells):
    """A process that left its session, closed all handles and ignores signals does not survive."""
    mark = f"987.{os.getpid()}{time.monotonic_ns()}"
    running = []
    watcher = threading.Timer(0.1, lambda: running.extend(_wait_for(lambda: with_argument(mark))))
    watcher.start()
    ran = cells(f"MARK = {mark!r}\n{DAEMON}", "import time; time.sleep(0.5)")
    watcher.join()
    assert running
    assert ran.ended.how == "done"
    assert with_argument(mark) == []


def _wait_for(look, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    return []


def test_ending_is_quick(cells):
    """A sandbox full of sleeping processes ends at once."""
    start = time.monotonic()
    assert cells(CHILDREN.format(number=5, do="pass"), seconds=0.5).ended.how == "timeout"
    assert time.monotonic() - start < 20
