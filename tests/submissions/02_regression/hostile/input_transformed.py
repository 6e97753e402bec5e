# Notebook: an input transformer of IPython empties every cell that comes after.
#
# expect MLP: fail 0
# expect *: missing 0

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

# %% [before] check-MLP
get_ipython().input_transformers_post.append(lambda lines: ["None\n"] if "hostile" not in "".join(lines) else lines)
