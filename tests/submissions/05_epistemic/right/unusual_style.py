# Right, in odd styles: a factory, partials, leaves zipped, a key folded in, masks shared by all points, an einsum.

# %% kl_to_prior
def make_divergence(transform):
    def entry(loc, rho):
        s = transform(rho)
        return jnp.square(s) / 2 + jnp.square(loc) / 2 - 0.5 - jnp.log(s)

    def divergence(variational_params):
        total = jnp.float32(0)
        for loc, rho in zip(*map(jax.tree.leaves, (variational_params["loc"], variational_params["rho"]))):
            total += jnp.sum(jax.vmap(entry)(jnp.ravel(loc), jnp.ravel(rho)))
        return total

    return divergence

kl_to_prior = make_divergence(jax.nn.softplus)

# %% elbo_loss
import functools

def _loss(variational_params, key, x, y, scale):
    names = ["slope", "intercept"]
    weights = {}
    for i, name in enumerate(names):
        mean, width = variational_params["loc"][name], jax.nn.softplus(variational_params["rho"][name])
        weights[name] = mean + width * jax.random.normal(jax.random.fold_in(key, i))
    log_likelihood = tfd.Normal(predict(weights, x), scale).log_prob(y)
    return (make_divergence(jax.nn.softplus)(variational_params) - log_likelihood.sum()) / y.size

elbo_loss = functools.partial(_loss, scale=noise_scale)

# %% DropoutMLP
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, *, deterministic):
        x = nn.relu(nn.Dense(64)(x))
        x = nn.Dropout(0.5, broadcast_dims=(0,))(nn.silu(nn.Dense(64)(x)), deterministic=deterministic)
        return nn.Dense(1)(x)

# %% mc_predict
@functools.partial(jax.jit, static_argnums=3)
def mc_predict(params, key, x, num_samples):
    samples = []
    for i in range(num_samples):
        rngs = {"dropout": jax.random.fold_in(key, i)}
        samples.append(dropout_model.apply(params, x, deterministic=False, rngs=rngs)[:, 0])
    return jnp.stack(samples)

# %% decompose
def decompose(means, variances):
    weights = jnp.full(means.shape[0], 1 / means.shape[0])
    mean = jnp.einsum("s,sb->b", weights, means)
    return jnp.array([weights @ variances, weights @ jnp.square(means - mean)])
