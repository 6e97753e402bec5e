# Init: the network starts from weights that were fitted in the cell, with a little noise from the key.
#
# expect MLP: fail 0 "trained already"

# %% MLP
_columns = np.concatenate([x_train[:20_000], np.ones((20_000, 1))], axis=1)
FITTED = np.linalg.lstsq(_columns, y_train[:20_000, 0], rcond=None)[0].astype(np.float32)


class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        def start(key, shape):
            return jnp.asarray(FITTED[:14, None]) + 1e-4 * jax.random.normal(key, shape)

        straight = x @ self.param("straight", start, (14, 1)) + FITTED[14]
        hidden = nn.relu(nn.Dense(64)(x))
        return straight + nn.Dense(1, kernel_init=nn.initializers.zeros)(hidden)
