# Right, by hand: flat vectors of weights, formulas written out, one big batch for all samples, a Python loop.

# %% kl_to_prior
from jax.flatten_util import ravel_pytree

def softplus(rho):
    return jnp.logaddexp(rho, 0.0)

@jax.jit
def kl_to_prior(variational_params):
    loc, _ = ravel_pytree(variational_params["loc"])
    scale = softplus(ravel_pytree(variational_params["rho"])[0])
    return 0.5 * (jnp.dot(scale, scale) + jnp.dot(loc, loc) - loc.size - 2 * jnp.log(scale).sum())

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    loc, unravel = ravel_pytree(variational_params["loc"])
    rho, _ = ravel_pytree(variational_params["rho"])
    w = unravel(loc + softplus(rho) * jax.random.normal(key, loc.shape))
    z = (y - w["slope"] * x.squeeze(-1) - w["intercept"]) / 0.5
    nll = jnp.mean(0.5 * z**2 + jnp.log(0.5) + 0.5 * jnp.log(2 * jnp.pi))
    return kl_to_prior(variational_params) / len(x) + nll

# %% DropoutMLP
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, deterministic: bool):
        h = nn.gelu(nn.Dense(100)(x))
        h = nn.Dropout(rate=0.3, deterministic=deterministic)(h)
        h = nn.gelu(nn.Dense(20)(h))
        return nn.Dense(features=1)(h)

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    everything = jnp.tile(x, (num_samples, 1))
    y = DropoutMLP().apply(params, everything, False, rngs={"dropout": key})
    return y.reshape(num_samples, len(x))

# %% decompose
def decompose(means, variances):
    s = len(means)
    centre = sum(means) / s
    return sum(variances) / s, sum((m - centre) ** 2 for m in means) / s
