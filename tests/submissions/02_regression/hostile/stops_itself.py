# Signals: stops itself, and is neither dead nor alive.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
