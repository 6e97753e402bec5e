# Right, in another style: everything from libraries, jitted; the lecture's tfd.Independent.

# %% kl_bernoulli
@jax.jit
def kl_bernoulli(p, q):
    return tfd.kl_divergence(tfd.Bernoulli(probs=p), tfd.Bernoulli(probs=q))

# %% bernoulli_nll
@jax.jit
def bernoulli_nll(logits, labels):
    return optax.sigmoid_binary_cross_entropy(logits, labels).mean()

# %% gaussian_nll
def gaussian_nll(mean, sigma, y):
    return -tfd.Normal(mean, sigma).log_prob(y).mean()

# %% Classifier
class Classifier(nn.Module):
    hidden: tuple = (128, 128, 64)

    @nn.compact
    def __call__(self, x):
        for width in self.hidden:
            x = nn.swish(nn.Dense(width)(x))
        return tfd.Independent(tfd.Bernoulli(logits=nn.Dense(1)(x).squeeze(-1)))

# %% shift_prior
from jax.scipy.special import logit

shift_prior = jax.jit(lambda logits, train_fraction, new_fraction: logits + logit(new_fraction) - logit(train_fraction))
