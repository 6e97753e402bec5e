# Right, in another style: two classes and a softmax in place of one logit and a sigmoid.

# %% kl_bernoulli
def kl_bernoulli(p, q):
    P, Q = jnp.stack([1 - p, p], axis=-1), jnp.stack([1 - q, q], axis=-1)
    return jnp.sum(P * (jnp.log(P) - jnp.log(Q)), axis=-1)

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    both = jnp.stack([jnp.zeros_like(logits), logits], axis=-1)
    return optax.softmax_cross_entropy_with_integer_labels(both, labels.astype(jnp.int32)).mean()

# %% gaussian_nll
def gaussian_nll(mean, sigma, y):
    return -jnp.mean(jax.scipy.stats.norm.logpdf(y, loc=mean, scale=sigma))

# %% Classifier
class Classifier(nn.Module):
    @nn.compact
    def __call__(self, x):
        h = nn.LayerNorm()(nn.gelu(nn.Dense(128)(x)))
        h = nn.gelu(nn.Dense(128)(h))
        return tfd.Categorical(logits=nn.Dense(2)(h))

# %% shift_prior
def shift_prior(logits, train_fraction, new_fraction):
    above = jax.nn.log_sigmoid(logits) + jnp.log(new_fraction) - jnp.log(train_fraction)
    below = jax.nn.log_sigmoid(-logits) + jnp.log1p(-new_fraction) - jnp.log1p(-train_fraction)
    return above - below
