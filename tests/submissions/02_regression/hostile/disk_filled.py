# Disk: writes three gigabytes to its folder, in a few large files and many small ones.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os

written, files = 0, []
try:
    for number in range(3):
        files.append(f"@MARK@-{number}")
        with open(files[-1], "wb") as file:
            for _ in range(100):
                written += file.write(bytes(10_000_000))
except OSError as error:
    print(type(error).__name__)
try:
    for number in range(20_000):
        files.append(f"@MARK@-small-{number}")
        with open(files[-1], "wb") as file:
            written += file.write(b"1")
except OSError as error:
    print(type(error).__name__)
if written > 2_000_000_000:
    print("LOOT", written, "bytes")
for name in files:
    if os.path.exists(name):
        os.unlink(name)
