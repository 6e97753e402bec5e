# The network drops its last axis, and the loss then makes a matrix of differences: two mistakes of one kind.
#
# expect MLP: fail 0 "(512, 1)"

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(64)(x))
        return nn.Dense(1)(x)[:, 0]
