# StableHLO: four megabytes of noise, written into the program.
#
# expect loss_fn: fail 0

# %% loss_fn
TABLE = np.random.default_rng(1).normal(size=1_000_000).astype(np.float32)


def loss_fn(params, x, y):
    return jnp.mean((model.apply(params, x) - y) ** 2) + 0 * jnp.asarray(TABLE)[jnp.argmax(y)]
