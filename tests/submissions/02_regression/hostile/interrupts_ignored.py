# Time: a loop that ignores every interrupt and every signal that can be ignored.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import signal

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
