# Files read: every descriptor that the grader left open, and the working folders and roots of its processes.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os

for entry in os.listdir("/proc/self/fd"):
    number = int(entry)
    try:
        name = os.readlink(f"/proc/self/fd/{number}")
        if number > 2 and "@COURSE@" in name:
            print("LOOT", name, os.pread(number, 500, 0))
    except OSError:
        pass
for pid in {1, os.getppid()}:
    for door in ("root", "cwd"):
        try:
            with open(f"/proc/{pid}/{door}/@COURSE@/.autograder/seeds.json") as file:
                print("LOOT", file.read())
        except OSError:
            pass
