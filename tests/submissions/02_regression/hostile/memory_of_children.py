# Memory: eight children take 800 MB each, so that no single one has much.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import subprocess
import sys

code = "import sys, time; taken = bytearray(b'1') * 800_000_000; time.sleep(20); sys.exit(7)"
children = [subprocess.Popen([sys.executable, "-S", "-c", code, "@MARK@"]) for _ in range(8)]
print("LOOT", sum(child.wait() == 7 for child in children), "children had their memory")
