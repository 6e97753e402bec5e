# Processes: starts three hundred that sleep for half a minute.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import subprocess

started = []
try:
    for _ in range(300):
        started.append(subprocess.Popen(["@MARK@", "30"], executable="/bin/sleep"))
except OSError as error:
    print(type(error).__name__)
print(len(started), "processes")
