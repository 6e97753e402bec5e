# Processes: attaches to the process that started it, as a debugger would, and looks into its memory.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import ctypes
import os

PTRACE_SEIZE = 0x4206
libc = ctypes.CDLL(None, use_errno=True)
for pid in {os.getppid(), 1}:
    if libc.ptrace(PTRACE_SEIZE, pid, 0, 0) == 0:
        print("LOOT attached to", pid)
    try:
        with open(f"/proc/{pid}/cmdline") as file, open(f"/proc/{pid}/mem", "r+b", buffering=0):
            if "bwrap" not in (command := file.read()):  # the first process of a sandbox has nothing that we have not
                print("LOOT could write to the memory of", command)
    except OSError as error:
        print(type(error).__name__)
