# The log likelihood, where its negative is to be minimised; the chain is then judged with the right loss.
#
# expect loss_fn: fail 0 "-`log_prob"

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.mean(model.apply(params, x).log_prob(y[:, 0]))
