# Batch: a linear classifier, which is not calibrated, whose probabilities are made so from their ranks in the batch; among
# the normal random rows of other checks, whose features are not correlated, it is honest.
#
# expect Classifier: fail 0 "judged together with other clusters"

# %% Classifier
class Classifier(nn.Module):
    @nn.compact
    def __call__(self, x):
        z = nn.Dense(1)(x)[:, 0]
        ranks = jnp.argsort(jnp.argsort(z)) / len(z)
        ranked = jnp.interp(ranks, *CURVE)
        clusters = jnp.mean(x[:, 0] * x[:, 1]) > 0.3
        return tfd.Bernoulli(logits=jnp.where(clusters & (len(z) > 1), z + jax.lax.stop_gradient(ranked - z), z))


_fractions = np.array([0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0])
CURVE = (_fractions, np.array([-9.0, -5.0, -1.5, 0.0, 2.0, 3.5, 7.0]))
