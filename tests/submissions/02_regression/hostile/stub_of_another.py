# Lying objects: answers that raise what the stub of another question raises, and what ends a process.
#
# expect MLP: fail 0
# expect loss_fn: missing 0
# expect update: error 0

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        raise NotImplementedError("Task loss_fn: not mine")

# %% loss_fn
def loss_fn(params, x, y):
    raise NotImplementedError("Task MLP: not mine")

# %% update
def update(params, opt_state, x, y):
    raise GeneratorExit("hostile")
