# Sums where means are asked for, bits where nats are, a sum of logarithms taken for a product.
#
# expect kl_bernoulli: fail 0 "bits"
# expect bernoulli_nll: fail 0 "sum over the batch"
# expect gaussian_nll: fail 0 "sum over the batch"
# expect shift_prior: fail 0 "multiplied"

# %% kl_bernoulli
def kl_bernoulli(p, q):
    return p * jnp.log2(p / q) + (1 - p) * jnp.log2((1 - p) / (1 - q))

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    return optax.sigmoid_binary_cross_entropy(logits, labels).sum()

# %% gaussian_nll
def gaussian_nll(mean, sigma, y):
    return -jnp.sum(tfd.Normal(mean, sigma).log_prob(y))

# %% shift_prior
def shift_prior(logits, train_fraction, new_fraction):
    return logits * new_fraction / train_fraction
