# Half of each formula: no term of label 0, no constant, fractions where odds belong.
#
# expect kl_bernoulli: fail 0 "label 0 is missing" "1 - p"
# expect bernoulli_nll: fail 0 "label 0 is missing"
# expect gaussian_nll: fail 0 "constant" "no likelihood"
# expect shift_prior: fail 0 "ratio of their odds"

# %% kl_bernoulli
def kl_bernoulli(p, q):
    return p * jnp.log(p / q)

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    return jnp.mean(labels * jax.nn.softplus(-logits))

# %% gaussian_nll
def gaussian_nll(mean, sigma, y):
    return jnp.mean(0.5 * ((y - mean) / sigma) ** 2 + jnp.log(sigma))

# %% shift_prior
def shift_prior(logits, train_fraction, new_fraction):
    return logits + jnp.log(new_fraction / train_fraction)
