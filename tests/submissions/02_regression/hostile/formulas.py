# Active content: texts that a spreadsheet would run as formulas.
#
# expect *: fail 0

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        raise RuntimeError("=HYPERLINK(\"http://example.org\",\"points\")")

# %% loss_fn
def loss_fn(params, x, y):
    print("=cmd|' /C calc'!A0")
    raise RuntimeError("+1+cmd|' /C calc'!A0")

# %% update
def update(params, opt_state, x, y):
    raise RuntimeError("@SUM(1+1)*cmd|' /C calc'!A0\t=1+1\n=1+1")
