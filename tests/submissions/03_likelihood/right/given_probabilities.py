# Right, in another style: a Bernoulli distribution of probabilities, and log sigmoid by name.

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    signs = 2 * labels - 1
    return -jnp.mean(nn.log_sigmoid(signs * logits))

# %% Classifier
class Classifier(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(100)(x))
        x = nn.relu(nn.Dense(100)(x))
        f = nn.sigmoid(nn.Dense(1)(x))
        return tfd.Bernoulli(probs=f[..., 0])

# %% shift_prior
def shift_prior(logits, train_fraction, new_fraction):
    return logits + jnp.log(new_fraction * (1 - train_fraction) / (train_fraction * (1 - new_fraction)))
