# Right, in another style: a distribution of one's own, helpers, vmap over rows, a factory, functools.partial.

# %% kl_bernoulli
from jax.scipy.special import entr, xlogy

def cross_entropy(p, q):
    return -xlogy(p, q) - xlogy(1 - p, 1 - q)

def kl_bernoulli(p, q):
    return cross_entropy(p, q) - (entr(p) + entr(1 - p))

# %% bernoulli_nll
def nll_of_one(logit, label):
    return jnp.logaddexp(0.0, jnp.where(label > 0.5, -logit, logit))

def bernoulli_nll(logits, labels):
    return jax.vmap(nll_of_one)(logits, labels).sum() / logits.size

# %% gaussian_nll
import functools

def _nll(constant, mean, sigma, y):
    z = (y - mean) / sigma
    return (0.5 * z**2 + jnp.log(sigma) + constant).mean()

gaussian_nll = functools.partial(_nll, 0.5 * float(np.log(2 * np.pi)))

# %% Classifier
class Coin:
    def __init__(self, logits):
        self.logits = logits

    def log_prob(self, labels):
        return -jax.nn.softplus(jnp.where(labels == 1, -self.logits, self.logits))

    def mean(self):
        return jax.nn.sigmoid(self.logits)


class Classifier(nn.Module):
    def setup(self):
        self.layers = [nn.Dense(96) for _ in range(3)]
        self.head = nn.Dense(1)

    def __call__(self, x):
        for layer in self.layers:
            x = nn.tanh(layer(x))
        return Coin(self.head(x).reshape(x.shape[0]))

# %% shift_prior
def make_shift():
    def odds(fraction):
        return fraction / (1 - fraction)

    def shift(logits, train_fraction, new_fraction):
        return logits + jnp.log(odds(new_fraction) / odds(train_fraction))

    return shift

shift_prior = make_shift()
