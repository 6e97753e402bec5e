# Nothing is drawn: the line with its mean weights, dropout that is never on, predictions without it.
#
# expect elbo_loss: fail 0 "the same for every key"
# expect DropoutMLP: fail 0 "nothing is dropped"
# expect mc_predict: fail 0 "switched off"

# %% elbo_loss
def elbo_loss(variational_params, key, x, y):
    log_likelihood = jax.scipy.stats.norm.logpdf(y, predict(variational_params["loc"], x), noise_scale).sum()
    return (kl_to_prior(variational_params) - log_likelihood) / len(y)

# %% DropoutMLP
class DropoutMLP(nn.Module):
    @nn.compact
    def __call__(self, x, deterministic):
        x = nn.relu(nn.Dense(64)(x))
        x = nn.Dropout(0.1)(x, deterministic=True)
        return nn.Dense(1)(x)

# %% mc_predict
def mc_predict(params, key, x, num_samples):
    def sample(key):
        return dropout_model.apply(params, x, deterministic=True, rngs={"dropout": key})[:, 0]

    return jax.vmap(sample)(jax.random.split(key, num_samples))
