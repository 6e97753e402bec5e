# Signals: kills the process that started it, and process 1.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os
import signal

if "@MARK@".startswith("hm"):  # only where the test has put its mark
    for pid in (os.getppid(),):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError as error:
            print(type(error).__name__)
