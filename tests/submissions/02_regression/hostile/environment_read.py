# Environment read: its own variables, and those of the processes that started it, as far as they are there.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os
import re

seen = [f"{name}={value}" for name, value in os.environ.items()]
pid = os.getpid()
for _ in range(4):
    try:
        for entry in ("environ", "cmdline"):
            with open(f"/proc/{pid}/{entry}", errors="replace") as file:
                seen += file.read().split("\0")
        with open(f"/proc/{pid}/status") as file:
            pid = int(re.search(r"PPid:\s*(\d+)", file.read())[1])
    except OSError as error:
        print(type(error).__name__)
        break
for word in seen:
    if "CANARY" in word or "@COURSE@" in word:
        print("LOOT", word)
