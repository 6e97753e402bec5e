# A tanh after the last layer: no mass above 10^15, none below 10^13.
#
# expect MLP: fail 0 "stays within" "nn.Dense"

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(64)(x))
        return jnp.tanh(nn.Dense(1)(x))
