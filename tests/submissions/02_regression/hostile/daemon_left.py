# Processes: leaves a daemon behind, of its own session, that marks the course when the grading is over.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os
import subprocess

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3, 64):
            try:
                os.close(number)
            except OSError:
                pass
        script = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do sleep 2; echo hostile > "@COURSE@/@MARK@"; done'
        os.execv("/bin/sh", ["@MARK@", "-c", script])
    os._exit(0)
