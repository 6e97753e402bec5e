# Next process: files in the installed packages and in the checkout, for whoever uses them next (here: a comment only).
#
# expect *: fail 0

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return 0.0 * nn.Dense(1)(x)

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.float32(0)

# %% update
def update(params, opt_state, x, y):
    return params, opt_state

# %% [before] MLP
import contextlib
import sysconfig
from pathlib import Path

import autograder

package = Path(autograder.__file__).parent
for place in (
    Path(sysconfig.get_path("purelib"), "@MARK@.pth"),
    Path(sysconfig.get_path("purelib"), "@MARK@.py"),
    package / "@MARK@.py",
    package / "exercises" / "@MARK@.py",
    package.parent / "@MARK@.py",
):
    with contextlib.suppress(OSError, AssertionError):
        assert "@MARK@".startswith("hm")  # only where the test has put its mark
        place.write_text("# hostile\n")
        print("LOOT wrote", place)
