# Probabilities clipped "for safety": no cluster can be judged with confidence.
#
# expect Classifier: fail 0 "stays between 0.1 and 0.9" "clip"

# %% Classifier
class Classifier(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(128)(x))
        x = nn.relu(nn.Dense(128)(x))
        return tfd.Bernoulli(probs=jnp.clip(nn.sigmoid(nn.Dense(1)(x)[:, 0]), 0.1, 0.9))
