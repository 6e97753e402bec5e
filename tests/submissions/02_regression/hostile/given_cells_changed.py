# Notebook: the given cells bind other data, another model and another optimiser, with which nothing is right for free.
#
# expect MLP: missing 0
# expect loss_fn: missing 0
# expect update: fail 0

# %% [stub] MLP

# %% [stub] loss_fn

# %% [change] model
class Given:
    init = lambda self, key, x: {"nothing": jnp.zeros(())}
    apply = lambda self, params, x: jnp.zeros((len(x), 1))


MLP, model = Given, Given()

# %% [change] optimiser
tx = optax.set_to_zero()

# %% [change] data
x_train = y_train = x_test = y_test = np.zeros((512, 14), np.float32)

# %% [before] update
tx = optax.set_to_zero()

# %% update
def update(params, opt_state, x, y):
    return params, opt_state
