# Output: a gigabyte to standard output, to standard error, and to the descriptors below them.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os
import sys

line = "@MARK@" * 100_000
if "@COURSE@".startswith("/"):
    for _ in range(300):
        os.write(2, line.encode())
    for _ in range(300):
        os.write(1, line.encode())
    for _ in range(300):
        sys.stderr.write(line)
    for _ in range(1_000_000_000 // len(line)):
        print(line)
