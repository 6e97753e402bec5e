# Right numbers from functions that are not pure: one prints, one reads a global array.
#
# expect kl_bernoulli: fail 1.6 "prints"
# expect shift_prior: fail 2.4 "reads the global `log_odds_of_training`"

# %% kl_bernoulli
def kl_bernoulli(p, q):
    print("divergence of", p.shape)
    return p * jnp.log(p / q) + (1 - p) * jnp.log((1 - p) / (1 - q))

# %% shift_prior
log_odds_of_training = jnp.zeros(1)

def shift_prior(logits, train_fraction, new_fraction):
    old = log_odds_of_training + jnp.log(train_fraction / (1 - train_fraction))
    return logits - old + jnp.log(new_fraction / (1 - new_fraction))
