# Probabilities and logits taken for each other: in the loss, in the distribution, in the result.
#
# expect bernoulli_nll: fail 0 "logit taken for a probability"
# expect Classifier: fail 0 "through a sigmoid again"
# expect shift_prior: fail 0 "These are probabilities; logits are asked for"

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    return -jnp.mean(labels * jnp.log(logits) + (1 - labels) * jnp.log(1 - logits))

# %% Classifier
class Classifier(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(128)(x))
        x = nn.relu(nn.Dense(128)(x))
        return tfd.Bernoulli(logits=nn.sigmoid(nn.Dense(1)(x))[:, 0])

# %% shift_prior
def shift_prior(logits, train_fraction, new_fraction):
    odds = jnp.exp(logits) * (1 - train_fraction) / train_fraction * new_fraction / (1 - new_fraction)
    return odds / (1 + odds)
