# Links: replaces every file in its folder by links to the gradebook, to endless devices, and by pipes.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import contextlib
import os

targets = ["@COURSE@/gradebook.db", "/dev/zero", "@COURSE@/.autograder/seeds.json", "pipe"]
names = [*os.listdir("."), "artifact.zip", "outputs.json", "events.jsonl", "verdict.json", "judge.jsonl", "stderr.txt"]
for position, name in enumerate(dict.fromkeys(names)):
    with contextlib.suppress(OSError):
        if os.path.isfile(name) and not name.startswith(("request", "artifact", "outputs", "events", "stderr")):
            continue
        if os.path.lexists(name):
            os.unlink(name)
        target = targets[position % len(targets)]
        os.mkfifo(name) if target == "pipe" else os.symlink(target, name)
