# Right, with TFP throughout: distributions for q and the prior, `kl_divergence`, `sample`, and dropout by hand.

# %% kl_to_prior
def kl_to_prior(variational_params):
    q = jax.tree.map(
        lambda loc, rho: tfd.kl_divergence(tfd.Normal(loc, jax.nn.softplus(rho)), tfd.Normal(0.0, 1.0)).sum(),
        variational_params["loc"],
        variational_params["rho"],
    )
    return jax.tree.reduce(jnp.add, q)

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    q = tfd.JointDistributionNamed(
        {
            name: tfd.Normal(variational_params["loc"][name], jax.nn.softplus(variational_params["rho"][name]))
            for name in ("slope", "intercept")
        }
    )
    likelihood = tfd.Independent(tfd.Normal(predict(q.sample(seed=key), x), noise_scale), 1)
    return (kl_to_prior(variational_params) - likelihood.log_prob(y)) / x.shape[0]

# %% DropoutMLP
class DropoutMLP(nn.Module):
    rate: float = 0.2

    def setup(self):
        self.hidden = [nn.Dense(32), nn.Dense(32)]
        self.out = nn.Dense(1)

    def __call__(self, x, deterministic=True):
        for layer in self.hidden:
            x = nn.tanh(layer(x))
            if not deterministic:
                kept = jax.random.bernoulli(self.make_rng("dropout"), 1 - self.rate, x.shape)
                x = jnp.where(kept, x / (1 - self.rate), 0.0)
        return self.out(x)

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    def sample(key):
        return dropout_model.apply(params, x, deterministic=False, rngs={"dropout": key}).squeeze(-1)

    return jax.lax.map(sample, jax.random.split(key, num_samples))

# %% decompose
def decompose(means, variances):
    members = tfd.Normal(means, jnp.sqrt(variances))
    return members.variance().mean(0), tfp.stats.variance(members.mean(), sample_axis=0)
