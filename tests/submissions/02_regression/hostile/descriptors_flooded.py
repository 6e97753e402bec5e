# Verdict forged: writes frames, noise and a gigabyte of nothing to every descriptor that is open.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os

for entry in sorted(map(int, os.listdir("/proc/self/fd"))):
    for content in (b"done 0\n", b"verdict 2\n{}", b"artifact 99999999999\n", b"\xff" * 65536):
        try:
            os.set_blocking(entry, False)
            os.write(entry, content)
        except OSError:
            pass
os._exit(0)
