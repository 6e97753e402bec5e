# A relu after the last layer: no mass below 10^14.
#
# expect MLP: fail 0 "stays within"

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        for width in (64, 64, 1):
            x = nn.relu(nn.Dense(width)(x))
        return x
