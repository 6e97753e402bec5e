# Memory: takes six gigabytes in steps, and touches every page.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import time

taken = []
for _ in range(24):
    taken.append(np.ones(250_000_000 // 8))
    time.sleep(0.05)
print("LOOT", sum(part.nbytes for part in taken), "bytes")
