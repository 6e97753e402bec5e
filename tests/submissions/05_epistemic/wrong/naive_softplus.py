# Right, but log(1 + exp(rho)) is written out: for narrow q that is the logarithm of 0.
#
# expect kl_to_prior: fail 2.4 "jax.nn.softplus"

# %% kl_to_prior
def kl_to_prior(variational_params):
    def leaf(loc, rho):
        scale = jnp.log(1 + jnp.exp(rho))
        return jnp.sum((scale**2 + loc**2 - 1) / 2 - jnp.log(scale))

    return sum(jax.tree.leaves(jax.tree.map(leaf, variational_params["loc"], variational_params["rho"])))
