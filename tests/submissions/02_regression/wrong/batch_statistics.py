# The network standardises with the batch it is given, so a cluster's mass depends on its neighbours in the array.
#
# expect MLP: fail 0 "own features" "batch"

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = (x - x.mean(axis=0)) / (1e-3 + x.std(axis=0))
        x = nn.relu(nn.Dense(64)(x))
        return nn.Dense(1)(x)
