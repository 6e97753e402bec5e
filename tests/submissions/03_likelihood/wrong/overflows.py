# The formulas as they stand in the textbook: right on paper, infinite in float32.
#
# expect bernoulli_nll: fail 0 "For a logit of 20 and label 0 the loss is inf" "log_sigmoid"
# expect gaussian_nll: fail 0 "40 sigma" "e^-800"
# expect shift_prior: fail 0 "do not leave the logits"

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    f = jax.nn.sigmoid(logits)
    return -jnp.mean(jnp.where(labels == 1, jnp.log(f), jnp.log1p(-f)))

# %% gaussian_nll
def gaussian_nll(mean, sigma, y):
    density = jnp.exp(-0.5 * ((y - mean) / sigma) ** 2) / (jnp.sqrt(2 * jnp.pi) * sigma)
    return -jnp.mean(jnp.log(density))

# %% shift_prior
def shift_prior(logits, train_fraction, new_fraction):
    f = jax.nn.sigmoid(logits)
    odds = f / (1 - f) * (1 - train_fraction) / train_fraction * new_fraction / (1 - new_fraction)
    return jnp.log(odds)
