# Signals: kills its own process group, and with it whoever waits there.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os
import signal

os.killpg(0, signal.SIGKILL)
