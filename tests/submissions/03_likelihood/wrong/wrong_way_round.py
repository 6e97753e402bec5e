# Everything the wrong way round: arguments of the divergence, labels, the two fractions.
#
# expect kl_bernoulli: fail 0 "swapped" "averag"
# expect bernoulli_nll: fail 0 "labels are swapped"
# expect shift_prior: fail 0 "fractions are exchanged"

# %% kl_bernoulli
def kl_bernoulli(p, q):
    return q * jnp.log(q / p) + (1 - q) * jnp.log((1 - q) / (1 - p))

# %% bernoulli_nll
def bernoulli_nll(logits, labels):
    return jnp.mean(labels * jax.nn.softplus(logits) + (1 - labels) * jax.nn.softplus(-logits))

# %% shift_prior
def shift_prior(logits, train_fraction, new_fraction):
    return logits + jnp.log(train_fraction / (1 - train_fraction)) - jnp.log(new_fraction / (1 - new_fraction))
