# Files written: a marker in every folder of the course that it can write to, its own results among them.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
from pathlib import Path

course = Path("@COURSE@")
for folder in [course, *(course / name for name in ("submitted", "autograded", "feedback", ".autograder", "release", "source"))]:
    for place in [folder, *(folder.glob("*/*") if folder.is_dir() else ())]:
        try:
            (place / "@MARK@").write_text("hostile")
        except OSError:
            pass
