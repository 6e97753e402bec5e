# Memory: files in shared memory, which is nobody's heap, and an anonymous file.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os

handles = []
for place in ("/dev/shm/@MARK@", "/run/@MARK@", "/tmp/@MARK@-shared"):
    try:
        handles.append(os.open(place, os.O_RDWR | os.O_CREAT))
        os.unlink(place)
    except OSError as error:
        print(type(error).__name__)
handles.append(os.memfd_create("@MARK@"))
written = 0
for handle in handles:
    try:
        for _ in range(160):
            written += os.write(handle, bytes(10_000_000))
    except OSError as error:
        print(type(error).__name__)
if written > 2_000_000_000:
    print("LOOT", written, "bytes")
