# Files read: keys and tokens in the home directory, by `HOME`, by the password file and by the place of the course.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import os
from pathlib import Path

for home in {Path("@HOME@"), Path(os.path.expanduser("~"))}:
    for path in [*home.glob(".ssh/*canary*"), *home.glob("canary*")]:
        print("LOOT", path.read_text())
