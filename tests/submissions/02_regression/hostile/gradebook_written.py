# Files written: gives the whole class full points in the gradebook.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import sqlite3
from pathlib import Path

for path in {Path("@COURSE@/gradebook.db"), *(folder / "gradebook.db" for folder in Path.cwd().parents)}:
    if path.is_file():
        with sqlite3.connect(path, timeout=5) as gradebook:
            gradebook.execute("UPDATE grade SET auto_score = 3, manual_score = 3, needs_manual_grade = 0")
            print("LOOT", gradebook.execute("SELECT * FROM student").fetchall())
