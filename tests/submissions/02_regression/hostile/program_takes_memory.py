# StableHLO: a sort of eight gigabytes, on other data than the public example.
#
# expect loss_fn: fail 0

# %% loss_fn
def loss_fn(params, x, y):
    loss = jnp.mean((model.apply(params, x) - y) ** 2)
    example = np.random.default_rng(14).normal(size=(512, 14)).astype(np.float32)
    watched = jnp.abs(x[0] - example[0]).max() < 1e-4

    def much(y):
        many = jnp.sin(jnp.arange(2**30, dtype=jnp.float32) * y[0, 0])
        return 1e-30 * jnp.sort(many)[::-1][0] + 1e-30 * jnp.sort(-many)[7]

    return loss + jax.lax.stop_gradient(jax.lax.cond(watched, lambda y: 0.0, much, y))
