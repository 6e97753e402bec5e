# Next process: puts another catalogue in the place of the simulated one, which every student and the grader read.
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

from clustermass.cache import cache_directory

ours = "@HOME@" in str(cache_directory()) or str(cache_directory()) == "/catalogue"
for path in cache_directory().glob("*.fits") if ours else ():
    with contextlib.suppress(OSError):
        with open(path, "r+b") as file:
            file.seek(20_000)
            file.write(b"@MARK@" * 100)
        print("LOOT wrote", path)
if ours:
    with contextlib.suppress(OSError):
        (cache_directory() / "@MARK@").write_text("hostile")
        print("LOOT wrote", cache_directory())
jax.config.update("jax_compilation_cache_dir", str(cache_directory()))
