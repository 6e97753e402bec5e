# One answer imports what is not installed.
#
# expect MLP: error 0 "torch_lightning_not_there"

# %% MLP
import torch_lightning_not_there


class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(1)(nn.relu(nn.Dense(64)(x)))
